package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// cardHint is what a message says of itself: whose it is, and in its metadata which card. It tells only where to look.
type cardHint struct {
	by      string // user id of the poster
	kind    engine.NoticeKind
	subject string
	version string
}

func hintOf(m slack.Message) cardHint {
	text := func(key string) string { s, _ := m.Metadata.EventPayload[key].(string); return s }
	if m.Metadata.EventType != blocks.EventCard {
		return cardHint{by: m.User}
	}
	return cardHint{by: m.User, kind: engine.NoticeKind(text("kind")), subject: text("subject"), version: text("digest")}
}

// foreign is the refusal of a button that does not belong where it was pressed.
func foreign(format string, args ...any) error {
	return &engine.Error{Code: engine.CodeDenied, Message: "That button is not mine, so it does nothing. Nothing changed.", Err: fmt.Errorf(format, args...)}
}

// several are the cards that hold rows about many things; their buttons may name any of them.
var several = []engine.NoticeKind{engine.NoticeWeekly, engine.NoticeDaily, engine.NoticeControl}

// bound returns the card under which c was pressed. A press in a message that is not the store's card of what its value names is refused, and
// written down. Answers and App Home, which only the presser sees, are no cards; an answer that could not be given where it was asked for
// stands in the presser's direct messages.
func (b *Bot) bound(ctx context.Context, c click) (engine.Card, error) {
	direct := strings.HasPrefix(c.place.Channel, "D") && c.hint.by == b.self && c.hint.kind == ""
	if direct || c.place == (blocks.Place{}) || c.id == blocks.IDMenu { // a menu is asked again, as the button that its row stands for
		return engine.Card{}, nil
	}
	card, err := b.cardAt(ctx, c)
	if err != nil {
		return card, err
	}
	mine, err := b.about(ctx, card, c)
	if err != nil {
		return card, err
	}
	if !mine {
		return card, b.denied(ctx, c.asker, "press", c.subject(), foreign("%s names %q under the %s card of %q", c.id, c.value, card.Kind, card.Subject))
	}
	return card, nil
}

// cardAt is the card that stands where c was pressed. A post whose answer was lost is posted again: the first copy, which the store does not
// know, is taken in when it is koira's own message in koira's own room, so that it too is brought up to date.
func (b *Bot) cardAt(ctx context.Context, c click) (engine.Card, error) {
	h := c.hint
	cards, err := b.Store.Cards(ctx, h.kind, h.subject)
	if err != nil {
		return engine.Card{}, err
	}
	for _, card := range cards {
		if card.Channel == c.place.Channel && card.TS == c.place.TS {
			return card, nil
		}
	}
	rooms := []string{b.Rooms.Drafts, b.Rooms.Exceptions, b.Rooms.Reports}
	if len(cards) == 0 || h.by != b.self || !slices.Contains(rooms, c.place.Channel) {
		return engine.Card{}, b.denied(ctx, c.asker, "press", c.subject(), foreign("no card stands at %s %s", c.place.Channel, c.place.TS))
	}
	// When it was posted is not known; from now on is the least that can be said of how long it was looked at.
	card := engine.Card{Kind: h.kind, Subject: h.subject, Version: h.version, Channel: c.place.Channel, TS: c.place.TS, PostedAt: b.Wall.Now()}
	return card, b.Store.SaveCard(ctx, card)
}

// general are the buttons that name nothing a card could be about: they ask for what anybody on the list may ask for, and are authorised by
// themselves.
var general = []blocks.ID{blocks.IDPage, blocks.IDBack, blocks.IDLevel, blocks.IDLower, blocks.IDLink, blocks.IDStop, blocks.IDResume}

// about reports whether a button of card may name what c names.
func (b *Bot) about(ctx context.Context, card engine.Card, c click) (bool, error) {
	if slices.Contains(general, c.id) || slices.Contains(several, card.Kind) {
		return true, nil
	}
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return false, nil
	}
	switch card.Kind {
	case engine.NoticeException:
		e, err := b.Report.Exception(ctx, card.Subject)
		return slices.Contains([]string{e.ID, e.Output, e.Task, e.Subject}, v.ID), err
	case engine.NoticeLevel:
		d, err := b.Report.Decision(ctx, card.Subject)
		return v.ID == d.ID || v.ID == d.Task, err
	}
	return v.ID == card.Subject, nil
}
