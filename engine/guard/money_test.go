package guard

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
)

const unit = engine.Unit

func helsinki() *time.Location { return engine.Business{Zone: "Europe/Helsinki"}.Location() }

// owned is an owner's yes to the clean piece.
func owned(f func(*engine.Approval), more ...func(*engine.View)) func(*engine.View) {
	return func(v *engine.View) {
		v.Approval.Role = engine.RoleOwner
		f(v.Approval)
		all(more...)(v)
	}
}

// letThrough is an owner's yes to what a rule finds of the piece as it stands then. Were one written down of what nobody waives, it would count for nothing.
func letThrough(rule string) func(*engine.View) {
	return owned(func(*engine.Approval) {}, func(v *engine.View) {
		for _, f := range Check(*v).Findings {
			if f.Rule == rule && f.Outcome == engine.Block {
				v.Approval.Waived = append(v.Approval.Waived, engine.WaiverOf(f))
			}
		}
	})
}

// all spoils a view in several ways.
func all(fs ...func(*engine.View)) func(*engine.View) {
	return func(v *engine.View) {
		for _, f := range fs {
			f(v)
		}
	}
}

func stage(s engine.Stage) func(*engine.View) { return func(v *engine.View) { v.Stage = s } }

// unasked lets the clean piece go out unasked.
func unasked(v *engine.View) {
	v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
	v.Output.Origin, v.Output.Audience = engine.OriginKoira, 500
}

// unconfigured is a piece whose channel was taken out of the config file.
func unconfigured(v *engine.View) { v.Traits = engine.Traits{} }

// passing is so long after the piece's time.
func passing(d time.Duration) func(*engine.View) {
	return func(v *engine.View) { v.Now = v.Output.Slot.Add(d) }
}

// grown is a piece that was approved for so many readers, and reaches so many now.
func grown(was, now int) func(*engine.View) {
	return func(v *engine.View) { v.Approval.Audience, v.Audience = was, now }
}

// offered is a piece whose offer ends so long after its time.
func offered(d time.Duration) func(*engine.View) {
	return func(v *engine.View) { v.Strategy.Offers[0].Until = v.Output.Slot.Add(d) }
}

func crowded(days ...int) func(*engine.View) {
	return func(v *engine.View) {
		for _, d := range days {
			v.Near = append(v.Near, engine.Neighbour{Output: "x", Channel: "bluesky", Segment: "locals", At: now.AddDate(0, 0, d)})
		}
	}
}

func most(n, days int) func(*engine.View) {
	return func(v *engine.View) {
		v.Guardrails.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: n, Days: days}}
	}
}

func hours(from, to int) func(*engine.View) {
	return func(v *engine.View) {
		v.Strategy.Business.Zone = "Europe/Helsinki" // the piece's slot is Mon 24 Nov 11:10 there
		v.Guardrails.Quiet = []engine.QuietRule{{Channel: "bluesky", From: from * 60, To: to * 60, Why: "people sleep"}}
	}
}

func paced(pace int, used engine.Money) func(*engine.View) {
	return func(v *engine.View) { v.Guardrails.Budget.Pace, v.WeekToDate.Spent = pace, used }
}

// others have used so much of the week, and were allowed a part of it on top; the piece itself has set some aside.
func others(used, top, held engine.Money) func(*engine.View) {
	return func(v *engine.View) {
		v.Week, v.Reserved = engine.Balance{Spent: used * unit, Reserved: held * unit, Top: top * unit}, held*unit
	}
}

func blastOf(r engine.BlastRule) func(*engine.View) {
	return func(v *engine.View) { v.Guardrails.Blast = r }
}

// TestMoneyAndWalls holds what each rule that is not about text says of a piece: the worst outcome of its findings, a part of the evidence and of
// the remedy.
func TestMoneyAndWalls(t *testing.T) {
	week := func(spent engine.Money) func(*engine.View) { return func(v *engine.View) { v.Week.Spent = spent } }
	for name, c := range map[string]struct {
		rule             string
		spoil            func(*engine.View)
		want             engine.Outcome
		evidence, remedy string
	}{
		"well within":                {"budget", func(*engine.View) {}, engine.Pass, "", ""},
		"at nine tenths":             {"budget", week(88 * unit), engine.Warn, "€90.00 of this week's budget, €100.00", ""},
		"under nine tenths":          {"budget", week(87 * unit), engine.Pass, "", ""},
		"over while drafting":        {"budget", all(stage(engine.StageDraft), week(99*unit)), engine.Clamp, "€1.00 is free", "at most €1.00"},
		"nothing free":               {"budget", all(stage(engine.StageDraft), week(100*unit)), engine.Block, "€0.00 is free", "to €102.00"},
		"under a cent free":          {"budget", all(stage(engine.StageDraft), week(100*unit-1)), engine.Block, "under €0.01 is free", ""},
		"one piece too dear":         {"budget", func(v *engine.View) { v.Guardrails.Budget.Output = unit }, engine.Block, "one piece may cost at most €1.00", "at most €1.00"},
		"one piece to its limit":     {"budget", func(v *engine.View) { v.Guardrails.Budget.Output = 2 * unit }, engine.Warn, "", ""},
		"one piece, drafting":        {"budget", all(stage(engine.StageDraft), func(v *engine.View) { v.Guardrails.Budget.Output = unit }), engine.Clamp, "", ""},
		"a part is out already":      {"budget", func(v *engine.View) { v.Week.Spent, v.Week.Reserved, v.Reserved, v.Spent = 99*unit, unit, unit, unit }, engine.Warn, "", ""},
		"cleared, and others on top": {"budget", others(108, 10, 2), engine.Warn, "€100.00 of this week's budget", ""},
		"cleared, and too much":      {"budget", others(108, 9, 2), engine.Block, "€1.00 is free", ""},
		"beyond it by others alone":  {"budget", others(110, 10, 0), engine.Block, "€0.00 is free", "to €112.00, or allows this piece alone"},
		"others need no more on top": {"budget", others(99, 12, 0), engine.Block, "€1.00 is free", "at most €1.00"},
		"beyond it by less than got": {"budget", others(105, 12, 0), engine.Block, "€0.00 is free", "to €107.00"},
		"a pace, and others on top":  {"pace", all(paced(100, 13*unit), func(v *engine.View) { v.WeekToDate.Top = 5 * unit }), engine.Block, "it would be €15.00", "a time on Tuesday"},
		"an owner allows it":         {"budget", all(week(99*unit), owned(func(a *engine.Approval) { a.OverCap.Week = unit }), ceiling(101)), engine.Warn, "allowed it €1.00", ""},
		"an owner allowed less":      {"budget", all(week(99*unit), owned(func(a *engine.Approval) { a.OverCap.Week = unit - 1 }), ceiling(200)), engine.Block, "", ""},
		"above the ceiling":          {"budget", all(week(99*unit), owned(func(a *engine.Approval) { a.OverCap.Week = unit }), ceiling(100)), engine.Block, "", ""},
		"of another version":         {"budget", all(week(99*unit), owned(func(a *engine.Approval) { a.OverCap.Week, a.Digest = unit, "d0" }), ceiling(200)), engine.Block, "", ""},
		"an approver allows it":      {"budget", all(week(99*unit), func(v *engine.View) { v.Approval.OverCap.Week = unit }, ceiling(200)), engine.Block, "", ""},
		"of the week, not the task":  {"budget", all(func(v *engine.View) { v.TaskWeek.Spent = 9 * unit }, owned(func(a *engine.Approval) { a.OverCap.Week = unit }), ceiling(200)), engine.Block, "Daily social's", ""},
		"of the task":                {"budget", all(func(v *engine.View) { v.TaskWeek.Spent = 9 * unit }, owned(func(a *engine.Approval) { a.OverCap.Task = unit })), engine.Warn, "Daily social's", ""},
		"the file's for a campaign":  {"budget", campaign(0, 20, 19), engine.Block, "of the campaign's budget, €20.00, €1.00 is free", "(campaign_ceiling)"},
		"below the campaign's own":   {"budget", campaign(30, 20, 19), engine.Block, "€20.00", "(campaign_ceiling)"},
		"above the campaign's own":   {"budget", campaign(20, 30, 19), engine.Block, "€20.00", "raises the limit"},
		"within the file's":          {"budget", campaign(0, 20, 18), engine.Warn, "€20.00 of the campaign's budget", ""},
		"no limit, and none by file": {"budget", all(campaign(0, 0, 5000), ceiling(100)), engine.Pass, "", ""},
		"no campaign":                {"budget", all(campaign(0, 20, 19), func(v *engine.View) { v.Output.Campaign = "" }), engine.Pass, "", ""},
		"a campaign's rise":          {"budget", all(campaign(20, 21, 19), owned(func(a *engine.Approval) { a.OverCap.Campaign = unit })), engine.Warn, "allowed it €1.00", ""},
		"above the file's":           {"budget", all(campaign(20, 20, 19), owned(func(a *engine.Approval) { a.OverCap.Campaign = unit })), engine.Block, "", ""},
		"a rise, by a week's":        {"budget", all(campaign(20, 0, 19), owned(func(a *engine.Approval) { a.OverCap.Campaign = unit }), ceiling(21)), engine.Warn, "", ""},
		"above a week's":             {"budget", all(campaign(20, 0, 19), owned(func(a *engine.Approval) { a.OverCap.Campaign = unit }), ceiling(20)), engine.Block, "", ""},
		"a budget is not waived":     {"budget", all(week(99*unit), letThrough("budget")), engine.Block, "", ""},
		"no pace":                    {"pace", func(v *engine.View) { v.WeekToDate.Spent = 99 * unit }, engine.Pass, "", ""},
		"an even pace":               {"pace", paced(100, 10*unit), engine.Pass, "", ""},
		"nearly too fast":            {"pace", paced(100, 12*unit), engine.Warn, "€14.00 of the €14.29", ""},
		"too fast":                   {"pace", paced(100, 13*unit), engine.Block, "at most €14.29", "a time on Tuesday"},
		"too fast until the weekend": {"pace", paced(100, 84*unit), engine.Block, "", "a time on Sunday"},
		"too fast for the week":      {"pace", paced(100, 99*unit), engine.Block, "", "raises the limit"},
		"a free pace":                {"pace", paced(700, 90*unit), engine.Warn, "", ""},
		"an owner lets it pass":      {"pace", all(paced(100, 13*unit), letThrough("pace")), engine.Warn, "An owner let it through", ""},
		"an approver waives nothing": {"pace", all(paced(100, 13*unit), letThrough("pace"), func(v *engine.View) { v.Approval.Role = engine.RoleApprover }), engine.Block, "", ""},
		"another rule was waived":    {"pace", all(paced(100, 13*unit), letThrough("quiet")), engine.Block, "", ""},
		"no quiet now":               {"quiet", hours(22, 8), engine.Pass, "", ""},
		"quiet":                      {"quiet", hours(11, 12), engine.Block, "Mon 24 Nov 11:10 is in your quiet hours, 11:00 to 12:00 (people sleep)", "goes out at 12:00"},
		"quiet for too long":         {"quiet", hours(11, 14), engine.Block, "", "from Mon 24 Nov 14:00 on"},
		"quiet, at approval":         {"quiet", all(hours(11, 12), stage(engine.StageApproval)), engine.Block, "", "from Mon 24 Nov 12:00 on"},
		"quiet soon after":           {"quiet", all(hours(0, 1), func(v *engine.View) { v.Guardrails.Quiet[0].From, v.Guardrails.Quiet[0].To = 11*60+20, 12*60 }, stage(engine.StageApproval)), engine.Warn, "begin soon", ""},
		"quiet elsewhere":            {"quiet", all(hours(11, 12), func(v *engine.View) { v.Output.Channel = "news" }), engine.Pass, "", ""},
		"quiet on other days":        {"quiet", all(hours(11, 12), func(v *engine.View) { v.Guardrails.Quiet[0].Days = []time.Weekday{time.Tuesday} }), engine.Pass, "", ""},
		"quiet is not waived":        {"quiet", all(hours(11, 12), letThrough("quiet")), engine.Block, "", ""},
		"the only one":               {"frequency", most(1, 1), engine.Pass, "", ""},
		"the second of one":          {"frequency", all(most(1, 1), crowded(0)), engine.Block, "number 2 in a day on bluesky; your limit is 1", "a time on Tue 25 Nov"},
		"the day before":             {"frequency", all(most(1, 1), crowded(-1, 1)), engine.Pass, "", ""},
		"the last of three":          {"frequency", all(most(3, 7), crowded(-6, -5)), engine.Warn, "With it, 3 of at most 3", ""},
		"the fourth of three":        {"frequency", all(most(3, 7), crowded(-6, -5, -1)), engine.Block, "number 4 in 7 days", ""},
		"eight days":                 {"frequency", all(most(2, 7), crowded(-7)), engine.Pass, "", ""},
		"crowded later":              {"frequency", all(most(2, 3), crowded(1, 2)), engine.Block, "number 3 in 3 days", ""},
		"others elsewhere":           {"frequency", all(most(1, 1), func(v *engine.View) { v.Near = []engine.Neighbour{{Channel: "news", At: now}} }), engine.Pass, "", ""},
		"none at all":                {"frequency", most(0, 1), engine.Block, "your limit is 0", "An owner"},
		"an owner lets it out":       {"frequency", all(most(1, 1), crowded(0), letThrough("frequency")), engine.Warn, "An owner let it", ""},
		"unasked and small":          {"blast", all(unasked, blastOf(engine.BlastRule{People: 1000, Money: 10 * unit})), engine.Pass, "", ""},
		"unasked and near":           {"blast", all(unasked, blastOf(engine.BlastRule{People: 550})), engine.Warn, "reach 500 people; without", ""},
		"unasked and large":          {"blast", all(unasked, blastOf(engine.BlastRule{People: 499})), engine.Block, "at most 499", "Say yes"},
		"unasked and for good":       {"blast", all(unasked, blastOf(engine.BlastRule{Permanent: 499}), func(v *engine.View) { v.Traits.Retract = false }), engine.Block, "for good", ""},
		"it can be taken down":       {"blast", all(unasked, blastOf(engine.BlastRule{Permanent: 499}), func(v *engine.View) { v.Traits.Retract = true }), engine.Pass, "", ""},
		"unasked and dear":           {"blast", all(unasked, blastOf(engine.BlastRule{Money: unit})), engine.Block, "It may cost €2.00", ""},
		"unasked, nobody counted":    {"blast", all(unasked, blastOf(engine.BlastRule{People: 1000}), func(v *engine.View) { v.Output.Audience = 0 }), engine.Block, "not known", ""},
		"the last money allowed":     {"caps", all(unasked, within(engine.Terms{Money: 4 * unit}), func(v *engine.View) { v.TaskWeek.Spent = 2 * unit }), engine.Warn, "€4.00 of the €4.00 a week", "Nothing"},
		"well within it":             {"caps", all(unasked, within(engine.Terms{Money: 5 * unit}), func(v *engine.View) { v.TaskWeek.Spent = 2 * unit }), engine.Pass, "", ""},
		"near it, while drafting":    {"caps", all(unasked, stage(engine.StageDraft), within(engine.Terms{Money: 4 * unit}), func(v *engine.View) { v.TaskWeek.Spent = 2 * unit }), engine.Pass, "", ""},
		"on the list and set up":     {"channels", stage(engine.StageApproval), engine.Pass, "", ""},
		"on the list, not set up":    {"channels", all(unconfigured, stage(engine.StageApproval)), engine.Warn, "is not set up any more", "config file"},
		"neither":                    {"channels", all(unconfigured, func(v *engine.View) { v.Guardrails.Channels = nil }), engine.Block, "is not allowed", ""},
		"a yes after its time":       {"late", all(stage(engine.StageApproval), passing(20*time.Minute)), engine.Pass, "", ""},
		"a little late":              {"late", passing(107 * time.Minute), engine.Pass, "", ""},
		"hardly in time":             {"late", passing(108 * time.Minute), engine.Warn, "It is 1 h 48 min late; the limit is 2 h.", ""},
		"some more readers":          {"audience", grown(2310, 2354), engine.Pass, "", ""},
		"nearly too many more":       {"audience", grown(2310, 2355), engine.Warn, "2,310 → 2,355 readers", "above 2,360"},
		"a list as short as that":    {"audience", grown(100, 109), engine.Warn, "", "above 110"},
		"too many more":              {"audience", grown(100, 111), engine.Block, "", ""},
		"an offer that goes on":      {"strategy", offered(48 * time.Hour), engine.Pass, "", ""},
		"an offer's last day":        {"strategy", offered(10 * time.Hour), engine.Warn, "on the last day of its offer", "the last day"},
		"an offer until that night":  {"strategy", offered(14*time.Hour + 50*time.Minute), engine.Warn, "on the last day of its offer", ""},
		"an offer until the next":    {"strategy", offered(15 * time.Hour), engine.Pass, "", ""},
		"an offer that was over":     {"strategy", offered(0), engine.Warn, "is over since 24 Nov", ""},
		"an offer that is gone":      {"strategy", func(v *engine.View) { v.Strategy.Offers = nil }, engine.Warn, "not in your strategy any more", ""},
		"a person said yes":          {"blast", blastOf(engine.BlastRule{People: 1}), engine.Pass, "", ""},
		"drafted for fewer":          {"blast", all(unasked, stage(engine.StageDraft), blastOf(engine.BlastRule{People: 499}), func(v *engine.View) { v.Traits.Part = true }), engine.Clamp, "", ""},
		"it cannot be for fewer":     {"blast", all(unasked, stage(engine.StageDraft), blastOf(engine.BlastRule{People: 499})), engine.Block, "", ""},
	} {
		v := clean()
		v.Strategy.Business.Zone = "UTC"
		v.Output.Segment, v.Strategy.Segments = "locals", []engine.Segment{{Key: "locals"}}
		c.spoil(&v)
		worst := engine.Finding{Outcome: engine.Pass}
		for _, f := range Check(v).Findings {
			if f.Rule == c.rule && worse(worst.Outcome, f.Outcome) != worst.Outcome {
				worst = f
			}
		}
		if worst.Outcome != c.want || !strings.Contains(worst.Evidence, c.evidence) || !strings.Contains(worst.Remedy, c.remedy) {
			t.Errorf("%s: %s says %+v", name, c.rule, worst)
		}
		if worst.Waivable && worst.What == "" {
			t.Errorf("%s: nobody can let through %q and nothing else", name, worst.Evidence)
		}
		if worst.Outcome == engine.Clamp && (worst.Limit == nil || *worst.Limit == engine.Limit{}) {
			t.Errorf("%s: a clamp without a limit", name)
		}
		if worst.Outcome == engine.Warn && worst.Use > 0 && worst.Use < engine.NearMiss {
			t.Errorf("%s: it warns at %v of the limit", name, worst.Use)
		}
	}
}

// campaign has a limit of its own, one by the file, and spent so much already.
func campaign(own, file, spent int) func(*engine.View) {
	return func(v *engine.View) {
		v.Guardrails.Budget.Campaigns = map[string]engine.Money{"advent": engine.Money(own) * unit}
		v.Guardrails.Budget.PerCampaign, v.Campaign.Spent = engine.Money(file)*unit, engine.Money(spent)*unit
	}
}

func ceiling(units int) func(*engine.View) {
	return func(v *engine.View) { v.Guardrails.Budget.Ceiling = engine.Money(units) * unit }
}

// A clamp is what would have passed.
func TestWhatIsClampedPasses(t *testing.T) {
	v := clean()
	v.Stage, v.Week.Spent, v.TaskWeek.Spent, v.Guardrails.Budget.Output = engine.StageDraft, 99*unit, 9*unit+unit/2+1, unit
	limit := v.Output.CostMax
	for _, f := range Check(v).Findings {
		if f.Outcome == engine.Clamp {
			limit = min(limit, f.Limit.CostMax)
		}
	}
	if limit != unit/2-engine.Cent {
		t.Fatalf("clamped to %d", limit)
	}
	v.Output.CostMax, v.Stage = limit, engine.StageApproval
	if b := Check(v).Blocks(); len(b) > 0 {
		t.Error(b)
	}
}

// Where tomorrow would let it pass while it may still go out, it waits.
func TestAPaceWaitsForTomorrow(t *testing.T) {
	v := clean()
	v.Strategy.Business.Zone = "UTC"
	paced(100, 13*unit)(&v)
	for _, c := range []struct {
		expires time.Time
		stage   engine.Stage
		later   bool
	}{
		{now.Add(20 * time.Hour), engine.StageClaim, true},
		{now.Add(20 * time.Hour), engine.StageApproval, false},
		{now.Add(2 * time.Hour), engine.StageClaim, false},
		{engine.DayStart(now, time.UTC).AddDate(0, 0, 1), engine.StageClaim, false}, // it ends as tomorrow begins
	} {
		v.Output.Expires, v.Stage = c.expires, c.stage
		if b := Check(v).Blocks(); len(b) != 1 || b[0].Later != c.later || !b[0].Waivable {
			t.Errorf("%+v: %+v", c, b)
		}
	}
}

// Windows are the business's days: a day of 23 or 25 hours is one day, and a week of 167 or 169 hours has seven.
func TestPaceCountsDaysNotHours(t *testing.T) {
	zone := helsinki()
	v := clean()
	v.Strategy.Business.Zone = "Europe/Helsinki"
	for name, c := range map[string]struct {
		slot time.Time
		day  int
	}{
		"a Monday":                      {time.Date(2025, 11, 24, 0, 0, 0, 0, zone), 1},
		"a Sunday's last minute":        {time.Date(2025, 11, 30, 23, 59, 0, 0, zone), 7},
		"before the hour that is gone":  {time.Date(2026, 3, 29, 2, 59, 0, 0, zone), 7},
		"after the hour that is gone":   {time.Date(2026, 3, 29, 4, 1, 0, 0, zone), 7},
		"the day after it":              {time.Date(2026, 3, 30, 0, 30, 0, 0, zone), 1},
		"the hour that comes twice":     {time.Date(2025, 10, 26, 3, 30, 0, 0, zone).Add(time.Hour), 7},
		"New Year's day, of week 1":     {time.Date(2026, 1, 1, 9, 0, 0, 0, zone), 4},
		"a Sunday of the year's last W": {time.Date(2027, 1, 3, 9, 0, 0, 0, zone), 7},
	} {
		v.Output.Slot = c.slot
		if got := dayOfWeek(v, zone); got != c.day {
			t.Errorf("%s: day %d, want %d", name, got, c.day)
		}
	}
	v.Output.Slot = time.Date(2025, 11, 30, 23, 0, 0, 0, zone)
	v.Now, v.Stage = v.Output.Slot.Add(2*time.Hour), engine.StageClaim // Monday of the next week: the slot's week is over
	if got := dayOfWeek(v, zone); got != 7 {
		t.Errorf("a late one stands on day %d of its week", got)
	}
	b := engine.BudgetRule{Weekly: 1<<63 - 1, Pace: 100} // the largest sum does not wrap crowded
	for d, last := 1, engine.Money(0); d <= 7; d++ {
		part := EvenPart(b, d)
		if part <= last {
			t.Errorf("day %d: %d after %d", d, part, last)
		}
		last = part
	}
	if EvenPart(b, 7) != b.Weekly {
		t.Error("the last day has all of it")
	}
}
