package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
	"koira/engine/trust"
)

// TaskRow is one task in a list.
type TaskRow struct {
	Task   engine.Task
	Record Record
	Next   *Row     // its next planned piece; nil when none
	Wrong  []string // in words what is wrong, "" list when nothing is
}

// Autonomy is every task with its level.
type Autonomy struct {
	Frame
	Tasks []TaskRow
}

// TaskView is what `/autonomy <task>` shows.
type TaskView struct {
	Frame
	TaskRow
	Channel  string             // as people read it
	Top      engine.Level       // the highest that it may ever hold
	Caps     []string           // why not higher; empty at L5
	Grant    *engine.Grant      // in force, nil when none
	Lacks    string             // what its record needs before one of its pieces may go out without a yes at L4; "" for nothing
	First    Tally              // of its first ten reviews
	Last     Tally              // of its last ten
	Reviews  []ReviewRow        // the last ten, newest first
	Results  []Result           // against its benchmarks
	Offer    *Offer             // the next rung; nil at the top of what it may hold
	MayAllow []string           // user ids
	Resumes  engine.Level       // where it stands once it runs again, while it is paused
	Was      engine.Level       // where it stood when it was paused
	Raise    *engine.RaiseOffer // koira's offer of the next rung that is not closed, nil when there is none

	diverged []ReviewRow // of its reviews, for the offer's card
}

// Autonomy reads every task with its level.
func (r *Reader) Autonomy(ctx context.Context) (Autonomy, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Autonomy{}, err
	}
	rows, err := r.taskRows(ctx, s)
	return Autonomy{Frame: s.Frame, Tasks: rows}, err
}

// Task reads one task's level, record and what is missing for the next. Code not_found.
func (r *Reader) Task(ctx context.Context, id string) (TaskView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return TaskView{}, err
	}
	t, err := r.store.Task(ctx, id)
	if err != nil {
		return TaskView{}, fmt.Errorf("reading task %s: %w", id, err)
	}
	v := TaskView{Frame: s.Frame, Channel: r.label(t.Channel), MayAllow: r.o.People.With(engine.RoleOwner)}
	if v.TaskRow, err = r.taskRow(ctx, s, t); err != nil {
		return v, err
	}
	c, err := r.judge(ctx, t)
	if err != nil {
		return v, err
	}
	if t.Paused != nil {
		if v.Resumes, v.Was, err = r.resumes(ctx, t); err != nil {
			return v, err
		}
	}
	v.Record, v.Lacks = recordView(c.Record), trust.Lacks(t, c.Record, s.rules.Trust)
	v.Top, v.Caps = engine.Cap(t, c.Exposure)
	if v.Grant, err = r.store.Grant(ctx, id); err != nil {
		return v, fmt.Errorf("reading the grant of %s: %w", id, err)
	}
	reviews := c.Reviews
	v.First = tally(reviews[:min(len(reviews), reviewsShown)])
	last := reviews[max(0, len(reviews)-reviewsShown):]
	v.Last = tally(last)
	for _, review := range slices.Backward(last) {
		row, err := r.reviewRow(ctx, s, review)
		if err != nil {
			return v, err
		}
		v.Reviews = append(v.Reviews, row)
	}
	if v.diverged, err = r.diverged(ctx, s, reviews); err != nil {
		return v, err
	}
	live, err := r.store.LiveOffers(ctx, id)
	if err != nil {
		return v, fmt.Errorf("reading what is offered for %s: %w", id, err)
	}
	if len(live) > 0 {
		v.Raise = &live[0]
	}
	if v.Results, err = r.results(ctx, s, t); err != nil {
		return v, err
	}
	v.Offer = r.offer(c, s.rules)
	return v, nil
}

func (r *Reader) taskRows(ctx context.Context, s scene) ([]TaskRow, error) {
	var v []TaskRow
	for _, t := range s.tasks {
		row, err := r.taskRow(ctx, s, t)
		if err != nil {
			return nil, err
		}
		v = append(v, row)
	}
	return v, nil
}

func (r *Reader) taskRow(ctx context.Context, s scene, t engine.Task) (TaskRow, error) {
	rec, err := r.record(ctx, t)
	if err != nil {
		return TaskRow{}, err
	}
	v := TaskRow{Task: t, Record: recordView(rec), Wrong: r.wrong(s, t)}
	v.Next, err = r.next(ctx, s, t.ID)
	return v, err
}

// wrong says in words what keeps a task from running as it should.
func (r *Reader) wrong(s scene, t engine.Task) []string {
	var w []string
	if t.Paused != nil {
		w = append(w, "paused: "+t.Paused.Why)
	}
	if _, ok := r.o.Channels[t.Channel]; !ok {
		w = append(w, "its channel "+t.Channel+" is not set up")
	} else if why := engine.Unplanned(s.strategy, s.rules, t, r.label(t.Channel)); len(why) > 0 {
		w = append(w, "plans nothing, since "+strings.Join(why, ", and "))
	} else if !s.rules.Channels[t.Channel] {
		w = append(w, r.label(t.Channel)+" is not on the list of allowed channels")
	}
	n := 0
	for _, e := range s.open {
		if e.Task == t.ID || e.Kind == engine.ExceptionSystem && e.Subject == t.Channel {
			n++
		}
	}
	if n > 0 {
		w = append(w, plural(n, "problem needs you", "problems need you"))
	}
	return w
}
