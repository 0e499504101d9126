package desk

import (
	"context"
	"fmt"

	"koira/engine"
)

// lost tells the asker, in code conflict, why an act on a piece came to nothing: it reads how the piece stands now and says who decided it
// and when. seen is the digest that the asker had before them, undone what therefore did not happen ("Not approved.").
func (d *Desk) lost(ctx context.Context, a engine.Actor, id string, seen engine.Digest, undone string) error {
	o, err := d.store.Output(ctx, id)
	if err != nil {
		return failed("reading", id, err)
	}
	text, who := d.standing(ctx, a, o, seen)
	e := engine.Errorf(engine.CodeConflict, "%s %s", text, undone)
	if who != "" && who != a.ID {
		e.Who = []string{who}
	}
	return e
}

// standing is one sentence on how o stands, and the id of whom it names.
func (d *Desk) standing(ctx context.Context, a engine.Actor, o engine.Output, seen engine.Digest) (text, who string) {
	at := d.when(ctx, o.UpdatedAt)
	switch o.State {
	case engine.StatePublished, engine.StateSettled:
		text = fmt.Sprintf("This went out at %s, before your tap at %s.", d.when(ctx, o.PublishedAt), d.when(ctx, d.clock.Now()))
		if ch := d.channels[o.Channel]; ch != nil && ch.Traits().Retract {
			text += " Its card can take it down."
		}
		return text, ""
	case engine.StatePublishing:
		return "This is going out at this moment.", ""
	case engine.StateUnconfirmed:
		return "It is not clear whether this went out; that is settled first.", ""
	case engine.StateRetracting, engine.StateRetracted:
		return d.takenDownBy(ctx, a, o)
	case engine.StateRejected:
		return d.rejectedBy(ctx, a, o)
	case engine.StateExpired:
		return fmt.Sprintf("This ended at %s: nobody had decided in time.", at), ""
	case engine.StateCancelled:
		return fmt.Sprintf("This was dropped at %s.", at), ""
	case engine.StateFailed:
		return fmt.Sprintf("This failed at %s and will not go out.", at), ""
	}
	if o.Digest != seen {
		if o.EditedBy != "" {
			return fmt.Sprintf("%s changed this draft at %s.", name(a, o.EditedBy), at), o.EditedBy
		}
		return fmt.Sprintf("This draft changed at %s.", at), ""
	}
	return d.queued(ctx, a, o)
}

// queued is the sentence for a piece that is still to go out, in the version that the asker saw.
func (d *Desk) queued(ctx context.Context, a engine.Actor, o engine.Output) (text, who string) {
	at := d.when(ctx, o.UpdatedAt)
	switch o.State {
	case engine.StateScheduled:
		p, err := d.store.Approval(ctx, o.ID, o.Digest)
		if err != nil || p == nil {
			return fmt.Sprintf("This is set to go out by itself at %s.", d.when(ctx, o.Slot)), ""
		}
		return fmt.Sprintf("%s approved this at %s. Nothing left to do.", name(a, p.By), d.when(ctx, p.At)), p.By
	case engine.StateHeld:
		return fmt.Sprintf("A rule stopped this at %s: fix the text or reject it.", at), ""
	case engine.StateHanded:
		return "This one is published by hand.", ""
	case engine.StateWaiting:
		return fmt.Sprintf("This has been waiting for a yes since %s.", at), ""
	}
	return "This is still being written.", ""
}

// rejections is how many of a task's newest rejections are searched for the one that ended a piece.
const rejections = 100

func (d *Desk) rejectedBy(ctx context.Context, a engine.Actor, o engine.Output) (text, who string) {
	r, ok, err := d.rejection(ctx, o)
	if err != nil || !ok {
		return fmt.Sprintf("This was rejected at %s.", d.when(ctx, o.UpdatedAt)), ""
	}
	return fmt.Sprintf("%s rejected this at %s. Nothing left to do.", name(a, r.By), d.when(ctx, r.At)), r.By
}

// rejection finds the rejection of o's present version.
func (d *Desk) rejection(ctx context.Context, o engine.Output) (engine.Rejection, bool, error) {
	all, err := d.store.Rejections(ctx, o.Task, rejections)
	for _, r := range all {
		if r.Output == o.ID && r.Digest == o.Digest {
			return r, true, nil
		}
	}
	return engine.Rejection{}, false, err
}

// name is how a sentence to a calls the person id.
func name(a engine.Actor, id string) string {
	if a.ID == id {
		return "You"
	}
	return "@" + id
}
