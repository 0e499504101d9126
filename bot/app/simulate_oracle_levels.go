package app

import (
	"context"
	"slices"

	"koira/engine"
)

// ladder holds a change of a level, or a pause by koira, to its reasons: up only with an owner's grant; down only with a decision at that moment, of
// which people are told; for cause only with what it rests on.
func (o *oracle) ladder(ctx context.Context, e engine.Event) error {
	if e.Action != "task.level" && e.Action != "task.paused" {
		return nil
	}
	made, err := o.s.core.DB.Decisions(ctx, e.Subject, e.At, 1000)
	if err != nil {
		return err
	}
	made = slices.DeleteFunc(made, func(d engine.Decision) bool { return !d.At.Equal(e.At) || d.What != "level" && d.What != "pause" })
	rests, err := o.s.core.DB.Lowerings(ctx, e.Subject, e.At)
	if err != nil {
		return err
	}
	rests = slices.DeleteFunc(rests, func(l engine.Lowering) bool { return !l.At.Equal(e.At) })
	for _, l := range rests {
		if l.From == l.To {
			o.s.count("paused: " + string(l.Cause))
		} else {
			o.s.count("lowered: " + string(l.Cause))
		}
	}
	if e.Action == "task.paused" {
		if len(rests) > 0 { // koira paused it; somebody will resume it
			o.pauses[e.Subject] = true
			o.s.crowd.pausedAt[e.Subject] = o.s.clock.Now()
		}
		return nil
	}
	from, _ := engine.ParseLevel(e.Detail["from"])
	to, _ := engine.ParseLevel(e.Detail["to"])
	switch {
	case to > from:
		g, err := o.s.core.DB.Grant(ctx, e.Subject)
		if err != nil {
			return err
		}
		if t, err := o.s.core.DB.Task(ctx, e.Subject); err != nil || t.Level != to {
			return err // it moved on in the same step
		}
		if g == nil || g.Level != to || g.Role < engine.RoleOwner {
			return o.s.breach("%s rose from %s to %s without an owner's grant: %+v", e.Subject, from, to, g)
		}
	case len(made) == 0:
		return o.s.breach("%s fell from %s to %s without a decision", e.Subject, from, to)
	case e.Detail["lowered"] != "" && len(rests) == 0 && !slices.ContainsFunc(made, func(d engine.Decision) bool { return d.What == "pause" }):
		return o.s.breach("%s fell from %s to %s for cause, and nothing says on what that rests", e.Subject, from, to)
	}
	for _, d := range made {
		o.untold[d.ID] = true
	}
	return nil
}

// told: of every change of a level people have a card, or one is on its way.
func (o *oracle) told(ctx context.Context) error {
	due, err := o.s.core.DB.DueNotices(ctx, o.s.clock.Now().AddDate(1, 0, 0), 100_000)
	if err != nil {
		return err
	}
	for id := range o.untold {
		if !o.s.told[string(engine.NoticeLevel)+" "+id] && !slices.ContainsFunc(due, func(n engine.Notice) bool { return n.Kind == engine.NoticeLevel && n.Subject == id }) {
			return o.s.breach("nobody is told of decision %s, which changed a level", id)
		}
	}
	return nil
}
