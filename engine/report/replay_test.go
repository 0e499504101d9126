package report

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/guard"
)

// theGate is the real one, over the doors of the bakery.
var theGate = guard.New(func(channel string) engine.Traits {
	return map[string]engine.Traits{
		"bluesky": {Name: "bluesky", Label: "Bluesky", Kind: engine.KindSocial, Retract: true, Limit: 300},
		"mail":    {Name: "mail", Label: "newsletter", Kind: engine.KindEmail, Halt: true, Subject: true},
	}[channel]
}, func(string) bool { return true })

// TestEachRuleIsReplayedOrSaysWhyNot keeps the table beside the gate's.
func TestEachRuleIsReplayedOrSaysWhyNot(t *testing.T) {
	for _, rule := range guard.Rules() {
		if _, ok := replayed[rule]; !ok {
			t.Errorf("the rule %q has no row", rule)
		}
	}
	for rule := range replayed {
		if !slices.Contains(guard.Rules(), rule) {
			t.Errorf("the row %q is of no rule", rule)
		}
	}
}

// TestEachLimitMovesItsRule changes each field of the guardrails and asks which rule it moves.
func TestEachLimitMovesItsRule(t *testing.T) {
	rules, named := map[string]bool{}, map[string]bool{}
	for name, c := range map[string]struct {
		change func(*engine.Guardrails)
		want   string
	}{
		"Version":    {func(g *engine.Guardrails) { g.Version++ }, ""},
		"Channels":   {func(g *engine.Guardrails) { g.Channels = map[string]bool{"mail": true} }, "channels"},
		"Topics":     {func(g *engine.Guardrails) { g.Topics.Competitors = []string{"x"} }, "topics"},
		"Voice":      {func(g *engine.Guardrails) { g.Voice.Emoji = 1 }, "voice"},
		"Thresholds": {func(g *engine.Guardrails) { g.Thresholds = nil }, "performance"},
		"Quiet":      {func(g *engine.Guardrails) { g.Quiet = []engine.QuietRule{{To: 60}} }, "quiet"},
		"Frequency":  {func(g *engine.Guardrails) { g.Frequency = []engine.FrequencyRule{{Most: 1}} }, "frequency"},
		"Facts":      {func(g *engine.Guardrails) { g.Facts.MaxAge = 1 }, "facts"},
		"Links":      {func(g *engine.Guardrails) { g.Links.Domains = []string{"x.example"} }, "links"},
		"Duplicates": {func(g *engine.Guardrails) { g.Duplicates.Days = 1 }, "duplicates"},
		"Lines":      {func(g *engine.Guardrails) { g.Lines = []engine.LineRule{{Text: "x"}} }, "lines"},
		"Blast":      {func(g *engine.Guardrails) { g.Blast.People = 1 }, "blast"},
		"Mentions":   {func(g *engine.Guardrails) { g.Mentions = []string{"@x"} }, "mentions"},
		"Budget":     {func(g *engine.Guardrails) { g.Budget.Output = 1 }, "budget"},
		"pace":       {func(g *engine.Guardrails) { g.Budget.Pace = 1 }, "pace"},
	} {
		was := *bakery().rules
		next := was.Clone()
		c.change(&next)
		got, _ := moved(was, next)
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s moves %q, want %q", name, got, c.want)
		}
		rules[c.want], named[name] = true, true
		if f, ok := reflect.TypeOf(was).FieldByName(name); name != "pace" && (!ok || f.Name != name) {
			t.Errorf("there is no field %s", name)
		}
	}
	for rule, how := range replayed {
		if how.limit != rules[rule] {
			t.Errorf("the row of %q says limit %v, and a change of the rules moves it: %v", rule, how.limit, rules[rule])
		}
	}
	for f := range reflect.TypeFor[engine.Guardrails]().Fields() {
		elsewhere := []string{"Review", "Trust", "Wave"} // how pieces are looked at and go out, and what a level needs: neither holds a piece back by itself
		if !slices.Contains(elsewhere, f.Name) && !named[f.Name] {
			t.Errorf("nothing says which rule a change of %s moves", f.Name)
		}
	}
	was := *bakery().rules
	next := was.Clone()
	next.Budget.Model = 1
	next.Review.Sample, next.Wave.Pause = 1, 60
	if got, elsewhere := moved(was, next); len(got) != 0 || len(elsewhere) != 3 {
		t.Errorf("the model's budget, the checks and the first readers move %q, %q", got, elsewhere)
	}
}

// history is what is on record of pieces of Daily social, the oldest first: each was written an hour before it was cleared, and went out at its time.
type history struct {
	engine.Past
	f *fake
}

func (h *history) piece(id, cleared, slot, body string, change ...func(*engine.Output)) {
	o := post(id, slot)
	o.Digest, o.Origin, o.Level, o.Segment, o.Expires = engine.Digest("digest of "+id), engine.OriginKoira, engine.L3, "followers", at(slot).Add(2*time.Hour)
	o.Variants = []engine.Variant{{Name: "A", Body: body, Shown: body}}
	o.Sketch = guard.Sketch(o.Variants)
	for _, c := range change {
		c(&o)
	}
	h.f.outputs = append(h.f.outputs, o)
	h.Pieces = slices.Insert(h.Pieces, 0, o)
	n := engine.Neighbour{Output: id, Task: o.Task, Channel: o.Channel, Segment: o.Segment, At: o.Slot, Sketch: o.Sketch, Title: body}
	if n.Out = !o.PublishedAt.IsZero(); n.Out {
		n.At = o.PublishedAt
	}
	h.Around = append(h.Around, n)
	h.move(id, engine.StateDrafted, at(cleared).Add(-time.Hour))
	if o.State != engine.StateWaiting && o.State != engine.StateRejected {
		h.move(id, engine.StateScheduled, at(cleared))
	} else {
		h.move(id, engine.StateWaiting, at(cleared))
	}
	if o.CostMax > 0 {
		h.Ledger = append(h.Ledger, engine.Entry{At: at(cleared), Kind: engine.LedgerReserve, Output: id, Task: o.Task, Campaign: o.Campaign, Week: engine.Week(o.Slot, helsinki), Reserved: o.CostMax})
	}
	if !o.PublishedAt.IsZero() {
		h.move(id, engine.StatePublished, o.PublishedAt)
	} else if o.State.Final() {
		h.move(id, o.State, o.Slot)
	}
	slices.SortStableFunc(h.Moves, func(a, b engine.PastMove) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(h.Ledger, func(a, b engine.Entry) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(h.Pieces, func(a, b engine.Output) int { return b.Slot.Compare(a.Slot) })
}

func (h *history) move(id string, to engine.State, t time.Time) {
	slot := time.Time{}
	for _, o := range h.Pieces {
		if o.ID == id {
			slot = o.Slot
		}
	}
	h.Moves = append(h.Moves, engine.PastMove{Output: id, To: to, At: t, Slot: slot})
}

func aHistory() *history {
	h := &history{f: bakery()}
	h.f.tasks[0].Segment = "followers"
	h.f.rules.Thresholds = nil
	h.Strategies = []engine.DatedStrategy{{Strategy: *h.f.strategy, At: at("2025-10-01 09:00")}}
	return h
}

func (h *history) replay(t *testing.T, change func(*engine.Guardrails)) (Replay, engine.Tried) {
	t.Helper()
	h.f.past = h.Past
	r := reader(h.f, today)
	r.o.Gate = theGate
	next := h.f.rules.Clone()
	change(&next)
	v := view(r.Replay(t.Context(), *h.f.rules, next))(t)
	return v, view(r.Preview(t.Context(), *h.f.rules, next))(t)
}

func idsOf(ts []Tried) []string {
	var v []string
	for _, t := range ts {
		v = append(v, t.Output.ID)
	}
	slices.Sort(v)
	return v
}

func waiting(o *engine.Output) { o.State, o.PublishedAt = engine.StateWaiting, time.Time{} }

func costs(m engine.Money) func(*engine.Output) { return func(o *engine.Output) { o.CostMax = m } }

// TestReplaySaysWhatItWouldHaveStopped is the card of the screens, counted by hand.
func TestReplaySaysWhatItWouldHaveStopped(t *testing.T) {
	h := aHistory()
	h.piece("mon", "2025-11-02 09:00", "2025-11-03 09:10", "Rye on sale today.")
	h.piece("tue", "2025-11-03 09:00", "2025-11-04 09:10", "Rye at ten.")
	h.piece("wed", "2025-11-04 09:00", "2025-11-05 09:10", "A sale of buns.")
	h.piece("no", "2025-11-05 09:00", "2025-11-06 09:10", "Sales for regulars.", func(o *engine.Output) { o.State, o.PublishedAt = engine.StateRejected, time.Time{} })
	h.piece("old", "2025-11-05 09:00", "2025-11-07 09:10", "", func(o *engine.Output) { o.Variants = nil })
	h.piece("hand", "2025-11-05 09:00", "2025-11-08 09:10", "Sale", func(o *engine.Output) { o.Origin = engine.OriginHand })
	h.piece("next", "2025-11-24 06:00", "2025-11-25 09:10", "Advent sale.", waiting)
	h.piece("then", "2025-11-24 06:00", "2025-11-26 09:10", "Advent bread.", waiting)
	h.f.brought = []brought{{"mon", engine.Clicks, 48, at("2025-11-03 12:00")}, {"tue", engine.Clicks, 47, at("2025-11-04 12:00")}, {"wed", engine.Clicks, 3, at("2025-11-05 12:00")}}
	v, tried := h.replay(t, func(g *engine.Guardrails) { g.Topics.Blocked = []string{"sale"} })
	same(t, "stopped", []string{"mon", "no", "wed"}, idsOf(v.Stopped))
	same(t, "planned", []string{"next"}, idsOf(v.Stops))
	same(t, "in words", []string{
		"Tried on the last 30 days: would have stopped 3 of 4, among them your best post (3 Nov, 48 visits, simulated), and 1 of the 2 now planned.",
		"1 older piece could not be tried: text not kept.",
	}, tried.Lines)
	same(t, "the first", engine.TriedPiece{Output: "mon", Title: "Rye on sale today.", Words: "would have been stopped by topics", Day: "3 Nov"}, tried.Pieces[0])

	h.f.rules.Topics.Blocked = []string{"sale"}
	_, tried = h.replay(t, func(g *engine.Guardrails) { g.Topics.Blocked = nil })
	same(t, "the other way", []string{
		"Tried on the last 30 days: would have stopped none of 4, and none of the 2 now planned; would have let 3 through that were stopped; would let 1 of the 2 now planned through.",
		"1 older piece could not be tried: text not kept.",
	}, tried.Lines)

	_, tried = h.replay(t, func(g *engine.Guardrails) {
		g.Thresholds = map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 9}}}
	})
	same(t, "what is not kept", []string{"Not tried: how a task stood against its minimums at each moment is not kept."}, tried.Lines)
}

// TestReplayIsAsOfItsTime: each piece is held against what was out or cleared, set aside, true and allowed when it was cleared itself.
func TestReplayIsAsOfItsTime(t *testing.T) {
	three := func(change ...func(*engine.Output)) *history {
		h := aHistory()
		for i, id := range []string{"first", "second", "third"} { // cleared in this order, for the same day, the last one for the earliest hour
			h.piece(id, fmt.Sprintf("2025-11-10 0%d:00", 7+i), fmt.Sprintf("2025-11-12 %d:00", 15-i), "Text of the "+id+" piece.", change...)
		}
		return h
	}
	for name, c := range map[string]struct {
		h      *history
		change func(*engine.Guardrails)
		want   []string
	}{
		"of three on a day, the one that was cleared last": {three(), func(g *engine.Guardrails) {
			g.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: 2, Days: 1}}
		}, []string{"third"}},
		"of three that cost, the one that was cleared last": {three(costs(5 * engine.Unit)), func(g *engine.Guardrails) {
			g.Budget.Weekly = 10 * engine.Unit
		}, []string{"third"}},
		"of three that cost, the two that the task's own money does not hold": {three(costs(5 * engine.Unit)), func(g *engine.Guardrails) {
			g.Budget.Tasks = map[string]engine.Money{"daily-social": 5 * engine.Unit}
		}, []string{"second", "third"}},
		"of three of a campaign, the one that was cleared last": {three(costs(5*engine.Unit), func(o *engine.Output) { o.Campaign = "advent" }), func(g *engine.Guardrails) {
			g.Budget.Campaigns = map[string]engine.Money{"advent": 10 * engine.Unit}
		}, []string{"third"}},
		"of three that cost, the two that the pace of Wednesday does not hold": {three(costs(5 * engine.Unit)), func(g *engine.Guardrails) {
			g.Budget.Pace = 10 // 120 · 3 ÷ 7 · 10 % is 5.14
		}, []string{"second", "third"}},
		"one that was taken back before is none of those around": {func() *history {
			h := three()
			h.move("first", engine.StateWaiting, at("2025-11-10 08:30"))
			slices.SortStableFunc(h.Moves, func(a, b engine.PastMove) int { return a.At.Compare(b.At) })
			return h
		}(), func(g *engine.Guardrails) {
			g.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: 2, Days: 1}}
		}, nil},
		"a fact that was true then": {func() *history {
			h := aHistory()
			h.piece("price", "2025-11-10 08:00", "2025-11-12 09:00", "Rye costs 4.50 euro.")
			h.piece("later", "2025-11-20 08:00", "2025-11-21 09:00", "Rye costs 4.50 euro.")
			was := *h.f.strategy
			was.Facts = []engine.Fact{{Key: "rye", Text: "Rye costs 4.50 euro", Checked: at("2025-11-01 09:00")}}
			is := was
			is.Facts = []engine.Fact{{Key: "rye", Text: "Rye costs 4.50 euro", Checked: at("2025-11-19 09:00")}}
			h.Strategies = []engine.DatedStrategy{{Strategy: was, At: at("2025-10-01 09:00")}, {Strategy: is, At: at("2025-11-19 09:00")}}
			return h
		}(), func(g *engine.Guardrails) { g.Facts.MaxAge = 7 }, []string{"price"}},
		"a grant that has ended since": {func() *history {
			h := aHistory()
			alone := func(o *engine.Output) { o.Level, o.Audience = engine.L5, 900 }
			h.piece("alone", "2025-11-10 08:00", "2025-11-12 09:00", "By itself.", alone)
			h.piece("lowered", "2025-11-17 08:00", "2025-11-18 09:00", "After that.", alone)
			h.Grants = []engine.Grant{{Task: "daily-social", Level: engine.L5, Role: engine.RoleOwner, At: at("2025-11-01 09:00"), EndedAt: at("2025-11-15 09:00")}}
			return h
		}(), func(g *engine.Guardrails) { g.Blast.People = 500 }, []string{"alone"}},
		"what was said of another piece before": {func() *history {
			h := aHistory()
			const words = "We bake a second batch of rye at ten every Saturday morning, so that nobody goes home without."
			h.piece("once", "2025-11-10 08:00", "2025-11-12 09:00", words)
			h.piece("twice", "2025-11-13 08:00", "2025-11-14 09:00", words)
			return h
		}(), func(g *engine.Guardrails) { g.Duplicates = engine.DuplicateRule{Percent: 80, Days: 14} }, []string{"twice"}},
		"the time itself": {three(), func(g *engine.Guardrails) {
			g.Quiet = []engine.QuietRule{{From: 13 * 60, To: 14 * 60}}
		}, []string{"third"}},
		"the channel": {three(), func(g *engine.Guardrails) { g.Channels = map[string]bool{} }, []string{"first", "second", "third"}},
	} {
		t.Run(name, func(t *testing.T) {
			v, tried := c.h.replay(t, c.change)
			same(t, "stopped", c.want, idsOf(v.Stopped))
			if v.Of != len(c.h.Pieces) {
				t.Errorf("%d of %d were tried: %q", v.Of, len(c.h.Pieces), tried.Lines)
			}
		})
	}
}

// TestReplayCountsWhatTheGateSays runs the gate over each piece once more, under both versions, and counts.
func TestReplayCountsWhatTheGateSays(t *testing.T) {
	words := []string{"rye", "sale", "buns", "advent", "morning", "batch", "ten", "prices"}
	rapid.Check(t, func(rt *rapid.T) {
		h := aHistory()
		h.f.rules.Topics.Blocked = rapid.SliceOfN(rapid.SampledFrom(words), 0, 2).Draw(rt, "blocked")
		for i := range rapid.IntRange(1, 12).Draw(rt, "pieces") {
			slot := today.AddDate(0, 0, rapid.IntRange(-20, 3).Draw(rt, "day")).Add(time.Duration(i) * time.Minute).In(helsinki)
			body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(rt, "words"), " ")
			state := rapid.SampledFrom([]engine.State{engine.StatePublished, engine.StateRejected}).Draw(rt, "state")
			if slot.After(today) {
				state = engine.StateWaiting
			}
			h.piece(fmt.Sprintf("p%02d", i), slot.Add(-24*time.Hour).Format("2006-01-02 15:04"), slot.Format("2006-01-02 15:04"), body, func(o *engine.Output) {
				o.CostMax = engine.Money(rapid.IntRange(0, 9).Draw(rt, "cost")) * engine.Unit
				if o.State = state; state != engine.StatePublished {
					o.PublishedAt = time.Time{}
				}
			})
		}
		next := h.f.rules.Clone()
		next.Topics.Blocked = rapid.SliceOfN(rapid.SampledFrom(words), 0, 2).Draw(rt, "next blocked")
		next.Frequency = []engine.FrequencyRule{{Most: rapid.IntRange(0, 4).Draw(rt, "most"), Days: rapid.IntRange(1, 7).Draw(rt, "days")}}
		next.Budget.Weekly = engine.Money(rapid.IntRange(0, 60).Draw(rt, "weekly")) * engine.Unit
		h.f.past = h.Past
		r := reader(h.f, today)
		r.o.Gate = theGate
		v, err := r.Replay(t.Context(), *h.f.rules, next)
		if err != nil {
			rt.Fatal(err)
		}
		s, _ := r.scene(t.Context())
		st := newStage(h.Past, s)
		var stopped, freed, stops, frees []string
		for _, o := range h.Pieces {
			stands := func(g engine.Guardrails) bool {
				view := st.view(o, 60)
				view.Guardrails = g
				for _, f := range theGate(view).Findings {
					if f.Outcome == engine.Block && f.Limit == nil {
						return false
					}
				}
				return true
			}
			was, is := stands(*h.f.rules), stands(next)
			into := map[bool]map[bool]*[]string{true: {true: &stopped, false: &stops}, false: {true: &freed, false: &frees}}
			if was != is {
				list := into[was][o.State != engine.StateWaiting]
				*list = append(*list, o.ID)
			}
		}
		for _, x := range []struct {
			what string
			want []string
			got  []Tried
		}{{"stopped", stopped, v.Stopped}, {"freed", freed, v.Freed}, {"stops", stops, v.Stops}, {"frees", frees, v.Frees}} {
			slices.Sort(x.want)
			if !slices.Equal(x.want, idsOf(x.got)) {
				rt.Fatalf("%s: %q, want %q", x.what, idsOf(x.got), x.want)
			}
		}
		if v.Of+v.Planned != len(h.Pieces) {
			rt.Fatalf("%d and %d of %d", v.Of, v.Planned, len(h.Pieces))
		}
	})
}

// TestWhatHoldsNoPieceBackIsNotTried: a preview never says that nothing would have been stopped where nothing was tried.
func TestWhatHoldsNoPieceBackIsNotTried(t *testing.T) {
	h := aHistory()
	h.piece("mon", "2025-11-02 09:00", "2025-11-03 09:10", "Rye at ten.")
	_, tried := h.replay(t, func(g *engine.Guardrails) { g.Version++ })
	same(t, "in words", []string{"Not tried: by itself it holds no piece back."}, tried.Lines)
	empty := aHistory()
	_, tried = empty.replay(t, func(g *engine.Guardrails) { g.Topics.Blocked = []string{"sale"} })
	same(t, "nothing yet", []string{"Nothing to try it on: no piece of the last 30 days came to the rules yet."}, tried.Lines)
}
