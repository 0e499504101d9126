package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Decisions is what koira changed, newest first.
type Decisions struct {
	Frame
	Page
	Task string // "" means all tasks
	Rows []DecisionRow
}

// DecisionRow is one change, or one proposal.
type DecisionRow struct {
	engine.Decision
	Name     string // the task's name
	Words    string // "Newsletter: Thu 16–17 → Thu 07–08"
	Standing string // "in force", "proposed", "undone", …
	Score    string // how its forecast did: "came true", "did not come true", "not known yet"; "" without a forecast
	CanUndo  bool
	CanApply bool
}

// DecisionView is one decision, for its card.
type DecisionView struct {
	Frame
	DecisionRow
	Lowering *engine.Lowering // what it rests on, where evidence lowered or paused the task; nil otherwise
	Back     string           // when the way back is likely to be walked: "at 2 a week about late January"; "" where nothing tells
}

// Forecasts is how well koira's forecasts did.
type Forecasts struct {
	Scored, Held int
	Chance       float64 // what was said on average, 0..1
	Few          bool    // fewer than 20 are scored: they prove little
}

// Decisions reads size rows from offset on, of one task or of all (""); size 0 means 10.
func (r *Reader) Decisions(ctx context.Context, task string, offset, size int) (Decisions, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Decisions{}, err
	}
	return r.decisions(ctx, s, task, offset, size)
}

func (r *Reader) decisions(ctx context.Context, s scene, task string, offset, size int) (Decisions, error) {
	if size <= 0 {
		size = pageSize
	}
	offset = max(offset, 0)
	// One more than the page shows whether there is another; the store counts from the newest.
	all, err := r.store.Decisions(ctx, task, time.Time{}, offset+size+1)
	if err != nil {
		return Decisions{}, fmt.Errorf("reading the decision log: %w", err)
	}
	from, to := cut(len(all), offset, size)
	v := Decisions{Frame: s.Frame, Page: Page{Offset: from, Size: size, More: to < len(all)}, Task: task}
	for _, d := range all[from:to] {
		v.Rows = append(v.Rows, s.decisionRow(d))
	}
	return v, nil
}

// Decision reads one decision. Code not_found.
func (r *Reader) Decision(ctx context.Context, id string) (DecisionView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return DecisionView{}, err
	}
	d, err := r.store.Decision(ctx, id)
	if err != nil {
		return DecisionView{}, fmt.Errorf("reading decision %s: %w", id, err)
	}
	v := DecisionView{Frame: s.Frame, DecisionRow: s.decisionRow(d)}
	if v.Lowering, err = r.store.Lowering(ctx, id); err != nil {
		return v, fmt.Errorf("reading what decision %s rests on: %w", id, err)
	}
	resumed := d.What == "pause" && d.To != "paused" && s.task(d.Task).LoweredAt.Equal(d.At)
	if v.Lowering != nil || resumed {
		v.Back, err = r.wayBack(ctx, s, v.Task)
	}
	return v, err
}

func (s scene) decisionRow(d engine.Decision) DecisionRow {
	v := DecisionRow{Decision: d, Name: s.task(d.Task).Name}
	v.Words = v.Name + ": " + s.decisionWords(d)
	waits := d.Proposed && d.AppliedAt.IsZero()
	switch {
	case !d.RevertedAt.IsZero() && waits:
		v.Standing = "turned down"
	case !d.RevertedAt.IsZero():
		v.Standing = "undone"
	case waits:
		v.Standing, v.CanApply = "proposed", true
	default:
		v.Standing, v.CanUndo = "in force", d.Reversible
	}
	switch {
	case d.Expected == "" && d.Chance == 0:
	case d.ScoredAt.IsZero():
		v.Score = "not known yet"
	case d.Held:
		v.Score = "came true"
	default:
		v.Score = "did not come true"
	}
	return v
}

// rank puts what is in force before what is only proposed, and that before what came to nothing.
func (d DecisionRow) rank() int {
	switch {
	case d.CanApply:
		return 1
	case !d.RevertedAt.IsZero():
		return 2
	}
	return 0
}

// decisionWords says what changed: "Thursday → Tuesday", "no more theme "recipes"".
func (s scene) decisionWords(d engine.Decision) string {
	from, to := s.arm(d.What, d.From), s.arm(d.What, d.To)
	what := whatWords[d.What]
	if what == "" {
		what = d.What
	}
	switch {
	case d.What == "level" && d.From == d.To:
		return "stays at " + to + ", its record begins anew"
	case d.What == "pause" && d.From == d.To:
		return "runs again at " + to
	case d.What == "pause" && d.To != "paused":
		return "runs again: " + from + " → " + to
	case from == "" && to == "":
		return what
	case from == "":
		return what + " " + to
	case to == "":
		return "no more " + what + " " + from
	}
	return what + " " + from + " → " + to
}

var whatWords = map[string]string{
	string(engine.DimTheme):        "theme",
	string(engine.DimCallToAction): "ask",
	string(engine.DimSubjectStyle): "opening",
	string(engine.DimWeekday):      "day",
	string(engine.DimHour):         "hour",
	"level":                        "level",
	"pause":                        "pause",
	engine.DecidedRecord:           "reviewed pieces that count:",
	engine.DecidedBaseline:         "results by itself:",
}

// arm says one side of a decision in people's words.
func (s scene) arm(what, key string) string {
	if key == "" {
		return ""
	}
	switch what {
	case string(engine.DimTheme):
		return "“" + s.theme(key) + "”"
	case string(engine.DimCallToAction):
		for _, c := range s.strategy.CallsToAction {
			if c.Key == key {
				return "“" + c.Text + "”"
			}
		}
	case string(engine.DimWeekday):
		for d := time.Sunday; d <= time.Saturday; d++ {
			if engine.SlotArm(time.Date(2023, time.January, 1+int(d), 0, 0, 0, 0, time.UTC), time.UTC)[:3] == key {
				return d.String()
			}
		}
	case string(engine.DimHour):
		if digits(key) {
			return fmt.Sprintf("%02d–%02d", number(key), number(key)+1)
		}
	case "level", "pause":
		if l, err := engine.ParseLevel(key); err == nil {
			return l.String() + " (" + l.Words() + ")"
		}
	}
	return key
}

// forecasts scores what koira foretold between since and until.
func forecasts(ds []engine.Decision, until time.Time) Forecasts {
	var f Forecasts
	for _, d := range ds {
		if d.Chance == 0 || d.ScoredAt.IsZero() || !d.ScoredAt.Before(until) {
			continue
		}
		f.Scored++
		f.Chance += d.Chance
		if d.Held {
			f.Held++
		}
	}
	if f.Scored > 0 {
		f.Chance /= float64(f.Scored)
	}
	f.Few = f.Scored < enoughForecasts
	return f
}

// enoughForecasts is how many scored forecasts say something about how good they are.
const enoughForecasts = 20
