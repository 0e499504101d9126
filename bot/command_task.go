package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// draft asks for one; its card comes when it is written.
func (b *Bot) draft(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) != 1 {
		return blocks.Message{}, usage("/koira", "draft").wrong()
	}
	o, err := b.Desk.Ask(ctx, a.actor, words[0])
	if err != nil {
		return blocks.Message{}, err
	}
	return b.placed(ctx, o, "I am writing it")
}

// placed says when a new piece would go out.
func (b *Bot) placed(ctx context.Context, o engine.Output, what string) (blocks.Message, error) {
	v, err := b.Report.Piece(ctx, o.ID)
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.Say(fmt.Sprintf("%s. %s, planned for %s.", what, v.Name, at(v.Slot, v.Zone))), nil
}

// posted records what a person posted by themselves.
func (b *Bot) posted(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) != 2 {
		return blocks.Message{}, usage("/koira", "posted").wrong()
	}
	o, err := b.Desk.Posted(ctx, a.actor, words[0], bareLink(words[1]))
	if err != nil {
		return blocks.Message{}, err
	}
	v, err := b.Report.Piece(ctx, o.ID)
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.Say(fmt.Sprintf("Recorded for %s. I measure it from now on, where its channel can be read. Nothing is needed.", v.Name)), nil
}

// bareLink takes off the angle brackets that Slack puts around a link, with or without its label.
func bareLink(s string) string {
	if inner, ok := strings.CutPrefix(s, "<"); ok && strings.HasSuffix(inner, ">") {
		s, _, _ = strings.Cut(strings.TrimSuffix(inner, ">"), "|")
		return strings.ReplaceAll(s, "&amp;", "&")
	}
	return s
}

func (b *Bot) pause(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) == 0 {
		return blocks.Message{}, usage("/koira", "pause").wrong()
	}
	if err := b.Desk.PauseTask(ctx, a.actor, words[0], strings.Join(words[1:], " ")); err != nil {
		return blocks.Message{}, err
	}
	return blocks.Say(fmt.Sprintf("%s is paused: nothing of it goes out until an owner resumes it with /koira resume %s.", words[0], words[0])), nil
}

// autonomy shows all tasks, or one, or changes a level: down at once, up in a window.
func (b *Bot) autonomy(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "autonomy"); err != nil {
		return blocks.Message{}, err
	}
	if len(words) == 0 {
		return b.list(ctx, a, blocks.PageValue{List: blocks.ListAutonomy})
	}
	level, setting := engine.Level(0), false
	if n := len(words) - 1; n > 0 {
		l, err := engine.ParseLevel(words[n])
		if err != nil {
			return blocks.Message{}, err
		}
		level, setting, words = l, true, words[:n]
	}
	task, err := b.task(ctx, strings.Join(words, " "))
	if err != nil {
		return blocks.Message{}, err
	}
	if setting {
		return b.level(ctx, a, task, level)
	}
	return drawn(b.taskFor(a))(b.Report.Task(ctx, task))
}

func (b *Bot) level(ctx context.Context, a asker, task string, to engine.Level) (blocks.Message, error) {
	p, done, err := b.Desk.WishLevel(ctx, a.actor, task, to)
	if engine.CodeOf(err) == engine.CodeBlocked && len(p.Opens) > 0 {
		return blocks.NotYet(p.Task, p.From, p.To, p.Missing, p.Record.Silent(), p.Opens), nil
	}
	if err != nil {
		return blocks.Message{}, err
	}
	if !done {
		return blocks.Message{}, b.window(ctx, a, "More room for a task", func() (slack.ModalViewRequest, error) { return b.levelWindow(ctx, p, blocks.Place{}) })
	}
	return blocks.Say(fmt.Sprintf("%s is at %s now: %s.", p.Task.Name, to, to.Words())), nil
}

func (b *Bot) levelWindow(ctx context.Context, p desk.Proposal, place blocks.Place) (slack.ModalViewRequest, error) {
	return drawn(func(v report.TaskView) slack.ModalViewRequest { return blocks.LevelWindow(p, v, place) })(b.Report.Task(ctx, p.Task.ID))
}
