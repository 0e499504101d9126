package sandbox

import (
	"errors"
	"testing"
	"time"

	"koira/engine"
)

func TestFaults(t *testing.T) {
	cases := map[string]struct {
		fault Fault
		code  engine.Code
		soon  int // copies at once
		later int // after the door's longest flight
	}{
		"healthy":                    {Fault{}, "", 1, 1},
		"refused before a byte":      {Fault{Kind: Refuse}, engine.CodeNotSent, 0, 0},
		"rejected":                   {Fault{Kind: Reject}, engine.CodeInvalid, 0, 0},
		"denied":                     {Fault{Kind: Deny}, engine.CodeDenied, 0, 0},
		"server error":               {Fault{Kind: ServerError}, engine.CodeUpstream, 0, 0},
		"reply lost":                 {Fault{Kind: LoseReply}, engine.CodeUpstream, 1, 1},
		"late":                       {Fault{Kind: LandLate, Late: 30 * time.Second}, engine.CodeUpstream, 0, 1},
		"later than the door allows": {Fault{Kind: LandLate, Late: time.Hour}, engine.CodeUpstream, 0, 1},
		"beyond the door's bound":    {Fault{Kind: LandLate, Late: time.Hour, Beyond: true}, engine.CodeUpstream, 0, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, clock := shop(1, nil)
			ch := w.Channel("social")
			w.Fault(once(c.fault))
			_, err := ch.Publish(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(rye)}, engine.Ref{})
			if got := engine.CodeOf(err); got != c.code {
				t.Errorf("code %q, want %q", got, c.code)
			}
			if got := w.Live("KEY1"); got != c.soon {
				t.Errorf("%d copies at once, want %d", got, c.soon)
			}
			for _, out := range w.Copies() {
				if got := read(t, w, out.ref()); (len(got) > 0) != (c.soon > 0) {
					t.Errorf("read before it landed: %v", got)
				}
			}
			clock.Advance(ch.Traits().Flight)
			if got := w.Live("KEY1"); got != c.later {
				t.Errorf("%d copies later, want %d", got, c.later)
			}
		})
	}
}

func TestRetryAfterIsPassedOn(t *testing.T) {
	w, _ := shop(1, nil)
	w.Fault(func(string, string) Fault { return Fault{Kind: Refuse, RetryAfter: time.Minute} })
	_, err := w.Channel("social").Publish(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(rye)}, engine.Ref{})
	var e *engine.Error
	if !errors.As(err, &e) || e.RetryAfter != time.Minute {
		t.Errorf("%v, want a minute to wait", err)
	}
}

// TestRepeatingALateRequest is the heart of the matter: who probes too soon doubles, unless the door itself refuses the second copy.
func TestRepeatingALateRequest(t *testing.T) {
	dedupe := func(tr *engine.Traits) { tr.Dedupe, tr.Lag = true, 5*time.Second }
	plain := func(tr *engine.Traits) { tr.Lag = 5 * time.Second }
	cases := map[string]struct {
		door   string
		change func(*engine.Traits)
		quiet  time.Duration
		copies int
	}{
		"probe at once, then repeat":                {"social", plain, 0, 2},
		"probe within the flight":                   {"social", plain, 20 * time.Second, 2},
		"probe after the flight, within the lag":    {"social", plain, 62 * time.Second, 2},
		"probe after flight and lag":                {"social", plain, 65 * time.Second, 1},
		"probe at once where keys are told apart":   {"social", dedupe, 0, 1},
		"probe at once where there is a draft":      {"blog", nil, 0, 1},
		"probe after the flight where drafts exist": {"blog", nil, time.Minute, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, clock := shop(1, c.change)
			ch := w.Channel(c.door)
			i := engine.Intent{Key: "KEY1", Bytes: []byte(rye)}
			ref, err := ch.Prepare(t.Context(), i)
			if err != nil {
				t.Fatal(err)
			}
			w.Fault(once(Fault{Kind: LandLate, Late: time.Hour}))
			if _, err := ch.Publish(t.Context(), i, ref); err == nil {
				t.Fatal("the late request has an answer")
			}
			clock.Advance(c.quiet)
			if _, err := ch.Probe(t.Context(), i, ref); engine.CodeOf(err) == engine.CodeNotFound {
				if _, err := ch.Publish(t.Context(), i, ref); err != nil {
					t.Fatal(err)
				}
				if w.Live("KEY1") == 0 {
					t.Error("the repeat was confirmed and is not there")
				}
			}
			clock.Advance(time.Hour)
			if got := w.Live("KEY1"); got != c.copies {
				t.Errorf("%d copies, want %d", got, c.copies)
			}
		})
	}
}

func TestWhatWasTakenDownStaysDown(t *testing.T) {
	w, _ := shop(1, nil)
	r := publish(t, w, "blog", "KEY1", rye)
	if _, err := w.Channel("blog").Retract(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	_, err := w.Channel("blog").Publish(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(rye)}, r.Ref)
	if engine.CodeOf(err) != engine.CodeInvalid || w.Live("KEY1") != 0 {
		t.Errorf("%v, %d live", err, w.Live("KEY1"))
	}
}

func TestDraftsAreBoundToTheirKey(t *testing.T) {
	w, _ := shop(1, nil)
	ch := w.Channel("blog")
	ref, err := ch.Prepare(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(rye)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ch.Publish(t.Context(), engine.Intent{Key: "KEY2", Bytes: []byte(rye)}, ref); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("another piece's draft: %v", err)
	}
	if _, err := ch.Publish(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(rye)}, engine.Ref{}); engine.CodeOf(err) != engine.CodeNotSent {
		t.Errorf("no draft: %v", err)
	}
	if got := len(w.Copies()); got != 0 {
		t.Errorf("%d copies, want none", got)
	}
}

func TestHalt(t *testing.T) {
	w, clock := shop(1, nil)
	r := publish(t, w, "letter", "KEY1", rye)
	clock.Advance(time.Minute)
	got, err := w.Channel("letter").Halt(t.Context(), r)
	if want := (engine.Progress{Sent: 231, Of: 2310, Halted: true}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	clock.Advance(72 * time.Hour)
	if n := read(t, w, r.Ref)[engine.Impressions]; n < 230 || n > 232 {
		t.Errorf("%d were reached, want 231", n)
	}
	whole := publish(t, w, "letter", "KEY2", rye)
	clock.Advance(time.Hour)
	got, err = w.Channel("letter").Halt(t.Context(), whole)
	if want := (engine.Progress{Sent: 2310, Of: 2310}); err != nil || got != want {
		t.Errorf("too late: %+v, %v; want %+v", got, err, want)
	}
}
