package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Daily is the morning note.
type Daily struct {
	Status
	Day       time.Time // 00:00 in Zone of its day
	Today     []Row     // still to go out today, soonest first
	Yesterday DayCounts
	Missing   string // the sentence that says what a missing note means
	Log       engine.Head
	Fresh     []Fresh         // tasks that began to let pieces out unasked in the last two weeks: what needs people is then named, even when it is nothing
	Open      []ExceptionItem // with Fresh: the newest of what needs people, five at most
}

// DayCounts is what became of a day's pieces.
type DayCounts struct{ Out, Failed, Expired int }

// Daily reads the morning note of a day "2025-11-24" in the business's zone; "" means today. Code invalid for what is no day.
func (r *Reader) Daily(ctx context.Context, day string) (Daily, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Daily{}, err
	}
	v := Daily{Day: engine.DayStart(s.now, s.Zone), Missing: "If this note is missing, I am not running: I cannot tell you so myself."}
	if day != "" {
		if v.Day, err = time.ParseInLocation(time.DateOnly, day, s.Zone); err != nil {
			return Daily{}, engine.Errorf(engine.CodeInvalid, "A day looks like 2025-11-24; you wrote %q.", day)
		}
	}
	if v.Status, err = r.status(ctx, s); err != nil {
		return v, err
	}
	from := v.Day
	if s.now.After(from) {
		from = s.now
	}
	today, err := r.rows(ctx, s, engine.OutputFilter{
		States:   []engine.State{engine.StateWaiting, engine.StateHanded, engine.StateScheduled},
		SlotFrom: from, SlotTo: addDays(v.Day, 1, s.Zone),
	}, nil)
	if err != nil {
		return v, fmt.Errorf("reading what goes out today: %w", err)
	}
	v.Today = today.yes
	n, err := r.store.CountOutputs(ctx, engine.OutputFilter{SlotFrom: addDays(v.Day, -1, s.Zone), SlotTo: v.Day})
	if err != nil {
		return v, fmt.Errorf("counting yesterday's pieces: %w", err)
	}
	for _, st := range wentOut {
		v.Yesterday.Out += n[st]
	}
	v.Yesterday.Failed, v.Yesterday.Expired = n[engine.StateFailed], n[engine.StateExpired]
	if v.Fresh, err = r.fresh(ctx, s); err != nil {
		return v, err
	}
	if len(v.Fresh) > 0 {
		queue, err := r.Exceptions(ctx, 0, 5)
		if err != nil {
			return v, err
		}
		v.Open = queue.Items
	}
	if v.Log.Seq, v.Log.Hash, err = r.store.Head(ctx); err != nil {
		return v, fmt.Errorf("reading how far the log has come: %w", err)
	}
	return v, nil
}
