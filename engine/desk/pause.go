package desk

import (
	"context"
	"fmt"

	"koira/engine"
	"koira/engine/trust"
)

// PauseTask stops one task: nothing of it goes out until it is resumed. Code conflict says who paused it when it stands already.
func (d *Desk) PauseTask(ctx context.Context, a engine.Actor, task, why string) error {
	return d.once(ctx, "pause", func(ctx context.Context) error { return d.pause(ctx, a, task, why) })
}

func (d *Desk) pause(ctx context.Context, a engine.Actor, task, why string) error {
	a, t, err := d.openTask(ctx, a, ActionPause, task)
	if err != nil {
		return err
	}
	if why, err = field("why", "The reason", why, false, maxNote); err != nil {
		return err
	}
	if t.Paused != nil && !t.Paused.ByDrill() {
		return d.pausedAlready(ctx, a, t)
	}
	if why == "" {
		why = "paused by hand"
	}
	c := d.pauseChange(a, t, t.Level, why)
	c.Pause, c.Decision.To = &engine.Pause{By: a.ID, At: c.At, Why: why}, "paused"
	if t.Paused.ByDrill() { // this one is meant, and stays when the drill is over
		c.Close, c.Closes = "paused by hand", drillOf(t.ID)
	}
	if err := d.store.ChangeTask(ctx, c); engine.CodeOf(err) == engine.CodeConflict {
		return d.taskStands(ctx, a, t.ID)
	} else if err != nil {
		return failed("pausing", t.ID, err)
	}
	return nil
}

// ResumeTask ends a task's pause. What koira paused for cause (a missed threshold, an anomaly) resumes one level lower, see [trust.Resumes]; a drill that
// was cut off costs nothing. Code conflict when it is not paused.
func (d *Desk) ResumeTask(ctx context.Context, a engine.Actor, task string) error {
	lowered, err := once(ctx, d, "resume task", func(ctx context.Context) (string, error) { return d.resumeTask(ctx, a, task) })
	return d.recheckLowered(ctx, lowered, err)
}

// resumeTask returns the task that it lowered, "" for none.
func (d *Desk) resumeTask(ctx context.Context, a engine.Actor, task string) (lowered string, err error) {
	a, t, err := d.openTask(ctx, a, ActionResumeTask, task)
	if err != nil {
		return "", err
	}
	if t.Paused == nil {
		return "", engine.Errorf(engine.CodeConflict, "%s is not paused. Nothing left to do.", t.Name)
	}
	since, err := d.store.Lowerings(ctx, t.ID, t.Paused.At)
	if err != nil {
		return "", failed("reading the lowerings of", t.ID, err)
	}
	to, was := trust.Resumes(t, since)
	why := "resumed by " + a.ID
	switch {
	case to < t.Level:
		lowered = t.ID
	case was > t.Level:
		why += fmt.Sprintf("; it went from %s to %s while it was paused, and goes no lower", was, t.Level)
	}
	c := d.pauseChange(a, t, to, why)
	// What paused it stands in its record no more once it runs again lower than it was, however that came.
	c.Resume, c.Lowered, c.Close, c.Decision.From, c.Decision.To = true, to < was, "resumed", t.Level.String(), to.String()
	if t.Paused.ByDrill() { // nothing is learned from it, and what else is open about the task stays
		c.Closes, c.Decision, c.Notices = drillOf(t.ID), nil, nil
	}
	if err := d.store.ChangeTask(ctx, c); engine.CodeOf(err) == engine.CodeConflict {
		return "", d.taskStands(ctx, a, t.ID)
	} else if err != nil {
		return "", failed("resuming", t.ID, err)
	}
	return lowered, nil
}

func (d *Desk) openTask(ctx context.Context, a engine.Actor, action Action, task string) (engine.Actor, engine.Task, error) {
	a, err := d.allow(ctx, a, action, Object{ID: task})
	if err != nil {
		return a, engine.Task{}, err
	}
	t, err := d.task(ctx, task)
	return a, t, err
}

func (d *Desk) pauseChange(a engine.Actor, t engine.Task, to engine.Level, why string) engine.TaskChange {
	c := d.levelChange(a, t, to, why)
	c.Decision.What, c.Decision.From = "pause", "running"
	return c
}

func (d *Desk) taskStands(ctx context.Context, a engine.Actor, id string) error {
	t, err := d.store.Task(ctx, id)
	if err != nil {
		return failed("reading", id, err)
	}
	if t.Paused != nil {
		return d.pausedAlready(ctx, a, t)
	}
	return engine.Errorf(engine.CodeConflict, "%s runs at %s (%s) now; it changed since you looked. Nothing changed.", t.Name, t.Level, t.Level.Words())
}

func (d *Desk) pausedAlready(ctx context.Context, a engine.Actor, t engine.Task) error {
	e := engine.Errorf(engine.CodeConflict, "%s paused %s at %s. Nothing left to do.", name(a, t.Paused.By), t.Name, d.when(ctx, t.Paused.At))
	if t.Paused.By != a.ID {
		e.Who = []string{t.Paused.By}
	}
	return e
}
