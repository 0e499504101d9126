package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Replay is the state of everything as the log alone tells it, to be held against the store's tables: a row that was written past the log is
// in one of them only.
type Replay struct {
	Outputs    map[string]LoggedOutput
	Tasks      map[string]LoggedTask
	Exceptions map[string]bool // the open ones
	Guardrails LoggedVersions
	Strategy   LoggedVersions
	Stopped    bool
}

// LoggedOutput is what the log tells of one output.
type LoggedOutput struct {
	State     State
	Digest    string // the short form of its content's at the last move; "" before there was copy
	Approvals int
	Begun     bool // it was on its way out once
}

// LoggedTask is what the log tells of one task.
type LoggedTask struct {
	Level   Level
	Levels  bool // whether the log tells the level at all: a line of an older koira, which added the task, does not
	Paused  bool
	Granted bool // an owner's grant is in force
}

// LoggedVersions is what the log tells of what people set in versions: the newest, and the sum of each version's text.
type LoggedVersions struct {
	Newest int
	Sums   map[int]string // a line of an older koira has none
}

// NewReplay returns the state before the first line.
func NewReplay() *Replay {
	return &Replay{
		Outputs: map[string]LoggedOutput{}, Tasks: map[string]LoggedTask{}, Exceptions: map[string]bool{},
		Guardrails: LoggedVersions{Sums: map[int]string{}}, Strategy: LoggedVersions{Sums: map[int]string{}},
	}
}

// Follow takes the next line. It returns in words what cannot follow from the lines before, "" when all is well; the state is then as the
// line says nevertheless. Lines that change none of this are let pass.
func (r *Replay) Follow(e Event) string {
	switch e.Action {
	case "task.added", "task.level", "task.renewed", "task.paused", "task.resumed":
		return r.task(e)
	case "exception.opened", "exception.closed":
		return r.exception(e)
	case "guardrails.changed":
		return r.Guardrails.follow(e.Detail["to"], e.Detail["sum"])
	case "strategy.changed":
		return r.Strategy.follow(e.Detail["version"], e.Detail["sum"])
	case "control.stopped", "control.resumed":
		return r.control(e.Action == "control.stopped")
	}
	if to, ok := strings.CutPrefix(e.Action, "output."); ok && slices.Contains(States, State(to)) {
		return r.output(e, State(to))
	}
	return ""
}

func (r *Replay) output(e Event, to State) string {
	o, known := r.Outputs[e.Subject]
	was := o.State
	o.State, o.Begun = to, o.Begun || to == StatePublishing
	if d := e.Detail["digest"]; d != "" {
		o.Digest = d
	}
	if e.Detail["approved"] != "" {
		o.Approvals++
	}
	r.Outputs[e.Subject] = o
	switch from := State(e.Detail["from"]); {
	case known != (to != StatePlanned):
		return fmt.Sprintf("piece %s became %s; before, the log had it at %q", e.Subject, to, was)
	case known && from != was:
		return fmt.Sprintf("piece %s moved from %s; before, the log had it at %s", e.Subject, from, was)
	case known && !CanMove(was, to):
		return fmt.Sprintf("piece %s moved from %s to %s, which no piece can", e.Subject, was, to)
	case to == StatePublished && (was == StateScheduled || was == StateHeld) && !o.Begun: // its rest is given up; there must have been a first part
		return fmt.Sprintf("piece %s moved from %s to %s, and none of it had gone out", e.Subject, was, to)
	}
	return ""
}

func (r *Replay) task(e Event) (wrong string) {
	t, known := r.Tasks[e.Subject]
	switch e.Action {
	case "task.added":
		if known {
			wrong = fmt.Sprintf("task %s was there already", e.Subject)
		}
		level, err := ParseLevel(e.Detail["level"])
		t.Level, t.Levels = level, err == nil
	case "task.level":
		from, _ := ParseLevel(e.Detail["from"])
		if t.Levels && from != t.Level {
			wrong = fmt.Sprintf("task %s left %s; before, the log had it at %s", e.Subject, from, t.Level)
		}
		level, err := ParseLevel(e.Detail["to"])
		t.Level, t.Levels = level, err == nil
		t.Granted = e.Detail["grant"] != ""
	case "task.renewed":
		if e.Detail["lowered"] != "" {
			t.Granted = e.Detail["grant"] != ""
		}
	case "task.paused":
		t.Paused = true
	case "task.resumed":
		t.Paused = false
	}
	r.Tasks[e.Subject] = t
	return wrong
}

func (r *Replay) control(stopped bool) string {
	was := r.Stopped
	r.Stopped = stopped
	if was == stopped {
		return "everything was stopped, or ran, already"
	}
	return ""
}

func (r *Replay) exception(e Event) string {
	switch {
	case e.Action == "exception.opened":
		r.Exceptions[e.Subject] = true
	case !r.Exceptions[e.Subject]:
		return fmt.Sprintf("exception %s was closed, and was not open", e.Subject)
	default:
		delete(r.Exceptions, e.Subject)
	}
	return ""
}

func (v *LoggedVersions) follow(version, sum string) string {
	n, err := strconv.Atoi(version)
	was := v.Newest
	if err == nil {
		v.Newest = n
	}
	if sum != "" {
		v.Sums[n] = sum
	}
	if err != nil || n != was+1 {
		return fmt.Sprintf("version %q follows version %d", version, was)
	}
	return ""
}
