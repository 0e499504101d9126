package app

import (
	"fmt"
	"strconv"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
)

// mood makes those before a channel click and leave so many times as often as is their habit.
func (s *script) mood(m []string) error {
	click, err := strconv.ParseFloat(m[2], 64)
	if err != nil {
		return err
	}
	leave, err := strconv.ParseFloat(m[3], 64)
	s.world.SetMood(m[1], sandbox.Mood{Click: click, Leave: leave})
	return err
}

// voice gives the business another tone, as an import of the file does.
func (s *script) voice(m []string) error {
	return s.strategy(func(x *engine.Strategy) { x.Voice.Tone = m[1] })
}

// factsUntil corrects every fact: it held until that day only.
func (s *script) factsUntil(m []string) error {
	day, err := time.Parse(time.DateOnly, m[1])
	if err != nil {
		return err
	}
	return s.strategy(func(x *engine.Strategy) {
		x.Facts = append([]engine.Fact(nil), x.Facts...)
		for i := range x.Facts {
			x.Facts[i].Until = day
		}
	})
}

// goal gives the strategy a goal, as an import of the config file does.
func (s *script) goal(m []string) error {
	return s.strategy(func(x *engine.Strategy) {
		x.Goals = append([]engine.Goal(nil), engine.Goal{Key: m[1], Text: "More people in the shop", Metric: engine.Clicks})
	})
}

// fact words one of the list anew.
func (s *script) fact(m []string) error {
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return err
	}
	return s.strategy(func(x *engine.Strategy) { *x = x.Clone(); x.Facts[n-1].Text = m[2] })
}

func (s *script) strategy(change func(*engine.Strategy)) error {
	x, err := s.core.DB.Strategy(s.ctx)
	if err != nil {
		return err
	}
	change(&x)
	_, err = s.core.DB.SetStrategy(s.ctx, x, engine.Actor{ID: id("mari"), Role: engine.RoleOwner, Surface: engine.SurfaceFile}, time.Now(), "imported")
	return err
}

// refuse has mari reject so many of a task's pieces that wait or are held, or stop so many of those that are to go out.
func (s *script) refuse(m []string) error {
	n, err := strconv.Atoi(m[3])
	if err != nil {
		return err
	}
	states := []engine.State{engine.StateWaiting, engine.StateHeld}
	if m[1] == "stopped" {
		states = []engine.State{engine.StateScheduled}
	}
	there, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{Task: m[2], States: states, Limit: n})
	if err != nil || len(there) < n {
		return fmt.Errorf("there are %d: %w", len(there), err)
	}
	by := engine.Actor{ID: id("mari"), Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	for _, o := range there {
		if m[1] == "stopped" {
			err = s.core.Desk.TakeBack(s.ctx, by, o.ID, o.Digest)
		} else {
			err = s.core.Desk.Reject(s.ctx, by, desk.No{Output: o.ID, Digest: o.Digest, Reason: "dull"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// approveAll has mari approve whatever of a task waits.
func (s *script) approveAll(m []string) error {
	waiting, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{Task: m[1], States: []engine.State{engine.StateWaiting}})
	if err != nil {
		return err
	}
	by := engine.Actor{ID: id("mari"), Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	for _, o := range waiting {
		if err := s.core.Desk.Approve(s.ctx, by, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}); err != nil && engine.CodeOf(err) != engine.CodeBlocked {
			return err
		}
	}
	return nil
}
