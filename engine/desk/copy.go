package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// AddCopy queues people's own text in the task's next free slot; where a channel has subjects, the first line is the subject. At L2 putting it there is
// that person's yes to it, and it goes out at its time; elsewhere it waits for somebody else's. It returns the piece as it stands, which is held
// when a rule blocks it. Calling it twice queues it twice.
func (d *Desk) AddCopy(ctx context.Context, a engine.Actor, task, text string) (engine.Output, error) {
	return once(ctx, d, "copy", func(ctx context.Context) (engine.Output, error) { return d.addCopy(ctx, a, task, text) })
}

func (d *Desk) addCopy(ctx context.Context, a engine.Actor, task, text string) (engine.Output, error) {
	a, err := d.allow(ctx, a, ActionCopy, Object{ID: task})
	if err != nil {
		return engine.Output{}, err
	}
	t, err := d.publishing(ctx, task)
	if err != nil {
		return engine.Output{}, err
	}
	if text, err = field("text", "The text", text, true, maxBody); err != nil {
		return engine.Output{}, err
	}
	ch, err := d.channel(t.Channel)
	if err != nil {
		return engine.Output{}, err
	}
	v := engine.Variant{Name: "A"}
	said := engine.Variant{Body: text}
	if ch.Traits().Subject {
		said.Subject, said.Body, _ = strings.Cut(text, "\n")
	}
	if v, err = wording(v, said, ch.Traits().Subject); err != nil {
		return engine.Output{}, err
	}
	at, err := d.nextSlot(ctx, t)
	if err != nil {
		return engine.Output{}, err
	}
	o := d.planned(ctx, t, engine.OriginCopy, at, "People's own text.")
	o.Variants = []engine.Variant{v}
	o.EditedBy = a.ID // the words are a's own, so somebody else says yes to them, but for L2
	if o, err = d.place(ctx, a, o, "your own text: waits for a yes"); err != nil {
		return o, err
	}
	return d.own(ctx, a, t, o)
}

// own is the yes that lies in putting people's own copy into a calendar that runs by itself (L2): a says it, to exactly this version, and it is
// written down as a yes to their own words. Elsewhere, and to what is held, nobody says anything by that.
func (d *Desk) own(ctx context.Context, a engine.Actor, t engine.Task, o engine.Output) (engine.Output, error) {
	if !t.Level.Rung().Queues || o.Origin != engine.OriginCopy || o.State != engine.StateWaiting {
		return o, nil
	}
	switch err := d.yes(ctx, a, o, Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}, given{}, "put into the calendar"); engine.CodeOf(err) {
	case "":
		o.State = engine.StateScheduled
	case engine.CodeBlocked:
		o.State = engine.StateHeld
	default:
		return o, err
	}
	return o, nil
}

// publishing is a named task for which koira may call the channel.
func (d *Desk) publishing(ctx context.Context, task string) (engine.Task, error) {
	t, err := d.task(ctx, task)
	if err == nil && !t.Level.Rung().Publishes {
		err = engine.Errorf(engine.CodeBlocked, "%s is at %s (%s): post it yourself, then record it with /koira posted %s <link>. Nothing changed.",
			t.Name, t.Level, t.Level.Words(), t.ID)
	}
	return t, err
}

// place renders a new piece, adds it and sends it through the queue.
func (d *Desk) place(ctx context.Context, a engine.Actor, o engine.Output, why string) (engine.Output, error) {
	var err error
	if o.Audience, err = d.reach(ctx, o); err != nil {
		return o, err
	}
	draft, err := d.render(o)
	if err != nil {
		return o, err
	}
	o.Digest = ""
	if err := d.add(ctx, o, a); err != nil {
		return o, err
	}
	o, _, err = d.enqueue(ctx, a, o, draft, why, "Not queued.")
	return o, err
}

// reusable are the states in which a piece ended without going out.
var reusable = []engine.State{engine.StateRejected, engine.StateExpired, engine.StateCancelled}

// Reuse makes a new piece of the words of one that ended without going out, at the given time; it waits for a yes, but for people's own copy that an
// approver puts back into a calendar of L2. The old one stays as it
// ended. A second call at the same time has code conflict.
func (d *Desk) Reuse(ctx context.Context, a engine.Actor, output string, digest engine.Digest, at time.Time) (engine.Output, error) {
	return once(ctx, d, "reuse", func(ctx context.Context) (engine.Output, error) { return d.reuse(ctx, a, output, digest, at) })
}

func (d *Desk) reuse(ctx context.Context, a engine.Actor, output string, digest engine.Digest, at time.Time) (engine.Output, error) {
	const undone = "Nothing was queued."
	a, old, err := d.open(ctx, a, ActionReslot, output)
	if err != nil {
		return old, err
	}
	t, err := d.publishing(ctx, old.Task)
	if err != nil {
		return old, err
	}
	at = at.UTC().Truncate(time.Minute)
	if err := d.future(ctx, at); err != nil {
		return old, err
	}
	if old.Digest != digest || !slices.Contains(reusable, old.State) || len(old.Variants) == 0 {
		return old, d.lost(ctx, a, old.ID, digest, undone)
	}
	o := d.planned(ctx, t, engine.OriginAsked, at, "The words of an earlier piece, at another time.")
	if old.Origin == engine.OriginCopy {
		o.Origin = engine.OriginCopy
	}
	slot := o.Arms.Slot
	o.Campaign, o.Variants, o.Writer, o.EditedBy, o.Changed, o.Arms = old.Campaign, old.Variants, old.Writer, old.EditedBy, old.Changed, old.Arms
	o.Arms.Slot = slot
	if err := d.vacant(ctx, o, at); err != nil {
		return o, err
	}
	if o, err = d.place(ctx, a, o, "another time: waits for a yes"); err != nil || d.Authorize(a, ActionCopy, Object{ID: t.ID}) != nil {
		return o, err
	}
	return d.own(ctx, a, t, o)
}
