package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// readWeek opens the window of a week at the first piece that waits.
func (b *Bot) readWeek(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", c.subject(), err)
	}
	c.place.Week = v.ID
	return b.inWeekWindow(ctx, c, func(w report.WeekView) string { return w.After("") }, blocks.AtWeek{})
}

// nextInWeek shows the piece behind the one under which it was pressed: pressed twice there, it shows the same.
func (b *Bot) nextInWeek(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil || c.meta.Week == "" {
		return b.denied(ctx, c.asker, "press", c.subject(), foreign("%q outside the window of a week", c.value))
	}
	return b.inWeekWindow(ctx, c, func(w report.WeekView) string { return w.After(v.ID) }, blocks.AtWeek{})
}

// turnInWeek shows another page of a piece. Of a piece that says something else by now the first page is shown.
func (b *Bot) turnInWeek(ctx context.Context, c click) error {
	v, err := blocks.ParseStepValue(c.value)
	if err != nil || c.meta.Week == "" {
		return b.denied(ctx, c.asker, "press", c.subject(), foreign("%q outside the window of a week", c.value))
	}
	at := blocks.AtWeek{Page: v.Page}
	if v.Digest != c.meta.Digest {
		at.Page = 0
	}
	return b.inWeekWindow(ctx, c, func(report.WeekView) string { return v.Output }, at)
}

// approveInWeek is a yes in the window of a week, which shows all of the piece. How long it stood there is what the track record counts.
func (b *Bot) approveInWeek(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", c.subject(), err)
	}
	stood := b.stood(c, v)
	return b.weekAfter(ctx, c, v.ID, b.Desk.ApproveInWeek(ctx, c.actor, desk.Click{
		Output: v.ID, Digest: v.Digest, Audience: v.Audience, Looked: stood, Stood: stood, Whole: true,
	}))
}

// stood is how long the version under which c was pressed stood in the window of its week, on all its pages; hardly at all where that is not known.
func (b *Bot) stood(c click, v blocks.Value) time.Duration {
	if c.meta.ID != v.ID || c.meta.Digest != v.Digest || c.meta.Began == 0 {
		return 0
	}
	return c.at.Sub(time.UnixMilli(c.meta.Began))
}

// weekAfter shows in the window of a week what came of an act on the piece that it shows.
func (b *Bot) weekAfter(ctx context.Context, c click, piece string, err error) error {
	if engine.CodeOf(err) == engine.CodeInternal {
		return err
	}
	at := blocks.AtWeek{Page: c.meta.Page}
	if err != nil {
		at.Said, at.Who = explain(ctx, err)
		b.Log.Info("an act came to nothing", "command", string(c.id), "user", c.actor.ID, "code", engine.CodeOf(err), "err", err)
	}
	return b.inWeekWindow(ctx, c, func(report.WeekView) string { return piece }, at)
}

// inWeekWindow fills the window of a week with the piece that which names; with what was decided where it names none.
func (b *Bot) inWeekWindow(ctx context.Context, c click, which func(report.WeekView) string, at blocks.AtWeek) error {
	return b.window(ctx, c.asker, "The week at once", func() (slack.ModalViewRequest, error) {
		at.Place, at.Viewer = c.place, c.actor.ID
		return b.weekWindow(ctx, which, at, c.meta)
	})
}

// weekWindow draws the window of a week. was is what the window carried before: what it shows on goes on being looked at.
func (b *Bot) weekWindow(ctx context.Context, which func(report.WeekView) string, at blocks.AtWeek, was blocks.Meta) (slack.ModalViewRequest, error) {
	pieces, err := b.Store.WeekPieces(ctx, at.Week)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	w, err := b.Report.Week(ctx, at.Week, pieces)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	id := which(w)
	if w.Place(id) == 0 {
		return blocks.WeekOverWindow(w, at), nil
	}
	v, err := b.Report.PieceNow(ctx, id)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if at.Began = b.Wall.Now().UnixMilli(); was.ID == id && was.Digest == v.Output.Digest && was.Began > 0 {
		at.Began = was.Began
	} else {
		at.Page = 0
	}
	return blocks.WeekWindow(w, v, at), nil
}

// backToWeek has the window of the week take the place of one that was opened from it and sent in: at the same piece, or at the next one.
func (b *Bot) backToWeek(ctx context.Context, s submission, err error, next bool) error {
	if err != nil || s.meta.Week == "" {
		return err
	}
	at := blocks.AtWeek{Place: s.meta.Place(), Viewer: s.actor.ID}
	w, err := b.weekWindow(ctx, func(w report.WeekView) string {
		if next {
			return w.After(s.meta.ID)
		}
		return s.meta.ID
	}, at, blocks.Meta{})
	if err != nil {
		return err
	}
	*s.then = w
	return nil
}
