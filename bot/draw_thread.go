package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

const (
	// threadTries is how often what belongs into a thread is tried before it is said there that it is missing.
	threadTries = 6
	// sayingTries is how often that is tried, before it becomes an exception.
	sayingTries = 3
)

// inThread are the parts for the thread of a piece's card, each by a name: words that a person is to copy stand alone, and what the card cannot
// hold is a file.
func inThread(v report.PieceView) (parts []parcel) {
	if v.State == engine.StateHanded {
		for i, m := range blocks.ToCopy(v) {
			parts = append(parts, parcel{Card: engine.Card{Version: fmt.Sprintf("text %d", i+1)}, Message: m})
		}
	}
	if !blocks.Whole(v) {
		name, title, text := blocks.WholeText(v)
		parts = append(parts, parcel{Card: engine.Card{Version: "file"}, File: &attachment{Name: name, Title: title, Text: text}})
	}
	return parts
}

// drawThread puts what is still missing into the thread of a piece's card, one after the other. What Slack does not take in the end is said there,
// and where even that fails, in an exception: a person who looks for the text must learn that it is not there.
func (b *Bot) drawThread(ctx context.Context, n engine.Notice) ([]parcel, error) {
	id, version, _ := strings.Cut(n.Subject, "|")
	v, err := b.Report.Piece(ctx, id)
	if err != nil {
		return nil, err
	}
	cards, err := b.standing(ctx, engine.NoticeOutput, id)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(cards, func(c engine.Card) bool { return c.Version == version })
	if at < 0 || string(v.Output.Digest) != version { // another version has a card, and a thread, of its own
		return nil, nil
	}
	there, err := b.Store.Cards(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(inThread(v), func(p parcel) bool { return hasVersion(there, p.Card.Version) })
	switch {
	case len(missing) == 0:
		return nil, nil
	case n.Attempts >= threadTries+sayingTries:
		b.Log.Error("what belongs into a card's thread is not there", "step", "outbox", "output", id, "why", n.LastError)
		return nil, b.Store.OpenException(ctx, engine.Exception{
			Kind: engine.ExceptionSystem, Subject: "Slack thread " + n.Subject, Reason: "A text is missing under its card", OpenedAt: b.Clock.Now(),
			Evidence: "It belongs under the card of “" + v.Title + "”. " + n.LastError, Remedy: "Read it in the card's window, or with Details.",
		})
	case n.Attempts >= threadTries:
		missing = []parcel{{Card: engine.Card{Version: "missing"}, Message: blocks.Missing(v, n.LastError)}}
		b.Log.Error("what belongs into a card's thread is said to be missing there", "step", "outbox", "output", id, "why", n.LastError)
	}
	for i := range missing {
		p := &missing[i]
		p.Room, p.Thread, p.Card.Kind, p.Card.Subject = cards[at].Channel, cards[at].TS, n.Kind, n.Subject
	}
	return missing, nil
}
