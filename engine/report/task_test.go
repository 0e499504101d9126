package report

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"koira/engine"
	"koira/engine/learn"
)

// reviewed gives Daily social n reviews a day apart, the newest yesterday; those in no are rejections.
func reviewed(f *fake, n int, no ...int) {
	for i := range n {
		id := fmt.Sprintf("r%02d", i)
		day := today.AddDate(0, 0, i-n)
		f.outputs = append(f.outputs, post(id, day.In(helsinki).Format("2006-01-02 15:04")))
		f.reviews = append(f.reviews, engine.Review{Output: id, Task: "daily-social", Verdict: engine.ReviewApproved, Whole: true, At: day})
	}
	for _, i := range no {
		f.reviews[i].Verdict, f.reviews[i].Reason = engine.ReviewRejected, "tone"
	}
}

func TestTask(t *testing.T) {
	f := bakery()
	reviewed(f, 30, 3, 29)
	f.outputs = append(f.outputs, in(engine.StatePlanned, post("next", "2025-11-25 09:10")))
	f.grants = []engine.Grant{{Task: "daily-social", Level: engine.L4, By: "mari"}}
	v := view(reader(f, today).Task(t.Context(), "daily-social"))(t)

	same(t, "record", Record{Reviewed: 30, Unchanged: 28, Rejected: 2, Proven: 80, Words: "28 of 30 unchanged, at least 80 in 100"}, v.Record)
	same(t, "first and last ten", []Tally{{9, 10}, {9, 10}}, []Tally{v.First, v.Last})
	same(t, "reviews", 10, len(v.Reviews))
	same(t, "the newest", []string{"r29", "rejected: tone"}, []string{v.Reviews[0].Output, v.Reviews[0].Words})
	same(t, "next", "next", v.TaskRow.Next.Output)
	same(t, "grant", "mari", v.Grant.By)
	same(t, "offer", &Offer{
		Task: "daily-social", Name: "Daily social", From: engine.L4, To: engine.L5, Record: v.Record, Bar: 80, PerWeek: 7, Audience: 1240, MightDiffer: 1,
	}, v.Offer)
	same(t, "who may allow", []string{"mari"}, v.MayAllow)
	for state, want := range map[engine.OfferState]int{"": 0, engine.OfferOpen: 1, engine.OfferSnoozed: 0, engine.OfferWithdrawn: 0} {
		f.offers = nil
		if state != "" {
			f.offers = []engine.RaiseOffer{{ID: "o", Task: "daily-social", From: engine.L4, To: engine.L5, State: state}}
		}
		weekly := view(reader(f, today).Weekly(t.Context(), ""))(t)
		same(t, "offers in the weekly report of what is "+string(state), want, len(weekly.Offers))
		asked := view(reader(f, today).Attention(t.Context()))(t)
		same(t, "offered where attention is told: "+string(state), want == 1, asked.Offer != nil)
	}
}

func TestTaskIsMissing(t *testing.T) {
	f := bakery()
	reviewed(f, 10)
	f.tasks[0].LoweredAt = today.AddDate(0, 0, -4).Add(-time.Minute)
	v := view(reader(f, today).Task(t.Context(), "daily-social"))(t)
	same(t, "only what was said since the lowering counts", 4, v.Record.Reviewed)
	if len(v.Offer.Missing) == 0 {
		t.Error("4 reviews are enough for L5")
	}
	f.offers = []engine.RaiseOffer{{ID: "o", Task: "daily-social", From: engine.L4, To: engine.L5, State: engine.OfferOpen}} // not taken back yet
	weekly := view(reader(f, today).Weekly(t.Context(), ""))(t)
	same(t, "offers", 0, len(weekly.Offers))
}

func TestTaskIsCapped(t *testing.T) {
	f := bakery()
	f.tasks[0].Nature = []engine.Nature{engine.NaturePricing}
	v := view(reader(f, today).Task(t.Context(), "daily-social"))(t)
	same(t, "top", engine.L4, v.Top)
	same(t, "caps", []string{"it announces prices"}, v.Caps)
	if v.Offer != nil {
		t.Errorf("offers %v above the cap", v.Offer.To)
	}
}

func TestTaskIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*fake)
		want  []string
	}{
		"nothing":             {func(*fake) {}, nil},
		"paused":              {func(f *fake) { f.tasks[0].Paused = &engine.Pause{Why: "2 visits each"} }, []string{"paused: 2 visits each"}},
		"channel not set up":  {func(f *fake) { f.tasks[0].Channel = "telex" }, []string{"its channel telex is not set up"}},
		"channel not allowed": {func(f *fake) { f.rules.Channels = nil }, []string{"plans nothing, since Bluesky is not on the list of allowed channels"}},
		"no goal":             {func(f *fake) { f.strategy.Goals = nil }, []string{"plans nothing, since the strategy has no goal"}},
		"exceptions, also its channel's": {func(f *fake) {
			f.exceptions = []engine.Exception{{Task: "daily-social"}, {Kind: engine.ExceptionSystem, Subject: "bluesky"}, {Task: "newsletter"}}
		}, []string{"2 problems need you"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			c.spoil(f)
			v := view(reader(f, today).Autonomy(t.Context()))(t)
			same(t, "wrong", c.want, v.Tasks[0].Wrong)
		})
	}
}

func TestResults(t *testing.T) {
	bench := engine.Benchmark{Metric: engine.Clicks, Good: 14}
	limit := engine.Threshold{Metric: engine.Clicks, Floor: 6, Ceiling: 30}
	for name, c := range map[string]struct {
		values []float64
		want   Result
	}{
		"no reading":     {nil, Result{}},
		"too few":        {[]float64{10, 12}, Result{Value: 11, Known: true}},
		"below minimum":  {[]float64{5}, Result{Value: 5, Known: true, Beyond: true}},
		"above maximum":  {[]float64{31}, Result{Value: 31, Known: true, Beyond: true}},
		"six: its range": {[]float64{10, 12, 14, 16, 18, 20}, Result{Value: 15, Known: true, Usual: Range{15 - 2.5706*1.5275, 15 + 2.5706*1.5275, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Benchmark, c.want.Threshold, c.want.Name, c.want.Pieces = bench, limit, "link visits", len(c.values)
			same(t, "result", c.want, result(bench, limit, c.values), cmpopts.EquateApprox(0, 1e-3))
		})
	}
}

func TestResultsAreOfLateButNotFreshPieces(t *testing.T) {
	f := bakery()
	f.outputs = []engine.Output{post("too old", "2025-10-25 09:00"), post("old", "2025-10-26 12:00"), post("fresh", "2025-11-23 09:00")}
	for _, o := range f.outputs {
		f.brought = append(f.brought, brought{o.ID, engine.Clicks, 9, at("2025-11-23 12:00")})
	}
	v := view(reader(f, today).Task(t.Context(), "daily-social"))(t)
	same(t, "pieces", 1, v.Results[0].Pieces)
	same(t, "simulated", true, v.Results[0].Simulated)
	f.tasks[0].Kind = engine.KindBlog // of four weeks each
	v = view(reader(f, today).Task(t.Context(), "daily-social"))(t)
	same(t, "articles", 2, v.Results[0].Pieces)
	same(t, "of four weeks", true, v.Results[0].Ripe)
}

func TestReviewWords(t *testing.T) {
	for want, v := range map[string]engine.Review{
		"approved unchanged":                                  {Verdict: engine.ReviewApproved},
		"approved after an edit (12 % of the words)":          {Verdict: engine.ReviewApproved, Changed: .12},
		"approved after an edit (1 % of the words)":           {Verdict: engine.ReviewApproved, Changed: .001},
		"published by hand after an edit (50 % of the words)": {Verdict: engine.ReviewPosted, Changed: .5},
		"published by hand unchanged":                         {Verdict: engine.ReviewPosted},
		"rejected: not true":                                  {Verdict: engine.ReviewRejected, Reason: "untrue"},
		"rejected, serious: tone":                             {Verdict: engine.ReviewRejected, Reason: "tone", Severe: true},
		"stopped before it went out":                          {Verdict: engine.ReviewStopped},
	} {
		same(t, "words", want, reviewWords(v))
	}
}

func TestGuardrails(t *testing.T) {
	f := bakery()
	f.rules.Topics.Blocked = []string{"sale", "politics"}
	f.rules.Channels["mail"] = false
	f.rules.Voice.Banned = []string{"cheap"}
	f.changes = []engine.GuardrailChange{{Version: 12, By: "mari", At: at("2025-11-18 10:00"), Why: "topics: sale"}, {Version: 11, By: "koira"}}
	v := view(reader(f, today).Guardrails(t.Context()))(t)
	same(t, "who and when", []any{12, "mari", at("2025-11-18 10:00"), "topics: sale"}, []any{v.Version, v.By, v.At, v.Why})
	same(t, "who may loosen, tighten", [][]string{{"mari"}, {"mari", "tomi", "olli"}}, [][]string{v.MayLoosen, v.MayTighten})
	same(t, "rules", []Rule{
		{"budget", "Money a week", "at most €120.00, the AI model included. The config file's ceiling is €200.00", true},
		{"channels", "Channels", "allowed: Bluesky; not allowed: newsletter", true},
		{"topics", "Topics", "blocked: sale, politics", true},
		{"voice", "Voice", "locked: warm", true},
		{"words", "Words", "never: cheap", true},
		{"minimums", "Your minimums", "Daily social at least 6 link visits for each post", true},
		{"quiet", "Quiet hours", "there are none", false},
		{"frequency", "How often at most", "no limit", false},
		{"facts", "Facts", "no age limit", false},
		{"links", "Links", "only your own, and those of your calls to action", false},
		{"duplicates", "Repetition", "not compared", false},
		{"lines", "Lines that must stand", "there are none", false},
		{"blast", "Reach without a yes", "no limit", false},
		{"mentions", "Mentions", "nobody is mentioned", false},
		{"review", "What goes out unless stopped", "1 in 5 waits for a yes; 4 h to look at each of the others, of the hours 08–20", false},
		{"wave", "E-mails that nobody said yes to", "10 % of its readers first, the rest 2 h later unless more than 10 in 1,000 of them leave", false},
	}, v.Rules)

	f.rules.Budget.Model, f.rules.Budget.Output, f.rules.Budget.Pace = 5*engine.Unit, 9*engine.Unit, 110
	f.rules.Topics.Packs = []string{"crisis"}
	f.rules.Voice = engine.VoiceRule{Required: []string{"rye"}, Grade: 8, Sentence: 20, Emoji: -1, Distance: 40}
	f.rules.Quiet = []engine.QuietRule{{From: 21 * 60, To: 8 * 60, Why: "sleep"}, {Channel: "mail", Days: []time.Weekday{0}, To: 60}}
	f.rules.Frequency = []engine.FrequencyRule{{Most: 2, Days: 1}, {Segment: "regulars", Most: 3, Days: 9}}
	f.rules.Facts.MaxAge, f.rules.Links.Domains, f.rules.Mentions = 90, []string{"leipa.example"}, []string{"turku"}
	f.rules.Duplicates = engine.DuplicateRule{Percent: 80, Days: 30}
	f.rules.Lines = []engine.LineRule{{Kind: engine.KindEmail, Text: "Bye"}, {Channel: "mail", Text: "Ad"}}
	f.rules.Blast = engine.BlastRule{People: 500, Permanent: 50, Money: engine.Unit}
	f.rules.Review, f.rules.Wave = engine.ReviewRule{Sample: 1}, engine.WaveRule{Percent: 100}
	words := map[string]string{}
	for _, rule := range view(reader(f, today).Guardrails(t.Context()))(t).Rules {
		words[rule.Key] = rule.Words
	}
	same(t, "all words", map[string]string{
		"budget": "at most €120.00, the AI model included, of it at most €5.00 for the model; a piece at most €9.00; at most 110 % of an even pace." +
			" The config file's ceiling is €200.00",
		"channels": "allowed: Bluesky; not allowed: newsletter",
		"topics":   "blocked: sale, politics; and the packs crisis",
		"voice":    "not locked; reading grade at most 8; words in a sentence at most 20; no emoji; a warning above 40 % distance from the approved pieces",
		"words":    "in every piece: rye",
		"minimums": "Daily social at least 6 link visits for each post",
		"quiet":    "21:00–08:00 (sleep); 00:00–01:00 on sun for mail", "frequency": "2 a day; 3 in 9 days to regulars",
		"facts":      "looked at again after 90 days; until then a piece that needs one is stopped",
		"links":      "leipa.example",
		"duplicates": "refused from 80 % shared wording with a piece of the last 30 days",
		"lines":      "“Bye” in every email piece; “Ad” in every piece on mail",
		"blast":      "at most 500 people, at most 50 where it cannot be taken back, at most €1.00 a piece",
		"mentions":   "@turku",
		"review":     "each waits for a yes",
		"wave":       "all its readers at once",
	}, words)

	f.rules.Review = engine.ReviewRule{From: 9, To: 17, Zone: "Europe/Lisbon"}
	for _, rule := range view(reader(f, today).Guardrails(t.Context()))(t).Rules {
		if rule.Key == "review" {
			same(t, "the zone of those who look", "1 in 5 waits for a yes; 4 h to look at each of the others, of the hours 09–17 in Europe/Lisbon", rule.Words)
		}
	}

	bare := view(New(&fake{}, Options{Clock: clock(today)}).Guardrails(t.Context()))(t)
	for _, rule := range bare.Rules {
		if rule.Set || rule.Words == "" {
			t.Errorf("before anything is set: %+v", rule)
		}
	}
}

// TestTheWayBackIsDated holds the date of a lowered task's card to what the next rung asks for, at the five pieces a week that the task makes, however few
// of them were read while it asked about few.
func TestTheWayBackIsDated(t *testing.T) {
	lowered := today.Add(-time.Hour)
	for name, c := range map[string]struct {
		level   engine.Level
		reviews int
		want    string
	}{
		"L5 needs its own count, 20 pieces":             {engine.L4, 28, "at 5 a week about late December"},
		"L4 needs ten, and is not raised before 8 Dec":  {engine.L3, 28, "at 5 a week about early December"},
		"L3 needs nothing but time":                     {engine.L1, 28, ""},
		"it asked about one of the last month's pieces": {engine.L4, 1, "at 5 a week about late December"},
	} {
		f := bakery()
		reviewed(f, c.reviews)
		f.tasks[0].Level, f.tasks[0].LoweredAt = c.level, lowered
		f.decisions = []engine.Decision{{ID: "d", Task: "daily-social", At: lowered, What: "level", From: "L5", To: c.level.String()}}
		f.lowerings = []engine.Lowering{{Decision: "d", Task: "daily-social", At: lowered, To: c.level, Cause: engine.CauseSerious}}
		same(t, name, c.want, view(reader(f, today).Decision(t.Context(), "d"))(t).Back)
	}
}

// TestWhatADeclineSays holds the sentence on a decline to what was found of its themes.
func TestWhatADeclineSays(t *testing.T) {
	fell := func(means ...float64) (themes []learn.Theme) {
		for _, m := range means {
			themes = append(themes, learn.Theme{Mean: [2]float64{40, m}})
		}
		return themes
	}
	for want, c := range map[string]Comparison{
		"Some themes fell and others did not":                {Heterogeneity: .01, Themes: fell(8, 41)},
		"Some themes fell much more than others":             {Heterogeneity: .01, Themes: fell(8, 25)},
		"Themes that bring less came more often than before": {Heterogeneity: .6, Themes: fell(38, 39)},
	} {
		same(t, want, want, unlike(c))
	}
}
