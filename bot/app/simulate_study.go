package app

import (
	"context"

	"koira/engine"
)

// study is a world of one daily task at L3, in which a history asks one thing: on which day the task is first offered to run by itself.
type study struct {
	approver *manner // who reviews it; the owner allows what is offered
	normal   bool    // the task's sensitivity is normal, so that it takes more; otherwise it is low
}

// stage makes the world of a history out of the demo's: a study's one task, or in every third history one that announces prices, which nothing may
// let run by itself.
func (o SimulateOptions) stage(c *Config) {
	if o.study == nil {
		if o.Seed%3 == 0 {
			c.Tasks[1].Nature = append(c.Tasks[1].Nature, string(engine.NaturePricing))
		}
		return
	}
	c.Tasks = c.Tasks[:1]
	if o.study.normal {
		c.Tasks[0].Sensitivity = string(engine.Normal)
	}
}

// answered reports whether a study's question is.
func (s *simulation) answered() bool { return s.o.study != nil && len(s.result.Offered) > 0 }

// offersSeen is what came of the histories of one study.
type offersSeen struct {
	histories int
	days      []int // on which day the offer came, of those histories in which it did
}

// by is how many of the histories had the offer on that day or before.
func (s offersSeen) by(day int) int {
	n := 0
	for _, d := range s.days {
		if d <= day {
			n++
		}
	}
	return n
}

// run plays so many histories of at most that many days, from a seed on. A breach is an error here.
func (x *study) run(ctx context.Context, histories, days int, seed uint64) (offersSeen, error) {
	s := offersSeen{histories: histories}
	for i := range histories {
		r, err := Simulate(ctx, SimulateOptions{Days: days, Seed: seed + uint64(i), study: x})
		if err == nil && r.Breach != "" {
			err = engine.Errorf(engine.CodeInternal, "seed %d, %s: %s", r.Seed, r.Step, r.Breach)
		}
		if err != nil {
			return s, err
		}
		for _, d := range r.Offered {
			s.days = append(s.days, d)
		}
	}
	return s, nil
}
