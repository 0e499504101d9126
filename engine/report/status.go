package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"koira/engine"
)

// Status is the answer to "is it running, and does it need me".
type Status struct {
	Frame
	Control engine.Control // who stopped everything, when and why; zero while it runs
	NeedYou NeedYou
	Next    *Row     // the piece that goes out next, also while stopped; nil when none is planned
	Writer  string   // who writes: "built-in template writer, no AI model configured"
	Notes   []string // whole sentences: what is simulated, which tasks are paused
}

// Running is false while everything is stopped.
func (s Status) Running() bool { return !s.Control.Stopped }

// NeedYou counts what waits for people.
type NeedYou struct {
	Problems int // open exceptions
	Drafts   int // pieces that wait for a yes
	Hand     int // pieces that are ready for a person to publish
}

// Total is how many things need somebody.
func (n NeedYou) Total() int { return n.Problems + n.Drafts + n.Hand }

// Words says who waits for what: "4 things need you: 1 problem, 3 drafts", "Nothing needs you".
func (n NeedYou) Words() string {
	var parts []string
	if n.Problems > 0 {
		parts = append(parts, plural(n.Problems, "problem", "problems"))
	}
	if n.Drafts > 0 {
		parts = append(parts, plural(n.Drafts, "draft", "drafts"))
	}
	if n.Hand > 0 {
		parts = append(parts, fmt.Sprintf("%d to publish by hand", n.Hand))
	}
	switch n.Total() {
	case 0:
		return "Nothing needs you"
	case 1:
		return "1 thing needs you: " + parts[0]
	}
	return fmt.Sprintf("%d things need you: %s", n.Total(), strings.Join(parts, ", "))
}

// Status reads what is running and what needs people.
func (r *Reader) Status(ctx context.Context) (Status, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Status{}, err
	}
	return r.status(ctx, s)
}

func (r *Reader) status(ctx context.Context, s scene) (Status, error) {
	v := Status{Frame: s.Frame, Control: s.control, Writer: r.o.Writer, Notes: r.notes(s)}
	var err error
	if v.NeedYou, err = r.needYou(ctx, s); err != nil {
		return v, err
	}
	v.Next, err = r.next(ctx, s, "")
	return v, err
}

func (r *Reader) needYou(ctx context.Context, s scene) (NeedYou, error) {
	n, err := r.store.CountOutputs(ctx, engine.OutputFilter{States: inQueue})
	if err != nil {
		return NeedYou{}, fmt.Errorf("counting what waits: %w", err)
	}
	return NeedYou{Problems: len(s.open), Drafts: n[engine.StateWaiting], Hand: n[engine.StateHanded]}, nil
}

// next returns the piece of a task, or of all (""), that is due next: one that is cleared, else one that could still become so.
func (r *Reader) next(ctx context.Context, s scene, task string) (*Row, error) {
	for _, states := range [][]engine.State{{engine.StateScheduled}, {engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateHanded}} {
		// A cleared piece may still go out until it expires, at most the longest tolerance after its slot.
		outs, err := r.store.Outputs(ctx, engine.OutputFilter{Task: task, States: states, SlotFrom: s.now.Add(-engine.KindBlog.Tolerance()), Limit: 50})
		if err != nil {
			return nil, fmt.Errorf("looking for the next piece: %w", err)
		}
		for _, o := range outs {
			if o.Expires.IsZero() || o.Expires.After(s.now) {
				return r.rowPtr(ctx, s, o)
			}
		}
	}
	return nil, nil
}

func (r *Reader) notes(s scene) []string {
	var n, simulated []string
	for _, name := range slices.Sorted(maps.Keys(r.o.Channels)) {
		if r.o.Channels[name].Simulated {
			simulated = append(simulated, r.label(name))
		}
	}
	if len(simulated) > 0 {
		n = append(n, "Simulated: "+engine.List(simulated)+". Nothing real happens there, and the readings are made up.")
	}
	for _, t := range s.tasks {
		if t.Paused != nil {
			n = append(n, fmt.Sprintf("%s is paused: %s.", t.Name, strings.TrimSuffix(t.Paused.Why, ".")))
		}
	}
	for _, t := range s.tasks {
		if why := engine.Unplanned(s.strategy, s.rules, t, r.label(t.Channel)); len(why) > 0 && t.Paused == nil {
			n = append(n, fmt.Sprintf("%s plans nothing: %s.", t.Name, strings.Join(why, ", and ")))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.paused)) {
		n = append(n, fmt.Sprintf("%s is paused, because too much failed there: nothing goes out on it until somebody says that it is fixed.", r.label(name)))
	}
	return n
}
