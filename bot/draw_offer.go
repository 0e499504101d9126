package bot

import (
	"context"

	"koira/blocks"
	"koira/engine"
)

// drawOffer posts what koira offers an owner where reports stand, in the day, and edits it there once it is decided or not true any more.
func (b *Bot) drawOffer(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.RaiseOffer(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) == 0 && v.State != engine.OfferOpen {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Reports, blocks.Offer(v), &v.Frame), nil
}

// drawLook asks people, in the day, to look through what a task did by itself.
func (b *Bot) drawLook(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Look(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) == 0 && !v.SeenAt.IsZero() {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Reports, blocks.Look(v), &v.Frame), nil
}
