// Package sandbox simulates channels and the audience behind them, in memory: nothing real happens, and every trait and reading says so.
// It is deterministic: the same seed, calls and clock give the same world. What the audience likes is hidden, and read only from the bytes
// that were published, so a loop that learns here cannot cheat.
package sandbox

import (
	"slices"
	"strings"
	"sync"
	"time"

	"koira/engine"
)

// Options is what a World is made from.
type Options struct {
	Seed  uint64
	Clock engine.Clock   // the business's
	Zone  *time.Location // in which the audience lives; nil means UTC
	Doors []Door
}

// Door is one simulated channel.
type Door struct {
	Name, Label  string
	Kind         engine.Kind
	Audience     int                  // followers, subscribers or regular readers
	CostPerPiece engine.Money         // billed as a piece is seen, never more than its intent allows; with Overspend in the traits, so much more
	Counts       bool                 // can say how many people it reaches: it is an engine.Counter
	Change       func(*engine.Traits) // alters the traits that doors of this kind have; nil keeps them
}

// World is everything that stands behind the doors. It is safe for concurrent use.
type World struct {
	seed  uint64
	clock engine.Clock
	zone  *time.Location
	doors map[string]door
	order []string

	mu     sync.Mutex
	copies []*Copy
	byID   map[string]*Copy
	byKey  map[string][]*Copy
	drafts map[string]*draft // by id
	fault  func(op, key string) Fault
	people map[string]int  // by door, since Grow
	moods  map[string]Mood // by door, since SetMood
	twice  []string        // keys under which more than one copy was ever made
	shared []string        // pieces of which parts reach into each other
}

// door is a Door with its traits worked out.
type door struct {
	Door
	traits engine.Traits
}

// Mood is how many times more, or less, those behind a door click and leave than is their habit.
type Mood struct{ Click, Leave float64 }

// SetMood puts those behind a door into a mood for what lands there from now on.
func (w *World) SetMood(name string, m Mood) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.moods == nil {
		w.moods = map[string]Mood{}
	}
	w.moods[name] = m
}

// Copy is one piece that stands, stood or is about to stand in the world. A piece that went out twice is two copies.
type Copy struct {
	Door     string       `json:"door"`
	Key      string       `json:"key"` // the intent's; "" for what people posted by hand
	ID       string       `json:"id"`
	URL      string       `json:"url"`
	Account  string       `json:"account,omitempty"`
	Bytes    []byte       `json:"bytes"`
	Output   string       `json:"output,omitempty"` // the intent's
	Skip     int          `json:"skip,omitempty"`   // people before those it is for, in the door's order
	Audience int          `json:"audience"`         // people it is for
	Landed   time.Time    `json:"landed"`           // public from then on; in the future while the request is in flight
	Halted   time.Time    `json:"halted"`           // zero unless its delivery was stopped
	Gone     time.Time    `json:"gone"`             // zero unless it was taken down
	Cost     engine.Money `json:"cost"`             // billed in the end
	ByHand   bool         `json:"by_hand,omitempty"`
	Response response     `json:"response"`
}

// New makes an empty world. Doors without a name are left out; of two with the same name the first counts.
func New(o Options) *World {
	w := &World{seed: o.Seed, clock: o.Clock, zone: o.Zone, doors: map[string]door{}, people: map[string]int{}}
	if w.zone == nil {
		w.zone = time.UTC
	}
	for _, d := range o.Doors {
		if _, known := w.doors[d.Name]; known || d.Name == "" {
			continue
		}
		w.doors[d.Name] = door{d, traits(d)}
		w.order = append(w.order, d.Name)
	}
	w.empty()
	return w
}

func (w *World) empty() {
	w.copies, w.byID, w.byKey, w.drafts, w.twice = nil, map[string]*Copy{}, map[string][]*Copy{}, map[string]*draft{}, nil
}

// traits gives a door those of the channels that it stands for, all of them simulated. Requests land within a minute.
func traits(d Door) engine.Traits {
	tr := engine.Traits{Name: d.Name, Label: d.Label, Kind: d.Kind, Simulated: true, Probe: true, Flight: time.Minute}
	if tr.Label == "" {
		tr.Label = d.Name
	}
	switch d.Kind {
	case engine.KindEmail:
		tr.Subject, tr.Prepare, tr.Dedupe, tr.Halt, tr.Part = true, true, true, true, true
	case engine.KindBlog:
		tr.Subject, tr.Prepare, tr.Dedupe, tr.Retract = true, true, true, true
	default:
		tr.Retract, tr.Limit = true, 300
	}
	if d.Change != nil {
		d.Change(&tr)
	}
	return tr
}

// Channel returns the door of that name, nil when there is none.
func (w *World) Channel(name string) engine.Channel {
	d, ok := w.doors[name]
	if !ok {
		return nil
	}
	c := &channel{w: w, door: d}
	if d.Counts {
		return counting{c}
	}
	return c
}

// Grow lets another number of people stand before a door.
func (w *World) Grow(name string, people int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people[name] = people
}

// People is how many stand before a door now.
func (w *World) People(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.before(w.doors[name])
}

// before is People under the caller's lock.
func (w *World) before(d door) int {
	if n, grown := w.people[d.Name]; grown {
		return n
	}
	return d.Audience
}

// Live counts the copies of key that anybody can see now, through all doors.
func (w *World) Live(key string) int {
	now := w.clock.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, c := range w.byKey[key] {
		if c.live(now) {
			n++
		}
	}
	return n
}

// Had is how many people have the copy with that id by now.
func (w *World) Had(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.byID[id]
	if c == nil {
		return 0
	}
	return int(float64(c.Audience) * delivered(w.doors[c.Door].Kind, c, w.clock.Now()))
}

// Copies returns all copies that ever were, in the order in which they were sent.
func (w *World) Copies() []Copy {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Copy, len(w.copies))
	for i, c := range w.copies {
		all[i] = *c
		all[i].Bytes = slices.Clone(c.Bytes)
	}
	return all
}

// Doubled returns the keys under which more than one copy stands or is on its way. It costs nothing while there is none.
func (w *World) Doubled() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.twice), func(key string) bool {
		n := 0
		for _, c := range w.byKey[key] {
			if c.Gone.IsZero() {
				n++
			}
		}
		return n < 2
	})
}

// Twice returns the pieces of which some reader ever had more than one copy, under whatever keys: parts that reach into each other.
func (w *World) Twice() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.shared)
}

// shares notes where c reaches readers of another part of its piece. Both stand in the door's order of readers.
func (w *World) shares(d door, c *Copy) {
	if d.Kind != engine.KindEmail || c.Output == "" {
		return
	}
	for _, o := range w.copies {
		if o != c && o.Output == c.Output && o.Key != c.Key && c.Skip < o.Skip+o.Audience && o.Skip < c.Skip+c.Audience {
			w.shared = append(w.shared, c.Output)
		}
	}
}

// PostedByHand lets a person post text at a moment, as at L0 and L1: the meter knows it by url from then on. The door is the one whose name
// is in url, else the first. A url that is known already changes nothing. Code invalid in a world without doors.
func (w *World) PostedByHand(url, text string, at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byID[url] != nil {
		return nil
	}
	if len(w.order) == 0 {
		return engine.Errorf(engine.CodeInvalid, "There is no channel in this world to post to.")
	}
	name := w.order[0]
	for _, n := range w.order {
		if strings.Contains(strings.ToLower(url), strings.ToLower(n)) {
			name = n
			break
		}
	}
	d := w.doors[name]
	w.add(d, &Copy{Door: name, ID: url, URL: url, Bytes: []byte(text), Audience: d.Audience, Landed: at, Cost: d.CostPerPiece, ByHand: true})
	return nil
}

// add puts c into the world and lets the audience make up its mind. The caller holds the lock.
func (w *World) add(d door, c *Copy) {
	c.Response = w.respond(d, c)
	w.copies = append(w.copies, c)
	w.shares(d, c)
	w.index(c)
}

func (w *World) index(c *Copy) {
	w.byID[c.ID] = c
	if c.Key != "" {
		w.byKey[c.Key] = append(w.byKey[c.Key], c)
		if len(w.byKey[c.Key]) == 2 {
			w.twice = append(w.twice, c.Key)
		}
	}
}

// live reports whether c can be seen at t.
func (c *Copy) live(t time.Time) bool {
	return !c.Landed.After(t) && (c.Gone.IsZero() || c.Gone.After(t))
}

// ref is how the world names c.
func (c *Copy) ref() engine.Ref { return engine.Ref{ID: c.ID, URL: c.URL} }
