package bot

import (
	"context"
	"strings"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func (b *Bot) guardrails(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListRules})
}

func (b *Bot) limitBudget(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) < 2 || !strings.EqualFold(words[0], "weekly") {
		return blocks.Message{}, usage("/guardrails", "budget").wrong()
	}
	c, err := b.Desk.BudgetWeekly(ctx, a.actor, strings.Join(words[1:], " "))
	return b.changed(ctx, c, err)
}

func (b *Bot) limitTopic(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.switched(ctx, a, "topic", words, map[string]switching{"block": b.Desk.BlockTopic, "unblock": b.Desk.UnblockTopic})
}

func (b *Bot) limitChannel(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.switched(ctx, a, "channel", words, map[string]switching{"on": b.Desk.ChannelOn, "off": b.Desk.ChannelOff})
}

type switching func(ctx context.Context, a engine.Actor, name string) (desk.Change, error)

// switched carries out one of two opposite changes of a limit that has a name.
func (b *Bot) switched(ctx context.Context, a asker, word string, words []string, ways map[string]switching) (blocks.Message, error) {
	if len(words) < 2 || ways[strings.ToLower(words[0])] == nil {
		return blocks.Message{}, usage("/guardrails", word).wrong()
	}
	c, err := ways[strings.ToLower(words[0])](ctx, a.actor, strings.Join(words[1:], " "))
	return b.changed(ctx, c, err)
}

// changed says what came of a change. One that gives koira more room is not in force yet: its message opens the window that confirms it.
func (b *Bot) changed(ctx context.Context, c desk.Change, err error) (blocks.Message, error) {
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(func(v report.GuardrailView) blocks.Message { return blocks.RuleChanged(c, v.Currency) })(b.Report.Guardrails(ctx))
}
