package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// AddNotice queues n, merging it into an unsent one of the same kind and subject.
func (db *DB) AddNotice(ctx context.Context, n engine.Notice) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error { return t.queue(ctx, n) })
}

// queue writes n down. A merge gives the row the new notice's id, by which SentNotice sees that there is more to tell than was read, and
// the earlier time, unless the row waits after a failure: then it waits on.
func (t *tx) queue(ctx context.Context, n engine.Notice) error {
	if n.Due.IsZero() {
		n.Due = time.Unix(0, 0) // at once
	}
	_, err := t.exec(ctx, `
		INSERT INTO notices (id, kind, subject, due, attempts, last_error)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, subject) DO UPDATE
		SET id  = excluded.id,
		    due = CASE WHEN notices.attempts > 0 OR notices.due <= excluded.due THEN notices.due ELSE excluded.due END`,
		t.id(n.ID), string(n.Kind), n.Subject, stamp(n.Due), n.Attempts, n.LastError)
	return err
}

// queueAll queues notices that ride on a change made at that time.
func (t *tx) queueAll(ctx context.Context, at time.Time, notices []engine.Notice) error {
	for _, n := range notices {
		if n.Due.IsZero() {
			n.Due = at
		}
		if err := t.queue(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

const dueNoticesSQL = `
	SELECT id, kind, subject, due, attempts, last_error
	FROM   notices
	WHERE  due <= ?
	ORDER BY due, id LIMIT ?`

// DueNotices returns unsent notices that are due, oldest first.
func (db *DB) DueNotices(ctx context.Context, t time.Time, limit int) ([]engine.Notice, error) {
	var rows []struct {
		ID        string            `db:"id"`
		Kind      engine.NoticeKind `db:"kind"`
		Subject   string            `db:"subject"`
		Due       stamp             `db:"due"`
		Attempts  int               `db:"attempts"`
		LastError string            `db:"last_error"`
	}
	if err := all(ctx, db.few(), &rows, dueNoticesSQL, stamp(t), limit); err != nil {
		return nil, translate(err)
	}
	if err := db.Flush(ctx); err != nil { // people are told of nothing that a loss of power could undo
		return nil, err
	}
	notices := make([]engine.Notice, 0, len(rows))
	for _, r := range rows {
		notices = append(notices, engine.Notice{
			ID: r.ID, Kind: r.Kind, Subject: r.Subject, Due: r.Due.time(), Attempts: r.Attempts, LastError: r.LastError,
		})
	}
	return notices, nil
}

// SentNotice marks n as sent, unless it was merged into after it was read (it then stays due), and saves the cards that were posted or
// edited. What is sent leaves the outbox; calling twice is safe.
func (db *DB) SentNotice(ctx context.Context, n engine.Notice, cards ...engine.Card) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		for _, c := range cards {
			if err := t.saveCard(ctx, c); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `
			DELETE FROM notices
			WHERE  kind = ? AND subject = ? AND id = ?`, string(n.Kind), n.Subject, n.ID)
		return err
	})
}

// DelayNotice puts n off after a failure, also when it was merged into meanwhile.
func (db *DB) DelayNotice(ctx context.Context, n engine.Notice, due time.Time, why string) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE notices
			SET    due = ?, attempts = attempts + 1, last_error = ?
			WHERE  kind = ? AND subject = ?`,
			stamp(due), why, string(n.Kind), n.Subject)
		return err
	})
}

type cardRow struct {
	Kind     engine.NoticeKind `db:"kind"`
	Subject  string            `db:"subject"`
	Version  string            `db:"version"`
	Channel  string            `db:"channel"`
	TS       string            `db:"ts"`
	PostedAt stamp             `db:"posted_at"`
	ShownAt  stamp             `db:"shown_at"`
}

func (r cardRow) card() engine.Card {
	return engine.Card{Kind: r.Kind, Subject: r.Subject, Version: r.Version, Channel: r.Channel, TS: r.TS, PostedAt: r.PostedAt.time(), ShownAt: r.ShownAt.time()}
}

// Cards returns the cards posted for a subject, oldest first. SaveCard writes or replaces one (by channel and ts).
func (db *DB) Cards(ctx context.Context, kind engine.NoticeKind, subject string) ([]engine.Card, error) {
	var rows []cardRow
	if err := all(ctx, db.few(), &rows, `
		SELECT kind, subject, version, channel, ts, posted_at, shown_at
		FROM   cards
		WHERE  kind = ? AND subject = ?
		ORDER BY posted_at, ts`, string(kind), subject); err != nil {
		return nil, translate(err)
	}
	cards := make([]engine.Card, 0, len(rows))
	for _, r := range rows {
		cards = append(cards, r.card())
	}
	return cards, nil
}

// CardAt returns the card that stands at a place in Slack; code not_found when none of koira's does.
func (db *DB) CardAt(ctx context.Context, channel, ts string) (engine.Card, error) {
	var r cardRow
	err := get(ctx, db.read, &r, `
		SELECT kind, subject, version, channel, ts, posted_at, shown_at
		FROM   cards
		WHERE  channel = ? AND ts = ?`, channel, ts)
	return r.card(), translate(orAbsent(err, "card", channel+" "+ts))
}

// Posting writes down that a card is about to be posted to its Channel, and returns an id for the message to bear, which nobody can guess.
func (db *DB) Posting(ctx context.Context, c engine.Card, at time.Time) (id string, err error) {
	id = db.newID()
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			INSERT INTO posts (id, channel, kind, subject, version, at)
			VALUES (?, ?, ?, ?, ?, ?)`, id, c.Channel, string(c.Kind), c.Subject, c.Version, stamp(at))
		return err
	})
	return id, err
}

// FoundPost is told that the message which bears a post's id stands at a place, and returns its card. Code not_found when no such post is missing
// in that channel: its place is known already, or there never was one.
func (db *DB) FoundPost(ctx context.Context, id, channel, ts string, at, shown time.Time) (c engine.Card, err error) {
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var r cardRow
		if err := get(ctx, t, &r, `
			SELECT kind, subject, version, channel
			FROM   posts
			WHERE  id = ? AND channel = ?`, id, channel); err != nil {
			return orAbsent(err, "post", id)
		}
		c = r.card()
		c.TS, c.PostedAt, c.ShownAt, c.Post = ts, at, shown, id
		return t.saveCard(ctx, c)
	})
	c.Post = ""
	return c, err
}

// SaveCard writes or replaces a card, and queues what follows from its standing there; doing it again changes nothing.
func (db *DB) SaveCard(ctx context.Context, c engine.Card, follow ...engine.Notice) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if err := t.saveCard(ctx, c); err != nil {
			return err
		}
		return t.queueAll(ctx, c.PostedAt, follow)
	})
}

func (t *tx) saveCard(ctx context.Context, c engine.Card) error {
	if c.Post != "" {
		if _, err := t.exec(ctx, `
			DELETE FROM posts
			WHERE  id = ?`, c.Post); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, `
		INSERT INTO cards (channel, ts, kind, subject, version, posted_at, shown_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (channel, ts) DO UPDATE
		SET kind = excluded.kind, subject = excluded.subject, version = excluded.version, posted_at = excluded.posted_at, shown_at = excluded.shown_at`,
		c.Channel, c.TS, string(c.Kind), c.Subject, c.Version, stamp(c.PostedAt), stamp(c.ShownAt))
	return err
}

// shownAt is when people got the card of one version of an output, the first where it was posted more than once; zero for never. A card that was
// removed does not count: nobody can stop a piece from it.
func shownAt(ctx context.Context, q sqlx.QueryerContext, output string, d engine.Digest) (time.Time, error) {
	var at struct {
		At stamp `db:"at"`
	}
	err := get(ctx, q, &at, `
		SELECT MIN(shown_at) AS at
		FROM   cards
		WHERE  kind = 'output' AND subject = ? AND version = ?`, output, string(d))
	return at.At.time(), err
}

// hasCard reports whether people have a card of an output before them.
func (t *tx) hasCard(ctx context.Context, output string) (bool, error) {
	var n int
	err := get(ctx, t, &n, `
		SELECT (SELECT COUNT(*) FROM cards WHERE kind = 'output' AND subject = ?) + (SELECT COUNT(*) FROM week_pieces WHERE output = ?)`, output, output)
	return n > 0, err
}
