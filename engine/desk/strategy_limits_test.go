package desk

import (
	"strings"
	"testing"

	"koira/engine"
	"koira/engine/guard"
)

var fromFile = engine.Actor{ID: "file", Surface: engine.SurfaceFile}

// TestARevertOfTheStrategyTouchesNoOffer: what only the file says, an offer, stays as it is; the voice goes back with the rest.
func TestARevertOfTheStrategyTouchesNoOffer(t *testing.T) {
	w := newWorld(t)
	s := w.strategy(t).Clone()
	s.Offers = []engine.Offer{{Key: "xmas", Text: "Christmas", Until: start.AddDate(0, 1, 0)}}
	_, err := w.store.SetStrategy(w.ctx, s, fromFile, start, "a")
	must(t, err)
	s.Offers = []engine.Offer{{Key: "xmas", Text: "Christmas", Until: start.AddDate(0, 0, 5)}}
	s.Voice.Person = "we"
	s.Themes = append(s.Themes, engine.Theme{Key: "buns", Text: "Buns"})
	_, err = w.store.SetStrategy(w.ctx, s, fromFile, start, "b")
	must(t, err)
	r, err := w.RevertStrategy(w.ctx, person(mari), 2)
	must(t, err)
	_, err = w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
	must(t, err)
	now := w.strategy(t)
	if now.HasTheme("buns") || !now.Offers[0].Until.Equal(start.AddDate(0, 0, 5)) || now.Voice.Person != "" {
		t.Errorf("after the revert: %+v", now)
	}
}

// TestReadersAreNotMadeFewer: how many people a piece may reach is held against the number of readers where a channel cannot count, so that a smaller number
// would open what the limits close. Only the file may say it.
func TestReadersAreNotMadeFewer(t *testing.T) {
	w := newWorld(t)
	s := w.strategy(t)
	key := s.Segments[0].Key
	_, err := w.WantStrategy(w.ctx, person(mari), s.Version, engine.RuleEdit{Rule: PartSegments, To: key + ": Regulars (1)"})
	want(t, err, engine.CodeInvalid, "a smaller one belongs into the config file")

	task := engine.Task{ID: "z", Name: "Zed", Channel: "bluesky", Segment: key, Kind: engine.KindSocial, Level: engine.L1, Cadence: engine.Cadence{Min: 1, Max: 7, From: 9, To: 17}}
	must(t, w.store.PutTask(w.ctx, task, fromFile, start, "x"))
	r, err := w.WantStrategy(w.ctx, person(mari), s.Version, engine.RuleEdit{Rule: PartSegments, To: "press: Press (3)"})
	must(t, err)
	_, err = w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
	must(t, err)
	_, err = w.WantStrategy(w.ctx, person(mari), s.Version+1, engine.RuleEdit{Rule: PartSegments, To: key + ": Regulars (1)\npress: Press (3)"})
	want(t, err, engine.CodeInvalid, "bring them back with /koira strategy history")
	back, err := w.RevertStrategy(w.ctx, person(mari), s.Version)
	must(t, err)
	_, err = w.ApplyStrategy(w.ctx, person(mari), back.ID, "")
	must(t, err)
	if now := w.strategy(t); now.Segments[0].Size != s.Segments[0].Size {
		t.Errorf("came back as %+v", now.Segments)
	}

	// Going back to fewer says that they stay as many, and why.
	more := w.strategy(t).Clone()
	more.Segments[0].Size += 360
	v, err := w.store.SetStrategy(w.ctx, more, fromFile, start, "more readers")
	must(t, err)
	_, err = w.RevertStrategy(w.ctx, person(mari), v-1)
	want(t, err, engine.CodeConflict, "a smaller one belongs into the config file. Nothing else differs, and nothing changed.")
	back, err = w.RevertStrategy(w.ctx, person(mari), s.Version+1)
	must(t, err)
	if got := strings.Join(back.Effects.Lines, " "); strings.Contains(got, "stay counted") { // that version has none of these readers
		t.Errorf("kept: %s", got)
	}
	more.Goals = append(more.Goals, engine.Goal{Key: "more", Text: "More", Metric: engine.Clicks})
	_, err = w.store.SetStrategy(w.ctx, more, fromFile, start, "and another goal")
	must(t, err)
	back, err = w.RevertStrategy(w.ctx, person(mari), v-1)
	must(t, err)
	if got := strings.Join(back.Effects.Lines, " "); !strings.Contains(got, "stay counted as") {
		t.Errorf("it says: %s", got)
	}
}

// TestReadersWhoComeBackAreAsManyAsTheyWere: taking readers away and going back to a version with fewer of them makes them no fewer than they last were.
func TestReadersWhoComeBackAreAsManyAsTheyWere(t *testing.T) {
	w := newWorld(t)
	few := w.strategy(t)
	set := func(why string, readers ...engine.Segment) int {
		s := few.Clone()
		s.Segments = readers
		v, err := w.store.SetStrategy(w.ctx, s, fromFile, start, why)
		must(t, err)
		return v
	}
	press := engine.Segment{Key: "press", Name: "Press", Size: 3}
	many := few.Segments[0]
	many.Size += 360
	set("more readers", many, press)
	set("gone", press)
	gone := set("nobody at all")
	back, err := w.RevertStrategy(w.ctx, person(mari), few.Version)
	must(t, err)
	if got := strings.Join(back.Effects.Lines, " "); !strings.Contains(got, "Regulars come back counted as 1,600 readers, not 1,240: limits are held against that number") {
		t.Errorf("it says: %s", got)
	}
	_, err = w.ApplyStrategy(w.ctx, person(mari), back.ID, "")
	must(t, err)
	if now := w.strategy(t); now.Version != gone+1 || len(now.Segments) != 1 || now.Segments[0].Size != many.Size {
		t.Errorf("came back as %+v", now.Segments)
	}
}

// TestAFactOpensNoLink: the list of links is a guardrail, and who widens it goes its way; a fact that grew too old vouches for no link.
func TestAFactOpensNoLink(t *testing.T) {
	w := newWorld(t)
	const text = "Our shop is at https://elsewhere.example/x"
	_, err := w.AddFact(w.ctx, person(mari), FactForm{Text: text})
	want(t, err, engine.CodeInvalid, "elsewhere.example/x is not on your list of links")

	s := w.strategy(t).Clone()
	s.Facts = append(s.Facts, engine.Fact{Key: "shop", Text: text, Checked: start})
	v := engine.View{
		Stage: engine.StageDraft, Now: start, Strategy: s, Guardrails: engine.Guardrails{Facts: engine.FactRule{MaxAge: 7}},
		Output: engine.Output{Slot: start, Channel: "bluesky", Variants: []engine.Variant{{Body: "See https://elsewhere.example/x now."}}},
	}
	says := func() string {
		var all []string
		for _, f := range guard.Check(v).Findings {
			if f.Rule == "links" && f.Outcome == engine.Block {
				all = append(all, f.Evidence)
			}
		}
		return strings.Join(all, " ")
	}
	if got := says(); got != "" {
		t.Errorf("a fact that was just looked at: %s", got)
	}
	v.Now, v.Output.Slot = start.AddDate(0, 0, 100), start.AddDate(0, 0, 100)
	if got := says(); !strings.Contains(got, "stands only in a fact that was last looked at on") {
		t.Errorf("after 100 days: %q", got)
	}
}

func TestFactsHideNothingAndTakeNoName(t *testing.T) {
	w := newWorld(t)
	_, err := w.AddFact(w.ctx, person(mari), FactForm{Text: "Buns \u202ecost\u200b 3 euros."})
	want(t, err, engine.CodeInvalid, "cannot be seen")
	s := w.strategy(t).Clone()
	s.Facts = []engine.Fact{{Key: "buns-cost-3", Text: "Buns cost 3 euros."}}
	s.Themes = []engine.Theme{{Key: "rye", Text: "Rye", Facts: []string{"buns-cost-3"}}}
	v, err := w.store.SetStrategy(w.ctx, s, fromFile, start, "a")
	must(t, err)
	_, err = w.RemoveFact(w.ctx, person(mari), FactRef{v, 1})
	must(t, err)
	d, err := w.AddFact(w.ctx, person(mari), FactForm{Text: "Buns cost 3 pounds of gold."})
	must(t, err)
	if d.Facts[0].Key == "buns-cost-3" {
		t.Errorf("it took the name of what was removed: %+v", d.Facts)
	}
	_, err = w.ConfirmFacts(w.ctx, person(mari))
	want(t, err, engine.CodeConflict, "no fact to look at")
}

// The answer tells how many pieces a change has stopped, and none where it stopped none.
func TestAChangeTellsWhatItStopped(t *testing.T) {
	w := newWorld(t)
	added, err := w.AddFact(w.ctx, person(mari), FactForm{Text: "Buns cost €3.20."})
	must(t, err)
	o := w.piece(t, "daily-social", "Buns cost €3.20.", start.Add(day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	gone, err := w.RemoveFact(w.ctx, person(mari), FactRef{added.Version, len(w.strategy(t).Facts)})
	must(t, err)
	again, err := w.AddFact(w.ctx, person(mari), FactForm{Text: "Rye costs €4.20."})
	must(t, err)
	if added.Stopped != 0 || gone.Stopped != 1 || again.Stopped != 0 {
		t.Errorf("stopped %d, %d, %d", added.Stopped, gone.Stopped, again.Stopped)
	}
}

// A piece that waits for a yes already, and that a rule would send there, is not stopped by a change: it stands where it stood.
func TestAChangeDoesNotStopWhatWaits(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.SetStandings(w.ctx, "daily-social", []engine.Standing{
		{Task: "daily-social", Metric: engine.Clicks, Verdict: engine.StandingBeyond, Value: 1, High: 2, Pieces: 9, At: start},
	}))
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	v, err := w.store.View(w.ctx, o.ID, engine.StageApproval, start)
	must(t, err)
	if f, ok := lasting(w.gate(v)); !ok || f.Rule != "performance" || f.Held != engine.StateWaiting {
		t.Fatalf("the gate says %+v", f)
	}
	n, err := w.Recheck(w.ctx, "")
	must(t, err)
	added, err := w.AddFact(w.ctx, person(mari), FactForm{Text: "Buns cost €3.20."})
	must(t, err)
	if n != 0 || added.Stopped != 0 {
		t.Errorf("moved %d, stopped %d", n, added.Stopped)
	}
	w.wantState(t, o.ID, engine.StateWaiting)

	// What no yes helps against stops it all the same.
	must(t, w.tighten(olli, "topic:rye", blockedWord))
	w.wantState(t, o.ID, engine.StateHeld)
	open, err := w.store.OpenExceptions(w.ctx)
	must(t, err)
	if len(open) != 1 || open[0].Rule != "topics" {
		t.Errorf("open: %+v", open)
	}
}
