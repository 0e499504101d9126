package loop

import (
	"context"
	"fmt"
	"maps"
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
	// rereadAnyway is how often it is read again when nothing went out and no fact has changed.
	rereadAnyway = 24 * time.Hour
	// rereadBack is how old a piece may be that is read again.
	rereadBack = 28 * 24 * time.Hour
)

// reread reads again what is out: by the rules that held when each piece was cleared, as the gate's code has them now, and by the facts as people have
// corrected their dates since. A piece that should have been stopped lowers its task, and a person is asked what becomes of it. At a start, when the code may be
// another, and whenever the strategy has changed it reads four weeks; otherwise only what went out since the last look.
func (l *Loop) reread(ctx context.Context) error {
	now, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	while := rereadAnyway
	if now.Version != l.rereadBy {
		while = 0
	}
	return l.look("reread", "", l.news.out, while, func() error { return l.rereadAll(ctx, now) })
}

func (l *Loop) rereadAll(ctx context.Context, now engine.Strategy) error {
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
	found := map[string][]blamed{} // by task: one correction is one breach, however many pieces it is about
	if err := each(ctx, out, func(ctx context.Context, o engine.Output) error {
		if o.PublishedAt.Before(from) || o.Origin != engine.OriginKoira && o.Origin != engine.OriginAsked {
			return nil
		}
		if told, err := l.setting(ctx, breachKey(o.ID)); err != nil || told != "" {
			return err
		}
		f, err := l.rereadPiece(ctx, o, now)
		if len(f) > 0 {
			found[o.Task] = append(found[o.Task], blamed{o, f[0]})
		}
		return err
	}); err != nil {
		return err
	}
	for _, task := range slices.Sorted(maps.Keys(found)) {
		if err := l.breached(ctx, task, found[task]); err != nil {
			return err
		}
	}
	l.rereadBy, l.rereadTo = now.Version, at
	return nil
}

// blamed is a piece that is out, and the rule that should have stopped it.
type blamed struct {
	piece engine.Output
	rule  engine.Finding
}

func breachKey(output string) string { return "breach " + output }

// rereadPiece returns what should have stopped a piece, nothing for one that a person published.
func (l *Loop) rereadPiece(ctx context.Context, o engine.Output, now engine.Strategy) ([]engine.Finding, error) {
	sends, err := l.Store.Sends(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	var cleared time.Time
	for _, s := range sends {
		if !s.ByHand() && s.ClaimedAt.After(cleared) {
			cleared = s.ClaimedAt
		}
	}
	if cleared.IsZero() {
		return nil, nil
	}
	then, g, err := l.Store.RulesAt(ctx, cleared)
	if err != nil {
		return nil, err
	}
	t, err := l.Store.Task(ctx, o.Task)
	if err != nil {
		return nil, err
	}
	v := engine.View{Now: cleared, Output: o, Task: t, Strategy: guard.AsKnown(then, now), Guardrails: g}
	if ch := l.Channels[o.Channel]; ch != nil {
		v.Traits = ch.Traits()
	}
	if v.Approval, err = l.Store.Approval(ctx, o.ID, o.Digest); err != nil {
		return nil, err
	}
	return guard.Reread(v), nil
}

// breached lowers a task for pieces that should not have gone out, once for each, and asks a person what becomes of them. A crash in between does not lower
// it twice.
func (l *Loop) breached(ctx context.Context, task string, found []blamed) error {
	t, err := l.Store.Task(ctx, task)
	if err != nil {
		return err
	}
	before, err := l.Store.Lowerings(ctx, t.ID, time.Time{})
	if err != nil {
		return err
	}
	var pieces []string
	for _, b := range found {
		if !slices.ContainsFunc(before, func(x engine.Lowering) bool { return slices.Contains(x.Pieces, b.piece.ID) }) {
			pieces = append(pieces, b.piece.ID)
		}
	}
	if len(pieces) > 0 {
		why := fmt.Sprintf("a piece that is out should have been stopped (%s)", found[0].rule.Rule)
		if len(pieces) > 1 {
			why = fmt.Sprintf("%d pieces that are out should have been stopped (%s)", len(pieces), found[0].rule.Rule)
		}
		if err := l.lowerFor(ctx, t, trust.Grounds{Cause: engine.CauseBreach, Why: why, Pieces: pieces}); err != nil {
			return err
		}
	}
	return each(ctx, found, func(ctx context.Context, b blamed) error {
		remedy := "Take it down, or leave it live."
		if ch := l.Channels[b.piece.Channel]; ch == nil || !ch.Traits().Retract {
			remedy = "It cannot be taken back: say what is right in another one, /koira draft " + b.piece.Task + ", or leave it."
		}
		x := l.exception(b.piece, engine.ExceptionMissed, engine.TroubleBreach, "It is out, and a rule should have stopped it.", b.rule.Evidence, remedy)
		x.Rule, x.Due = b.rule.Rule, time.Time{}
		if err := l.Store.OpenException(ctx, *x); err != nil && engine.CodeOf(err) != engine.CodeConflict {
			return err
		}
		return l.keep(ctx, breachKey(b.piece.ID), "told")
	})
}
