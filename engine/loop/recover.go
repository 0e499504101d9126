package loop

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// probes is how often an unconfirmed send is looked for before a person is asked, probeEvery how long apart.
const (
	probes     = 5
	probeEvery = 6 * time.Minute
)

// recover looks after every send whose outcome is open. No delivery is under way while a tick begins, so what still says "publishing" was
// cut off by a crash.
func (l *Loop) recover(ctx context.Context) error {
	if err := l.settleCalls(ctx); err != nil {
		return err
	}
	if l.due[engine.StatePublishing]+l.due[engine.StateUnconfirmed]+l.due[engine.StateRetracting] == 0 {
		return nil
	}
	if err := l.cutOffs(ctx); err != nil {
		return err
	}
	open, err := l.Store.SendsIn(ctx, engine.SendUnconfirmed)
	if err != nil {
		return err
	}
	if err := each(ctx, open, l.resolve); err != nil {
		return err
	}
	leaving, err := l.Store.SendsIn(ctx, engine.SendRetracting)
	if err != nil {
		return err
	}
	return each(ctx, leaving, l.retract)
}

func (l *Loop) cutOffs(ctx context.Context) error {
	cut, err := l.Store.SendsIn(ctx, engine.SendPublishing)
	if err != nil {
		return err
	}
	return each(ctx, cut, l.cutOff)
}

func (l *Loop) cutOff(ctx context.Context, s engine.Send) error {
	o, ch, err := l.behind(ctx, s)
	if err != nil || ch == nil {
		return err
	}
	r := engine.Result{Send: s.ID, Fence: s.Fence, Ref: s.Ref, At: s.ClaimedAt, By: engine.Koira, Evidence: "I stopped running while it was being sent."}
	r = l.unknown(ch.Traits(), o, s.Skip, s.People, r)
	r.At = l.Clock.Now()
	return l.Store.Apply(ctx, r)
}

// resolve looks for one unconfirmed send, once it can be said to be absent and not merely late.
func (l *Loop) resolve(ctx context.Context, s engine.Send) error {
	now := l.Clock.Now()
	if s.QuietUntil.IsZero() || now.Before(s.QuietUntil) || s.Probes >= probes {
		return nil
	}
	o, ch, err := l.behind(ctx, s)
	if err != nil || ch == nil {
		return err
	}
	tr := ch.Traits()
	if !settles(tr) { // a person has been asked
		return nil
	}
	i, err := l.Store.Intent(ctx, s.ID)
	if err != nil {
		return err
	}
	r := engine.Result{Send: s.ID, Fence: s.Fence, Ref: s.Ref, At: now, By: engine.Koira, Probed: true}
	pctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timeout)
	defer cancel()
	rec, perr := engine.Receipt{}, error(engine.Errorf(engine.CodeNotFound, "This channel cannot be asked."))
	if tr.Probe {
		rec, perr = ch.Probe(pctx, i, s.Ref)
	} else if stands, err := l.stopped(ctx, o); err != nil {
		return err
	} else if stands != "" {
		perr = engine.Errorf(engine.CodeBlocked, "Only sending it again would tell, and that may not be now: %s", stands)
	}
	switch {
	case perr == nil:
		r.State, r.Ref, r.Spent = engine.SendPublished, rec.Ref, rec.Spent
		r.Evidence, r.Why, r.Close = "found at the channel", "Looked and found it live.", "found live"
	case engine.CodeOf(perr) == engine.CodeNotFound && tr.Resend():
		r.State, r.RetryAt = engine.SendPending, now
		r.Evidence, r.Why, r.Close = "looked for and not there, after the last moment at which it could have landed", "Proved absent.", "proved absent"
		l.due[engine.StateScheduled]++ // it goes out, or is held, in this tick: what people forbade meanwhile has not been held against it
	default:
		r.State, r.QuietUntil = engine.SendUnconfirmed, now.Add(probeEvery)
		r.Evidence = fmt.Sprintf("looked %d of %d times: %s", s.Probes+1, probes, sentence(perr))
		r.Why = "Looked; still not known."
		if s.Probes+1 >= probes {
			r.Open = l.unsure(tr, o, s.Skip, s.People, fmt.Sprintf("The line broke before an answer. I looked %d times: %s", probes, sentence(perr)))
		}
	}
	return l.Store.Apply(ctx, r)
}

// stopped says what would keep a piece of unknown outcome from being repeated now; "" for nothing. A door that tells keys apart, and cannot be
// asked, tells by refusing the repeat alone: until that is made the piece may be out, so it is taken back to its slot only when it goes
// out at once.
func (l *Loop) stopped(ctx context.Context, o engine.Output) (string, error) {
	v, err := l.Store.View(ctx, o.ID, engine.StageClaim, l.Clock.Now())
	if err != nil {
		return "", err
	}
	for _, f := range l.Gate(v).Blocks() {
		return f.Evidence, nil
	}
	return "", nil
}

// retract carries out a removal whose intent is saved. Taking down twice is safe, so it is simply done again after a crash.
func (l *Loop) retract(ctx context.Context, s engine.Send) error {
	o, ch, err := l.behind(ctx, s)
	if err != nil || ch == nil {
		return err
	}
	rctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timeout)
	defer cancel()
	r := engine.Result{Send: s.ID, Fence: s.Fence, Ref: s.Ref, At: l.Clock.Now(), By: engine.Koira, GoneAt: s.GoneAt}
	switch {
	case s.GoneAt.IsZero():
		return l.apply(rctx, l.takeDown(rctx, ch, o, s, r))
	case r.At.Before(s.GoneAt.Add(pause(ch.Traits()))):
		return nil // its channel took it down; looked for in a moment
	}
	return l.apply(rctx, l.lookAgain(rctx, ch, o, s, r))
}

// behind finds a send's output and channel; a channel that is not configured any more is an open exception and no channel.
func (l *Loop) behind(ctx context.Context, s engine.Send) (engine.Output, engine.Channel, error) {
	o, err := l.Store.Output(ctx, s.Output)
	if err != nil {
		return o, nil, err
	}
	ch := l.Channels[o.Channel]
	if ch == nil {
		err = l.absent(ctx, o.Channel)
	}
	return o, ch, err
}
