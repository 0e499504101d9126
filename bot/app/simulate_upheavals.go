package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
)

// upheavals are what a history must come to so that a level falls in each of the ways in which it can: another model writes, a file with another voice
// is put in force, readers lose interest or leave, a fact turns out to have been untrue, a task makes nothing for long.
type upheavals struct {
	dice  *rand.Rand // their own: what they bring about moves nothing else
	door  string     // whose readers are in another mood
	until time.Time  // until when
	left  []string   // tasks of readers that an owner has taken away for long
	again time.Time  // when they are put back
}

// unsettled are upheavals that a batch of histories must have seen.
var unsettled = []string{
	"another model writes", "a file is put in force", "readers lose interest", "readers leave", "fact was untrue", "readers taken away for long", "strategy of some version",
}

// shortIdle is after how many days without a piece a level lapses in a history of a keen owner, whose tasks stand high for weeks, not months.
const shortIdle = 8

func newUpheavals(seed uint64) upheavals {
	return upheavals{dice: rand.New(rand.NewPCG(seed, 0x757068))}
}

// calm reports whether nothing of all this happens.
func (c *crowd) calm() bool { return c.s.o.Calm || c.s.o.study != nil || c.s.o.Letters }

// upset is what of it happens now.
func (c *crowd) upset(ctx context.Context) error {
	u := &c.upheavals
	if c.calm() {
		return nil
	}
	if err := c.moods(ctx); err != nil {
		return err
	}
	if err := c.hush(ctx); err != nil {
		return err
	}
	switch {
	case c.s.o.moves() && u.dice.IntN(25) == 0:
		return c.s.moveTask(ctx)
	case len(u.left) > 0:
		return nil
	case c.keen && c.s.o.Seed%4 == 0 && u.again.IsZero() && u.dice.IntN(60) == 0: // once, so that others keep what they earned
		return c.leaves(ctx)
	case u.dice.IntN(300) == 0:
		return c.untrue(ctx)
	}
	return nil
}

// moods lets those behind a door click less or leave for some weeks, and be as they were after that. While they click less, an owner asks for as much of
// each piece as it used to bring.
func (c *crowd) moods(ctx context.Context) error {
	u, now := &c.upheavals, c.s.clock.Now()
	if u.door != "" && now.After(u.until) {
		c.s.world.SetMood(u.door, sandbox.Mood{Click: 1, Leave: 1})
		u.door = ""
		return c.floor(ctx, "3")
	}
	if u.door != "" || u.dice.IntN(220) > 0 {
		return nil
	}
	u.door, u.until = "social", now.AddDate(0, 0, 20+u.dice.IntN(20))
	if u.dice.IntN(4) == 0 {
		u.door = "newsletter"
		c.s.world.SetMood(u.door, sandbox.Mood{Click: 1, Leave: 40})
		c.s.count("readers leave")
		return nil
	}
	c.s.world.SetMood(u.door, sandbox.Mood{Click: []float64{.02, .2, .3}[u.dice.IntN(3)], Leave: 1})
	c.s.count("readers lose interest")
	return c.floor(ctx, "9")
}

// floor is what an owner asks each piece on the social door to bring at least.
func (c *crowd) floor(ctx context.Context, least string) error {
	for _, task := range []string{"daily-social", "shop-notes"} {
		err := c.change(ctx, c.owner, "threshold:"+task+":clicks:floor", least)
		if err := c.did(ctx, "floor", err, engine.Output{}, nil); err != nil {
			return err
		}
	}
	return nil
}

// leaves is an owner who takes the readers of a task away for as long as it takes until the task has made nothing for long, though it may go out by itself.
func (c *crowd) leaves(ctx context.Context) error {
	tasks, err := c.s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(tasks, func(t engine.Task) bool { return t.Level >= engine.L4 && t.Paused == nil })
	if i < 0 {
		return nil
	}
	s, err := c.s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	lines := slices.DeleteFunc(strings.Split(desk.StrategyText(s, desk.PartSegments), "\n"), func(l string) bool { return strings.HasPrefix(l, tasks[i].Segment+":") })
	w, err := c.s.core.Desk.WantStrategy(ctx, c.owner, s.Version, engine.RuleEdit{Rule: desk.PartSegments, To: strings.Join(lines, "\n")})
	if err == nil {
		_, err = c.s.core.Desk.ApplyStrategy(ctx, c.owner, w.ID, "")
	}
	if err == nil {
		c.upheavals.again = c.s.clock.Now().AddDate(0, 0, shortIdle+6)
		for _, t := range tasks {
			if t.Segment == tasks[i].Segment {
				c.upheavals.left = append(c.upheavals.left, t.ID)
			}
		}
	}
	return c.changed(ctx, "readers taken away for long", err)
}

// away reports whether the readers of some task are away for long still: until then nobody puts the strategy right.
func (u *upheavals) away(now time.Time) bool {
	if now.After(u.again) {
		u.left = nil
	}
	return len(u.left) > 0
}

// untrue is an owner who hears that a fact has not been so for some days: what is out and says it should have been stopped.
func (c *crowd) untrue(ctx context.Context) error {
	u := &c.upheavals
	s, err := c.s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	for _, i := range u.dice.Perm(len(s.Facts)) {
		f := s.Facts[i]
		if quotable[f.Key] == "" || !f.Until.IsZero() {
			continue
		}
		f.Until = c.s.clock.Now().AddDate(0, 0, -1-u.dice.IntN(20))
		return c.changed(ctx, "fact was untrue", c.fact(ctx, f, desk.FactRef{Version: s.Version, Number: i + 1}))
	}
	return nil
}

// hush is somebody who reads an e-mail that has just gone out, and stops its delivery.
func (c *crowd) hush(ctx context.Context) error {
	now := c.s.clock.Now()
	out, err := c.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StatePublished}, Newest: true, Bare: true, Limit: 5})
	if err != nil {
		return err
	}
	for _, o := range out {
		if o.Kind != engine.KindEmail || now.Sub(o.PublishedAt) > 5*time.Minute || c.upheavals.dice.IntN(2) == 0 {
			continue
		}
		if err := c.mustFail(ctx, "stranger stops the rest", func() error { return c.s.core.Desk.StopRest(ctx, c.stranger, o.ID, o.Digest) }, o.ID); err != nil {
			return err
		}
		c.s.soon = 4
		return c.did(ctx, "stop the rest", c.s.core.Desk.StopRest(ctx, c.approver, o.ID, o.Digest), o, nil)
	}
	return nil
}

// otherwise is what may be otherwise at a start: another model, or another version of the words that it is asked with; a file whose voice is another, which is put
// in force.
func (s *simulation) otherwise(ctx context.Context) error {
	u := &s.crowd.upheavals
	if s.crowd.calm() || s.closing {
		return nil
	}
	if u.dice.IntN(80) > 0 {
		return nil
	}
	s.config.Voice.Tone = fmt.Sprintf("Plain, warm and short, for the %d. time.", s.opened)
	if err := s.core.put(ctx, s.config, s.clock.Now()); err != nil {
		return err
	}
	if _, err := s.core.Desk.Recheck(ctx, ""); err != nil {
		return err
	}
	s.at("import")
	s.count("a file is put in force")
	if err := s.inForce(ctx); err != nil {
		return err
	}
	return s.oracle.touched(ctx)
}

// inForce takes down that the file is: it allows every channel, and says what people own.
func (s *simulation) inForce(ctx context.Context) error {
	is, err := s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	clear(s.oracle.shut)
	s.oracle.owned(is)
	return nil
}

// Identity is the model, and the version of the words that it is asked with.
func (m *moody) Identity() string { return fmt.Sprint("simulated, prompt ", m.prompt) }

// retrain lets another model write from now on, now and then.
func (m *moody) retrain() {
	if m.s.opened > 1 && !m.s.crowd.calm() && m.s.crowd.upheavals.dice.IntN(30) == 0 {
		m.prompt++
		m.s.count("another model writes")
	}
}
