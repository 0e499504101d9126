package bot

import (
	"context"
	"slices"
	"time"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// asking are the states in which a piece asks for a person in the drafts room: each version gets a message of its own, which rings. What is
// held or unconfirmed asks by its exception.
var asking = []engine.State{engine.StateWaiting, engine.StateHanded}

// drawPiece brings a piece's cards up to date. A version that asks for somebody is a new message; any other change is told on the newest card,
// in place. Cards of older versions lose their buttons and say so, once.
func (b *Bot) drawPiece(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Piece(ctx, n.Subject)
	if err != nil || v.State == engine.StateDrafted { // on its way to where it is shown, with a notice of its own
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	now := string(v.Output.Digest)
	if len(standing) > 0 && !hasVersion(standing, now) && !asksFor(v) {
		newest := &standing[len(standing)-1]
		newest.Version, newest.ShownAt = now, time.Time{} // it rang for another version: nobody's time to look at this one begins with it
	}
	var ps []parcel
	for _, c := range standing {
		if c.Version == now {
			ps = append(ps, parcel{Card: c, Message: blocks.Piece(v)})
			continue
		}
		c.Version = retired
		ps = append(ps, parcel{Card: c, Message: blocks.Superseded(v)})
	}
	if v.State == engine.StateRetracted { // what says how it does says so no more
		told, err := b.standing(ctx, engine.NoticeResult, n.Subject)
		if err != nil {
			return nil, err
		}
		for _, c := range told {
			ps = append(ps, parcel{Card: c, Message: blocks.Result(v)})
		}
	}
	apart, err := b.byWeek(ctx, v, len(standing) > 0)
	if err == nil && !apart && v.Window && !wasShown(standing, now) {
		return append(ps, b.newCard(n, v)), nil
	}
	if err != nil || apart || hasVersion(standing, now) || !asksFor(v) && v.State != engine.StatePublished {
		return ps, err
	}
	p, err := b.batched(ctx, b.newCard(n, v), v)
	return append(ps, p), err
}

// asksFor reports whether v is for somebody to look at: what goes out unless stopped is, too, and so is the rest of an e-mail.
func asksFor(v report.PieceView) bool {
	return slices.Contains(asking, v.State) || v.Window || v.Rest != nil && v.Rest.Waits
}

// wasShown reports whether one of these cards told people of that version.
func wasShown(cards []engine.Card, version string) bool {
	return slices.ContainsFunc(cards, func(c engine.Card) bool { return c.Version == version && !c.ShownAt.IsZero() })
}

func hasVersion(cards []engine.Card, version string) bool {
	return slices.ContainsFunc(cards, func(c engine.Card) bool { return c.Version == version })
}

// newCard is the message for a version that has none, and what is to follow in its thread.
func (b *Bot) newCard(n engine.Notice, v report.PieceView) parcel {
	p := parcel{
		Room: b.Rooms.Drafts, Day: &v.Frame, Message: blocks.Piece(v),
		Card: engine.Card{Kind: n.Kind, Subject: n.Subject, Version: string(v.Output.Digest)},
	}
	if len(inThread(v)) > 0 {
		p.Follow = []engine.Notice{{Kind: engine.NoticeThread, Subject: n.Subject + "|" + string(v.Output.Digest), Due: b.Clock.Now()}}
	}
	return p
}

// drawResult tells what a piece brought: in its card's thread, posted once and then edited, and on the card itself. A piece without a card has
// no thread; its card will carry the readings.
func (b *Bot) drawResult(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Piece(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	cards, err := b.standing(ctx, engine.NoticeOutput, n.Subject)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(cards, func(c engine.Card) bool { return c.Version == string(v.Output.Digest) })
	if i < 0 {
		return nil, nil
	}
	posted, err := b.standing(ctx, n.Kind, n.Subject)
	ps := b.once(n, posted, cards[i].Channel, blocks.Result(v), &v.Frame)
	if len(posted) == 0 {
		ps[0].Thread = cards[i].TS
	}
	return append(ps, parcel{Card: cards[i], Message: blocks.Piece(v)}), err
}
