package enginetest

import (
	"context"
	"slices"
	"sync"
	"time"

	"koira/engine"
)

// Clock is a virtual [engine.Clock]: it stands still until it is set or advanced. It is safe for concurrent use.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []*wait
}

// wait is one caller of Wait; done is closed when its time has come.
type wait struct {
	until time.Time
	done  chan struct{}
}

var _ engine.Clock = (*Clock)(nil)

// NewClock returns a Clock that stands at start.
func NewClock(start time.Time) *Clock { return &Clock{now: start} }

func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Wait returns nil once the clock was moved by d or more, at once when d is not positive, and ctx's error as soon as ctx ends.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d <= 0 {
		return nil
	}
	w := &wait{done: make(chan struct{})}
	c.mu.Lock()
	w.until = c.now.Add(d)
	c.waits = append(c.waits, w)
	c.mu.Unlock()
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		c.waits = slices.DeleteFunc(c.waits, func(o *wait) bool { return o == w })
		return ctx.Err()
	}
}

// Advance moves the clock by d and wakes those whose time has come. A negative d sets it back, as a corrected system clock would be.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now.Add(d))
}

// Set moves the clock to t and wakes those whose time has come.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(t)
}

func (c *Clock) set(t time.Time) {
	c.now = t
	c.waits = slices.DeleteFunc(c.waits, func(w *wait) bool {
		if w.until.After(t) {
			return false
		}
		close(w.done)
		return true
	})
}
