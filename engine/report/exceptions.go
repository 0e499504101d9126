package report

import (
	"context"
	"fmt"
	"slices"

	"koira/engine"
	"koira/engine/trust"
)

// Exceptions is the exception queue: all open ones, those first whose time runs out first.
type Exceptions struct {
	Frame
	Page
	Items []ExceptionItem
	Total int
}

// ExceptionItem is one thing that waits for a person.
type ExceptionItem struct {
	engine.Exception
	Name     string // the task's name, or the channel's; "" when it is about neither
	Piece    *Row   // nil unless it is about one piece
	Audience int    // people whom the piece may reach
	Waits    int    // of a channel: cleared pieces that it holds up
	Resting  bool   // of a channel: nothing new is begun there until somebody says that it is fixed
	Limit    string // with ChoiceRule: a Rule's key
	Choices  []Choice
	Who      []string // user ids that may choose
	Silence  Silence
}

// ExceptionView is one exception, for its card.
type ExceptionView struct {
	Frame
	ExceptionItem
}

// Choice is one way to end an exception.
type Choice string

const (
	ChoiceSendRest Choice = "send-rest" // the rest of an e-mail follows after all
	ChoiceStopRest Choice = "stop-rest" // it does not
	ChoiceApprove  Choice = "approve"   // say yes to this version: that is all it waits for
	ChoiceFix      Choice = "fix"       // fix the text
	ChoiceReject   Choice = "reject"    // say no to the piece
	ChoiceOnce     Choice = "once"      // an owner lets this one version pass a limit on money
	ChoiceAnyway   Choice = "anyway"    // an owner approves this one version although rules stop it
	ChoiceWhy      Choice = "why"       // show the rule
	ChoiceRule     Choice = "rule"      // change the limit that stops it
	ChoicePause    Choice = "pause"     // pause the task
	ChoiceLive     Choice = "live"      // "it is there", with its link
	ChoiceResend   Choice = "resend"    // "it is not there", send it again
	ChoiceDrop     Choice = "drop"      // leave it unpublished for good
	ChoiceSlot     Choice = "slot"      // another time
	ChoiceGone     Choice = "gone"      // take it down once more
	ChoiceResume   Choice = "resume"    // the task runs again
	ChoiceShow     Choice = "show"      // the pieces behind it
	ChoiceHow      Choice = "how"       // how to mend credentials or a channel
	ChoiceDone     Choice = "done"      // it is mended
	ChoiceStrategy Choice = "strategy"  // change goals, segments, themes and the voice
)

// kindOfException is what an exception of a kind offers, and the least role that may choose.
type kindOfException struct {
	choices []Choice
	role    engine.Role
}

var kindsOfException = map[engine.ExceptionKind]kindOfException{
	engine.ExceptionOutput: {[]Choice{ChoiceFix, ChoiceReject, ChoiceWhy, ChoicePause}, engine.RoleApprover},
	engine.ExceptionUnsure: {[]Choice{ChoiceLive, ChoiceResend, ChoiceDrop}, engine.RoleApprover},
	engine.ExceptionMissed: {[]Choice{ChoiceSlot, ChoiceDrop}, engine.RoleApprover},
	engine.ExceptionTask:   {[]Choice{ChoiceResume, ChoiceShow}, engine.RoleOwner},
	engine.ExceptionSystem: {[]Choice{ChoiceHow, ChoiceDone}, engine.RoleOwner},
}

// Exceptions reads size open exceptions from offset on; size 0 means all.
func (r *Reader) Exceptions(ctx context.Context, offset, size int) (Exceptions, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Exceptions{}, err
	}
	return r.exceptions(ctx, s, offset, size)
}

func (r *Reader) exceptions(ctx context.Context, s scene, offset, size int) (Exceptions, error) {
	open := slices.Clone(s.open)
	slices.SortStableFunc(open, func(a, b engine.Exception) int { return soonest(a.Due, b.Due) })
	from, to := cut(len(open), offset, size)
	v := Exceptions{Frame: s.Frame, Page: Page{Offset: from, Size: size, More: to < len(open)}, Total: len(open)}
	for _, e := range open[from:to] {
		item, err := r.exceptionItem(ctx, s, e)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

// Exception reads one exception, also a closed one, which offers no choices. Code not_found.
func (r *Reader) Exception(ctx context.Context, id string) (ExceptionView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return ExceptionView{}, err
	}
	e, err := r.store.Exception(ctx, id)
	if err != nil {
		return ExceptionView{}, fmt.Errorf("reading exception %s: %w", id, err)
	}
	item, err := r.exceptionItem(ctx, s, e)
	return ExceptionView{Frame: s.Frame, ExceptionItem: item}, err
}

func (r *Reader) exceptionItem(ctx context.Context, s scene, e engine.Exception) (ExceptionItem, error) {
	v := ExceptionItem{Exception: e}
	switch {
	case e.Task != "":
		v.Name = s.task(e.Task).Name
	case e.Kind == engine.ExceptionSystem:
		v.Name = r.label(e.Subject)
	}
	var about engine.Output
	if e.Output != "" {
		var err error
		if about, err = r.store.Output(ctx, e.Output); err != nil {
			return v, fmt.Errorf("reading the piece of exception %s: %w", e.ID, err)
		}
		if v.Piece, err = r.rowPtr(ctx, s, about); err != nil {
			return v, err
		}
		v.Audience = about.Audience
	}
	if !e.ClosedAt.IsZero() {
		v.Silence = Silence{Does: DoesNothing, Text: "Nothing is needed."}
		return v, nil
	}
	k := kindsOfException[e.Kind]
	if e.Kind == engine.ExceptionMissed && slices.Contains(isOut, about.State) { // it could not be taken down
		k.choices = []Choice{ChoiceGone, ChoiceDrop}
	}
	v.Choices, v.Who = slices.Clone(k.choices), r.o.People.With(k.role)
	if e.Kind == engine.ExceptionTask && s.task(e.Task).Paused == nil { // a warning: it is for whoever looks
		v.Choices = []Choice{ChoiceDone, ChoiceShow}
	} else if e.Kind == engine.ExceptionTask {
		t := s.task(e.Task)
		to, was, err := r.resumes(ctx, t)
		if err != nil {
			return v, err
		}
		if was > t.Level {
			v.Remedy = trust.RemedySince(e.Remedy, to, was)
		}
	}
	switch e.Kind {
	case engine.ExceptionOutput:
		v.Who = r.mayDecide(about)
		if e.Rule == engine.RuleWave {
			v.Choices = []Choice{ChoiceSendRest, ChoiceStopRest, ChoiceWhy}
			v.Silence = ending("the rest does not go out", "; it ends {at}", about.Expires)
			return v, nil
		}
		if c := passable(about); c != "" {
			v.Choices = slices.Insert(v.Choices, 2, c)
		}
		if about.Asks() {
			v.Choices = slices.Insert(v.Choices, 0, ChoiceApprove)
		}
		if v.Limit = limitOf(e, about); v.Limit != "" {
			v.Choices = slices.Insert(v.Choices, slices.Index(v.Choices, ChoiceWhy)+1, ChoiceRule)
		}
	case engine.ExceptionSystem:
		if e.Subject == engine.TheStrategy { // it ends by itself once nothing is missing
			v.Choices = []Choice{ChoiceStrategy}
		}
		if err := r.heldUp(ctx, s, &v); err != nil {
			return v, err
		}
	}
	var err error
	v.Silence, err = r.exceptionSilence(ctx, s, e, about)
	return v, err
}

// heldUp fills in what a channel's trouble holds up.
func (r *Reader) heldUp(ctx context.Context, s scene, v *ExceptionItem) error {
	if v.Stops() && s.control.Stopped { // it ends with a resume
		v.Choices = []Choice{ChoiceHow}
	}
	if v.Resting = v.Trouble == engine.TroublePaused && s.resting(v.Subject); v.Resting {
		v.Who = r.o.People.With(engine.RoleApprover)
	}
	if !v.Trouble.HoldsUp() {
		return nil
	}
	cleared, err := r.store.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateScheduled}, Bare: true})
	if err != nil {
		return fmt.Errorf("reading what waits for %s: %w", v.Subject, err)
	}
	for _, o := range cleared {
		if o.Channel == v.Subject && o.Expires.After(s.now) {
			v.Waits++
		}
	}
	return nil
}

func (r *Reader) exceptionSilence(ctx context.Context, s scene, e engine.Exception, about engine.Output) (Silence, error) {
	switch e.Kind {
	case engine.ExceptionOutput:
		return silence(about, s, false), nil
	case engine.ExceptionUnsure:
		return silence(engine.Output{State: engine.StateUnconfirmed}, s, false), nil
	case engine.ExceptionMissed:
		if slices.Contains(isOut, about.State) { // it could not be taken down
			return Silence{Does: DoesStay, Text: ask + "it stays live."}, nil
		}
		next, err := r.next(ctx, s, e.Task)
		if err != nil || next == nil {
			return silence(engine.Output{State: engine.StateExpired}, s, false), err
		}
		return Silence{DoesStay, next.Slot, ask + "it stays unpublished; the next one is planned for {at}."}, nil
	case engine.ExceptionTask:
		if s.task(e.Task).Paused != nil {
			return Silence{Does: DoesStay, Text: ask + "it stays paused."}, nil
		}
		return Silence{Does: DoesStay, Text: ask + "it goes on, and this stays open."}, nil
	}
	if s.control.Stopped {
		return Silence{Does: DoesStay, Text: ask + "everything stays stopped."}, nil
	}
	if s.resting(e.Subject) {
		return Silence{Does: DoesStay, Text: ask + "nothing goes out there; each piece waits until its time passes, then it ends."}, nil
	}
	if e.Kind == engine.ExceptionSystem && e.Subject == engine.TheStrategy {
		return Silence{Does: DoesStay, Text: ask + "nothing new is planned; what is written already goes on where its readers and its theme are still there."}, nil
	}
	if !e.Trouble.HoldsUp() {
		return Silence{Does: DoesStay, Text: ask + "what is planned there goes on, and nobody sees what it brings."}, nil
	}
	return Silence{Does: DoesStay, Text: ask + "what it holds up is tried again until its time passes, then it ends."}, nil
}

// passable is how an owner may let a held piece through as it is: "" where something stops it that nobody waives.
func passable(o engine.Output) Choice {
	var c Choice
	for _, f := range o.Findings {
		switch {
		case o.State != engine.StateHeld || f.Outcome != engine.Block:
		case f.Fixed:
			return ""
		case f.Rule == engine.RuleBudget:
			c = ChoiceOnce
		case f.Asks: // the same yes answers it
		case !f.Waivable:
			return ""
		case c == "":
			c = ChoiceAnyway
		}
	}
	return c
}

// limitOf is the key of the limit that the rule behind an exception holds, "" where people cannot change it here.
func limitOf(e engine.Exception, o engine.Output) string {
	for _, f := range o.Findings {
		if f.Outcome == engine.Block && f.Rule == e.Rule && f.Of != "" {
			return f.Of
		}
	}
	return ""
}
