package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// watch puts the oracle at a channel's door.
func (o *oracle) watch(ch engine.Channel) engine.Channel {
	w := &watched{ch, o}
	if c, ok := ch.(engine.Counter); ok {
		return counted{w, c}
	}
	return w
}

// counted is a door that can say how many people it reaches.
type counted struct {
	*watched
	engine.Counter
}

type watched struct {
	engine.Channel
	o *oracle
}

// try is the last attempt to publish one variant.
type try struct {
	key  string
	at   time.Time
	open bool // nobody can say what became of it
}

// idle looks whether somebody who wants to stop everything would wait for this call.
func (w *watched) idle(ctx context.Context) {
	if engine.HasTurn(ctx) && w.o.caught == nil {
		w.o.caught = fmt.Errorf("%s was called within a transaction, so that nobody could stop anything until it answered", w.Traits().Name)
	}
}

func (w *watched) Prepare(ctx context.Context, i engine.Intent) (engine.Ref, error) {
	w.idle(ctx)
	return w.Channel.Prepare(ctx, i)
}

func (w *watched) Probe(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error) {
	w.idle(ctx)
	return w.Channel.Probe(ctx, i, r)
}

func (w *watched) Halt(ctx context.Context, r engine.Receipt) (engine.Progress, error) {
	w.idle(ctx)
	return w.Channel.Halt(ctx, r)
}

func (w *watched) Retract(ctx context.Context, r engine.Receipt) (engine.Removal, error) {
	w.idle(ctx)
	return w.Channel.Retract(ctx, r)
}

// Publish looks, before a byte leaves, at what lets it leave.
func (w *watched) Publish(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error) {
	w.idle(ctx)
	err := w.o.leaving(ctx, i, w.Traits())
	if err == nil {
		err = w.o.repeats(i, w.Traits())
	}
	if err != nil && w.o.caught == nil {
		w.o.caught = err
	}
	part := partOf(i)
	w.o.tries[part] = try{i.Key, w.o.s.clock.Now(), true} // a crash right after the call leaves it open
	rec, err := w.Channel.Publish(ctx, i, r)
	switch engine.CodeOf(err) {
	case engine.CodeNotSent, engine.CodeInvalid, engine.CodeDenied:
		w.o.tries[part] = try{i.Key, w.o.s.clock.Now(), false}
	}
	return rec, err
}

// partOf names what goes out under one key: a variant, or the rest of its readers.
func partOf(i engine.Intent) string {
	if i.Skip > 0 {
		return i.Output + " " + i.Variant + " rest"
	}
	return i.Output + " " + i.Variant
}

// repeats: one variant has one key for good, and is not tried again while an earlier try can still land, unless the channel itself keeps
// the second copy out.
func (o *oracle) repeats(i engine.Intent, tr engine.Traits) error {
	last, again := o.tries[partOf(i)]
	switch {
	case !again:
		return nil
	case last.key != i.Key:
		return o.s.breach("%s goes out under the key %s after %s", i.Output, i.Key, last.key)
	case last.open && !tr.Dedupe && o.s.clock.Now().Before(last.at.Add(tr.Flight+tr.Lag)):
		return o.s.breach("%s is sent again %s after a try that can still land", i.Output, o.s.clock.Now().Sub(last.at))
	}
	o.s.count("repeat")
	return nil
}

// leaving holds what goes out against what people allowed, and against the committed claim.
func (o *oracle) leaving(ctx context.Context, i engine.Intent, tr engine.Traits) error {
	out, err := o.s.core.DB.Output(ctx, i.Output)
	if err != nil {
		return err
	}
	t, err := o.s.core.DB.Task(ctx, i.Task)
	if err != nil {
		return err
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	sends, err := o.s.core.DB.Sends(ctx, i.Output)
	if err != nil {
		return err
	}
	claimed := slices.ContainsFunc(sends, func(d engine.Send) bool {
		return d.ID == i.Send && d.State == engine.SendPublishing && d.Fence == i.Fence && d.Key == i.Key
	})
	if err := o.fares.follow(ctx, o.s); err != nil {
		return err
	}
	now := o.s.clock.Now()
	shown, said := o.yes[i.Output][i.Digest]
	alone, err := o.alone(ctx, out, t)
	if err != nil {
		return err
	}
	bad, beyond := "", ""
	if !said {
		beyond = o.within(out, t)
	}
	switch {
	case !claimed || out.State != engine.StatePublishing:
		bad = "without a committed claim"
	case o.stopped:
		bad = "while everything is stopped"
	case o.pauses[i.Task]:
		bad = "while its task is paused"
	case o.shut[i.Channel] || !g.Channels[i.Channel]:
		bad = "on a channel that is not allowed"
	case now.Before(out.Slot) || !now.Before(out.Expires):
		bad = fmt.Sprintf("at the wrong time: slot %s, end %s", out.Slot, out.Expires)
	case o.fares.rests[i.Channel]:
		bad = "through a channel that rests"
	case o.grown(out, i) != "":
		bad = o.grown(out, i)
	case o.disowned(i) != "":
		bad = o.disowned(i)
	case o.silent(g, i.Channel, i.Segment, now):
		bad = "in quiet hours"
	case !said && alone != "":
		bad = alone
	case beyond != "":
		bad = beyond
	case o.beyond(t, tr, said, now) != "":
		bad = o.beyond(t, tr, said, now)
	case said && !bytes.Equal(shown, i.Bytes):
		bad = "and it is not what was approved"
	case !bytes.Equal(o.passed[i.Output], i.Bytes):
		bad = "and it is not what was cleared"
	case out.Digest != i.Digest || !bytes.Equal(shownBytes(out), i.Bytes):
		bad = "and it is not what the gate passed"
	case t.Level < engine.L2:
		bad = "at " + t.Level.String()
	case names(i.Bytes, g.Topics.Blocked) != "":
		bad = "and names a blocked topic, " + names(i.Bytes, g.Topics.Blocked)
	}
	if bad == "" {
		bad = o.wave(i, out, tr, said)
	}
	if bad == "" {
		if bad, err = o.inForce(ctx, out, g); err != nil {
			return err
		}
	}
	if bad != "" {
		return o.s.breach("%s (%s) leaves %s", i.Output, i.Channel, bad)
	}
	if !said {
		o.s.count("unasked")
		o.s.count("unasked at " + t.Level.String())
	}
	return nil
}

// names returns the first of topics that text says outright. The gate finds more; this much it may never miss.
func names(text []byte, topics []string) string {
	low := strings.ToLower(string(text))
	for _, t := range topics {
		if strings.Contains(low, " "+strings.ToLower(t)+" ") {
			return t
		}
	}
	return ""
}

// copies: whatever happened, nobody in the world sees a piece twice.
func (o *oracle) copies() error {
	if pieces := o.s.world.Twice(); len(pieces) > 0 {
		return o.s.breach("some reader has %s more than once", strings.Join(pieces, ", "))
	}
	if keys := o.s.world.Doubled(); len(keys) > 0 {
		return o.s.breach("more than one copy of %s is out", strings.Join(keys, ", "))
	}
	return nil
}
