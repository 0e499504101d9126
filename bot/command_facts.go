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

// factVerbs are what can be done with the facts in words. To add one: its function, a row, a line in a conversation script.
var factVerbs = map[string]func(*Bot, context.Context, asker, []string) (blocks.Message, error){
	"add":     (*Bot).factAdd,
	"confirm": (*Bot).factConfirm,
	"remove":  (*Bot).factRemove,
}

// facts answers what may be said, or carries out one of its verbs.
func (b *Bot) facts(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) == 0 {
		return b.look(ctx, a, blocks.PageValue{List: blocks.ListFacts})
	}
	if err := b.mayLook(ctx, a, "facts"); err != nil {
		return blocks.Message{}, err
	}
	verb := factVerbs[strings.ToLower(words[0])]
	if verb == nil || len(words) < 2 {
		return blocks.Message{}, usage("/koira", "facts").wrong()
	}
	return verb(b, ctx, a, words[1:])
}

// factsFor draws a page of the facts for their viewer.
func (b *Bot) factsFor(a asker, offset int) func(report.StrategyView) blocks.Message {
	return func(v report.StrategyView) blocks.Message {
		return blocks.Facts(v, report.Page{Offset: offset, Size: page}, b.Desk.Role(a.actor.ID))
	}
}

// factsSaid says what came of a change.
func factsSaid(how string) func(desk.FactDone, error) (blocks.Message, error) {
	return func(d desk.FactDone, err error) (blocks.Message, error) {
		if err != nil {
			return blocks.Message{}, err
		}
		if d.Off {
			how = factIsOff
		}
		return blocks.FactsSaid(d, how), nil
	}
}

const (
	factIsNow = "In force, true as of today"
	factIsOff = "Off the list: what quotes it is stopped"
)

// factAdd reads a fact in quotation marks, with the days between which it may be said.
func (b *Bot) factAdd(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	f := blocks.FactFields{Text: words[0]}
	for rest := words[1:]; len(rest) > 0; rest = rest[2:] {
		switch {
		case len(rest) > 1 && strings.EqualFold(rest[0], "from"):
			f.From = rest[1]
		case len(rest) > 1 && strings.EqualFold(rest[0], "until"):
			f.Until = rest[1]
		default:
			return blocks.Message{}, usage("/koira", "facts").wrong()
		}
	}
	form, err := b.factForm(ctx, f)
	if err != nil {
		return blocks.Message{}, err
	}
	return factsWanted(b.Desk.WantFact(ctx, a.actor, desk.FactEdit{Form: form}))
}

// factsWanted draws a change of the facts that is asked for.
func factsWanted(w desk.FactWanted, err error) (blocks.Message, error) {
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.FactWanted(w), nil
}

// factForm is what the fields say, with days of the business.
func (b *Bot) factForm(ctx context.Context, f blocks.FactFields) (desk.FactForm, error) {
	frame, err := b.Report.Frame(ctx)
	if err != nil {
		return desk.FactForm{}, err
	}
	form := desk.FactForm{Text: f.Text, Themes: f.Themes}
	form.From, form.Until, err = desk.FactDays(f.From, f.Until, frame.Zone)
	return form, err
}

// factRefs are the facts that people mean by numbers of the list as it is now; "all" is all that nobody has looked at today. They are quoted before anything
// is done, since the list that people read may have been another.
func (b *Bot) factRefs(ctx context.Context, a asker, v report.StrategyView, words []string) ([]desk.FactRef, error) {
	var refs []desk.FactRef
	if len(words) == 1 && strings.EqualFold(words[0], "all") {
		for _, f := range v.Facts {
			if f.Days != 0 {
				refs = append(refs, desk.FactRef{Version: v.Strategy.Version, Number: f.Number})
			}
		}
		if len(refs) == 0 {
			return nil, engine.Errorf(engine.CodeConflict, "There is no fact to look at. Nothing changed.")
		}
	} else {
		for _, w := range words {
			n, err := strconv.Atoi(strings.TrimSuffix(w, "."))
			if err != nil {
				return nil, engine.Errorf(engine.CodeInvalid, "A fact is named by its number in /koira facts; you wrote %q. Nothing changed.", short(w))
			}
			refs = append(refs, desk.FactRef{Version: v.Strategy.Version, Number: n})
		}
	}
	for _, r := range refs {
		if _, err := b.Desk.FactNow(ctx, a.actor, r); err != nil {
			return nil, err
		}
	}
	return refs, nil
}

func (b *Bot) factConfirm(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	v, err := b.Report.Strategy(ctx)
	if err != nil {
		return blocks.Message{}, err
	}
	refs, err := b.factRefs(ctx, a, v, words)
	if err != nil {
		return blocks.Message{}, err
	}
	n := min(len(refs), blocks.FactsMost)
	w, err := b.Desk.TryFacts(ctx, a.actor, desk.FactEdit{Refs: refs[:n], Still: true})
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.FactsAsk(v, refs[:n], false, len(refs)-n, w.Effects), nil
}

func (b *Bot) factRemove(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	v, err := b.Report.Strategy(ctx)
	if err != nil {
		return blocks.Message{}, err
	}
	refs, err := b.factRefs(ctx, a, v, words)
	if err != nil {
		return blocks.Message{}, err
	}
	if len(refs) != 1 {
		return blocks.Message{}, engine.Errorf(engine.CodeInvalid, "One fact at a time, so that each is looked at: /koira facts remove 2. Nothing changed.")
	}
	w, err := b.Desk.TryFacts(ctx, a.actor, desk.FactEdit{Refs: refs, Off: true})
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.FactsAsk(v, refs, true, 0, w.Effects), nil
}

// factWindow opens the window of a fact, or of a new one.
func (b *Bot) factWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "A fact", func() (slack.ModalViewRequest, error) {
		ref, is, err := blocks.ParseFact(c.value)
		if err == nil && is {
			ref, err = b.Desk.FactNow(ctx, c.actor, ref)
		}
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return drawn(func(v report.StrategyView) slack.ModalViewRequest {
			return blocks.FactWindow(v, ref, nil, nil, c.here())
		})(b.Report.Strategy(ctx))
	})
}

// sendFact takes what was typed of a fact, and shows what it changes before it is in force. Where somebody changed the fact meanwhile, its window comes
// again with what was typed.
func (b *Bot) sendFact(ctx context.Context, s submission) (blocks.Message, error) {
	ref, is, err := blocks.ParseFact(s.meta.ID)
	if err != nil {
		return nothing, b.denied(ctx, s.asker, "send", s.view.CallbackID, err)
	}
	f, e := blocks.ReadFact(s.view), desk.FactEdit{}
	if is {
		e.Refs = []desk.FactRef{ref}
	}
	if e.Off = is && f.Off; !e.Off {
		if e.Form, err = b.factForm(ctx, f); err != nil {
			return nothing, err
		}
		e.Form.Themed = true
	}
	w, err := b.Desk.WantFact(ctx, s.actor, e)
	if err != nil {
		return nothing, err
	}
	if w.Moved == nil {
		*s.then = blocks.FactApplyWindow(w, s.here())
		return blocks.FactWanted(w), nil
	}
	v, err := b.Report.Strategy(ctx)
	if err != nil {
		return nothing, err
	}
	_, i := v.Strategy.Fact(w.Moved.Key)
	*s.then = blocks.FactWindow(v, desk.FactRef{Version: v.Strategy.Version, Number: i + 1}, &f, w.Moved, s.here())
	return blocks.Say("That fact was changed while you typed. Yours: " + short(f.Text) + " Nothing changed; open /koira facts again."), nil
}

// pressFactApply is the second press on a change of the facts: it is in force.
func (b *Bot) pressFactApply(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	m, err := factsSaid(factIsNow)(b.Desk.ApplyFact(ctx, c.actor, v.ID))
	if err != nil {
		return err
	}
	return b.whisper(ctx, c.asker, m)
}

// sendFactApply is the same from the window.
func (b *Bot) sendFactApply(ctx context.Context, s submission) (blocks.Message, error) {
	return factsSaid(factIsNow)(b.Desk.ApplyFact(ctx, s.actor, s.meta.ID))
}

// pressStillTrue says of facts, as they were drawn, that they are still so.
func (b *Bot) pressStillTrue(ctx context.Context, c click) error {
	refs, err := blocks.ParseFacts(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), foreign("no fact"))
	}
	done, err := b.Desk.ConfirmFacts(ctx, c.actor, refs...)
	if err != nil {
		return err
	}
	return b.whisper(ctx, c.asker, blocks.FactsSaid(done, "Still true, as of today"))
}

// pressFactOff takes a fact, as it was drawn, off the list.
func (b *Bot) pressFactOff(ctx context.Context, c click) error {
	ref, is, err := blocks.ParseFact(c.value)
	if err != nil || !is {
		return b.denied(ctx, c.asker, "press", string(c.id), foreign("no fact"))
	}
	done, err := b.Desk.RemoveFact(ctx, c.actor, ref)
	if err != nil {
		return err
	}
	return b.whisper(ctx, c.asker, blocks.FactsSaid(done, factIsOff))
}
