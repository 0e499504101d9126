package bot

import (
	"context"
	"time"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// hours chooses when the asker wants to read drafts that can wait.
func (b *Bot) hours(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) == 0 {
		if err := b.mayLook(ctx, a, "hours"); err != nil {
			return blocks.Message{}, err
		}
		return blocks.Message{}, usage("/koira", "hours").wrong()
	}
	chosen, err := engine.ParseHours(words)
	if err != nil {
		return blocks.Message{}, err
	}
	if err := b.Desk.SetHours(ctx, a.actor, chosen); err != nil {
		return blocks.Message{}, err
	}
	return drawn(func(f report.Frame) blocks.Message { return blocks.Hours(chosen, f) })(b.Report.Frame(ctx))
}

// attention answers what koira takes of people's time.
func (b *Bot) attention(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "attention"); err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.Attention)(b.Report.Attention(ctx))
}

// later is how long from now a new message waits.
func (p parcel) later(now time.Time) time.Duration {
	if p.Hold.After(now) {
		return p.Hold.Sub(now)
	}
	return untilDay(now, p.Day)
}

// batched holds the new card of a draft that waits for a yes until the next hour that people chose. One of which the yes is needed before then is
// urgent: it comes as where nobody chose, at once and in the day. In hours that somebody chose it is their day.
func (b *Bot) batched(ctx context.Context, p parcel, v report.PieceView) (parcel, error) {
	if v.State != engine.StateWaiting {
		return p, nil
	}
	return b.inHours(ctx, p, v.Frame, v.Slot)
}

// inHours is batched of what is needed by then.
func (b *Bot) inHours(ctx context.Context, p parcel, f report.Frame, needed time.Time) (parcel, error) {
	chosen, err := b.Report.DraftHours(ctx)
	if err != nil || len(chosen) == 0 {
		return p, err
	}
	next := engine.NextHours(chosen, b.Clock.Now(), f.Zone)
	if needed.After(next) {
		p.Hold, p.Day = next, nil
	}
	return p, nil
}
