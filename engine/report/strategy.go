package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// StrategyView is what koira works from: what people own, who set it, and what is missing before tasks can plan.
type StrategyView struct {
	Frame
	engine.StrategyVersion // in force; zero before the first
	Strategy               engine.Strategy
	Facts                  []FactRow
	MaxAge                 int      // days after which a fact is too old; 0 for no limit
	Lacks                  string   // "the strategy has no theme": no task plans; "" where it lacks nothing
	Idle                   []string // "Daily social: the strategy has none of its themes", of tasks that would plan
	Owners                 []string // user ids
}

// Old counts the facts that are too old to be said.
func (v StrategyView) Old() int {
	n := 0
	for _, f := range v.Facts {
		if f.TooOld {
			n++
		}
	}
	return n
}

// FactRow is a fact as people read it.
type FactRow struct {
	engine.Fact
	Number int // in the list, from 1
	Days   int // since somebody last looked at it; −1 for never
	TooOld bool
	Said   bool     // it may be said today, by its dates
	Themes []string // the keys of themes that name it
}

// Strategy reads what koira works from.
func (r *Reader) Strategy(ctx context.Context) (StrategyView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return StrategyView{}, err
	}
	v := StrategyView{Frame: s.Frame, Strategy: s.strategy, MaxAge: s.rules.Facts.MaxAge, Lacks: s.strategy.LacksWords(), Owners: r.o.People.With(engine.RoleOwner)}
	last, err := r.store.StrategyHistory(ctx, 0, 1)
	if err != nil {
		return v, fmt.Errorf("reading the history of the strategy: %w", err)
	}
	if len(last) > 0 {
		v.StrategyVersion = last[0]
	}
	for i, f := range s.strategy.Facts {
		v.Facts = append(v.Facts, factRow(s, i, f))
	}
	for _, t := range s.tasks {
		if m := s.strategy.Misfit(t); v.Lacks == "" && m != "" && t.Acting().Rung().Plans {
			v.Idle = append(v.Idle, t.Name+": "+m)
		}
	}
	return v, nil
}

func factRow(s scene, i int, f engine.Fact) FactRow {
	row := FactRow{Fact: f, Number: i + 1, Days: -1, Said: f.Holds(s.now)}
	age := time.Duration(s.rules.Facts.MaxAge) * 24 * time.Hour
	if !f.Checked.IsZero() {
		today, then := engine.DayStart(s.now, s.Zone), engine.DayStart(f.Checked, s.Zone)
		row.Days = max(0, int((today.Sub(then)+12*time.Hour)/(24*time.Hour)))
	}
	row.TooOld = age > 0 && (f.Checked.IsZero() || s.now.Sub(f.Checked) > age)
	for _, x := range s.strategy.Themes {
		if slices.Contains(x.Facts, f.Key) {
			row.Themes = append(row.Themes, x.Key)
		}
	}
	return row
}

// StrategyHistory is who changed the strategy, when and why, newest first.
type StrategyHistory struct {
	Frame
	Page
	Version int // in force
	Rows    []engine.StrategyVersion
}

// StrategyHistory reads size rows from offset on; size 0 means 10.
func (r *Reader) StrategyHistory(ctx context.Context, offset, size int) (StrategyHistory, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return StrategyHistory{}, err
	}
	if size <= 0 {
		size = pageSize
	}
	v := StrategyHistory{Frame: s.Frame, Version: s.strategy.Version, Page: Page{Offset: max(offset, 0), Size: size}}
	if v.Rows, err = r.store.StrategyHistory(ctx, v.Offset, size+1); err != nil {
		return v, fmt.Errorf("reading the history of the strategy: %w", err)
	}
	if v.More = len(v.Rows) > size; v.More {
		v.Rows = v.Rows[:size]
	}
	return v, nil
}
