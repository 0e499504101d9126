package desk

import (
	"context"
	"slices"

	"koira/engine"
)

// editable are the states in which a piece's words may change. A scheduled piece is taken back by it.
var editable = []engine.State{engine.StateWaiting, engine.StateHeld, engine.StateScheduled}

// Edit replaces the words of a piece by texts: Subject, Body, CallToAction and AltText of each wording that is named; links are set by code
// and stay. The new version has a new digest and waits for a yes: saving does not approve. It returns the piece as it stands and what the gate
// says of it; a verdict that blocks means that it was saved and is held. Code invalid names the field, also when nothing differs, so a second
// call changes nothing; code conflict says what changed since.
func (d *Desk) Edit(ctx context.Context, a engine.Actor, output string, digest engine.Digest, texts []engine.Variant) (engine.Output, engine.Verdict, error) {
	type edited struct {
		Output  engine.Output
		Verdict engine.Verdict
	}
	e, err := once(ctx, d, "edit", func(ctx context.Context) (e edited, err error) {
		e.Output, e.Verdict, err = d.edit(ctx, a, output, digest, texts)
		return e, err
	})
	return e.Output, e.Verdict, err
}

func (d *Desk) edit(ctx context.Context, a engine.Actor, output string, digest engine.Digest, texts []engine.Variant) (engine.Output, engine.Verdict, error) {
	const undone = "Not saved."
	a, o, err := d.open(ctx, a, ActionEdit, output)
	if err != nil {
		return o, engine.Verdict{}, err
	}
	if err := d.editable(ctx, a, o, digest, undone); err != nil {
		return o, engine.Verdict{}, err
	}
	draft, err := d.reword(o, texts)
	if err != nil {
		return o, engine.Verdict{}, err
	}
	if draft.Digest == o.Digest {
		return o, engine.Verdict{}, engine.Errorf(engine.CodeInvalid, "The text is the same as before. Nothing changed.")
	}
	draft.EditedBy = a.ID
	// Edits add up from koira's draft on, since the words between two edits are not kept: an upper bound of what differs from it.
	draft.Changed = min(1, o.Changed+changed(o.Variants, draft.Variants))
	return d.redraft(ctx, a, o, draft, "edited: the new words wait for a yes", undone)
}

// editable refuses an edit of a piece that has moved on, that somebody approved, or that was on its way once.
func (d *Desk) editable(ctx context.Context, a engine.Actor, o engine.Output, digest engine.Digest, undone string) error {
	if o.State == engine.StateHanded {
		return engine.Errorf(engine.CodeConflict, "This one is published by hand: change the words as you post it. %s", undone)
	}
	if o.Digest != digest || !slices.Contains(editable, o.State) {
		return d.lost(ctx, a, o.ID, digest, undone)
	}
	if o.State == engine.StateScheduled {
		p, err := d.store.Approval(ctx, o.ID, o.Digest)
		if err != nil {
			return failed("reading the approval of", o.ID, err)
		}
		if p != nil {
			return d.lost(ctx, a, o.ID, digest, "To change it, take it back first. "+undone)
		}
	}
	return d.neverSent(ctx, o, undone)
}

// neverSent refuses new words for a piece with a delivery that was begun: its key may be known at the channel, and a key's bytes never change.
func (d *Desk) neverSent(ctx context.Context, o engine.Output, undone string) error {
	begun, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return failed("reading the sends of", o.ID, err)
	}
	if len(begun) > 0 {
		return engine.Errorf(engine.CodeConflict, "This was on its way once, so its words stay as they are: drop it and ask for a new draft. %s", undone)
	}
	return nil
}

// reword is o with the given texts, rendered.
func (d *Desk) reword(o engine.Output, texts []engine.Variant) (engine.Output, error) {
	ch, err := d.channel(o.Channel)
	if err != nil {
		return o, err
	}
	o.Variants = slices.Clone(o.Variants)
	for _, t := range texts {
		i := slices.IndexFunc(o.Variants, func(v engine.Variant) bool { return v.Name == t.Name })
		if i < 0 {
			return o, engine.Errorf(engine.CodeInvalid, "There is no wording %q in this piece. Nothing changed.", cut(t.Name))
		}
		if o.Variants[i], err = wording(o.Variants[i], t, ch.Traits().Subject); err != nil {
			return o, err
		}
	}
	return d.render(o)
}

// wording is v with what people may change taken from t.
func wording(v, t engine.Variant, subject bool) (engine.Variant, error) {
	if !subject { // a channel without subjects shows none to edit
		t.Subject = v.Subject
	}
	var err error
	for _, f := range []struct {
		to       *string
		name     string
		label    string
		text     string
		required bool
		longest  int
	}{
		{&v.Subject, ".subject", "The subject", t.Subject, subject, maxSubject},
		{&v.Body, ".body", "The text", t.Body, true, maxBody},
		{&v.CallToAction, ".call_to_action", "The call to action", t.CallToAction, false, maxSubject},
		{&v.AltText, ".alt_text", "The picture's description", t.AltText, false, maxNote},
	} {
		if *f.to, err = field(v.Name+f.name, f.label+" of wording "+v.Name, f.text, f.required, f.longest); err != nil {
			return v, err
		}
	}
	return v, nil
}
