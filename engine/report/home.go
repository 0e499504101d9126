package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Home is App Home: the five things, each with its count and three newest rows, then the tasks.
type Home struct {
	Status
	Exceptions Exceptions // three items
	Queue      Queue      // three items
	Log        OutputLog  // three rows: What I made
	Result     Change     // How it went: the last whole week
	Drivers    []Driver   // what moved it, three at most
	Changed    Decisions  // three rows: What I changed
	Changes    int        // how many in the last 28 days
	Budget     Budget     // this week
	Tasks      []TaskRow
}

// homeRows is how many rows each block of App Home shows.
const homeRows = 3

// Home reads everything that App Home shows. Buttons are chosen by the viewer's role where it is drawn.
func (r *Reader) Home(ctx context.Context) (Home, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Home{}, err
	}
	var v Home
	if v.Status, err = r.status(ctx, s); err != nil {
		return v, err
	}
	if v.Exceptions, err = r.exceptions(ctx, s, 0, homeRows); err != nil {
		return v, err
	}
	if v.Queue, err = r.queue(ctx, s, 0, homeRows); err != nil {
		return v, err
	}
	if v.Log, err = r.outputLog(ctx, s, "", 0, homeRows); err != nil {
		return v, err
	}
	how, err := r.howItWent(ctx, s, addDays(engine.WeekStart(s.now, s.Zone), -7, s.Zone))
	if err != nil {
		return v, err
	}
	v.Result, v.Drivers = how.result, how.drivers[:min(homeRows, len(how.drivers))]
	if v.Changed, err = r.decisions(ctx, s, "", 0, homeRows); err != nil {
		return v, err
	}
	recent, err := r.store.Decisions(ctx, "", s.now.Add(-resultWindow), 1_000)
	if err != nil {
		return v, fmt.Errorf("counting what changed: %w", err)
	}
	v.Changes = len(recent)
	if v.Budget, err = r.budget(ctx, s, engine.Week(s.now, s.Zone)); err != nil {
		return v, err
	}
	v.Tasks, err = r.taskRows(ctx, s)
	return v, err
}

// resultWindow is how far back "lately" goes: for results of a task, and for what changed.
const resultWindow = 28 * 24 * time.Hour
