package blocks

import (
	"fmt"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
	"koira/engine/trust"
)

// many repeats a value as often as the largest plausible list holds it.
func many[T any](b bakery, small, large int, v T) []T {
	var vs []T
	for range b.n(small, large) {
		vs = append(vs, v)
	}
	return vs
}

func (b bakery) status() report.Status {
	next := b.row(engine.StateScheduled, "approved")
	next.Slot = day(24, 13, 10)
	return report.Status{
		Frame: b.frame(), NeedYou: report.NeedYou{Problems: b.n(1, 2310), Drafts: b.n(3, 2310), Hand: b.n(0, 2310)}, Next: &next,
		Writer: b.s("built-in template writer, no AI model configured", 80),
		Notes:  many(b, 1, 6, b.s("Simulated: Bluesky. Nothing real happens there, and the readings are made up.", 400)),
	}
}

func (b bakery) stoppedStatus() report.Status {
	v := b.status()
	v.Control = b.control()
	return v
}

func (b bakery) control() engine.Control {
	return engine.Control{Stopped: true, StoppedBy: tomi, StoppedAt: day(24, 13, 5), Why: b.s("wrong opening hours", 1000)}
}

func (b bakery) stopped() report.Stopped {
	r := b.row(engine.StateScheduled, "approved")
	r.Slot = day(24, 16, 10)
	late := b.row(engine.StateScheduled, "approved")
	late.Slot = day(24, 6, 10)
	live := b.row(engine.StatePublished, "live")
	live.PublishedAt, live.URL = day(24, 9, 10), "https://bsky.app/profile/leipa.example/post/3lbq"
	letter := live
	letter.Channel, letter.Title, letter.URL = "Newsletter", b.s("Advent hours and what we bake", 200), ""
	return report.Stopped{
		Frame: b.frame(), Control: b.control(), Halted: many(b, 1, 60, report.Halted{Row: letter, Progress: engine.Progress{Sent: 231, Of: 2310, Halted: true}}), Waits: many(b, 5, 60, r), TooLate: many(b, 1, 60, late), UnderWay: many(b, 0, 60, r),
		OutToday: many(b, 2, 60, live), MayResume: b.who(mari),
	}
}

func (b bakery) runs() report.Stopped {
	v := b.stopped()
	v.Control = engine.Control{}
	return v
}

func (b bakery) change() report.Change {
	return report.Change{
		Metric: engine.Clicks, Name: "link visits", Known: true, Value: int64(b.n(112, 2_310_000)), Last: int64(b.n(100, 2_000_000)), Percent: 12,
		Usual: pick(b, report.Range{Low: 82, High: 122, Known: true}, report.Range{Low: 1_640_000, High: 2_440_000, Known: true}), Compared: true, Relative: true,
		Verdict: report.VerdictUsual, Simulated: true,
	}
}

func (b bakery) drivers() []report.Driver {
	ds := []report.Driver{
		{Name: b.s("Daily social", 60), Why: report.WhyPieces, Shown: 9, Words: b.s("2 more posts (Daily social)", 150)},
		{Name: b.s("Weekly newsletter", 60), Why: report.WhyRate, Shown: 6, Words: b.s("each e-mail by Weekly newsletter brought more (24, before 21)", 150)},
		{Name: b.s("Daily social", 60), Why: report.WhyRate, Shown: -3, Words: ""},
	}
	return append(ds, many(b, 0, 20, ds[0])...)
}

func (b bakery) decision(change ...func(*report.DecisionRow)) report.DecisionRow {
	d := report.DecisionRow{
		Decision: engine.Decision{
			ID: "01K0DEC0000000000000000000", Task: "newsletter", At: day(20, 16, 0), What: "hour", From: "16", To: "07",
			Signal: b.s("24 of 2,310 readers before, 31 since", 500), Expected: b.s("I expect 0.4 more visits per 100 readers", 300), Chance: .6, Reversible: true,
		},
		Name: b.s("Weekly newsletter", 60), Words: b.s("Weekly newsletter: hour 16–17 → 07–08", 300), Standing: "in force", Score: "not known yet", CanUndo: true,
	}
	for _, f := range change {
		f(&d)
	}
	return d
}

func (b bakery) decisions() []report.DecisionRow {
	ds := []report.DecisionRow{
		b.decision(),
		b.decision(func(d *report.DecisionRow) {
			d.Words, d.Expected, d.Chance, d.CanUndo, d.CanApply, d.Standing = b.s("Daily social: no more theme “recipes”", 300), "", 0, false, true, "proposed"
		}),
		b.decision(func(d *report.DecisionRow) { d.CanUndo, d.Standing = false, "undone" }),
	}
	return append(ds, many(b, 0, 7, ds[0])...)
}

// allowed is a change that an owner made.
func (b bakery) allowed() report.DecisionRow {
	return b.decision(func(d *report.DecisionRow) {
		d.What, d.Words, d.Expected, d.Chance, d.CanUndo = "level", "Daily social: level L4 → L5", "", 0, false
		d.Signal = "allowed by " + mari + ": 30 reviewed, 29 unchanged, at least 85 in 100"
	})
}

func (b bakery) budget() report.Budget {
	return report.Budget{
		Frame: b.frame(), Week: "2025-W48", From: day(24, 0, 0), To: day(31, 0, 0), Spent: pick(b, 6_100_000, 2_310_000*engine.Unit), Model: 1_400_000,
		Reserved: 12 * engine.Unit, Free: 101_900_000, Cap: 120 * engine.Unit, Ceiling: 200 * engine.Unit, Projected: 38 * engine.Unit, Over: pick(b, 0, 2_000_000*engine.Unit),
		ByTask:    many(b, 1, 30, report.TaskBudget{Name: b.s("Weekly newsletter", 60), Spent: 4 * engine.Unit, Reserved: 12 * engine.Unit, Limit: 50 * engine.Unit}),
		Weeks:     many(b, 1, 12, report.WeekMoney{Week: "2025-W47", Spent: 38_200_000}),
		Campaigns: many(b, 1, 30, report.CampaignBudget{Key: "advent", Text: b.s("Advent box with four breads for €24", 200), Spent: 8 * engine.Unit, Reserved: 4 * engine.Unit, Limit: 60 * engine.Unit}),
		Limits:    report.Limits{Model: 10 * engine.Unit, Output: 5 * engine.Unit, Pace: 120, Today: 20_570_000, ToDate: 18_100_000},
		Planned:   19_900_000,
	}
}

// overBudget is a week in which an owner allowed a piece on top.
func (b bakery) overBudget() report.Budget {
	v := b.budget()
	v.Limits, v.Campaigns, v.Weeks = report.Limits{}, nil, nil
	v.Reserved, v.Free, v.Over, v.Top = 120*engine.Unit, 0, 6_100_000, 6_100_000
	return v
}

func (b bakery) alert(percent int) report.AlertView {
	v := report.AlertView{
		Frame: b.frame(), Alert: engine.Alert{Period: "2025-W48", Cap: "week", Percent: percent, Limit: 120 * engine.Unit, Used: 98 * engine.Unit},
		Name: b.s("The money of week 48", 200), Weekly: true, Model: 1_400_000, Ceiling: 200 * engine.Unit, MayRaise: b.who(mari),
	}
	if percent == 100 {
		v.Used, v.Waits = v.Limit, many(b, 1, 30, b.row(engine.StateHeld, "stopped, needs you"))
	}
	if b.large && percent == 80 {
		v.Cap, v.Weekly = "model", false
	}
	return v
}

// overCap is a piece that the week's money stops.
func (b bakery) overCap() report.ExceptionView {
	v := b.exception(engine.ExceptionOutput)
	v.Reason, v.Evidence = b.s("Stopped by a rule: budget.", 200), b.s("It may cost €4.00; of this week's budget, €120.00, €1.90 is free.", 2000)
	v.Remedy = b.s("Let it cost at most €1.90, or an owner raises the limit.", 1000)
	v.Choices = []report.Choice{report.ChoiceFix, report.ChoiceReject, report.ChoiceOnce, report.ChoiceWhy}
	return v
}

func (b bakery) once() desk.Once {
	p := desk.Once{
		Output: engine.Output{CostMax: 4 * engine.Unit}, Task: b.s("Daily social", 60), Ceiling: 200 * engine.Unit, Rise: engine.Rise{Week: 2_100_000},
		Caps: []engine.MoneyCap{{Kind: engine.CapWeek, Limit: 120 * engine.Unit, Used: 118_100_000, Cost: 4 * engine.Unit}},
	}
	p.Waives = append(p.Waives, b.findings(b.n(0, 5), engine.Block)...)
	return p
}

func (b bakery) budgetBefore() report.Budget {
	v := b.budget()
	v.Week, v.From, v.To, v.Back, v.Weeks = "2025-W47", day(17, 0, 0), day(24, 0, 0), 1, nil
	return v
}

func (b bakery) weekly() report.Weekly {
	v := report.Weekly{
		Frame: b.frame(), Week: "2025-W47", From: day(17, 0, 0), To: day(24, 0, 0), Result: b.change(), Drivers: b.drivers(),
		Counts:    report.WeekCounts{Shipped: b.n(7, 2310), Rejected: b.n(1, 230), Expired: b.n(1, 99), Failed: b.n(0, 99), TakenDown: b.n(0, 9), Stopped: b.n(0, 9), Dropped: b.n(0, 9)},
		Decisions: b.decisions(), Forecasts: report.Forecasts{Scored: 10, Held: 7, Chance: .7, Few: true}, Budget: b.budget(),
		Attention: report.Attention{Minutes: 11, Decisions: 14, Before: 34, Timed: 12}, NeedYou: report.NeedYou{Problems: 1, Drafts: 3},
		Near: many(b, 1, 23, report.NearMiss{Rule: "frequency", Pieces: many(b, 2, 30, report.NearPiece{
			Row: b.row(engine.StatePublished, "live"), Use: .92, Evidence: b.s("With it, 11 of at most 12 in 7 days on bluesky.", 300),
		})}),
		Offers: many(b, 1, 30, *b.offer()), Next: []report.KindCount{{Kind: engine.KindSocial, N: 7}, {Kind: engine.KindEmail, N: 1}, {Kind: engine.KindBlog, N: 1}},
	}
	for i := range 12 {
		v.Series = append(v.Series, report.WeekPoint{Week: fmt.Sprintf("2025-W%d", 36+i), Value: int64(b.n(80+i*i/4, 2_310_000))})
	}
	return v
}

func (b bakery) firstWeek() report.Weekly {
	v := b.weekly()
	v.Result, v.Drivers, v.Decisions, v.Series, v.Offers, v.Next, v.Near = report.Change{Name: "link visits", Verdict: report.VerdictTooLittle}, nil, nil, nil, nil, nil, nil
	v.Forecasts, v.Attention, v.NeedYou, v.Counts = report.Forecasts{}, report.Attention{}, report.NeedYou{}, report.WeekCounts{}
	return v
}

func (b bakery) daily() report.Daily {
	r := b.row(engine.StateScheduled, "approved")
	r.Slot = day(24, 13, 10)
	return report.Daily{
		Status: b.status(), Day: day(24, 0, 0), Today: many(b, 2, 30, r), Yesterday: report.DayCounts{Out: 2, Expired: b.n(0, 3)},
		Missing: "If this note is missing, I am not running: I cannot tell you so myself.",
		Log:     engine.Head{Seq: int64(b.n(12_345, 1_234_567_890)), Hash: strings.Repeat("3f9a0c1b", 8)},
	}
}

func (b bakery) queue() report.Queue {
	item := report.QueueItem{Row: b.row(engine.StateWaiting, "waits for your yes"), Digest: b.waiting().Output.Digest, Deadline: day(25, 11, 10), WaitsFor: b.s("each waits for your yes (L3)", 200)}
	return report.Queue{
		Frame: b.frame(), Page: report.Page{Offset: b.n(0, 10), Size: 10, More: true}, Items: many(b, 2, 10, item), Total: b.n(12, 2310),
		Kinds: []report.KindCount{{Kind: engine.KindSocial, N: b.n(11, 2309)}, {Kind: engine.KindEmail, N: 1}}, Minutes: 6, First: day(25, 11, 10),
	}
}

func (b bakery) copies() report.Copies {
	item := report.CopyItem{Row: b.row(engine.StateScheduled, "approved"), Number: b.n(1, 2310), Digest: b.waiting().Output.Digest, By: tomi, WaitsFor: b.s("", 200)}
	return report.Copies{
		Frame: b.frame(), Page: report.Page{Offset: b.n(0, 10), Size: 10, More: true}, Task: engine.Task{ID: b.s("daily-social", 60), Name: b.s("Daily social", 60), Level: engine.L2},
		Items: many(b, 2, 10, item), Total: b.n(12, 2310),
	}
}

func (b bakery) exceptions() report.Exceptions {
	v := report.Exceptions{Frame: b.frame(), Page: report.Page{Offset: b.n(0, 10), Size: b.n(2, 10), More: true}, Total: b.n(3, 2310)}
	for range b.n(1, 3) {
		for _, k := range []engine.ExceptionKind{engine.ExceptionOutput, engine.ExceptionUnsure, engine.ExceptionTask} {
			v.Items = append(v.Items, b.exception(k).ExceptionItem)
		}
	}
	return v
}

func (b bakery) log() report.OutputLog {
	live := b.row(engine.StatePublished, "live")
	live.PublishedAt, live.URL = day(24, 9, 10), "https://bsky.app/profile/leipa.example/post/3lbq"
	return report.OutputLog{
		Frame: b.frame(), Page: report.Page{Offset: 10, Size: 10, More: true}, Rows: append([]report.Row{b.row(engine.StateRejected, "rejected")}, many(b, 1, 9, live)...),
		Total: b.n(61, 231_000), States: map[engine.State]int{engine.StatePublished: 40, engine.StateSettled: 15, engine.StateRejected: 6},
	}
}

func (b bakery) home() report.Home {
	ex := b.exceptions()
	ex.Items = ex.Items[:min(3, len(ex.Items))]
	q := b.queue()
	q.Items = q.Items[:min(3, len(q.Items))]
	l := b.log()
	l.Rows = l.Rows[:min(3, len(l.Rows))]
	return report.Home{
		Status: b.status(), Exceptions: ex, Queue: q, Log: l, Result: b.change(), Drivers: b.drivers()[:3],
		Changed: report.Decisions{Frame: b.frame(), Rows: b.decisions()[:3]}, Changes: b.n(5, 2310), Budget: b.budget(), Tasks: many(b, 1, 30, b.taskRow()),
	}
}

func (b bakery) emptyHome() report.Home {
	return report.Home{
		Status: report.Status{Frame: b.frame(), Writer: "built-in template writer, no AI model configured"}, Result: report.Change{Verdict: report.VerdictTooLittle},
		Budget: report.Budget{Frame: b.frame(), To: day(31, 0, 0)},
	}
}

func (b bakery) rules() report.GuardrailView {
	return report.GuardrailView{
		Frame: b.frame(), Version: 12, By: mari, At: day(18, 10, 0), Why: "topic:sale: allowed → blocked",
		Rules: append([]report.Rule{
			{Key: "budget", Name: "Money a week", Words: "at most €120.00, the AI model included. The config file's ceiling is €200.00", Set: true},
			{Key: "channels", Name: "Channels", Words: b.s("allowed: Bluesky; not allowed: Newsletter", 2000), Set: true},
			{Key: "topics", Name: "Topics", Words: b.s("blocked: sale", 5000), Set: true},
		}, report.Rule{Key: "voice", Name: "Voice", Words: "not locked"}),
		Limits: b.limits(), Doors: []report.Door{{Name: "bluesky", Label: b.s("Bluesky", 60)}, {Name: "news", Label: b.s("Newsletter", 60)}},
		Tasks: many(b, 1, 120, engine.Task{ID: "daily-social", Name: b.s("Daily social", 100)}), Packs: []string{"crisis", "legal"},
		Offers:    many(b, 1, 120, engine.Offer{Key: "advent", Text: b.s("Advent box", 500)}),
		Segments:  many(b, 1, 120, engine.Segment{Key: "followers", Name: b.s("Followers", 100)}),
		History:   many(b, 1, 10, engine.GuardrailChange{Version: 12, By: mari, At: day(18, 10, 0), Why: b.s("topic:sale: allowed → blocked", 200)}),
		MayLoosen: b.who(mari), MayTighten: b.who(mari, tomi),
	}
}

func (b bakery) whyNot() report.WhyNot {
	return report.WhyNot{
		Frame: b.frame(), Row: b.row(engine.StateHeld, "stopped, needs you"), Stage: engine.StageApproval, Blocks: b.findings(b.n(1, 40), engine.Block),
		Warnings: b.findings(b.n(1, 40), engine.Warn), Passed: 7, Answer: "1 rule stops it.", Fresh: true, Version: 12,
	}
}

// passedAll is why-not of a piece that no rule stops.
func (b bakery) passedAll() report.WhyNot {
	v := b.whyNot()
	v.Row, v.Blocks, v.Warnings, v.Passed, v.Answer, v.Fresh = b.row(engine.StatePublished, "live"), nil, nil, 23, "It went out. It is live.", false
	v.Nearest = &engine.Finding{Rule: "limits", Outcome: engine.Pass, Use: .87, Evidence: b.s("It has 261 characters; Bluesky takes 300.", 300)}
	return v
}

func (b bakery) levelReplay() report.LevelReplay {
	tried := func(words string) report.LevelTried {
		return report.LevelTried{Row: b.row(engine.StatePublished, "live"), Words: words}
	}
	return report.LevelReplay{
		Frame: b.frame(), Task: "daily-social", Name: b.s("Daily social", 60), Held: engine.L3, Level: engine.L5, Days: 30, Of: b.n(22, 500), Sent: b.n(19, 480),
		Never: many(b, 0, 3, b.s("it announces prices", 100)), Waited: many(b, 1, 30, tried(b.s("what it sends can neither be taken back nor stopped", 200))),
		Stopped: many(b, 2, 30, tried("stopped by topics")), Among: many(b, 2, 30, tried("you edited it first")), Deeds: "edited 1 and rejected 1",
		Expired: b.n(1, 20), Open: b.n(2, 20), Today: b.n(4, 99), Yours: b.n(1, 99), Edited: b.n(3, 99), NoText: b.n(0, 99), More: b.n(0, 999),
	}
}

func commands(b bakery) []Command {
	return many(b, 3, 20, Command{Usage: pick(b, "/koira draft <task>", "/koira posted <task> <link> "+strings.Repeat("x", 60)), Help: b.s("asks for a draft now", 120), Least: engine.RoleViewer})
}

func (b bakery) monthly() report.Monthly {
	from := time.Date(2025, 11, 1, 0, 0, 0, 0, b.frame().Zone)
	return report.Monthly{
		Frame: b.frame(), Month: "2025-11", From: from, To: from.AddDate(0, 1, 0), Asked: b.n(2, 230), Limit: 40, Unheard: b.n(9, 900),
		Calibration: trust.Calibration{N: b.n(48, 4_800), Share: .92, Brier: .071, Plain: .074, Gap: .04, Bins: []trust.Bin{
			{From: 0, To: .5, N: 2, Said: .37, True: .5}, {From: .5, To: .7, N: 6, Said: .64, True: .67}, {From: .7, To: .8, N: 8, Said: .76, True: .88},
			{From: .8, To: .9, N: 14, Said: .86, True: .93}, {From: .9, To: 1, N: b.n(18, 1_800), Said: .94, True: 1},
		}},
		Lines: []report.TaskLine{
			{Name: b.s("Daily social", 200), Line: 61, Judged: b.n(33, 3_300), Bad: 20}, {Name: "Newsletter", Line: 40, Judged: 4, Early: true, Needed: 20, Bad: 10},
		},
		Voice: many(b, 1, 15, report.VoiceRow{Week: "2025-W47", Channel: "Blog", Distance: 31, N: b.n(1, 99)}),
		Furthest: many(b, 2, 3, report.FarPiece{
			Row: b.row(engine.StatePublished, "went out"), Distance: 47, Quote: b.s("Rye bread sells out before noon on Saturdays.", 160),
		}),
	}
}

func (b bakery) firstMonth() report.Monthly {
	v := b.monthly()
	v.Calibration, v.Voice, v.Furthest, v.Asked, v.NoSamples = trust.Calibration{}, nil, nil, 0, true
	v.Lines = v.Lines[1:]
	return v
}

// youngBaseline is of a task of which nothing that went out by itself is old enough.
func (b bakery) youngBaseline() report.Baseline {
	v := b.baseline(engine.BaselineUnknown)
	v.After, v.Comparison.Pieces[1], v.Comparison.Needed = "0", 0, 6
	return v
}

func (b bakery) baseline(verdict engine.BaselineVerdict) report.Baseline {
	v := report.Baseline{
		Frame: b.frame(), Task: "daily-social", Name: b.s("Daily social", 200), Level: engine.L5, Granted: day(1, 9, 0), Due: day(24, 9, 0).AddDate(0, 0, 7),
		Early: true, Metric: "link visits", Before: "14", After: "13.5", Simulated: true,
		Comparison: report.Comparison{Verdict: verdict, Pieces: [2]int{b.n(24, 2_400), b.n(31, 3_100)}, Ratio: .97, Low: .84, High: 1.12},
		Advice:     []string{"It can go on as it is. Tasks beside it may follow, each on its own record: Shop notes and Newsletter."},
	}
	switch verdict {
	case engine.BaselineDeclined:
		v.Early, v.After, v.Comparison.Ratio, v.Comparison.Low, v.Comparison.High = false, "7", .5, .41, .62
		v.Themes = many(b, 2, 9, "Rye bread: 14 → 6")
		v.Advice = []string{"Some themes fell and others did not, so it is how the work is done.", "Look at the limits: take a theme out, raise a minimum, or put the task one level lower."}
	case engine.BaselineUnknown:
		v.Days, v.Least, v.Metric, v.Before, v.After = 28, 6, "link visits", "28", "26"
		v.Comparison = report.Comparison{Verdict: verdict, Pieces: [2]int{24, 2}, Needed: 4}
		v.Advice = []string{"About 4 more by itself would tell, and so many are 28 days old about 9 January. I look again every 30 days."}
	}
	return v
}
