package loop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"koira/engine"
)

type publishStore interface {
	basics
	Claim(ctx context.Context, id string, digest engine.Digest, at time.Time, gate engine.Gate) ([]engine.Intent, engine.Verdict, error)
	Prepared(ctx context.Context, send string, fence int, ref engine.Ref) error
	Apply(ctx context.Context, r engine.Result) error
	Sends(ctx context.Context, output string) ([]engine.Send, error)
	SendsIn(ctx context.Context, states ...engine.SendState) ([]engine.Send, error)
	Intent(ctx context.Context, send string) (engine.Intent, error)
	OpenException(ctx context.Context, e engine.Exception) error
}

// publish sends what is due. The claim — gate, reservation and intent in one committed transaction — comes before the first byte.
func (l *Loop) publish(ctx context.Context) error {
	return l.dueIn(ctx, l.publishOne, engine.StateScheduled)
}

func (l *Loop) publishOne(ctx context.Context, o engine.Output) error {
	ch := l.Channels[o.Channel]
	if ch == nil {
		return l.absent(ctx, o.Channel)
	}
	if ready, err := l.recount(ctx, ch, o); err != nil || !ready {
		return err
	}
	intents, verdict, err := l.Store.Claim(ctx, o.ID, o.Digest, l.Clock.Now(), l.Gate)
	if engine.CodeOf(err) == engine.CodeBlocked {
		return l.refused(ctx, o, verdict)
	}
	if err != nil {
		return err
	}
	l.Crash("claimed")
	ctx = context.WithoutCancel(ctx) // what is claimed is sent, also while the program stops: else a person would be asked about it
	return each(ctx, intents, func(ctx context.Context, i engine.Intent) error { return l.deliver(ctx, ch, o, i) })
}

// refused acts on a block at the claim: what may pass by itself later stays scheduled, the rest goes where its first block says.
func (l *Loop) refused(ctx context.Context, o engine.Output, v engine.Verdict) error {
	switch rest, err := l.partly(ctx, o); {
	case err != nil:
		return err
	case rest:
		return l.refusedRest(ctx, o, v)
	}
	for _, f := range v.Blocks() {
		switch {
		case f.Later:
			continue
		case f.Held == engine.StateExpired:
			return l.miss(ctx, o, f.Evidence)
		case f.Held == engine.StateWaiting:
			n, err := l.Store.Audience(ctx, o.Channel, o.Segment, l.Clock.Now()) // whoever looks now sees, and approves, this many
			if err != nil {
				return err
			}
			if most := o.Most(); most > 0 && l.Channels[o.Channel].Traits().Part {
				n = min(n, most)
			}
			m := engine.Move{To: engine.StateWaiting, Why: f.Evidence, WaitsFor: f.Evidence, Audience: n}
			_, err = l.move(ctx, o, m.Finds(v, o.Findings))
			return err
		default:
			return l.hold(ctx, o, v)
		}
	}
	return nil
}

// deliver makes one attempt. From here on a stop of the program lets the call finish: it has its own time limit.
func (l *Loop) deliver(ctx context.Context, ch engine.Channel, o engine.Output, i engine.Intent) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timeout)
	defer cancel()
	ref := i.Ref
	if ch.Traits().Prepare && ref.ID == "" {
		r, err := ch.Prepare(ctx, i)
		if err != nil {
			return l.apply(ctx, l.notPrepared(ch, o, i, err))
		}
		ref = r
		if err := l.Store.Prepared(ctx, i.Send, i.Fence, ref); err != nil {
			return err
		}
		l.Crash("prepared")
	}
	rec, err := ch.Publish(ctx, i, ref)
	l.Crash("sent")
	if err != nil {
		return l.apply(ctx, l.failed(ch, o, i, ref, err))
	}
	if err := l.apply(ctx, l.live(ctx, ch, i, ref, rec)); err != nil {
		return err
	}
	l.Crash("recorded")
	return nil
}

// apply writes a result down even when the attempt used up its time: what happened at the channel must be known.
func (l *Loop) apply(ctx context.Context, r engine.Result) error {
	return l.Store.Apply(context.WithoutCancel(ctx), r)
}

// live is the result of a publish that the channel confirmed, read back where it can be asked.
func (l *Loop) live(ctx context.Context, ch engine.Channel, i engine.Intent, ref engine.Ref, rec engine.Receipt) engine.Result {
	r := engine.Result{
		Send: i.Send, Fence: i.Fence, State: engine.SendPublished, Ref: rec.Ref, At: l.Clock.Now(), By: engine.Koira,
		Spent: rec.Spent, Why: "The channel confirmed it.", Evidence: "confirmed", Close: "found live",
	}
	if ch.Traits().Probe {
		if seen, err := ch.Probe(ctx, i, rec.Ref); err == nil {
			r.Evidence = "confirmed and read back"
			if r.Ref.URL == "" {
				r.Ref.URL = seen.URL
			}
		} else {
			r.Evidence = "confirmed; it could not be read back yet"
		}
	}
	return r
}

// notPrepared: an invisible draft may exist twice without harm, so an unknown outcome of Prepare is certainly not out.
func (l *Loop) notPrepared(ch engine.Channel, o engine.Output, i engine.Intent, err error) engine.Result {
	switch engine.CodeOf(err) {
	case engine.CodeInvalid, engine.CodeDenied, engine.CodeNotSent:
		return l.failed(ch, o, i, engine.Ref{}, err)
	}
	return l.failed(ch, o, i, engine.Ref{}, &engine.Error{Code: engine.CodeNotSent, Message: "The draft could not be made.", Err: err})
}

// failed sorts an attempt's error by what it proves: certainly not out and worth another try, certainly not out for good, or unknown. What
// is not on the list is unknown.
func (l *Loop) failed(ch engine.Channel, o engine.Output, i engine.Intent, ref engine.Ref, err error) engine.Result {
	now, tr := l.Clock.Now(), ch.Traits()
	l.Log.Warn("publishing failed", "output", o.ID, "channel", o.Channel, "code", engine.CodeOf(err), "err", err)
	r := engine.Result{Send: i.Send, Fence: i.Fence, Ref: ref, At: now, By: engine.Koira, Evidence: sentence(err)}
	switch engine.CodeOf(err) {
	case engine.CodeNotSent:
		r.State, r.Why = engine.SendPending, "Certainly not out; tried again later."
		r.RetryAt = now.Add(max(backoff(o.Attempts), retryAfter(err)))
	case engine.CodeInvalid:
		r.State, r.Why, r.Breaks = engine.SendFailed, "The channel refuses it.", l.breaks(tr, r.Evidence)
		r.Open = l.exception(o, engine.ExceptionMissed, engine.TroubleRefused, fmt.Sprintf("%s refuses this piece; it is not out.", tr.Label), sentence(err), "Reject it and ask for another.")
	case engine.CodeDenied:
		r.State, r.Why = engine.SendPending, "The channel refuses koira's credentials; tried again until its time passes."
		r.Refused, r.Breaks = true, l.breaks(tr, r.Evidence)
		r.RetryAt = now.Add(max(backoff(o.Attempts), 15*time.Minute))
		r.Open = l.system(o.Channel, engine.TroubleCredentials, fmt.Sprintf("%s refuses my credentials.", tr.Label), sentence(err), "Renew the password in the secrets file and start again.")
	default:
		return l.unknown(tr, o, i.Skip, i.Audience, r)
	}
	return r
}

// unknown is the result of an attempt of which nobody can say what became of it. It is never repeated on hope: it is looked for once every
// way in which the request could still land is over, and where the channel cannot be asked a person decides, not before that moment either. It was on
// its way to so many people after those who had it before.
func (l *Loop) unknown(tr engine.Traits, o engine.Output, after, people int, r engine.Result) engine.Result {
	r.State, r.Why, r.Breaks = engine.SendUnconfirmed, "The outcome is not known.", l.breaks(tr, r.Evidence)
	r.QuietUntil = r.At.Add(l.Timeout + tr.Flight + tr.Lag)
	if !settles(tr) {
		r.Open = l.unsure(tr, o, after, people, "The line broke before an answer, and this channel cannot be asked.")
	}
	return r
}

// settles reports whether koira can find out by itself what became of an unknown outcome.
func settles(tr engine.Traits) bool { return tr.Probe || tr.Dedupe }

func (l *Loop) unsure(tr engine.Traits, o engine.Output, after, people int, evidence string) *engine.Exception {
	switch others := engine.Thousands(o.Audience - people); {
	case after > 0:
		evidence += fmt.Sprintf(" %s readers have it; it was on its way to the other %s.", others, engine.Thousands(people))
	case people > 0 && people < o.Audience:
		evidence += fmt.Sprintf(" It was on its way to the first %s readers; the other %s do not have it.", engine.Thousands(people), others)
	}
	e := l.exception(o, engine.ExceptionUnsure, "", "Not sure it went out.", evidence, "Look at "+tr.Label+" and say whether it is there.")
	e.Due = time.Time{} // nothing happens by itself
	return e
}

// breaks is what a person is asked when this attempt is the last that may fail at its channel.
func (l *Loop) breaks(tr engine.Traits, evidence string) *engine.Exception {
	return l.system(tr.Name, engine.TroublePaused, tr.Label+" is paused: too much failed there.",
		fmt.Sprintf("%d attempts in a row came to nothing. The last: %s", engine.BreakAfter, evidence),
		"Look at "+tr.Label+". Once it works, say that it is fixed: then what waits goes out at its time.")
}

// backoff waits 1, 2, 4 … minutes, at most an hour.
func backoff(attempts int) time.Duration {
	return min(time.Minute<<min(attempts, 6), time.Hour)
}

func retryAfter(err error) time.Duration {
	if e, ok := asError(err); ok {
		return e.RetryAfter
	}
	return 0
}

func asError(err error) (*engine.Error, bool) {
	var e *engine.Error
	ok := errors.As(err, &e)
	return e, ok
}

// OpenSystem opens an exception about a trouble of a part of the system, once.
func (l *Loop) OpenSystem(ctx context.Context, subject string, trouble engine.Trouble, reason, evidence, remedy string) error {
	return l.Store.OpenException(ctx, *l.system(subject, trouble, reason, evidence, remedy))
}

// absent asks about a channel that is not configured any more.
func (l *Loop) absent(ctx context.Context, channel string) error {
	return l.OpenSystem(ctx, channel, engine.TroubleAbsent, fmt.Sprintf("The channel %q is not configured; its pieces wait.", channel), "", "Add it to the config file and start again.")
}

func (l *Loop) system(subject string, trouble engine.Trouble, reason, evidence, remedy string) *engine.Exception {
	return &engine.Exception{
		ID: l.NewID(), Kind: engine.ExceptionSystem, Subject: subject, Trouble: trouble, Reason: reason, Evidence: evidence, Remedy: remedy, OpenedAt: l.Clock.Now(),
	}
}
