package engine

import (
	"context"
	"time"
)

// Channel is one door to the outside. An Intent is committed before Prepare or Publish is called; its key and bytes never change.
// Errors by code: not_sent = certainly not out, try again (may carry RetryAfter); invalid, denied = certainly not out, never;
// any other = unknown. Every method returns promptly when ctx ends.
type Channel interface {
	Traits() Traits
	// Render gives exactly what goes out, without I/O: previews and the digest use it. Code invalid when the channel would refuse it.
	Render(Output) (Rendering, error)
	// Prepare makes an invisible draft where the channel has one, and a zero Ref elsewhere. It may be called again with the same key.
	Prepare(ctx context.Context, i Intent) (Ref, error)
	Publish(ctx context.Context, i Intent, r Ref) (Receipt, error)
	// Probe looks for i at the channel. Code not_found: proved absent at this moment.
	Probe(ctx context.Context, i Intent, r Ref) (Receipt, error)
	// Halt stops what is still being delivered.
	Halt(ctx context.Context, r Receipt) (Progress, error)
	// Retract takes r down. Calling it twice is safe.
	Retract(ctx context.Context, r Receipt) (Removal, error)
}

// Counter is what a Channel offers that can say how many people a segment reaches through it at this moment. It is asked before each piece goes
// out; where there is none, the size that people set counts. An error means not known.
type Counter interface {
	Audience(ctx context.Context, segment string) (int, error)
}

// Traits is what a channel can do; the publish machine and the conformance suite choose by it.
type Traits struct {
	Name      string // as configured: "bluesky"
	Label     string // as people read it: "Bluesky"
	Kind      Kind
	Simulated bool // nothing real happens behind this door; every card says so

	Prepare bool // has an invisible draft
	Dedupe  bool // the channel itself refuses a second copy with the same key
	Probe   bool // can be asked whether a key is live
	Halt    bool // delivery under way can be stopped
	Retract bool // can be taken down
	Part    bool // can send to a part of a segment: to at most Intent.Audience people, behind Intent.Skip, in an order that stays

	Limit   int           // characters (graphemes) of the whole text; 0 means none
	Subject bool          // has a subject or title
	Flight  time.Duration // the longest that a request can land after it was sent; 0 means unknown
	Lag     time.Duration // until a landed request is visible to Probe

	Overspend int // percent by which it may bill more than it was told to spend; 0 where it never does
}

// Order is the most that a channel may be told to spend so that its bill stays within most, also when it overspends as far as it may.
func (t Traits) Order(most Money) Money {
	if t.Overspend <= 0 {
		return most
	}
	whole, rest := most/Money(100+t.Overspend), most%Money(100+t.Overspend)
	return whole*100 + rest*100/Money(100+t.Overspend)
}

// Rendering is what goes out, in the order of the output's variants.
type Rendering struct{ Variants []Rendered }

// Rendered is one variant as it goes out.
type Rendered struct {
	Bytes []byte // exactly; what the digest covers
	Shown string // the same for a person to read
	Count int    // characters as the channel counts them
}

// Ref names a thing at a channel: its id there, and its address once it is public.
type Ref struct{ ID, URL string }

// Receipt is a channel's word that something is live.
type Receipt struct {
	Ref
	At    time.Time // when it went live, as the channel says
	Reach int       // people it was sent to; 0 when the channel does not say
	Spent Money
}

// Progress is how far a delivery got.
type Progress struct {
	Sent, Of int
	Halted   bool
}

// Halt is a delivery that a stop of everything cut short.
type Halt struct {
	Output string
	At     time.Time
	Progress
}

// Removal is what Retract came to.
type Removal struct {
	Gone    bool   // it is not public any more
	Already bool   // it was gone before
	Note    string // what is still live, when it could not be removed
}

// Meter brings results home. Reading twice, late or out of order changes nothing.
type Meter interface {
	Name() string
	// Read returns the newest cumulative readings of refs, each with its Ref; it may leave out what has not changed since.
	Read(ctx context.Context, since time.Time, refs []Ref) ([]Observation, error)
}
