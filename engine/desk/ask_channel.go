package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"koira/engine"
)

// asked is what a channel said of deliveries of which the outcome is unknown, before the act that goes by it: by the delivery as it stood then.
type asked map[delivery]*engine.Receipt // nil: it found nothing, or could not say

type delivery struct {
	send  string
	fence int
}

// askChannel asks the channel itself before a piece is sent to it a second time, where it can be asked: a person may have looked in the wrong
// place, or too early. It changes nothing, and asks nothing where the act will refuse anyway. The network may take its time, so no act waits for it.
func (d *Desk) askChannel(ctx context.Context, a engine.Actor, c Click, looked bool) (asked, error) {
	if engine.HasTurn(ctx) {
		return nil, engine.Errorf(engine.CodeInternal, "The channel of %s was to be asked within an act.", c.Output)
	}
	if !looked {
		return nil, nil
	}
	o, err := d.store.Output(ctx, c.Output)
	if err != nil || o.State != engine.StateUnconfirmed || o.Digest != c.Digest || d.Authorize(a, ActionResend, Object{ID: o.ID, Editor: o.EditedBy}) != nil {
		return nil, nil
	}
	ch, err := d.channel(o.Channel)
	if err != nil || !ch.Traits().Probe {
		return nil, nil
	}
	begun, err := d.repeatable(ctx, o, "")
	if err != nil {
		return nil, nil
	}
	seen, unsure := asked{}, unsureOf(begun)
	for _, s := range unsure {
		i, err := d.store.Intent(ctx, s.ID)
		if err != nil {
			return nil, failed("asking for", o.ID, err)
		}
		pctx, cancel := context.WithTimeout(ctx, d.timeout/time.Duration(len(unsure))) // the person who presses waits for all of it
		rec, err := d.doors[o.Channel].Probe(pctx, i, s.Ref)
		cancel()
		seen[delivery{s.ID, s.Fence}] = &rec
		if err != nil {
			seen[delivery{s.ID, s.Fence}] = nil
		}
	}
	return seen, nil
}

// found writes down what the channel found. Code conflict when something is there: it then counts as published; also when a delivery is not the one
// that the channel was asked about. A channel that finds nothing, or cannot say, leaves the person's word to stand.
func (d *Desk) found(ctx context.Context, a engine.Actor, o engine.Output, begun []engine.Send, seen asked, undone string) error {
	ch, err := d.channel(o.Channel)
	if err != nil || !ch.Traits().Probe {
		return err
	}
	var links []string
	unsure := unsureOf(begun)
	for _, s := range unsure {
		if _, ok := seen[delivery{s.ID, s.Fence}]; !ok {
			return engine.Errorf(engine.CodeConflict, "This moved while I looked whether %s has it. Press once more. %s", ch.Traits().Label, undone)
		}
	}
	for _, s := range unsure {
		rec := seen[delivery{s.ID, s.Fence}]
		if rec == nil {
			continue
		}
		err := d.store.Apply(ctx, engine.Result{
			Send: s.ID, Fence: s.Fence, State: engine.SendPublished, Ref: rec.Ref, At: d.clock.Now(), By: a, Probed: true, Spent: rec.Spent,
			Evidence: "found at the channel", Why: "looked once more before sending it again", Close: "found live",
		})
		if err != nil {
			return d.failedMove(ctx, a, o, err, undone)
		}
		links = append(links, rec.URL)
	}
	switch {
	case len(links) == 0:
		return nil
	case unsure[0].Wave == 1:
		return engine.Errorf(engine.CodeConflict, "Good that I looked once more: the first %s have it already. It counts as published to them now, and the rest follows. %s",
			engine.Thousands(unsure[0].People), undone)
	case len(links) == len(unsure):
		return engine.Errorf(engine.CodeConflict, "Good that I looked once more: %s has it already. It counts as published now: %s. %s", ch.Traits().Label, cmp.Or(links[0], "no link"), undone)
	}
	return engine.Errorf(engine.CodeConflict, "Good that I looked once more: %s has a part of it already. Say of the rest whether it is there, or drop it. %s", ch.Traits().Label, undone)
}

// unsureOf is what of begun has an unknown outcome.
func unsureOf(begun []engine.Send) []engine.Send {
	return slices.DeleteFunc(slices.Clone(begun), func(s engine.Send) bool { return s.State != engine.SendUnconfirmed })
}
