package schedule

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"
)

func run(t *testing.T, zone *time.Location, for_ time.Duration, jobs ...Job) {
	t.Helper()
	s := New(Options{Zone: zone, Drain: time.Minute, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, jobs...)
	ctx, cancel := context.WithTimeout(t.Context(), for_)
	defer cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
}

// gocron now and then fires twice at one instant. That is harmless, since a wake-up only looks for what is due, so minutes are counted.
func TestEveryAndAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		minutes := map[string]bool{}
		run(t, time.UTC, 10*time.Minute+time.Second, Job{Name: "tick", Every: time.Minute, Run: func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			minutes[time.Now().Format("15:04:05")] = true
			return nil
		}})
		if len(minutes) != 11 || !minutes["00:00:00"] || !minutes["00:10:00"] {
			t.Errorf("woke at %v, want every full minute from the first to the tenth", minutes)
		}
	})
}

// Helsinki leaves summer time on 25 October 2026: Monday 09:00 stays Monday 09:00.
func TestCronKeepsLocalTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		zone, err := time.LoadLocation("Europe/Helsinki")
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Date(2026, 10, 18, 12, 0, 0, 0, zone)
		time.Sleep(time.Until(begin)) // inside the bubble this is virtual
		var mu sync.Mutex
		var at []string
		run(t, zone, 15*24*time.Hour, Job{Name: "weekly", Cron: "0 9 * * 1", Run: func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Now().In(zone).Format("Mon 2 Jan 15:04 MST"))
			return nil
		}})
		want := []string{"Sun 18 Oct 12:00 EEST", "Mon 19 Oct 09:00 EEST", "Mon 26 Oct 09:00 EET", "Mon 2 Nov 09:00 EET"}
		if len(at) < 3 || at[len(at)-3] != want[1] || at[len(at)-2] != want[2] && at[len(at)-1] != want[2] {
			t.Errorf("woke at %v, want %v", at, want)
		}
	})
}

func TestNeverOverlapsAndDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most, done atomic.Int32
		run(t, time.UTC, 5*time.Minute+30*time.Second, Job{Name: "tick", Every: time.Minute, Run: func(context.Context) error {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(150 * time.Second)
			running.Add(-1)
			done.Add(1)
			return nil
		}})
		if most.Load() != 1 {
			t.Errorf("%d runs at once", most.Load())
		}
		if running.Load() != 0 || done.Load() < 2 {
			t.Errorf("stopped with %d under way after %d runs", running.Load(), done.Load())
		}
	})
}

func TestAPanicIsNotTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		run(t, time.UTC, 3*time.Minute, Job{Name: "tick", Every: time.Minute, Run: func(context.Context) error { n.Add(1); panic("x") }})
		if n.Load() < 3 {
			t.Errorf("%d runs after a panic", n.Load())
		}
	})
}

func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		s := New(Options{Zone: time.UTC, Drain: time.Minute, Log: slog.New(slog.NewTextHandler(io.Discard, nil))},
			Job{Name: "tick", Every: time.Hour, Run: func(context.Context) error { n.Add(1); return nil }})
		ctx, cancel := context.WithCancel(t.Context())
		end := make(chan error)
		go func() { end <- s.Run(ctx) }()
		synctest.Wait()
		s.Wake("tick")
		s.Wake("unknown")
		synctest.Wait()
		if n.Load() != 2 {
			t.Errorf("%d runs, want the first and the woken one", n.Load())
		}
		cancel()
		if err := <-end; err != nil {
			t.Error(err)
		}
	})
}
