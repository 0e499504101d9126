package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// replay is the state of everything, as the log alone gives it.
type replay struct {
	states  map[string]engine.State
	levels  map[string]engine.Level
	open    map[string]bool // exceptions
	stopped bool
}

func newReplay() replay {
	return replay{states: map[string]engine.State{}, levels: map[string]engine.Level{}, open: map[string]bool{}}
}

// event takes one line of the log; outputs are moved by oracle.moved, which looks at both ends of a move.
func (r *replay) event(e engine.Event) {
	switch e.Action {
	case "task.level":
		r.levels[e.Subject], _ = engine.ParseLevel(e.Detail["to"])
	case "exception.opened":
		r.open[e.Subject] = true
	case "exception.closed":
		delete(r.open, e.Subject)
	case "control.stopped":
		r.stopped = true
	case "control.resumed":
		r.stopped = false
	}
}

// everything checks all that is, and now and then the whole chain.
func (o *oracle) everything(ctx context.Context, chain bool) error {
	if err := o.touched(ctx); err != nil {
		return err
	}
	if err := o.rules(ctx); err != nil {
		return err
	}
	if err := o.told(ctx); err != nil {
		return err
	}
	all, err := o.s.core.DB.Outputs(ctx, engine.OutputFilter{Limit: 100_000, Texts: true})
	if err != nil {
		return err
	}
	if err := o.ledger.read(ctx, o.s.core.DB); err != nil {
		return err
	}
	byOutput := o.ledger.byOutput
	open, err := o.open(ctx)
	if err != nil {
		return err
	}
	if err := o.replayed(ctx, all); err != nil {
		return err
	}
	for _, out := range all {
		if err := o.output(out, byOutput[out.ID]); err != nil {
			return err
		}
		if err := o.found(ctx, out, open); err != nil {
			return err
		}
		if err := o.heard(out); err != nil {
			return err
		}
		if err := o.freed(ctx, out); err != nil {
			return err
		}
	}
	if err := o.rested(ctx); err != nil {
		return err
	}
	if err := o.money(ctx, all, byOutput); err != nil || !chain {
		return err
	}
	if same, err := o.ledger.reread(ctx, o.s.core.DB); err != nil || !same {
		return cmp.Or(err, o.s.breach("the ledger is not what it was when it was written"))
	}
	a, err := o.s.core.DB.Audit(ctx)
	if err == nil && a.Found > 0 {
		f := a.Faults[0]
		return o.s.breach("the log has %d faults; line %d: %s (want %q, got %q)", a.Found, f.Seq, f.What, f.Want, f.Got)
	}
	return err
}

// replayed: the log alone gives the state of every piece, and whether everything is stopped.
func (o *oracle) replayed(ctx context.Context, all []engine.Output) error {
	if len(all) != len(o.replay.states) {
		return o.s.breach("there are %d pieces; the log knows %d", len(all), len(o.replay.states))
	}
	for _, out := range all {
		if o.replay.states[out.ID] != out.State {
			return o.s.breach("%s is %s; the log says %s", out.ID, out.State, o.replay.states[out.ID])
		}
	}
	c, err := o.s.core.DB.Control(ctx)
	if err == nil && (c.Stopped != o.replay.stopped || c.Stopped != o.stopped) {
		return o.s.breach("stopped is %t; the log says %t, people %t", c.Stopped, o.replay.stopped, o.stopped)
	}
	return err
}

// open reads what waits for a person, by output. Each of them has had a card, and the log knows each.
func (o *oracle) open(ctx context.Context) (map[string]bool, error) {
	list, err := o.s.core.DB.OpenExceptions(ctx)
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, e := range list {
		open[e.Output] = true
		card := string(engine.NoticeException) + " " + e.ID
		if e.Storm != "" {
			card = string(engine.NoticeStorm) + " " + e.Storm
		}
		if !o.s.told[card] && !o.s.board.behind(o.s.clock.Now()) {
			return nil, o.s.breach("an exception about %s is open and nobody was told: %s", e.Subject, e.Reason)
		}
		if !o.replay.open[e.ID] {
			return nil, o.s.breach("an exception about %s is open and the log does not say so", e.Subject)
		}
	}
	if len(list) != len(o.replay.open) {
		return nil, o.s.breach("%d exceptions are open; the log says %d", len(list), len(o.replay.open))
	}
	return open, nil
}

// heard: of whatever waits for people, ended without them or went out, they have been told.
func (o *oracle) heard(out engine.Output) error {
	tell := []engine.State{engine.StateWaiting, engine.StateHanded, engine.StateUnconfirmed, engine.StatePublished, engine.StateExpired, engine.StateFailed}
	if o.s.board == nil && slices.Contains(tell, out.State) && out.Origin != engine.OriginHand && !o.s.told[string(engine.NoticeOutput)+" "+out.ID] {
		if o.s.clock.Now().Before(o.s.late[string(engine.NoticeOutput)+" "+out.ID]) { // its card waits for the day, or comes late
			return nil
		}
		return o.s.breach("%s is %s and nobody was told", out.ID, out.State)
	}
	return o.gone(out)
}

// unfinished are the states from which something is still to happen.
var unfinished = []engine.State{
	engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled,
	engine.StatePublishing, engine.StateUnconfirmed, engine.StatePublished, engine.StateRetracting,
}

// found: nothing is lost. Whatever is not at its end is due, or in a queue.
func (o *oracle) found(ctx context.Context, out engine.Output, open map[string]bool) error {
	now, lost := o.s.clock.Now(), ""
	const slack = 3 * time.Hour // every check follows a tick; a channel that could not be read is asked again in an hour
	switch out.State {
	case engine.StatePlanned, engine.StateDrafted, engine.StatePublishing, engine.StateRetracting:
		if out.Due.IsZero() {
			lost = "it is never due"
		} else if now.Sub(out.UpdatedAt) > 24*time.Hour && now.After(out.Due.Add(slack)) {
			lost = "nobody has looked at it for a day"
		}
	case engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled:
		if out.Due.IsZero() || now.After(out.Expires.Add(slack)) && now.After(out.UpdatedAt.Add(slack)) { // what came back only now, the next tick ends
			lost = "it should have ended at " + out.Expires.Format(time.DateTime)
		}
		if out.State == engine.StateHeld && !open[out.ID] {
			lost = "it is held and in no queue"
		}
	case engine.StateUnconfirmed, engine.StatePublished:
		sends, err := o.s.core.DB.Sends(ctx, out.ID)
		if err != nil {
			return err
		}
		lost = lostSend(sends, open[out.ID], now.Add(-slack))
	}
	if lost != "" {
		return o.s.breach("%s (%s, slot %s): %s", out.ID, out.State, out.Slot.Format(time.DateTime), lost)
	}
	return nil
}

// lostSend says which of a piece's sends nothing will look at again; late is the moment by which what was due then has been done.
func lostSend(sends []engine.Send, asked bool, late time.Time) string {
	if len(sends) == 0 {
		return "it is published by no send"
	}
	for _, d := range sends {
		switch {
		case d.State == engine.SendPublishing:
			return "a send was cut off and nobody looked"
		case d.State == engine.SendUnconfirmed && !asked && (d.QuietUntil.IsZero() || late.After(d.QuietUntil)):
			return "its outcome is unknown and nobody asks"
		case d.State == engine.SendPublished && d.NextRead.IsZero() && asked && slices.ContainsFunc(sends, func(x engine.Send) bool { return x.State == engine.SendUnconfirmed }):
			// read to its end while a person is asked about another part: the piece settles after their answer
		case d.State == engine.SendPublished && (d.NextRead.IsZero() || late.After(d.NextRead)):
			return "it is not measured any more, and not settled"
		}
	}
	return ""
}

// quiescent: of what existed when people went away, everything has ended, or stands before a person as a question that only they can answer.
func (o *oracle) quiescent(ctx context.Context, left []engine.Output) error {
	lost, err := o.endless(ctx, left)
	if err == nil && len(lost) > 0 {
		err = o.s.breach("left without people, these never end: %s", strings.Join(lost, ", "))
	}
	return err
}

// endless is what has not ended of what existed, and that nobody is asked about.
func (o *oracle) endless(ctx context.Context, left []engine.Output) ([]string, error) {
	open, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	var lost []string
	for _, was := range left {
		out, err := o.s.core.DB.Output(ctx, was.ID)
		if err != nil {
			return nil, err
		}
		if out.State == engine.StateUnconfirmed && open[out.ID] || out.State == engine.StateSettled || out.State.Final() {
			continue
		}
		if out.State == engine.StatePublished && o.s.clock.Now().Before(out.PublishedAt.Add(out.Kind.SettledAfter()+36*time.Hour)) {
			continue // somebody answered an old question, and it went out since
		}
		lost = append(lost, out.ID+" "+string(out.State))
	}
	return lost, nil
}
