package app

import (
	"context"
	"slices"
	"time"

	"koira/engine"
)

// begin is a start of the program on the open store. After three that crashed within ten minutes everything must be stopped, and koira stops
// everything for nothing else.
func (s *simulation) begin(ctx context.Context) error {
	now := s.clock.Now()
	s.starts = slices.DeleteFunc(s.starts, func(at time.Time) bool { return !at.After(now.Add(-engine.CrashWindow)) })
	crashing := len(s.starts) >= 3
	s.starts = append(s.starts, now)
	if _, err := s.core.start(ctx, World{Wall: s.clock}); err != nil {
		return err
	}
	c, err := s.core.DB.Control(ctx)
	switch {
	case err != nil:
		return err
	case crashing && !c.Stopped:
		return s.breach("it crashed %d times within ten minutes and goes on", len(s.starts)-1)
	case c.Stopped && !s.oracle.stopped:
		if !crashing {
			return s.breach("koira stopped everything: %s", c.Why)
		}
		s.count("stopped after crashes")
		s.crowd.stopped()
	}
	return nil
}
