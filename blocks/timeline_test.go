package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

func (b bakery) timeline() report.Timeline {
	daily := report.PathTask{
		ID: "daily-social", Name: b.s("Daily social", 60), Level: engine.L3, Reviewed: 12, Needed: 20, PerWeek: 5, Weeks: 2, Whole: 4, Until: day(38, 0, 0), Grows: true,
		Top: engine.L5, To: engine.L4, Next: b.s("Next: L4 (goes out unless stopped, some wait). Missing: a voice lock.", 600),
	}
	letter := report.PathTask{
		ID: "newsletter", Name: b.s("Newsletter", 60), Level: engine.L1, Reviewed: 2, Needed: 50, PerWeek: 1, Weeks: 48, Whole: 50, Until: day(24+48*7, 0, 0), Grows: true,
		Top: engine.L4, To: engine.L3, Caps: []string{b.s("nothing reads the results of its channel", 300)}, Next: "Next: L3 (each waits for your yes). An owner may allow it now.",
	}
	hand := report.PathTask{ID: "founder", Name: b.s("A note from the founder", 60), Level: engine.L0, Needed: 30, PerWeek: 1, Whole: 30, Top: engine.L1, To: engine.L1,
		Caps: []string{"only people hold the information it needs"}, Next: "Next: L1 (I draft, you publish). An owner may allow it now."}
	return report.Timeline{
		Frame: b.frame(), Begun: day(4, 9, 0), Day: b.n(21, 2_310), Weekly: 30, Next: "Next for all of it: a first task at L3.",
		Phases: []report.Phase{
			{From: 1, To: 14, Begins: day(4, 0, 0), What: "I draft, you publish by hand", Steps: []report.PhaseStep{{What: "first pieces reviewed", Done: true}}},
			{From: 15, To: 30, Begins: day(18, 0, 0), What: "each piece waits for your yes, the week read at once (L3, L4)", Steps: []report.PhaseStep{{What: "a first task at L3"}}},
			{From: 31, To: 60, Begins: day(34, 0, 0), What: "limits and minimums set; the strongest tasks run by themselves, looked through each week", Steps: []report.PhaseStep{{What: "a first task runs by itself (L5)"}}},
			{From: 61, To: 90, Begins: day(64, 0, 0), What: "tasks beside those follow, on the results of weeks 5 to 8; limits refined from near misses", Steps: []report.PhaseStep{{What: "a 30-day review of results"}}},
		},
		Tasks: append(many(b, 1, 30, daily), letter, hand),
	}
}

func (b bakery) steps(done int) report.Steps {
	v := report.Steps{Frame: b.frame(), Owners: []string{mari}, Top: engine.L1, Tasks: []engine.Task{b.task()}, First: []string{b.task().ID}}
	v.Tasks[0].Level = engine.L1
	for i, s := range []report.Step{
		{Key: report.StepWhere, What: "where I may post", Detail: b.s("Bluesky, Newsletter", 300)},
		{Key: report.StepWhat, What: "the what and the why", Detail: "1 goal, 2 segments, 3 themes, 5 facts, 3 texts for the voice"},
		{Key: report.StepAudit, What: "your weekly work", Detail: "what there is, how long it takes today, whom you sell to"},
		{Key: report.StepFirst, What: "the tasks to begin with", Detail: b.s("two or three; by the list: Daily social, Newsletter", 300)},
		{Key: report.StepGood, What: "what you call good", Detail: "said of 1 of 2 tasks"},
		{Key: report.StepLimits, What: "limits and minimums", Detail: b.s("missing: minimum of Newsletter", 300)},
		{Key: report.StepReviews, What: "reviewed pieces", Detail: b.s("Daily social: 0 of 20", 300)},
		{Key: report.StepGrants, What: "the first task that runs with less asking", Detail: "none yet; I offer it, you allow it"},
	} {
		s.Done = i < done
		v.Steps = append(v.Steps, s)
	}
	text := func(s string) string { return b.s(s, 300) }
	v.Strategy = engine.Strategy{
		Goals: []engine.Goal{{Text: text("More people reserve bread ahead.")}}, Segments: many(b, 1, 30, engine.Segment{Name: text("Followers"), Size: 1240}),
		Themes: many(b, 2, 30, engine.Theme{Text: text("rye bread")}), Facts: many(b, 2, 200, engine.Fact{Text: text("Rye bread is ready at 10:00.")}),
		Voice: engine.Voice{Examples: many(b, 1, 30, text("We bake, you eat."))},
	}
	return v
}

func (b bakery) timelineDrawings(at Place) []drawing {
	later := b.steps(7)
	later.Top, later.Published = engine.L3, true
	over := b.steps(8)
	over.Top, over.Published = engine.L4, true
	bare := b.steps(0)
	bare.Tasks, bare.Strategy = nil, engine.Strategy{}
	return []drawing{
		asMessage("welcome", Welcome(b.steps(2))),
		asMessage("welcome-later", Welcome(later)),
		asMessage("welcome-over", Welcome(over)),
		asMessage("first-steps", FirstSteps(b.steps(4))),
		asView("window-what", WhatWindow(b.steps(0))),
		asView("window-what-none", WhatWindow(bare)),
		asView("window-first", FirstWindow(b.steps(0), at)),
		asView("window-first-none", FirstWindow(bare, at)),
		asView("window-draft", DraftWindow(b.steps(0), at)),
		asView("window-draft-none", DraftWindow(bare, at)),
		asMessage("timeline", Timeline(b.timeline())),
		asMessage("timeline-none", Timeline(report.Timeline{Frame: b.frame(), Begun: day(24, 9, 0), Day: 1, Weekly: 30, Next: "All of it so far is done."})),
	}
}
