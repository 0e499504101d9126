package loop

import (
	"context"
	"fmt"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

type recheckStore interface {
	basics
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	Absences(ctx context.Context) ([]engine.Absence, error)
	LedgerMark(ctx context.Context) (int64, error)
	Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error)
}

const (
	// releaseEvery is how often what rules hold is looked at though no rule changed, when money has moved: what another piece did not spend may
	// let it pass.
	releaseEvery = 10 * time.Minute
	// releaseAnyway is how often when none has: a piece that left its place, or a list that grew, may let one pass too.
	releaseAnyway = 4 * time.Hour
	// recordAnyway is how often the record of a task is weighed though nothing was said of it: owners may ask for more of it than before.
	recordAnyway = 4 * time.Hour
)

// recheck holds scheduled work against rules that have changed since the last look, and lets go on what they do not hold any more: whoever
// changed them does so at once, and this catches what a crash kept them from finishing.
func (l *Loop) recheck(ctx context.Context) error {
	const key = "rechecked"
	now, err := l.rules(ctx)
	if err != nil {
		return err
	}
	last, err := l.setting(ctx, key)
	if err != nil {
		return err
	}
	if last == now {
		return l.release(ctx)
	}
	delete(l.looked, lookedAt("plan", ""))
	l.mark = -1
	if err := l.Recheck(ctx); err != nil {
		return err
	}
	return l.keep(ctx, key, now)
}

func (l *Loop) release(ctx context.Context) error {
	if !l.every("release", "", releaseEvery) {
		return nil
	}
	held, err := l.Store.CountOutputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateHeld}})
	if err != nil || held[engine.StateHeld] == 0 {
		return err
	}
	mark, err := l.Store.LedgerMark(ctx)
	if err != nil || mark == l.freed && !l.every("release", "anyway", releaseAnyway) {
		return err
	}
	if err := l.Release(ctx); err != nil {
		return err
	}
	l.freed = mark
	return nil
}

// rules names everything that people have set, so that a change of it can be told.
func (l *Loop) rules(ctx context.Context) (string, error) {
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return "", err
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return "", err
	}
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "strategy %d, guardrails %d", s.Version, g.Version)
	for _, t := range tasks {
		fmt.Fprintf(&b, ", %s %s", t.ID, t.Level)
		if t.Paused != nil {
			b.WriteString(" paused")
		}
		if !t.Acting().Rung().Checks {
			continue
		}
		if err := l.look("record", t.ID, l.news.about(t.ID), recordAnyway, func() error { return l.weigh(ctx, t, g) }); err != nil {
			return "", err
		}
		if l.short[t.ID] {
			b.WriteString(" short")
		}
	}
	absences, err := l.Store.Absences(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range absences {
		if a.Holds(l.Clock.Now()) {
			fmt.Fprintf(&b, ", %s away until %d %s %t %d", a.Owner, a.Until.Unix(), a.MaxLevel, a.Capped, a.Budget)
		}
	}
	broken, err := l.broken(ctx)
	for _, name := range broken {
		b.WriteString(", " + name + " paused")
	}
	return b.String(), err
}

// weigh notes whether the record of a task that lets pieces out unless they are stopped has become too short or too poor for that: what it had cleared
// waits for a yes from then on, and not only once it is due.
func (l *Loop) weigh(ctx context.Context, t engine.Task, g engine.Guardrails) error {
	said, err := l.Store.Reviews(ctx, t.ID, t.Since())
	if err == nil {
		l.short[t.ID] = trust.Lacks(t, trust.Of(said), g.Trust) != ""
	}
	return err
}

// broken lists the channels that are paused.
func (l *Loop) broken(ctx context.Context) ([]string, error) {
	bs, err := l.Store.Breakers(ctx)
	var names []string
	for _, b := range bs {
		if b.Pause != nil {
			names = append(names, b.Channel)
		}
	}
	return names, err
}
