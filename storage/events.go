package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// head is the newest event, as far as it is known: after a failed commit it is asked of the file again.
type head struct {
	known bool
	seq   int64
	hash  string
}

type eventRow struct {
	Seq     int64  `db:"seq"`
	At      stamp  `db:"at"`
	Actor   string `db:"actor"`
	Surface string `db:"surface"`
	Action  string `db:"action"`
	Subject string `db:"subject"`
	Detail  string `db:"detail"`
	Prev    string `db:"prev"`
	Hash    string `db:"hash"`
}

// Record appends an event; Seq, Prev and Hash are given by the store.
func (db *DB) Record(ctx context.Context, e engine.Event) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error { return t.record(ctx, e) })
}

// Events returns events after seq, oldest first.
func (db *DB) Events(ctx context.Context, after int64, limit int) ([]engine.Event, error) {
	q := sqlx.QueryerContext(db.read)
	if limit <= 200 {
		q = db.few()
	}
	var rows []eventRow
	if err := all(ctx, q, &rows, `
		SELECT seq, at, actor, surface, action, subject, detail, prev, hash
		FROM   events
		WHERE  seq > ?
		ORDER BY seq LIMIT ?`, after, limit); err != nil {
		return nil, translate(err)
	}
	events := make([]engine.Event, 0, len(rows))
	for _, r := range rows {
		e, err := r.event()
		if err != nil {
			return nil, translate(err)
		}
		events = append(events, e)
	}
	return events, nil
}

// Ending returns how an output came to the state in which it ended, as the log has it; zero where that has no line. What ended lately stands near the
// log's end, from which it is looked for.
func (db *DB) Ending(ctx context.Context, output string, as engine.State) (engine.Ending, error) {
	var r struct {
		By  string `db:"actor"`
		Why string `db:"why"`
	}
	err := get(ctx, db.read, &r, `
		SELECT actor, COALESCE(json_extract(detail, '$.why'), '') AS why
		FROM   events
		WHERE  subject = ? AND action = ?
		ORDER BY seq DESC LIMIT 1`, output, "output."+string(as))
	if errors.Is(err, sql.ErrNoRows) {
		return engine.Ending{}, nil
	}
	return engine.Ending{By: r.By, Why: r.Why}, translate(err)
}

// Deeds returns when people changed something in Slack in [from, to), oldest first, each moment once. What was refused, or asked about and not yet
// done, changed nothing; nor did a look.
func (db *DB) Deeds(ctx context.Context, from, to time.Time) ([]engine.Deed, error) {
	var rows []struct {
		By string `db:"actor"`
		At stamp  `db:"at"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT DISTINCT actor, at
		FROM   events
		WHERE  at >= ? AND at < ? AND surface = ? AND action NOT IN ('denied', 'request.asked', 'owner.seen')
		ORDER BY at, actor`, stamp(from), stamp(to), engine.SurfaceSlack); err != nil {
		return nil, translate(err)
	}
	deeds := make([]engine.Deed, len(rows))
	for i, r := range rows {
		deeds[i] = engine.Deed{By: r.By, At: r.At.time()}
	}
	return deeds, nil
}

// Head returns the newest event's number and hash.
func (db *DB) Head(ctx context.Context) (seq int64, hash string, err error) {
	h, err := newestEvent(ctx, db.few())
	return h.seq, h.hash, translate(err)
}

// VerifyEvents recomputes the chain; the error names the first broken row.
func (db *DB) VerifyEvents(ctx context.Context) (n int64, err error) {
	var first *engine.Fault
	c := chain{
		fault: func(f engine.Fault) {
			if first == nil {
				first = &f
			}
		},
		event: func(e engine.Event) {
			if first == nil {
				n = e.Seq
			}
		},
	}
	if err := db.snapshot(ctx, func(q sqlx.QueryerContext) error { return c.walk(ctx, q, everyLine) }); err != nil {
		return n, err
	}
	if first != nil {
		return n, &engine.Error{
			Code: engine.CodeInternal, Message: fmt.Sprintf("Line %d of the log is missing, or is not what was written.", n+1), Err: errors.New(first.What),
		}
	}
	return n, nil
}

// record appends e to the log, chained to the line before it.
func (t *tx) record(ctx context.Context, e engine.Event) error {
	if !t.head.known {
		h, err := newestEvent(ctx, t)
		if err != nil {
			return err
		}
		t.head = h
	}
	e.At = e.At.UTC().Truncate(resolution)
	e.Actor, e.Subject, e.Detail = readable(e.Actor), readable(e.Subject), readableDetail(e.Detail)
	e.Seq, e.Prev = t.head.seq+1, t.head.hash
	e.Hash = e.Sum()
	if _, err := t.exec(ctx, `
		INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, stamp(e.At), e.Actor, string(e.Surface), e.Action, e.Subject, e.DetailJSON(), e.Prev, e.Hash); err != nil {
		return err
	}
	t.head = head{known: true, seq: e.Seq, hash: e.Hash}
	return nil
}

// readable makes text survive JSON unchanged, so that the hash of what is read equals the hash of what was written.
func readable(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// readableDetail also leaves out what is empty.
func readableDetail(d map[string]string) map[string]string {
	c := make(map[string]string, len(d))
	for k, v := range d {
		if v != "" {
			c[readable(k)] = readable(v)
		}
	}
	return c
}

func newestEvent(ctx context.Context, q sqlx.QueryerContext) (head, error) {
	var r struct {
		Seq  int64  `db:"seq"`
		Hash string `db:"hash"`
	}
	err := get(ctx, q, &r, `
		SELECT seq, hash
		FROM   events
		ORDER BY seq DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return head{known: err == nil, seq: r.Seq, hash: r.Hash}, err
}

func (r eventRow) event() (engine.Event, error) {
	var detail doc[map[string]string]
	if err := detail.Scan(r.Detail); err != nil {
		return engine.Event{}, err
	}
	if len(detail.V) == 0 {
		detail.V = nil
	}
	return engine.Event{
		Seq: r.Seq, At: r.At.time(), Actor: r.Actor, Surface: engine.Surface(r.Surface), Action: r.Action, Subject: r.Subject,
		Detail: detail.V, Prev: r.Prev, Hash: r.Hash,
	}, nil
}
