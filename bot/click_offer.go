package bot

import (
	"context"

	"koira/blocks"
	"koira/engine"
)

// snooze puts an offer off.
func (b *Bot) snooze(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	return b.Desk.Snooze(ctx, c.actor, v.ID)
}

// seen notes that somebody has looked through what a task did.
func (b *Bot) seen(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	return b.Desk.SeeLook(ctx, c.actor, v.ID)
}

// aboutOffer reports whether a button of an offer's card, or of a look's, may name id: the card's own subject, or its task.
func (b *Bot) aboutOffer(ctx context.Context, card engine.Card, id string) (bool, error) {
	if id == card.Subject {
		return true, nil
	}
	if card.Kind == engine.NoticeLook {
		v, err := b.Report.Look(ctx, card.Subject)
		return id == v.Task, err
	}
	v, err := b.Report.RaiseOffer(ctx, card.Subject)
	return id == v.RaiseOffer.Task, err
}
