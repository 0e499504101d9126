package storage

import (
	"context"
	"strconv"
	"time"

	"koira/engine"
)

// Claim clears an output for the wire in one immediate transaction: it reads the view, runs gate on it, checks or makes the reservation, moves
// scheduled → publishing, makes the sends on the first claim and saves their intents with a new fence. Code conflict when somebody else was first
// or the digest moved, blocked when gate blocks (nothing is changed). A part that is out already gets no new intent.
func (db *DB) Claim(ctx context.Context, id string, digest engine.Digest, at time.Time, gate engine.Gate) ([]engine.Intent, engine.Verdict, error) {
	var intents []engine.Intent
	var verdict engine.Verdict
	if gate == nil {
		return nil, verdict, engine.Errorf(engine.CodeInternal, "Nothing is published without a gate.")
	}
	err := db.inTx(ctx, func(ctx context.Context, t *tx) error {
		before, err := outputByID(ctx, t, id)
		if err != nil {
			return err
		}
		if err := before.standing(engine.StateScheduled, digest); err != nil {
			return err
		}
		o, err := t.cleared(ctx, before)
		if err != nil {
			return err
		}
		v, err := db.view(ctx, t, o, engine.StageClaim, at)
		if err != nil {
			return err
		}
		if verdict, err = judge(gate, v); err != nil {
			return err
		}
		if err := t.ensureReserved(ctx, before, at); err != nil {
			return err
		}
		after := before
		after.State = engine.StatePublishing
		after.Due = dueAfter(after, at)
		s := step{by: engine.Koira, at: at, detail: map[string]string{"guardrails": strconv.Itoa(verdict.GuardrailVersion)}}
		if err := t.advance(ctx, before, after, s); err != nil {
			return err
		}
		intents, err = t.claimSends(ctx, o, verdict.Wave, at)
		return err
	})
	if err != nil {
		return nil, withRefusal(verdict, err), err
	}
	return intents, verdict, nil
}

// cleared reads the output with its bytes and refuses it when they are not what its digest says: then nobody approved them.
func (t *tx) cleared(ctx context.Context, r outputRow) (engine.Output, error) {
	one := []engine.Output{r.output()}
	if err := fillChildren(ctx, t, one); err != nil {
		return engine.Output{}, err
	}
	switch o := one[0]; {
	case len(o.Variants) == 0:
		return o, engine.Errorf(engine.CodeInternal, "This piece has no wording; it was not published.")
	case engine.DigestOf(o) != o.Digest:
		return o, engine.Errorf(engine.CodeInternal, "What this piece says is not what its digest covers; it was not published.")
	default:
		return o, nil
	}
}

// ensureReserved tops the reservation up to what the output may still cost.
func (t *tx) ensureReserved(ctx context.Context, o outputRow, at time.Time) error {
	p, err := purseOf(ctx, t, o.ID)
	if err != nil {
		return err
	}
	return t.hold(ctx, o, p, max(p.reserved(), p.rest(o.CostMax)), at)
}

// claimSends makes a send of each variant that has none, and claims each that waits. What goes to first people first has two sends of its one variant, of
// which the rest waits until the first is out.
func (t *tx) claimSends(ctx context.Context, o engine.Output, first int, at time.Time) ([]engine.Intent, error) {
	sends, err := sendsOf(ctx, t, o.ID)
	if err != nil {
		return nil, err
	}
	if len(sends) == 0 && first > 0 && first < o.Audience {
		if err := t.makeWaves(ctx, o, first, at); err != nil {
			return nil, err
		}
		if sends, err = sendsOf(ctx, t, o.ID); err != nil {
			return nil, err
		}
	}
	if one, rest, ok := engine.Waves(sends); ok {
		if one.State == engine.SendPublished {
			one = rest
		}
		return t.claimPart(ctx, o, one, at)
	}
	known := make(map[string]engine.Send, len(sends))
	for _, s := range sends {
		known[s.Variant] = s
	}
	var intents []engine.Intent
	for _, v := range o.Variants {
		s, old := known[v.Name]
		if old && s.State != engine.SendPending {
			continue
		}
		if s, err = t.claimSend(ctx, o, v, s, at); err != nil {
			return nil, err
		}
		i, err := intentOf(o, s)
		if err != nil {
			return nil, err
		}
		intents = append(intents, i)
	}
	if len(intents) == 0 {
		return nil, engine.Errorf(engine.CodeConflict, "No part of this piece is left to publish.")
	}
	return intents, nil
}

// makeWaves writes the two parts in which o goes out. The rest has a key of its own: no channel takes it for the first part.
func (t *tx) makeWaves(ctx context.Context, o engine.Output, first int, at time.Time) error {
	at = at.UTC().Truncate(resolution)
	v := o.Variants[0].Name
	one := engine.Send{ID: t.id(""), Output: o.ID, Variant: v, Segment: o.Segment, Key: o.ID + "-" + v, State: engine.SendPending, ClaimedAt: at, FirstAt: at, Wave: 1, People: first}
	rest := engine.Send{
		ID: t.id(""), Output: o.ID, Variant: v, Segment: o.Segment, Key: o.ID + "-" + v + "-rest", State: engine.SendPending, ClaimedAt: at, FirstAt: at,
		Wave: 2, Skip: first, People: o.Audience - first,
	}
	if err := t.insertSend(ctx, one); err != nil {
		return err
	}
	return t.insertSend(ctx, rest)
}

// claimPart claims one part of a piece, once it waits.
func (t *tx) claimPart(ctx context.Context, o engine.Output, s engine.Send, at time.Time) ([]engine.Intent, error) {
	if s.State != engine.SendPending {
		return nil, engine.Errorf(engine.CodeConflict, "No part of this piece is left to publish.")
	}
	s, err := t.claimSend(ctx, o, o.Variants[0], s, at)
	if err != nil {
		return nil, err
	}
	i, err := intentOf(o, s)
	return []engine.Intent{i}, err
}

// claimSend writes one intent: s with the next fence, or a first one when s is zero. A key fits into a web address: some channels carry it there.
func (t *tx) claimSend(ctx context.Context, o engine.Output, v engine.Variant, s engine.Send, at time.Time) (engine.Send, error) {
	at = at.UTC().Truncate(resolution) // the same in this intent as in one that is rebuilt
	var err error
	if s.ID == "" {
		s = engine.Send{
			ID: t.id(""), Output: o.ID, Variant: v.Name, Segment: o.Segment, Key: o.ID + "-" + v.Name, Fence: 1, State: engine.SendPublishing,
			ClaimedAt: at, FirstAt: at,
		}
		err = t.insertSend(ctx, s)
	} else {
		s.Fence, s.State, s.ClaimedAt, s.Probes = s.Fence+1, engine.SendPublishing, at, 0 // each attempt is looked for anew
		_, err = t.exec(ctx, `
			UPDATE sends
			SET    fence = ?, state = ?, claimed_at = ?, probes = ?
			WHERE  id = ?`, s.Fence, string(s.State), stamp(at), s.Probes, s.ID)
	}
	if err != nil {
		return s, err
	}
	return s, t.record(ctx, engine.Event{
		At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "send.claimed", Subject: s.ID,
		Detail: map[string]string{"output": o.ID, "variant": v.Name, "key": s.Key, "fence": strconv.Itoa(s.Fence), "digest": string(o.Digest)},
	})
}
