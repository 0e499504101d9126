package loop

import (
	"context"
	"fmt"
	"strings"
)

type recheckStore interface {
	basics
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// recheck holds scheduled work against rules that have changed since the last look: whoever changed them does so at once, and this catches
// what a crash kept them from finishing.
func (l *Loop) recheck(ctx context.Context) error {
	const key = "rechecked"
	now, err := l.rules(ctx)
	if err != nil {
		return err
	}
	last, err := l.Store.Setting(ctx, key)
	if err != nil || last == now {
		return err
	}
	delete(l.looked, lookedAt("plan", ""))
	l.mark = -1
	if err := l.Recheck(ctx); err != nil {
		return err
	}
	return l.Store.SetSetting(ctx, key, now)
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
		fmt.Fprintf(&b, ", %s %s %d", t.ID, t.Level, t.Weekly)
		if t.Paused != nil {
			b.WriteString(" paused")
		}
	}
	return b.String(), nil
}
