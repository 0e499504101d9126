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

// good shows what people call good, or says it of one metric of a task.
func (b *Bot) good(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "good"); err != nil {
		return blocks.Message{}, err
	}
	task := ""
	if len(words) > 0 {
		var err error
		if task, err = b.task(ctx, words[0]); err != nil {
			return blocks.Message{}, err
		}
	}
	switch len(words) {
	case 0, 1:
		return drawn(func(v report.GoodView) blocks.Message { return blocks.Good(v, b.Desk.Role(a.actor.ID)) })(b.Report.Good(ctx, task))
	case 2:
		return blocks.Message{}, usage("/koira", "good").wrong()
	}
	metric := engine.Metric(strings.ToLower(strings.Join(words[1:len(words)-1], " ")))
	for _, m := range engine.Metrics {
		if string(metric) == m.Words(2) || string(metric) == m.Words(1) {
			metric = m
		}
	}
	set, err := b.Desk.WishBenchmarks(ctx, a.actor, task, desk.GoodEdit{Metric: metric, To: words[len(words)-1]})
	return b.goodSaid(ctx, set, err)
}

func (b *Bot) goodSaid(ctx context.Context, set desk.GoodSet, err error) (blocks.Message, error) {
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(func(f report.Frame) blocks.Message { return blocks.GoodSaid(set, f.Currency) })(b.Report.Frame(ctx))
}

// goodWindow opens the window in which an owner says what is good for a task.
func (b *Bot) goodWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "What you call good", func() (slack.ModalViewRequest, error) {
		v, err := blocks.ParseValue(c.value)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return drawn(func(g report.GoodView) slack.ModalViewRequest { return blocks.GoodWindow(g, c.here()) })(b.Report.Good(ctx, v.ID))
	})
}

func (b *Bot) sendGood(ctx context.Context, s submission) (blocks.Message, error) {
	set, err := b.Desk.SetBenchmarks(ctx, s.actor, s.meta.ID, blocks.ReadGood(s.view, s.meta.Good)...)
	return b.goodSaid(ctx, set, err)
}
