package storage

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPlansDoNotHangOnValues asks for a plan with a value for which there is an index of its own: one that is taken only when the value is looked at,
// which means compiling the statement at each use.
func TestPlansDoNotHangOnValues(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "koira.db"))
	for _, query := range []string{`CREATE TABLE plans (id TEXT, state TEXT)`, `CREATE INDEX plans_held ON plans (id) WHERE state = 'held'`} {
		if _, err := db.write.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	plan := func(condition string, args ...any) string {
		rows, err := db.write.Query(`EXPLAIN QUERY PLAN SELECT id FROM plans WHERE `+condition, args...)
		ok(t, err)
		defer rows.Close()
		var all []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			ok(t, rows.Scan(&id, &parent, &unused, &detail))
			all = append(all, detail)
		}
		ok(t, rows.Err())
		return strings.Join(all, "; ")
	}
	const index = "plans_held"
	if got := plan(`state = 'held'`); !strings.Contains(got, index) {
		t.Fatalf("the index is not used where it could be: %s", got)
	}
	if got := plan(`state = ?`, "held"); strings.Contains(got, index) {
		t.Fatalf("the plan hangs on the value: %s", got)
	}
}
