package app

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"koira/blocks"
	"koira/engine"
)

// ladder holds a change of a level, or a pause by koira, to its reasons: up only with an owner's grant; down only with a decision of that fall at that
// moment, of which people are told; for cause only with what it rests on.
func (o *oracle) ladder(ctx context.Context, e engine.Event) error {
	anew := e.Action == "task.renewed" && e.Detail["lowered"] == "yes"
	if e.Action != "task.level" && e.Action != "task.paused" && !anew {
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
		switch {
		case anew:
			o.s.count("anew: " + string(l.Cause))
		case l.From == l.To:
			o.s.count("paused: " + string(l.Cause))
		default:
			o.s.count("lowered: " + string(l.Cause))
		}
	}
	if e.Action == "task.paused" {
		if len(rests) > 0 { // koira paused it; somebody will resume it
			i := slices.IndexFunc(made, func(d engine.Decision) bool { return d.What == "pause" && d.Signal != "" })
			if i < 0 {
				return o.s.breach("%s was paused for %s, and no decision says why: %+v", e.Subject, rests[0].Cause, made)
			}
			o.untold[made[i].ID], o.pausedFor[e.Subject] = true, rests[0].Cause
			o.pauses[e.Subject] = true
			o.s.crowd.pausedAt[e.Subject] = o.s.clock.Now()
		}
		return nil
	}
	from, _ := engine.ParseLevel(e.Detail["from"])
	to, _ := engine.ParseLevel(e.Detail["to"])
	switch {
	case anew && len(made) == 0:
		return o.s.breach("the record of %s began anew for cause without a decision", e.Subject)
	case anew:
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
	case !slices.ContainsFunc(made, func(d engine.Decision) bool { return says(d, from, to) }):
		return o.s.breach("%s fell from %s to %s without a decision of it: %+v", e.Subject, from, to, made)
	case e.Detail["lowered"] != "" && len(rests) == 0 && !slices.ContainsFunc(made, func(d engine.Decision) bool { return d.What == "pause" }):
		return o.s.breach("%s fell from %s to %s for cause, and nothing says on what that rests", e.Subject, from, to)
	}
	for _, d := range made {
		o.untold[d.ID] = true
		if to < from && says(d, from, to) {
			o.fell[d.ID] = from
			cause := o.fallOf(d, rests)
			o.s.count("fell: " + cause)
			if cause == string(engine.CauseLapse) {
				o.s.count("lapsed: " + d.Signal)
			}
		}
	}
	return nil
}

// says reports whether d is the decision of that fall: a change of the level, or a resumption that cost one.
func says(d engine.Decision, from, to engine.Level) bool {
	return d.What == "level" && d.From == from.String() && d.To == to.String() || d.What == "pause" && d.From == from.String() && d.To == to.String()
}

// falls are the ways in which a level falls that a batch of histories must have seen.
var falls = []string{
	"fell: serious", "fell: taken-down", "fell: walls", "fell: idle", "fell: by hand", "fell: approvals", "fell: breach", "fell: anomaly", "fell: lapse",
	"fell: resumed after threshold", "paused: threshold",
}

// fallOf names the way in which a level fell.
func (o *oracle) fallOf(d engine.Decision, rests []engine.Lowering) string {
	i := slices.IndexFunc(rests, func(l engine.Lowering) bool { return l.Decision == d.ID }) // two things may speak against a task at one moment
	switch {
	case i >= 0:
		return string(rests[i].Cause)
	case d.What == "pause":
		return "resumed after " + string(o.pausedFor[d.Task])
	}
	return "by hand"
}

// shownFall: the card of a fall says why, and what earns the level back, or what keeps the task from ever standing higher.
func (o *oracle) shownFall(ctx context.Context, decision string) error {
	from, fell := o.fell[decision]
	if !fell {
		return nil
	}
	d, err := o.s.core.Report.Decision(ctx, decision)
	if err != nil {
		return err
	}
	t, err := o.s.core.Report.Task(ctx, d.Task)
	if err != nil || t.Task.Level >= from { // it has been given back since
		return err
	}
	card, err := json.Marshal(blocks.Level(d, t).Blocks)
	if err != nil {
		return err
	}
	if !bytes.Contains(card, []byte("Why: ")) {
		return o.s.breach("the card of %s, which fell from %s, does not say why: %s", d.Task, from, card)
	}
	for _, back := range []string{"hen an owner decides", ": an owner decides", "may never stand above"} {
		if bytes.Contains(card, []byte(back)) {
			return nil
		}
	}
	return o.s.breach("the card of %s, which fell from %s, names no way back: %s", d.Task, from, card)
}

// told: of every change of a level people have a card, or one is on its way.
func (o *oracle) told(ctx context.Context) error {
	due, err := o.s.core.DB.DueNotices(ctx, o.s.clock.Now().AddDate(1, 0, 0), 100_000)
	if err != nil {
		return err
	}
	for id := range o.untold {
		if !o.s.told[string(engine.NoticeLevel)+" "+id] && !slices.ContainsFunc(due, func(n engine.Notice) bool { return n.Kind == engine.NoticeLevel && strings.HasPrefix(n.Subject, id) }) {
			return o.s.breach("nobody is told of decision %s, which changed a level", id)
		}
	}
	return nil
}
