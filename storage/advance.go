package storage

import (
	"context"
	"maps"
	"strconv"
	"time"

	"koira/engine"
)

// step is who moved an output, when and why, as the log shows it.
type step struct {
	by     engine.Actor
	at     time.Time
	why    string
	detail map[string]string
}

// advance writes a move, from before to after, and what is true of every move: the ledger agrees, the log has a line, the card is brought up to date.
func (t *tx) advance(ctx context.Context, before, after outputRow, s step) error {
	if after.State == engine.StatePublished && after.PublishedAt.time().IsZero() {
		after.PublishedAt = stamp(s.at)
	}
	after.UpdatedAt = stamp(s.at)
	if err := t.update(ctx, before, after); err != nil {
		return err
	}
	if err := t.settle(ctx, before, after, s.at); err != nil {
		return err
	}
	detail := map[string]string{
		"from": string(before.State), "to": string(after.State), "digest": after.Digest.Short(), "why": s.why, "task": after.Task,
		"slot": after.Slot.time().Format(time.RFC3339),
	}
	maps.Copy(detail, s.detail)
	if err := t.record(ctx, engine.Event{
		At: s.at, Actor: s.by.ID, Surface: s.by.Surface, Action: "output." + string(after.State), Subject: after.ID, Detail: detail,
	}); err != nil {
		return err
	}
	return t.tell(ctx, before.State, after, s.at)
}

// update writes what a move changes, where the output is still as it was read; what only a new draft or a new time changes is left alone
// otherwise, since each index on it would be written anew.
func (t *tx) update(ctx context.Context, before, after outputRow) error {
	n, err := t.exec(ctx, `
		UPDATE outputs
		SET    state = ?, due = ?, waits_for = ?, attempts = ?, url = ?, updated_at = ?
		WHERE  id = ? AND state = ? AND digest = ?`,
		string(after.State), after.Due, after.WaitsFor, after.Attempts, after.URL, after.UpdatedAt, before.ID, string(before.State), string(before.Digest))
	switch {
	case err != nil:
		return err
	case n == 0:
		return engine.Errorf(engine.CodeConflict, "Somebody else was first; nothing was changed.")
	}
	if err := t.updateDraft(ctx, before, after); err != nil || after.PublishedAt == before.PublishedAt {
		return err
	}
	_, err = t.exec(ctx, `
		UPDATE outputs
		SET    published_at = ?, posted_by = ?
		WHERE  id = ?`, after.PublishedAt, after.PostedBy, after.ID)
	return err
}

// updateDraft writes what belongs to the copy, where it changed.
func (t *tx) updateDraft(ctx context.Context, before, after outputRow) error {
	if after.draft() == before.draft() {
		return nil
	}
	_, err := t.exec(ctx, `
		UPDATE outputs
		SET    slot = ?, expires = ?, arms = ?, cost_max = ?, audience = ?, digest = ?, strategy_version = ?, guardrail_version = ?, confidence = ?, line = ?,
		       writer = ?, edited_by = ?, changed = ?, sketch = ?, title = ?
		WHERE  id = ?`,
		after.Slot, after.Expires, after.Arms, after.CostMax, after.Audience, string(after.Digest), after.StrategyVersion, after.GuardrailVersion,
		after.Confidence, after.Line, after.Writer, after.EditedBy, after.Changed, after.Sketch, after.Title, after.ID)
	if isUnique(err) {
		return &engine.Error{Code: engine.CodeConflict, Message: "Another piece of this task already stands at that time.", Err: err}
	}
	return err
}

// seen are the states that people hear of whether or not they have a card of the output yet: they are to act on it, or it is how it ended.
var seen = map[engine.State]bool{
	engine.StateWaiting: true, engine.StateHanded: true, engine.StateUnconfirmed: true, engine.StatePublished: true,
	engine.StateRejected: true, engine.StateExpired: true, engine.StateFailed: true, engine.StateRetracted: true,
}

// unseen are the states that no card shows: the next one follows at once, or nothing is different for people.
var unseen = map[engine.State]bool{engine.StatePublishing: true, engine.StateSettled: true}

// tell queues the output's card when it has one, or is to have one, so that no card ever shows what is not so any more.
func (t *tx) tell(ctx context.Context, from engine.State, after outputRow, at time.Time) error {
	if unseen[after.State] {
		return nil
	}
	if !seen[after.State] && !seen[from] {
		posted, err := t.hasCard(ctx, after.ID)
		if err != nil || !posted {
			return err
		}
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: after.ID, Due: at})
}

// dueAfter is when the loop looks at an output next after a move, unless the mover says otherwise: at the moment that something can
// happen by itself, and never in a state where nothing can.
func dueAfter(o outputRow, at time.Time) stamp {
	switch o.State {
	case engine.StatePlanned, engine.StateDrafted, engine.StatePublishing, engine.StateRetracting:
		return stamp(at)
	case engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateUnconfirmed:
		return o.Expires
	case engine.StateScheduled:
		return o.Slot
	}
	return stamp{}
}

// standing refuses an output that is not in the state, or not with the content, that its mover saw.
func (r outputRow) standing(state engine.State, digest engine.Digest) error {
	switch {
	case r.State != state:
		return engine.Errorf(engine.CodeConflict, "This piece is %s now; nothing was changed.", r.State)
	case r.Digest != digest:
		return engine.Errorf(engine.CodeConflict, "This piece has changed since you looked (it is %s now, you saw %s); nothing was changed.", r.Digest.Short(), digest.Short())
	}
	return nil
}

func micros(m engine.Money) string { return strconv.FormatInt(int64(m), 10) }
