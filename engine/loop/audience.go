package loop

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

type audienceStore interface {
	basics
	View(ctx context.Context, id string, stage engine.Stage, now time.Time) (engine.View, error)
	SetAudience(ctx context.Context, channel, segment string, people int, at time.Time) error
	Audience(ctx context.Context, channel, segment string, now time.Time) (int, error)
	DelayOutput(ctx context.Context, id string, from engine.State, due time.Time, why string) error
	OpenException(ctx context.Context, e engine.Exception) error
}

// uncounted is how often a channel may fail to count its people before a person hears of it.
const uncounted = 3

// count asks a channel how many people a segment reaches through it, and keeps the answer for the gate. A channel that cannot count is not asked.
func (l *Loop) count(ctx context.Context, ch engine.Channel, channel, segment string) error {
	c, ok := ch.(engine.Counter)
	if !ok {
		return nil
	}
	cctx, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	n, err := c.Audience(cctx, segment)
	if err != nil {
		return err
	}
	return l.Store.SetAudience(ctx, channel, segment, n, l.Clock.Now())
}

// recount counts whom a cleared piece reaches, right before its claim, unless it would not be claimed anyhow. ready is false when the channel can
// count and did not: then nobody knows whom it would reach, and the piece waits.
func (l *Loop) recount(ctx context.Context, ch engine.Channel, o engine.Output) (ready bool, err error) {
	if _, ok := ch.(engine.Counter); !ok {
		return true, nil
	}
	now := l.Clock.Now()
	v, err := l.Store.View(ctx, o.ID, engine.StageClaim, now)
	if err != nil {
		return false, err
	}
	v.Audience = 0 // what is to be counted cannot stop it yet
	if l.Gate(v).Outcome == engine.Block {
		return true, nil
	}
	cause := l.count(ctx, ch, o.Channel, o.Segment)
	if cause == nil {
		return true, nil
	}
	l.Log.WarnContext(ctx, "an audience could not be counted", "output", o.ID, "channel", o.Channel, "code", engine.CodeOf(cause), "err", cause)
	if o.Attempts+1 == uncounted {
		label := ch.Traits().Label
		if err := l.OpenSystem(ctx, o.Channel, engine.TroubleUncounted, fmt.Sprintf("%s does not say how many people it reaches; its pieces wait.", label), sentence(cause),
			"Look at "+label+"; I go on asking."); err != nil {
			return false, err
		}
	}
	due := now.Add(backoff(o.Attempts))
	if due.After(o.Expires) {
		due = o.Expires
	}
	return false, l.Store.DelayOutput(ctx, o.ID, o.State, due, "")
}

// reach is how many people a new draft reaches, as far as anybody knows.
func (l *Loop) reach(ctx context.Context, ch engine.Channel, o engine.Output) (int, error) {
	if err := l.count(ctx, ch, o.Channel, o.Segment); err != nil { // it is counted again before it goes out
		l.Log.WarnContext(ctx, "an audience could not be counted", "output", o.ID, "channel", o.Channel, "code", engine.CodeOf(err), "err", err)
	}
	return l.Store.Audience(ctx, o.Channel, o.Segment, l.Clock.Now())
}
