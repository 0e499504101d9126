package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
)

// auditVerbs are what can be done with the audit's list. To add one: its function, a row, a line in a conversation script.
var auditVerbs = map[string]func(*Bot, context.Context, asker, []string) (blocks.Message, error){
	"add":    (*Bot).auditAdd,
	"change": (*Bot).auditChange,
	"remove": (*Bot).auditRemove,
	"market": (*Bot).auditMarket,
}

// audit answers what to hand over first, or changes the list of weekly work.
func (b *Bot) audit(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "audit"); err != nil {
		return blocks.Message{}, err
	}
	if len(words) == 0 {
		return drawn(blocks.Audit)(b.Report.Audit(ctx))
	}
	verb := auditVerbs[strings.ToLower(words[0])]
	if verb == nil || len(words) < 2 {
		return blocks.Message{}, usage("/koira", "audit").wrong()
	}
	return verb(b, ctx, a, words[1:])
}

func (b *Bot) auditAdd(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	w, err := engine.ReadWork(engine.Work{Name: words[0]}, words[1:])
	if err != nil {
		return blocks.Message{}, err
	}
	return audited("is on the list")(b.Desk.AddWork(ctx, a.actor, w))
}

// audited says what came of a change.
func audited(how string) func(engine.Work, error) (blocks.Message, error) {
	return func(w engine.Work, err error) (blocks.Message, error) {
		if err != nil {
			return blocks.Message{}, err
		}
		return blocks.Audited(w, how), nil
	}
}

func takenOff(w engine.Work, err error) (blocks.Message, error) {
	return audited("is off the list")(engine.Work{Name: w.Name}, err)
}

// auditChange changes work by its number, or a task's hours by its name.
func (b *Bot) auditChange(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	w, err := b.listed(ctx, words[0])
	if err != nil {
		return blocks.Message{}, err
	}
	if w, err = engine.ReadWork(w, words[1:]); err != nil {
		return blocks.Message{}, err
	}
	return audited("is changed")(b.Desk.ChangeWork(ctx, a.actor, w, time.Time{})) // worked on again, the number may be another's
}

// listed is what a number of the list means, or a task's own hours.
func (b *Bot) listed(ctx context.Context, word string) (engine.Work, error) {
	if n, err := strconv.Atoi(word); err == nil {
		return b.Report.Work(ctx, n)
	}
	id, err := b.task(ctx, word)
	return engine.Work{ID: id, Task: id}, err
}

func (b *Bot) auditRemove(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	w, err := b.listed(ctx, words[0])
	if err != nil {
		return blocks.Message{}, err
	}
	if w.ID == w.Task {
		return blocks.Message{}, engine.Errorf(engine.CodeInvalid, "A task of mine is on the list because it runs; say /koira audit change %s off to forget its hours. Nothing changed.", w.ID)
	}
	return takenOff(b.Desk.RemoveWork(ctx, a.actor, w.ID, time.Time{})) // worked on again, the number may be another's
}

func (b *Bot) auditMarket(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.market(ctx, a.actor, words[0])
}

func (b *Bot) market(ctx context.Context, by engine.Actor, said string) (blocks.Message, error) {
	m, err := engine.ParseMarket(said)
	if err != nil {
		return blocks.Message{}, err
	}
	if err := b.Desk.SetMarket(ctx, by, m); err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.Audit)(b.Report.Audit(ctx))
}

// workWindow opens the window that adds work, filled in with what was proposed.
func (b *Bot) workWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Work to add", func() (slack.ModalViewRequest, error) {
		v, err := blocks.ParseValue(c.value)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		all := engine.Proposed(engine.MarketBoth)
		p := engine.ProposedWork{}
		if i := slices.IndexFunc(all, func(p engine.ProposedWork) bool { return p.Key == v.ID }); i >= 0 {
			p = all[i]
		}
		return blocks.WorkWindow(p, c.here()), nil
	})
}

func (b *Bot) workChangeWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Change the list", func() (slack.ModalViewRequest, error) {
		seen := b.Clock.Now() // before it is read: what changes meanwhile is not in it
		items, err := b.Report.AuditItems(ctx)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		v, err := b.Report.Autonomy(ctx)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		var tasks []engine.Task
		for _, row := range v.Tasks {
			tasks = append(tasks, row.Task)
		}
		return blocks.WorkChangeWindow(items, tasks, seen, c.here()), nil
	})
}

func (b *Bot) marketWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Whom we sell to", func() (slack.ModalViewRequest, error) {
		v, err := b.Report.Audit(ctx)
		return blocks.MarketWindow(v.Market, c.here()), err
	})
}

func (b *Bot) sendMarket(ctx context.Context, s submission) (blocks.Message, error) {
	return b.market(ctx, s.actor, blocks.ReadMarket(s.view))
}

func (b *Bot) sendWork(ctx context.Context, s submission) (blocks.Message, error) {
	f := blocks.ReadWork(s.view)
	w, err := filled(engine.Work{Name: f.Name}, f)
	if err != nil {
		return nothing, err
	}
	return audited("is on the list")(b.Desk.AddWork(ctx, s.actor, w))
}

func (b *Bot) sendWorkChange(ctx context.Context, s submission) (blocks.Message, error) {
	if err := b.allowed(ctx, s.asker, desk.ActionAudit, "audit"); err != nil {
		return nothing, err
	}
	f, seen := blocks.ReadWork(s.view), time.Unix(0, s.meta.Seen)
	items, err := b.Report.AuditItems(ctx)
	if err != nil {
		return nothing, err
	}
	var w engine.Work
	for _, x := range items {
		if x.ID == f.ID {
			w = x.Work
		}
	}
	if f.Off && !f.Mine {
		return takenOff(b.Desk.RemoveWork(ctx, s.actor, f.ID, seen)) // worked on again, it is off the list
	}
	if f.Off {
		f.Hours = "off"
	}
	if w, err = filled(w, f); err != nil {
		return nothing, err
	}
	return audited("is changed")(b.Desk.ChangeWork(ctx, s.actor, w, seen))
}

// filled is w with what a window's fields say. Code invalid, with its field.
func filled(w engine.Work, f blocks.WorkForm) (engine.Work, error) {
	if f.Hours != "" {
		m, err := engine.ParseMinutes(f.Hours)
		if err != nil {
			return w, err
		}
		w.Minutes = m
	}
	if f.Times != "" {
		n, err := strconv.Atoi(f.Times)
		if err != nil || n < 1 {
			e := engine.Errorf(engine.CodeInvalid, "How often is a number such as 5; you wrote %q. Nothing changed.", short(f.Times))
			e.Field = blocks.FieldTimes
			return w, e
		}
		w.Times = n
	}
	if f.Sensitivity != "" {
		w.Sensitivity = f.Sensitivity
	}
	if len(f.Nature) > 0 {
		w.Nature, w.Guessed = f.Nature, false
	}
	if f.Free {
		w.Nature, w.Guessed = nil, false
	}
	switch f.By {
	case "":
	case "hand":
		w.Task = ""
	default:
		w.Task = f.By
	}
	return w, nil
}
