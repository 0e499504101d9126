package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/bot/workspace"
	"koira/engine"
)

// storyWall is the wall's clock of a story: the people in it look at a card for hours that pass in a moment, and what waits does not wait for that
// long.
type storyWall struct {
	*SimClock
	wall engine.Clock
}

func (w storyWall) Wait(ctx context.Context, d time.Duration) error { return w.wall.Wait(ctx, d) }

// player plays the story in a workspace: it moves the clock, and lets people press what koira shows them.
type player struct {
	d      *demo
	people []workspace.Person
	wakeup chan struct{}
	nudge  func()
	out    *transcript
	pause  time.Duration // before each act of a scene that is no habit, so that somebody can watch
	played []int         // by scene: the day on which it was played last, 0 for never
	posted int
	done   map[string]bool // by scene and message
}

func newPlayer(d *demo) *player {
	p := &player{d: d, people: d.space.People(), wakeup: make(chan struct{}, 1), nudge: func() {}, played: make([]int, len(story)), done: map[string]bool{}}
	p.out = newTranscript(d.o.Out, d.space, d.config.zone())
	return p
}

// wake is told that somebody did something.
func (p *player) wake() {
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}

// run plays all days, as fast as they go.
func (p *player) run(ctx context.Context) error {
	end := storyStart.AddDate(0, 0, storyDays)
	for p.d.clock.Now().Before(end) {
		if err := p.tick(ctx); err != nil {
			return err
		}
		step, err := p.d.stride(ctx)
		if err != nil {
			return err
		}
		p.d.clock.Advance(p.until(min(step, storyStride)))
	}
	return p.missed(storyDays + 1)
}

// storyStride is the longest that passes between two looks.
const storyStride = 3 * time.Hour

// until shortens a step so that it ends where the next scene begins.
func (p *player) until(step time.Duration) time.Duration {
	now := p.d.clock.Now()
	today := engine.DayStart(now, p.d.config.zone())
	for i, s := range story {
		if n := p.day(); s.at == "" || n < s.from || n > max(s.from, s.to) || !s.each && p.played[i] > 0 {
			continue
		}
		if wait := today.Add(clockTime(s.at)).Sub(now); wait > 0 {
			step = min(step, wait)
		}
	}
	return step
}

func clockTime(at string) time.Duration {
	t, err := time.Parse("15:04", at)
	if err != nil {
		panic("the story has no time " + at)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

// day is which day of the story it is.
func (p *player) day() int {
	zone := p.d.config.zone()
	return int(engine.DayStart(p.d.clock.Now(), zone).Sub(engine.DayStart(storyStart, zone)).Hours()/24+.5) + 1
}

// tick lets koira do what is due now, and people what the story has for this moment.
func (p *player) tick(ctx context.Context) error {
	if err := p.settle(ctx, true); err != nil {
		return err
	}
	p.out.news(p.d.clock.Now(), p.day())
	if err := p.missed(p.day()); err != nil {
		return err
	}
	for i := range story {
		if err := p.scene(ctx, i); err != nil {
			s := story[i]
			return fmt.Errorf("day %d of the story, %q: %w", p.day(), strings.TrimSpace(s.sees+" "+s.button+" "+s.say), err)
		}
	}
	return nil
}

// missed is the error for a scene whose card has not come by its last day.
func (p *player) missed(today int) error {
	for i, s := range story {
		if s.sees != "" && !s.each && p.played[i] == 0 && today > max(s.from, s.to) {
			return engine.Errorf(engine.CodeInternal, "koira has shown nothing with %q by day %d of the story.", s.sees, max(s.from, s.to))
		}
	}
	return nil
}

// scene plays one scene if its time has come.
func (p *player) scene(ctx context.Context, i int) error {
	s, now, today := story[i], p.d.clock.Now().In(p.d.config.zone()), p.day()
	since := now.Sub(engine.DayStart(now, p.d.config.zone()))
	switch {
	case today < s.from || today > max(s.from, s.to) || s.days != "" && !strings.Contains(s.days, strings.ToLower(now.Format("Mon"))):
		return nil
	case since < clockTime(s.at) || since > 20*time.Hour || p.played[i] == today || !s.each && p.played[i] > 0:
		return nil
	}
	if s.sees == "" && s.button == "" {
		p.played[i] = today
		return p.play(ctx, s, workspace.Message{})
	}
	for _, m := range p.sights(i, s) {
		p.done[sight(i, m)], p.played[i] = true, today
		if err := p.play(ctx, s, m); err != nil {
			return err
		}
		if !s.each {
			return nil
		}
		p.d.clock.Advance(20 * time.Second) // people read one card after the other
	}
	return nil
}

// sight is one message as it is seen in scene i.
func sight(i int, m workspace.Message) string { return fmt.Sprint(i, m.Channel, m.TS) }

// sights are the messages that scene i waits for and that it did not play with, the oldest first.
func (p *player) sights(i int, s storyScene) []workspace.Message {
	who, label := "mari", []byte(strings.TrimSuffix(s.button, "…"))
	if len(s.acts) > 0 {
		who = s.acts[0].who
	}
	return slices.DeleteFunc(p.visible(who), func(m workspace.Message) bool {
		if !strings.Contains(m.Text, s.sees) || p.done[sight(i, m)] {
			return true
		}
		return s.button != "" && !(bytes.Contains(m.Blocks, label) && pressed(m.Blocks, s.button) != nil)
	})
}

// pressed is what is pressed by that label, nil where there is nothing.
func pressed(blocks json.RawMessage, label string) *control {
	all := controls(blocks)
	if i := slices.IndexFunc(all, func(c control) bool { return c.label == label }); i >= 0 {
		return &all[i]
	}
	return nil
}

// visible is what a person sees, the oldest first; what everybody sees for "".
func (p *player) visible(who string) []workspace.Message {
	var all []workspace.Message
	for _, r := range p.d.space.Channels() {
		if r.User != "" && r.User != p.id(who) {
			continue
		}
		all = append(all, p.d.space.Messages(r.ID)...)
		if who != "" {
			all = append(all, p.d.space.Ephemerals(p.id(who), r.ID)...)
		}
	}
	slices.SortStableFunc(all, func(a, b workspace.Message) int { return strings.Compare(a.TS, b.TS) })
	return all
}

func (p *player) id(name string) string {
	for _, x := range p.people {
		if x.Name == name {
			return x.ID
		}
	}
	return ""
}

// play lets people act. m is the message that it is about, the zero Message for none.
func (p *player) play(ctx context.Context, s storyScene, m workspace.Message) error {
	now := p.d.clock.Now()
	if s.say != "" {
		p.out.say(now, p.day(), s.say)
		p.d.caption(s.say)
	}
	if s.show {
		p.out.whole(m)
	}
	link := ""
	for _, a := range s.acts {
		if p.pause > 0 && !s.each {
			if err := p.d.o.Wall.Wait(ctx, p.pause); err != nil {
				return err
			}
		}
		var err error
		switch a.kind {
		case actTypes:
			p.out.act(p.d.clock.Now(), p.day(), a.who+": "+a.what)
			err = p.d.space.Command(ctx, p.id(a.who), p.d.space.Channels()[0].ID, a.what)
		case actClicks:
			err = p.click(ctx, a, m)
		case actSends:
			err = p.send(ctx, a, link)
		case actReads:
			err = p.read(ctx, a)
		case actPosts:
			link, err = p.post(m)
		case actFeels:
			p.out.act(p.d.clock.Now(), p.day(), fmt.Sprintf("(the simulated audience of %s: clicks × %g, leaves × %g)", a.what, a.mood[0], a.mood[1]))
			p.feel(a)
		}
		if err == nil {
			err = p.settle(ctx, false)
		}
		if err != nil {
			return err
		}
		p.out.answers(a.who, p.id(a.who))
		p.out.news(p.d.clock.Now(), p.day())
	}
	return nil
}

// storyPause is how long a scene stands before somebody acts in it, on a page that somebody watches.
const storyPause = 1500 * time.Millisecond

// settleEvery is how often the player looks whether koira is done, wall time.
const settleEvery = time.Millisecond

func (p *player) settled(ctx context.Context) (bool, error) {
	if !p.d.space.Quiet() {
		return false, nil
	}
	inbox, err := p.d.core.DB.PendingDeliveries(ctx, 1)
	if err != nil || len(inbox) > 0 {
		return false, err
	}
	outbox, err := p.d.core.DB.DueNotices(ctx, p.d.clock.Now(), 1)
	if len(outbox) > 0 {
		p.nudge() // what follows on a card is due at once, on a clock that stands still
	}
	return len(outbox) == 0, err
}
