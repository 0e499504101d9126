package bot

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// awayDays is how long somebody is away who does not say until when; the window asks.
const awayDays = "7 days"

// away opens the window that says what would happen until then, and starts it there.
func (b *Bot) away(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.allowed(ctx, a, desk.ActionAway, a.actor.ID); err != nil {
		return blocks.Message{}, err
	}
	frame, err := b.Report.Frame(ctx)
	if err != nil {
		return blocks.Message{}, err
	}
	f, err := b.awayForm(ctx, words, frame)
	if err != nil {
		return blocks.Message{}, err
	}
	w, err := wish(f)
	if err != nil {
		return blocks.Message{}, err
	}
	running, err := b.Desk.ProposeAway(ctx, a.actor, w)
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.Message{}, b.window(ctx, a, "Going away", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.Leaving) slack.ModalViewRequest { return blocks.AwayWindow(v, f, running, a.here()) })(
			b.Report.Leaving(ctx, a.actor.ID, f.Until, f.MaxLevel))
	})
}

// awayForm reads "until 8 Dec --delegate @tomi --max-level L4 --budget 50"; the flags come in any order. Phones make one long dash of two short ones.
func (b *Bot) awayForm(ctx context.Context, words []string, frame report.Frame) (blocks.AwayForm, error) {
	f := blocks.AwayForm{MaxLevel: engine.L5}
	wrong := usage("/koira", "away").wrong()
	until := words
	if i := slices.IndexFunc(words, isFlag); i >= 0 {
		until = words[:i]
		for rest := words[i:]; len(rest) > 0; rest = rest[2:] {
			if len(rest) < 2 || isFlag(rest[1]) {
				return f, wrong
			}
			var err error
			switch strings.ToLower(strings.TrimLeft(rest[0], "-–—")) {
			case "delegate":
				f.Delegate, err = b.named(ctx, rest[1])
			case "max-level":
				f.MaxLevel, err = engine.ParseLevel(rest[1])
			case "budget":
				f.Budget = rest[1]
			default:
				return f, wrong
			}
			if err != nil {
				return f, err
			}
		}
	}
	if len(until) > 0 {
		if !strings.EqualFold(until[0], "until") && !strings.EqualFold(until[0], "for") {
			return f, wrong
		}
		until = until[1:]
	} else {
		until = strings.Fields(awayDays)
	}
	var err error
	f.Until, err = desk.ParseUntil(strings.Join(until, " "), frame.AsOf, frame.Zone)
	return f, err
}

func isFlag(w string) bool {
	return strings.HasPrefix(w, "--") || strings.HasPrefix(w, "—") || strings.HasPrefix(w, "–")
}

// wish is what a form asks for. Code invalid, with its field, for what is no sum.
func wish(f blocks.AwayForm) (desk.Away, error) {
	w := desk.Away{Until: f.Until, Delegate: f.Delegate, MaxLevel: f.MaxLevel, Capped: f.Budget != ""}
	if !w.Capped {
		return w, nil
	}
	sum, err := engine.ParseMoney(f.Budget)
	if err != nil {
		e := engine.Errorf(engine.CodeInvalid, "The money for that time must be a sum like 50 or 49.50; you wrote %q. Nothing changed.", short(f.Budget))
		e.Field, e.Err = blocks.FieldBudget, err
		return w, e
	}
	w.Budget = sum
	return w, nil
}

// named finds the listed person whom "@tomi", "<@U…>" or an id means. Code not_found for anybody else.
func (b *Bot) named(ctx context.Context, word string) (string, error) {
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(word, "<"), "@"), ">")
	name, _, _ = strings.Cut(name, "|")
	for _, id := range b.People.With(engine.RoleViewer) {
		if strings.EqualFold(id, name) {
			return id, nil
		}
	}
	for _, id := range b.People.With(engine.RoleViewer) {
		f, err := b.faces.look(ctx, id)
		if err == nil && name != "" && slices.ContainsFunc(f.names, func(n string) bool { return strings.EqualFold(n, name) }) {
			return id, nil
		}
	}
	e := engine.Errorf(engine.CodeNotFound, "Nobody on the list here is called %s. Nothing changed.", short(word))
	e.Field = blocks.FieldDelegate
	return "", e
}

// sendAway starts, or changes, the sender's absence.
func (b *Bot) sendAway(ctx context.Context, s submission) (blocks.Message, error) {
	frame, err := b.Report.Frame(ctx)
	if err != nil {
		return nothing, err
	}
	f, err := blocks.ReadAway(s.view, frame.Zone)
	if err != nil {
		return nothing, err
	}
	w, err := wish(f)
	if err != nil {
		return nothing, err
	}
	_, err = b.Desk.GoAway(ctx, s.actor, w)
	return nothing, err // the card tells it
}

// back says that the asker is there again. Their report is a message of its own.
func (b *Bot) back(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	if _, err := b.Desk.Back(ctx, a.actor); err != nil {
		return blocks.Message{}, err
	}
	return blocks.Say("Welcome back. What happened meanwhile comes to you as a message."), nil
}

func (b *Bot) pressReturn(ctx context.Context, c click) error {
	m, err := b.back(ctx, c.asker, nil)
	if err != nil {
		return err
	}
	return b.show(ctx, c.asker, m)
}

// drawAway tells where reports are that an owner is away, and there that they are back.
func (b *Bot) drawAway(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Absence(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) == 0 && !v.EndedAt.IsZero() {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Reports, blocks.Away(v), nil), nil
}

// drawReturn sends each owner whom it is for one message of their own, in the day. A card's version says whose it is.
func (b *Bot) drawReturn(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Return(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.Store.Cards(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	var ps []parcel
	for _, owner := range v.Owners {
		if owner == engine.Koira.ID || hasVersion(standing, owner) {
			continue
		}
		ps = append(ps, parcel{Room: owner, Day: &v.Frame, Card: engine.Card{Kind: n.Kind, Subject: n.Subject, Version: owner}, Message: blocks.Return(v)})
	}
	return ps, nil
}

// nagEvery is how often somebody who is away and acts all the same is asked whether they are back; for so long after they went they are not.
const nagEvery = 12 * time.Hour

// nags knows when an absence's owner was asked last. A start forgets it: asked once more is no harm.
type nags struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (n *nags) due(a engine.Absence, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	last, ok := n.last[a.ID]
	if !ok {
		last = a.From
	}
	if now.Sub(last) < nagEvery {
		return false
	}
	if n.last == nil {
		n.last = map[string]time.Time{}
	}
	n.last[a.ID] = now
	return true
}

// stillAway offers an owner who did something while they are away to say that they are back. It says nothing by itself.
func (b *Bot) stillAway(ctx context.Context, a asker) {
	if a.actor.ID == "" || b.People.Role(a.actor.ID) < engine.RoleOwner {
		return
	}
	now, err := b.Report.AwayNow(ctx, a.actor.ID)
	if err != nil || now == nil || !b.nags.due(*now, b.Clock.Now()) {
		return
	}
	frame, err := b.Report.Frame(ctx)
	if err == nil {
		err = b.whisper(ctx, a, blocks.StillAway(*now, frame))
	}
	if err != nil {
		b.Log.Warn("an owner could not be asked whether they are back", "user", a.actor.ID, "code", engine.CodeOf(err), "err", err)
	}
}
