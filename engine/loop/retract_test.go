package loop

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
)

// door is a channel of which only taking down, looking and stopping answer.
type door struct {
	engine.Channel
	traits  engine.Traits
	retract func() (engine.Removal, error)
	probe   error
	halt    func() (engine.Progress, error)
}

func (d *door) Traits() engine.Traits { return d.traits }

func (d *door) Retract(context.Context, engine.Receipt) (engine.Removal, error) { return d.retract() }

func (d *door) Probe(context.Context, engine.Intent, engine.Ref) (engine.Receipt, error) {
	return engine.Receipt{}, d.probe
}

func (d *door) Halt(context.Context, engine.Receipt) (engine.Progress, error) { return d.halt() }

// leaving is a store in which one send is being taken down, or stopped.
type leaving struct {
	Store
	send engine.Send
	got  []engine.Result
	end  *engine.Progress
}

func (s *leaving) Output(context.Context, string) (engine.Output, error) {
	return engine.Output{ID: "o1", Channel: "bluesky", Expires: time.Unix(9e9, 0)}, nil
}

func (s *leaving) Intent(context.Context, string) (engine.Intent, error) { return engine.Intent{}, nil }

func (s *leaving) Apply(_ context.Context, r engine.Result) error {
	s.got = append(s.got, r)
	s.send.State, s.send.GoneAt, s.send.LookedAt = r.State, r.GoneAt, r.LookedAt
	return nil
}

func (s *leaving) HaltsAsked(context.Context) ([]engine.Send, error) {
	return []engine.Send{s.send}, nil
}

func (s *leaving) Halted(_ context.Context, _ string, p engine.Progress, _ time.Time) error {
	s.end = &p
	return nil
}

var pressed = time.Date(2025, 11, 24, 11, 20, 0, 0, time.UTC)

func taking(d *door) (*Loop, *leaving, *enginetest.Clock) {
	d.traits.Label = "Bluesky"
	clock := enginetest.NewClock(pressed)
	s := &leaving{send: engine.Send{ID: "s1", Output: "o1", Variant: "A", Fence: 2, State: engine.SendRetracting, ClaimedAt: pressed, HaltAsked: pressed}}
	return New(Options{
		Store: s, Channels: map[string]engine.Channel{"bluesky": d}, Clock: clock, NewID: enginetest.IDs(1), Log: slog.New(slog.DiscardHandler), Timeout: time.Minute,
	}), s, clock
}

var (
	absent   = engine.Errorf(engine.CodeNotFound, "Not there.")
	upstream = engine.Errorf(engine.CodeUpstream, "The line broke.")
	refused  = engine.Errorf(engine.CodeNotSent, "It could not be reached.")
	denied   = engine.Errorf(engine.CodeDenied, "Not yours.")
)

// Ticks every minute until the removal ends one way or the other.
func TestRetract(t *testing.T) {
	type answer = func() (engine.Removal, error)
	says := func(r engine.Removal, err error) answer { return func() (engine.Removal, error) { return r, err } }
	for name, c := range map[string]struct {
		traits  engine.Traits
		retract answer
		probe   error
		state   engine.SendState
		gone    time.Duration // after the press; -1 for never
		looked  time.Duration
		reason  string // of the exception
	}{
		"gone, and looked for a minute later": {engine.Traits{Probe: true}, says(engine.Removal{Gone: true}, nil), absent, engine.SendRetracted, 0, time.Minute, ""},
		"looked for when everybody sees it":   {engine.Traits{Probe: true, Lag: 3 * time.Minute}, says(engine.Removal{Gone: true}, nil), absent, engine.SendRetracted, 0, 3 * time.Minute, ""},
		"gone, and cannot be looked for":      {engine.Traits{}, says(engine.Removal{Gone: true}, nil), nil, engine.SendRetracted, 0, -1, ""},
		"the look fails":                      {engine.Traits{Probe: true}, says(engine.Removal{Gone: true}, nil), upstream, engine.SendRetracted, 0, -1, ""},
		"called gone, but seen":               {engine.Traits{Probe: true}, says(engine.Removal{Gone: true}, nil), nil, engine.SendPublished, -1, -1, "it is still live"},
		"the channel will not":                {engine.Traits{Probe: true}, says(engine.Removal{Note: "It is not koira's."}, nil), nil, engine.SendPublished, -1, -1, "it is still live"},
		"the channel refuses":                 {engine.Traits{Probe: true}, says(engine.Removal{}, denied), nil, engine.SendPublished, -1, -1, "it is still live"},
		"never reached, and seen":             {engine.Traits{Probe: true}, says(engine.Removal{}, refused), nil, engine.SendPublished, -1, -1, "it is still live"},
		"answers lost, and not there":         {engine.Traits{Probe: true}, says(engine.Removal{}, upstream), absent, engine.SendRetracted, insist, insist, ""},
		"answers lost, and cannot be seen":    {engine.Traits{}, says(engine.Removal{}, upstream), nil, engine.SendPublished, -1, -1, "it may still be live"},
	} {
		t.Run(name, func(t *testing.T) {
			l, s, clock := taking(&door{traits: c.traits, retract: c.retract, probe: c.probe})
			for range 60 {
				if err := l.retract(t.Context(), s.send); err != nil {
					t.Fatal(err)
				}
				if s.send.State != engine.SendRetracting {
					break
				}
				clock.Advance(time.Minute)
			}
			last := s.got[len(s.got)-1]
			if last.State != c.state || last.Fence != 2 {
				t.Fatalf("it ends %s (%s), fence %d", last.State, last.Evidence, last.Fence)
			}
			for what, x := range map[string]struct {
				at   time.Time
				want time.Duration
			}{"gone": {last.GoneAt, c.gone}, "looked": {last.LookedAt, c.looked}} {
				if never := x.want < 0; never != x.at.IsZero() || !never && x.at.Sub(pressed) != x.want {
					t.Errorf("%s at %s, want %s after the press", what, x.at, x.want)
				}
			}
			if (last.Open != nil) != (c.reason != "") {
				t.Fatalf("asks people: %+v", last.Open)
			}
			if last.Open != nil && (!strings.Contains(last.Open.Reason, c.reason) || !last.Open.Due.IsZero() || !strings.Contains(last.Open.Remedy, "by hand at Bluesky")) {
				t.Errorf("asks: %+v", last.Open)
			}
		})
	}
}

// A lost answer is asked again, and the second answer counts.
func TestRetractInsists(t *testing.T) {
	n := 0
	l, s, clock := taking(&door{traits: engine.Traits{Probe: true}, probe: absent, retract: func() (engine.Removal, error) {
		if n++; n < 3 {
			return engine.Removal{}, upstream
		}
		return engine.Removal{Gone: true, Already: true}, nil
	}})
	for range 4 {
		if err := l.retract(t.Context(), s.send); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
	}
	if n != 3 || s.send.State != engine.SendRetracted || s.send.GoneAt.Sub(pressed) != 2*time.Minute || s.send.LookedAt.Sub(pressed) != 3*time.Minute {
		t.Errorf("asked %d times, %+v", n, s.send)
	}
}

func TestStopRest(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		late bool
		want *engine.Progress
	}{
		"stopped":                   {nil, false, &engine.Progress{Sent: 231, Of: 2310, Halted: true}},
		"cannot be":                 {engine.Errorf(engine.CodeInvalid, "All is sent."), false, &engine.Progress{}},
		"not reached: asked again":  {refused, false, nil},
		"not reached for too long":  {refused, true, &engine.Progress{}},
		"the line broke: once more": {upstream, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l, s, clock := taking(&door{halt: func() (engine.Progress, error) { return engine.Progress{Sent: 231, Of: 2310, Halted: true}, c.err }})
			if c.late {
				clock.Advance(insist)
			}
			if err := l.stopRest(t.Context()); err != nil {
				t.Fatal(err)
			}
			if (s.end == nil) != (c.want == nil) || s.end != nil && *s.end != *c.want {
				t.Errorf("written: %+v, want %+v", s.end, c.want)
			}
		})
	}
}
