package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// Five things stand in each list; a page is the same part of each.
func TestPages(t *testing.T) {
	f := bakery()
	for i := range 5 {
		id := fmt.Sprint(i)
		o := in(engine.StateWaiting, post(id, fmt.Sprintf("2025-11-25 0%d:00", i)))
		f.outputs = append(f.outputs, o)
		f.exceptions = append(f.exceptions, engine.Exception{ID: id, Kind: engine.ExceptionSystem, Subject: id, Due: o.Slot})
		f.decisions = append(f.decisions, engine.Decision{ID: id, What: "pause", At: today.Add(-time.Duration(i) * time.Hour)})
	}
	type page struct {
		ids  string
		more bool
	}
	lists := map[string]func(offset, size int) page{
		"queue": func(offset, size int) page {
			v := view(reader(f, today).Queue(t.Context(), offset, size))(t)
			p := page{more: v.More}
			for _, x := range v.Items {
				p.ids += x.Output
			}
			return p
		},
		"exceptions": func(offset, size int) page {
			v := view(reader(f, today).Exceptions(t.Context(), offset, size))(t)
			p := page{more: v.More}
			for _, x := range v.Items {
				p.ids += x.ID
			}
			return p
		},
		"decision log": func(offset, size int) page {
			v := view(reader(f, today).Decisions(t.Context(), "", offset, size))(t)
			p := page{more: v.More}
			for _, x := range v.Rows {
				p.ids += x.ID
			}
			return p
		},
		"output log": func(offset, size int) page {
			v := view(reader(f, today).OutputLog(t.Context(), "", offset, size))(t)
			p := page{more: v.More}
			for _, x := range v.Rows {
				p.ids += fmt.Sprint(4 - int(x.Output[0]-'0')) // newest first
			}
			return p
		},
	}
	for name, c := range map[string]struct {
		offset, size int
		want         page
	}{
		"the first":            {0, 2, page{"01", true}},
		"the second":           {2, 2, page{"23", true}},
		"the last, not full":   {4, 2, page{"4", false}},
		"the last, full":       {3, 2, page{"34", false}},
		"exactly all":          {0, 5, page{"01234", false}},
		"past the end":         {5, 2, page{"4", false}},
		"far past the end":     {500, 2, page{"4", false}},
		"before the beginning": {-3, 2, page{"01", true}},
		"no size":              {0, 0, page{"01234", false}},
	} {
		for list, read := range lists {
			if got := read(c.offset, c.size); got != c.want {
				t.Errorf("%s of the %s: %+v, want %+v", name, list, got, c.want)
			}
		}
	}
}

func TestPageNeighbours(t *testing.T) {
	before, ok := Page{Offset: 0, Size: 3}.Before()
	same(t, "before the first", []any{0, false}, []any{before, ok})
	before, ok = Page{Offset: 2, Size: 3}.Before()
	same(t, "before a ragged second", []any{0, true}, []any{before, ok})
	same(t, "next", 5, Page{Offset: 2, Size: 3}.Next())
}

func TestQueue(t *testing.T) {
	f := bakery()
	mail := in(engine.StateWaiting, post("mail", "2025-11-27 07:30"))
	mail.Task, mail.Channel, mail.Kind = "newsletter", "mail", engine.KindEmail
	own := in(engine.StateHanded, post("own", "2025-11-25 09:10"))
	own.EditedBy = "tomi"
	f.outputs = []engine.Output{mail, in(engine.StateWaiting, post("late slot", "2025-11-26 09:10")), own, in(engine.StateScheduled, post("cleared", "2025-11-25 09:10"))}
	v := view(reader(f, today).Queue(t.Context(), 0, 2))(t)

	same(t, "total", 3, v.Total)
	same(t, "kinds", []KindCount{{engine.KindSocial, 2}, {engine.KindEmail, 1}}, v.Kinds)
	same(t, "kinds in words", "2 posts, 1 e-mail", v.Kinds[0].Words()+", "+v.Kinds[1].Words())
	same(t, "minutes", 2, v.Minutes) // three pieces of three words
	same(t, "first", at("2025-11-25 11:10"), v.First)
	same(t, "order", []string{"own", "late slot"}, []string{v.Items[0].Output, v.Items[1].Output})
	same(t, "who may decide what tomi edited", []string{"mari"}, v.Items[0].MayDecide)
	same(t, "who may decide", []string{"mari", "tomi"}, v.Items[1].MayDecide)
	all := view(reader(f, today).Queue(t.Context(), 0, 0))(t)
	same(t, "only in a window", []bool{false, false, true}, []bool{all.Items[0].Window, all.Items[1].Window, all.Items[2].Window})
}

// A channel at which too much failed: its card counts what waits, its pieces do not promise a time, and the status says so.
func TestAChannelThatRests(t *testing.T) {
	f := bakery()
	f.breakers = []engine.Breaker{{Channel: "bluesky", Failed: 3, Pause: &engine.Pause{By: "koira", At: today, Why: "refused"}}, {Channel: "mail", Failed: 2}}
	f.outputs = []engine.Output{in(engine.StateScheduled, post("next", "2025-11-25 09:10")), in(engine.StateScheduled, post("late", "2025-11-20 09:10"))}
	f.exceptions = []engine.Exception{
		{ID: "e", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroublePaused},
		{ID: "results", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleSilent},
	}
	v := view(reader(f, today).Exception(t.Context(), "e"))(t)
	same(t, "waits", 1, v.Waits)
	same(t, "rests", true, v.Resting)
	same(t, "who", []string{"mari", "tomi"}, v.Who)
	same(t, "silence", "If you do nothing, nothing goes out there; each piece waits until its time passes, then it ends.", v.Silence.Text)
	v = view(reader(f, today).Exception(t.Context(), "results"))(t) // nothing waits because of that, and it does not end the pause
	same(t, "another trouble", []any{0, false}, []any{v.Waits, v.Resting})
	f.breakers = nil
	v = view(reader(f, today).Exception(t.Context(), "results"))(t)
	same(t, "its silence", "If you do nothing, what is planned there goes on, and nobody sees what it brings.", v.Silence.Text)
	f.breakers = []engine.Breaker{{Channel: "bluesky", Failed: 3, Pause: &engine.Pause{By: "koira", At: today, Why: "refused"}}}
	p := view(reader(f, today).Piece(t.Context(), "next"))(t)
	same(t, "a piece's silence", "If you do nothing, it does not go out, because its channel is paused; it ends {at}.", p.Silence.Text)
	s := view(reader(f, today).Status(t.Context()))(t)
	if last := s.Notes[len(s.Notes)-1]; !strings.HasPrefix(last, "Bluesky is paused") {
		t.Errorf("the status says %q", last)
	}
}

func TestExceptions(t *testing.T) {
	f := bakery()
	f.tasks[0].Paused = &engine.Pause{Why: "below your minimum"}
	held := in(engine.StateHeld, post("held", "2025-11-27 07:30"))
	held.EditedBy, held.Audience = "mari", 2310
	f.outputs = []engine.Output{held, in(engine.StateUnconfirmed, post("unsure", "2025-11-24 09:10")), in(engine.StateExpired, post("missed", "2025-11-24 07:00")), post("out", "2025-11-23 09:10"),
		in(engine.StatePlanned, post("next", "2025-11-25 09:10"))}
	f.exceptions = []engine.Exception{
		{ID: "system", Kind: engine.ExceptionSystem, Subject: "bluesky"},
		{ID: "output", Kind: engine.ExceptionOutput, Output: "held", Task: "daily-social", Due: at("2025-11-27 07:30")},
		{ID: "task", Kind: engine.ExceptionTask, Task: "daily-social", Subject: "daily-social"},
		{ID: "unsure", Kind: engine.ExceptionUnsure, Output: "unsure", Task: "daily-social"},
		{ID: "missed", Kind: engine.ExceptionMissed, Output: "missed", Task: "daily-social", Due: at("2025-11-25 09:10")},
		{ID: "out", Kind: engine.ExceptionMissed, Output: "out", Task: "daily-social"},
		{ID: "closed", Kind: engine.ExceptionUnsure, Output: "unsure", ClosedAt: today, ClosedBy: "mari", Outcome: "found live"},
	}
	v := view(reader(f, today).Exceptions(t.Context(), 0, 0))(t)
	var order []string
	got := map[string]ExceptionItem{}
	for _, x := range v.Items {
		order = append(order, x.ID)
		got[x.ID] = x
	}
	same(t, "order: by time, those without one last", []string{"missed", "output", "system", "task", "unsure", "out"}, order)
	hour := func(t time.Time) string { return t.In(helsinki).Format("Mon 15:04") }
	for id, want := range map[string]struct {
		name, silence string
		who           []string
		first         Choice
	}{
		"output": {"Daily social", "If you do nothing, it does not go out; it ends Thu 09:30.", []string{"tomi"}, ChoiceFix},
		"unsure": {"Daily social", "If you do nothing, I leave it. I never send it again by myself.", []string{"mari", "tomi"}, ChoiceLive},
		"missed": {"Daily social", "If you do nothing, it stays unpublished; the next one is planned for Tue 09:10.", []string{"mari", "tomi"}, ChoiceSlot},
		"out":    {"Daily social", "If you do nothing, it stays live.", []string{"mari", "tomi"}, ChoiceGone},
		"task":   {"Daily social", "If you do nothing, it stays paused.", []string{"mari"}, ChoiceResume},
		"system": {"Bluesky", "If you do nothing, what it holds up is tried again until its time passes, then it ends.", []string{"mari"}, ChoiceHow},
	} {
		x := got[id]
		same(t, id+": name", want.name, x.Name)
		same(t, id+": silence", want.silence, x.Silence.Words(hour))
		same(t, id+": who", want.who, x.Who)
		same(t, id+": first choice", want.first, x.Choices[0])
	}
	same(t, "audience", 2310, got["output"].Audience)

	closed := view(reader(f, today).Exception(t.Context(), "closed"))(t)
	same(t, "a closed one offers nothing", 0, len(closed.Choices)+len(closed.Who))
	same(t, "its piece", "unsure", closed.Piece.Output)
}

func TestDecisionRows(t *testing.T) {
	s := scene{strategy: *bakery().strategy, tasks: bakery().tasks}
	for name, c := range map[string]struct {
		d                      engine.Decision
		words, standing, score string
		undo, apply            bool
	}{
		"applied":         {engine.Decision{What: "hour", From: "16", To: "07", Reversible: true, Chance: .6}, "Newsletter: hour 16–17 → 07–08", "in force", "not known yet", true, false},
		"final":           {engine.Decision{What: "level", From: "L4", To: "L3"}, "Newsletter: level L4 (goes out unless stopped, some wait) → L3 (each waits for your yes)", "in force", "", false, false},
		"proposed":        {engine.Decision{What: "theme", From: "rye", Proposed: true, Reversible: true}, "Newsletter: no more theme “Rye bread”", "proposed", "", false, true},
		"proposed, taken": {engine.Decision{What: "theme", To: "rye", Proposed: true, AppliedAt: today, Reversible: true}, "Newsletter: theme “Rye bread”", "in force", "", true, false},
		"turned down":     {engine.Decision{What: "theme", To: "rye", Proposed: true, RevertedAt: today, Reversible: true}, "Newsletter: theme “Rye bread”", "turned down", "", false, false},
		"undone":          {engine.Decision{What: "weekday", From: "sun", To: "sat", RevertedAt: today, Reversible: true}, "Newsletter: day Sunday → Saturday", "undone", "", false, false},
		"came true":       {engine.Decision{What: "weekday", Chance: .7, ScoredAt: today, Held: true}, "Newsletter: day", "in force", "came true", false, false},
		"came false":      {engine.Decision{What: "something new", Chance: .7, ScoredAt: today}, "Newsletter: something new", "in force", "did not come true", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.d.Task = "newsletter"
			v := s.decisionRow(c.d)
			same(t, "words", []string{c.words, c.standing, c.score}, []string{v.Words, v.Standing, v.Score})
			same(t, "undo, apply", []bool{c.undo, c.apply}, []bool{v.CanUndo, v.CanApply})
		})
	}
}

// Others act too: the page that somebody turns to may be gone by then, and the last one stands in its place.
func TestAPageBeyondTheEnd(t *testing.T) {
	for _, c := range []struct{ n, offset, size, from, to int }{
		{20, 8, 8, 8, 16}, {16, 16, 8, 8, 16}, {17, 16, 8, 16, 17}, {3, 8, 8, 0, 3}, {0, 8, 8, 0, 0}, {5, 99, 0, 5, 5},
	} {
		if from, to := cut(c.n, c.offset, c.size); from != c.from || to != c.to {
			t.Errorf("of %d from %d on: %d to %d, want %d to %d", c.n, c.offset, from, to, c.from, c.to)
		}
	}
}

// A task that a wall was taken from while it was paused resumes where it stands, and both the question and its window say so.
func TestAPausedTaskThatFell(t *testing.T) {
	f := bakery()
	k := f.tasks[0].ID
	f.tasks[0].Level, f.tasks[0].Paused = engine.L3, &engine.Pause{By: engine.Koira.ID, At: at("2025-11-23 09:00"), Why: "below your minimum"}
	f.exceptions = []engine.Exception{{
		ID: "task", Kind: engine.ExceptionTask, Task: k, Subject: k, Remedy: "An owner resumes it; it then runs one level lower, at L4 (goes out unless stopped, some wait). Or change the limit first.",
	}}
	says := func() (string, []engine.Level) {
		x, v := view(reader(f, today).Exception(t.Context(), "task"))(t), view(reader(f, today).Task(t.Context(), k))(t)
		return x.Remedy, []engine.Level{v.Resumes, v.Was}
	}
	f.lowerings = []engine.Lowering{{Task: k, At: at("2025-11-23 09:00"), From: engine.L3, To: engine.L3}}
	remedy, levels := says()
	same(t, "before a wall is taken", []any{f.exceptions[0].Remedy, []engine.Level{engine.L1, engine.L3}}, []any{remedy, levels})
	f.lowerings = []engine.Lowering{{Task: k, At: at("2025-11-23 09:00"), From: engine.L5, To: engine.L5}, {Task: k, At: at("2025-11-23 10:00"), From: engine.L5, To: engine.L3}}
	remedy, levels = says()
	same(t, "after", []any{
		"An owner resumes it; it went down from L5 while it was paused, and then runs at L3 (each waits for your yes). Or change the limit first.", []engine.Level{engine.L3, engine.L5},
	}, []any{remedy, levels})
}
