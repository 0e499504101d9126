package bot

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// drawnPiece reads the piece that c's button names, as it stands now. A button that names none is refused, and written down.
func (b *Bot) drawnPiece(ctx context.Context, c click) (blocks.Value, report.PieceView, error) {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return v, report.PieceView{}, b.denied(ctx, c.asker, "press", c.subject(), err)
	}
	p, err := b.Report.PieceNow(ctx, v.ID)
	if engine.CodeOf(err) == engine.CodeNotFound {
		err = b.denied(ctx, c.asker, "press", v.ID, foreign("no piece %q", v.ID))
	}
	return v, p, err
}

// approve is a yes from the card. What may not be approved in passing — long, not to be taken back, or nearly due — passes the window that
// shows all of it, whatever the card had for a button when it was drawn.
func (b *Bot) approve(ctx context.Context, c click) error {
	if c.meta.Week != "" {
		return b.approveInWeek(ctx, c)
	}
	v, p, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	if p.State == engine.StateWaiting && (p.LongOrIrreversible() || p.Soon() || !blocks.Whole(p)) {
		return b.readPiece(ctx, c)
	}
	err = b.Desk.Approve(ctx, c.actor, desk.Click{Output: v.ID, Digest: v.Digest, Audience: v.Audience, Looked: b.looked(c.card), Whole: blocks.Whole(p)})
	return b.afterYes(ctx, c, v.ID, err)
}

// afterYes is afterPress of a yes from a card, whose presser may have been shown fewer people than the piece reaches by now.
func (b *Bot) afterYes(ctx context.Context, c click, piece string, err error) error {
	if !grown(err) {
		return b.afterPress(ctx, c, piece, err)
	}
	m, err := b.again(ctx, c.asker, piece, err)
	if err != nil {
		return err
	}
	return b.whisper(ctx, c.asker, m)
}

// grown reports whether err says that a piece reaches more people than the presser was shown.
func grown(err error) bool {
	var e *engine.Error
	return errors.As(err, &e) && e.Field == desk.FieldAudience
}

// again answers who said yes to fewer people than a piece reaches by now: why nothing came of it, and the piece as it stands.
func (b *Bot) again(ctx context.Context, a asker, piece string, cause error) (blocks.Message, error) {
	b.Log.Info("an act came to nothing", "command", "approve", "user", a.actor.ID, "code", engine.CodeOf(cause), "err", cause)
	text, who := explain(ctx, cause)
	return drawn(func(p report.PieceView) blocks.Message { return blocks.Again(text, who, p) })(b.Report.Piece(ctx, piece))
}

// takeBack is both "Take back" and "Stop this one": the piece waits for a yes.
func (b *Bot) takeBack(ctx context.Context, c click) error {
	v, _, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	err = b.Desk.TakeBack(ctx, c.actor, v.ID, v.Digest)
	if c.meta.Week != "" {
		return b.weekAfter(ctx, c, v.ID, err)
	}
	return b.afterPress(ctx, c, v.ID, err)
}

// looksGood notes that somebody looked at what goes out by itself.
func (b *Bot) looksGood(ctx context.Context, c click) error {
	v, p, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	err = b.Desk.LooksGood(ctx, c.actor, desk.Click{Output: v.ID, Digest: v.Digest, Looked: b.looked(c.card), Whole: blocks.Whole(p)})
	return b.afterPress(ctx, c, v.ID, err)
}

// putBack lets what was stopped go at its time after all; once that is near or past, a window asks for another.
func (b *Bot) putBack(ctx context.Context, c click) error {
	v, p, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	switch {
	case p.State == engine.StateWaiting && (p.LongOrIrreversible() || !blocks.Whole(p)):
		return b.readPiece(ctx, c)
	case p.State == engine.StateWaiting && p.Soon():
		return pieceWindow("Put it back", blocks.PutBackWindow)(b, ctx, c)
	}
	k := desk.Click{Output: v.ID, Digest: v.Digest, Audience: v.Audience, Looked: b.looked(c.card), Whole: blocks.Whole(p)}
	return b.afterYes(ctx, c, v.ID, b.Desk.PutBack(ctx, c.actor, k, time.Time{}))
}

// stopRest has what is still being delivered stopped.
func (b *Bot) stopRest(ctx context.Context, c click) error {
	v, p, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	return b.afterPress(ctx, c, v.ID, b.Desk.StopRest(ctx, c.actor, v.ID, cmp.Or(v.Digest, p.Output.Digest)))
}

// afterPress brings an answer that only the presser sees up to date; cards are brought up to date by their notices.
func (b *Bot) afterPress(ctx context.Context, c click, piece string, err error) error {
	if err != nil || !c.ephemeral {
		return err
	}
	m, err := drawn(blocks.Piece)(b.Report.Piece(ctx, piece))
	if err != nil {
		return err
	}
	return b.show(ctx, c.asker, m)
}

// openPiece shows a piece's card to the one who asked.
func (b *Bot) openPiece(ctx context.Context, c click) error {
	_, p, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	return b.whisper(ctx, c.asker, blocks.Piece(p))
}

// pieceWindow opens a window about a piece in the version that the button names.
func pieceWindow(title string, draw func(report.PieceView, blocks.Place) slack.ModalViewRequest) func(*Bot, context.Context, click) error {
	return func(b *Bot, ctx context.Context, c click) error {
		return b.window(ctx, c.asker, title, func() (slack.ModalViewRequest, error) {
			v, p, err := b.drawnPiece(ctx, c)
			if err == nil && v.Digest != "" && p.Output.Digest != v.Digest { // an exception's buttons name the piece as it stands
				err = engine.Errorf(engine.CodeConflict, "This piece has changed since this card was drawn; look at its newest card. Nothing changed.")
			}
			if err != nil {
				return slack.ModalViewRequest{}, err
			}
			return draw(p, c.place), nil
		})
	}
}

// readPiece opens the window that shows all of a piece, with Approve at its end. How long it stands there is written down with the yes.
func (b *Bot) readPiece(ctx context.Context, c click) error {
	c.place.Began = b.Wall.Now().UnixMilli()
	return pieceWindow("Read and approve", blocks.ReadWindow)(b, ctx, c)
}

// placeless is for a window that is not sent in, and so need not know its card.
func placeless[V any](draw func(V) slack.ModalViewRequest) func(V, blocks.Place) slack.ModalViewRequest {
	return func(v V, _ blocks.Place) slack.ModalViewRequest { return draw(v) }
}

func (b *Bot) ruleWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Why this rule", func() (slack.ModalViewRequest, error) {
		v, _, err := b.drawnPiece(ctx, c)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return drawn(blocks.RuleWindow)(b.Report.WhyNot(ctx, v.ID))
	})
}
