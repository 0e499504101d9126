package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"koira/engine"
)

// StepKey names one of the first steps.
type StepKey string

const (
	StepWhere   StepKey = "where"
	StepWhat    StepKey = "what"
	StepAudit   StepKey = "audit"
	StepFirst   StepKey = "first"
	StepGood    StepKey = "good"
	StepLimits  StepKey = "limits"
	StepReviews StepKey = "reviews"
	StepGrants  StepKey = "grants"
)

// Step is one row of the way from the first day to the first task that runs with less asking.
type Step struct {
	Key    StepKey
	What   string
	Detail string // how it stands
	Done   bool
}

// Steps is that way, and how far this business is. It is computed anew each time from what people have set and said.
type Steps struct {
	Frame
	Owners    []string
	Steps     []Step
	Top       engine.Level // the highest at which a task acts
	Published bool         // something of koira's went out
	Tasks     []engine.Task
	First     []string // ids of the tasks that were chosen to begin with
	Strategy  engine.Strategy
}

// Left counts the steps that are to do.
func (v Steps) Left() int {
	n := 0
	for _, s := range v.Steps {
		if !s.Done {
			n++
		}
	}
	return n
}

// Mark tells two states of the list apart.
func (v Steps) Mark() string { return fmt.Sprintf("%v %v %v", v.Steps, v.Top, v.Published) }

// Steps reads the first steps.
func (r *Reader) Steps(ctx context.Context) (Steps, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Steps{}, err
	}
	v := Steps{Frame: s.Frame, Owners: r.o.People.With(engine.RoleOwner), Tasks: s.tasks, Strategy: s.strategy}
	out, err := r.store.CountOutputs(ctx, engine.OutputFilter{States: wentOut})
	if err != nil {
		return v, fmt.Errorf("counting what went out: %w", err)
	}
	for _, n := range out {
		v.Published = v.Published || n > 0
	}
	for _, t := range s.tasks {
		v.Top = max(v.Top, t.Acting())
	}
	chosen, err := r.store.Setting(ctx, engine.SettingFirst)
	if err != nil {
		return v, fmt.Errorf("reading the first tasks: %w", err)
	}
	var first []engine.Task
	for _, id := range engine.FirstTasks(chosen) {
		if t := s.task(id); slices.ContainsFunc(s.tasks, func(x engine.Task) bool { return x.ID == id }) {
			v.First, first = append(v.First, id), append(first, t)
		}
	}
	audit, err := r.Audit(ctx)
	if err != nil {
		return v, err
	}
	about := first
	if len(about) == 0 {
		about = s.tasks
	}
	reviews, err := r.reviewStep(ctx, s, about)
	if err != nil {
		return v, err
	}
	limits, err := r.limitStep(ctx, about)
	v.Steps = []Step{r.whereStep(s), whatStep(s.strategy), auditStep(audit), firstStep(first, audit), goodStep(about), limits, reviews, grantStep(s.tasks)}
	return v, err
}

func (r *Reader) whereStep(s scene) Step {
	var on []string
	for _, name := range slices.Sorted(maps.Keys(r.o.Channels)) {
		if s.rules.Channels[name] {
			on = append(on, r.label(name))
		}
	}
	if len(on) == 0 {
		return Step{StepWhere, "where I may post", "no channel is allowed yet", false}
	}
	return Step{StepWhere, "where I may post", strings.Join(on, ", "), true}
}

func whatStep(x engine.Strategy) Step {
	if lacks := x.LacksWords(); lacks != "" {
		return Step{StepWhat, "the what and the why", lacks + "; no task plans before", false}
	}
	return Step{StepWhat, "the what and the why", strings.Join([]string{
		plural(len(x.Goals), "goal", "goals"), plural(len(x.Segments), "segment", "segments"), plural(len(x.Themes), "theme", "themes"),
		plural(len(x.Facts), "fact", "facts"), plural(len(x.Voice.Examples), "text for the voice", "texts for the voice"),
	}, ", "), true}
}

func auditStep(a AuditView) Step {
	said := a.Before + a.ByHand
	s := Step{Key: StepAudit, What: "your weekly work", Done: said > 0 && a.Market != engine.MarketUnknown}
	switch {
	case s.Done:
		s.Detail = fmt.Sprintf("about %.3g hours a week, as you said", float64(said)/60)
	case said > 0:
		s.Detail = "whom do you sell to?"
	case a.Market != engine.MarketUnknown:
		s.Detail = "how long does each take today?"
	default:
		s.Detail = "what there is, how long it takes today, whom you sell to"
	}
	return s
}

func firstStep(first []engine.Task, a AuditView) Step {
	s := Step{Key: StepFirst, What: "the tasks to begin with", Done: len(first) > 0}
	var names []string
	for _, t := range first {
		names = append(names, t.Name)
	}
	if !s.Done {
		for _, row := range a.First {
			if row.Mine {
				names = append(names, row.Name)
			}
		}
		if len(names) == 0 {
			s.Detail = "two or three"
			return s
		}
		s.Detail = "two or three; by the list: " + strings.Join(names, ", ")
		return s
	}
	s.Detail = strings.Join(names, ", ")
	return s
}

func goodStep(about []engine.Task) Step {
	said := 0
	for _, t := range about {
		if len(t.Benchmarks) > 0 {
			said++
		}
	}
	return Step{StepGood, "what you call good", fmt.Sprintf("said of %d of %s", said, plural(len(about), "task", "tasks")), len(about) > 0 && said == len(about)}
}

// limitStep looks at the walls that a task needs before it may run with less asking; what good is has a row of its own.
func (r *Reader) limitStep(ctx context.Context, about []engine.Task) (Step, error) {
	s := Step{Key: StepLimits, What: "limits and minimums", Done: len(about) > 0}
	var missing []string
	for _, t := range about {
		c, err := r.judge(ctx, t)
		if err != nil {
			return s, err
		}
		for name, there := range map[string]bool{"money (the config file's weekly_ceiling)": c.Walls.Budget, "voice lock": c.Walls.Voice, "channel of " + t.Name: c.Walls.Channels, "minimum of " + t.Name: c.Walls.Thresholds} {
			if !there && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
	}
	slices.Sort(missing)
	s.Detail = "money, voice, channels, minimums"
	if len(missing) > 0 {
		s.Done, s.Detail = false, "missing: "+strings.Join(missing, ", ")
	}
	return s, nil
}

// reviewStep is the task with the most of its reviews.
func (r *Reader) reviewStep(ctx context.Context, s scene, about []engine.Task) (Step, error) {
	v := Step{Key: StepReviews, What: "reviewed pieces", Detail: "none yet"}
	best := -1.0
	for _, t := range about {
		rec, err := r.record(ctx, t)
		if err != nil {
			return v, err
		}
		needed := s.rules.Trust.Needed(t)
		if share := float64(rec.Effective()) / float64(needed); share > best {
			best = share
			v.Detail, v.Done = fmt.Sprintf("%s: %d of %d", t.Name, rec.Effective(), needed), rec.Effective() >= needed
			if rec.Effective() > needed {
				v.Detail = fmt.Sprintf("%s: %d, and %d are asked for", t.Name, rec.Effective(), needed)
			}
			if unknown := rec.NotKnown(); unknown != "" && !v.Done {
				v.Detail += "; " + unknown
			}
		}
	}
	return v, nil
}

func grantStep(tasks []engine.Task) Step {
	var names []string
	for _, t := range tasks {
		if t.Level >= engine.L4 {
			names = append(names, t.Name+" "+t.Level.String())
		}
	}
	if len(names) == 0 {
		return Step{StepGrants, "the first task that runs with less asking", "none yet; I offer it, you allow it", false}
	}
	return Step{StepGrants, "the first task that runs with less asking", strings.Join(names, ", "), true}
}
