package report

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// Counted by hand on the calendar of Helsinki; its clocks went back on Sunday 26 October 2025.
func TestCalendarDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2025, month, day, hour, 0, 0, 0, zone).UTC()
	}
	for name, c := range map[string]struct {
		from, to time.Time
		want     int
	}{
		"the same day":                  {at(11, 24, 9), at(11, 24, 18), 1},
		"over a night":                  {at(11, 24, 23), at(11, 25, 1), 1},
		"on the morning of day 14":      {at(11, 10, 18), at(11, 24, 9), 14},
		"over the change of the clocks": {at(10, 25, 12), at(10, 27, 0), 2},
	} {
		if got := calendarDays(c.from, c.to, zone); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestNoMoneyIsALimit: who goes away and lets nothing be spent is not told of the week's limit on return.
func TestNoMoneyIsALimit(t *testing.T) {
	f := bakery()
	f.rules.Budget.Weekly = 100 * engine.Unit
	f.absences = []engine.Absence{
		{ID: "none", Owner: "mari", From: today.AddDate(0, 0, -3), EndedAt: today, Capped: true},
		{ID: "unsaid", Owner: "mari", From: today.AddDate(0, 0, -3), EndedAt: today},
	}
	same(t, "nothing", engine.Money(0), view(reader(f, today).Return(t.Context(), "none"))(t).Limit)
	same(t, "the week's", f.rules.Budget.Weekly, view(reader(f, today).Return(t.Context(), "unsaid"))(t).Limit)
}

// TestWhoIsToldOfASilence: all owners who are not away; after the end of an absence that koira ended, its own owner, since the others were told before.
func TestWhoIsToldOfASilence(t *testing.T) {
	f := bakery()
	f.events = []engine.Event{
		{Seq: 1, At: today.AddDate(0, 0, -60), Action: "away.started", Actor: "mari"},
		{Seq: 2, At: today.AddDate(0, 0, -20), Action: "away.ended", Actor: engine.Koira.ID, Detail: map[string]string{"owner": "mari"}},
		{Seq: 3, At: today.AddDate(0, 0, -9), Action: "away.ended", Actor: "mari", Detail: map[string]string{"owner": "mari"}},
	}
	f.absences = []engine.Absence{{ID: "a", Owner: "ville", From: today.AddDate(0, 0, -3)}}
	r := reader(f, today)
	r.o.People.Owners = []string{"mari", "pekka", "ville"}
	for seq, want := range map[int64][]string{1: {"mari", "pekka"}, 2: {"mari"}, 3: {"mari", "pekka"}} {
		if v := view(r.Return(t.Context(), engine.SilenceSubject(seq)))(t); !slices.Equal(v.Owners, want) || !v.Silent {
			t.Errorf("of the silence after line %d: %v, want %v", seq, v.Owners, want)
		}
	}
}

// TestALookCountsWhatRanOutStopped: a piece that a rule stopped until its time was over was stopped.
func TestALookCountsWhatRanOutStopped(t *testing.T) {
	f := bakery()
	block := []engine.Finding{{Rule: "topics", Outcome: engine.Block}}
	stopped, silent, held := in(engine.StateExpired, post("stopped", "2025-11-20 09:00")), in(engine.StateExpired, post("silent", "2025-11-20 10:00")), in(engine.StateHeld, post("held", "2025-11-20 11:00"))
	stopped.Findings, held.Findings = block, block
	f.outputs = append(f.outputs, stopped, silent, held)
	f.looks = []engine.Look{{ID: "l", Task: "daily-social", From: today.AddDate(0, 0, -7), At: today}}
	same(t, "stopped", 2, view(reader(f, today).Look(t.Context(), "l"))(t).Stopped)
}

// TestWhatChangedWhileAway: what is in force comes first, also where it was proposed before and applied meanwhile; what is only proposed comes after it.
func TestWhatChangedWhileAway(t *testing.T) {
	f := bakery()
	f.absences = []engine.Absence{{ID: "a", Owner: "mari", From: today.AddDate(0, 0, -3), EndedAt: today}}
	on := func(id string, days int, change func(*engine.Decision)) engine.Decision {
		d := engine.Decision{ID: id, Task: "daily-social", What: "hour", From: "13", To: "08", At: today.AddDate(0, 0, -days)}
		if change != nil {
			change(&d)
		}
		return d
	}
	f.decisions = []engine.Decision{
		on("proposed", 1, func(d *engine.Decision) { d.Proposed = true }),
		on("undone", 1, func(d *engine.Decision) { d.RevertedAt = today.Add(-time.Hour) }),
		on("made", 2, nil),
		on("applied meanwhile", 9, func(d *engine.Decision) { d.Proposed, d.AppliedAt = true, today.AddDate(0, 0, -1) }),
		on("before", 9, nil),
	}
	var got []string
	for _, d := range view(reader(f, today).Return(t.Context(), "a"))(t).Changed {
		got = append(got, d.ID+": "+d.Standing)
	}
	same(t, "changed", []string{"made: in force", "applied meanwhile: in force", "proposed: proposed", "undone: undone"}, got)
}

// TestLeaving: what goes out by itself while an owner is away is what would, and not what the level's name promises. A task of 7 a week, two weeks.
func TestLeaving(t *testing.T) {
	granted := []engine.Grant{{Task: "daily-social", Level: engine.L4, By: "mari", Role: engine.RoleOwner}}
	for name, c := range map[string]struct {
		level, top engine.Level
		reviews    int
		grants     []engine.Grant
		spoil      func(*fake)
		want       int // of 14
	}{
		"a level that asks":                          {engine.L3, engine.L5, 30, granted, nil, 0},
		"a record that is too short":                 {engine.L4, engine.L5, 0, granted, nil, 0},
		"1 in 5 is checked by chance":                {engine.L4, engine.L5, 30, granted, nil, 11},
		"each is checked":                            {engine.L4, engine.L5, 30, granted, func(f *fake) { f.rules.Review.Sample = 1 }, 0},
		"nothing is checked":                         {engine.L5, engine.L5, 30, granted, nil, 14},
		"nothing above L4 while they are away":       {engine.L5, engine.L4, 30, granted, nil, 11},
		"nothing above L3 while they are away":       {engine.L5, engine.L3, 30, granted, nil, 0},
		"nobody allowed it":                          {engine.L5, engine.L5, 30, nil, nil, 0},
		"three a week without a yes, as was allowed": {engine.L5, engine.L5, 30, []engine.Grant{{Task: "daily-social", Level: engine.L5, By: "mari", Terms: engine.Terms{PerWeek: 3}}}, nil, 6},
		"it is capped":                               {engine.L5, engine.L5, 30, granted, func(f *fake) { f.tasks[0].Nature = []engine.Nature{engine.NaturePricing} }, 0},
	} {
		f := bakery()
		reviewed(f, c.reviews)
		f.tasks, f.grants = f.tasks[:1], c.grants
		f.tasks[0].Level, f.tasks[0].Cadence.Min, f.tasks[0].Cadence.Max = c.level, 7, 7
		if c.spoil != nil {
			c.spoil(f)
		}
		v := view(reader(f, today).Leaving(t.Context(), "mari", today.AddDate(0, 0, 14), c.top))(t)
		got := 0
		for _, k := range v.ByItself {
			got += k.N
		}
		for _, k := range v.Waits {
			got += k.N * 100
		}
		same(t, name, c.want+100*(14-c.want), got)
	}
}

// TestLeavingBesideAnotherOwner: what an owner who goes away limits holds only while no other owner is there. Two weeks of 7 a week.
func TestLeavingBesideAnotherOwner(t *testing.T) {
	for name, c := range map[string]struct {
		pekka []engine.Absence
		want  string
	}{
		"they are here":               {nil, "14 by itself, here [pekka], alone until -"},
		"they are back in the middle": {[]engine.Absence{{ID: "b", Owner: "pekka", From: today.AddDate(0, 0, -1), Until: today.AddDate(0, 0, 7)}}, "7 by itself, here [], alone until 2025-12-01"},
		"they are away for longer":    {[]engine.Absence{{ID: "b", Owner: "pekka", From: today.AddDate(0, 0, -1), Until: today.AddDate(0, 0, 30)}}, "0 by itself, here [], alone until 2025-12-08"},
	} {
		f := bakery()
		reviewed(f, 30)
		f.tasks, f.grants, f.absences = f.tasks[:1], []engine.Grant{{Task: "daily-social", Level: engine.L5, By: "mari", Role: engine.RoleOwner}}, c.pekka
		f.tasks[0].Level, f.tasks[0].Cadence.Min, f.tasks[0].Cadence.Max = engine.L5, 7, 7
		r := reader(f, today)
		r.o.People.Owners = []string{"mari", "pekka"}
		v := view(r.Leaving(t.Context(), "mari", today.AddDate(0, 0, 14), engine.L3))(t)
		n, alone := 0, "-"
		for _, k := range v.ByItself {
			n += k.N
		}
		if !v.Alone.IsZero() {
			alone = v.Alone.Format(time.DateOnly)
		}
		same(t, name, c.want, fmt.Sprintf("%d by itself, here %v, alone until %s", n, v.Here, alone))
	}
}

func TestLeavingHeedsTheLevelOfTheOthers(t *testing.T) {
	f := bakery()
	reviewed(f, 30)
	f.tasks, f.grants = f.tasks[:1], []engine.Grant{{Task: "daily-social", Level: engine.L5, By: "mari", Role: engine.RoleOwner}}
	f.absences = []engine.Absence{{ID: "b", Owner: "pekka", From: today.AddDate(0, 0, -1), Until: today.AddDate(0, 0, 30), MaxLevel: engine.L3}}
	f.tasks[0].Level, f.tasks[0].Cadence.Min, f.tasks[0].Cadence.Max = engine.L5, 7, 7
	r := reader(f, today)
	r.o.People.Owners = []string{"mari", "pekka"}
	until := today.AddDate(0, 0, 14)
	v := view(r.Leaving(t.Context(), "mari", until, engine.L5))(t)
	if len(v.ByItself) > 0 {
		t.Errorf("the window says %v go out by themselves, while another who is away lets no task act above L3", v.ByItself)
	}
}
