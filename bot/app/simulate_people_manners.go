package app

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// manner is how a person goes about what koira asks of them.
type manner struct {
	name   string
	comes  int // they look in one of so many hours
	leaves int // in one of so many hours they go away for days, of which there are
	days   int // at most so many
	habits map[engine.State][]habit

	rate float64 // of careful people: the share of koira's own drafts that deserve a yes as they are
	pace pace    // of people who do not read: how they press
}

// pace is how people press who do not read.
type pace int

const (
	eachAtOnce  pace = iota // each piece within a second of its card
	oneByOne                // all that waits, a second each, whenever they come
	onceAWeek               // the same, on one day of the week
	onePerVisit             // one piece whenever they come, long after its card: what no yes of theirs tells from a reader's
)

// habit is what people do with a piece in one state, and in how many of 1,000 looks.
type habit struct {
	in int
	do func(*crowd, context.Context, engine.Actor, engine.Output) error
}

// usual is most people: they come a few times a day, and do mostly nothing, mostly sensible.
var usual = manner{name: "usual", comes: 4, leaves: 900, days: 9, habits: map[engine.State][]habit{
	engine.StatePlanned: {{30, (*crowd).drop}},
	engine.StateDrafted: {{600, (*crowd).drop}},
	engine.StateWaiting: {
		{300, (*crowd).approve}, {6, (*crowd).publishNow}, {8, (*crowd).reject}, {8, (*crowd).edit}, {4, (*crowd).reslot}, {2, (*crowd).drop},
		{10, (*crowd).intrude}, {30, (*crowd).approveOld}, {300, (*crowd).putBack},
	},
	engine.StateHeld:        {{250, (*crowd).sendRest}, {100, (*crowd).stopRest}, {20, (*crowd).allowOnce}, {100, (*crowd).edit}, {60, (*crowd).reject}, {15, (*crowd).drop}},
	engine.StateHanded:      {{80, (*crowd).byHand}, {15, (*crowd).reject}},
	engine.StateUnconfirmed: {{300, (*crowd).unsure}, {60, (*crowd).alarm}},
	engine.StateScheduled:   {{150, (*crowd).stopRest}, {5, (*crowd).takeBack}, {60, (*crowd).halt}, {2, (*crowd).drop}, {1, (*crowd).edit}, {20, (*crowd).looksGood}},
}}

// careful reads at a person's speed, says yes to what deserves it, edits or rejects what does not, and says why.
var careful = manner{name: "careful", comes: 3, leaves: 1500, days: 4, rate: .97, habits: map[engine.State][]habit{
	engine.StateWaiting:     {{900, (*crowd).judge}},
	engine.StateHeld:        {{60, (*crowd).allowOnce}, {200, (*crowd).edit}, {200, (*crowd).reject}},
	engine.StateHanded:      {{500, (*crowd).byHand}},
	engine.StateUnconfirmed: {{500, (*crowd).unsure}},
	engine.StateScheduled:   {{200, (*crowd).judgeAgain}},
}}

// stamping says yes to everything and reads nothing.
var stamping = manner{name: "stamping", comes: 2, leaves: 900, days: 9, habits: map[engine.State][]habit{
	engine.StateWaiting:     {{1000, (*crowd).stamp}},
	engine.StateHeld:        {{40, (*crowd).allowOnce}},
	engine.StateHanded:      {{800, (*crowd).byHand}},
	engine.StateUnconfirmed: {{500, (*crowd).unsure}},
	engine.StateScheduled:   {{700, (*crowd).stamp}},
}}

// tending is an owner who reviews nothing, sees to what stands still, and allows what is offered.
var tending = manner{name: "tending", comes: 3, leaves: 1500, days: 4, habits: map[engine.State][]habit{
	engine.StateHeld:        {{60, (*crowd).allowOnce}, {200, (*crowd).reject}},
	engine.StateUnconfirmed: {{500, (*crowd).unsure}},
}}

// absent is seldom there and long away; when they are back they do as most people do.
var absent = manner{name: "absent", comes: 30, leaves: 60, days: 30, habits: usual.habits}

// hostile presses what they may not, and of what they may whatever does harm.
var hostile = manner{name: "hostile", comes: 4, leaves: 900, days: 9, habits: map[engine.State][]habit{
	engine.StatePlanned: {{60, (*crowd).drop}},
	engine.StateDrafted: {{300, (*crowd).drop}},
	engine.StateWaiting: {
		{80, (*crowd).condemn}, {60, (*crowd).reject}, {150, (*crowd).forge}, {150, (*crowd).approveOld}, {100, (*crowd).intrude}, {60, (*crowd).drop},
		{60, (*crowd).edit}, {60, (*crowd).reslot}, {60, (*crowd).putBack},
	},
	engine.StateHeld:        {{100, (*crowd).forge}, {100, (*crowd).condemn}, {60, (*crowd).drop}},
	engine.StateHanded:      {{60, (*crowd).reject}, {60, (*crowd).byHand}},
	engine.StateUnconfirmed: {{200, (*crowd).alarm}, {200, (*crowd).unsure}},
	engine.StateScheduled:   {{40, (*crowd).takeBack}, {40, (*crowd).drop}, {40, (*crowd).edit}, {60, (*crowd).forge}},
}}

// cast gives the people of a history their manners, by its seed alone.
func (c *crowd) cast() {
	own, reviews := &usual, &usual
	if x := c.s.o.study; x != nil {
		own, reviews = &tending, x.approver
	} else if dice := rand.New(rand.NewPCG(c.s.o.Seed, 0x63617374)); !c.s.o.Calm {
		own = []*manner{&usual, &usual, &careful, &careful, &absent, &stamping}[dice.IntN(6)]
		reviews = []*manner{&usual, &usual, &usual, &careful, &careful, &stamping, &absent, &hostile}[dice.IntN(8)]
		if reviews == &stamping {
			m := stamping
			m.pace = pace(dice.IntN(int(onceAWeek) + 1))
			reviews = &m
		}
	}
	if reviews.pace == eachAtOnce && reviews.name == stamping.name { // they sit before the screen
		m := *reviews
		m.comes = 1
		reviews = &m
	}
	c.manners[c.owner.ID], c.manners[c.approver.ID] = own, reviews
	c.s.count("owner is " + own.name)
	c.s.count("approver is " + reviews.name)
}

// comes reports whether somebody looks at what koira asks them now, so many hours after they last could.
func (c *crowd) comes(a engine.Actor, now time.Time, hours int) bool {
	m, there := c.manners[a.ID], false
	for range hours {
		if c.s.dice.IntN(m.leaves) == 0 {
			c.away[a.ID] = now.Add(time.Duration(1+c.s.dice.IntN(m.days)) * 24 * time.Hour)
		}
		there = there || c.s.dice.IntN(m.comes) == 0
	}
	if now.Before(c.away[a.ID]) || !there {
		return false
	}
	return m.pace != onceAWeek || now.In(c.s.config.zone()).Weekday() == time.Friday
}

// deserves reports whether a piece deserves a yes as it is, which is fixed for each; what a person has changed does.
func (c *crowd) deserves(m *manner, o engine.Output) bool {
	h, rate := fnv.New64a(), m.rate
	h.Write([]byte(o.ID))
	if c.upheavals.door == o.Channel { // what its readers do not take to deserves less
		rate -= .4
	}
	return o.EditedBy != "" || rand.New(rand.NewPCG(c.s.o.Seed, h.Sum64())).Float64() < rate
}

// judge is a careful person's word on a piece that waits, after the time that it takes to read it.
func (c *crowd) judge(ctx context.Context, a engine.Actor, o engine.Output) error {
	looked := time.Duration(15+c.s.dice.IntN(100)) * time.Second
	c.s.clock.Advance(looked)
	m := c.manners[a.ID]
	switch {
	case c.deserves(m, o):
		return c.readsAndApproves(ctx, a, o, looked)
	case c.s.o.study == nil && c.s.dice.IntN(2) == 0:
		return c.edit(ctx, a, o)
	}
	why := engine.RejectReasons[c.s.dice.IntN(len(engine.RejectReasons))].Key
	return c.rejects(ctx, a, o, desk.No{
		Output: o.ID, Digest: o.Digest, Reason: why, Note: "Say it more plainly.", Severe: c.s.o.study == nil && c.s.dice.IntN(25) == 0, Again: c.s.dice.IntN(2) == 0,
	})
}

// readsAndApproves is a careful person's yes: half of them from the window of the week, half from the piece's own card.
func (c *crowd) readsAndApproves(ctx context.Context, a engine.Actor, o engine.Output, looked time.Duration) error {
	k, approve, what := click(o), c.s.core.Desk.Approve, "approve after reading"
	k.Looked = looked
	if c.s.dice.IntN(2) == 0 {
		k.Stood, approve, what = looked, c.s.core.Desk.ApproveInWeek, "approve in the window"
	}
	err := approve(ctx, a, k)
	c.s.oracle.hears(o, said{by: a.ID, good: true, read: true}, err)
	c.s.oracle.reads(a, o, k.Stood, err)
	return c.did(ctx, what, err, o, approves)
}

// judgeAgain is a careful person who looks at what goes out by itself.
func (c *crowd) judgeAgain(ctx context.Context, a engine.Actor, o engine.Output) error {
	if _, asked := c.s.oracle.yes[o.ID][o.Digest]; asked { // somebody has read it already
		return nil
	}
	if c.deserves(c.manners[a.ID], o) {
		return c.looksGood(ctx, a, o)
	}
	return c.takeBack(ctx, a, o)
}

// stamp is a yes of somebody who has not read it.
func (c *crowd) stamp(ctx context.Context, a engine.Actor, o engine.Output) error {
	if c.manners[a.ID].pace == onePerVisit {
		if c.s.clock.Now().Before(c.stampedAt.Add(30 * time.Minute)) {
			return nil
		}
		c.stampedAt = c.s.clock.Now()
	}
	shown := o.UpdatedAt
	if c.s.clock.Advance(time.Second); c.manners[a.ID].pace == eachAtOnce {
		shown = c.s.clock.Now().Add(-time.Second)
	}
	k := click(o)
	k.Looked, k.Whole = c.s.clock.Now().Sub(shown), o.Kind == engine.KindSocial
	s := said{by: a.ID, good: true, read: k.Whole && k.Looked >= 3*time.Second}
	if o.State == engine.StateScheduled {
		err := c.s.core.Desk.LooksGood(ctx, a, k)
		c.s.oracle.hears(o, s, err)
		return c.did(ctx, "stamp what goes by itself", err, o, nil)
	}
	err := c.s.core.Desk.Approve(ctx, a, k)
	c.s.oracle.hears(o, s, err)
	return c.did(ctx, "stamp", err, o, approves)
}

// condemn is a no that says that the piece would have hurt, whatever it says.
func (c *crowd) condemn(ctx context.Context, a engine.Actor, o engine.Output) error {
	c.s.count("condemned")
	return c.rejects(ctx, a, o, desk.No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true})
}

// forge is a yes under a name or a role that is not the presser's, or through something that is no person.
func (c *crowd) forge(ctx context.Context, a engine.Actor, o engine.Output) error {
	posing := c.stranger
	posing.Role = engine.RoleOwner
	guest, app, other, loop := c.owner, c.owner, c.owner, c.owner
	guest.Guest, app.Bot, other.Team, loop.Surface = true, true, "T0OTHER001", engine.SurfaceLoop
	for _, f := range []engine.Actor{posing, guest, app, other, loop, engine.Koira} {
		if err := c.mustFail(ctx, "forged yes", func() error { return c.s.core.Desk.Approve(ctx, f, click(o)) }, o.ID); err != nil {
			return err
		}
	}
	k := click(o) // the right person, and the digest of another piece
	k.Digest = engine.Digest("f" + string(o.Digest[1:]))
	if len(o.Digest) == 0 || o.Digest[0] == 'f' {
		k.Digest = "0000"
	}
	return c.mustFail(ctx, "forged version", func() error { return c.s.core.Desk.Approve(ctx, a, k) }, o.ID)
}
