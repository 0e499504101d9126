// Package schedule wakes the loop. Jobs live in memory and carry no work of their own: the store says what is due, so a wake-up that is
// missed, doubled or late changes nothing but the moment.
package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
)

// Job is one reason to wake up: every so often, or at the times of a cron line in Options.Zone. Exactly one of Every and Cron is set.
type Job struct {
	Name  string
	Every time.Duration
	Cron  string // five fields, "30 8 * * *"
	Run   func(ctx context.Context) error
}

// Options is everything that a Schedule is built from.
type Options struct {
	Clock clockwork.Clock // nil means the machine's
	Zone  *time.Location  // cron lines are of this zone, across its daylight-saving changes
	Drain time.Duration   // how long a stop waits for what is running; above the longest call to a model or a channel
	Log   *slog.Logger
}

// Schedule runs jobs until its context ends. No job ever overlaps itself: a wake-up that comes while the last one is busy is dropped.
type Schedule struct {
	jobs []Job
	o    Options
	wake chan string
}

// New returns a Schedule that has not started.
func New(o Options, jobs ...Job) *Schedule {
	return &Schedule{jobs: jobs, o: o, wake: make(chan string, 64)}
}

// Wake asks for an extra run of the job with this name, soon. It never blocks; more wake-ups than fit are dropped, since one run does
// everything that is due.
func (s *Schedule) Wake(name string) {
	select {
	case s.wake <- name:
	default:
	}
}

// Run starts the jobs, each once at once, and returns when ctx has ended and what was running is done, or Drain has passed.
func (s *Schedule) Run(ctx context.Context) error {
	opts := []gocron.SchedulerOption{gocron.WithLocation(s.o.Zone), gocron.WithStopTimeout(s.o.Drain), gocron.WithLogger(quiet{s.o.Log})}
	if s.o.Clock != nil {
		opts = append(opts, gocron.WithClock(s.o.Clock))
	}
	cron, err := gocron.NewScheduler(opts...)
	if err != nil {
		return fmt.Errorf("making the scheduler: %w", err)
	}
	byName := map[string]gocron.Job{}
	for _, j := range s.jobs {
		job, err := cron.NewJob(definition(j), gocron.NewTask(s.runner(ctx, j)), gocron.WithName(j.Name),
			gocron.WithSingletonMode(gocron.LimitModeReschedule))
		if err != nil {
			return fmt.Errorf("scheduling %s: %w", j.Name, err)
		}
		byName[j.Name] = job
	}
	cron.Start()
	for _, j := range s.jobs {
		s.Wake(j.Name)
	}
	for {
		select {
		case <-ctx.Done():
			if err := cron.Shutdown(); err != nil {
				return fmt.Errorf("draining the scheduler: %w", err)
			}
			return nil
		case name := <-s.wake:
			if job := byName[name]; job != nil {
				if err := job.RunNow(); err != nil {
					s.o.Log.Warn("a wake-up was lost", "job", name, "err", err)
				}
			}
		}
	}
}

func definition(j Job) gocron.JobDefinition {
	if j.Cron != "" {
		return gocron.CronJob(j.Cron, false)
	}
	return gocron.DurationJob(j.Every)
}

// runner keeps a job's failure or panic from ending the others; the next wake-up tries again.
func (s *Schedule) runner(ctx context.Context, j Job) func() {
	return func() {
		defer func() {
			if p := recover(); p != nil {
				s.o.Log.Error("a job panicked", "job", j.Name, "err", p)
			}
		}()
		if err := j.Run(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.Error("a job failed", "job", j.Name, "err", err)
		}
	}
}

// quiet passes gocron's own warnings on and drops its chatter.
type quiet struct{ log *slog.Logger }

func (q quiet) Debug(string, ...any)          {}
func (q quiet) Info(string, ...any)           {}
func (q quiet) Warn(msg string, args ...any)  { q.log.Warn(msg, "detail", fmt.Sprint(args...)) }
func (q quiet) Error(msg string, args ...any) { q.log.Warn(msg, "detail", fmt.Sprint(args...)) }
