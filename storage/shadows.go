package storage

import (
	"context"
	"time"

	"koira/engine"
)

type shadowRow struct {
	Output string        `db:"output"`
	Level  engine.Level  `db:"level"`
	Task   string        `db:"task"`
	Digest engine.Digest `db:"digest"`
	Held   engine.Level  `db:"held"`
	Sends  bool          `db:"sends"`
	Rule   string        `db:"rule"`
	Why    string        `db:"why"`
	At     stamp         `db:"at"`
}

func (r shadowRow) shadow() engine.Shadow {
	return engine.Shadow{
		Output: r.Output, Level: r.Level, Task: r.Task, Digest: r.Digest, Held: r.Held, Sends: r.Sends, Rule: r.Rule, Why: r.Why, At: r.At.time(),
	}
}

// KeepShadows writes the tests on paper of one draft, and a line of the log for all of them. A draft that has them already keeps those: the first
// look is the one that counts.
func (db *DB) KeepShadows(ctx context.Context, s []engine.Shadow) error {
	if len(s) == 0 {
		return nil
	}
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		said := map[string]string{}
		for _, x := range s {
			n, err := t.exec(ctx, `
				INSERT INTO shadows (output, level, task, digest, held, sends, rule, why, at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (output, level) DO NOTHING`,
				x.Output, int(x.Level), x.Task, string(x.Digest), int(x.Held), flag(x.Sends), x.Rule, x.Why, stamp(x.At))
			if err != nil {
				return err
			}
			if n > 0 {
				said[x.Level.String()] = outcomeOf(x)
			}
		}
		if len(said) == 0 {
			return nil
		}
		first := s[0]
		said["task"], said["digest"], said["held"] = first.Task, first.Digest.Short(), first.Held.String()
		return t.record(ctx, engine.Event{
			At: first.At, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "shadow.taken", Subject: first.Output, Detail: said,
		})
	})
}

func outcomeOf(s engine.Shadow) string {
	switch {
	case s.Sends:
		return "sends"
	case s.Rule != "":
		return "stopped: " + s.Rule
	}
	return "waits"
}

// Shadows returns the tests on paper that were taken of a task's drafts since then, oldest first; task "" means all.
func (db *DB) Shadows(ctx context.Context, task string, since time.Time) ([]engine.Shadow, error) {
	var rows []shadowRow
	if err := all(ctx, db.read, &rows, `
		SELECT output, level, task, digest, held, sends, rule, why, at
		FROM   shadows
		WHERE  at >= ? AND (task = ? OR ? = '')
		ORDER BY at, output, level`, lowest(since), task, task); err != nil {
		return nil, translate(err)
	}
	found := make([]engine.Shadow, len(rows))
	for i, r := range rows {
		found[i] = r.shadow()
	}
	return found, nil
}
