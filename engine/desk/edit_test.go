package desk

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

func TestEdit(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye bread sells out before noon.", start.Add(day))
	n, v, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Oat bread sells out before noon.", Link: "https://evil.example"}})
	must(t, err)
	if v.Outcome == engine.Block {
		t.Errorf("blocked: %+v", v.Blocks())
	}
	got := w.wantState(t, o.ID, engine.StateWaiting)
	if got.Digest == o.Digest || got.Digest != n.Digest || got.Digest != engine.DigestOf(got) {
		t.Errorf("digest %s, was %s, returned %s", got.Digest.Short(), o.Digest.Short(), n.Digest.Short())
	}
	if got.EditedBy != olli || math.Abs(got.Changed-1.0/6) > 1e-9 || got.Variants[0].Link != "" || !strings.Contains(string(got.Variants[0].Rendered), "Oat") {
		t.Errorf("edited by %q, changed %v, link %q, rendered %s", got.EditedBy, got.Changed, got.Variants[0].Link, got.Variants[0].Rendered)
	}
	if len(got.Findings) == 0 || got.GuardrailVersion != 1 || got.StrategyVersion != 1 {
		t.Errorf("checked against %d/%d, %d findings", got.StrategyVersion, got.GuardrailVersion, len(got.Findings))
	}
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeConflict, "changed this draft")
	_, _, err = w.Edit(w.ctx, person(tomi), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Barley."}})
	want(t, err, engine.CodeConflict, "@"+olli+" changed this draft", "Not saved.")
	// The next edit adds up, and whoever made it cannot approve it.
	n, _, err = w.Edit(w.ctx, person(tomi), o.ID, got.Digest, []engine.Variant{{Name: "A", Body: "Oat bread sells out before nine."}})
	must(t, err)
	if math.Abs(n.Changed-2.0/6) > 1e-9 {
		t.Errorf("changed %v after two edits, want 1/3", n.Changed)
	}
	want(t, w.Approve(w.ctx, person(tomi), yes(n)), engine.CodeDenied, "@"+mari)
	must(t, w.Approve(w.ctx, person(mari), yes(n)))
}

func TestEditRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text  engine.Variant
		field string
		part  string
	}{
		"nothing":             {engine.Variant{Name: "A"}, "A.body", "is empty"},
		"more than the limit": {engine.Variant{Name: "A", Body: strings.Repeat("a", 61)}, "A.body", "61 characters; Bluesky takes 60"},
		"what cannot be text": {engine.Variant{Name: "A", Body: "rye\x00"}, "A.body", "not text"},
		"the channel's no":    {engine.Variant{Name: "A", Body: "refuse this"}, "A.body", "takes no such text"},
		"another wording":     {engine.Variant{Name: "C", Body: "Rye."}, "", `no wording "C"`},
		"no change":           {engine.Variant{Name: "A", Body: " Rye. "}, "", "same as before"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{c.text})
			want(t, err, engine.CodeInvalid, c.part, "Nothing changed.")
			if e := err.(*engine.Error); e.Field != c.field {
				t.Errorf("field %q, want %q", e.Field, c.field)
			}
			if got := w.wantState(t, o.ID, engine.StateWaiting); got.Digest != o.Digest || got.EditedBy != "" {
				t.Error("it changed all the same")
			}
		})
	}
	t.Run("a subject where there must be one", func(t *testing.T) {
		w := newWorld(t)
		o := w.piece(t, "weekly-newsletter", "Rye.", start.Add(day))
		_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Oat."}})
		want(t, err, engine.CodeInvalid, "The subject of wording A is empty")
	})
}

func TestEditByState(t *testing.T) {
	oat := []engine.Variant{{Name: "A", Body: "Oat."}}
	t.Run("what goes out by itself is taken back and waits", func(t *testing.T) {
		w := newWorld(t)
		o := w.byItself(t, "Rye.", start.Add(day))
		_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
		must(t, err)
		w.wantState(t, o.ID, engine.StateWaiting)
	})
	t.Run("what somebody approved is taken back first", func(t *testing.T) {
		w := newWorld(t)
		o := w.piece(t, "daily-social", "Rye.", start.Add(day))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
		_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
		want(t, err, engine.CodeConflict, "@"+tomi+" approved this", "take it back first")
		w.wantState(t, o.ID, engine.StateScheduled)
	})
	t.Run("new words that a rule stops are saved and held", func(t *testing.T) {
		w := newWorld(t)
		o := w.piece(t, "daily-social", "Rye.", start.Add(day))
		_, v, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Politics."}})
		must(t, err)
		if v.Outcome != engine.Block {
			t.Errorf("verdict %s", v.Outcome)
		}
		if got := w.wantState(t, o.ID, engine.StateHeld); got.Variants[0].Body != "Politics." {
			t.Errorf("kept %q", got.Variants[0].Body)
		}
	})
	t.Run("what people publish is not edited here", func(t *testing.T) {
		w := newWorld(t)
		o := w.piece(t, "by-hand", "Rye.", start.Add(day))
		_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
		want(t, err, engine.CodeConflict, "published by hand", "Not saved.")
	})
	t.Run("after a fall to L1 the new words are handed over", func(t *testing.T) {
		w := newWorld(t)
		o := w.piece(t, "daily-social", "Rye.", start.Add(day))
		w.level(t, "daily-social", engine.L1)
		_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
		must(t, err)
		w.wantState(t, o.ID, engine.StateHanded)
	})
	t.Run("what was on its way once keeps its words", func(t *testing.T) {
		w := newWorld(t)
		o := w.unsure(t, 0)
		_, err := w.store.Move(w.ctx, engine.Move{Output: o.ID, From: o.State, To: engine.StateScheduled, Digest: o.Digest, By: person(tomi), At: w.clock.Now()})
		must(t, err)
		must(t, w.TakeBack(w.ctx, person(tomi), o.ID, o.Digest))
		_, _, err = w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
		want(t, err, engine.CodeConflict, "on its way once")
	})
}

func TestChanged(t *testing.T) {
	one := func(body string) []engine.Variant { return []engine.Variant{{Name: "A", Body: body}} }
	for name, c := range map[string]struct {
		before, after []engine.Variant
		want          float64
	}{
		"nothing":            {one("rye bread now"), one("rye bread now"), 0},
		"spaces only":        {one("rye  bread\nnow"), one("rye bread now"), 0},
		"one of three":       {one("rye bread now"), one("oat bread now"), 1.0 / 3},
		"one added to three": {one("rye bread now"), one("rye bread is now"), 1.0 / 4},
		"one taken of four":  {one("rye bread is now"), one("rye bread now"), 1.0 / 4},
		"two swapped":        {one("a b c d"), one("a c b d"), 1.0 / 4},
		"everything":         {one("rye bread"), one("something else"), 1},
		"empty before":       {one(""), one("new words"), 1},
		"empty both":         {one(""), one(""), 0},
		"a subject counts":   {[]engine.Variant{{Name: "A", Subject: "rye", Body: "bread now"}}, []engine.Variant{{Name: "A", Subject: "oat", Body: "bread now"}}, 1.0 / 3},
		"two wordings": {
			[]engine.Variant{{Name: "A", Body: "a b c"}, {Name: "B", Body: "d"}}, []engine.Variant{{Name: "A", Body: "a b c"}, {Name: "B", Body: "e"}}, 1.0 / 4,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := changed(c.before, c.after); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// common agrees with the definition by recursion, which is far too slow for a text.
func TestCommonByDefinition(t *testing.T) {
	var define func(a, b []string) int
	define = func(a, b []string) int {
		switch {
		case len(a) == 0 || len(b) == 0:
			return 0
		case a[0] == b[0]:
			return 1 + define(a[1:], b[1:])
		}
		return max(define(a[1:], b), define(a, b[1:]))
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 8)
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		if got, want := common(a, b), define(a, b); got != want {
			t.Fatalf("%v, %v: %d, want %d", a, b, got, want)
		}
	})
}

func TestLinkAndNames(t *testing.T) {
	for s, ok := range map[string]bool{
		"https://bsky.example/post/1": true, " http://a.fi ": true, "ftp://a.fi": false, "bsky.example": false, "https://": false, "": false,
		"javascript:alert(1)": false, "https://user:pass@a.fi": false, "https://a.fi/a b": false, "https://a.fi/" + strings.Repeat("x", maxLink): false,
		"//a.fi": false, "https://a.fi/\x01": false,
	} {
		if _, err := link(s); (err == nil) != ok {
			t.Errorf("link(%q): %v, want ok %v", cut(s), err, ok)
		}
	}
	known := []string{"daily-social", "weekly-newsletter", "welcome-mail"}
	for typed, want := range map[string]string{
		"newsleter": "weekly-newsletter", "daily-socal": "daily-social", "Daily-Social": "daily-social", "newsletter": "weekly-newsletter",
		"podcast": "", "": "", "x": "", strings.Repeat("a", 500): "",
	} {
		if got := suggest(typed, known); got != want {
			t.Errorf("suggest(%q) = %q, want %q", cut(typed), got, want)
		}
	}
	w := newWorld(t)
	_, err := w.Ask(w.ctx, person(olli), "newsleter")
	want(t, err, engine.CodeNotFound, `There is no task "newsleter". Did you mean weekly-newsletter?`)
}

func TestFree(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	must(t, err)
	local := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, helsinki)
		must(t, err)
		return v
	}
	every := engine.Cadence{Max: 7, From: 9, To: 17}
	thursdays := engine.Cadence{Max: 1, Days: []time.Weekday{time.Thursday}, From: 7, To: 9}
	for name, c := range map[string]struct {
		cadence engine.Cadence
		from    string
		taken   []string
		want    string
	}{
		"the next full hour":                   {every, "2025-11-24 11:20", nil, "2025-11-24 12:00"},
		"a full hour itself":                   {every, "2025-11-24 11:00", nil, "2025-11-24 11:00"},
		"before the hours":                     {every, "2025-11-24 05:00", nil, "2025-11-24 09:00"},
		"after the hours":                      {every, "2025-11-24 16:01", nil, "2025-11-25 09:00"},
		"a day that is full":                   {every, "2025-11-24 11:00", []string{"2025-11-24 10:00"}, "2025-11-25 09:00"},
		"its day only":                         {thursdays, "2025-11-24 11:00", nil, "2025-11-27 07:00"},
		"a week that is full":                  {thursdays, "2025-11-24 11:00", []string{"2025-11-27 08:00"}, "2025-12-04 07:00"},
		"two a day":                            {engine.Cadence{Max: 14, From: 9, To: 17}, "2025-11-24 08:00", []string{"2025-11-24 09:00"}, "2025-11-24 10:00"},
		"a taken hour of a day with room":      {engine.Cadence{Max: 14, From: 9, To: 10}, "2025-11-24 08:00", []string{"2025-11-24 09:00"}, "2025-11-25 09:00"},
		"across the end of summer time":        {every, "2026-10-24 18:00", nil, "2026-10-25 09:00"},
		"across the beginning of summer time":  {every, "2026-03-28 18:00", nil, "2026-03-29 09:00"},
		"a week counts by its ISO week's days": {engine.Cadence{Max: 1, From: 9, To: 17}, "2025-11-24 08:00", []string{"2025-11-30 09:00"}, "2025-12-01 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			var taken []time.Time
			for _, s := range c.taken {
				taken = append(taken, local(s).UTC())
			}
			got, ok := free(c.cadence, local(c.from).UTC(), taken, helsinki, anyTime)
			if !ok || !got.Equal(local(c.want)) {
				t.Errorf("got %s, %v, want %s", got.In(helsinki), ok, c.want)
			}
		})
	}
	var full []time.Time
	for i := range 7*weeks + 14 {
		full = append(full, local("2025-11-24 09:00").AddDate(0, 0, i))
	}
	if got, ok := free(every, local("2025-11-24 08:00"), full, helsinki, anyTime); ok {
		t.Errorf("a slot in a full calendar: %s", got)
	}
}

func anyTime(time.Time) bool { return true }
