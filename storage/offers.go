package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const offerColumns = `id, task, was, becomes, state, at, proof, until, by_id, moved_at, why`

type offerRow struct {
	ID      string            `db:"id"`
	Task    string            `db:"task"`
	From    engine.Level      `db:"was"`
	To      engine.Level      `db:"becomes"`
	State   engine.OfferState `db:"state"`
	At      stamp             `db:"at"`
	Proof   string            `db:"proof"`
	Until   stamp             `db:"until"`
	By      string            `db:"by_id"`
	MovedAt stamp             `db:"moved_at"`
	Why     string            `db:"why"`
}

func (r offerRow) offer() engine.RaiseOffer {
	return engine.RaiseOffer{
		ID: r.ID, Task: r.Task, From: r.From, To: r.To, State: r.State, At: r.At.time(), Proof: r.Proof, Until: r.Until.time(), By: r.By,
		MovedAt: r.MovedAt.time(), Why: r.Why,
	}
}

// AddRaiseOffer writes an open offer and queues its card. Code conflict when one of the task's is not closed, or the task is not at From any more.
func (db *DB) AddRaiseOffer(ctx context.Context, o engine.RaiseOffer) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := task(ctx, t, o.Task)
		if err != nil {
			return err
		}
		if now.Level != o.From {
			return engine.Errorf(engine.CodeConflict, "%q is at %s now; nothing was offered.", o.Task, now.Level)
		}
		_, err = t.exec(ctx, `
			INSERT INTO offers (`+offerColumns+`)
			VALUES (?, ?, ?, ?, 'open', ?, ?, NULL, ?, ?, '')`,
			o.ID, o.Task, o.From, o.To, stamp(o.At), o.Proof, engine.Koira.ID, stamp(o.At))
		if isUnique(err) {
			return engine.Errorf(engine.CodeConflict, "An offer for %q stands already.", o.Task)
		}
		if err != nil {
			return err
		}
		o.State = engine.OfferOpen
		return t.tellOffer(ctx, o, engine.Koira, o.At)
	})
}

// MoveRaiseOffer changes an offer's state and brings its card up to date. Code conflict when it is in another state than m.From.
func (db *DB) MoveRaiseOffer(ctx context.Context, m engine.OfferMove) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error { return t.moveOffer(ctx, m) })
}

func (t *tx) moveOffer(ctx context.Context, m engine.OfferMove) error {
	n, err := t.exec(ctx, `
		UPDATE offers
		SET    state = ?, until = ?, by_id = ?, moved_at = ?, why = ?
		WHERE  id = ? AND state = ?`,
		string(m.To), stamp(m.Until), m.By.ID, stamp(m.At), m.Why, m.ID, string(m.From))
	switch {
	case err != nil:
		return err
	case n == 0:
		return engine.Errorf(engine.CodeConflict, "That offer has moved meanwhile.")
	}
	o, err := offer(ctx, t, m.ID)
	if err != nil {
		return err
	}
	return t.tellOffer(ctx, o, m.By, m.At)
}

// tellOffer writes the event of an offer's new state and queues its card.
func (t *tx) tellOffer(ctx context.Context, o engine.RaiseOffer, by engine.Actor, at time.Time) error {
	if err := t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: "offer." + string(o.State), Subject: o.ID,
		Detail: map[string]string{"task": o.Task, "from": o.From.String(), "to": o.To.String(), "why": o.Why},
	}); err != nil {
		return err
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeOffer, Subject: o.ID, Due: at})
}

// closeOffers closes what is offered for a task whose level moves.
func (t *tx) closeOffers(ctx context.Context, c engine.TaskChange) error {
	live, err := liveOffers(ctx, t, c.Task)
	for _, o := range live {
		why := "its level moved to " + c.To.String()
		if c.To == o.To && c.Grant != nil {
			why = "allowed"
		}
		if err := t.moveOffer(ctx, engine.OfferMove{ID: o.ID, From: o.State, To: engine.OfferClosed, By: c.By, At: c.At, Why: why}); err != nil {
			return err
		}
	}
	return err
}

// LiveOffers returns the offers that are not closed, by task; task "" means all.
func (db *DB) LiveOffers(ctx context.Context, task string) ([]engine.RaiseOffer, error) {
	offers, err := liveOffers(ctx, db.few(), task)
	return offers, translate(err)
}

func liveOffers(ctx context.Context, q sqlx.QueryerContext, task string) ([]engine.RaiseOffer, error) {
	var rows []offerRow
	err := all(ctx, q, &rows, `
		SELECT `+offerColumns+`
		FROM   offers
		WHERE  state <> 'closed' AND (task = ? OR ? = '')
		ORDER BY task`, task, task)
	offers := make([]engine.RaiseOffer, 0, len(rows))
	for _, r := range rows {
		offers = append(offers, r.offer())
	}
	return offers, err
}

// RaiseOffer has code not_found.
func (db *DB) RaiseOffer(ctx context.Context, id string) (engine.RaiseOffer, error) {
	o, err := offer(ctx, db.few(), id)
	return o, translate(err)
}

func offer(ctx context.Context, q sqlx.QueryerContext, id string) (engine.RaiseOffer, error) {
	var r offerRow
	err := get(ctx, q, &r, `
		SELECT `+offerColumns+`
		FROM   offers
		WHERE  id = ?`, id)
	return r.offer(), orAbsent(err, "offer", id)
}
