package guard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

var now = time.Date(2025, 11, 24, 9, 10, 0, 0, time.UTC)

// clean is a view that passes every check at every stage; each row below spoils one thing.
func clean() engine.View {
	return engine.View{
		Now: now, Stage: engine.StageClaim, Traits: engine.Traits{Name: "bluesky", Retract: true}, Metered: true, Measured: engine.BaselinePieces,
		Output: engine.Output{
			ID: "o1", Task: "daily", Origin: engine.OriginKoira, Channel: "bluesky", Campaign: "advent", Digest: "d1", CostMax: 2 * engine.Unit,
			Slot: now, Expires: now.Add(2 * time.Hour),
			Variants: []engine.Variant{{Name: "A", Body: "Rye bread at €6.50, fresh at 10:00.", Link: "https://leipa.example/reserve?utm_source=bluesky"}},
		},
		Task: engine.Task{ID: "daily", Name: "Daily social", Channel: "bluesky", Level: engine.L3},
		Strategy: engine.Strategy{
			Version:  1,
			Business: engine.Business{Currency: "EUR", Link: "https://leipa.example"},
			Facts: []engine.Fact{
				{Key: "rye", Text: "A rye loaf costs €6.50."}, {Key: "second", Text: "The second batch is ready at 10.00."},
				{Key: "summer", Text: "Berry pie costs €12.", Until: now.AddDate(0, -2, 0)},
			},
			CallsToAction: []engine.CallToAction{{Text: "Reserve yours", Link: "https://leipa.example/reserve"}},
			Offers:        []engine.Offer{{Key: "advent"}},
		},
		Guardrails: engine.Guardrails{
			Version: 4, Budget: engine.BudgetRule{
				Weekly: 100 * engine.Unit, Tasks: map[string]engine.Money{"daily": 10 * engine.Unit}, Campaigns: map[string]engine.Money{"advent": 20 * engine.Unit},
			},
			Channels: map[string]bool{"bluesky": true}, Topics: engine.TopicRule{Blocked: []string{"sale", "price war"}},
		},
		Approval: &engine.Approval{Output: "o1", Digest: "d1", Role: engine.RoleApprover},
	}
}

// within is a grant that its owner tightened.
func within(m engine.Terms) func(*engine.View) {
	return func(v *engine.View) { v.Grant.Terms = m }
}

func body(text string) func(*engine.View) {
	return func(v *engine.View) { v.Output.Variants[0].Body = text }
}

func TestChecks(t *testing.T) {
	at := func(s engine.Stage, f func(*engine.View)) func(*engine.View) {
		return func(v *engine.View) { v.Stage = s; f(v) }
	}
	for name, c := range map[string]struct {
		spoil func(*engine.View)
		rule  string // the only rules that block; "" for none
	}{
		"nothing wrong":                  {func(*engine.View) {}, ""},
		"everything stopped":             {func(v *engine.View) { v.Control.Stopped = true }, "stopped"},
		"stopped does not hold drafting": {at(engine.StageDraft, func(v *engine.View) { v.Control.Stopped = true }), ""},
		"task paused":                    {func(v *engine.View) { v.Task.Paused = &engine.Pause{Why: "x"} }, "paused"},
		"channel paused":                 {func(v *engine.View) { v.Breaker.Pause = &engine.Pause{Why: "x"} }, "interrupted"},
		"channel paused, at approval":    {at(engine.StageApproval, func(v *engine.View) { v.Breaker.Pause = &engine.Pause{Why: "x"} }), ""},
		"channel that failed twice":      {func(v *engine.View) { v.Breaker.Failed = 2 }, ""},
		"its readers are gone":           {func(v *engine.View) { v.Output.Segment = "gone" }, "strategy"},
		"its theme is gone":              {func(v *engine.View) { v.Output.Arms.Theme = "gone" }, "strategy"},
		"its theme is gone, an owner let it pass": {func(v *engine.View) {
			v.Output.Arms.Theme = "gone"
			letThrough("strategy")(v)
		}, ""},
		"its readers are gone, whoever lets it pass": {func(v *engine.View) {
			v.Output.Segment = "gone"
			letThrough("strategy")(v)
		}, "strategy"},
		"nobody approved":              {func(v *engine.View) { v.Approval = nil }, "authority"},
		"another version was approved": {func(v *engine.View) { v.Approval.Digest = "d0" }, "authority"},
		"approved by an operator":      {func(v *engine.View) { v.Approval.Role = engine.RoleOperator }, "authority"},
		"L5 with a grant": {func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
		}, ""},
		"L5, but nothing was measured yet":              {all(unasked, func(v *engine.View) { v.Measured = engine.BaselinePieces - 1 }), "caps"},
		"L5, but nothing reads its channel":             {all(unasked, func(v *engine.View) { v.Metered = false }), "caps"},
		"L5, but it announces prices now":               {all(unasked, func(v *engine.View) { v.Task.Nature = []engine.Nature{engine.NaturePricing} }), "caps"},
		"unasked, to the last that the owner allowed":   {all(unasked, within(engine.Terms{PerWeek: 3}), func(v *engine.View) { v.Unasked = 2 }), ""},
		"unasked, one more than the owner allowed":      {all(unasked, within(engine.Terms{PerWeek: 3}), func(v *engine.View) { v.Unasked = 3 }), "caps"},
		"approved, one more than the owner allowed":     {func(v *engine.View) { v.Grant = &engine.Grant{Terms: engine.Terms{PerWeek: 3}}; v.Unasked = 3 }, ""},
		"unasked, to the last cent that was allowed":    {all(unasked, within(engine.Terms{Money: 4 * engine.Unit}), func(v *engine.View) { v.TaskWeek.Spent = 2 * engine.Unit }), ""},
		"unasked, a millionth more than was allowed":    {all(unasked, within(engine.Terms{Money: 4 * engine.Unit}), func(v *engine.View) { v.TaskWeek.Spent = 2*engine.Unit + 1 }), "caps"},
		"its own reservation is no part of what others": {all(unasked, within(engine.Terms{Money: 4 * engine.Unit}), func(v *engine.View) { v.TaskWeek.Reserved, v.Reserved = 4*engine.Unit, 2*engine.Unit }), ""},
		"capped, but approved":                          {func(v *engine.View) { v.Metered = false }, ""},
		"capped, at drafting":                           {at(engine.StageDraft, all(unasked, func(v *engine.View) { v.Metered = false })), "caps"},
		"approved, but only people hold what it needs":  {func(v *engine.View) { v.Task.Nature = []engine.Nature{engine.NaturePeopleKnow} }, "authority"},
		"L5 without a grant":                            {func(v *engine.View) { v.Approval, v.Task.Level = nil, engine.L5 }, "authority"},
		"L5 with a lower grant": {func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L4, Role: engine.RoleOwner}
		}, "authority"},
		"L5 with a grant, words of a person": {func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
			v.Output.EditedBy = "U1"
		}, "authority"},
		"L5 with a grant, and somebody took it back": {func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
			v.Output.WaitsFor = "taken back"
		}, "authority"},
		"L4 with a grant still waits": {func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L4, &engine.Grant{Level: engine.L4, Role: engine.RoleOwner}
		}, "authority"},
		"approved, but the task fell to L1": {func(v *engine.View) { v.Task.Level = engine.L1 }, "authority"},
		"too late":                          {func(v *engine.View) { v.Now = v.Output.Expires }, "late"},
		"too early":                         {func(v *engine.View) { v.Now = now.Add(-time.Minute) }, "late"},
		"early is fine at approval":         {at(engine.StageApproval, func(v *engine.View) { v.Now = now.Add(-time.Hour) }), ""},
		"to the last reader":                {func(v *engine.View) { v.Approval.Audience, v.Audience = 2310, 2360 }, ""},
		"fifty-one readers more":            {func(v *engine.View) { v.Approval.Audience, v.Audience = 2310, 2361 }, "audience"},
		"a tenth more":                      {func(v *engine.View) { v.Approval.Audience, v.Audience = 100, 110 }, ""},
		"more than a tenth":                 {func(v *engine.View) { v.Approval.Audience, v.Audience = 100, 111 }, "audience"},
		"approved for nobody":               {func(v *engine.View) { v.Approval.Audience, v.Audience = 0, 1 }, "audience"},
		"fewer readers":                     {func(v *engine.View) { v.Approval.Audience, v.Audience = 2310, 12 }, ""},
		"what was approved counts, not what was written": {func(v *engine.View) {
			v.Output.Audience, v.Approval.Audience, v.Audience = 2310, 2600, 2600
		}, ""},
		"unattended, more than when it was written": {func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
			v.Output.Audience, v.Audience = 2310, 2600
		}, "audience"},
		"more readers at approval are what is approved": {at(engine.StageApproval, func(v *engine.View) { v.Approval.Audience, v.Audience = 2310, 2600 }), ""},
		"channel switched off":                          {func(v *engine.View) { v.Guardrails.Channels["bluesky"] = false }, "channels"},
		"channel unknown":                               {func(v *engine.View) { v.Output.Channel = "ads" }, "channels"},
		"no list means no channel":                      {func(v *engine.View) { v.Guardrails.Channels = nil }, "channels"},
		"week is full":                                  {func(v *engine.View) { v.Week.Spent = 99 * engine.Unit }, "budget"},
		"week is full of reservations":                  {func(v *engine.View) { v.Week.Reserved = 99 * engine.Unit }, "budget"},
		"its own reservation fills it":                  {func(v *engine.View) { v.Week.Reserved, v.Reserved = 100*engine.Unit, 2*engine.Unit }, ""},
		"to the last cent":                              {func(v *engine.View) { v.Week.Spent = 98 * engine.Unit }, ""},
		"a millionth over":                              {func(v *engine.View) { v.Week.Spent = 98*engine.Unit + 1 }, "budget"},
		"the task's week is full":                       {func(v *engine.View) { v.TaskWeek.Spent = 9 * engine.Unit }, "budget"},
		"the campaign is spent":                         {func(v *engine.View) { v.Campaign.Spent = 19 * engine.Unit }, "budget"},
		"costs nothing":                                 {func(v *engine.View) { v.Output.CostMax, v.Week.Spent = 0, 200*engine.Unit }, ""},
		"a sum that would wrap around":                  {func(v *engine.View) { v.Week.Spent = 1<<63 - 1 }, "budget"},
		"one piece is too dear":                         {func(v *engine.View) { v.Guardrails.Budget.Output = engine.Unit }, "budget"},
		"the week's money goes too fast":                {paced(100, 13*engine.Unit), "pace"},
		"in quiet hours":                                {hours(11, 14), "quiet"},
		"too many in a day":                             {all(most(1, 1), crowded(0)), "frequency"},
		"unasked, to too many":                          {all(unasked, blastOf(engine.BlastRule{People: 499})), "blast"},
		"doubted, and nobody said yes":                  {all(unasked, doubted(.39)), "confidence"},
		"doubted, and an approver said yes":             {doubted(.39), ""},
		"doubted, and an operator said yes":             {all(doubted(.39), func(v *engine.View) { v.Approval.Role = engine.RoleOperator }), "authority,confidence"},
		"doubted, and another version was approved":     {all(doubted(.39), func(v *engine.View) { v.Approval.Digest = "d0" }), "authority,confidence"},
		"just sure enough":                              {all(unasked, doubted(.40)), ""},
		"never estimated":                               {all(unasked, doubted(0)), ""},
		"blocked subject":                               {body("Our big sale begins."), "topics"},
		"blocked subject, inflected":                    {body("Sales everywhere."), "topics"},
		"blocked subject, spaced":                       {body("It is a s a l e!"), "topics"},
		"blocked subject, look-alikes":                  {body("Our ѕаlе."), "topics"},
		"blocked phrase":                                {body("No price wars here."), "topics"},
		"a word that only contains it":                  {body("Wholesaler news."), ""},
		"blocked in the link":                           {func(v *engine.View) { v.Output.Variants[0].AltText = "A sale sign" }, "topics"},
		"blocked subject in emphasis":                   {body("Our sa**l**e."), "topics"},
		"blocked subject in a comment":                  {body("Our sa<!-- -->le."), "safety,topics"},
		"blocked subject in tags":                       {body("Our sa<b></b>le."), "safety,topics"},
		"blocked subject in references":                 {body("Our s&#97;le."), "topics"},
		"blocked subject in links":                      {body("Our [sa](https://leipa.example)[le](https://leipa.example)."), "topics"},
		"a soft hyphen in references":                   {body("Our s&shy;ale."), "safety,topics"},
		"a number in emphasis":                          {body("It is 6.**50**7."), "facts"},
		"a price that is not a fact":                    {body("Only €5!"), "facts"},
		"a price out of date":                           {body("Berry pie costs €12."), "facts"},
		"a percentage":                                  {body("20 % off all rye"), "facts"},
		"a date":                                        {body("See you on 3 December."), "facts"},
		"a foreign link":                                {body("See evil.example/reserve"), "links"},
		"a link to another page":                        {body("See https://leipa.example/other"), "links"},
		"a phone number":                                {body("Call +358 40 123 4567"), "facts"},
		"a bare number":                                 {body("We bake 400 loaves."), "facts"},
		"a hidden character":                            {body("Rye\u200bbread"), "safety"},
		"a turned direction":                            {body("Rye \u202edaerb"), "safety"},
		"a call to everybody":                           {body("Hello @channel"), "safety"},
	} {
		v := clean()
		c.spoil(&v)
		got := Check(v)
		var rules []string
		for _, f := range got.Blocks() {
			if f.Evidence == "" || f.Remedy == "" {
				t.Errorf("%s: %s blocks without evidence or remedy", name, f.Rule)
			}
			rules = append(rules, f.Rule)
		}
		slices.Sort(rules)
		rules = slices.Compact(rules)
		var want []string
		if c.rule != "" {
			want = strings.Split(c.rule, ",")
		}
		if !slices.Equal(rules, want) {
			t.Errorf("%s: blocked by %v, want %v", name, rules, want)
		}
		if (got.Outcome == engine.Block) != (c.rule != "") {
			t.Errorf("%s: outcome %s", name, got.Outcome)
		}
	}
}

func TestEveryRuleSpeaks(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Check(clean()).Findings {
		seen[f.Rule] = true
	}
	for _, r := range Rules() {
		if !seen[r] {
			t.Errorf("rule %q says nothing of a clean piece", r)
		}
	}
}

// Saying a fact in another form is still the fact.
func TestFactsInOtherForms(t *testing.T) {
	for _, text := range []string{"6,50 € a loaf", "EUR 6.50", "at 10:00", "at 10 am", "leipa.example/reserve", "https://www.leipa.example/reserve/?utm_medium=social"} {
		v := clean()
		body(text)(&v)
		if b := Check(v).Blocks(); len(b) > 0 {
			t.Errorf("%q: %s", text, b[0].Evidence)
		}
	}
}

func TestCheckNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := clean()
		v.Output.Variants[0].Body = rapid.String().Draw(t, "body")
		v.Guardrails.Topics.Blocked = rapid.SliceOf(rapid.String()).Draw(t, "topics")
		if a, b := Check(v), Check(v); a.Outcome != b.Outcome || len(a.Findings) != len(b.Findings) {
			t.Fatal("the same view gave two verdicts")
		}
	})
}

// doubted is a piece of that confidence, of a task that asks below 40 in 100.
func doubted(p float64) func(*engine.View) {
	return func(v *engine.View) { v.Output.Confidence, v.Output.Line = p, .4 }
}
