package desk

import (
	"context"
	"slices"
	"strings"

	"koira/engine"
)

// outcomes are the ways in which a person may close an exception by saying so. What is about a piece that still waits, or about an unknown
// outcome, has none here: it ends with the piece, by an edit, a rejection or an answer.
var outcomes = map[engine.ExceptionKind][]string{
	engine.ExceptionOutput: nil,
	engine.ExceptionUnsure: nil,
	engine.ExceptionMissed: {"dropped"},
	engine.ExceptionTask:   {fixed, "noted"},
	engine.ExceptionSystem: {fixed, "noted"},
}

// Outcomes returns the ways in which an exception of kind k may be closed by saying so; none for what ends with its piece.
func Outcomes(k engine.ExceptionKind) []string { return slices.Clone(outcomes[k]) }

// CloseException closes an exception with one of its kind's Outcomes; saying that a paused channel is fixed lets it go on. What is about a paused
// task or a stop ends with the resume, which is an owner's: code invalid. Code conflict says who closed it when it is closed already.
func (d *Desk) CloseException(ctx context.Context, a engine.Actor, id, outcome string) error {
	return d.once(ctx, "close exception", func(ctx context.Context) error { return d.closeException(ctx, a, id, outcome) })
}

func (d *Desk) closeException(ctx context.Context, a engine.Actor, id, outcome string) error {
	a, err := d.allow(ctx, a, ActionResolve, Object{ID: id})
	if err != nil {
		return err
	}
	e, err := d.store.Exception(ctx, id)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return engine.Errorf(engine.CodeNotFound, "There is no such item. Nothing changed.")
	}
	if err != nil {
		return failed("reading", id, err)
	}
	if !e.ClosedAt.IsZero() {
		return d.closed(ctx, a, e)
	}
	may := outcomes[e.Kind]
	if len(may) == 0 {
		return engine.Errorf(engine.CodeInvalid, "This ends with its piece: edit, reject or settle the piece itself. Nothing changed.")
	}
	if !slices.Contains(may, outcome) {
		return engine.Errorf(engine.CodeInvalid, "This can be closed as: %s. Nothing changed.", strings.Join(may, ", "))
	}
	if err = d.goOn(ctx, a, e, outcome); engine.CodeOf(err) == engine.CodeNotFound {
		err = d.store.CloseException(ctx, id, a, d.clock.Now(), outcome)
	}
	if engine.CodeOf(err) != engine.CodeConflict {
		return err
	}
	if e, err = d.store.Exception(ctx, id); err != nil {
		return failed("reading", id, err)
	}
	return d.closed(ctx, a, e)
}

// fixed is the outcome that says that what failed works again.
const fixed = "fixed"

// goOn ends a channel's pause with the question about it: somebody looked, and says that it works. Code not_found when e is about nothing that
// stands still; code invalid when that ends with a resume.
func (d *Desk) goOn(ctx context.Context, a engine.Actor, e engine.Exception, outcome string) error {
	if err := d.standsStill(ctx, e); err != nil {
		return err
	}
	bs, err := d.store.Breakers(ctx)
	if err != nil {
		return failed("reading the state of", e.Subject, err)
	}
	paused := slices.ContainsFunc(bs, func(b engine.Breaker) bool { return b.Channel == e.Subject && b.Pause != nil })
	switch {
	case e.Kind != engine.ExceptionSystem || e.Trouble != engine.TroublePaused || !paused:
		return engine.Errorf(engine.CodeNotFound, "No channel is paused by that.")
	case outcome != fixed:
		return engine.Errorf(engine.CodeInvalid, "The channel is paused by this: it ends when somebody says that it is fixed. Nothing changed.")
	}
	return d.store.ResumeChannel(ctx, e.Subject, a, d.clock.Now(), outcome)
}

// standsStill refuses to settle by word what only a resume settles: the question would be gone, what it is about would stand still, and nobody
// would be asked any more.
func (d *Desk) standsStill(ctx context.Context, e engine.Exception) error {
	if e.Kind == engine.ExceptionTask {
		t, err := d.store.Task(ctx, e.Task)
		if err == nil && t.Paused != nil {
			err = engine.Errorf(engine.CodeInvalid, "%s is paused: this ends when an owner resumes it. Nothing changed.", t.Name)
		}
		return err
	}
	c, err := d.store.Control(ctx)
	if err != nil {
		return failed("reading", "control", err)
	}
	if e.Stops() && c.Stopped {
		return engine.Errorf(engine.CodeInvalid, "Everything is stopped because of this: an owner resumes first. Nothing changed.")
	}
	return nil
}

func (d *Desk) closed(ctx context.Context, a engine.Actor, e engine.Exception) error {
	if e.Outcome == engine.OutcomeExpired {
		return engine.Errorf(engine.CodeConflict, "This ran out at %s: nobody had decided in time. Nothing left to do.", d.when(ctx, e.ClosedAt))
	}
	c := engine.Errorf(engine.CodeConflict, "%s closed this at %s (%s). Nothing left to do.", name(a, e.ClosedBy), d.when(ctx, e.ClosedAt), e.Outcome)
	if e.ClosedBy != a.ID {
		c.Who = []string{e.ClosedBy}
	}
	return c
}
