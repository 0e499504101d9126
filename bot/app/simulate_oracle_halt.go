package app

import (
	"bytes"
	"context"
	"encoding/json"

	"koira/blocks"
	"koira/engine"
)

// halted: what people are told of a delivery that was to be stopped is what became of it in the world, though its answer may have been lost: how many
// have it where it was stopped, that it was too late where all have it, and nothing that was not confirmed.
func (o *oracle) halted(ctx context.Context, e engine.Event) error {
	if e.Action != "send.halted" {
		return nil
	}
	id := e.Detail["output"]
	v, err := o.s.core.Report.Piece(ctx, id)
	if err != nil || v.Halt == nil || v.Halt.AnsweredAt.IsZero() {
		return err
	}
	had, of, cut := 0, 0, false
	for _, c := range o.s.world.Copies() {
		if c.Output == id {
			if o.unanswered[c.ID] {
				o.s.count("halt: told after a lost answer")
			}
			had, of, cut = had+o.s.world.Had(c.ID), of+c.Audience, cut || !c.Halted.IsZero()
		}
	}
	card, err := json.Marshal(blocks.Piece(v).Blocks)
	if err != nil {
		return err
	}
	open := bytes.Contains(card, []byte("Nothing confirmed that the rest was stopped"))
	switch h := v.Halt; {
	case h.All == 0 && !open && v.Rest == nil && !v.Traits.Retract:
		return o.s.breach("nobody knows whether %s was stopped, and its card does not say so: %s", id, card)
	case h.All == 0:
		o.s.count("halt: nobody knows")
	case open:
		return o.s.breach("%s was stopped at %d of %d, and its card does not say so", id, h.Reached, h.All)
	case h.Reached < h.All && (!cut || h.Reached != had || h.All != of):
		return o.s.breach("%s is told to have been stopped at %d of %d; %d of %d have it, cut short %t", id, h.Reached, h.All, had, of, cut)
	case h.Reached < h.All:
		o.s.count("halt: cut short")
	case cut || had < of:
		return o.s.breach("%s is told to have been stopped too late; %d of %d have it", id, had, of)
	default:
		o.s.count("halt: too late")
	}
	return nil
}
