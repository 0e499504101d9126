package blocks

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// limits are the rules of the bakery as values; large, as many as desk takes.
func (b bakery) limits() engine.Guardrails {
	g := engine.Guardrails{
		Version: 12, Budget: engine.BudgetRule{Weekly: 120 * engine.Unit, Ceiling: 200 * engine.Unit, Output: 9 * engine.Unit, Tasks: map[string]engine.Money{"daily-social": 50 * engine.Unit}},
		Channels: map[string]bool{"bluesky": true}, Topics: engine.TopicRule{Blocked: []string{"sale"}, Packs: []string{"crisis"}},
		Voice:      engine.VoiceRule{Locked: true, Banned: []string{"yummy"}, Required: []string{"leipä"}, Grade: 8, Emoji: -1},
		Thresholds: map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 6, Sample: 8}}},
		Quiet:      []engine.QuietRule{{From: 21 * 60, To: 8 * 60}}, Frequency: []engine.FrequencyRule{{Most: 2, Days: 1, Channel: "bluesky"}},
		Facts: engine.FactRule{MaxAge: 90}, Links: engine.LinkRule{Domains: []string{"leipa.example"}},
		Duplicates: engine.DuplicateRule{Percent: 80, Days: 30}, Lines: []engine.LineRule{{Kind: engine.KindEmail, Text: b.s("Unsubscribe at any time", 500)}},
		Blast: engine.BlastRule{People: 500}, Mentions: []string{"turku"},
	}
	for i := range b.n(0, 499) {
		g.Topics.Blocked = append(g.Topics.Blocked, fmt.Sprintf("%s %d", b.s("", 50), i))
		g.Voice.Banned = append(g.Voice.Banned, fmt.Sprintf("%s %d", b.s("", 50), i))
	}
	return g
}

func (b bakery) ruleChange(loosens bool) desk.Change {
	if loosens {
		return desk.Change{Rule: "budget.weekly", To: "150.00", Name: b.s("Money a week", 600), Old: b.s("€120.00", 600), New: b.s("€150.00", 600), Loosens: true}
	}
	return desk.Change{Rule: "topic:sale", To: "blocked", Name: b.s("The subject “sale”", 600), Old: "allowed", New: b.s("blocked", 600)}
}

// floorWith is a change that tightens, and that is possible only together with one that gives more room.
func (b bakery) floorWith() desk.Change {
	return desk.Change{Rule: "threshold:daily-social:clicks:floor", To: "8", Name: b.s("The least clicks a piece of Daily social", 600), Old: "3", New: "8", Together: true}
}

// wanted is a change that tightens, one that gives more room, or one of both kinds.
func (b bakery) wanted(kinds ...bool) desk.Wanted {
	w := desk.Wanted{Request: engine.Request{ID: "01K0REQUEST", By: mari}, Preview: engine.Tried{
		Lines: many(b, 1, 30, b.s("Tried on the last 30 days: would have stopped 4 of 61, among them your best post (3 Nov, 48 visits), and 1 of the 5 now planned.", 600)),
		Pieces: many(b, 1, 5, engine.TriedPiece{
			Output: "o1", Day: "3 Nov", Title: b.s("Rye bread sells out before noon on Saturdays", 600), Words: b.s("would have been stopped by topics", 600),
			URL: "https://bsky.example/leipa/1",
		}),
	}}
	for _, loosens := range kinds {
		w.Changes = append(w.Changes, many(b, 1, 300, b.ruleChange(loosens))...)
		if loosens {
			w.Signers = b.who(tomi)
		}
	}
	return w
}

func (b bakery) request(s engine.RequestState, how ...func(*report.RequestView)) report.RequestView {
	v := report.RequestView{Frame: b.frame(), MaySign: b.who(tomi), Request: engine.Request{
		ID: "01K0REQUEST", Kind: engine.RequestRules, Subject: "budget.weekly", Lines: many(b, 1, 300, b.s("Money a week: €120.00 → €150.00", 600)),
		Tried: many(b, 1, 8, b.s("Tried on the last 30 days: would have stopped none of 61; would have let 2 through that were stopped.", 600)),
		Why:   b.s("Advent is our busiest month", 1000), State: s, By: mari, At: day(24, 9, 35), Expires: day(24, 9, 50),
	}}
	if s != engine.RequestPending {
		v.EndedAt, v.EndedBy = day(24, 9, 40), tomi
	}
	for _, h := range how {
		h(&v)
	}
	return v
}

func (b bakery) history() report.RuleHistory {
	return report.RuleHistory{Frame: b.frame(), Version: 12, Page: report.Page{Offset: 8, Size: 8, More: true}, Rows: append(many(b, 1, 7, engine.GuardrailChange{
		Version: 12, By: mari, At: day(18, 10, 0), Why: b.s("Money a week: €100.00 → €120.00", 2000), Note: b.s("Advent", 1000), SignedBy: tomi,
	}), engine.GuardrailChange{Version: 11, By: mari, At: day(17, 10, 0), Why: b.s("The channel blog: off → on", 2000), Alone: true})}
}

// ruleDrawings are the drawings of this file's values.
func (b bakery) ruleDrawings(at Place) []drawing {
	ended := func(why, by string) func(*report.RequestView) {
		return func(v *report.RequestView) { v.EndedWhy, v.EndedBy = why, by }
	}
	pending := engine.Request{Expires: day(24, 9, 50)}
	rest, lowers := b.wanted(true), b.wanted(false)
	lowers.Lowers = many(b, 1, 60, b.fall())
	unlocks := b.wanted(true)
	fall, anew := b.fall(), b.fall()
	fall.Anew, fall.Why, anew.To, anew.Anew, anew.Why, anew.Name = true, "the voice lock changed, and "+fall.Why, anew.From, true, "the voice lock changed", b.s("Weekly newsletter", 60)
	unlocks.Lowers = append(many(b, 1, 30, fall), many(b, 1, 30, anew)...)
	past, partly := b.wanted(true), b.wanted(true)
	past.Changes = slices.Concat(many(b, 1, 30, b.floorWith()), past.Changes)
	partly.Changes = slices.Concat(b.wanted(false).Changes, past.Changes)
	back := b.wanted(false)
	back.Left = many(b, 1, 60, b.s("Quiet hours 21:00–08:00 for telegram: on", 600))
	ds := []drawing{
		asMessage("rule-back", Wanted(back)),
		asMessage("rule-went-back", RulesChanged(desk.Done{Changes: back.Changes, Left: back.Left}, b.frame())),
		asMessage("request-back", Request(b.request(engine.RequestPending, func(v *report.RequestView) { v.Left = back.Left }))),
		asMessage("rule-to-confirm-together", Wanted(past)),
		asMessage("rule-mixed-together", Wanted(partly)),
		asMessage("rule-in-part-together", RulesChanged(desk.Done{Changes: b.wanted(false).Changes, Rest: &past}, b.frame())),
		asMessage("rule-in-force-together", RulesChanged(desk.Done{Changes: past.Changes}, b.frame())),
		asMessage("rule-to-turn-on", Wanted(b.wanted(false))),
		asMessage("rule-to-confirm", Wanted(b.wanted(true))),
		asMessage("rule-mixed", Wanted(b.wanted(false, true))),
		asMessage("rule-lowers", Wanted(lowers)),
		asMessage("rule-ends-records", Wanted(unlocks)),
		asMessage("rule-ended-records", RulesChanged(desk.Done{Changes: unlocks.Changes, Lowered: unlocks.Lowers}, b.frame())),
		asMessage("rule-lowered", RulesChanged(desk.Done{Changes: lowers.Changes, Lowered: lowers.Lowers}, b.frame())),
		asMessage("rule-in-force", RulesChanged(desk.Done{Changes: b.wanted(false).Changes}, b.frame())),
		asMessage("rule-in-force-alone", RulesChanged(desk.Done{Changes: b.wanted(true).Changes, Alone: true}, b.frame())),
		asMessage("rule-in-part", RulesChanged(desk.Done{Changes: b.wanted(false).Changes, Rest: &rest}, b.frame())),
		asMessage("rule-waits", RulesChanged(desk.Done{Waits: &pending}, b.frame())),
		asMessage("rule-history", History(b.history())),
		asMessage("rule-history-empty", History(report.RuleHistory{Frame: b.frame()})),
		asMessage("request", Request(b.request(engine.RequestPending))),
		asMessage("request-late", Request(b.request(engine.RequestPending, func(v *report.RequestView) { v.Expires = day(24, 9, 41) }))),
		asMessage("request-signed", Request(b.request(engine.RequestApplied))),
		asMessage("request-cancelled", Request(b.request(engine.RequestCancelled, ended(desk.CancelledByPerson, tomi)))),
		asMessage("request-moot", Request(b.request(engine.RequestCancelled, ended("the rules changed meanwhile", tomi)))),
		asMessage("request-ran-out", Request(b.request(engine.RequestExpired, ended("nobody signed in time", "koira")))),
		asMessage("request-waits", RequestWaits(b.request(engine.RequestPending))),
		asView("window-rules", RulesWindow(b.rules(), at)),
		asView("window-turn-on", WantedWindow(b.wanted(false, true), at)),
		asView("window-loosen", WantedWindow(b.wanted(true), at)),
		asView("window-sign", SignWindow(b.request(engine.RequestPending), at)),
		asView("window-limit-unknown", LimitWindow(b.rules(), "nothing", at)),
		asView("window-limit-nothing", LimitWindow(report.GuardrailView{Frame: b.frame()}, "channels", at)),
	}
	for _, key := range slices.Sorted(maps.Keys(limitWindows)) {
		ds = append(ds, asView("window-limit-"+key, LimitWindow(b.rules(), key, at)))
	}
	return ds
}

// sentIn is a window as it comes back, with these values in its inputs and all others left as they were drawn.
func sentIn(t *testing.T, w slack.ModalViewRequest, state map[string]slack.BlockAction) slack.View {
	t.Helper()
	v := sent(t, w, nil)
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		a := slack.BlockAction{}
		switch e := in.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			a.Value = e.InitialValue
		case *slack.CheckboxGroupsBlockElement:
			for _, o := range e.InitialOptions {
				a.SelectedOptions = append(a.SelectedOptions, *o)
			}
		}
		if set, ok := state[in.BlockID]; ok {
			a = set
		}
		v.State.Values[in.BlockID] = map[string]slack.BlockAction{in.BlockID: a}
	}
	return v
}

func picked(values ...string) (a slack.BlockAction) {
	for _, v := range values {
		a.SelectedOption = slack.OptionBlockObject{Value: v}
		a.SelectedOptions = append(a.SelectedOptions, a.SelectedOption)
	}
	return a
}

func typed(s string) slack.BlockAction { return slack.BlockAction{Value: s, SelectedTime: s} }

// What a window is sent in with is what it asks desk to change.
func TestReadLimit(t *testing.T) {
	v := bakery{}.rules()
	edits := func(pairs ...string) (es []engine.RuleEdit) {
		for i := 0; i < len(pairs); i += 2 {
			es = append(es, engine.RuleEdit{Rule: pairs[i], To: pairs[i+1]})
		}
		return es
	}
	for name, c := range map[string]struct {
		key   string
		state map[string]slack.BlockAction
		want  []engine.RuleEdit
	}{
		"money":             {"budget", map[string]slack.BlockAction{"budget.weekly": typed(" 90 "), "budget.output": typed("")}, edits("budget.weekly", "90", "budget.model", "off", "budget.pace", "off")},
		"channels":          {"channels", map[string]slack.BlockAction{"channel": picked("news")}, edits("channel:bluesky", "off", "channel:news", "on")},
		"channels as drawn": {"channels", nil, nil},
		"topics":            {"topics", map[string]slack.BlockAction{"topic.add": typed("rye\n\n big sale \n"), "topic.remove": picked("0"), "pack": picked("crisis", "legal")}, edits("topic:rye", "blocked", "topic:big sale", "blocked", "topic:sale", "allowed", "pack:legal", "on")},
		"voice":             {"voice", map[string]slack.BlockAction{"voice.lock": {}, "voice.emoji": typed("2"), "voice.grade": typed("")}, edits("voice.lock", "off", "voice.sentence", "off", "voice.emoji", "2", "voice.exclamations", "off", "voice.distance", "off")},
		"words":             {"words", map[string]slack.BlockAction{"ban.add": typed("tasty"), "require.remove": picked("0")}, edits("ban:tasty", "never said", "require:leipä", "not required")},
		"minimums":          {"minimums", map[string]slack.BlockAction{"threshold.task": picked("daily-social"), "threshold.metric": picked("clicks"), "threshold.floor": typed("7"), "threshold.sample": typed("off")}, edits("threshold:daily-social:clicks:floor", "7", "threshold:daily-social:clicks:sample", "off")},
		"no minimum":        {"minimums", nil, nil},
		"quiet": {"quiet", map[string]slack.BlockAction{
			"quiet.from": typed("22:00"), "quiet.to": typed("00:00"), "quiet.days": picked("sat", "sun"), "quiet.channel": picked("news"),
			"quiet.segment": picked("followers"), "quiet.why": typed("church"), "quiet.remove": picked("0"),
		}, edits("quiet:21:00–08:00", "off", "quiet:22:00–24:00 on sat sun for news to followers because church", "on")},
		"half a quiet":   {"quiet", map[string]slack.BlockAction{"quiet.from": typed("22:00")}, edits("quiet:22:00–", "on")},
		"frequency":      {"frequency", map[string]slack.BlockAction{"frequency.most": typed("3"), "frequency.days": typed("7"), "frequency.remove": picked("0", "7", "x")}, edits("frequency:a day for bluesky", "off", "frequency:3 in 7 days", "on")},
		"facts":          {"facts", map[string]slack.BlockAction{"facts.age": typed("off")}, edits("facts.age", "off")},
		"links":          {"links", map[string]slack.BlockAction{"link.add": typed("a.example")}, edits("link:a.example", "allowed")},
		"duplicates":     {"duplicates", map[string]slack.BlockAction{"duplicates.days": typed("60")}, edits("duplicates.percent", "80", "duplicates.days", "60")},
		"lines":          {"lines", map[string]slack.BlockAction{"line.where": picked("email"), "line.add": typed("Bye"), "line.remove": picked("0")}, edits("line:email|Unsubscribe at any time", "off", "line:email|Bye", "on")},
		"blast":          {"blast", map[string]slack.BlockAction{"blast.money": typed("5")}, edits("blast.people", "500", "blast.permanent", "off", "blast.money", "5")},
		"mentions":       {"mentions", map[string]slack.BlockAction{"mention.remove": picked("0")}, edits("mention:turku", "refused")},
		"unless stopped": {"review", map[string]slack.BlockAction{"review.sample": typed("1"), "review.hours": typed("9–17")}, edits("review.sample", "1", "review.window", "usual", "review.hours", "9–17", "review.zone", "usual")},
		"first readers":  {"wave", map[string]slack.BlockAction{"wave.percent": typed("20"), "wave.lost": typed("")}, edits("wave.percent", "20", "wave.pause", "usual")},
		"nothing":        {"nothing", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, ReadLimit(sentIn(t, LimitWindow(v, c.key, Place{}), c.state), c.key, v)); d != "" {
				t.Error(d)
			}
		})
	}
}

// Every rule that is listed has its window, and every window belongs to a rule's kinds.
func TestEveryRuleHasAWindow(t *testing.T) {
	for key, w := range limitWindows {
		if len(w.kinds) == 0 || len(w.inputs) == 0 {
			t.Errorf("%s changes nothing", key)
		}
	}
	for _, kind := range []string{
		"budget.weekly", "channel:bluesky", "topic:sale", "pack:crisis", "competitor:x", "voice.lock", "voice.grade", "ban:x", "require:x", "threshold:a:b:c", "quiet:x",
		"frequency:x", "facts.age", "link:x", "duplicates.days", "line:x", "blast.people", "mention:x", "review.sample", "review.hours", "review.zone", "wave.pause",
	} {
		if windowOf([]desk.Change{{Rule: kind}}) == "" {
			t.Errorf("no window changes %s", kind)
		}
	}
}
