package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// stop asks nothing: a stop that waits for a confirmation is none.
func (b *Bot) stop(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.stopAll(ctx, a, strings.Join(words, " "))
}

// stopAll stops everything. Somebody of whom Slack cannot say more than that they are listed may do that, and nothing else.
func (b *Bot) stopAll(ctx context.Context, a asker, why string) (blocks.Message, error) {
	if a.doubted {
		a.actor.Guest = false
	}
	if err := b.Desk.Stop(ctx, a.actor, why); err != nil {
		return blocks.Message{}, err
	}
	v, err := b.Report.Stopped(ctx)
	if err != nil { // it is stopped all the same, and that is what has to be said
		b.Log.Error("what a stop holds back could not be read", "command", "stop", "code", engine.CodeOf(err), "err", err)
		return blocks.Say("Everything is stopped. Nothing goes out until an owner resumes; what was on its way already may still land."), nil
	}
	return blocks.StopAnswer(v), nil
}

// drill asks nothing: what it changes it puts back within the same breath.
func (b *Bot) drill(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	task := ""
	if len(words) > 0 {
		found, err := b.task(ctx, strings.Join(words, " "))
		if err != nil {
			return blocks.Message{}, err
		}
		task = found
	}
	d, err := b.Desk.Drill(ctx, a.actor, task)
	if err != nil {
		return blocks.Message{}, err
	}
	frame, err := b.Report.Frame(ctx)
	return blocks.Drill(d.Task.Name, d.Took, d.Piece, d.Stays, frame), err
}

// resume opens the window that lists what would go out; with a task it ends that task's pause.
func (b *Bot) resume(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) > 0 {
		return blocks.Message{}, b.resumeTask(ctx, a, strings.Join(words, " "), blocks.Place{})
	}
	return blocks.Message{}, b.resumeAll(ctx, a, blocks.Place{})
}

func (b *Bot) resumeAll(ctx context.Context, a asker, place blocks.Place) error {
	if err := b.allowed(ctx, a, desk.ActionResume, "everything"); err != nil {
		return err
	}
	return b.window(ctx, a, "Resume everything?", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.Stopped) slack.ModalViewRequest { return blocks.ResumeWindow(v, place) })(b.Report.Stopped(ctx))
	})
}

func (b *Bot) resumeTask(ctx context.Context, a asker, words string, place blocks.Place) error {
	if err := b.allowed(ctx, a, desk.ActionResumeTask, words); err != nil {
		return err
	}
	task, err := b.task(ctx, words)
	if err != nil {
		return err
	}
	return b.window(ctx, a, "Resume a task?", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.TaskView) slack.ModalViewRequest { return blocks.ResumeTaskWindow(v, place) })(b.Report.Task(ctx, task))
	})
}
