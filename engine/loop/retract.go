package loop

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

const (
	// insist is how long a channel that does not answer is asked again to take something down before a person is told.
	insist = 5 * time.Minute
	// looks is how often it is looked whether what a channel called gone is so.
	looks = 5
)

// pause is how long after a removal it is looked for: not before everybody sees it.
func pause(tr engine.Traits) time.Duration { return max(time.Minute, tr.Lag) }

func (l *Loop) takeDown(ctx context.Context, ch engine.Channel, o engine.Output, s engine.Send, r engine.Result) engine.Result {
	tr := ch.Traits()
	rm, err := ch.Retract(ctx, engine.Receipt{Ref: s.Ref})
	switch code := engine.CodeOf(err); {
	case err == nil && rm.Gone && tr.Probe:
		r.State, r.GoneAt, r.RetryAt = engine.SendRetracting, r.At, r.At.Add(pause(tr))
		r.Evidence, r.Why = "taken down; looked for in a moment", "Taken down; looked for in a moment."
		return r
	case err == nil && rm.Gone && rm.Already: // it was not this call that removed it: perhaps the address is not the one that the channel knows it by
		return l.stillThere(tr, o, r, "it may still be live", tr.Label+" knows of nothing at that address, and it cannot be asked again.")
	case err == nil && rm.Gone:
		r.GoneAt = r.At
		return gone(r, tr.Label+" says that it is gone; it cannot be asked again")
	case err == nil:
		return l.stillThere(tr, o, r, "it is still live", rm.Note)
	case code == engine.CodeInvalid || code == engine.CodeDenied:
		return l.stillThere(tr, o, r, "it is still live", sentence(err))
	case r.At.Before(s.ClaimedAt.Add(insist)):
		r.State, r.RetryAt = engine.SendRetracting, r.At.Add(max(time.Minute, retryAfter(err)))
		r.Evidence, r.Why = "not taken down yet: "+sentence(err), "Not taken down yet; tried again."
		return r
	}
	// The answers were lost: what it did can only be seen.
	if there, known := l.seen(ctx, ch, s); known && !there {
		r.GoneAt, r.LookedAt = r.At, r.At
		return gone(r, "not there any more")
	} else if known {
		return l.stillThere(tr, o, r, "it is still live", sentence(err))
	}
	return l.stillThere(tr, o, r, "it may still be live", sentence(err))
}

// lookAgain looks for what the channel called gone. What cannot be looked for is believed to be gone in the end, and its card says on whose word.
func (l *Loop) lookAgain(ctx context.Context, ch engine.Channel, o engine.Output, s engine.Send, r engine.Result) engine.Result {
	tr := ch.Traits()
	there, known := l.seen(ctx, ch, s)
	last := !r.At.Before(s.GoneAt.Add(looks * pause(tr)))
	switch {
	case known && !there:
		r.LookedAt = r.At
		return gone(r, "not there any more")
	case !last:
		r.State, r.RetryAt = engine.SendRetracting, r.At.Add(pause(tr))
		r.Evidence, r.Why = "still seen after it was taken down; looked for again", "Looked; still seen."
		if !known {
			r.Evidence, r.Why = "it could not be looked for yet", "It could not be looked for yet."
		}
		return r
	case !known:
		return gone(r, tr.Label+" says that it is gone; it could not be looked for")
	}
	return l.stillThere(tr, o, r, "it is still live", fmt.Sprintf("%s says that it is gone, but it is still seen there.", tr.Label))
}

// seen looks for s at its channel; known is false where that tells nothing.
func (l *Loop) seen(ctx context.Context, ch engine.Channel, s engine.Send) (there, known bool) {
	if !ch.Traits().Probe {
		return false, false
	}
	i, err := l.Store.Intent(ctx, s.ID)
	if err != nil {
		return false, false
	}
	_, err = ch.Probe(ctx, i, s.Ref)
	return err == nil, err == nil || engine.CodeOf(err) == engine.CodeNotFound
}

func gone(r engine.Result, evidence string) engine.Result {
	r.State, r.Evidence, r.Why, r.Close = engine.SendRetracted, evidence, "Taken down.", "taken down"
	return r
}

// stillThere ends a removal that came to nothing: a person is told, with what they can do.
func (l *Loop) stillThere(tr engine.Traits, o engine.Output, r engine.Result, how, evidence string) engine.Result {
	r.State, r.GoneAt, r.Evidence, r.Why = engine.SendPublished, time.Time{}, "could not be removed: "+evidence, "It could not be removed."
	r.Open = l.exception(o, engine.ExceptionMissed, engine.TroubleStillLive, engine.CouldNotRemove+": "+how+".", evidence,
		"Remove it by hand at "+tr.Label+", then press Take down here again: I look whether it is gone.")
	r.Open.Due = time.Time{} // nothing happens by itself
	return r
}
