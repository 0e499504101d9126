package storage

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const (
	// aheadOf is how long before its planned time a piece may have been cleared, and how far back a rule compares pieces.
	aheadOf = 31 * 24 * time.Hour
	// mostPast bounds how many neighbours, and lines of the log, are read.
	mostPast = 20_000
)

// pastMovesSQL lists the moves of pieces since a line of the log. Each has its own action.
const pastMovesSQL = `
	SELECT subject, substr(action, 8) AS to_state, at, COALESCE(json_extract(detail, '$.slot'), '') AS slot
	FROM   events
	WHERE  seq > ? AND action LIKE 'output.%'
	ORDER BY seq LIMIT ?`

// Past reads what is on record of the newest pieces with a planned time from then on, at most so many; see engine.Past. Task "" means all.
func (db *DB) Past(ctx context.Context, task string, from time.Time, most int) (p engine.Past, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		return errors.Join(pastPieces(ctx, q, &p, task, from, most), pastMoves(ctx, q, &p, from), db.pastMoney(ctx, q, &p, from), pastRules(ctx, q, &p, from))
	})
	return p, err
}

func pastPieces(ctx context.Context, q sqlx.QueryerContext, p *engine.Past, task string, from time.Time, most int) error {
	query, args := outputsQuery(engine.OutputFilter{Task: task, SlotFrom: from, Newest: true, Limit: most})
	var rows []outputRow
	if err := all(ctx, q, &rows, query, args...); err != nil {
		return err
	}
	for _, r := range rows {
		p.Pieces = append(p.Pieces, r.output())
	}
	if err := fillPlain(ctx, q, p.Pieces); err != nil {
		return err
	}
	var n int
	if err := get(ctx, q, &n, `
		SELECT COUNT(*)
		FROM   outputs
		WHERE  slot >= ? AND (task = ? OR ? = '')`, stamp(from), task, task); err != nil {
		return err
	}
	p.More = n - len(rows)
	p.Approvals = map[string]engine.Approval{}
	for _, o := range p.Pieces {
		a, err := approval(ctx, q, o.ID, o.Digest)
		if err != nil {
			return err
		}
		if a != nil {
			p.Approvals[o.ID] = *a
		}
	}
	return nil
}

// pastMoves reads the pieces around, and the part of the log that says when each was cleared.
func pastMoves(ctx context.Context, q sqlx.QueryerContext, p *engine.Past, from time.Time) error {
	since := stamp(from.Add(-aheadOf))
	var near []struct {
		ID      string `db:"id"`
		Task    string `db:"task"`
		Channel string `db:"channel"`
		Segment string `db:"segment"`
		Slot    stamp  `db:"slot"`
		Out     stamp  `db:"published_at"`
		Sketch  string `db:"sketch"`
		Title   string `db:"title"`
	}
	if err := all(ctx, q, &near, `
		SELECT id, task, channel, segment, slot, published_at, sketch, title
		FROM   outputs
		WHERE  slot >= ? AND digest <> ''
		ORDER BY slot DESC LIMIT ?`, since, mostPast); err != nil {
		return err
	}
	for _, r := range near {
		n := engine.Neighbour{Output: r.ID, Task: r.Task, Channel: r.Channel, Segment: r.Segment, At: r.Slot.time(), Sketch: r.Sketch, Title: r.Title}
		if n.Out = !r.Out.time().IsZero(); n.Out {
			n.At = r.Out.time()
		}
		p.Around = append(p.Around, n)
	}
	// The newest line before is found from the log's end: the lines up to it are read anyway.
	var before []int64
	if err := all(ctx, q, &before, `
		SELECT seq
		FROM   events
		WHERE  at < ?
		ORDER BY seq DESC LIMIT 1`, since); err != nil {
		return err
	}
	var moves []struct {
		Output string `db:"subject"`
		To     string `db:"to_state"`
		At     stamp  `db:"at"`
		Slot   string `db:"slot"`
	}
	if err := all(ctx, q, &moves, pastMovesSQL, append(before, 0)[0], 10*mostPast); err != nil {
		return err
	}
	for _, m := range moves {
		slot, _ := time.Parse(time.RFC3339, m.Slot) // without one, the piece's own is taken
		p.Moves = append(p.Moves, engine.PastMove{Output: m.Output, To: engine.State(m.To), At: m.At.time(), Slot: slot})
	}
	return nil
}

func (db *DB) pastMoney(ctx context.Context, q sqlx.QueryerContext, p *engine.Past, from time.Time) error {
	week, err := db.week(ctx, q, from)
	if err != nil {
		return err
	}
	var rows []struct {
		At       stamp        `db:"at"`
		Kind     string       `db:"kind"`
		Output   maybe        `db:"output"`
		Task     string       `db:"task"`
		Campaign string       `db:"campaign"`
		Week     string       `db:"week"`
		Reserved engine.Money `db:"reserved"`
		Spent    engine.Money `db:"spent"`
		topRow
	}
	err = all(ctx, q, &rows, `
		SELECT at, kind, output, task, campaign, week, reserved, spent, top_week, top_task, top_campaign
		FROM   ledger
		WHERE  week >= ? OR campaign <> '' AND campaign IN (SELECT campaign FROM ledger WHERE week >= ?)
		ORDER BY seq`, week, week)
	for _, r := range rows {
		p.Ledger = append(p.Ledger, engine.Entry{
			At: r.At.time(), Kind: r.Kind, Output: string(r.Output), Task: r.Task, Campaign: r.Campaign, Week: r.Week, Reserved: r.Reserved, Spent: r.Spent,
			Top: r.top(),
		})
	}
	return err
}

func pastRules(ctx context.Context, q sqlx.QueryerContext, p *engine.Past, from time.Time) error {
	var versions []struct {
		Body doc[engine.Strategy] `db:"body"`
		At   stamp                `db:"at"`
	}
	if err := all(ctx, q, &versions, `
		SELECT body, at
		FROM   strategies
		WHERE  version >= COALESCE((SELECT MAX(version) FROM strategies WHERE at <= ?), 0)
		ORDER BY version`, stamp(from)); err != nil {
		return err
	}
	for _, v := range versions {
		p.Strategies = append(p.Strategies, engine.DatedStrategy{Strategy: utcStrategy(v.Body.V), At: v.At.time()})
	}
	var grants []struct {
		Task    string       `db:"task"`
		Level   engine.Level `db:"level"`
		By      string       `db:"by_id"`
		Role    engine.Role  `db:"role"`
		At      stamp        `db:"at"`
		EndedAt stamp        `db:"ended_at"`
	}
	err := all(ctx, q, &grants, `
		SELECT task, level, by_id, role, at, ended_at
		FROM   grants
		WHERE  ended_at IS NULL OR ended_at >= ?
		ORDER BY at, id`, stamp(from))
	for _, g := range grants {
		p.Grants = append(p.Grants, engine.Grant{Task: g.Task, Level: g.Level, By: g.By, Role: g.Role, At: g.At.time(), EndedAt: g.EndedAt.time()})
	}
	return err
}
