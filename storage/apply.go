package storage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"koira/engine"
)

// outcomes is what may become of a send in each state. A retraction that came to nothing is published again; one that is not known to have
// worked stays retracting.
var outcomes = map[engine.SendState][]engine.SendState{
	engine.SendPublishing:  {engine.SendPublished, engine.SendUnconfirmed, engine.SendFailed, engine.SendPending},
	engine.SendUnconfirmed: {engine.SendPublished, engine.SendUnconfirmed, engine.SendFailed, engine.SendPending},
	engine.SendRetracting:  {engine.SendRetracted, engine.SendPublished, engine.SendRetracting},
}

// Apply writes the result of one attempt and moves the output to what its sends derive to; code conflict when the fence is old or the
// send is not in publishing, unconfirmed or retracting. Money is committed or released with the move, and the channel's breaker is kept. Where the first
// readers have a piece, the rest of it is due after a while; where they certainly or perhaps have not and nobody tries again, the rest ends with them.
func (db *DB) Apply(ctx context.Context, r engine.Result) error {
	if r.By.ID == "" {
		r.By = engine.Koira
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		was, err := t.apply(ctx, r)
		if err != nil {
			return err
		}
		o, err := outputByID(ctx, t, was.Output)
		if err != nil {
			return err
		}
		return t.count(ctx, o.Channel, was, r)
	})
}

// apply writes a result and everything that follows from it for its piece; it returns the send as it was.
func (t *tx) apply(ctx context.Context, r engine.Result) (sendRow, error) {
	was, err := sendByID(ctx, t, r.Send)
	if err != nil {
		return was, err
	}
	if err := awaits(was, r); err != nil {
		return was, err
	}
	if err := t.writeResult(ctx, was, r); err != nil {
		return was, err
	}
	before, err := outputByID(ctx, t, was.Output)
	if err != nil {
		return was, err
	}
	if err := t.endsRest(ctx, before, was, r); err != nil {
		return was, err
	}
	if err := t.pay(ctx, before, was, r); err != nil {
		return was, err
	}
	if err := t.ride(ctx, before, r); err != nil {
		return was, err
	}
	return was, t.follow(ctx, before, was, r)
}

// endsRest ends the rest of o where its first readers do not get it, or are known so late to have it that its time is over before the rest may follow.
func (t *tx) endsRest(ctx context.Context, o outputRow, was sendRow, r engine.Result) error {
	switch {
	case was.Wave == 1 && r.State == engine.SendFailed && r.Evidence == engine.Dropped:
		return t.endRest(ctx, o.ID, "nobody knows whether its first readers have it")
	case was.Wave == 1 && r.State == engine.SendFailed:
		return t.endRest(ctx, o.ID, "its first part did not go out")
	case was.Wave != 1 || r.State != engine.SendPublished || o.Expires.time().IsZero():
		return nil
	}
	g, err := t.db.guardrails(ctx, t)
	if err != nil {
		return err
	}
	first := was.send()
	first.PublishedAt = r.At
	if g.Wave.Until(first).Before(o.Expires.time()) {
		return nil
	}
	return t.endRest(ctx, o.ID, "It got too late for the rest.")
}

// pay commits what a result cost.
func (t *tx) pay(ctx context.Context, o outputRow, was sendRow, r engine.Result) error {
	switch {
	case r.SpentAll:
		p, err := purseOf(ctx, t, o.ID)
		if err != nil {
			return err
		}
		_, most := shareOf(o.output(), was.send())
		return t.commit(ctx, o, min(p.reserved(), most), r.At)
	case r.State == engine.SendPublished && was.State != engine.SendRetracting:
		return t.commit(ctx, o, r.Spent, r.At)
	}
	return nil
}

// awaits refuses a result that nobody waits for any more, or that cannot be.
func awaits(s sendRow, r engine.Result) error {
	may, waiting := outcomes[s.State]
	switch {
	case !waiting || s.Fence != r.Fence:
		return engine.Errorf(engine.CodeConflict, "This attempt is over (it was number %d; %d is %s now); its result was not taken.", r.Fence, s.Fence, s.State)
	case !slices.Contains(may, r.State):
		return engine.Errorf(engine.CodeInternal, "A send that is %s cannot become %s.", s.State, r.State)
	}
	return nil
}

// writeResult writes the send and its event.
func (t *tx) writeResult(ctx context.Context, s sendRow, r engine.Result) error {
	was := s.State
	s.State, s.Evidence, s.QuietUntil = r.State, r.Evidence, stamp{}
	fillRef(&s, r.Ref)
	switch r.State {
	case engine.SendUnconfirmed:
		s.QuietUntil = stamp(r.QuietUntil)
	case engine.SendPublished:
		if was != engine.SendRetracting {
			s.PublishedAt = stamp(r.At)
		}
		if s.NextRead.time().IsZero() { // also after a removal that came to nothing: one more reading settles it again
			s.NextRead = stamp(r.At)
		}
	case engine.SendRetracted:
		s.NextRead = stamp{}
	}
	s.GoneAt, s.LookedAt = stamp(r.GoneAt), stamp(r.LookedAt)
	if r.Probed {
		s.Probes++
	}
	if _, err := t.exec(ctx, `
		UPDATE sends
		SET    state = ?, ref_id = ?, ref_url = ?, quiet_until = ?, probes = ?, evidence = ?, published_at = ?, next_read = ?,
		       gone_at = ?, looked_at = ?
		WHERE  id = ? AND fence = ?`,
		string(s.State), s.RefID, s.RefURL, s.QuietUntil, s.Probes, s.Evidence, s.PublishedAt, s.NextRead, s.GoneAt, s.LookedAt, s.ID, r.Fence); err != nil {
		return err
	}
	return t.record(ctx, engine.Event{
		At: r.At, Actor: r.By.ID, Surface: r.By.Surface, Action: "send." + string(s.State), Subject: s.ID,
		Detail: map[string]string{
			"output": s.Output, "from": string(was), "fence": strconv.Itoa(s.Fence), "evidence": r.Evidence, "why": r.Why, "probed": yes(r.Probed), "ref": s.RefID,
			"refused": yes(r.Refused),
		},
	})
}

func fillRef(s *sendRow, ref engine.Ref) {
	if ref.ID != "" {
		s.RefID = ref.ID
	}
	if ref.URL != "" {
		s.RefURL = ref.URL
	}
}

// ride writes what comes with a result: exceptions that it answers, one that it opens, notices.
func (t *tx) ride(ctx context.Context, o outputRow, r engine.Result) error {
	unsure, err := t.unsure(ctx, o.ID)
	if err != nil {
		return err
	}
	if r.Close != "" && !unsure { // while another part is of unknown outcome, the question stands
		rows, err := t.aboutOutput(ctx, o.ID)
		if err != nil {
			return err
		}
		if err := t.closeAll(ctx, rows, r.By, r.At, r.Close); err != nil {
			return err
		}
	}
	asked := false
	if r.Open != nil && r.Open.Trouble == engine.TroubleCredentials { // a channel that rests for it is asked about already
		b, err := breaker(ctx, t, o.Channel)
		if err != nil {
			return err
		}
		asked = b.Pause != nil
	}
	if r.Open != nil && !asked {
		if err := t.raise(ctx, about(*r.Open, o, r.At), r.By); err != nil {
			return err
		}
	}
	return t.queueAll(ctx, r.At, r.Notices)
}

// unsure reports whether what became of a part of an output is unknown.
func (t *tx) unsure(ctx context.Context, output string) (bool, error) {
	sends, err := sendsOf(ctx, t, output)
	return slices.ContainsFunc(sends, func(s engine.Send) bool { return s.State == engine.SendUnconfirmed }), err
}

// follow moves the output to what its sends say together. Where that is no move of an output's life, or no news, the output stays and only
// its next look and its attempts change.
func (t *tx) follow(ctx context.Context, before outputRow, was sendRow, r engine.Result) error {
	sends, err := sendsOf(ctx, t, before.ID)
	if err != nil {
		return err
	}
	after := before
	if state, ok := engine.Derive(sends); ok && engine.CanMove(before.State, state) {
		after.State = state
	}
	if first, _, ok := engine.Waves(sends); ok && after.State == engine.StatePublished {
		after.PublishedAt = stamp(first.PublishedAt)
	}
	switch r.State {
	case engine.SendPending:
		after.Attempts++
	case engine.SendPublished:
		after.Attempts = 0
		if was.State != engine.SendRetracting && after.URL == "" {
			after.URL = r.Ref.URL
		}
	}
	if after.Due, err = t.dueAfterResult(ctx, before, after, sends, r); err != nil {
		return err
	}
	if engine.Partly(sends) { // people hear that it began, while the rest can still be stopped
		if err := t.queue(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: after.ID, Due: r.At}); err != nil {
			return err
		}
	}
	if after.State == before.State {
		after.UpdatedAt = stamp(r.At)
		if err := t.update(ctx, before, after); err != nil || r.Open == nil {
			return err
		}
		return t.tell(ctx, before.State, after, r.At) // people are asked now, and its card says so
	}
	if after.State == engine.StatePublished { // a part whose last measurement was taken before all was out is read once more, which settles the whole
		if _, err := t.exec(ctx, `
			UPDATE sends
			SET    next_read = ?
			WHERE  output = ? AND state = 'published' AND next_read IS NULL`, stamp(r.At), after.ID); err != nil {
			return err
		}
	}
	return t.advance(ctx, before, after, step{r.By, r.At, r.Why, map[string]string{"evidence": r.Evidence}})
}

// dueAfterResult is when the loop looks at the output next. What waits for a person's answer is not due: it stands in the exception queue.
func (t *tx) dueAfterResult(ctx context.Context, before, after outputRow, sends []engine.Send, r engine.Result) (stamp, error) {
	switch after.State {
	case engine.StateScheduled:
		due := latest(r.RetryAt, r.At)
		if first, _, parts := engine.Waves(sends); parts && r.State == engine.SendPublished { // the rest follows after a while
			g, err := t.db.guardrails(ctx, t)
			if err != nil {
				return stamp{}, err
			}
			due = latest(g.Wave.Until(first), r.At)
		}
		if end := after.Expires.time(); !end.IsZero() && due.After(end) {
			due = end // however long it is to wait: its end is not late, and neither is whoever hears of it
		}
		return stamp(due), nil
	case engine.StateUnconfirmed:
		if r.State != engine.SendUnconfirmed {
			return before.Due, nil
		}
		if next := latest(r.QuietUntil, r.RetryAt); !next.IsZero() {
			return stamp(next), nil
		}
		asked, err := t.aboutOutput(ctx, after.ID)
		if err != nil || len(asked) > 0 {
			return stamp{}, err
		}
		return stamp(r.At), nil
	case engine.StateRetracting:
		return stamp(latest(r.RetryAt, r.At)), nil
	}
	return dueAfter(after, r.At), nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
