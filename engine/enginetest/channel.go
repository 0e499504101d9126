package enginetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// Door is one channel under test, with a world of its own behind it.
type Door struct {
	Channel engine.Channel
	Faults

	Plain  bool                                              // what goes out is plain text: markup in it is only characters
	NewID  engine.NewID                                      // of keys; nil means IDs(1). A world that outlives the test needs keys of its own
	Denied engine.Channel                                    // the same door with a wrong password; nil where there are no credentials
	Read   func(t *testing.T, r engine.Ref) []byte           // what stands at r, in the form of the intent's bytes; nil when it cannot be read back
	Settle func()                                            // lets Traits' Flight and Lag pass; nil when there is nothing to wait for
	Output func(t *testing.T, o engine.Output) engine.Output // changes the suite's output into one that the channel takes; nil keeps it
}

// Faults are the hooks through which the suite spoils the channel's traffic and looks at its world. A nil hook skips its rows.
type Faults struct {
	LoseRequest func()                 // the next write is refused before a byte of it is sent
	LoseReply   func()                 // the next write is carried out, its answer is cut
	Hang        func() <-chan struct{} // the next write is never answered; closed when it is on the wire
	Live        func() []string        // the keys of what the world shows, a key twice when it shows two copies; required
}

// channelRow is one thing that must hold for every channel whose traits and hooks ask for it.
type channelRow struct {
	name string
	need func(engine.Traits, Door) bool
	test func(*testing.T, *visit)
}

// channelRows is the suite. To add a row: write it, add it here.
var channelRows = []channelRow{
	{"traits say who it is", always, wholeTraits},
	{"rendering is pure", always, pureRender},
	{"an over-long text is invalid", func(tr engine.Traits, _ Door) bool { return tr.Limit > 0 }, overlong},
	{"hostile text comes out inert", always, hostile},
	{"a draft made twice leaves nothing public", func(tr engine.Traits, _ Door) bool { return tr.Prepare }, prepareTwice},
	{"without drafts, prepare does nothing", func(tr engine.Traits, _ Door) bool { return !tr.Prepare }, prepareNothing},
	{"publishing shows the intent's bytes once", always, publishOnce},
	{"the same intent twice is published once", func(tr engine.Traits, _ Door) bool { return tr.Dedupe }, publishTwice},
	{"probe finds what is live", func(tr engine.Traits, _ Door) bool { return tr.Probe }, probeFinds},
	{"probe proves an absent key absent", func(tr engine.Traits, _ Door) bool { return tr.Probe }, probeAbsent},
	{"a draft is not found as published", func(tr engine.Traits, _ Door) bool { return tr.Probe && tr.Prepare }, probeDraft},
	{"without probe, absence is never claimed", func(tr engine.Traits, _ Door) bool { return !tr.Probe }, probeCannot},
	{"an ended context is an error and sends nothing", always, endedContext},
	{"a context that ends ends the call", func(_ engine.Traits, d Door) bool { return d.Hang != nil }, endingContext},
	{"refused before a byte is not sent", func(_ engine.Traits, d Door) bool { return d.LoseRequest != nil }, loseRequest},
	{"a lost reply is never called unsent", func(_ engine.Traits, d Door) bool { return d.LoseReply != nil }, loseReply},
	{"a draft whose reply was lost is made good", func(tr engine.Traits, d Door) bool { return tr.Prepare && d.LoseReply != nil }, loseDraft},
	{"bad credentials are denied", func(_ engine.Traits, d Door) bool { return d.Denied != nil }, denied},
	{"retract takes it down, twice is safe", func(tr engine.Traits, _ Door) bool { return tr.Retract }, retract},
	{"without retract, nothing is called gone", func(tr engine.Traits, _ Door) bool { return !tr.Retract }, retractCannot},
	{"halt says how far it got, twice is safe", func(tr engine.Traits, _ Door) bool { return tr.Halt }, halt},
	{"without halt, nothing is called halted", func(tr engine.Traits, _ Door) bool { return !tr.Halt }, haltCannot},
	{"a count is of people, and none in an ended context", counts, countPeople},
}

func always(engine.Traits, Door) bool { return true }

func counts(_ engine.Traits, d Door) bool {
	_, ok := d.Channel.(engine.Counter)
	return ok
}

// countPeople: whoever counts gives a number that can be compared with the last one, and never a number where it could not count.
func countPeople(t *testing.T, v *visit) {
	c := v.Channel.(engine.Counter)
	first, err := c.Audience(v.ctx, "all")
	if err != nil || first < 0 {
		t.Fatalf("%d people, %v", first, err)
	}
	if again, err := c.Audience(v.ctx, "all"); err != nil || again != first {
		t.Errorf("%d people, and at once %d (%v)", first, again, err)
	}
	ctx, cancel := context.WithCancel(v.ctx)
	cancel()
	if n, err := c.Audience(ctx, "all"); err == nil {
		t.Errorf("%d people in an ended context", n)
	}
}

// TestChannel runs the conformance suite. door is called once for each row and gives a door that no other row has used.
func TestChannel(t *testing.T, door func(t *testing.T) Door) {
	for _, row := range channelRows {
		t.Run(row.name, func(t *testing.T) {
			d := door(t)
			if d.Live == nil {
				t.Fatal("Door.Faults.Live is required")
			}
			if !row.need(d.Channel.Traits(), d) {
				t.Skip("not for a channel with these traits and hooks")
			}
			if d.NewID == nil {
				d.NewID = IDs(1)
			}
			row.test(t, &visit{Door: d, ctx: t.Context()})
		})
	}
}

// IntentOf renders o at c and returns the intent of its first variant under key.
func IntentOf(c engine.Channel, o engine.Output, key string) (engine.Intent, error) {
	r, err := c.Render(o)
	if err != nil {
		return engine.Intent{}, err
	}
	for i := range o.Variants {
		o.Variants[i].Rendered = r.Variants[i].Bytes
	}
	v := o.Variants[0]
	return engine.Intent{
		Send: "send-" + key, Output: o.ID, Task: o.Task, Variant: v.Name, Key: key, Fence: 1, Channel: o.Channel, Account: o.Account,
		Segment: o.Segment, Subject: v.Subject, Bytes: v.Rendered, Digest: engine.DigestOf(o), Audience: o.Audience, CostMax: o.CostMax,
		Slot: o.Slot, FirstAt: o.Slot,
	}, nil
}

// Monday is the moment at which the suite's outputs are planned and at which its worlds should begin.
var Monday = time.Date(2025, time.November, 24, 7, 10, 0, 0, time.UTC)

// visit is one row's use of a door.
type visit struct {
	Door
	ctx context.Context
}

// output returns a piece that any channel of the door's kind takes.
func (v *visit) output(t *testing.T) engine.Output {
	tr := v.Channel.Traits()
	o := engine.Output{
		ID: "out-1", Task: "daily-social", Origin: engine.OriginKoira, State: engine.StateScheduled, Level: engine.L3, Channel: tr.Name, Segment: "all",
		Kind: tr.Kind, Slot: Monday, CostMax: 20 * engine.Unit, Audience: 100,
		Variants: []engine.Variant{{
			Name: "A", Body: "Rye bread sells out **before noon** on Saturdays.\n\nWe now bake a \"second batch\" [at 10] & it's warm. 🍞", CallToAction: "Reserve yours",
			Link: "https://leipa.example/reserve?utm_source=" + tr.Name + "&utm_medium=" + string(tr.Kind) + "&utm_campaign=out-1&utm_content=A",
		}},
	}
	if tr.Subject {
		o.Variants[0].Subject = "Rye bread, twice & fresh"
	}
	if v.Door.Output != nil {
		o = v.Door.Output(t, o)
	}
	return o
}

// intent returns a fresh intent; calling it again gives another key.
func (v *visit) intent(t *testing.T) engine.Intent {
	t.Helper()
	i, err := IntentOf(v.Channel, v.output(t), v.NewID())
	if err != nil {
		t.Fatalf("the suite's own output does not render: %v", err)
	}
	return i
}

// prepare makes the draft of i where the channel has drafts, as the publish machine does, and returns i with its ref.
func (v *visit) prepare(t *testing.T, i engine.Intent) engine.Intent {
	t.Helper()
	r, err := v.Channel.Prepare(v.ctx, i)
	if err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	i.Ref = r
	return i
}

// publish prepares and publishes i, and fails the test when that fails.
func (v *visit) publish(t *testing.T, i engine.Intent) (engine.Intent, engine.Receipt) {
	t.Helper()
	i = v.prepare(t, i)
	r, err := v.Channel.Publish(v.ctx, i, i.Ref)
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	return i, r
}

// settle lets everything land and be indexed.
func (v *visit) settle() {
	if v.Settle != nil {
		v.Settle()
	}
}

// live asserts how many copies of key the world shows.
func (v *visit) live(t *testing.T, key string, want int) {
	t.Helper()
	v.settle()
	all := v.Live()
	n := len(slices.DeleteFunc(slices.Clone(all), func(k string) bool { return k != key }))
	if n != want {
		t.Errorf("the world shows %d copies of %s, want %d; all of it: %v", n, key, want, all)
	}
}

// wantCode asserts the code of err.
func wantCode(t *testing.T, what string, err error, want engine.Code) {
	t.Helper()
	if got := engine.CodeOf(err); got != want {
		t.Errorf("%s: code %q, want %q (error: %v)", what, got, want, err)
	}
}
