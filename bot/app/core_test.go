package app

import (
	"testing"

	"koira/storage"
)

// A first start may break off between any two writes; the next one finishes it, and after that the store wins.
func TestAFirstStartThatBrokeOffIsFinished(t *testing.T) {
	for name, tc := range map[string]struct {
		strategy bool
		tasks    int // how many of the file's
		rules    bool
	}{
		"nothing":                              {false, 0, false},
		"only the strategy":                    {true, 0, false},
		"the strategy and a task":              {true, 1, false},
		"all but the rules":                    {true, 3, false},
		"complete, and the file has new tasks": {true, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			c := o.config()
			broken(t, o, c, tc.strategy, tc.tasks, tc.rules)
			want := len(c.tasks())
			if tc.rules {
				want = tc.tasks
			}
			var seen int64
			for _, start := range []string{"the next start", "the one after it"} {
				k := o.open(c)
				s, err := k.DB.Strategy(t.Context())
				if err != nil || tc.strategy && s.Business.Name != "Kept" || s.Version != 1 {
					t.Errorf("%s: the strategy is %q, version %d, %v", start, s.Business.Name, s.Version, err)
				}
				if g, err := k.DB.Guardrails(t.Context()); err != nil || g.Version != 1 {
					t.Errorf("%s: the rules are version %d, %v", start, g.Version, err)
				}
				if tasks, err := k.DB.Tasks(t.Context()); err != nil || len(tasks) != want {
					t.Errorf("%s: %d tasks, %v; want %d", start, len(tasks), err, want)
				}
				last, _, err := k.DB.Head(t.Context())
				if err != nil || seen != 0 && last != seen {
					t.Errorf("%s wrote to a store that is complete: line %d → %d, %v", start, seen, last, err)
				}
				seen = last
				k.Close()
			}
		})
	}
}

// broken leaves a store as a first start does that breaks off.
func broken(t *testing.T, o office, c Config, strategy bool, tasks int, rules bool) {
	t.Helper()
	w, err := o.m.world(c)
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), storage.Options{Path: o.path, NewID: w.NewID})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := o.m.Clock.Now()
	if strategy {
		s := c.strategy()
		s.Business.Name = "Kept"
		if _, err := db.SetStrategy(t.Context(), s, file, now, "first"); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range c.tasks()[:tasks] {
		if err := db.PutTask(t.Context(), x, file, now, "first"); err != nil {
			t.Fatal(err)
		}
	}
	if rules {
		if err := db.SetGuardrails(t.Context(), 0, c.guardrails(), file, now, "first"); err != nil {
			t.Fatal(err)
		}
	}
}
