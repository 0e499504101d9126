package app

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"koira/engine"
)

// SimClock is a clock that stands still until it is moved. Waiting on it returns at once: nothing in a simulation waits for a wall.
type SimClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewSimClock returns a clock that stands at t.
func NewSimClock(t time.Time) *SimClock { return &SimClock{now: t} }

func (c *SimClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *SimClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *SimClock) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// IDs returns a generator of ULIDs that carry clock's time and are drawn from seed.
func IDs(clock engine.Clock, seed uint64) engine.NewID {
	var mu sync.Mutex
	entropy := ulid.Monotonic(rand.NewChaCha8(seedBytes(seed)), 0)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return ulid.MustNew(ulid.Timestamp(clock.Now()), entropy).String()
	}
}

func seedBytes(seed uint64) (b [32]byte) {
	for i := range 8 {
		b[i] = byte(seed >> (8 * i))
	}
	return b
}
