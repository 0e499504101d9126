package desk

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// ItIsThere is a person's word that a piece of which the outcome was unknown is live, and where. All that was set aside for what is said to be there
// counts as spent, since nobody knows better. The link is not opened. Where it went to its first readers, the rest follows as after any first wave.
// Code conflict when it is settled already, so also on a second call.
func (d *Desk) ItIsThere(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	return d.once(ctx, "it is there", func(ctx context.Context) error { return d.itIsThere(ctx, a, output, digest, address) })
}

func (d *Desk) itIsThere(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	a, o, err := d.openUnsure(ctx, a, ActionResolve, output, digest)
	if err != nil {
		return err
	}
	if address, err = link(address); err != nil {
		return err
	}
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return failed("settling", o.ID, err)
	}
	return d.settle(ctx, a, o, func(s engine.Send, w engine.Wave) engine.Result {
		r := engine.Result{
			State: engine.SendPublished, Ref: engine.Ref{ID: cmp.Or(s.Ref.ID, address), URL: address},
			Evidence: engine.FoundByPerson, Why: engine.FoundByPerson, Close: "found live",
		}
		if s.Wave == 1 {
			follow := "the other %s follow"
			if s.PublishedAt = d.clock.Now(); !g.Wave.Until(s).Before(o.Expires) {
				follow = "it is too late for the other %s"
			}
			r.Close = fmt.Sprintf("found live with the first %s; "+follow, engine.Thousands(w.Reached), engine.Thousands(w.Left()))
		}
		return r
	})
}

// DropUnsure gives up every delivery of a piece of which the outcome is unknown: none is sent again, and nothing follows. What is known to be live
// stays so. Code conflict when it is settled already.
func (d *Desk) DropUnsure(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	return d.once(ctx, "drop unsure", func(ctx context.Context) error { return d.dropUnsure(ctx, a, output, digest) })
}

func (d *Desk) dropUnsure(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	a, o, err := d.openUnsure(ctx, a, ActionResolve, output, digest)
	if err != nil {
		return err
	}
	return d.settle(ctx, a, o, func(s engine.Send, w engine.Wave) engine.Result {
		r := engine.Result{State: engine.SendFailed, Evidence: engine.Dropped, Why: "dropped", Close: "dropped"}
		switch s.Wave {
		case 1:
			r.Close = fmt.Sprintf("dropped: %s of %s readers do not get it", engine.Thousands(w.Left()), engine.Thousands(w.Of))
		case 2:
			r.Close = fmt.Sprintf("dropped: nobody knows of %s of %s readers", engine.Thousands(w.Left()), engine.Thousands(w.Of))
		}
		return r
	})
}

// settle writes a person's answer about every delivery of o of which the outcome is unknown: they may have cost all that was set aside for them.
func (d *Desk) settle(ctx context.Context, a engine.Actor, o engine.Output, answer func(engine.Send, engine.Wave) engine.Result) error {
	sends, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return failed("reading the sends of", o.ID, err)
	}
	first, rest, _ := engine.Waves(sends)
	for _, s := range sends {
		if s.State != engine.SendUnconfirmed {
			continue
		}
		r := answer(s, engine.Wave{Reached: first.People, Of: first.People + rest.People})
		r.Send, r.Fence, r.At, r.By, r.SpentAll = s.ID, s.Fence, d.clock.Now(), a, true
		if err := d.store.Apply(ctx, r); err != nil {
			return d.failedMove(ctx, a, o, err, "Nothing changed.")
		}
	}
	return nil
}

// grace keeps the loop from going on with a piece that is in the middle of an act of several moves.
const grace = 10 * time.Minute

// openUnsure reads a piece of which the outcome is unknown.
func (d *Desk) openUnsure(ctx context.Context, a engine.Actor, action Action, id string, digest engine.Digest) (engine.Actor, engine.Output, error) {
	a, o, err := d.open(ctx, a, action, id)
	if err == nil && (o.State != engine.StateUnconfirmed || o.Digest != digest) {
		err = d.lost(ctx, a, o.ID, digest, "Nothing changed.")
	}
	return a, o, err
}
