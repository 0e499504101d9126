package bot

import (
	"context"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine/desk"
	"koira/engine/report"
)

// strategyVerbs are what can be done with the strategy beside looking at it. To add one: its function, a row, a line in a conversation script.
var strategyVerbs = map[string]func(*Bot, context.Context, asker, []string) (blocks.Message, error){
	"history": (*Bot).strategyHistory,
	"revert":  (*Bot).strategyRevert,
}

// strategy answers what koira works from, or carries out one of its verbs.
func (b *Bot) strategy(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) == 0 {
		return b.look(ctx, a, blocks.PageValue{List: blocks.ListStrategy})
	}
	if err := b.mayLook(ctx, a, "strategy"); err != nil {
		return blocks.Message{}, err
	}
	verb := strategyVerbs[strings.ToLower(words[0])]
	if verb == nil {
		return blocks.Message{}, usage("/koira", "strategy").wrong()
	}
	return verb(b, ctx, a, words[1:])
}

// strategyFor draws the strategy for its viewer.
func (b *Bot) strategyFor(a asker) func(report.StrategyView) blocks.Message {
	return func(v report.StrategyView) blocks.Message { return blocks.Strategy(v, b.Desk.Role(a.actor.ID)) }
}

func (b *Bot) strategyHistory(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListStrategies})
}

// strategyRevert shows what going back to an earlier version would change.
func (b *Bot) strategyRevert(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ToLower(first(words)), "v"))
	if len(words) != 1 || err != nil {
		return blocks.Message{}, usage("/koira", "strategy").wrong()
	}
	w, err := b.Desk.RevertStrategy(ctx, a.actor, n)
	return b.strategyWanted(ctx, w, err)
}

func (b *Bot) strategyWanted(ctx context.Context, w desk.StrategyWanted, err error) (blocks.Message, error) {
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(func(f report.Frame) blocks.Message { return blocks.StrategyWanted(w, f) })(b.Report.Frame(ctx))
}

// strategyWindow opens the window of goals, segments, themes and the voice, with what is in force or with what was typed before.
func (b *Bot) strategyWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "The what and the why", func() (slack.ModalViewRequest, error) {
		v, err := blocks.ParseValue(c.value)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		var w desk.StrategyWanted
		if v.ID != blocks.StrategyNew {
			if w, err = b.Desk.ReopenStrategy(ctx, c.actor, v.ID); err != nil {
				return slack.ModalViewRequest{}, err
			}
		}
		return b.typed(ctx, w, c.here())
	})
}

// typed is the window with what was typed, on the strategy of this moment.
func (b *Bot) typed(ctx context.Context, w desk.StrategyWanted, at blocks.Place) (slack.ModalViewRequest, error) {
	return drawn(func(v report.StrategyView) slack.ModalViewRequest {
		if w.Moved != nil {
			return blocks.StrategyWindow(v, w.Edits, &w, at)
		}
		return blocks.StrategyWindow(v, w.Edits, nil, at)
	})(b.Report.Strategy(ctx))
}

// sendStrategy works out what the window would change and shows it in its place; an answer that comes too late for that is said instead.
func (b *Bot) sendStrategy(ctx context.Context, s submission) (blocks.Message, error) {
	w, err := b.Desk.WantStrategy(ctx, s.actor, s.meta.Version, blocks.ReadStrategy(s.view)...)
	if err != nil {
		return nothing, err
	}
	if *s.then, err = b.after(ctx, w, s.here()); err != nil {
		return nothing, err
	}
	return b.strategyWanted(ctx, w, nil)
}

// after is the window that follows on a wanted change: the one that shows it, or, where somebody changed the same meanwhile, the one with what was
// typed.
func (b *Bot) after(ctx context.Context, w desk.StrategyWanted, at blocks.Place) (slack.ModalViewRequest, error) {
	if w.Moved != nil {
		return b.typed(ctx, w, at)
	}
	return blocks.StrategyApplyWindow(w, at), nil
}

// pressStrategyApply opens the window that confirms a change of the strategy.
func (b *Bot) pressStrategyApply(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	return b.window(ctx, c.asker, "Change the strategy?", func() (slack.ModalViewRequest, error) {
		w, err := b.Desk.ReopenStrategy(ctx, c.actor, v.ID)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return b.after(ctx, w, c.here())
	})
}

func (b *Bot) sendStrategyApply(ctx context.Context, s submission) (blocks.Message, error) {
	done, err := b.Desk.ApplyStrategy(ctx, s.actor, s.meta.ID, blocks.ReadNote(s.view))
	if err != nil {
		return nothing, err
	}
	if done.Moved != nil {
		if *s.then, err = b.typed(ctx, *done.Moved, s.here()); err != nil {
			return nothing, err
		}
	}
	return drawn(func(f report.Frame) blocks.Message { return blocks.StrategyChanged(done, f) })(b.Report.Frame(ctx))
}
