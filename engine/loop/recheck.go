package loop

import (
	"context"
	"fmt"
	"strings"
	"time"

	"koira/engine"
)

type recheckStore interface {
	basics
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	Absences(ctx context.Context) ([]engine.Absence, error)
	LedgerMark(ctx context.Context) (int64, error)
}

const (
	// releaseEvery is how often what rules hold is looked at though no rule changed, when money has moved: what another piece did not spend may
	// let it pass.
	releaseEvery = 10 * time.Minute
	// releaseAnyway is how often when none has: a piece that left its place, or a list that grew, may let one pass too.
	releaseAnyway = 4 * time.Hour
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
