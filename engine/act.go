package engine

import (
	"context"
	"sync/atomic"
)

// Act is what somebody asked for in one delivery: a command, a press, a window that was sent in. It travels in the context from the surface
// to the store, which writes down in the act's own transaction that it was done, and what was answered. The same delivery worked on again,
// after a crash, therefore has the same act, and gets the same answer without a second effect.
type Act struct {
	Key     string // of the delivery
	ordinal atomic.Int64
	changed atomic.Bool
}

type actKey struct{}

// WithAct returns a context in which everything that is written belongs to act.
func WithAct(ctx context.Context, act *Act) context.Context {
	return context.WithValue(ctx, actKey{}, act)
}

// ActOf returns the act that is under way in ctx, nil for none: what koira does by itself is no act.
func ActOf(ctx context.Context) *Act {
	act, _ := ctx.Value(actKey{}).(*Act)
	return act
}

// Repeatable returns a context for what is harmless to do again, so that a second delivery does it again: bringing a card up to date, holding
// the queue against the rules.
func Repeatable(ctx context.Context) context.Context { return WithAct(ctx, nil) }

// Next numbers the parts of a delivery that take effect by themselves. They come in the same order each time that it is worked on.
func (a *Act) Next() int64 { return a.ordinal.Add(1) }

// Change notes that something of a may stand in the store from now on.
func (a *Act) Change() { a.changed.Store(true) }

// Changed reports whether something of a may stand in the store. While it is false, nothing came of a.
func (a *Act) Changed() bool { return a.changed.Load() }

type turnKey struct{}

// WithTurn returns a context for what runs while the store is its alone: nobody else can change anything until it ends, so that it asks nothing
// outside and waits for nobody. The store gives it to what runs in a transaction that writes.
func WithTurn(ctx context.Context) context.Context { return context.WithValue(ctx, turnKey{}, true) }

// HasTurn reports whether others wait for the store until what runs with ctx ends: a stop too.
func HasTurn(ctx context.Context) bool { return ctx.Value(turnKey{}) != nil }
