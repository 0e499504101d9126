package bot

import (
	"context"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// exceptionWindow opens a window about an exception.
func exceptionWindow(title string, draw func(report.ExceptionView, blocks.Place) slack.ModalViewRequest) func(*Bot, context.Context, click) error {
	return func(b *Bot, ctx context.Context, c click) error {
		return b.window(ctx, c.asker, title, func() (slack.ModalViewRequest, error) {
			v, err := blocks.ParseValue(c.value)
			if err != nil {
				return slack.ModalViewRequest{}, err
			}
			return drawn(func(e report.ExceptionView) slack.ModalViewRequest { return draw(e, c.place) })(b.Report.Exception(ctx, v.ID))
		})
	}
}

// fixed closes what a person has mended outside.
func (b *Bot) fixed(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	return b.Desk.CloseException(ctx, c.actor, v.ID, "fixed")
}

func (b *Bot) openTask(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	m, err := drawn(b.taskFor(c.asker))(b.Report.Task(ctx, v.ID))
	if err != nil {
		return err
	}
	return b.whisper(ctx, c.asker, m)
}

func (b *Bot) pressResumeTask(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	return b.resumeTask(ctx, c.asker, v.ID, c.place)
}

// pressPauseTask opens the window in which a task is paused.
func (b *Bot) pressPauseTask(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	return b.window(ctx, c.asker, "Pause the task?", func() (slack.ModalViewRequest, error) {
		return drawn(func(t report.TaskView) slack.ModalViewRequest { return blocks.PauseTaskWindow(t, c.place) })(b.Report.Task(ctx, v.ID))
	})
}

// pressLevel opens the window of a change of level, from the level that the button was drawn at.
func (b *Bot) pressLevel(ctx context.Context, c click) error {
	v, err := blocks.ParseLevelValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	p, err := b.Desk.ProposeLevel(ctx, c.actor, v.Task, v.To)
	if err != nil {
		return err
	}
	if p.From != v.From {
		return engine.Errorf(engine.CodeConflict, "%s is at %s (%s) now; it moved since you looked. Nothing changed.", p.Task.Name, p.From, p.From.Words())
	}
	return b.window(ctx, c.asker, "Change a level", func() (slack.ModalViewRequest, error) { return b.levelWindow(ctx, p, c.place) })
}

func (b *Bot) undo(ctx context.Context, c click) error {
	return b.decide(ctx, c, b.Desk.UndoDecision, "Undone: the task does again what it did before. Nothing is needed.")
}

func (b *Bot) apply(ctx context.Context, c click) error {
	return b.decide(ctx, c, b.Desk.ApplyDecision, "Applied: the next plans follow it. Nothing is needed.")
}

// decide acts on one of koira's own decisions and brings the card that showed it up to date.
func (b *Bot) decide(ctx context.Context, c click, act func(context.Context, engine.Actor, string) error, done string) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	if err := act(ctx, c.actor, v.ID); err != nil {
		return err
	}
	if c.card.Kind != "" {
		if err := b.Store.AddNotice(engine.Repeatable(ctx), engine.Notice{Kind: c.card.Kind, Subject: c.card.Subject, Due: b.Clock.Now()}); err != nil {
			return err
		}
	}
	return b.whisper(ctx, c.asker, blocks.Say(done))
}

func (b *Bot) pressStop(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Stop everything?", func() (slack.ModalViewRequest, error) {
		return drawn(blocks.StopWindow)(b.Report.Stopped(ctx))
	})
}
