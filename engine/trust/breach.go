package trust

import (
	"fmt"
	"time"

	"koira/engine"
)

// Breach is the change that pauses t because it stands beyond one of its thresholds: the pause, the decision, and the exception that says what
// would end it. It is the one path by which evidence pauses a task; a drill takes it too. The ids are made by newID.
func Breach(t engine.Task, s engine.Standing, limit engine.Threshold, currency string, now time.Time, newID engine.NewID) engine.TaskChange {
	why := Shortfall(s, limit, currency)
	id := newID()
	resumes := remedyFor(t)
	if _, ok := t.Level.Below(); ok {
		resumes += " Or change the limit first, if it asks too much."
	}
	return engine.TaskChange{
		Task: t.ID, From: t.Level, To: t.Level, By: engine.Koira, At: now, Why: why,
		Pause: &engine.Pause{By: engine.Koira.ID, At: now, Why: why},
		Decision: &engine.Decision{
			ID: id, Task: t.ID, At: now, What: "pause", From: "running", To: "paused",
			Signal: why + " " + likely(s, currency),
		},
		Lowering: &engine.Lowering{Decision: id, Task: t.ID, At: now, From: t.Level, To: t.Level, Cause: engine.CauseThreshold},
		Close:    pausedNow,
		Open: &engine.Exception{
			ID: newID(), Kind: engine.ExceptionTask, Task: t.ID, Subject: t.ID, Trouble: engine.TroublePaused, OpenedAt: now,
			Reason:   t.Name + " is paused: " + where(limit.Floor > 0 && s.Value < limit.Floor, "below your minimum", "above your maximum") + ".",
			Evidence: why + " " + likely(s, currency), Remedy: resumes,
		},
		Notices: []engine.Notice{{ID: newID(), Kind: engine.NoticeLevel, Subject: id, Due: now}},
	}
}

// pausedNow is the outcome of what was open about a task when it is paused on evidence: the new question is the one that has to be answered.
const pausedNow = "the task is paused now"

// Shortfall says in a sentence what s came to and what the limit is.
func Shortfall(s engine.Standing, limit engine.Threshold, currency string) string {
	bound := "your minimum is " + s.Metric.Amount(limit.Floor, currency)
	if limit.Ceiling > 0 && s.Value > limit.Ceiling {
		bound = "your maximum is " + s.Metric.Amount(limit.Ceiling, currency)
	}
	return fmt.Sprintf("The last %d pieces brought %s %s each; %s.", s.Pieces, s.Metric.Amount(s.Value, currency), s.Metric.Words(2), bound)
}

// likely says the range in which the true mean is.
func likely(s engine.Standing, currency string) string {
	return fmt.Sprintf("By luck alone it would not be this far off: the range is %s to %s.", s.Metric.Amount(s.Low, currency), s.Metric.Amount(s.High, currency))
}

func where[T any](is bool, a, b T) T {
	if is {
		return a
	}
	return b
}
