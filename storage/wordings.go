package storage

import (
	"context"

	"koira/engine"
)

type wordingRow struct {
	Name  string `db:"name"`
	Shown string `db:"shown"`
}

// keepBefore keeps what an output said before a person changed its words, in the place of what it said before that, and notes who changed them. A new
// version with the same words, such as one for another time, leaves both alone.
func (t *tx) keepBefore(ctx context.Context, after outputRow, m engine.Move, next []engine.Variant) error {
	if after.EditedBy == "" {
		return nil
	}
	var was []wordingRow
	if err := all(ctx, t, &was, `
		SELECT name, shown
		FROM   variants
		WHERE  output = ?
		ORDER BY ordinal`, after.ID); err != nil {
		return err
	}
	if sameWords(was, next) {
		return nil
	}
	if m.By.ID == after.EditedBy {
		if _, err := t.exec(ctx, `
			INSERT INTO edits (output, digest, by_id, at)
			VALUES (?, ?, ?, ?)`, after.ID, string(after.Digest), m.By.ID, stamp(m.At)); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `
		DELETE FROM wordings_before
		WHERE  output = ?`, after.ID); err != nil {
		return err
	}
	for i, w := range was {
		if _, err := t.exec(ctx, `
			INSERT INTO wordings_before (output, ordinal, name, shown)
			VALUES (?, ?, ?, ?)`, after.ID, i, w.Name, w.Shown); err != nil {
			return err
		}
	}
	return nil
}

// sameWords reports whether next says what was there before; also where nothing was.
func sameWords(was []wordingRow, next []engine.Variant) bool {
	if len(was) == 0 {
		return true
	}
	if len(was) != len(next) {
		return false
	}
	for i, w := range was {
		if w.Name != next[i].Name || w.Shown != next[i].Shown {
			return false
		}
	}
	return true
}

// WordingsBefore returns what an output said before a person last changed its words, by the names of its wordings; nil when nobody did.
func (db *DB) WordingsBefore(ctx context.Context, output string) (map[string]string, error) {
	var rows []wordingRow
	if err := all(ctx, db.few(), &rows, `
		SELECT name, shown
		FROM   wordings_before
		WHERE  output = ?`, output); err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	before := make(map[string]string, len(rows))
	for _, r := range rows {
		before[r.Name] = r.Shown
	}
	return before, nil
}
