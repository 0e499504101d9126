package desk

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"koira/engine"
)

// Two people change the same document at the same moment: each act reads and writes in one turn, so neither takes back what the other did.
func TestActsAtOnceLoseNothing(t *testing.T) {
	w := newWorld(t)
	w.people.Owners = append(w.people.Owners, "U5LIISA")
	metrics := []engine.Metric{engine.Clicks, engine.Leads, engine.Unsubscribed, engine.Revenue}
	good := func() map[engine.Metric]bool {
		k, err := w.store.Task(w.ctx, "daily-social")
		must(t, err)
		said := map[engine.Metric]bool{}
		for _, b := range k.Benchmarks {
			said[b.Metric] = true
		}
		return said
	}
	before := good()
	var at sync.WaitGroup
	for i, m := range metrics {
		who := []string{mari, "U5LIISA"}[i%2]
		at.Go(func() {
			if _, err := w.SetBenchmarks(w.ctx, person(who), "daily-social", GoodEdit{Metric: m, To: fmt.Sprint(30 + i)}); err != nil {
				t.Error(err)
			}
		})
		at.Go(func() {
			if _, err := w.AddWork(w.ctx, person(who), engine.Work{Name: fmt.Sprintf("Flyers %d", i), Minutes: 60, Times: 1}); err != nil {
				t.Error(err)
			}
		})
	}
	at.Wait()
	after := good()
	for _, m := range metrics {
		before[m] = true
	}
	for m := range before {
		if !after[m] {
			t.Errorf("what good is in %s was lost", m)
		}
	}
	works, err := w.store.Works(w.ctx)
	must(t, err)
	if len(works) != 4 {
		t.Errorf("%d of 4 entries stand in the audit", len(works))
	}
}

// Who changes a number that somebody else changed since they looked is told, and changes nothing; what they left alone stays as the other said it.
func TestGoodThatChangedSinceItWasShown(t *testing.T) {
	w := newWorld(t)
	edit := func(m engine.Metric, saw, to string) error {
		_, err := w.SetBenchmarks(w.ctx, person(mari), "daily-social", GoodEdit{Metric: m, To: to, Saw: &saw})
		return err
	}
	_, err := w.SetBenchmarks(w.ctx, person(mari), "daily-social", GoodEdit{Metric: engine.Leads, To: "7"})
	must(t, err)
	want(t, edit(engine.Leads, "", "3"), engine.CodeConflict, "has changed since you looked", "at least 7")
	want(t, edit(engine.Leads, "5", "off"), engine.CodeConflict)
	want(t, edit(engine.Revenue, "5", "9"), engine.CodeConflict, "nothing is said of it")
	must(t, edit(engine.Leads, "7", "3"))
	must(t, edit(engine.Leads, "3", "off"))
}

// The audit's list holds whoever changes it to what they were shown: what somebody changed since is neither changed nor taken off.
func TestWorkThatChangedSinceItWasShown(t *testing.T) {
	w := newWorld(t)
	is, err := w.AddWork(w.ctx, person(olli), engine.Work{Name: "Flyers", Minutes: 60, Times: 1})
	must(t, err)
	seen := w.clock.Now()
	change := func(who string, minutes int, seen time.Time) error {
		is.Minutes = minutes
		_, err := w.ChangeWork(w.ctx, person(who), is, seen)
		return err
	}
	must(t, change(olli, 90, seen)) // at the moment itself nothing is newer than what was shown
	w.clock.Advance(time.Minute)
	must(t, change(tomi, 120, seen))
	err = change(olli, 30, seen)
	want(t, err, engine.CodeConflict, `"Flyers" was changed at`, "now it is: 2 h a week, 1 a week")
	if e := new(engine.Error); !errors.As(err, &e) || e.Field != "work" {
		t.Errorf("it is said at %q", e.Field)
	}
	_, err = w.RemoveWork(w.ctx, person(olli), is.ID, seen)
	want(t, err, engine.CodeConflict, "Nothing changed by you")
	must(t, change(olli, 30, w.clock.Now()))
	_, err = w.RemoveWork(w.ctx, person(olli), is.ID, w.clock.Now())
	must(t, err)
	want(t, change(tomi, 45, w.clock.Now()), engine.CodeNotFound, "not on the list any more")
}
