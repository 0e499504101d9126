package desk

import (
	"context"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

const (
	soonest = time.Hour // what is asked for now needs time to be written and read
	weeks   = 8         // how far ahead a free slot is looked for
)

// live reports whether a piece takes up its slot: it is to go out, or went out.
func live(o engine.Output) bool {
	switch o.State {
	case engine.StateRejected, engine.StateExpired, engine.StateCancelled, engine.StateFailed, engine.StateRetracted:
		return false
	}
	return true
}

// nextSlot is the first slot of a task that is free and that its cadence allows; code conflict when there is none.
func (d *Desk) nextSlot(ctx context.Context, t engine.Task) (time.Time, error) {
	now, zone := d.clock.Now(), d.zone(ctx)
	all, err := d.store.Outputs(ctx, engine.OutputFilter{
		Task: t.ID, SlotFrom: engine.WeekStart(now, zone), SlotTo: now.AddDate(0, 0, 7*weeks+7), Limit: 10_000,
	})
	if err != nil {
		return time.Time{}, failed("planning", t.ID, err)
	}
	var taken []time.Time
	for _, o := range all {
		if live(o) {
			taken = append(taken, o.Slot)
		}
	}
	may, err := d.mayStand(ctx, t, now)
	if err != nil {
		return time.Time{}, err
	}
	at, ok := free(t.Cadence, now.Add(soonest), taken, zone, may)
	if !ok {
		return at, engine.Errorf(engine.CodeConflict, "%s has no free time in the next %d weeks. Nothing changed.", t.Name, weeks)
	}
	return at, nil
}

// mayStand tells at which times quiet hours and frequency caps leave room for a piece of a task.
func (d *Desk) mayStand(ctx context.Context, t engine.Task, now time.Time) (func(time.Time) bool, error) {
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return nil, failed("planning", t.ID, err)
	}
	zone := d.zone(ctx)
	var near []engine.Neighbour
	days := 0
	for _, r := range g.Frequency {
		days = max(days, r.Days, 1)
	}
	if days > 0 {
		all, err := d.store.Outputs(ctx, engine.OutputFilter{SlotFrom: now.AddDate(0, 0, -days), SlotTo: now.AddDate(0, 0, 7*weeks+7+days), Bare: true, Limit: 10_000})
		if err != nil {
			return nil, failed("planning", t.ID, err)
		}
		for _, o := range all {
			if live(o) {
				near = append(near, engine.Neighbour{Channel: o.Channel, Segment: o.Segment, At: o.Slot})
			}
		}
	}
	return func(at time.Time) bool { return guard.Free(g, t.Channel, t.Segment, at, near, zone) }, nil
}

// free returns the first whole hour from the given time on at which c and the rules allow a piece and none is taken: on its days, within its
// hours, at most c.Max in an ISO week, spread evenly over its days.
func free(c engine.Cadence, from time.Time, taken []time.Time, zone *time.Location, may func(time.Time) bool) (time.Time, bool) {
	perWeek, perDay := map[string]int{}, map[time.Time]int{}
	for _, t := range taken {
		perWeek[engine.Week(t, zone)]++
		perDay[engine.DayStart(t, zone)]++
	}
	days := len(c.Days)
	if days == 0 {
		days = 7
	}
	aDay := max(1, (c.Max+days-1)/days)
	for i := range 7 * weeks {
		l := from.In(zone)
		day := time.Date(l.Year(), l.Month(), l.Day()+i, 0, 0, 0, 0, zone)
		if len(c.Days) > 0 && !slices.Contains(c.Days, day.Weekday()) || perDay[day] >= aDay || perWeek[engine.Week(day, zone)] >= max(1, c.Max) {
			continue
		}
		for h := c.From; h < max(c.To, c.From+1); h++ {
			at := time.Date(day.Year(), day.Month(), day.Day(), h, 0, 0, 0, zone)
			if !at.Before(from) && !slices.ContainsFunc(taken, at.Equal) && may(at) {
				return at.UTC(), true
			}
		}
	}
	return time.Time{}, false
}
