package loop

import (
	"context"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// loud leaves out the slots that stand in quiet hours.
func loud(g engine.Guardrails, t engine.Task, slots []time.Time, zone *time.Location) []time.Time {
	if len(g.Quiet) == 0 {
		return slots
	}
	return slices.DeleteFunc(slots, func(s time.Time) bool {
		_, _, quiet := guard.Quiet(g.Quiet, t.Channel, t.Segment, s, zone)
		return quiet
	})
}

// near lists every piece of all tasks that is to go out, or went out, so close to a stretch of time that a frequency cap counts both.
func (l *Loop) near(ctx context.Context, g engine.Guardrails, from, to time.Time) ([]engine.Neighbour, error) {
	days := 1
	for _, r := range g.Frequency {
		days = max(days, r.Days)
	}
	all, err := l.Store.Outputs(ctx, engine.OutputFilter{SlotFrom: from.AddDate(0, 0, -days), SlotTo: to.AddDate(0, 0, days), Bare: true, Limit: 10_000})
	var near []engine.Neighbour
	for _, o := range all {
		if o.State != engine.StateRetracted && (!o.State.Final() || o.State == engine.StateSettled) {
			near = append(near, neighbour(o))
		}
	}
	return near, err
}

func neighbour(o engine.Output) engine.Neighbour {
	return engine.Neighbour{Output: o.ID, Task: o.Task, Channel: o.Channel, Segment: o.Segment, At: o.Slot}
}
