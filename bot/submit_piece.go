package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

var nothing blocks.Message // the card tells what came of it

func (b *Bot) sendEdit(ctx context.Context, s submission) (blocks.Message, error) {
	texts, err := blocks.ReadEdit(s.view)
	if err != nil {
		return nothing, err
	}
	o, _, err := b.Desk.Edit(ctx, s.actor, s.meta.ID, s.meta.Digest, texts)
	if err := b.backToWeek(ctx, s, err, false); err != nil {
		return nothing, err
	}
	if err == nil && o.State == engine.StateHeld {
		return blocks.Say("Saved, but a rule stops the new words, so they do not go out. They stand in /koira exceptions."), nil
	}
	return nothing, err
}

func (b *Bot) sendReject(ctx context.Context, s submission) (blocks.Message, error) {
	r := blocks.ReadReject(s.view)
	return nothing, b.backToWeek(ctx, s, b.Desk.Reject(ctx, s.actor, desk.No{
		Output: s.meta.ID, Digest: s.meta.Digest, Reason: r.Reason, Note: r.Note, Severe: r.Severe, Again: r.Again,
	}), true)
}

// ended are the states of a piece that did not go out: another time makes a new piece of its words.
var ended = []engine.State{engine.StateRejected, engine.StateExpired, engine.StateCancelled, engine.StateFailed}

func (b *Bot) sendTime(ctx context.Context, s submission) (blocks.Message, error) {
	v, err := b.Report.Piece(ctx, s.meta.ID)
	if err != nil {
		return nothing, err
	}
	t, err := blocks.ReadTime(s.view, v.Zone)
	if err != nil {
		return nothing, err
	}
	if !slices.Contains(ended, v.State) {
		_, err := b.Desk.Reslot(ctx, s.actor, s.meta.ID, s.meta.Digest, t)
		return nothing, err
	}
	o, err := b.Desk.Reuse(ctx, s.actor, s.meta.ID, s.meta.Digest, t)
	if err != nil {
		return nothing, err
	}
	if err := b.putAside(ctx, s, v); err != nil {
		return nothing, err
	}
	return b.placed(ctx, o, "The same words wait for a yes again")
}

// putAside settles the question of what becomes of a piece that did not go out, once its words have another time. An operator gives a time and
// may not settle, so there it stays open.
func (b *Bot) putAside(ctx context.Context, s submission, v report.PieceView) error {
	e := v.Exception
	if e == nil || e.Kind != engine.ExceptionMissed || b.Desk.Authorize(s.actor, desk.ActionResolve, desk.Object{ID: e.ID}) != nil {
		return nil
	}
	err := b.Desk.CloseException(ctx, s.actor, e.ID, "dropped")
	if engine.CodeOf(err) == engine.CodeConflict { // somebody settled it meanwhile
		return nil
	}
	return err
}

// click is how the sender came to know the version that the window shows: all of it, since the card was posted.
func (b *Bot) click(ctx context.Context, s submission) (desk.Click, error) {
	v, err := b.Report.Piece(ctx, s.meta.ID)
	if err != nil {
		return desk.Click{}, err
	}
	c := desk.Click{Output: s.meta.ID, Digest: s.meta.Digest, Audience: s.meta.Reaches, Whole: blocks.WholeInWindow(v)}
	if c.Whole && s.meta.Began > 0 {
		c.Stood = b.Wall.Now().Sub(time.UnixMilli(s.meta.Began))
	}
	card, err := b.Store.CardAt(ctx, s.meta.Channel, s.meta.TS)
	switch {
	case engine.CodeOf(err) == engine.CodeNotFound: // opened from an answer
		return c, nil
	case err == nil && card.Kind == engine.NoticeOutput && card.Subject == s.meta.ID:
		c.Looked = b.looked(card)
	}
	return c, err
}

// answered is what a yes from a window is answered by: what came of it is told by the card.
func (b *Bot) answered(ctx context.Context, s submission, err error) (blocks.Message, error) {
	if grown(err) {
		return b.again(ctx, s.asker, s.meta.ID, err)
	}
	return nothing, err
}

func (b *Bot) sendNow(ctx context.Context, s submission) (blocks.Message, error) {
	c, err := b.click(ctx, s)
	if err != nil {
		return nothing, err
	}
	return b.answered(ctx, s, b.Desk.PublishNow(ctx, s.actor, c))
}

func (b *Bot) sendRest(ctx context.Context, s submission) (blocks.Message, error) {
	c, err := b.click(ctx, s)
	if err != nil {
		return nothing, err
	}
	return b.answered(ctx, s, b.Desk.SendRest(ctx, s.actor, c))
}

func (b *Bot) sendApprove(ctx context.Context, s submission) (blocks.Message, error) {
	c, err := b.click(ctx, s)
	if err != nil {
		return nothing, err
	}
	return b.answered(ctx, s, b.Desk.Approve(ctx, s.actor, c))
}

func (b *Bot) sendPutBack(ctx context.Context, s submission) (blocks.Message, error) {
	v, err := b.Report.Piece(ctx, s.meta.ID)
	if err != nil {
		return nothing, err
	}
	t, err := blocks.ReadTime(s.view, v.Zone)
	if err != nil {
		return nothing, err
	}
	c, err := b.click(ctx, s)
	if err != nil {
		return nothing, err
	}
	return b.answered(ctx, s, b.Desk.PutBack(ctx, s.actor, c, t))
}

func (b *Bot) sendPosted(ctx context.Context, s submission) (blocks.Message, error) {
	return nothing, b.Desk.HandPublished(ctx, s.actor, s.meta.ID, s.meta.Digest, blocks.ReadLink(s.view))
}

func (b *Bot) sendLive(ctx context.Context, s submission) (blocks.Message, error) {
	return nothing, b.Desk.ItIsThere(ctx, s.actor, s.meta.ID, s.meta.Digest, blocks.ReadLink(s.view))
}

func (b *Bot) sendResend(ctx context.Context, s submission) (blocks.Message, error) {
	c, err := b.click(ctx, s)
	if err != nil {
		return nothing, err
	}
	return b.answered(ctx, s, b.Desk.SendAgain(ctx, s.actor, c, blocks.ReadChecked(s.view)))
}

func (b *Bot) sendDrop(ctx context.Context, s submission) (blocks.Message, error) {
	return nothing, b.Desk.DropUnsure(ctx, s.actor, s.meta.ID, s.meta.Digest)
}

func (b *Bot) sendRetract(ctx context.Context, s submission) (blocks.Message, error) {
	return nothing, b.Desk.Retract(ctx, s.actor, s.meta.ID, s.meta.Digest, blocks.ReadNote(s.view))
}

func (b *Bot) sendMissed(ctx context.Context, s submission) (blocks.Message, error) {
	return nothing, b.Desk.CloseException(ctx, s.actor, s.meta.ID, "dropped")
}

func (b *Bot) sendLevel(ctx context.Context, s submission) (blocks.Message, error) {
	from, to, err := s.meta.Levels()
	if err != nil {
		return nothing, b.denied(ctx, s.asker, "send", s.meta.ID, foreign("no levels in %q", s.view.PrivateMetadata))
	}
	if to > from && !blocks.ReadChecked(s.view) {
		e := engine.Errorf(engine.CodeInvalid, "Please tick that you have read it. Nothing changed.")
		e.Field = blocks.FieldRead
		return nothing, e
	}
	var m engine.Terms
	if to > from {
		v, err := b.Report.Task(ctx, s.meta.ID)
		if err != nil {
			return nothing, err
		}
		if m, err = blocks.ReadTerms(s.view, v.Zone); err != nil {
			return nothing, err
		}
	}
	request, err := b.Desk.SetLevelWithin(ctx, s.actor, s.meta.ID, from, to, m)
	if err != nil {
		return nothing, err
	}
	if request != nil {
		return b.waits(ctx, request.ID)
	}
	return blocks.Say(fmt.Sprintf("%s is at %s now: %s.", s.meta.ID, to, to.Words())), nil
}

func (b *Bot) sendResume(ctx context.Context, s submission) (blocks.Message, error) {
	if err := b.Desk.Resume(ctx, s.actor); err != nil {
		return nothing, err
	}
	return blocks.Say("Everything runs again. What became too late meanwhile does not go out."), nil
}

func (b *Bot) sendResumeTask(ctx context.Context, s submission) (blocks.Message, error) {
	if err := b.Desk.ResumeTask(ctx, s.actor, s.meta.ID); err != nil {
		return nothing, err
	}
	return drawn(b.taskFor(s.asker))(b.Report.Task(ctx, s.meta.ID))
}

func (b *Bot) sendPause(ctx context.Context, s submission) (blocks.Message, error) {
	return b.pause(ctx, s.asker, []string{s.meta.ID, blocks.ReadNote(s.view)})
}

func (b *Bot) sendStop(ctx context.Context, s submission) (blocks.Message, error) {
	return b.stopAll(ctx, s.asker, blocks.ReadNote(s.view))
}
