package trust

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// Cooldown is how long after a lowering for cause a task is not raised again. A second breach in that time pauses it.
const Cooldown = 14 * 24 * time.Hour

// FirstTasks is how many tasks may run by themselves before the results of one of them have been reviewed after 30 days.
const FirstTasks = 3

// Case is everything that a raise of a task is judged on, as it was at one moment.
type Case struct {
	Task     engine.Task
	To       engine.Level
	Record   Record // since the last lowering for cause
	Reviews  []engine.Review
	Walls    Walls
	Exposure engine.Exposure
	Missed   []string // benchmarks that its pieces miss by more than chance, in words; read for L5 alone
	Others   []Other  // every other task that runs by itself, or has
	Serious  bool     // what it waits out is a serious rejection that cost no level
	Now      time.Time
	Zone     *time.Location
}

// Other is another task that runs by itself or has, and what the newest review of its results said.
type Other struct {
	Task    engine.Task
	Verdict engine.BaselineVerdict
}

// Missing lists, in words, what stands between the task and the level; empty means that an owner may allow it.
func (c Case) Missing() []string {
	var m []string
	if top, why := engine.Cap(c.Task, c.Exposure); c.To > top {
		m = append(m, fmt.Sprintf("it may not stand above %s, because %s", top, strings.Join(why, " and ")))
	}
	m = append(m, Missing(c.Task, c.To, c.Record, c.Walls)...)
	if c.To >= engine.L5 {
		for _, b := range c.Missed {
			m = append(m, "results as good as you asked for: "+b)
		}
		if why := c.fourth(); why != "" {
			m = append(m, why)
		}
	}
	if k := c.Task.Paused; k.ForCause() { // a raise would undo what the pause costs
		m = append(m, "it is paused: "+strings.TrimSuffix(k.Why, ".")+". Resume it first")
	}
	if c.cooling() {
		why := "it was lowered, and"
		if c.Serious {
			why = "a piece was rejected as serious, and it"
		}
		m = append(m, "time: "+why+" is not raised before "+c.when(c.Task.LoweredAt.Add(Cooldown)))
	}
	return m
}

// cooling reports whether a raise has to wait out what lowered the task. To L1, where a lowering itself leads, the way is open at any time: koira drafts
// there, and people publish.
func (c Case) cooling() bool {
	return c.To > engine.L1 && !c.Task.LoweredAt.IsZero() && c.Now.Before(c.Task.LoweredAt.Add(Cooldown))
}

// Ripe reports whether koira itself offers what nothing is missing for. An owner may allow the steps up to L4 without a record; koira offers them
// only on one: five reviews for L3, no more than half of the last ten a no, ten for L4 with eight of the last ten unchanged. L5 asks for its own.
func (c Case) Ripe() bool {
	said := AsSaid(c.Reviews)
	n, last := Of(said).Effective(), Of(said[max(0, len(said)-10):])
	switch {
	case c.To >= engine.L5:
		return true
	case c.To == engine.L4:
		return n >= 10 && last.Unchanged >= 8
	}
	return n >= 5 && 2*last.Rejected <= last.Reviewed
}

// when writes a time as people of the business say it now.
func (c Case) when(t time.Time) string {
	if engine.DayStart(t, c.Zone).Equal(engine.DayStart(c.Now, c.Zone)) {
		return t.In(c.Zone).Format("15:04")
	}
	return t.In(c.Zone).Format("Mon 2 Jan 15:04")
}

// fourth says what keeps one more task from running by itself once FirstTasks do: it must be adjacent to one whose results, reviewed after 30
// days, held or improved, and no review may have said that they declined. "" where nothing does.
func (c Case) fourth() string {
	if len(c.Others) < FirstTasks {
		return ""
	}
	const ask = "a 30-day review that says held or improved: "
	var said []string
	for _, o := range c.Others {
		switch {
		case o.Verdict == engine.BaselineDeclined:
			return ask + o.Task.Name + " declined"
		case o.Verdict.Good() && Adjacent(c.Task, o.Task):
			said = append(said, o.Task.Name)
		}
	}
	if len(said) > 0 {
		return ""
	}
	if slices.ContainsFunc(c.Others, func(o Other) bool { return o.Verdict.Good() }) {
		return ask + "of a task with which it shares a channel, its readers or its kind"
	}
	return fmt.Sprintf("%s%d tasks run by themselves, or did, and no review of their results is there yet", ask, len(c.Others))
}

// Adjacent reports whether two tasks share a channel, a segment or a kind of content: what one of them has shown says something of the other. It
// says nothing of the other's own record, which each task needs for itself.
func Adjacent(a, b engine.Task) bool {
	return a.Channel == b.Channel || a.Segment == b.Segment || a.Kind == b.Kind
}

// Rank puts the cases that ask for L5 into the order in which they are offered: by what is proven, then by how many pieces a week it is about.
// The others keep their places before them.
func Rank(cases []Case) {
	slices.SortStableFunc(cases, func(a, b Case) int {
		byItself := func(c Case) int { return where(c.To >= engine.L5, 1, 0) }
		switch {
		case byItself(a) != byItself(b) || byItself(a) == 0:
			return byItself(a) - byItself(b)
		case a.Record.Proven() != b.Record.Proven():
			return cmp.Compare(b.Record.Proven(), a.Record.Proven())
		}
		return b.Task.Cadence.Max - a.Task.Cadence.Max
	})
}
