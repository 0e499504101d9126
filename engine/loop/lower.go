package loop

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

type lowerStore interface {
	basics
	Control(ctx context.Context) (engine.Control, error)
	Showings(ctx context.Context, task string, since time.Time) ([]engine.Showing, error)
	Grant(ctx context.Context, task string) (*engine.Grant, error)
	Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error)
	ChangeTask(ctx context.Context, c engine.TaskChange) error
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

const (
	// lowerAnyway is how often what people said of a task is held against what it was allowed for when nobody has said anything: days without a piece count.
	lowerAnyway = 6 * time.Hour
	// idleDays is after how many days without a piece a level lapses, unless Options say otherwise.
	idleDays = 60
)

// lower takes a task down one level when fewer of its pieces pass unchanged than it was allowed for, or when it has not run for long. It looks
// above L3 only: below, each piece waits for a yes, so a fall costs people's time and nothing else.
func (l *Loop) lower(ctx context.Context) error {
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, func(ctx context.Context, t engine.Task) error {
		if t.Level <= engine.L3 {
			return nil
		}
		return l.look("lower", t.ID, l.news.about(t.ID), lowerAnyway, func() error {
			if lowered, err := l.approvals(ctx, t); lowered || err != nil {
				return err
			}
			return l.idle(ctx, t)
		})
	})
}

// approvals runs the sequential test over what people said since the level was allowed, each piece held to what it is to be held to as it came before them.
func (l *Loop) approvals(ctx context.Context, t engine.Task) (lowered bool, err error) {
	if t.Paused != nil {
		return false, nil
	}
	shown, err := l.Store.Showings(ctx, t.ID, t.Since())
	if err != nil || len(shown) == 0 {
		return false, err
	}
	g, err := l.Store.Grant(ctx, t.ID)
	if err != nil {
		return false, err
	}
	rules, err := l.Store.Guardrails(ctx)
	if err != nil {
		return false, err
	}
	before := 0
	for g != nil && before < len(shown) && !shown[before].At.After(g.At) {
		before++
	}
	s := trust.SlideOf(shown[before:], trust.HeldTo(trust.Of(trust.Asked(shown[:before])), rules.Trust.Bar(t)))
	if !s.Fell {
		return false, nil
	}
	return true, l.lowerFor(ctx, t, trust.Grounds{Cause: engine.CauseApprovals, Why: s.Words(), Pieces: s.Bad, Luck: s.Luck()})
}

// lowerFor lowers or pauses t for evidence; see trust.Lower.
func (l *Loop) lowerFor(ctx context.Context, t engine.Task, e trust.Grounds) error {
	now := l.Clock.Now()
	before, err := l.Store.Lowerings(ctx, t.ID, now.Add(-trust.Cooldown))
	if err != nil {
		return err
	}
	c, ok := trust.Lower(t, e, before, engine.Koira, now, l.NewID)
	if !ok {
		return nil
	}
	return l.Store.ChangeTask(ctx, c)
}

// idle counts the days on which t could have run and began nothing. A day on which it was paused, everything was stopped or koira did not run
// counts neither way: that is not the task's own idleness. A piece that nobody approved is a day on which it ran: an owner's absence lowers nothing.
func (l *Loop) idle(ctx context.Context, t engine.Task) error {
	now, key := l.Clock.Now(), "idle "+t.ID
	today := now.UTC().Format(time.DateOnly)
	kept, err := l.setting(ctx, key)
	if err != nil {
		return err
	}
	days, day, _ := strings.Cut(kept, " ")
	if day == today {
		return nil
	}
	n, _ := strconv.Atoi(days)
	if c, err := l.Store.Control(ctx); err != nil || c.Stopped || t.Paused != nil {
		return err
	}
	began, err := l.Store.CountOutputs(ctx, engine.OutputFilter{Task: t.ID, Since: now.Add(-48 * time.Hour)})
	if err != nil {
		return err
	}
	n++
	for _, some := range began {
		if some > 0 {
			n = 0
		}
	}
	if n >= cmp.Or(l.IdleDays, idleDays) {
		if err := l.lowerFor(ctx, t, trust.Grounds{Cause: engine.CauseIdle, Why: fmt.Sprintf("it has made nothing for %d days, so what it proved is old", n)}); err != nil {
			return err
		}
		n = 0
	}
	return l.keep(ctx, key, fmt.Sprintf("%d %s", n, today))
}
