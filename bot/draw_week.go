package bot

import (
	"context"
	"slices"
	"time"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// addsTo is how long after it came the card of a week takes in what was written later than the rest; what comes after that has a card of its own.
const addsTo = time.Hour

// byWeek reports whether people are told of v by the card of its week, and not by one of its own; that one is then drawn. carded tells whether v has
// had a card of its own.
func (b *Bot) byWeek(ctx context.Context, v report.PieceView, carded bool) (bool, error) {
	p, err := b.Store.InWeek(ctx, v.Output.ID)
	switch {
	case err == nil:
		if err := b.drawAt(ctx, p.Week, b.Clock.Now()); err != nil {
			return false, err
		}
		needed := !v.Slot.Add(-report.NeededSoon).After(v.AsOf)
		return p.Digest == v.Output.Digest && v.State == engine.StateWaiting && !needed && !carded, nil
	case engine.CodeOf(err) != engine.CodeNotFound:
		return false, err
	case carded:
		return false, nil
	}
	a, ok, err := b.Report.Together(ctx, v.Output)
	if err != nil || !ok {
		return false, err
	}
	there, err := b.standing(ctx, engine.NoticeWeek, a.Week)
	if err != nil || late(there, v.AsOf) {
		return false, err
	}
	others, err := b.untoldOf(ctx, a.Others)
	if err != nil || len(others) == 0 && len(there) == 0 {
		return false, err
	}
	return true, b.drawAt(ctx, a.Week, a.Ready)
}

// drawAt has the card of a week drawn at a time.
func (b *Bot) drawAt(ctx context.Context, week string, at time.Time) error {
	if err := b.Store.AddNotice(ctx, engine.Notice{Kind: engine.NoticeWeek, Subject: week, Due: at}); err != nil {
		return err
	}
	b.Nudge()
	return nil
}

// late reports whether the card of a week stands for so long that what comes now does not belong to it any more.
func late(cards []engine.Card, now time.Time) bool {
	return len(cards) > 0 && now.Sub(cards[0].ShownAt) > addsTo
}

// untoldOf are those pieces that have had no card of their own and stand on no week's.
func (b *Bot) untoldOf(ctx context.Context, outs []engine.Output) ([]engine.Output, error) {
	var untold []engine.Output
	for _, o := range outs {
		cards, err := b.Store.Cards(ctx, engine.NoticeOutput, o.ID)
		if err != nil {
			return nil, err
		}
		if _, err = b.Store.InWeek(ctx, o.ID); err == nil || len(cards) > 0 {
			continue
		}
		if engine.CodeOf(err) != engine.CodeNotFound {
			return nil, err
		}
		untold = append(untold, o)
	}
	return untold, nil
}

// drawWeek posts the drafts of a coming week as one card, or brings it up to date. One draft alone comes on a card of its own.
func (b *Bot) drawWeek(ctx context.Context, n engine.Notice) ([]parcel, error) {
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	pieces, err := b.Store.WeekPieces(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	v, err := b.Report.Week(ctx, n.Subject, pieces)
	if err != nil {
		return nil, err
	}
	if !late(standing, v.AsOf) {
		more, err := b.comingIn(ctx, n.Subject)
		if err != nil {
			return nil, err
		}
		if len(pieces) == 0 && len(more) == 1 {
			return b.alone(ctx, more[0].Output)
		}
		if len(more) > 0 {
			if err := b.Store.JoinWeek(ctx, more, v.AsOf); err != nil {
				return nil, err
			}
			if v, err = b.Report.Week(ctx, n.Subject, append(pieces, more...)); err != nil {
				return nil, err
			}
		}
	}
	if len(standing) == 0 && v.Waiting == 0 {
		return nil, nil
	}
	ps := b.once(n, standing, b.Rooms.Drafts, blocks.Week(v), &v.Frame)
	if len(standing) == 0 {
		ps[0], err = b.inHours(ctx, ps[0], v.Frame, v.First)
	}
	return ps, err
}

// comingIn are the drafts that wait and may come on the card of a week, and of which nobody was told.
func (b *Bot) comingIn(ctx context.Context, week string) ([]engine.WeekPiece, error) {
	outs, err := b.Report.Coming(ctx, week)
	if err != nil {
		return nil, err
	}
	if outs, err = b.untoldOf(ctx, outs); err != nil {
		return nil, err
	}
	outs = slices.DeleteFunc(outs, func(o engine.Output) bool { return o.State != engine.StateWaiting })
	pieces := make([]engine.WeekPiece, len(outs))
	for i, o := range outs {
		pieces[i] = engine.WeekPiece{Output: o.ID, Week: week, Digest: o.Digest, Needed: o.Slot.Add(-report.NeededSoon)}
	}
	return pieces, nil
}

// alone is the card of a piece that nothing else came with.
func (b *Bot) alone(ctx context.Context, id string) ([]parcel, error) {
	v, err := b.Report.Piece(ctx, id)
	if err != nil || v.State != engine.StateWaiting {
		return nil, err
	}
	p, err := b.batched(ctx, b.newCard(engine.Notice{Kind: engine.NoticeOutput, Subject: id}, v), v)
	return []parcel{p}, err
}
