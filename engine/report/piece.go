package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rivo/uniseg"

	"koira/engine"
	"koira/engine/guard"
)

// PieceView is everything that a piece's card and windows need.
type PieceView struct {
	Frame
	Row
	Output     engine.Output
	Task       engine.Task
	Control    engine.Control
	Traits     engine.Traits // zero when the channel is not configured any more
	Theme      string        // as people wrote it
	Segment    string        // the name of its readers
	Audience   int           // people it may reach; 0 means not known
	Characters []int         // of each wording, as Traits.Limit counts them
	Warnings   []engine.Finding
	Blocks     []engine.Finding
	Passed     int               // checks that passed
	Judgement  *engine.Judgement // what a model thought of what it says now, or why it did not say; nil where none was asked

	Approval  *engine.Approval  // of what it says now
	Remarks   []engine.Remark   // what people said of this version when it was to go out by itself, oldest first
	Needed    time.Time         // from then on it has a card of its own, where it came with its week
	Window    bool              // it goes out by itself, and people have time to look at it first
	Review    engine.ReviewRule // how long, and in which hours
	Rejection *engine.Rejection // when it was rejected
	Ending    engine.Ending     // of one that expired: who ended it, and why; zero where that is not known
	Exception *engine.Exception // the open one about it; of an unconfirmed piece, only one that asks what became of it
	Readings  []Reading         // only what the channel or a meter gave
	Sends     []SendRow
	After
	Before    map[string]string // what each wording said before a person last changed it; nil when nobody did
	Silence   Silence
	Deadline  time.Time // the last moment for a decision; zero when none is asked
	MayDecide []string  // user ids that may approve or reject; its last editor is left out where somebody else could

	Long         bool // does not fit whole on a card
	Irreversible bool // cannot be taken down once out
	GivenUp      bool // it failed, but nobody knows whether a delivery of it went out: a person gave that up
	Second       bool // its task was lowered for cause lately: another cause pauses it
}

// LongOrIrreversible reports whether it is approved in its window, never from the card.
func (p PieceView) LongOrIrreversible() bool { return p.Long || p.Irreversible }

// Soon reports whether its planned time is under 15 minutes away or past: then too Approve passes a window.
func (p PieceView) Soon() bool { return p.Slot.Sub(p.AsOf) < 15*time.Minute }

// Reading is one number that a piece brought so far.
type Reading struct {
	Metric    engine.Metric
	Name      string // "link visits", right for Value: "1 link visit"
	Value     int64
	Money     bool // Value is engine.Money
	Simulated bool
	Judged    bool  // it is held against Usual; where that is not known, there is too little data
	Usual     Range // where the task's earlier pieces were at the same age
}

// SendRow is one delivery of a piece.
type SendRow struct {
	engine.Send
	Words string // the state in plain words
}

// PieceNow is Piece for somebody who is about to decide about it: of one that waits for a yes it has what the gate says now, which may be more than what
// its card told when it was drawn. Code not_found.
func (r *Reader) PieceNow(ctx context.Context, id string) (PieceView, error) {
	v, err := r.Piece(ctx, id)
	if err != nil || v.State != engine.StateWaiting || r.o.Gate == nil {
		return v, err
	}
	seen, err := r.store.View(ctx, id, engine.StageApproval, v.AsOf)
	if err != nil {
		return v, fmt.Errorf("reading what the gate sees of %s: %w", id, err)
	}
	v.Blocks, v.Warnings, v.Passed = part(r.o.Gate(seen).Findings)
	return v, nil
}

// Piece reads one piece with all that its card shows. Code not_found.
func (r *Reader) Piece(ctx context.Context, id string) (PieceView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return PieceView{}, err
	}
	o, err := r.store.Output(ctx, id)
	if err != nil {
		return PieceView{}, fmt.Errorf("reading piece %s: %w", id, err)
	}
	traits := r.o.Channels[o.Channel]
	v := PieceView{
		Frame: s.Frame, Output: o, Task: s.task(o.Task), Control: s.control, Traits: traits, Theme: s.theme(o.Arms.Theme),
		Segment: s.segment(o.Segment).Name, Audience: o.Audience, Long: isLong(o), Irreversible: !traits.Retract,
		Needed: s.neededBy(o),
	}
	v.Blocks, v.Warnings, v.Passed = part(o.Findings)
	for _, w := range o.Variants {
		v.Characters = append(v.Characters, uniseg.GraphemeClusterCount(w.Shown))
	}
	if v.Row, err = r.row(ctx, s, o); err != nil {
		return v, err
	}
	if err := r.judged(ctx, s, &v); err != nil {
		return v, err
	}
	if err := r.delivered(ctx, &v); err != nil {
		return v, err
	}
	if err := r.after(ctx, &v); err != nil {
		return v, err
	}
	if err := r.usualByThen(ctx, s, &v); err != nil {
		return v, err
	}
	if v.Second, err = r.second(ctx, s, v.Task); err != nil {
		return v, err
	}
	leaves, err := r.leaves(ctx, &v)
	if err != nil {
		return v, err
	}
	if v.Silence = silenceOf(v, s); v.Silence.Does == DoesGoOut {
		v.Silence.At = leaves
	}
	if s.asks(o) {
		v.Deadline, v.MayDecide = o.Expires, r.mayDecide(o)
	}
	return v, nil
}

// leaves fills in whether v is to go out by itself after people had time to look at it, and tells when it goes: at its slot, but not before that time is
// over, which begins when its card is delivered. Drawn for the first time, that is now.
func (r *Reader) leaves(ctx context.Context, v *PieceView) (time.Time, error) {
	o := v.Output
	if o.State != engine.StateScheduled || v.Approval != nil || !v.Task.Level.Rung().Unasked {
		return o.Slot, nil
	}
	seen, err := r.store.View(ctx, o.ID, engine.StageApproval, v.AsOf)
	if err != nil {
		return o.Slot, fmt.Errorf("reading when people got %s: %w", o.ID, err)
	}
	seen.Traits = v.Traits
	if !seen.Task.Level.Rung().Checks { // which may be a lower one for now
		return o.Slot, nil
	}
	v.Window, v.Review = guard.Passage(seen).Way == engine.WayWindow, seen.Guardrails.Review
	return later(o.Slot, guard.Over(seen)), nil
}

// Stopped returns who stopped a piece that would have gone out by itself, while it waits for that; nil for none.
func (p PieceView) Stopped() *engine.Remark {
	if n := len(p.Remarks); p.Output.State == engine.StateWaiting && n > 0 && p.Remarks[n-1].Verdict == engine.ReviewStopped {
		return &p.Remarks[n-1]
	}
	return nil
}

// asks reports whether o waits for a person's decision.
func (s scene) asks(o engine.Output) bool {
	return o.State == engine.StateHeld || slices.Contains(inQueue, o.State)
}

// judged fills in what people said of v, and the exception that is open about it.
func (r *Reader) judged(ctx context.Context, s scene, v *PieceView) error {
	o, err := v.Output, error(nil)
	if o.EditedBy != "" {
		if v.Before, err = r.store.WordingsBefore(ctx, o.ID); err != nil {
			return fmt.Errorf("reading what %s said before: %w", o.ID, err)
		}
	}
	if o.Digest != "" {
		if v.Approval, err = r.store.Approval(ctx, o.ID, o.Digest); err != nil {
			return fmt.Errorf("reading the approval of %s: %w", o.ID, err)
		}
		if v.Remarks, err = r.store.Remarks(ctx, o.ID, o.Digest); err != nil {
			return fmt.Errorf("reading who looked at %s: %w", o.ID, err)
		}
		if v.Judgement, err = r.store.Judgement(ctx, o.ID, o.Digest); err != nil {
			return fmt.Errorf("reading what a model thought of %s: %w", o.ID, err)
		}
	}
	if o.State == engine.StateRejected {
		noes, err := r.store.Rejections(ctx, o.Task, rejectionsRead)
		if err != nil {
			return fmt.Errorf("reading the rejections of %s: %w", o.Task, err)
		}
		if i := slices.IndexFunc(noes, func(n engine.Rejection) bool { return n.Output == o.ID }); i >= 0 {
			v.Rejection = &noes[i]
		}
	}
	if o.State == engine.StateExpired {
		if v.Ending, err = r.store.Ending(ctx, o.ID, o.State); err != nil {
			return fmt.Errorf("reading how %s ended: %w", o.ID, err)
		}
	}
	if i := slices.IndexFunc(s.open, func(e engine.Exception) bool { return isAbout(e, o) }); i >= 0 {
		v.Exception = &s.open[i]
	}
	return nil
}

func isAbout(e engine.Exception, o engine.Output) bool {
	return e.Output == o.ID && (o.State != engine.StateUnconfirmed || e.Kind == engine.ExceptionUnsure)
}

// rejectionsRead is how far back a piece's rejection is looked for: far beyond what a task makes while its cards are still drawn.
const rejectionsRead = 500

// delivered fills in where v's deliveries are and what they brought.
func (r *Reader) delivered(ctx context.Context, v *PieceView) error {
	sends, err := r.store.Sends(ctx, v.Output.ID)
	if err != nil {
		return fmt.Errorf("reading the deliveries of %s: %w", v.Output.ID, err)
	}
	for _, d := range sends {
		row := SendRow{Send: d, Words: sendWords[d.State]}
		if d.GivenUp() {
			row.Words, v.GivenUp = "given up: nobody knows whether it went out", v.Output.State == engine.StateFailed
		}
		v.Sends = append(v.Sends, row)
	}
	if !slices.Contains(wentOut, v.Output.State) && !engine.Partly(sends) {
		return nil
	}
	values, err := r.store.Readings(ctx, v.Output.ID)
	if err != nil {
		return fmt.Errorf("reading the results of %s: %w", v.Output.ID, err)
	}
	for _, m := range engine.Metrics {
		if value, ok := values[m]; ok {
			v.Readings = append(v.Readings, Reading{Metric: m, Name: m.Words(value), Value: value, Money: m.Money(), Simulated: v.Traits.Simulated})
		}
	}
	return nil
}
