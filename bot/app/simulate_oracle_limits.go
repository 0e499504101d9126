package app

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"koira/engine"
)

// unmoved are rules whose answer at a channel's door is that of the claim a moment before: they look at the piece, the clock and the limits. The
// others look at money, at what is out and at the state of tasks, which the claim itself moves.
var unmoved = []string{"strategy", "channels", "quiet", "topics", "alphabets", "voice", "facts", "links", "limits", "lines", "mentions", "safety", "blast"}

// inForce holds a piece that leaves against the limits in force at its claim: it was claimed under that version, and the gate, asked anew, finds
// nothing in it that they forbid.
func (o *oracle) inForce(ctx context.Context, out engine.Output, g engine.Guardrails) (string, error) {
	events, err := o.s.events(ctx, 0)
	if err != nil {
		return "", err
	}
	for _, e := range slices.Backward(events) {
		if e.Subject == out.ID && e.Action == "output.publishing" {
			if e.Detail["guardrails"] != strconv.Itoa(g.Version) {
				return "cleared under version " + e.Detail["guardrails"] + " of the limits; in force is " + strconv.Itoa(g.Version), nil
			}
			break
		}
	}
	v, err := o.s.core.DB.View(ctx, out.ID, engine.StageClaim, o.s.clock.Now())
	if err != nil {
		return "", err
	}
	for _, f := range o.s.core.Gate(v).Blocks() {
		if slices.Contains(unmoved, f.Rule) {
			return "against " + f.Rule + ": " + f.Evidence, nil
		}
	}
	for _, word := range g.Voice.Banned {
		if g.Voice.Locked && names(shownBytes(out), []string{word}) != "" {
			return "saying " + word, nil
		}
	}
	return "", nil
}

// silent reports whether a wall clock shows one of the quiet hours for a channel and a segment, without the gate's own reading of them.
func (o *oracle) silent(g engine.Guardrails, channel, segment string, t time.Time) bool {
	w := t.In(o.s.config.zone())
	at := 60*w.Hour() + w.Minute()
	on := func(q engine.QuietRule, d time.Weekday) bool { return len(q.Days) == 0 || slices.Contains(q.Days, d) }
	return slices.ContainsFunc(g.Quiet, func(q engine.QuietRule) bool {
		if q.Channel != "" && q.Channel != channel || q.Segment != "" && q.Segment != segment {
			return false
		}
		if q.From < q.To {
			return q.From <= at && at < q.To && on(q, w.Weekday())
		}
		return at >= q.From && on(q, w.Weekday()) || at < q.To && on(q, (w.Weekday()+6)%7)
	})
}

// back takes the channels of a version for what people want, as far as they are so already.
func (o *oracle) back(ctx context.Context, to int) error {
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	for _, ch := range o.s.config.Channels {
		if on := o.limits[to].Channels[ch.Name]; g.Channels[ch.Name] == on {
			delete(o.shut, ch.Name)
			if !on {
				o.shut[ch.Name] = true
			}
		}
	}
	return nil
}

// reverted holds that going back to a version brought all of it back, where it went through.
func (o *oracle) reverted(ctx context.Context, to int, reverting error) error {
	if err := o.back(ctx, to); err != nil || reverting != nil {
		return err
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if was := o.limits[to]; err == nil && (!maps.Equal(allowing(g), allowing(was)) || !reflect.DeepEqual(g.Budget, was.Budget) || len(g.Quiet) != len(was.Quiet) || len(g.Topics.Blocked) != len(was.Topics.Blocked)) {
		return o.s.breach("the limits went back to version %d and are not what they were", to)
	}
	return err
}

// allowing are the channels that are allowed.
func allowing(g engine.Guardrails) map[string]bool {
	on := maps.Clone(g.Channels)
	maps.DeleteFunc(on, func(_ string, yes bool) bool { return !yes })
	return on
}

// decides holds that whoever gave a yes is somebody who may at that moment.
func (o *oracle) decides(by engine.Actor) error {
	if p := o.s.config.People; !slices.Contains(slices.Concat(p.Owners, p.Approvers), by.ID) {
		return o.s.breach("%s, who is on no list, gave a yes", by.ID)
	}
	return nil
}
