package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/writer"
)

// Bounds of the simulated social door: wide, so that a repeat that comes too soon meets a first request that is still on its way.
const (
	simFlight = 20 * time.Minute
	simLag    = 5 * time.Minute
)

// outside builds the channels of the config behind one audience. In every third history the social door cannot be asked what is there, and
// in every third it tells keys apart; otherwise only a probe keeps it from doubling.
func (s *simulation) outside() *sandbox.World {
	var doors []sandbox.Door
	for _, ch := range s.config.Channels {
		d := sandbox.Door{Name: ch.Name, Label: ch.Label, Kind: engine.Kind(ch.Kind), Audience: ch.Audience, CostPerPiece: s.config.cost(ch.Name)}
		d.Counts = d.Kind == engine.KindEmail
		if d.Kind == engine.KindSocial {
			d.Change = func(t *engine.Traits) {
				t.Flight, t.Lag = simFlight, simLag
				t.Probe, t.Dedupe = s.o.Seed%3 != 1, s.o.Seed%3 == 2
			}
		}
		doors = append(doors, d)
	}
	return sandbox.New(sandbox.Options{Seed: s.o.Seed, Clock: s.clock, Zone: s.config.zone(), Doors: doors})
}

// crashPoints are where a run of the program may end; see loop.Options.
var crashPoints = []string{"claimed", "prepared", "sent", "recorded", "drafted", "asked"}

// crash ends the program at a crash point, now and then.
func (s *simulation) crash(point string) {
	if !s.o.Calm && (s.dice.IntN(25) == 0 || s.sky.ends(point, s.clock.Now())) {
		panic(crashed{point})
	}
}

// faultKinds are what may go wrong with a call, and of 1,000 calls, how often: far above life.
var faultKinds = []struct {
	kind sandbox.FaultKind
	in   int
}{
	{sandbox.Refuse, 40}, {sandbox.ServerError, 40}, {sandbox.LoseReply, 40}, {sandbox.LandLate, 40}, {sandbox.Deny, 6},
}

// seldom are the calls of which a history has few: more of them fail.
var seldom = []string{"retract", "halt"}

func (s *simulation) fault(op, _ string) sandbox.Fault {
	if kind, stormy := s.sky.fault(op, s.clock.Now()); stormy {
		s.count("storm " + string(kind))
		return sandbox.Fault{Kind: kind}
	}
	n := s.dice.IntN(1000)
	if slices.Contains(seldom, op) {
		n /= 4
	}
	if n >= 992 && (op == "prepare" || op == "publish") {
		s.count("fault " + op + " " + string(sandbox.Reject))
		return sandbox.Fault{Kind: sandbox.Reject}
	}
	for _, k := range faultKinds {
		if n -= k.in; n >= 0 {
			continue
		}
		s.count("fault " + op + " " + string(k.kind))
		f := sandbox.Fault{Kind: k.kind}
		switch k.kind {
		case sandbox.Refuse:
			f.RetryAfter = time.Duration(s.dice.IntN(10)) * time.Minute
		case sandbox.LandLate:
			f.Late = time.Duration(s.dice.Int64N(int64(simFlight)))
		}
		return f
	}
	return sandbox.Fault{}
}

// moody is a writer that costs money and has bad hours, in which it answers nothing and charges all the same.
type moody struct {
	writer.Template
	s      *simulation
	closed time.Time // until when it answers nothing
}

// wake begins a bad spell, now and then.
func (m *moody) wake() {
	if now := m.s.clock.Now(); !m.s.o.Calm && now.After(m.closed) && m.s.dice.IntN(300) == 0 {
		m.closed = now.Add(time.Duration(1+m.s.dice.IntN(12)) * time.Hour)
	}
}

func (m *moody) Ceiling(engine.Brief) engine.Money { return engine.Cent / 5 }

func (m *moody) Write(ctx context.Context, b engine.Brief) (engine.Copy, engine.Usage, error) {
	c, u, err := m.Template.Write(ctx, b)
	u.Model, u.In, u.Out, u.Cost, u.Calls = "simulated", 900, 200, engine.Cent/5, 1
	if m.s.clock.Now().Before(m.closed) {
		m.s.count("fault write")
		return engine.Copy{}, u, engine.Errorf(engine.CodeUpstream, "The model does not answer.")
	}
	if err != nil {
		err = fmt.Errorf("writing as the template writer: %w", err)
	}
	return c, u, err
}
