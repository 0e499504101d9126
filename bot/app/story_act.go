package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/channel/sandbox"
)

// click presses a button of m, or of the newest message that the person sees with such a button.
func (p *player) click(ctx context.Context, a act, m workspace.Message) error {
	all := p.visible(a.who)
	slices.Reverse(all)
	if i := slices.IndexFunc(all, func(x workspace.Message) bool { return x.Channel == m.Channel && x.TS == m.TS }); i >= 0 {
		all = append([]workspace.Message{all[i]}, all...)
	}
	for _, x := range all {
		on := pressed(x.Blocks, a.what)
		if on == nil {
			continue
		}
		p.out.act(p.d.clock.Now(), p.day(), fmt.Sprintf("%s clicks [%s] on %q", a.who, a.what, p.out.brief(x.Text)))
		p.out.about = x
		c := workspace.Click{User: p.id(a.who), Channel: x.Channel, TS: x.TS, Block: on.block, Action: on.action}
		if c.Action == "menu" {
			c.Value = on.value
		}
		return p.d.space.Click(ctx, c)
	}
	return engine.Errorf(engine.CodeInternal, "%s sees nothing labelled %q.", a.who, a.what)
}

// send submits the window that the person has open. The card that a click answered without a window is none.
func (p *player) send(ctx context.Context, a act, link string) error {
	v := p.d.space.Modal(p.id(a.who))
	if v == nil {
		return engine.Errorf(engine.CodeInternal, "%s has no window open.", a.who)
	}
	values := map[string]map[string]any{}
	for k, x := range a.with {
		if k == "link" && x == "" {
			x = link
		}
		values[k] = map[string]any{k: []string{x}}
	}
	p.out.sent(p.d.clock.Now(), p.day(), a.who, v, values)
	return p.d.space.Submit(ctx, p.id(a.who), v.ID, values)
}

// read goes through a window that shows one piece after the other, and says yes to each that it has looked at for a minute.
func (p *player) read(ctx context.Context, a act) error {
	n := 0
	for range 200 {
		v := p.d.space.Modal(p.id(a.who))
		on := pressed(blocksOf(v), "Approve")
		if on != nil {
			n++
		} else if on = pressed(blocksOf(v), "Next"); on == nil {
			break
		}
		p.d.clock.Advance(time.Minute)
		if err := p.d.space.Click(ctx, workspace.Click{User: p.id(a.who), View: v.ID, Block: on.block, Action: on.action}); err != nil {
			return err
		}
		if err := p.settle(ctx, false); err != nil {
			return err
		}
	}
	p.out.act(p.d.clock.Now(), p.day(), fmt.Sprintf("%s reads one piece after the other in the window, and clicks [Approve] on each of %d", a.who, n))
	if v := p.d.space.Modal(p.id(a.who)); v != nil {
		return p.d.space.Close(ctx, v.User, v.ID)
	}
	return nil
}

// post puts the text that stands in the card's thread where people post.
func (p *player) post(m workspace.Message) (string, error) {
	p.posted++
	link, text := "", m.Text
	for _, c := range p.d.config.Channels {
		if strings.Contains(m.Text, c.Label+" (simulated)") {
			link = fmt.Sprintf("https://%s.example/leipa/%d", c.Name, p.posted)
		}
	}
	if thread := p.d.space.Thread(m.Channel, m.TS); len(thread) > 1 {
		text = thread[1].Text
	}
	return link, p.d.world.PostedByHand(link, text, p.d.clock.Now())
}

// settle lets koira work until nothing is left to do at this moment: every envelope is acknowledged and done, and everything told. tick has the
// loop look at what is due first.
func (p *player) settle(ctx context.Context, tick bool) error {
	for range 20_000 {
		select {
		case <-p.wakeup:
			tick = true
		default:
		}
		if tick {
			if err := p.d.core.Tick(ctx); err != nil {
				return err
			}
			p.nudge()
		}
		if err := p.d.o.Wall.Wait(ctx, settleEvery); err != nil {
			return err
		}
		if done, err := p.settled(ctx); err != nil || done && !tick && len(p.wakeup) == 0 {
			return err
		}
		tick = false
	}
	inbox, _ := p.d.core.DB.PendingDeliveries(ctx, 9)
	outbox, _ := p.d.core.DB.DueNotices(ctx, p.d.clock.Now(), 9)
	return engine.Errorf(engine.CodeInternal, "koira never settles: %d envelopes are not done, Slack has sent all: %v, and to be told are %v.", len(inbox), p.d.space.Quiet(), outbox)
}

// feel puts a simulated audience into a mood.
func (p *player) feel(a act) {
	p.d.world.SetMood(a.what, sandbox.Mood{Click: a.mood[0], Leave: a.mood[1]})
}
