package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Row is one piece in a list.
type Row struct {
	Output      string // its id
	Task, Name  string // the task's id, and its name as people read it
	Kind        engine.Kind
	Channel     string // as people read it: "Bluesky"
	Title       string // subject, else the first line of the first wording; the theme's text while there is no copy
	Written     bool   // there is copy
	State       engine.State
	Words       string // the state in plain words: "waits for your yes"
	Slot        time.Time
	PublishedAt time.Time // zero while it is not out
	URL         string    // "" while there is none
	Approved    bool      // a scheduled piece: a person said yes; false means that it goes out by itself
	Simulated   bool
}

// When is the time by which the piece is listed: when it went out, else when it is planned.
func (r Row) When() time.Time {
	if !r.PublishedAt.IsZero() {
		return r.PublishedAt
	}
	return r.Slot
}

var (
	// inQueue are the states in which a piece waits for people's hands.
	inQueue = []engine.State{engine.StateWaiting, engine.StateHanded}
	// wentOut are the states of pieces that were published, taken down or not.
	wentOut = []engine.State{engine.StatePublished, engine.StateSettled, engine.StateRetracting, engine.StateRetracted}
	// isOut are the states of pieces that people can see now.
	isOut = []engine.State{engine.StatePublished, engine.StateSettled}
)

// row draws one piece as a line. Only a scheduled piece costs another look, at its approval.
func (r *Reader) row(ctx context.Context, s scene, o engine.Output) (Row, error) {
	v := Row{
		Output: o.ID, Task: o.Task, Name: s.task(o.Task).Name, Kind: o.Kind, Channel: r.label(o.Channel),
		Title: s.theme(o.Arms.Theme), Written: len(o.Variants) > 0, State: o.State, Words: stateWords[o.State],
		Slot: o.Slot, PublishedAt: o.PublishedAt, URL: o.URL, Simulated: r.o.Channels[o.Channel].Simulated,
	}
	if v.Written {
		v.Title = title(o.Variants[0])
	}
	if o.State != engine.StateScheduled {
		return v, nil
	}
	a, err := r.store.Approval(ctx, o.ID, o.Digest)
	if err != nil {
		return v, fmt.Errorf("reading the approval of %s: %w", o.ID, err)
	}
	v.Approved = a != nil
	v.Words = "goes out by itself"
	if v.Approved {
		v.Words = "approved"
	}
	return v, nil
}

func (r *Reader) rowPtr(ctx context.Context, s scene, o engine.Output) (*Row, error) {
	v, err := r.row(ctx, s, o)
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// sorted holds rows that a question was asked of.
type sorted struct{ yes, no []Row }

// rows draws what f chooses, parted by keep; a nil keep keeps all.
func (r *Reader) rows(ctx context.Context, s scene, f engine.OutputFilter, keep func(engine.Output) bool) (sorted, error) {
	var v sorted
	outs, err := r.store.Outputs(ctx, f)
	if err != nil {
		return v, err
	}
	for _, o := range outs {
		row, err := r.row(ctx, s, o)
		if err != nil {
			return v, err
		}
		if keep == nil || keep(o) {
			v.yes = append(v.yes, row)
		} else {
			v.no = append(v.no, row)
		}
	}
	return v, nil
}

// title names a wording by its subject, else by the first line that its readers see.
func title(v engine.Variant) string {
	for _, s := range []string{v.Subject, v.Shown, v.Body} {
		if l := firstLine(s); l != "" {
			return l
		}
	}
	return ""
}
