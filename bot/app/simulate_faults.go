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
// in every third it tells keys apart; otherwise only a probe keeps it from doubling. Where letters go out daily,
// the mail door of every sixth history cannot be asked.
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
		if d.Kind == engine.KindEmail && s.o.Letters {
			d.Change = func(t *engine.Traits) { t.Flight, t.Lag, t.Probe = simFlight, simLag, !s.unsureLetters() }
		}
		doors = append(doors, d)
	}
	return sandbox.New(sandbox.Options{Seed: s.o.Seed, Clock: s.clock, Zone: s.config.zone(), Doors: doors})
}

// unsureLetters reports whether letters go out through a door that cannot be asked and often does not answer, so that people say what became of them.
func (s *simulation) unsureLetters() bool { return s.o.Letters && s.o.Seed%6 == 5 }

// crashPoints are where a run of the program may end; see loop.Options.
var crashPoints = []string{"claimed", "prepared", "sent", "recorded", "drafted", "asked", "heard", "judged"}

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

// unsure are the faults after which nobody knows what became of a call.
var unsure = []sandbox.FaultKind{sandbox.ServerError, sandbox.LoseReply, sandbox.LandLate}

// seldom are the calls of which a history has few: more of them fail.
var seldom = []string{"retract", "halt"}

func (s *simulation) fault(op, key string) sandbox.Fault {
	if op == "halt" && s.crowd.upheavals.dice.IntN(3) == 0 {
		s.oracle.unanswered[key] = true
		s.count("fault halt " + string(sandbox.LoseReply))
		return sandbox.Fault{Kind: sandbox.LoseReply}
	}
	if s.unsureLetters() && op == "publish" && s.dice.IntN(5) == 0 { // people are to settle what became of first readers
		kind := unsure[s.dice.IntN(len(unsure))]
		s.count("fault " + op + " " + string(kind))
		return sandbox.Fault{Kind: kind, Late: time.Duration(s.dice.Int64N(int64(simFlight)))}
	}
	if kind, stormy := s.sky.fault(op, s.clock.Now()); stormy {
		s.count("storm " + string(kind))
		return sandbox.Fault{Kind: kind}
	}
	n := s.dice.IntN(1000)
	if slices.Contains(seldom, op) {
		n /= 4
	}
	if n >= 992 && op == "publish" || n >= 970 && op == "prepare" { // drafts at a channel are few: more of them are refused for good
		s.count("fault " + op + " " + string(sandbox.Reject))
		return sandbox.Fault{Kind: sandbox.Reject}
	}
	if n >= 940 && op == "prepare" {
		s.count("fault " + op + " " + string(sandbox.Deny))
		return sandbox.Fault{Kind: sandbox.Deny}
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
	prompt int       // the version of what it is asked with
	left   int       // after so many answers it answers nothing for a while; 0 for no such end
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
	if now := m.s.clock.Now(); m.left > 0 && now.After(m.closed) {
		if m.left--; m.left == 0 {
			m.closed = now.Add(10 * time.Minute)
		}
	} else if now.Before(m.closed) {
		m.s.count("fault write")
		return engine.Copy{}, u, engine.Errorf(engine.CodeUpstream, "The model does not answer.")
	}
	if err != nil {
		err = fmt.Errorf("writing as the template writer: %w", err)
	}
	return c, u, err
}
