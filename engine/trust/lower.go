package trust

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// What earns a lowered task more again, besides the cooldown and what every task needs: so many reviewed pieces, and of them so many unchanged.
const (
	RegainReviewed  = 10
	RegainUnchanged = 9
)

// regain lists what is missing for a raise above L3 of a task that was lowered. r counts from the lowering on.
func regain(t engine.Task, to engine.Level, r Record) []string {
	if to < engine.L4 || t.LoweredAt.IsZero() {
		return nil
	}
	n := lacks(r)
	if n <= 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s since it was lowered, %d of them unchanged", count(n, "more reviewed piece", "more reviewed pieces"), max(RegainUnchanged-r.Unchanged, 0))}
}

// lacks is how many more reviewed pieces a lowered task needs by itself; r counts from the lowering on.
func lacks(r Record) int { return max(RegainReviewed-r.Reviewed, RegainUnchanged-r.Unchanged) }

// MoreReviews is how many more reviewed pieces a raise of t to that level waits for, at the least; 0 where only time, or something else, is missing.
func MoreReviews(t engine.Task, to engine.Level, r Record, w Walls) int {
	more := 0
	if len(regain(t, to, r)) > 0 {
		more = lacks(r)
	}
	if to >= engine.L5 {
		more = max(more, w.Trust.Needed(t)-r.Effective())
	}
	return more
}

// Grounds is what speaks for a lowering.
type Grounds struct {
	Cause  engine.Cause
	Why    string   // as a sentence without its full stop
	Pieces []string // outputs, oldest first
	Luck   float64  // see engine.Lowering
	Remedy string   // what a person can do, where the task is paused or stays as it is; "" for what is always so
}

// Lower is the change that evidence makes of t: one level down at once (L5 → L4 → L3 → L1) with the decision and the notice that say why. A second
// breach within the cooldown of the first pauses the task instead, with an exception that says how to resume; it resumes one level lower, so that
// each breach costs one level. before are the task's earlier lowerings. A paused task is lowered as it stands. It is false where there is nothing to lower: at
// L0 and L1 people publish by hand. What was rejected there as serious begins the record anew all the same, with its cooldown: it would else stand in
// the way of every raise for ever.
func Lower(t engine.Task, e Grounds, before []engine.Lowering, by engine.Actor, now time.Time, newID engine.NewID) (engine.TaskChange, bool) {
	below, ok := t.Level.Below()
	if !ok && e.Cause != engine.CauseSerious {
		return engine.TaskChange{}, false
	}
	if ok && t.Paused == nil && e.Cause.Breach() && slices.ContainsFunc(before, func(l engine.Lowering) bool { return l.Cause.Breach() && now.Before(l.At.Add(Cooldown)) }) {
		e.Why += fmt.Sprintf(". It is the second such thing within %d days", int(Cooldown.Hours()/24))
		return Pause(t, e, by, now, newID), true
	}
	id := newID()
	return engine.TaskChange{
		Task: t.ID, From: t.Level, To: below, Lowered: true, By: by, At: now, Why: e.Why,
		Decision: &engine.Decision{ID: id, Task: t.ID, At: now, What: "level", From: t.Level.String(), To: below.String(), Signal: e.Why},
		Lowering: &engine.Lowering{Decision: id, Task: t.ID, At: now, From: t.Level, To: below, Cause: e.Cause, Pieces: e.Pieces, Luck: e.Luck},
		Notices:  []engine.Notice{{ID: newID(), Kind: engine.NoticeLevel, Subject: id, Due: now}},
	}, true
}

// Resumes is where t stands once it runs again, that koira paused for cause: one level lower, so that each breach costs one, unless it has gone down
// meanwhile, as when a wall was taken away: then it has paid for its pause already. was is the level at which it was paused, and since its lowerings
// from the pause on.
func Resumes(t engine.Task, since []engine.Lowering) (to, was engine.Level) {
	to, was = t.Level, t.Level
	if !t.Paused.ForCause() {
		return to, was
	}
	fell := false
	for _, l := range since {
		fell = fell || l.At.After(t.Paused.At) && l.To < l.From
		was = max(was, l.From)
	}
	if below, ok := t.Level.Below(); ok && !fell {
		to = below
	}
	return to, was
}

// remedyFor says what ends a pause of t.
func remedyFor(t engine.Task) string {
	if below, ok := t.Level.Below(); ok {
		return fmt.Sprintf("An owner resumes it; it then runs one level lower, at %s (%s).", below, below.Words())
	}
	return "An owner resumes it; it then runs at the same level."
}

// RemedySince is the remedy that a pause was written down with, once its task has gone down meanwhile.
func RemedySince(remedy string, to, was engine.Level) string {
	said := fmt.Sprintf("An owner resumes it; it went down from %s while it was paused, and then runs at %s (%s).", was, to, to.Words())
	if _, more, ok := strings.Cut(remedy, "). "); ok {
		said += " " + more
	}
	return said
}

// Pause is the change that stops t on evidence: nothing of it goes out until an owner resumes it, one level lower where there is one.
func Pause(t engine.Task, e Grounds, by engine.Actor, now time.Time, newID engine.NewID) engine.TaskChange {
	id := newID()
	remedy := remedyFor(t)
	if e.Remedy != "" {
		remedy += " " + e.Remedy
	}
	return engine.TaskChange{
		Task: t.ID, From: t.Level, To: t.Level, By: by, At: now, Why: e.Why,
		Pause:    &engine.Pause{By: engine.Koira.ID, At: now, Why: e.Why},
		Decision: &engine.Decision{ID: id, Task: t.ID, At: now, What: "pause", From: "running", To: "paused", Signal: e.Why},
		Lowering: &engine.Lowering{Decision: id, Task: t.ID, At: now, From: t.Level, To: t.Level, Cause: e.Cause, Pieces: e.Pieces, Luck: e.Luck},
		Close:    pausedNow,
		Open: &engine.Exception{
			ID: newID(), Kind: engine.ExceptionTask, Task: t.ID, Subject: t.ID, Trouble: engine.TroublePaused, OpenedAt: now,
			Reason: t.Name + " is paused.", Evidence: e.Why + ".", Remedy: remedy,
		},
		Notices: []engine.Notice{{ID: newID(), Kind: engine.NoticeLevel, Subject: id, Due: now}},
	}
}
