package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// postOf is the id of the post that a message says it came of. It is looked up, and believed of a post alone whose place is not known.
func postOf(m slack.Message) string {
	id, _ := m.Metadata.EventPayload[blocks.PostKey].(string)
	return id
}

// foreign is the refusal of a button that does not belong where it was pressed.
func foreign(format string, args ...any) error {
	return &engine.Error{Code: engine.CodeDenied, Message: "That button is not mine, so it does nothing. Nothing changed.", Err: fmt.Errorf(format, args...)}
}

// bound returns the card under which c was pressed. What stands in a message, and what that is about, the store alone says: a press where it
// knows of no card, or of a button that names something else than its card, is refused and written down. Answers and App Home, which only the
// presser sees, are no cards.
func (b *Bot) bound(ctx context.Context, c click) (engine.Card, error) {
	if !c.open || c.id == blocks.IDMenu { // a menu is asked again, as the button that its row stands for
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

// cardAt is the card that stands where c was pressed. A post whose answer was lost is posted again; its first copy becomes a card by the id that
// the store gave it for that one post, so that it too is brought up to date.
func (b *Bot) cardAt(ctx context.Context, c click) (engine.Card, error) {
	card, err := b.Store.CardAt(ctx, c.place.Channel, c.place.TS)
	if engine.CodeOf(err) == engine.CodeNotFound && c.post != "" {
		// When it was posted is not known; from now on is the least that can be said of how long it was looked at.
		card, err = b.Store.FoundPost(engine.Repeatable(ctx), c.post, c.place.Channel, c.place.TS, b.Wall.Now(), b.Clock.Now())
	}
	if engine.CodeOf(err) == engine.CodeNotFound {
		err = b.denied(ctx, c.asker, "press", c.subject(), foreign("no card stands at %s %s", c.place.Channel, c.place.TS))
	}
	return card, err
}

// general are the buttons that name nothing a card could be about: they show what anybody on the list may see, or are about the whole program,
// and are authorised by themselves.
var general = []blocks.ID{blocks.IDPage, blocks.IDBack, blocks.IDLink, blocks.IDStop, blocks.IDResume, blocks.IDLimitLower, blocks.IDLimitRaise}

// about reports whether a button of card may name what c names.
func (b *Bot) about(ctx context.Context, card engine.Card, c click) (bool, error) {
	if slices.Contains(general, c.id) {
		return true, nil
	}
	id, ok := named(c)
	if !ok {
		return false, nil
	}
	switch card.Kind {
	case engine.NoticeException, engine.NoticeReminder:
		e, err := b.Report.Exception(ctx, card.Subject)
		return slices.Contains([]string{e.ID, e.Output, e.Task, e.Subject}, id) || c.id == blocks.IDLimit && id == e.Limit, err
	case engine.NoticeLevel:
		d, err := b.Report.Decision(ctx, card.Subject)
		return id == d.ID || id == d.Task, err
	case engine.NoticeRenewed:
		v, err := b.Report.Renewed(ctx, card.Subject)
		return slices.ContainsFunc(v.Tasks, func(t report.RenewedTask) bool { return t.Task.ID == id }), err
	case engine.NoticeOffer, engine.NoticeLook:
		return b.aboutOffer(ctx, card, id)
	case engine.NoticeWelcome:
		return id == card.Subject || c.id == blocks.IDLimit || c.id == blocks.IDRules, nil // its rows open any rule, as the list of rules does
	case engine.NoticeBaseline:
		task, _, _ := strings.Cut(card.Subject, "|")
		return id == task, nil
	case engine.NoticeWeekly:
		return b.inWeek(ctx, card.Subject, c.id, id)
	}
	return id == card.Subject, nil
}

// named is the id of what a button names; false for one that names nothing of koira's.
func named(c click) (string, bool) {
	if c.id == blocks.IDLevel || c.id == blocks.IDLower {
		v, err := blocks.ParseLevelValue(c.value)
		return v.Task, err == nil
	}
	v, err := blocks.ParseValue(c.value)
	return v.ID, err == nil
}

// inWeek reports whether the report of a week has a button about id: each change has a row, and tasks are only looked at.
func (b *Bot) inWeek(ctx context.Context, week string, button blocks.ID, id string) (bool, error) {
	if button == blocks.IDTask {
		return true, nil
	}
	v, err := b.Report.Weekly(ctx, week)
	return slices.ContainsFunc(v.Decisions, func(d report.DecisionRow) bool { return d.ID == id }), err
}
