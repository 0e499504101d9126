package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// pause is the time until the loop looks again: some hours when nothing comes due before, since looking without a cause changes nothing; else until
// then, from both sides of it; soon after an outcome became unknown, while the request can still land. Now and then the program does not run at all.
func (s *simulation) pause(ctx context.Context) (time.Duration, error) {
	n, unsure := s.dice.IntN(400), s.unsure
	s.unsure = false
	minutes := func(least, most int) time.Duration { return time.Duration(least+s.dice.IntN(most-least)) * time.Minute }
	s.soon--
	switch {
	case s.soon >= 0:
		return minutes(1, 4), nil
	case unsure && n > 200:
		return minutes(1, 20), nil
	case n < 3 && !s.o.Calm:
		s.count("absence")
		return minutes(3*60, 42*60), nil
	case n < 20:
		return minutes(1, 20), nil
	}
	now, idle := s.clock.Now(), minutes(2*60, 7*60)
	if h := now.In(s.config.zone()).Hour(); h >= 21 || h < 5 { // nobody does anything until the morning
		idle = time.Duration((31-h)%24)*time.Hour + minutes(0, 60)
	}
	due, err := s.core.DB.NextDue(ctx, now)
	if err != nil {
		return 0, err
	}
	wait := due.Sub(now)
	switch {
	case due.IsZero() || wait > idle:
		return idle, nil
	case n < 80 && wait > time.Second:
		return wait - time.Second, nil
	case n < 160:
		return wait, nil
	}
	return wait + minutes(1, 25), nil
}

// crashed is thrown by a crash point and caught by tick.
type crashed struct{ point string }

// tick runs the loop once. A crash ends it where it stands; the program then starts again on the same file, and ticks at its start.
func (s *simulation) tick(ctx context.Context) error {
	s.at("tick")
	s.writer.wake()
	s.sky.turn(s.clock.Now())
	s.sky.people(s.world, "newsletter")
	for over := false; !over; {
		var err error
		if over, err = s.attempt(ctx); err != nil {
			return err
		}
	}
	if err := s.drain(ctx); err != nil {
		return err
	}
	return s.oracle.touched(ctx)
}

// attempt reports whether the tick came to its end.
func (s *simulation) attempt(ctx context.Context) (over bool, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		c, ok := p.(crashed)
		if !ok {
			panic(p)
		}
		s.count("crash " + c.point)
		s.result.Crashes++
		if err = s.restart(ctx); err == nil { // people may act before the first tick
			err = s.crowd.act(ctx)
		}
	}()
	if err := s.core.Loop.Tick(ctx); err != nil {
		return true, s.tolerate(err)
	}
	return true, nil
}

// tolerate passes what a fault of the world may cause; anything else is a breach: a step must not fail.
func (s *simulation) tolerate(err error) error {
	if s.o.Calm || engine.CodeOf(err) == engine.CodeInternal {
		return s.breach("a step failed: %v", err)
	}
	s.count("step failed " + string(engine.CodeOf(err)))
	return nil
}

func (s *simulation) restart(ctx context.Context) error {
	if err := s.core.Close(); err != nil {
		return fmt.Errorf("closing after a crash: %w", err)
	}
	s.hire()
	s.writer.retrain()
	if err := s.open(ctx); err != nil {
		return err
	}
	return s.otherwise(ctx)
}

// rest lets time pass without people until whatever existed has come to its end, or has run past its last deadline: some hours at a time while pieces
// may still go out, then some days, since what is left is only read. In every fourth history koira goes on planning for nobody for as long as pieces may go
// out; in the others the program is started once more, at once, to bring to its end what there is.
func (s *simulation) rest(ctx context.Context) error {
	left, err := s.core.DB.Outputs(ctx, engine.OutputFilter{States: unfinished, Limit: 100_000, Bare: true})
	if err != nil {
		return err
	}
	busy, until := s.clock.Now(), s.clock.Now()
	for _, o := range left {
		until = slices.MaxFunc([]time.Time{until, o.Expires.Add(o.Kind.SettledAfter())}, time.Time.Compare)
		busy = slices.MaxFunc([]time.Time{busy, o.Expires}, time.Time.Compare)
	}
	busy, until = busy.Add(36*time.Hour), until.Add(7*24*time.Hour)
	if s.o.Seed%4 != 0 {
		if err := s.close(ctx); err != nil {
			return err
		}
	}
	for over := false; !over && s.clock.Now().Before(until); {
		step := 7 * time.Hour
		if s.o.Letters { // what goes in parts needs somebody to look between them
			step = time.Hour
		}
		if s.clock.Now().After(busy) {
			step = 3 * 23 * time.Hour
			if err := s.close(ctx); err != nil {
				return err
			}
		}
		s.clock.Advance(step)
		if err := s.tick(ctx); err != nil {
			return err
		}
		if over, err = s.over(ctx); err != nil {
			return err
		}
	}
	if err := s.unlucky(ctx, left); err != nil {
		return err
	}
	s.at("rest")
	if err := s.oracle.quiescent(ctx, left); err != nil {
		return err
	}
	return s.oracle.everything(ctx, true)
}

// unlucky gives what has still not ended some looks more: its last reading may have failed at each of the few so far.
func (s *simulation) unlucky(ctx context.Context, left []engine.Output) error {
	for range 8 {
		if lost, err := s.oracle.endless(ctx, left); err != nil || len(lost) == 0 {
			return err
		}
		s.clock.Advance(23 * time.Hour)
		if err := s.tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

// over reports whether nothing is left from which something is still to happen.
func (s *simulation) over(ctx context.Context) (bool, error) {
	n, err := s.core.DB.CountOutputs(ctx, engine.OutputFilter{States: unfinished})
	return s.closing && len(n) == 0, err
}

// close starts the program once more, so that nothing new is planned.
func (s *simulation) close(ctx context.Context) error {
	if s.closing {
		return nil
	}
	s.clock.Advance(2 * engine.CrashWindow) // a start of one's own choice, which must not look like one more crash in a row
	s.closing, s.starts = true, nil
	return s.restart(ctx)
}
