package bot

import (
	"context"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// lists draws each list that can be paged, from v's offset on. To add one: a row.
var lists = map[blocks.List]func(*Bot, context.Context, asker, blocks.PageValue) (blocks.Message, error){
	blocks.ListQueue: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Queue)(b.Report.Queue(ctx, v.Offset, page))
	},
	blocks.ListCopy: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Copies)(b.Report.Copies(ctx, v.Task, v.Offset, page))
	},
	blocks.ListExceptions: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Exceptions)(b.Report.Exceptions(ctx, v.Offset, page))
	},
	blocks.ListLog: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Log)(b.Report.OutputLog(ctx, v.Task, v.Offset, page))
	},
	blocks.ListDecisions: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Decisions)(b.Report.Decisions(ctx, v.Task, v.Offset, page))
	},
	blocks.ListBudget: func(b *Bot, ctx context.Context, a asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(b.budgetFor(a))(b.Report.BudgetBack(ctx, v.Offset))
	},
	blocks.ListWeeks: func(b *Bot, ctx context.Context, _ asker, _ blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.BudgetWeeks)(b.Report.Budget(ctx, ""))
	},
	blocks.ListReport: func(b *Bot, ctx context.Context, _ asker, _ blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Weekly)(b.Report.Weekly(ctx, ""))
	},
	blocks.ListWaits: func(b *Bot, ctx context.Context, _ asker, _ blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Waits)(b.Report.Stopped(ctx))
	},
	blocks.ListReviews: func(b *Bot, ctx context.Context, a asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(b.taskFor(a))(b.Report.Task(ctx, v.Task))
	},
	blocks.ListAutonomy: func(b *Bot, ctx context.Context, _ asker, _ blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Autonomy)(b.Report.Autonomy(ctx))
	},
	blocks.ListHistory: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.History)(b.Report.RuleHistory(ctx, v.Offset, page))
	},
	blocks.ListStrategy: func(b *Bot, ctx context.Context, a asker, _ blocks.PageValue) (blocks.Message, error) {
		return drawn(b.strategyFor(a))(b.Report.Strategy(ctx))
	},
	blocks.ListFacts: func(b *Bot, ctx context.Context, a asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(b.factsFor(a, v.Offset))(b.Report.Strategy(ctx))
	},
	blocks.ListStrategies: func(b *Bot, ctx context.Context, _ asker, v blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.StrategyHistory)(b.Report.StrategyHistory(ctx, v.Offset, page))
	},
	blocks.ListRules: func(b *Bot, ctx context.Context, _ asker, _ blocks.PageValue) (blocks.Message, error) {
		return drawn(blocks.Guardrails)(b.Report.Guardrails(ctx))
	},
}

// list draws the page that v names, for an asker who may look.
func (b *Bot) list(ctx context.Context, a asker, v blocks.PageValue) (blocks.Message, error) {
	draw, ok := lists[v.List]
	if !ok {
		return blocks.Message{}, engine.Errorf(engine.CodeNotFound, "There is no list %q.", short(string(v.List)))
	}
	return draw(b, ctx, a, v)
}

// drawn draws what was read, and nothing of what could not be read: drawn(blocks.Status)(b.Report.Status(ctx)).
func drawn[V, M any](draw func(V) M) func(V, error) (M, error) {
	return func(v V, err error) (m M, _ error) {
		if err != nil {
			return m, err
		}
		return draw(v), nil
	}
}

// taskFor draws a task for its viewer.
func (b *Bot) taskFor(a asker) func(report.TaskView) blocks.Message {
	return func(v report.TaskView) blocks.Message { return blocks.Task(v, b.Desk.Role(a.actor.ID)) }
}

// budgetFor draws a week's money for its viewer.
func (b *Bot) budgetFor(a asker) func(report.Budget) blocks.Message {
	return func(v report.Budget) blocks.Message { return blocks.Budget(v, b.Desk.Role(a.actor.ID)) }
}
