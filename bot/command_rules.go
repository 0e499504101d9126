package bot

import (
	"context"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func (b *Bot) guardrails(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListRules})
}

func (b *Bot) history(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListHistory})
}

// revert shows what going back to an earlier version would change.
func (b *Bot) revert(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ToLower(first(words)), "v"))
	if len(words) != 1 || err != nil {
		return blocks.Message{}, usage("/guardrails", "revert").wrong()
	}
	return drawn(blocks.Wanted)(b.Desk.Revert(ctx, a.actor, n))
}

// rule carries out a form: the change is shown, and a press goes on with it. With "now" as its last word, what tightens is in force at once.
func rule(f ruleForm) func(*Bot, context.Context, asker, []string) (blocks.Message, error) {
	return func(b *Bot, ctx context.Context, a asker, words []string) (blocks.Message, error) {
		edits, now := nowForm(f, words)
		if edits == nil {
			if err := b.mayLook(ctx, a, "guardrails"); err != nil {
				return blocks.Message{}, err
			}
			return blocks.Message{}, usage("/guardrails", f.word).wrong()
		}
		if now {
			done, err := b.Desk.Tighten(ctx, a.actor, edits...)
			return b.changed(ctx, done, err)
		}
		return drawn(blocks.Wanted)(b.Desk.Want(ctx, a.actor, edits...))
	}
}

// changed says what came of a change.
func (b *Bot) changed(ctx context.Context, d desk.Done, err error) (blocks.Message, error) {
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(func(v report.Status) blocks.Message { return blocks.RulesChanged(d, v.Frame) })(b.Report.Status(ctx))
}

// rulesWindow lists all rules in a window.
func (b *Bot) rulesWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Your rules", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.GuardrailView) slack.ModalViewRequest { return blocks.RulesWindow(v, c.here()) })(b.Report.Guardrails(ctx))
	})
}

// limitWindow opens the window of one rule, or puts it in the place of the list of rules.
func (b *Bot) limitWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Change a rule", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.GuardrailView) slack.ModalViewRequest { return blocks.LimitWindow(v, c.value, c.here()) })(b.Report.Guardrails(ctx))
	})
}

// sendLimit works out what a rule's window would change and shows it in its place. An answer that comes too late for that is said instead.
func (b *Bot) sendLimit(ctx context.Context, s submission) (blocks.Message, error) {
	v, err := b.Report.Guardrails(ctx)
	if err != nil {
		return nothing, err
	}
	if v.Version != s.meta.Version {
		return nothing, engine.Errorf(engine.CodeConflict, "The rules changed since you opened this window. Open it again. Nothing changed.")
	}
	edits := blocks.ReadLimit(s.view, s.meta.ID, v)
	if len(edits) == 0 {
		return nothing, engine.Errorf(engine.CodeConflict, "You changed nothing in the window, so nothing changed.")
	}
	w, err := b.Desk.Want(ctx, s.actor, edits...)
	if err != nil {
		return nothing, err
	}
	*s.then = blocks.WantedWindow(w, s.here())
	return blocks.Wanted(w), nil
}

func (b *Bot) pressTurnOn(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	done, err := b.Desk.TurnOn(ctx, c.actor, v.ID)
	m, err := b.changed(ctx, done, err)
	if err != nil {
		return err
	}
	return b.show(ctx, c.asker, m)
}

// sendTurnOn is the same from a window.
func (b *Bot) sendTurnOn(ctx context.Context, s submission) (blocks.Message, error) {
	done, err := b.Desk.TurnOn(ctx, s.actor, s.meta.ID)
	return b.changed(ctx, done, err)
}

// pressLoosen opens the window that confirms a change. The change is computed anew, and refused when the rules have moved since it was shown.
func (b *Bot) pressLoosen(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	return b.window(ctx, c.asker, "More room for me?", func() (slack.ModalViewRequest, error) {
		return drawn(func(w desk.Wanted) slack.ModalViewRequest { return blocks.LoosenWindow(w, c.here()) })(b.Desk.Reopen(ctx, c.actor, v.ID))
	})
}

func (b *Bot) sendLoosen(ctx context.Context, s submission) (blocks.Message, error) {
	done, err := b.Desk.Confirm(ctx, s.actor, s.meta.ID, blocks.ReadNote(s.view))
	if err == nil && done.Waits != nil {
		return b.waits(ctx, done.Waits.ID)
	}
	return b.changed(ctx, done, err)
}

// waits says that something waits for a signature, and whose.
func (b *Bot) waits(ctx context.Context, request string) (blocks.Message, error) {
	return drawn(blocks.RequestWaits)(b.Report.Request(ctx, request))
}

// pressSign opens the window for the second person's yes; who may not sign is told why at once.
func (b *Bot) pressSign(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	if _, _, err := b.Desk.MaySign(ctx, c.actor, v.ID); err != nil {
		return err
	}
	return b.window(ctx, c.asker, "Sign more room for me?", func() (slack.ModalViewRequest, error) {
		return drawn(func(r report.RequestView) slack.ModalViewRequest { return blocks.SignWindow(r, c.place) })(b.Report.Request(ctx, v.ID))
	})
}

func (b *Bot) sendSign(ctx context.Context, s submission) (blocks.Message, error) {
	_, err := b.Desk.Sign(ctx, s.actor, s.meta.ID)
	return nothing, err // the card tells it
}

func (b *Bot) pressCancel(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	if err := b.Desk.Cancel(ctx, c.actor, v.ID); err != nil || c.open { // a card tells it itself
		return err
	}
	return b.show(ctx, c.asker, blocks.Say("Cancelled. Nothing changed."))
}
