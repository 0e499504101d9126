package desk

import (
	"cmp"
	"context"
	"strings"

	"koira/engine"
)

// HandPublished records that a person published a handed piece, and where, so that it can be measured. The link is not opened. Code conflict
// when the piece has moved on, so also on a second call.
func (d *Desk) HandPublished(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	return d.once(ctx, "hand", func(ctx context.Context) error { return d.hand(ctx, a, output, digest, address) })
}

func (d *Desk) hand(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	const undone = "Not recorded."
	a, o, err := d.open(ctx, a, ActionHand, output)
	if err != nil {
		return err
	}
	if address, err = link(address); err != nil {
		return err
	}
	if o.Digest != digest || o.State != engine.StateHanded {
		return d.lost(ctx, a, o.ID, digest, undone)
	}
	if err := d.newLink(ctx, o.Channel, address); err != nil {
		return err
	}
	return d.handPublished(ctx, a, o, address, undone)
}

func (d *Desk) handPublished(ctx context.Context, a engine.Actor, o engine.Output, address, undone string) error {
	_, err := d.store.Move(ctx, engine.Move{
		Output: o.ID, From: engine.StateHanded, To: engine.StatePublished, Digest: o.Digest, By: a, At: d.clock.Now(), Why: "published by hand",
		URL: address,
	})
	if err != nil {
		return d.failedMove(ctx, a, o, err, undone)
	}
	return nil
}

// Posted records something that a person wrote and posted themselves, so that it can be measured. Recording a link twice has code conflict and
// changes nothing.
func (d *Desk) Posted(ctx context.Context, a engine.Actor, task, address string) (engine.Output, error) {
	return once(ctx, d, "posted", func(ctx context.Context) (engine.Output, error) { return d.posted(ctx, a, task, address) })
}

func (d *Desk) posted(ctx context.Context, a engine.Actor, task, address string) (engine.Output, error) {
	const undone = "Not recorded."
	a, err := d.allow(ctx, a, ActionHand, Object{ID: task})
	if err != nil {
		return engine.Output{}, err
	}
	t, err := d.task(ctx, task)
	if err != nil {
		return engine.Output{}, err
	}
	if address, err = link(address); err != nil {
		return engine.Output{}, err
	}
	if err := d.newLink(ctx, t.Channel, address); err != nil {
		return engine.Output{}, err
	}
	o := d.planned(ctx, t, engine.OriginHand, d.clock.Now(), "Posted by hand.")
	o.CostMax = 0 // koira spends nothing on it
	if err := d.add(ctx, o, a); err != nil {
		return o, err
	}
	_, err = d.store.Move(ctx, engine.Move{Output: o.ID, From: engine.StatePlanned, To: engine.StateHanded, By: a, At: d.clock.Now(), Why: "posted by hand"})
	if err != nil {
		return o, d.failedMove(ctx, a, o, err, undone)
	}
	o.State = engine.StateHanded
	return o, d.handPublished(ctx, a, o, address, undone)
}

// newLink refuses a link under which another piece of that channel is recorded already: one link is one post, and is measured once.
func (d *Desk) newLink(ctx context.Context, channel, address string) error {
	there, err := d.store.Outputs(ctx, engine.OutputFilter{Channel: channel, URL: address, States: []engine.State{engine.StatePublished, engine.StateSettled}, Limit: 1})
	if err != nil {
		return failed("looking for the link", address, err)
	}
	if len(there) == 0 {
		return nil
	}
	other := there[0]
	t, err := d.store.Task(ctx, other.Task)
	if err != nil {
		return failed("reading the task of", other.ID, err)
	}
	what := "something that was posted by hand"
	if len(other.Variants) > 0 {
		first, _, _ := strings.Cut(cmp.Or(other.Variants[0].Subject, other.Variants[0].Body), "\n")
		what = quoted(cut(first))
	}
	e := engine.Errorf(engine.CodeConflict, "That link is recorded already, for %s (%s, %s). One link is one post: give this one's own. Nothing changed.",
		what, t.Name, d.when(ctx, other.PublishedAt))
	e.Field = "link"
	return e
}
