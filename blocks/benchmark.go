package blocks

import (
	"cmp"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// fieldGood begins the ids of GoodWindow's fields; the metric follows.
const fieldGood = "good."

// Good answers what people call good, task by task, beside what the tasks bring. viewer sees only the buttons that work for them.
func Good(v report.GoodView, viewer engine.Role) Message {
	lead := lines("*What you call good*", md("Results are held against it, and without it no task goes out unless stopped (L4) or by itself (L5)."))
	push := md("What you call good.")
	if v.Without > 0 {
		push = md("Of " + plural(v.Without, "task", "tasks") + " you have not said what is good.")
		lead = words(lead, "Of "+md(plural(v.Without, "task", "tasks"))+" you have not said it.")
	}
	if len(v.Tasks) == 0 {
		return message("There is no task yet.", section("There is no task yet, so nothing can be called good. Tasks come from the config file."))
	}
	bs := []slack.Block{section(lead)}
	const most = 15
	for _, g := range v.Tasks[:min(most, len(v.Tasks))] {
		var set slack.BlockElement
		if viewer >= engine.RoleOwner {
			set = button(IDBenchmark, "Say what is good…", Value{ID: g.Task.ID})
		}
		bs = append(bs, section(goodTask(g, v.Currency), set))
	}
	if more := len(v.Tasks) - most; more > 0 {
		bs = append(bs, note(md("And "+plural(more, "more task", "more tasks")+": `/koira good <task>` shows one.")))
	}
	bs = append(bs, note(lines(
		"In words: `/koira good daily-social clicks 12`, `off` takes it back. "+mentions(v.MaySet, "or")+" may.",
		"What a task brings is measured; what it brought of too few pieces is left open. A floor at which I stop is set apart: `/guardrails threshold`. If you do nothing, it stays so.",
	)))
	return message(push, bs...)
}

func goodTask(g report.GoodTask, currency string) md {
	head := "*" + says(g.Task.Name, nameMax) + "* · " + level(g.Task.Level)
	var rows []md
	for _, r := range g.Results {
		if r.Good > 0 || r.Known || r.Threshold.Floor > 0 || r.Threshold.Ceiling > 0 {
			rows = append(rows, goodRow(r, currency))
		}
	}
	if g.Said() == 0 {
		head += "\nYou have not said what is good."
	}
	if len(rows) == 0 {
		return head
	}
	return upToRoom(6, 560, head, rows)
}

// goodRow is one number: what is good, what it brought lately, and the limit at which the task is paused.
func goodRow(r report.Result, currency string) md {
	s := says(r.Name, nameMax) + ": "
	if r.Good > 0 {
		least := "at least "
		if r.Metric.Less() {
			least = "at most "
		}
		s += md("good is "+least) + says(r.Metric.Amount(r.Good, currency), nameMax) + ". "
	}
	s += says(lately(r, currency), 160)
	if r.Threshold.Floor > 0 {
		s += " Your minimum " + says(r.Metric.Amount(r.Threshold.Floor, currency), nameMax) + "."
	}
	if r.Threshold.Ceiling > 0 {
		s += " Your maximum " + says(r.Metric.Amount(r.Threshold.Ceiling, currency), nameMax) + "."
	}
	return s
}

// GoodWindow asks what good is for one task: a field for each number that suits it, with what it brought lately beside it.
func GoodWindow(v report.GoodView, at Place) slack.ModalViewRequest {
	g := v.Tasks[0]
	bs := []slack.Block{section("*" + says(g.Task.Name, nameMax) + "*: what would you call good, a piece? One number is enough. It lets nothing out and stops nothing; results are held against it.")}
	shown := map[engine.Metric]string{}
	for _, r := range g.Results {
		least := "At least "
		if r.Metric.Less() {
			least = "At most "
		}
		initial := ""
		if r.Good > 0 {
			initial = desk.GoodValue(r.Benchmark)
			shown[r.Metric] = initial
		}
		bs = append(bs, hint(field(fieldGood+string(r.Metric), least+r.Metric.Words(2), initial, 20, false, true), lately(r, v.Currency)))
	}
	if g.Falls != nil {
		bs = append(bs, section(md("If you empty the last field: ")+says(g.Falls.Words(), textMax)))
	}
	bs = append(bs, note("A field that you empty is said no longer. If you close this, nothing changes."))
	return window("What you call good", "Save", CallbackBenchmarks, Meta{ID: g.Task.ID, Channel: at.Channel, TS: at.TS, Good: shown}, bs...)
}

// lately is what the last pieces brought, for a hint.
func lately(r report.Result, currency string) string {
	if !r.Known {
		return "Lately: too little data."
	}
	s := "Lately " + r.Metric.Amount(r.Value, currency)
	if r.Usual.Known {
		s += " (" + r.Metric.Amount(r.Usual.Low, currency) + " to " + r.Metric.Amount(r.Usual.High, currency) + ")"
	}
	s += " from " + plural(r.Pieces, "piece", "pieces")
	if r.Ripe {
		s += ", each four weeks old or older"
	} else {
		s += " of 28 days"
	}
	if r.Simulated {
		s += " (simulated)"
	}
	return s + "."
}

// ReadGood reads GoodWindow: what somebody typed that it did not show. What somebody else said meanwhile of what they left alone stays.
func ReadGood(view slack.View, shown map[engine.Metric]string) []desk.GoodEdit {
	var edits []desk.GoodEdit
	for _, m := range engine.Metrics {
		if !has(view, fieldGood+string(m)) {
			continue
		}
		to, saw := strings.TrimSpace(entry(view, fieldGood+string(m)).Value), shown[m]
		if to == saw {
			continue
		}
		edits = append(edits, desk.GoodEdit{Metric: m, To: cmp.Or(to, "off"), Saw: &saw})
	}
	return edits
}

// GoodSaid says what stands now, or asks before the last of it is taken back from a task that runs on it.
func GoodSaid(set desk.GoodSet, currency string) Message {
	t := set.Task
	if set.Asked {
		return message("Nothing changed yet. "+says(set.Falls.Words(), textMax), section(lines(
			says(set.Falls.Words(), textMax), "If you do nothing, nothing changes. To go on, empty the field in the window.")),
			actions(button(IDBenchmark, "Say what is good…", Value{ID: t.ID})))
	}
	var rows []string
	for _, b := range t.Benchmarks {
		rows = append(rows, b.GoodWords(currency))
	}
	said := says(t.Name, nameMax) + ": good is " + says(strings.Join(rows, ", "), 400) + "."
	switch {
	case set.Falls != nil:
		said = says(t.Name, nameMax) + md(": nothing is called good any more, so it is at "+t.Level.String()+" now ("+t.Level.Words()+").")
	case len(rows) == 0:
		said = says(t.Name, nameMax) + ": nothing is called good any more, so it cannot go to L4 or L5."
	}
	return message(said, section(said+" Nothing is needed."))
}
