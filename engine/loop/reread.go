package loop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
	"koira/engine/trust"
)

type rereadStore interface {
	basics
	Sends(ctx context.Context, output string) ([]engine.Send, error)
	Approval(ctx context.Context, output string, d engine.Digest) (*engine.Approval, error)
	RulesAt(ctx context.Context, at time.Time) (engine.Strategy, engine.Guardrails, error)
	Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error)
	ChangeTask(ctx context.Context, c engine.TaskChange) error
	OpenException(ctx context.Context, e engine.Exception) error
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

const (
	rereadEvery = time.Hour
	// rereadBack is how old a piece may be that is read again.
	rereadBack = 28 * 24 * time.Hour
)

// reread reads again what is out: by the rules that held when each piece was cleared, as the gate's code has them now, and by the facts as people have
// corrected their dates since. A piece that should have been stopped lowers its task, and a person is asked what becomes of it. At a start, when the code may be
// another, and whenever the strategy has changed it reads four weeks; otherwise only what went out since the last look.
func (l *Loop) reread(ctx context.Context) error {
	if !l.every("reread", "", rereadEvery) {
		return nil
	}
	now, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	at := l.Clock.Now()
	from := l.rereadTo
	if l.rereadBy != now.Version || at.Sub(from) > rereadBack {
		from = at.Add(-rereadBack)
	}
	out, err := l.Store.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StatePublished, engine.StateSettled}, SlotFrom: from.Add(-24 * time.Hour), Texts: true, Limit: 10_000,
	})
	if err != nil {
		return err
	}
	if err := each(ctx, out, func(ctx context.Context, o engine.Output) error {
		if o.PublishedAt.Before(from) || o.Origin != engine.OriginKoira && o.Origin != engine.OriginAsked {
			return nil
		}
		return l.rereadPiece(ctx, o, now)
	}); err != nil {
		return err
	}
	l.rereadBy, l.rereadTo = now.Version, at
	return nil
}

func (l *Loop) rereadPiece(ctx context.Context, o engine.Output, now engine.Strategy) error {
	sends, err := l.Store.Sends(ctx, o.ID)
	if err != nil {
		return err
	}
	sends = slices.DeleteFunc(sends, func(s engine.Send) bool { return s.ByHand() || s.ClaimedAt.IsZero() })
	if len(sends) == 0 { // a person published it
		return nil
	}
	cleared := sends[0].ClaimedAt
	for _, s := range sends {
		if s.ClaimedAt.After(cleared) {
			cleared = s.ClaimedAt
		}
	}
	then, g, err := l.Store.RulesAt(ctx, cleared)
	if err != nil {
		return err
	}
	t, err := l.Store.Task(ctx, o.Task)
	if err != nil {
		return err
	}
	v := engine.View{Now: cleared, Output: o, Task: t, Strategy: guard.AsKnown(then, now), Guardrails: g}
	if ch := l.Channels[o.Channel]; ch != nil {
		v.Traits = ch.Traits()
	}
	if v.Approval, err = l.Store.Approval(ctx, o.ID, o.Digest); err != nil {
		return err
	}
	found := guard.Reread(v)
	if len(found) == 0 {
		return nil
	}
	return l.breached(ctx, t, o, found[0])
}

// breached lowers the task of a piece that should not have gone out, once, and asks a person what becomes of the piece.
func (l *Loop) breached(ctx context.Context, t engine.Task, o engine.Output, f engine.Finding) error {
	key := "breach " + o.ID
	if done, err := l.setting(ctx, key); err != nil || done != "" {
		return err
	}
	before, err := l.Store.Lowerings(ctx, t.ID, time.Time{})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(before, func(x engine.Lowering) bool { return slices.Contains(x.Pieces, o.ID) }) {
		e := trust.Evidence{Cause: engine.CauseBreach, Why: fmt.Sprintf("a piece that is out should have been stopped (%s)", f.Rule), Pieces: []string{o.ID}}
		if err := l.lowerFor(ctx, t, e); err != nil {
			return err
		}
	}
	x := l.exception(o, engine.ExceptionMissed, "It is out, and a rule should have stopped it.", f.Evidence, "Take it down, or leave it live.")
	x.Rule, x.Due = f.Rule, time.Time{}
	if err := l.Store.OpenException(ctx, *x); err != nil && engine.CodeOf(err) != engine.CodeConflict {
		return err
	}
	return l.keep(ctx, key, "told")
}
