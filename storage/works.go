package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

// Works returns the audit's list, by name.
func (db *DB) Works(ctx context.Context) ([]engine.Work, error) {
	var rows []struct {
		ID          string               `db:"id"`
		Name        string               `db:"name"`
		Minutes     int                  `db:"minutes"`
		Times       int                  `db:"times"`
		Sensitivity engine.Degree        `db:"sensitivity"`
		Nature      doc[[]engine.Nature] `db:"nature"`
		Guessed     bool                 `db:"guessed"`
		Task        string               `db:"task"`
		By          string               `db:"by_id"`
		At          stamp                `db:"at"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT id, name, minutes, times, sensitivity, nature, guessed, task, by_id, at
		FROM   works
		ORDER BY name, id`); err != nil {
		return nil, translate(err)
	}
	works := make([]engine.Work, 0, len(rows))
	for _, r := range rows {
		works = append(works, engine.Work{
			ID: r.ID, Name: r.Name, Minutes: r.Minutes, Times: r.Times, Sensitivity: r.Sensitivity, Nature: r.Nature.V, Guessed: r.Guessed, Task: r.Task,
			By: r.By, At: r.At.time(),
		})
	}
	return works, nil
}

// PutWork adds w to the audit's list or changes what stands there under its id, and writes an event. Doing it again changes nothing else. Code
// conflict when the list is full, or holds another piece of that name.
func (db *DB) PutWork(ctx context.Context, w engine.Work, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var n struct {
			All  int `db:"n"`
			Here int `db:"here"`
			Same int `db:"same"`
		}
		if err := get(ctx, t, &n, `
			SELECT COUNT(*) AS n, COUNT(CASE WHEN id = ?1 THEN 1 END) AS here, COUNT(CASE WHEN id <> ?1 AND id <> task AND name = ?2 COLLATE NOCASE THEN 1 END) AS same
			FROM   works`, w.ID, w.Name); err != nil {
			return err
		}
		action := "work.changed"
		switch {
		case n.Same > 0 && w.ID != w.Task:
			return engine.Errorf(engine.CodeConflict, "%q is on the list already. Nothing changed.", w.Name)
		case n.Here == 0 && n.All >= engine.MostWorks:
			return engine.Errorf(engine.CodeConflict, "The list holds %d pieces of work, and it is full. Nothing changed.", engine.MostWorks)
		case n.Here == 0:
			action = "work.added"
		}
		if _, err := t.exec(ctx, `
			INSERT INTO works (id, name, minutes, times, sensitivity, nature, guessed, task, by_id, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE
			SET name = excluded.name, minutes = excluded.minutes, times = excluded.times, sensitivity = excluded.sensitivity, nature = excluded.nature,
			    guessed = excluded.guessed, task = excluded.task, by_id = excluded.by_id, at = excluded.at`,
			w.ID, w.Name, w.Minutes, w.Times, string(w.Sensitivity), doc[[]engine.Nature]{w.Nature}, flag(w.Guessed), w.Task, by.ID, stamp(at)); err != nil {
			return err
		}
		return t.audited(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: action, Subject: w.ID,
			Detail: map[string]string{"name": w.Name, "minutes": strconv.Itoa(w.Minutes), "times": strconv.Itoa(w.Times), "sensitivity": string(w.Sensitivity), "task": w.Task},
		})
	})
}

// RemoveWork takes a piece of work off the audit's list, and writes an event. Code not_found, so also on a second call.
func (db *DB) RemoveWork(ctx context.Context, id string, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			DELETE FROM works
			WHERE  id = ?`, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return engine.Errorf(engine.CodeNotFound, "That is not on the list any more. Nothing changed.")
		}
		return t.audited(ctx, engine.Event{At: at, Actor: by.ID, Surface: by.Surface, Action: "work.removed", Subject: id})
	})
}

// SetMarket keeps whom the business sells to, and writes an event.
func (db *DB) SetMarket(ctx context.Context, m engine.Market, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if err := t.set(ctx, engine.SettingMarket, string(m)); err != nil {
			return err
		}
		return t.audited(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "market.changed", Subject: engine.SettingMarket, Detail: map[string]string{"market": string(m)},
		})
	})
}

// audited records a change of the audit, and with it what people's time is held against: what the work that tasks took over took before.
func (t *tx) audited(ctx context.Context, e engine.Event) error {
	var minutes int
	if err := get(ctx, t, &minutes, `
		SELECT COALESCE(SUM(minutes), 0)
		FROM   works
		WHERE  task <> ''`); err != nil {
		return err
	}
	hours := ""
	if minutes > 0 {
		hours = fmt.Sprintf("%.4g", float64(minutes)/60)
	}
	if err := t.set(ctx, engine.SettingHoursBefore, hours); err != nil {
		return err
	}
	return t.record(ctx, e)
}

// SetFirst keeps with which tasks an owner wants to begin, and writes an event.
func (db *DB) SetFirst(ctx context.Context, tasks []string, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		value := strings.Join(tasks, ",")
		if err := t.set(ctx, engine.SettingFirst, value); err != nil {
			return err
		}
		return t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "first.chosen", Subject: engine.SettingFirst, Detail: map[string]string{"tasks": value},
		})
	})
}
