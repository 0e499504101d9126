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
		if v.Needed.Before(p.Needed) { // people have more time to look since it came
			p.Needed = v.Needed
			if err := b.Store.JoinWeek(ctx, []engine.WeekPiece{p}, v.AsOf); err != nil {
				return false, err
			}
		}
		return p.Digest == v.Output.Digest && (v.State == engine.StateWaiting || v.Window) && p.Needed.After(v.AsOf) && !carded, nil
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
	together := len(there) > 0
	for _, o := range a.Others {
		if together {
			break
		}
		carded, err := b.carded(ctx, o.ID)
		if err != nil {
			return false, err
		}
		together = !carded
	}
	if !together {
		return false, nil
	}
	// Joined at once: whatever becomes of the card of the week, this one has its own in time.
	if err := b.Store.JoinWeek(ctx, []engine.WeekPiece{a.WeekPiece}, v.AsOf); err != nil {
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

// carded reports whether a piece has had a card of its own.
func (b *Bot) carded(ctx context.Context, output string) (bool, error) {
	cards, err := b.Store.Cards(ctx, engine.NoticeOutput, output)
	return len(cards) > 0, err
}

// drawWeek posts the drafts of a week as one card, or brings it up to date. One draft alone comes on a card of its own.
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
	var more []engine.WeekPiece
	if !late(standing, v.AsOf) {
		if more, err = b.comingIn(ctx, n.Subject); err != nil {
			return nil, err
		}
	}
	if len(standing) == 0 {
		only, err := b.only(ctx, append(slices.Clone(pieces), more...))
		if err != nil {
			return nil, err
		}
		if only != "" {
			return b.alone(ctx, only)
		}
	}
	if len(more) > 0 {
		if err := b.Store.JoinWeek(ctx, more, v.AsOf); err != nil {
			return nil, err
		}
		if v, err = b.Report.Week(ctx, n.Subject, append(pieces, more...)); err != nil {
			return nil, err
		}
	}
	if len(standing) == 0 && v.Waiting+v.Unasked == 0 {
		return nil, nil
	}
	ps := b.once(n, standing, b.Rooms.Drafts, blocks.Week(v), &v.Frame)
	if len(standing) == 0 {
		ps[0], err = b.inHours(ctx, ps[0], v.Frame, v.Next)
	}
	return ps, err
}

// only is the one of these pieces that has no card of its own, "" where there are more of them or none.
func (b *Bot) only(ctx context.Context, pieces []engine.WeekPiece) (string, error) {
	only := ""
	for _, p := range pieces {
		carded, err := b.carded(ctx, p.Output)
		switch {
		case err != nil:
			return "", err
		case carded:
		case only != "":
			return "", nil
		default:
			only = p.Output
		}
	}
	return only, nil
}

// comingIn are the pieces that may come on the card of a week, and of which nobody was told.
func (b *Bot) comingIn(ctx context.Context, week string) ([]engine.WeekPiece, error) {
	all, err := b.Report.Coming(ctx, week)
	if err != nil {
		return nil, err
	}
	var pieces []engine.WeekPiece
	for _, p := range all {
		carded, err := b.carded(ctx, p.Output)
		if err != nil {
			return nil, err
		}
		if _, err := b.Store.InWeek(ctx, p.Output); err == nil || carded { // it stands on one already
			continue
		} else if engine.CodeOf(err) != engine.CodeNotFound {
			return nil, err
		}
		pieces = append(pieces, p)
	}
	return pieces, nil
}

// alone is the card of a piece that nothing else came with.
func (b *Bot) alone(ctx context.Context, id string) ([]parcel, error) {
	v, err := b.Report.Piece(ctx, id)
	if err != nil || v.State != engine.StateWaiting && !v.Window {
		return nil, err
	}
	p, err := b.batched(ctx, b.newCard(engine.Notice{Kind: engine.NoticeOutput, Subject: id}, v), v)
	return []parcel{p}, err
}
