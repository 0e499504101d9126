package bot

import (
	"context"
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// pressOnce opens the window that lets one version of a piece pass, with what it needs at this moment.
func (b *Bot) pressOnce(ctx context.Context, c click) error {
	v, _, err := b.drawnPiece(ctx, c)
	if err != nil {
		return err
	}
	once, err := b.Desk.ProposeOnce(ctx, c.actor, v.ID, v.Digest)
	if err != nil {
		return err
	}
	return b.window(ctx, c.asker, "Allow this one?", func() (slack.ModalViewRequest, error) {
		p, err := b.Report.Piece(ctx, v.ID)
		if err == nil && p.Output.Digest != once.Output.Digest {
			err = engine.Errorf(engine.CodeConflict, "This piece has changed since this card was drawn; look at its newest card. Nothing changed.")
		}
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return blocks.OnceWindow(once, p, c.place), nil
	})
}

func (b *Bot) sendOnce(ctx context.Context, s submission) (blocks.Message, error) {
	if s.meta.Rise == nil {
		return nothing, b.denied(ctx, s.asker, "send", s.meta.ID, foreign("no rise in %q", s.view.PrivateMetadata))
	}
	c, err := b.click(ctx, s)
	if err != nil {
		return nothing, err
	}
	return b.answered(ctx, s, b.Desk.AllowOnce(ctx, s.actor, c, *s.meta.Rise, s.meta.Marks))
}

// drawAlert tells of a limit on money: that it is nearly used in the day, where reports are; that it is used up at once, where problems are looked for.
func (b *Bot) drawAlert(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Alert(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	room, day := b.Rooms.Exceptions, (*report.Frame)(nil)
	if v.Percent < 100 {
		room, day = b.Rooms.Reports, &v.Frame
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	// A limit that was changed is told of in a new message, since an edit does not ring.
	version := strconv.FormatInt(int64(v.Limit), 10)
	standing = slices.DeleteFunc(standing, func(c engine.Card) bool { return c.Version != version })
	ps := b.once(n, standing, room, blocks.Alert(v), day)
	ps[0].Card.Version = version
	return ps, nil
}
