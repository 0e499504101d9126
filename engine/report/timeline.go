package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// Phase is one stretch of the first 90 days.
type Phase struct {
	From, To int       // days, the first is 1
	Begins   time.Time // the first moment of day From
	What     string
	Steps    []PhaseStep
}

// PhaseStep is one thing that should be so by the end of a phase.
type PhaseStep struct {
	What string
	Done bool
}

// Now reports whether day lies in p; the last phase lasts on.
func (p Phase) Now(day int) bool { return day >= p.From && (day <= p.To || p.To == PathDays) }

// PathDays is how long the path is.
const PathDays = 90

// Timeline is the path of the first 90 days, and where this business stands on it.
type Timeline struct {
	Frame
	Begun  time.Time // the first line of the log
	Day    int       // today's, the first is 1
	Phases []Phase
	Tasks  []PathTask
	Next   string // the next step of the whole, as a sentence
	Weekly int    // reviewed pieces that a task of one piece a week needs, and so weeks
}

// PathTask is where one task stands.
type PathTask struct {
	ID, Name string
	Level    engine.Level
	Reviewed int // that count as reviewed cycles
	Needed   int // before it could run by itself
	PerWeek  int // pieces, as its cadence has it on average; 0 where it has none
	Weeks    int // until Needed are reviewed at that pace, an estimate; 0 where they are, or where the record does not grow
	Whole    int // weeks that Needed take in all at that pace; 0 where it has none
	Until    time.Time
	Grows    bool         // its record grows at its level
	Top      engine.Level // the highest that it may ever hold
	Caps     []string
	To       engine.Level // the next rung; Level where there is none
	Missing  []string     // for it, in words
	Silent   []string     // ids of people whom Missing names as "@id"
	Stands   []string     // in words what is wrong, such as that it is paused
	Next     string       // the next step, as a sentence
}

// Timeline reads the path and where each task stands on it. Every date that lies ahead is an estimate.
func (r *Reader) Timeline(ctx context.Context) (Timeline, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Timeline{}, err
	}
	v := Timeline{Frame: s.Frame, Begun: s.now, Weekly: s.rules.Trust.Needed(engine.Task{Kind: engine.KindBlog})}
	first, err := r.store.Events(ctx, 0, 1)
	if err != nil {
		return v, fmt.Errorf("reading when it began: %w", err)
	}
	if len(first) > 0 {
		v.Begun = first[0].At
	}
	begun := engine.DayStart(v.Begun, s.Zone)
	v.Day = int(engine.DayStart(s.now, s.Zone).Add(12*time.Hour).Sub(begun)/(24*time.Hour)) + 1
	walled, missing := 0, []trust.Case{}
	var reviews, judged int
	for _, t := range s.tasks {
		c, err := r.judge(ctx, t)
		if err != nil {
			return v, err
		}
		x := s.pathTask(t, c)
		x.Stands = r.wrong(s, t)
		if len(x.Stands) > 0 {
			x.Next = "First: " + strings.Join(x.Stands, "; ") + "."
		}
		v.Tasks = append(v.Tasks, x)
		reviews += c.Record.Reviewed
		if len(c.Walls.Opens(engine.L4)) == 0 {
			walled++
		} else {
			missing = append(missing, c)
		}
		ds, err := r.store.Decisions(ctx, t.ID, time.Time{}, 1_000)
		if err != nil {
			return v, fmt.Errorf("reading what was decided for %s: %w", t.ID, err)
		}
		if engine.BaselineOf(ds) != engine.BaselineNone {
			judged++
		}
	}
	if reviews == 0 { // the records may have begun anew since
		ever, err := r.store.Reviews(ctx, "", v.Begun)
		if err != nil {
			return v, fmt.Errorf("reading the first reviews: %w", err)
		}
		reviews = len(ever)
	}
	v.Phases = s.phases(begun, reviews, walled, judged)
	v.Next = v.nextStep(len(missing))
	return v, nil
}

// at counts the tasks that stand at l or above.
func (s scene) at(l engine.Level) int {
	n := 0
	for _, t := range s.tasks {
		if t.Level >= l {
			n++
		}
	}
	return n
}

// phases are the four stretches as the design has them.
func (s scene) phases(begun time.Time, reviews, walled, judged int) []Phase {
	few := min(trust.FirstTasks, max(1, len(s.tasks)))
	ps := []Phase{
		{From: 1, To: 14, What: "I draft, you publish by hand", Steps: []PhaseStep{
			{"the strategy says what for and for whom", s.strategy.LacksWords() == ""},
			{"first pieces reviewed", reviews > 0},
		}},
		{From: 15, To: 30, What: "each piece waits for your yes, the week read at once (L3, L4)", Steps: []PhaseStep{
			{"a first task at L3", s.at(engine.L3) > 0},
		}},
		{From: 31, To: 60, What: "limits and minimums set; the strongest tasks run by themselves, looked through each week", Steps: []PhaseStep{
			{plural(few, "task has", "tasks have") + " all walls and what you call good", walled >= few},
			{"a first task runs by itself (L5)", s.at(engine.L5) > 0},
		}},
		{From: 61, To: PathDays, What: "tasks beside those follow, on the results of weeks 5 to 8; limits refined from near misses", Steps: []PhaseStep{
			{"a 30-day review of results", judged > 0},
			{plural(few, "task runs", "tasks run") + " by themselves", s.at(engine.L5) >= few},
		}},
	}
	for i := range ps {
		ps[i].Begins = addDays(begun, ps[i].From-1, s.Zone)
	}
	return ps
}

// nextStep is the first thing that is still to be done of this phase and those before it.
func (v Timeline) nextStep(wallless int) string {
	for _, p := range v.Phases {
		if p.From > v.Day {
			break
		}
		for _, x := range p.Steps {
			if !x.Done {
				return "Next for all of it: " + x.What + "."
			}
		}
	}
	if wallless > 0 {
		return fmt.Sprintf("All of it so far is done. %s still without all walls.", plural(wallless, "task is", "tasks are"))
	}
	return "All of it so far is done."
}

// pathTask is where t stands by the evidence c.
func (s scene) pathTask(t engine.Task, c trust.Case) PathTask {
	x := PathTask{
		ID: t.ID, Name: t.Name, Level: t.Level, Reviewed: c.Record.Effective(), Needed: c.Walls.Trust.Needed(t), To: c.To,
		PerWeek: perWeek(t), Grows: t.Acting().Rung().Writes,
	}
	x.Top, x.Caps = engine.Cap(t, c.Exposure)
	if x.PerWeek > 0 {
		x.Whole = over(x.Needed, x.PerWeek)
		if left := x.Needed - x.Reviewed; left > 0 && x.Grows {
			x.Weeks = over(left, x.PerWeek)
			x.Until = addDays(engine.DayStart(s.now, s.Zone), 7*x.Weeks, s.Zone)
		}
	}
	switch {
	case x.To == x.Level:
		x.Next = "It stands as high as there is: look through what it does each week."
	case x.To > x.Top:
		x.Next = fmt.Sprintf("It stays at %s: %s.", x.Level, strings.Join(x.Caps, ", and "))
	default:
		x.Missing, x.Silent = c.Missing(), c.Record.Silent()
		x.Next = fmt.Sprintf("Next: %s (%s). An owner may allow it now.", x.To, x.To.Words())
		if len(x.Missing) > 0 {
			x.Next = fmt.Sprintf("Next: %s (%s). Missing: %s.", x.To, x.To.Words(), strings.Join(x.Missing, "; "))
		} else if x.Level == engine.L0 || x.Level == engine.L2 { // choices, which nobody is offered out of
			x.Next = fmt.Sprintf("Next: %s (%s). An owner may allow it now; I do not offer it by myself.", x.To, x.To.Words())
		} else if !c.Ripe() {
			x.Next = fmt.Sprintf("Next: %s (%s). An owner may allow it now; I offer it after a few more reviews.", x.To, x.To.Words())
		}
	}
	return x
}

// perWeek is how many pieces t makes a week, as its cadence has it on average; 0 where it has none. It is the pace of every date that lies ahead.
func perWeek(t engine.Task) int { return (t.Cadence.Min + t.Cadence.Max + 1) / 2 }

// over is a ÷ b, rounded up.
func over(a, b int) int { return (a + b - 1) / b }

// Longest is the task that needs longest, false where none needs longer than the path.
func (v Timeline) Longest() (PathTask, bool) {
	if len(v.Tasks) == 0 {
		return PathTask{}, false
	}
	x := slices.MaxFunc(v.Tasks, func(a, b PathTask) int { return a.Whole - b.Whole })
	return x, 7*x.Whole > PathDays
}
