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

func (b bakery) timelineDrawings() []drawing {
	return []drawing{
		asMessage("timeline", Timeline(b.timeline())),
		asMessage("timeline-none", Timeline(report.Timeline{Frame: b.frame(), Begun: day(24, 9, 0), Day: 1, Weekly: 30, Next: "All of it so far is done."})),
	}
}
