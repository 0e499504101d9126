package trust

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// What koira paused pays for it with one level, however often it is lowered meanwhile.
func TestWhereAPausedTaskResumes(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2025, 12, 1, h, 0, 0, 0, time.UTC) }
	pause := func(l engine.Level) engine.Lowering { return engine.Lowering{At: at(9), From: l, To: l} }
	for name, c := range map[string]struct {
		level   engine.Level
		by      string
		since   []engine.Lowering
		to, was engine.Level
	}{
		"for cause":                {engine.L5, engine.Koira.ID, []engine.Lowering{pause(engine.L5)}, engine.L4, engine.L5},
		"by a person":              {engine.L5, "U1", nil, engine.L5, engine.L5},
		"where nothing is below":   {engine.L1, engine.Koira.ID, []engine.Lowering{pause(engine.L1)}, engine.L1, engine.L1},
		"after a wall was taken":   {engine.L3, engine.Koira.ID, []engine.Lowering{pause(engine.L5), {At: at(10), From: engine.L5, To: engine.L3}}, engine.L3, engine.L5},
		"after it fell twice":      {engine.L3, engine.Koira.ID, []engine.Lowering{pause(engine.L5), {At: at(10), From: engine.L5, To: engine.L4}, {At: at(11), From: engine.L4, To: engine.L3}}, engine.L3, engine.L5},
		"after somebody lowers it": {engine.L4, engine.Koira.ID, []engine.Lowering{pause(engine.L5)}, engine.L3, engine.L5},
	} {
		k := engine.Task{Level: c.level, Paused: &engine.Pause{By: c.by, At: at(9)}}
		if to, was := Resumes(k, c.since); to != c.to || was != c.was {
			t.Errorf("%s: at %s, and was %s", name, to, was)
		}
	}
	k := engine.Task{Level: engine.L5, Name: "Daily social"}
	was := Pause(k, Grounds{Cause: engine.CauseSerious, Why: "x", Remedy: "Look first."}, engine.Koira, at(9), func() string { return "1" }).Open.Remedy
	if want := "An owner resumes it; it went down from L5 while it was paused, and then runs at L3 (each waits for your yes). Look first."; RemedySince(was, engine.L3, engine.L5) != want {
		t.Errorf("%q", RemedySince(was, engine.L3, engine.L5))
	}
}

// Whatever the evidence and whatever came before, a lowering is one level or a pause that resumes one level lower, never a raise, and has its
// decision, its notice and a way back: a rung above that its record can earn, or an exception that says who resumes it.
func TestEveryLoweringHasADecisionACardAndAWayBack(t *testing.T) {
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		newID := func() string { n++; return fmt.Sprint("id-", n) }
		k := engine.Task{ID: "t", Name: "Task", Level: engine.Level(rapid.IntRange(0, 5).Draw(t, "level"))}
		if rapid.Bool().Draw(t, "paused") {
			k.Paused = &engine.Pause{By: "U1", At: now}
		}
		var before []engine.Lowering
		for range rapid.IntRange(0, 3).Draw(t, "before") {
			before = append(before, engine.Lowering{
				Cause: rapid.SampledFrom(engine.Causes).Draw(t, "cause before"), At: now.Add(-time.Duration(rapid.IntRange(0, 40).Draw(t, "days ago")) * 24 * time.Hour),
			})
		}
		e := Grounds{Cause: rapid.SampledFrom(engine.Causes).Draw(t, "cause"), Why: "why", Pieces: []string{"o1"}}
		c, ok := Lower(k, e, before, engine.Koira, now, newID)
		below, can := k.Level.Below()
		if ok != (can || e.Cause == engine.CauseSerious) {
			t.Fatalf("at %s lowering for %s is %t", k.Level, e.Cause, ok)
		}
		if !ok {
			return
		}
		if !can && (c.To != c.From || !c.Lowered || c.Pause != nil || c.Lowering == nil || c.Decision == nil || len(c.Notices) != 1) {
			t.Fatalf("at %s the record does not begin anew: %+v", k.Level, c)
		}
		if !can {
			return
		}
		recent := false
		for _, l := range before {
			recent = recent || l.Cause.Breach() && now.Sub(l.At) < Cooldown
		}
		switch pauses := c.Pause != nil; {
		case pauses != (recent && e.Cause.Breach() && k.Paused == nil):
			t.Fatalf("pauses %t after %+v", pauses, before)
		case pauses && (c.To != c.From || c.Lowered || c.Open == nil || c.Open.Remedy == "" || c.Pause.By != engine.Koira.ID):
			t.Fatalf("a pause without a way back: %+v", c)
		case !pauses && (c.To != below || !c.Lowered || c.Open != nil):
			t.Fatalf("%s → %s, want %s", c.From, c.To, below)
		}
		if c.To > c.From || c.Grant != nil {
			t.Fatal("a lowering raises")
		}
		if c.Decision == nil || c.Decision.Signal == "" || len(c.Notices) != 1 || c.Notices[0].Subject != c.Decision.ID || c.Notices[0].Kind != engine.NoticeLevel {
			t.Fatalf("no decision or no card: %+v", c)
		}
		if l := c.Lowering; l == nil || l.Decision != c.Decision.ID || l.Cause != e.Cause || l.From != c.From || l.To != c.To {
			t.Fatalf("what it rests on is not written down: %+v", c.Lowering)
		}
		if up, ok := c.To.Above(); c.Pause == nil && (!ok || up <= c.To) {
			t.Fatalf("no rung leads up from %s", c.To)
		}
	})
}

// Two breaches within the cooldown: the second pauses. On the fifteenth day it lowers again; a lapse between counts for nothing.
func TestTheCooldown(t *testing.T) {
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	newID := func() string { return "id" }
	for name, c := range map[string]struct {
		cause  engine.Cause
		ago    time.Duration
		pauses bool
	}{
		"a breach 13 days ago":          {engine.CauseSerious, 13 * 24 * time.Hour, true},
		"a breach 14 days ago, all but": {engine.CauseApprovals, Cooldown - time.Second, true},
		"a breach 14 days ago":          {engine.CauseSerious, Cooldown, false},
		"a lapse yesterday":             {engine.CauseLapse, 24 * time.Hour, false},
	} {
		got, _ := Lower(engine.Task{Level: engine.L5}, Grounds{Cause: engine.CauseTakenDown}, []engine.Lowering{{Cause: c.cause, At: now.Add(-c.ago)}}, engine.Koira, now, newID)
		if (got.Pause != nil) != c.pauses {
			t.Errorf("%s: pauses %t", name, got.Pause != nil)
		}
	}
}

// What earns L4 back: 10 reviewed since, 9 of them unchanged.
func TestRegain(t *testing.T) {
	lowered := engine.Task{LoweredAt: time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)}
	for name, c := range map[string]struct {
		task engine.Task
		to   engine.Level
		r    Record
		want int
	}{
		"never lowered":   {engine.Task{}, engine.L4, Record{}, 0},
		"to L3":           {lowered, engine.L3, Record{}, 0},
		"nothing yet":     {lowered, engine.L4, Record{}, 1},
		"ten and nine":    {lowered, engine.L4, Record{Reviewed: 10, Unchanged: 9}, 0},
		"ten and eight":   {lowered, engine.L4, Record{Reviewed: 10, Unchanged: 8}, 1},
		"nine of nine":    {lowered, engine.L4, Record{Reviewed: 9, Unchanged: 9}, 1},
		"eleven and nine": {lowered, engine.L5, Record{Reviewed: 11, Unchanged: 9}, 0},
	} {
		if got := regain(c.task, c.to, c.r); len(got) != c.want {
			t.Errorf("%s: missing %q", name, got)
		}
	}
}

// A lowered task that lacks both what earns its level back and the reviews that L5 asks of every task is told one number, the larger.
func TestALoweredTaskIsToldOneNumber(t *testing.T) {
	lowered := engine.Task{Level: engine.L4, Sensitivity: engine.Low, Frequency: engine.Low, LoweredAt: time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)}
	for name, c := range map[string]struct {
		r    Record
		want string
	}{
		"more for all":         {Record{Weight: 2, Good: 2, Reviewed: 2, Unchanged: 2}, "28 reviewed pieces more (2 of 30), 7 of them unchanged"},
		"more to earn it back": {Record{Weight: 28, Good: 20, Reviewed: 28, Unchanged: 5}, "4 reviewed pieces more (28 of 30), 4 of them unchanged"},
		"only to earn it back": {Record{Weight: 40, Good: 30, Reviewed: 40, Unchanged: 8}, "1 more reviewed piece since it was lowered, 1 of them unchanged"},
	} {
		var said []string
		for _, m := range Missing(lowered, engine.L5, c.r, Walls{}) {
			if strings.Contains(m, "reviewed piece") {
				said = append(said, m)
			}
		}
		if len(said) != 1 || said[0] != c.want {
			t.Errorf("%s: %q", name, said)
		}
	}
}
