package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// crowd is the people of a simulated history: an owner, an approver, each with a manner of their own, and somebody who may do nothing and tries. They
// come to koira in waking hours, stay away for days, and do what people do, most of it sensible.
type crowd struct {
	s               *simulation
	owner, approver engine.Actor
	stranger        engine.Actor
	manners         map[string]*manner       // by user
	keen            bool                     // the owner asks for little before a task runs by itself, and looks often whether it may
	fussy           bool                     // they edit and reject often; otherwise koira earns their trust
	away            map[string]time.Time     // until when somebody does not look
	asked           time.Time                // when they were last asked what they do
	cards           map[string]engine.Digest // an earlier version of a piece, still on somebody's screen
	stoppedAt       time.Time
	stampedAt       time.Time
	pausedAt        map[string]time.Time
	thinned         time.Time // when they last took something of the strategy away
	postedLinks     int
	voices          int
	acting          engine.Actor // who decides at the moment
	upheavals       upheavals
}

func newCrowd(s *simulation) *crowd {
	who := func(id string) engine.Actor {
		return engine.Actor{ID: id, Team: "T0KOIRA01", Role: s.config.people().Role(id), Surface: engine.SurfaceSlack}
	}
	c := &crowd{
		s: s, manners: map[string]*manner{}, owner: who("U0MARI0001"), approver: who("U0TOMI0001"), stranger: who("U0EVE00001"), fussy: s.o.Seed%4 == 3, keen: s.o.keen(),
		away: map[string]time.Time{}, cards: map[string]engine.Digest{}, pausedAt: map[string]time.Time{},
		upheavals: newUpheavals(s.o.Seed),
	}
	c.cast()
	return c
}

// act is what people do between two ticks.
func (c *crowd) act(ctx context.Context) error {
	now := c.s.clock.Now()
	if err := c.hasty(ctx); err != nil {
		return err
	}
	if h := now.In(c.s.config.zone()).Hour(); h < 7 || h >= 21 {
		return nil
	}
	hours := c.hours(now)
	for _, a := range []engine.Actor{c.owner, c.approver} {
		if !c.comes(a, now, hours) {
			continue
		}
		if err := c.look(ctx, a); err != nil {
			return err
		}
		if err := c.answer(ctx, a); err != nil {
			return err
		}
	}
	if c.s.o.study != nil {
		_, err := c.tend(ctx)
		return err
	}
	if err := c.upset(ctx); err != nil {
		return err
	}
	for range min(hours, 2) {
		if err := c.rarely(ctx); err != nil {
			return err
		}
	}
	return nil
}

// hours is about how many have passed since people were last asked what they do.
func (c *crowd) hours(now time.Time) int {
	h := now.Sub(c.asked).Round(time.Hour) / time.Hour
	c.asked = now
	return int(min(max(h, 1), 8))
}

// look is one person going through what waits.
func (c *crowd) look(ctx context.Context, a engine.Actor) error {
	open, err := c.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{
		engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateUnconfirmed, engine.StateScheduled,
	}, Bare: true})
	if err != nil {
		return err
	}
	for _, o := range open {
		if c.acting = a; !c.listed(a) && o.State == engine.StateWaiting && c.s.dice.IntN(4) == 0 {
			if err := c.gone(ctx, a, o); err != nil {
				return err
			}
			continue
		}
		if err := c.decide(ctx, a, o.ID, o.State); err != nil {
			return err
		}
	}
	return nil
}

// decide is what one person does with one piece at one moment: mostly nothing.
func (c *crowd) decide(ctx context.Context, a engine.Actor, id string, state engine.State) error {
	n := c.s.dice.IntN(1000)
	for _, h := range c.manners[a.ID].habits[state] {
		if n -= h.in; n < 0 {
			o, err := c.s.core.DB.Output(ctx, id)
			if err != nil || o.State != state { // an act on another piece may have moved it
				return err
			}
			return h.do(c, ctx, a, o)
		}
	}
	return nil
}

func click(o engine.Output) desk.Click {
	return desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Looked: time.Minute, Whole: true}
}

// approve is a yes, at times pressed twice: the second press must change nothing.
func (c *crowd) approve(ctx context.Context, a engine.Actor, o engine.Output) error {
	err := c.s.core.Desk.Approve(ctx, a, click(o))
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true}, err)
	if err := c.did(ctx, "approve", err, o, approves); err != nil || c.s.dice.IntN(4) > 0 {
		return err
	}
	return c.mustFail(ctx, "approve twice", func() error { return c.s.core.Desk.Approve(ctx, a, click(o)) }, o.ID)
}

// allowOnce is an owner who lets one version pass above the limits, and an approver who may not.
func (c *crowd) allowOnce(ctx context.Context, _ engine.Actor, o engine.Output) error {
	d := c.s.core.Desk
	c.acting = c.owner
	p, err := d.ProposeOnce(ctx, c.owner, o.ID, o.Digest)
	if err != nil {
		return c.did(ctx, "allow once", err, o, nil)
	}
	marks := p.Marks()
	if err := c.mustFail(ctx, "approver allows once", func() error { return d.AllowOnce(ctx, c.approver, click(o), p.Rise, marks) }, o.ID); err != nil {
		return err
	}
	if err = d.AllowOnce(ctx, c.owner, click(o), p.Rise, marks); err == nil {
		c.s.oracle.allowed(o, p.Rise)
	}
	c.s.oracle.hears(o, said{by: c.owner.ID, good: true, read: true}, err)
	return c.did(ctx, "allow once", err, o, approves)
}

func (c *crowd) publishNow(ctx context.Context, a engine.Actor, o engine.Output) error {
	err := c.s.core.Desk.PublishNow(ctx, a, click(o))
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true}, err)
	return c.did(ctx, "publish now", err, o, approvesAny)
}

// approveOld is a yes on a card that shows what the piece said before, or what it never said.
func (c *crowd) approveOld(ctx context.Context, a engine.Actor, o engine.Output) error {
	k := click(o)
	k.Digest = "0000"
	if old, ok := c.cards[o.ID]; ok && old != o.Digest {
		k.Digest = old
	}
	return c.mustFail(ctx, "approve an old version", func() error { return c.s.core.Desk.Approve(ctx, a, k) }, o.ID)
}

// intrude is somebody who may not: a stranger, and a desk of a koira whose list of people is empty.
func (c *crowd) intrude(ctx context.Context, _ engine.Actor, o engine.Output) error {
	if err := c.mustFail(ctx, "stranger approves", func() error { return c.s.core.Desk.Approve(ctx, c.stranger, click(o)) }, o.ID); err != nil {
		return err
	}
	return c.mustFail(ctx, "approve with nobody listed", func() error { return c.s.nobody().Approve(ctx, c.approver, click(o)) }, o.ID)
}

func (c *crowd) reject(ctx context.Context, a engine.Actor, o engine.Output) error {
	if c.spares(o) {
		return nil
	}
	n := c.s.dice.IntN(8)
	no := desk.No{Output: o.ID, Digest: o.Digest, Reason: "dull", Severe: n == 0 && c.fussy, Again: n < 3}
	return c.rejects(ctx, a, o, no)
}

// rejects presses Reject, and tells the oracle.
func (c *crowd) rejects(ctx context.Context, a engine.Actor, o engine.Output, no desk.No) error {
	err := c.s.core.Desk.Reject(ctx, a, no)
	c.s.oracle.hears(o, said{by: a.ID, severe: no.Severe}, err)
	c.s.oracle.judges(a, err)
	return c.did(ctx, "reject "+string(o.State), err, o, nil)
}

// spares reports whether a crowd that is content leaves a waiting piece as it is after all.
func (c *crowd) spares(o engine.Output) bool {
	return !c.fussy && o.State == engine.StateWaiting && c.s.dice.IntN(4) > 0
}

func (c *crowd) reslot(ctx context.Context, a engine.Actor, o engine.Output) error {
	c.cards[o.ID] = o.Digest
	_, err := c.s.core.Desk.Reslot(ctx, a, o.ID, o.Digest, o.Slot.Add(time.Duration(1+c.s.dice.IntN(30))*time.Hour))
	return c.did(ctx, "reslot", err, o, nil)
}

func (c *crowd) takeBack(ctx context.Context, a engine.Actor, o engine.Output) error {
	yes, err := c.s.core.DB.Approval(ctx, o.ID, o.Digest)
	if err != nil {
		return err
	}
	err = c.s.core.Desk.TakeBack(ctx, a, o.ID, o.Digest)
	c.s.oracle.judges(a, err)
	told := c.did(ctx, "take back", err, o, nil)
	if err == nil && yes != nil { // after what was written down before it was looked at: an offer may have been made on that yes just then
		c.s.oracle.forgets(o)
	}
	return told
}

// sendRest is somebody who lets the rest of an e-mail follow that waits for a person.
func (c *crowd) sendRest(ctx context.Context, a engine.Actor, o engine.Output) error {
	if rest, err := c.rest(ctx, o); err != nil || !rest {
		return err
	}
	if err := c.mustFail(ctx, "stranger sends the rest", func() error { return c.s.core.Desk.SendRest(ctx, c.stranger, click(o)) }, o.ID); err != nil {
		return err
	}
	c.acting = a
	return c.did(ctx, "send the rest", c.s.core.Desk.SendRest(ctx, a, click(o)), o, approves)
}

// stopRest is somebody who leaves an e-mail with those who have it.
func (c *crowd) stopRest(ctx context.Context, a engine.Actor, o engine.Output) error {
	if rest, err := c.rest(ctx, o); err != nil || !rest || c.s.dice.IntN(4) > 0 {
		return err
	}
	return c.did(ctx, "stop what waits", c.s.core.Desk.StopRest(ctx, a, o.ID, o.Digest), o, nil)
}

func (c *crowd) rest(ctx context.Context, o engine.Output) (bool, error) {
	sends, err := c.s.core.DB.Sends(ctx, o.ID)
	return engine.Partly(sends), err
}

// looksGood is somebody who looks at what goes out by itself; of what somebody approved there is nothing to say.
func (c *crowd) looksGood(ctx context.Context, a engine.Actor, o engine.Output) error {
	refusal := c.s.core.Desk.LooksGood(ctx, a, click(o))
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true}, refusal)
	if err := c.did(ctx, "looks good", refusal, o, nil); err != nil || refusal != nil {
		return err
	}
	return c.mustFail(ctx, "stranger finds it good", func() error { return c.s.core.Desk.LooksGood(ctx, c.stranger, click(o)) }, o.ID)
}

// halt is somebody who stops what goes out unasked, and at times thinks again at once.
func (c *crowd) halt(ctx context.Context, a engine.Actor, o engine.Output) error {
	yes, err := c.s.core.DB.Approval(ctx, o.ID, o.Digest)
	if err != nil || yes != nil {
		return err
	}
	if err := c.takeBack(ctx, a, o); err != nil || c.s.dice.IntN(2) == 0 {
		return err
	}
	o, err = c.s.core.DB.Output(ctx, o.ID)
	if err != nil || o.State != engine.StateWaiting {
		return err
	}
	return c.putBack(ctx, a, o)
}

// putBack is somebody who lets what was stopped go after all, at its time, or later once that is past.
func (c *crowd) putBack(ctx context.Context, a engine.Actor, o engine.Output) error {
	looks, err := c.s.core.DB.Remarks(ctx, o.ID, o.Digest)
	if err != nil || len(looks) == 0 || looks[len(looks)-1].Verdict != engine.ReviewStopped {
		return err
	}
	at := time.Time{}
	if now := c.s.clock.Now(); !o.Slot.After(now) {
		at = now.Add(time.Duration(1+c.s.dice.IntN(30)) * time.Hour)
	}
	err = c.s.core.Desk.PutBack(ctx, a, click(o), at)
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true}, err)
	return c.did(ctx, "put back", err, o, approvesAny)
}

// alarm is somebody who hears that an outcome is unknown and takes the channel off the list: only the claim keeps the piece from going again.
func (c *crowd) alarm(ctx context.Context, _ engine.Actor, o engine.Output) error {
	if c.s.oracle.shut[o.Channel] {
		return nil
	}
	return c.close(ctx, o.Channel)
}

func (c *crowd) drop(ctx context.Context, a engine.Actor, o engine.Output) error {
	return c.did(ctx, "drop", c.s.core.Desk.Drop(ctx, a, o.ID, o.Digest), o, nil)
}

func (c *crowd) edit(ctx context.Context, a engine.Actor, o engine.Output) error {
	if c.spares(o) {
		return nil
	}
	c.cards[o.ID] = o.Digest
	texts := make([]engine.Variant, len(o.Variants))
	for i, v := range o.Variants {
		texts[i] = v
		texts[i].Body = "Good morning from the bakery. " + v.Body
		if c.s.dice.IntN(6) == 0 {
			texts[i].Body = "Now 50 % off. " + v.Body // not in the facts: the gate must hold it
		}
	}
	_, _, err := c.s.core.Desk.Edit(ctx, a, o.ID, o.Digest, texts)
	c.s.oracle.judges(a, err)
	return c.did(ctx, "edit", err, o, nil)
}

func (c *crowd) byHand(ctx context.Context, a engine.Actor, o engine.Output) error {
	c.postedLinks++
	link := fmt.Sprintf("https://leipa.example/%s/%d", o.Channel, c.postedLinks)
	err := c.s.core.Desk.HandPublished(ctx, a, o.ID, o.Digest, link)
	if err == nil && len(o.Variants) > 0 {
		if err := c.s.world.PostedByHand(link, o.Variants[0].Shown, c.s.clock.Now()); err != nil {
			return err
		}
	}
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true, byHand: true}, err)
	return c.did(ctx, "published by hand", err, o, nil)
}

// unsure is an honest person settling an unknown outcome: they look, and say what they saw.
func (c *crowd) unsure(ctx context.Context, a engine.Actor, o engine.Output) error {
	d := c.s.core.Desk
	open, err := c.s.core.DB.OpenExceptions(ctx)
	if err != nil {
		return err
	}
	asked := false
	for _, e := range open {
		asked = asked || e.Kind == engine.ExceptionUnsure && e.Output == o.ID
	}
	if !asked {
		return nil
	}
	sends, err := c.s.core.DB.Sends(ctx, o.ID)
	if err != nil {
		return err
	}
	there, part := "", ""
	for _, s := range sends {
		if s.State != engine.SendUnconfirmed {
			continue
		}
		part = map[int]string{1: ", first readers", 2: ", the rest"}[s.Wave]
		for _, copy := range c.s.world.Copies() {
			if copy.Key == s.Key && copy.Gone.IsZero() && !copy.Landed.After(c.s.clock.Now()) {
				there = copy.URL
			}
		}
	}
	switch {
	case there != "":
		return c.did(ctx, "it is there"+part, d.ItIsThere(ctx, a, o.ID, o.Digest, there), o, nil)
	case c.s.dice.IntN(3) == 0:
		return c.did(ctx, "drop unsure"+part, d.DropUnsure(ctx, a, o.ID, o.Digest), o, nil)
	}
	again := desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}
	if err = d.SendAgain(ctx, a, again, true); engine.CodeOf(err) == engine.CodeDenied && a.ID != c.owner.ID && strings.Contains(err.Error(), "An owner let this one pass") {
		if err := c.did(ctx, "send again what an owner let through", err, o, nil); err != nil {
			return err
		}
		a, c.acting = c.owner, c.owner
		err = d.SendAgain(ctx, a, again, true)
	}
	if err == nil {
		if err := c.s.oracle.sentAgain(ctx, o); err != nil {
			return err
		}
	}
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true}, err)
	return c.did(ctx, "send again"+part, err, o, approvesAny)
}

// yes tells the oracle which version a person approved.
type yes int

const (
	nothing     yes = iota
	approvesIt      // exactly the version that was seen
	approvesNew     // the version that the act made of it
)

var approves, approvesAny = ptr(approvesIt), ptr(approvesNew)

func ptr(y yes) *yes { return &y }

// did counts an act and lets the oracle look at what it changed. A refusal is a normal answer, an internal fault is not.
func (c *crowd) did(ctx context.Context, what string, err error, o engine.Output, y *yes) error {
	c.s.at(what)
	code := engine.CodeOf(err)
	if code == engine.CodeInternal {
		return c.s.breach("%s failed: %v", what, err)
	}
	if code != "" {
		what += " → " + string(code)
	}
	c.s.count(what)
	if err == nil && y != nil {
		if err := c.s.oracle.decides(c.acting); err != nil {
			return err
		}
		if err := c.s.oracle.approved(ctx, o, *y); err != nil {
			return err
		}
	}
	return c.s.oracle.touched(ctx)
}

// mustFail is an act that nobody may get away with: it is refused, and what it was done to is as it was.
func (c *crowd) mustFail(ctx context.Context, what string, act func() error, output string) error {
	look := func() (map[string]engine.Output, error) { return nil, nil }
	if output != "" {
		look = func() (map[string]engine.Output, error) { return c.s.core.DB.BareOutputs(ctx, []string{output}) }
	}
	seen, err := look()
	if err != nil {
		return err
	}
	refusal := act()
	if refusal == nil {
		return c.s.breach("%s: it was let through", what)
	}
	now, err := look()
	if err != nil {
		return err
	}
	before, after := seen[output], now[output]
	if after.State != before.State || after.Digest != before.Digest || !after.UpdatedAt.Equal(before.UpdatedAt) {
		return c.s.breach("%s: it was refused, and changed %s", what, output)
	}
	return c.did(ctx, what, refusal, engine.Output{}, nil)
}
