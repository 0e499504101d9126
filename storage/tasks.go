package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const taskColumns = `id, name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, benchmarks, nature,
	level, paused_by, paused_at, paused_why, lowered_at, renewed_at`

type taskRow struct {
	ID          string                  `db:"id"`
	Name        string                  `db:"name"`
	Channel     string                  `db:"channel"`
	Account     string                  `db:"account"`
	Segment     string                  `db:"segment"`
	Kind        engine.Kind             `db:"kind"`
	Cadence     doc[engine.Cadence]     `db:"cadence"`
	Frequency   engine.Degree           `db:"frequency"`
	Sensitivity engine.Degree           `db:"sensitivity"`
	Themes      doc[[]string]           `db:"themes"`
	CostMax     engine.Money            `db:"cost_max"`
	Benchmarks  doc[[]engine.Benchmark] `db:"benchmarks"`
	Nature      doc[[]engine.Nature]    `db:"nature"`
	Level       engine.Level            `db:"level"`
	PausedBy    string                  `db:"paused_by"`
	PausedAt    stamp                   `db:"paused_at"`
	PausedWhy   string                  `db:"paused_why"`
	LoweredAt   stamp                   `db:"lowered_at"`
	RenewedAt   stamp                   `db:"renewed_at"`
}

func (r taskRow) task() engine.Task {
	t := engine.Task{
		ID: r.ID, Name: r.Name, Channel: r.Channel, Account: r.Account, Segment: r.Segment, Kind: r.Kind, Cadence: r.Cadence.V,
		Frequency: r.Frequency, Sensitivity: r.Sensitivity, Themes: r.Themes.V, CostMax: r.CostMax,
		Benchmarks: r.Benchmarks.V, Nature: r.Nature.V, Level: r.Level, LoweredAt: r.LoweredAt.time(),
		RenewedAt: r.RenewedAt.time(),
	}
	if at := r.PausedAt.time(); !at.IsZero() {
		t.Paused = &engine.Pause{By: r.PausedBy, At: at, Why: r.PausedWhy}
	}
	return t
}

// Tasks returns all tasks by id. The caller shares what they hold with others and changes nothing in it.
func (db *DB) Tasks(ctx context.Context) ([]engine.Task, error) {
	tasks, err := keep(ctx, db, &db.rules.tasks, func() ([]engine.Task, error) {
		var rows []taskRow
		err := db.glance(ctx, func(q sqlx.QueryerContext) error {
			return all(ctx, q, &rows, `
				SELECT `+taskColumns+`
				FROM   tasks
				ORDER BY id`)
		})
		tasks := make([]engine.Task, 0, len(rows))
		for _, r := range rows {
			tasks = append(tasks, r.task())
		}
		return tasks, err
	})
	return slices.Clone(tasks), err
}

// Task has code not_found for an unknown id.
func (db *DB) Task(ctx context.Context, id string) (engine.Task, error) {
	tasks, err := db.Tasks(ctx)
	if err != nil {
		return engine.Task{}, err
	}
	if i := slices.IndexFunc(tasks, func(t engine.Task) bool { return t.ID == id }); i >= 0 {
		return tasks[i], nil
	}
	return engine.Task{}, orAbsent(sql.ErrNoRows, "task", id)
}

// PutTask adds t, or updates what people set of it: never Level, Paused or LoweredAt of a task that exists, with one exception: with another
// channel, account or segment what was allowed of it lapses. Where nothing differs it writes nothing.
func (db *DB) PutTask(ctx context.Context, t engine.Task, by engine.Actor, at time.Time, why string) error {
	return db.inTx(ctx, func(ctx context.Context, x *tx) error {
		if wrote, err := x.setTask(ctx, t, by, at, why); err != nil || !wrote {
			return err
		}
		is, err := task(ctx, x, t.ID)
		if err != nil {
			return err
		}
		return x.lapse(ctx, is, by, at)
	})
}

// setTask is false where nothing differs.
func (t *tx) setTask(ctx context.Context, n engine.Task, by engine.Actor, at time.Time, why string) (wrote bool, err error) {
	now, err := task(ctx, t, n.ID)
	action, level := "task.changed", ""
	switch {
	case engine.CodeOf(err) == engine.CodeNotFound:
		action, level = "task.added", n.Level.String()
	case err != nil:
		return false, err
	case setAlike(now, n):
		return false, nil
	}
	if err := t.putTask(ctx, n); err != nil {
		return false, err
	}
	return true, t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: action, Subject: n.ID,
		Detail: map[string]string{"channel": n.Channel, "level": level, "why": why},
	})
}

func (t *tx) putTask(ctx context.Context, n engine.Task) error {
	p := engine.Pause{}
	if n.Paused != nil {
		p = *n.Paused
	}
	_, err := t.exec(ctx, `
		INSERT INTO tasks (`+taskColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE
		SET name = excluded.name, channel = excluded.channel, account = excluded.account, segment = excluded.segment, kind = excluded.kind,
		    cadence = excluded.cadence, frequency = excluded.frequency, sensitivity = excluded.sensitivity, themes = excluded.themes,
		    cost_max = excluded.cost_max, benchmarks = excluded.benchmarks, nature = excluded.nature`,
		n.ID, n.Name, n.Channel, n.Account, n.Segment, string(n.Kind), doc[engine.Cadence]{n.Cadence}, string(n.Frequency), string(n.Sensitivity),
		doc[[]string]{n.Themes}, n.CostMax, doc[[]engine.Benchmark]{n.Benchmarks}, doc[[]engine.Nature]{n.Nature},
		n.Level, p.By, stamp(p.At), p.Why, stamp(n.LoweredAt), stamp(n.RenewedAt))
	return err
}

// setAlike reports whether people set the same in a and b.
func setAlike(a, b engine.Task) bool {
	for _, t := range []*engine.Task{&a, &b} {
		t.Level, t.Paused, t.LoweredAt, t.RenewedAt = 0, nil, time.Time{}, time.Time{}
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func task(ctx context.Context, q sqlx.QueryerContext, id string) (engine.Task, error) {
	var r taskRow
	err := get(ctx, q, &r, `
		SELECT `+taskColumns+`
		FROM   tasks
		WHERE  id = ?`, id)
	return r.task(), orAbsent(err, "task", id)
}
