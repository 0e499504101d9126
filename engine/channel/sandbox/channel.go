package sandbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/render"
)

// channel is one door as the loop sees it. How strictly it keeps doubles out follows from its traits: without Dedupe and Prepare, publishing
// twice makes two copies.
type channel struct {
	w *World
	door
}

// counting is a door that can say how many people it reaches.
type counting struct{ *channel }

var _ engine.Counter = counting{}

// Audience is the same for every segment: all who stand before the door.
func (c counting) Audience(ctx context.Context, _ string) (int, error) {
	f, err := c.w.enter(ctx, "count", "")
	if err == nil {
		err = f.leave()
	}
	if err != nil {
		return 0, err
	}
	return c.w.People(c.Name), nil
}

// draft is what Prepare made.
type draft struct {
	ID   string `json:"id"`
	Door string `json:"door"`
	Key  string `json:"key"`
}

func (c *channel) Traits() engine.Traits { return c.traits }

func (c *channel) Prepare(ctx context.Context, i engine.Intent) (engine.Ref, error) {
	if !c.traits.Prepare {
		return engine.Ref{}, nil
	}
	f, err := c.w.enter(ctx, "prepare", i.Key)
	if err != nil {
		return engine.Ref{}, err
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	id := c.w.id(c.Name, i.Key, "draft")
	c.w.drafts[id] = &draft{ID: id, Door: c.Name, Key: i.Key}
	if err := f.leave(); err != nil {
		return engine.Ref{}, err
	}
	return engine.Ref{ID: id}, nil
}

// Publish makes a copy, or with Dedupe or Prepare finds the one that is there or on its way.
func (c *channel) Publish(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error) {
	f, err := c.w.enter(ctx, "publish", i.Key)
	if err != nil {
		return engine.Receipt{}, err
	}
	if n := render.Graphemes(string(i.Bytes)); n == 0 || c.traits.Limit > 0 && n > c.traits.Limit {
		return engine.Receipt{}, engine.Errorf(engine.CodeInvalid, "%s takes 1 to %d characters; this text has %d.", c.traits.Label, c.traits.Limit, n)
	}
	now := c.w.clock.Now()
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	id, err := c.target(i, r)
	if err != nil {
		return engine.Receipt{}, err
	}
	out := c.w.byID[id]
	switch land := f.landing(now, c.traits.Flight); {
	case out == nil:
		out = c.copyOf(i, id, land)
		c.w.add(c.door, out)
	case !out.Gone.IsZero():
		return engine.Receipt{}, engine.Errorf(engine.CodeInvalid, "%s took this piece down; it does not come back under the same key.", c.traits.Label)
	case out.Landed.After(land): // the first request is still in flight: the repeat overtakes it, and the channel will refuse the first
		out.Landed = land
		out.Response = c.w.respond(c.door, out)
	}
	if err := f.leave(); err != nil {
		return engine.Receipt{}, err
	}
	return c.receipt(out), nil
}

// target gives the id that a publish of i speaks of: the draft's, the key's where the channel tells keys apart, else a new one.
func (c *channel) target(i engine.Intent, r engine.Ref) (string, error) {
	switch {
	case c.traits.Prepare:
		if r.ID == "" {
			r = i.Ref
		}
		if r.ID == "" {
			return "", engine.Errorf(engine.CodeNotSent, "There is no draft at %s yet.", c.traits.Label)
		}
		if d := c.w.drafts[r.ID]; d == nil || d.Key != i.Key || d.Door != c.Name {
			return "", engine.Errorf(engine.CodeInvalid, "%s has no such draft of this piece.", c.traits.Label)
		}
		return r.ID, nil
	case c.traits.Dedupe:
		return c.w.id(c.Name, i.Key, "only"), nil
	}
	return c.w.id(c.Name, i.Key, fmt.Sprint(len(c.w.byKey[i.Key]))), nil
}

func (c *channel) copyOf(i engine.Intent, id string, land time.Time) *Copy {
	people := c.w.before(c.door)
	if c.traits.Part && i.Audience > 0 {
		people = min(max(0, people-i.Skip), i.Audience)
	}
	return &Copy{
		Door: c.Name, Key: i.Key, ID: id, URL: "https://sandbox.example/" + c.Name + "/" + id, Account: i.Account, Bytes: slices.Clone(i.Bytes),
		Output: i.Output, Skip: i.Skip, Audience: people, Landed: land, Cost: c.bill(i.CostMax),
	}
}

// bill is what a piece that may cost most comes to: the door is told less where it overspends, and then overspends as far as it may.
func (c *channel) bill(most engine.Money) engine.Money {
	told := min(c.CostPerPiece, c.traits.Order(most))
	return told + told*engine.Money(c.traits.Overspend)/100
}

func (c *channel) receipt(out *Copy) engine.Receipt {
	r := engine.Receipt{Ref: out.ref(), At: out.Landed, Spent: out.Cost}
	if c.Kind == engine.KindEmail {
		r.Reach = out.Audience
	}
	return r
}

// Probe sees what landed at least the index lag ago.
func (c *channel) Probe(ctx context.Context, i engine.Intent, _ engine.Ref) (engine.Receipt, error) {
	if !c.traits.Probe {
		return engine.Receipt{}, engine.Errorf(engine.CodeInvalid, "%s cannot be asked whether a piece is there.", c.traits.Label)
	}
	f, err := c.w.enter(ctx, "probe", i.Key)
	if err != nil {
		return engine.Receipt{}, err
	}
	if err := f.leave(); err != nil {
		return engine.Receipt{}, err
	}
	now := c.w.clock.Now()
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	for _, out := range c.w.byKey[i.Key] {
		if out.Door == c.Name && out.live(now) && !out.Landed.Add(c.traits.Lag).After(now) {
			return c.receipt(out), nil
		}
	}
	return engine.Receipt{}, engine.Errorf(engine.CodeNotFound, "%s shows no such piece.", c.traits.Label)
}

func (c *channel) Halt(ctx context.Context, r engine.Receipt) (engine.Progress, error) {
	if !c.traits.Halt {
		return engine.Progress{}, engine.Errorf(engine.CodeInvalid, "%s delivers at once, so there is nothing to halt.", c.traits.Label)
	}
	f, err := c.w.enter(ctx, "halt", r.ID)
	if err != nil {
		return engine.Progress{}, err
	}
	now := c.w.clock.Now()
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	out := c.w.byID[r.ID]
	if out == nil {
		return engine.Progress{}, engine.Errorf(engine.CodeNotFound, "%s knows no such piece.", c.traits.Label)
	}
	if out.Halted.IsZero() && c.sent(out, now) < out.Audience {
		out.Halted = now
	}
	if err := f.leave(); err != nil {
		return engine.Progress{}, err
	}
	return engine.Progress{Sent: c.sent(out, now), Of: out.Audience, Halted: !out.Halted.IsZero()}, nil
}

// Retract takes a copy down now; what people saw of it stays counted.
func (c *channel) Retract(ctx context.Context, r engine.Receipt) (engine.Removal, error) {
	if !c.traits.Retract {
		return engine.Removal{Note: "What was sent cannot be taken back."}, nil
	}
	f, err := c.w.enter(ctx, "retract", r.ID)
	if err != nil {
		return engine.Removal{}, err
	}
	now := c.w.clock.Now()
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	out := c.w.byID[r.ID]
	already := out == nil || !out.Gone.IsZero()
	if !already {
		out.Gone = now
	}
	if err := f.leave(); err != nil {
		return engine.Removal{}, err
	}
	return engine.Removal{Gone: true, Already: already}, nil
}

// id makes an id that is the same in every run of the same world.
func (w *World) id(parts ...string) string {
	return fmt.Sprintf("%016x", w.hash(parts...))
}
