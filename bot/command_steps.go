package bot

import (
	"context"
	"sync/atomic"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// stepped knows whether somebody did something since the first steps were last looked at, and what was last shown of them.
type stepped struct {
	seen  atomic.Bool // false: look
	shown string      // only the outbox touches it; forgotten at a start, since drawing once more is no harm
}

// steps answers how far the first steps are.
func (b *Bot) steps(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "steps"); err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.FirstSteps)(b.Report.Steps(ctx))
}

// drawWelcome sends each owner the first steps, privately and in the day, and brings up to date what they have. A card's version says whose it is.
func (b *Bot) drawWelcome(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Steps(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := b.Store.Cards(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	var ps []parcel
	for _, owner := range v.Owners {
		if owner != engine.Koira.ID && !hasVersion(cards, owner) {
			ps = append(ps, parcel{Room: owner, Day: &v.Frame, Card: engine.Card{Kind: n.Kind, Subject: n.Subject, Version: owner}, Message: blocks.Welcome(v)})
		}
	}
	for _, c := range cards {
		if c.Version != retired {
			ps = append(ps, parcel{Card: c, Message: blocks.Welcome(v)})
		}
	}
	return ps, nil
}

// refreshSteps has the cards of the first steps drawn anew once somebody did something that ticks a row off. It runs beside the outbox only, as
// refreshHomes does.
func (b *Bot) refreshSteps(ctx context.Context) {
	if b.stepped.seen.Swap(true) {
		return
	}
	err := func() error {
		cards, err := b.Store.Cards(ctx, engine.NoticeWelcome, engine.StepsSubject)
		if err != nil || len(cards) == 0 {
			return err
		}
		v, err := b.Report.Steps(ctx)
		if err != nil || v.Mark() == b.stepped.shown {
			return err
		}
		b.stepped.shown = v.Mark()
		b.Nudge()
		return b.Store.AddNotice(ctx, engine.Notice{Kind: engine.NoticeWelcome, Subject: engine.StepsSubject, Due: b.Clock.Now()})
	}()
	if err != nil && ctx.Err() == nil {
		b.Log.Warn("the first steps could not be brought up to date", "code", engine.CodeOf(err), "err", err)
	}
}

// stepWindow opens a window about the first steps.
func stepWindow(title string, draw func(report.Steps, blocks.Place) slack.ModalViewRequest) func(*Bot, context.Context, click) error {
	return func(b *Bot, ctx context.Context, c click) error {
		return b.window(ctx, c.asker, title, func() (slack.ModalViewRequest, error) {
			return drawn(func(v report.Steps) slack.ModalViewRequest { return draw(v, c.here()) })(b.Report.Steps(ctx))
		})
	}
}

func whatWindow(v report.Steps, _ blocks.Place) slack.ModalViewRequest { return blocks.WhatWindow(v) }

// stepShows is a button that shows what a command does.
func stepShows(show func(*Bot, context.Context, asker, []string) (blocks.Message, error)) func(*Bot, context.Context, click) error {
	return func(b *Bot, ctx context.Context, c click) error {
		m, err := show(b, ctx, c.asker, nil)
		if err != nil {
			return err
		}
		return b.whisper(ctx, c.asker, m)
	}
}

func (b *Bot) sendFirst(ctx context.Context, s submission) (blocks.Message, error) {
	if err := b.Desk.ChooseFirst(ctx, s.actor, blocks.ReadFirst(s.view)...); err != nil {
		return nothing, err
	}
	return drawn(blocks.FirstSteps)(b.Report.Steps(ctx))
}

func (b *Bot) sendDraft(ctx context.Context, s submission) (blocks.Message, error) {
	return b.draft(ctx, s.asker, []string{blocks.ReadDraft(s.view)})
}
