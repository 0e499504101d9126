package report

import (
	"context"
	"fmt"

	"koira/engine"
)

// Stopped is the card of the emergency stop, and what its Resume window lists.
type Stopped struct {
	Frame
	Control   engine.Control
	Waits     []Row    // would go out at their time after a resume, soonest first
	TooLate   []Row    // their time has passed: a resume does not send them
	UnderWay  []Row    // their delivery had begun, or its outcome is not known
	Halted    []Halted // were being delivered, and were cut short
	OutToday  []Row    // went out today before the stop
	MayResume []string // user ids
}

// Halted is a piece whose delivery a stop cut short.
type Halted struct {
	Row
	engine.Progress
}

// Stopped reads what a stop holds back. It may be asked for while everything runs: then it says what a stop would hold back.
func (r *Reader) Stopped(ctx context.Context) (Stopped, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Stopped{}, err
	}
	v := Stopped{Frame: s.Frame, Control: s.control, MayResume: r.o.People.With(engine.RoleOwner)}
	today := addDays(s.now, 0, s.Zone)
	cleared, err := r.rows(ctx, s, engine.OutputFilter{States: []engine.State{engine.StateScheduled}}, func(o engine.Output) bool {
		return o.Expires.IsZero() || o.Expires.After(s.now)
	})
	if err != nil {
		return v, fmt.Errorf("reading what is cleared: %w", err)
	}
	v.Waits, v.TooLate = cleared.yes, cleared.no
	wire, err := r.rows(ctx, s, engine.OutputFilter{States: []engine.State{engine.StatePublishing, engine.StateUnconfirmed}}, nil)
	if err != nil {
		return v, fmt.Errorf("reading what is under way: %w", err)
	}
	v.UnderWay = wire.yes
	if v.Halted, err = r.halted(ctx, s); err != nil {
		return v, err
	}
	// What was sent ahead of its slot or late stands near today: a day around is enough to find all that went out today.
	out, err := r.rows(ctx, s, engine.OutputFilter{States: wentOut, SlotFrom: addDays(today, -1, s.Zone), SlotTo: addDays(today, 2, s.Zone)}, func(o engine.Output) bool {
		return !o.PublishedAt.Before(today)
	})
	if err != nil {
		return v, fmt.Errorf("reading what went out today: %w", err)
	}
	v.OutToday = out.yes
	return v, nil
}

// halted reads what the stop in force cut short; nothing while everything runs.
func (r *Reader) halted(ctx context.Context, s scene) ([]Halted, error) {
	if !s.control.Stopped {
		return nil, nil
	}
	halts, err := r.store.Halts(ctx, s.control.StoppedAt)
	if err != nil {
		return nil, fmt.Errorf("reading what was halted: %w", err)
	}
	var hs []Halted
	for _, h := range halts {
		o, err := r.store.Output(ctx, h.Output)
		if err != nil {
			return nil, fmt.Errorf("reading what was halted: %w", err)
		}
		row, err := r.row(ctx, s, o)
		if err != nil {
			return nil, err
		}
		hs = append(hs, Halted{row, h.Progress})
	}
	return hs, nil
}
