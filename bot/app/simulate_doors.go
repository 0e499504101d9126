package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/guard"
)

// weather is a time in which nearly every publish fails in one way: a password that ran out, a channel that is down.
type weather struct {
	dice  *rand.Rand // its own: a storm moves nothing else
	kind  sandbox.FaultKind
	until time.Time

	loop    bool      // something is about that ends the program again and again
	crashed time.Time // when it last did, and how often at that moment
	times   int
}

func newWeather(seed uint64) *weather {
	return &weather{dice: rand.New(rand.NewPCG(seed, 0x776561))}
}

// turn begins a storm, or a loop of crashes, now and then.
func (w *weather) turn(now time.Time) {
	w.loop = w.loop || w.dice.IntN(700) == 0
	if now.After(w.until) && w.dice.IntN(250) == 0 {
		w.kind = []sandbox.FaultKind{sandbox.Deny, sandbox.ServerError, sandbox.LoseReply}[w.dice.IntN(3)]
		w.until = now.Add(time.Duration(6+w.dice.IntN(40)) * time.Hour)
	}
}

// ends reports whether what is about ends the program now: at each piece that is written, until it has done so four times in a row.
func (w *weather) ends(point string, now time.Time) bool {
	if !w.loop || point != "drafted" {
		return false
	}
	if !now.Equal(w.crashed) {
		w.crashed, w.times = now, 0
	}
	w.times++
	w.loop = w.times < engine.CrashLimit+1
	return true
}

// fault is what a storm does to one call.
func (w *weather) fault(op string, now time.Time) (sandbox.FaultKind, bool) {
	return w.kind, op == "publish" && now.Before(w.until) && w.dice.IntN(10) > 0
}

// people lets a list grow, now and then, from a little to a lot.
func (w *weather) people(world *sandbox.World, door string) {
	if w.dice.IntN(60) == 0 {
		n := world.People(door)
		world.Grow(door, n+1+n*w.dice.IntN(25)/100)
	}
}

// grown: a piece goes to as many people as somebody saw, or as it was written for where nobody was asked, and to few more.
func (o *oracle) grown(out engine.Output, i engine.Intent) string {
	was, now := out.Audience, o.s.world.People(i.Channel)
	if n, said := o.reach[out.ID][i.Digest]; said {
		was = n
	}
	if i.Skip+i.Audience <= was && slices.ContainsFunc(out.Findings, func(f engine.Finding) bool { return f.Outcome == engine.Clamp && f.Limit.Audience > 0 }) {
		return "" // it was brought down to so many, and its channel sends to no more however many there are
	}
	if now > was+50 || 10*now > 11*was {
		return fmt.Sprintf("to %d people; %d were seen", now, was)
	}
	return ""
}

// fares is how each channel fares, as the log alone gives it: attempts in a row that came to nothing, and whether it rests since.
type fares struct {
	seen    int64
	channel map[string]string // of each output
	failed  map[string]int
	unsure  map[string]int
	rests   map[string]bool
}

func newFares() fares {
	return fares{channel: map[string]string{}, failed: map[string]int{}, unsure: map[string]int{}, rests: map[string]bool{}}
}

// follow reads the log on. It is asked at a channel's door too, in the middle of a step.
func (f *fares) follow(ctx context.Context, s *simulation) error {
	events, err := s.events(ctx, f.seen)
	if err != nil {
		return err
	}
	for _, e := range events {
		f.seen = e.Seq
		if err := f.event(ctx, s, e); err != nil {
			return err
		}
	}
	return nil
}

func (f *fares) event(ctx context.Context, s *simulation, e engine.Event) error {
	if e.Action == "channel.resumed" {
		if e.Actor == engine.Koira.ID {
			return s.breach("koira itself let %s go on", e.Subject)
		}
		f.failed[e.Subject], f.unsure[e.Subject] = 0, 0
		delete(f.rests, e.Subject)
		return nil
	}
	id, from := e.Detail["output"], e.Detail["from"]
	if id == "" || from != string(engine.SendPublishing) && from != string(engine.SendUnconfirmed) {
		return nil
	}
	ch, known := f.channel[id]
	if !known {
		o, err := s.core.DB.Output(ctx, id)
		if err != nil {
			return err
		}
		ch, f.channel[id] = o.Channel, o.Channel
	}
	attempt := from == string(engine.SendPublishing)
	switch {
	case e.Action == "send.published" && e.Actor == engine.Koira.ID:
		f.failed[ch], f.unsure[ch] = 0, 0
	case attempt && (e.Action == "send.failed" || e.Action == "send.pending" && e.Detail["refused"] != ""):
		f.failed[ch]++
	case attempt && e.Action == "send.unconfirmed":
		f.unsure[ch]++
	}
	if !f.rests[ch] && max(f.failed[ch], f.unsure[ch]) >= 3 {
		f.rests[ch] = true
		s.count("channel paused")
	}
	return nil
}

// rested: the store says of every channel what the log says, and of each that rests somebody was asked.
func (o *oracle) rested(ctx context.Context) error {
	if err := o.fares.follow(ctx, o.s); err != nil {
		return err
	}
	bs, err := o.s.core.DB.Breakers(ctx)
	if err != nil {
		return err
	}
	paused := map[string]bool{}
	for _, b := range bs {
		if b.Pause != nil {
			paused[b.Channel] = true
		}
		if b.Failed != o.fares.failed[b.Channel] || b.Unconfirmed != o.fares.unsure[b.Channel] {
			return o.s.breach("%s: %d failed and %d unknown in a row; the log says %d and %d", b.Channel, b.Failed, b.Unconfirmed, o.fares.failed[b.Channel], o.fares.unsure[b.Channel])
		}
	}
	open, err := o.s.core.DB.OpenExceptions(ctx)
	if err != nil {
		return err
	}
	asked := map[string]bool{}
	for _, e := range open {
		asked[e.Subject] = asked[e.Subject] || e.Kind == engine.ExceptionSystem && e.Trouble == engine.TroublePaused
	}
	for _, ch := range o.s.config.Channels {
		switch n := ch.Name; {
		case paused[n] != o.fares.rests[n]:
			return o.s.breach("%s rests: %t; the log says %t", n, paused[n], o.fares.rests[n])
		case paused[n] && !asked[n]:
			return o.s.breach("%s rests and nobody is asked", n)
		}
	}
	return nil
}

// freed: what no rule stops does not stay in the exception queue. It may be found there once, since money becomes free at any moment.
func (o *oracle) freed(ctx context.Context, out engine.Output) error {
	if out.State != engine.StateHeld {
		delete(o.free, out.ID)
		return nil
	}
	now := o.s.clock.Now()
	v, err := o.s.core.DB.View(ctx, out.ID, engine.StageApproval, now)
	if err != nil {
		return err
	}
	if out.WaitsFor != "" { // it goes back to those who say yes
		v = v.Anew()
	}
	for _, f := range guard.Check(v).Blocks() {
		if !f.Later {
			delete(o.free, out.ID)
			return nil
		}
	}
	since, known := o.free[out.ID]
	if !known {
		o.free[out.ID] = now
	} else if now.Sub(since) > 12*time.Hour {
		return o.s.breach("%s is held since before %s, and no rule stops it", out.ID, since.Format(time.DateTime))
	}
	return nil
}

// hasty is somebody who, told that an outcome is unknown, presses Send again at once and says that they looked: it must be refused for as long
// as the first try can still land.
func (c *crowd) hasty(ctx context.Context) error {
	if !c.s.unsure || c.s.dice.IntN(2) > 0 {
		return nil
	}
	open, err := c.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateUnconfirmed}})
	if err != nil {
		return err
	}
	for _, o := range open {
		tr, last := c.s.world.Channel(o.Channel).Traits(), c.s.oracle.tries[o.ID+" "+o.Variants[0].Name]
		if !last.open || !c.s.clock.Now().Before(last.at.Add(tr.Flight+tr.Lag)) {
			continue
		}
		again := func() error { return c.s.core.Desk.SendAgain(ctx, c.approver, click(o), true) }
		if err := c.mustFail(ctx, "send again too soon", again, o.ID); err != nil {
			return err
		}
	}
	return nil
}

// goOn is an approver saying that what is paused works again, or somebody who may not.
func (c *crowd) goOn(ctx context.Context) (acted bool, err error) {
	if len(c.s.oracle.fares.rests) == 0 || c.s.dice.IntN(5) > 0 {
		return false, nil
	}
	open, err := c.s.core.DB.OpenExceptions(ctx)
	if err != nil {
		return false, err
	}
	for _, e := range open {
		if e.Kind != engine.ExceptionSystem || e.Trouble != engine.TroublePaused || !c.s.oracle.fares.rests[e.Subject] {
			continue
		}
		d := c.s.core.Desk
		for _, try := range []struct {
			what string
			act  func() error
		}{
			{"stranger lets a channel go on", func() error { return d.CloseException(ctx, c.stranger, e.ID, "fixed") }},
			{"koira lets a channel go on", func() error { return d.CloseException(ctx, engine.Koira, e.ID, "fixed") }},
			{"a paused channel is noted", func() error { return d.CloseException(ctx, c.approver, e.ID, "noted") }},
		} {
			if err := c.mustFail(ctx, try.what, try.act, ""); err != nil {
				return true, err
			}
		}
		return true, c.did(ctx, "channel goes on", d.CloseException(ctx, c.approver, e.ID, "fixed"), engine.Output{}, nil)
	}
	return false, nil
}
