package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// Action is one thing that somebody may ask for.
type Action string

const (
	ActionLook       Action = "look"
	ActionStop       Action = "stop"
	ActionResume     Action = "resume"
	ActionAsk        Action = "ask"
	ActionEdit       Action = "edit"
	ActionReslot     Action = "reslot"
	ActionTakeBack   Action = "take-back"
	ActionHand       Action = "hand"
	ActionApprove    Action = "approve"
	ActionReject     Action = "reject"
	ActionDrop       Action = "drop"
	ActionCopy       Action = "copy"
	ActionResolve    Action = "resolve"
	ActionResend     Action = "resend"
	ActionApply      Action = "apply"
	ActionRetract    Action = "retract"
	ActionHalt       Action = "halt"
	ActionUndo       Action = "undo"
	ActionPause      Action = "pause"
	ActionDrill      Action = "drill"
	ActionResumeTask Action = "resume-task"
	ActionLower      Action = "lower"
	ActionSnooze     Action = "snooze"
	ActionSee        Action = "see"
	ActionRaise      Action = "raise"
	ActionTighten    Action = "tighten"
	ActionLoosen     Action = "loosen"
	ActionOnce       Action = "once"
	ActionSign       Action = "sign"
	ActionCancel     Action = "cancel"
	ActionAway       Action = "away"
	ActionHours      Action = "hours"
	ActionAudit      Action = "audit"
	ActionBenchmark  Action = "benchmark"
	ActionFirst      Action = "first"
	ActionStrategy   Action = "strategy"
	ActionFacts      Action = "facts"
	ActionFile       Action = "file"
)

// Rule is one row of who may do what.
type Rule struct {
	Action  Action
	Least   engine.Role // the lowest role that may; above RoleOwner means nobody here
	Loosens bool        // gives koira more room: it is confirmed in a window before it takes effect
	OwnEdit bool        // refused to the piece's last editor while anybody else could do it
	Says    string      // completes "Only owners can …"
}

// nobody is above every role: what only the config file on the host can do.
const nobody = engine.RoleOwner + 1

// Rules is the whole of it; what is not in it is refused. It is read-only. A test holds every cell to a table written by hand.
var Rules = []Rule{
	{ActionLook, engine.RoleViewer, false, false, "look"},
	{ActionStop, engine.RoleViewer, false, false, "stop everything"},
	{ActionAsk, engine.RoleOperator, false, false, "ask for a draft"},
	{ActionEdit, engine.RoleOperator, false, false, "edit a draft"},
	{ActionReslot, engine.RoleOperator, false, false, "give a piece another time"},
	{ActionTakeBack, engine.RoleOperator, false, false, "take a piece back"},
	{ActionHand, engine.RoleOperator, false, false, "record what was published by hand"},
	{ActionUndo, engine.RoleOperator, false, false, "undo what was learned"},
	{ActionPause, engine.RoleOperator, false, false, "pause a task"},
	{ActionLower, engine.RoleOperator, false, false, "lower a task's level"},
	{ActionHalt, engine.RoleOperator, false, false, "stop the rest of a delivery"},
	{ActionTighten, engine.RoleOperator, false, false, "tighten a limit"},
	{ActionCancel, engine.RoleOperator, false, false, "cancel what waits for a signature"},
	{ActionSee, engine.RoleOperator, false, false, "say that they have looked a task through"},
	{ActionApprove, engine.RoleApprover, false, true, "approve"},
	{ActionReject, engine.RoleApprover, false, false, "reject"},
	{ActionDrop, engine.RoleApprover, false, false, "drop a piece"},
	{ActionCopy, engine.RoleApprover, false, false, "queue their own text"},
	{ActionResolve, engine.RoleApprover, false, false, "settle what needs a person"},
	{ActionResend, engine.RoleApprover, false, true, "send a piece again"},
	{ActionRetract, engine.RoleApprover, false, false, "take down what is out"},
	{ActionApply, engine.RoleApprover, false, false, "apply a proposal"},
	{ActionSign, engine.RoleApprover, true, false, "sign what an owner asks for"},
	{ActionResume, engine.RoleOwner, true, false, "resume"},
	{ActionResumeTask, engine.RoleOwner, true, false, "resume a task"},
	{ActionDrill, engine.RoleOwner, false, false, "hold a drill"},
	{ActionSnooze, engine.RoleOwner, false, false, "put off an offer"},
	{ActionRaise, engine.RoleOwner, true, false, "raise a task's level"},
	{ActionLoosen, engine.RoleOwner, true, false, "raise or lift a limit"},
	{ActionOnce, engine.RoleOwner, true, true, "let one piece pass a limit"},
	{ActionHours, engine.RoleOperator, false, false, "choose hours for drafts"},
	{ActionFirst, engine.RoleOwner, false, false, "choose the first tasks"},
	{ActionBenchmark, engine.RoleOwner, false, false, "say what good is"},
	{ActionAudit, engine.RoleOperator, false, false, "change the audit's list"},
	{ActionStrategy, engine.RoleOwner, true, false, "change the strategy"},
	{ActionFacts, engine.RoleOwner, false, false, "change the facts"},
	{ActionAway, engine.RoleOwner, false, false, "go away and come back"},
	{ActionFile, nobody, true, false, "change roles, ceilings or secrets"},
}

// Object is what an action is done to.
type Object struct {
	ID     string // of the output, task, rule, …; what the log names
	Editor string // user id of the piece's last editor, "" if none
	Asker  string // user id of who asks for what is to be signed, "" if nobody does
}

// Authorize is the one place that decides who may do what, for click, command, window and command line alike. It returns nil, or code
// denied with a sentence for the asker. It believes nothing but the actor's identity: the role is looked up in the list of people, an
// unlisted action, actor or surface is refused, and an empty list means nobody. Whom an owner who is away asked to decide meanwhile, and who is an
// operator at this moment, counts as an approver until that ends, but gives nobody more room. It changes nothing; acts record a denial as an event.
func (d *Desk) Authorize(a engine.Actor, action Action, o Object) error {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Action == action })
	if i < 0 {
		return engine.Errorf(engine.CodeDenied, "Nobody may do that. Nothing changed.")
	}
	if err := d.stranger(a); err != nil {
		return err
	}
	r, role := Rules[i], d.people.Role(a.ID)
	if !Rules[i].Loosens {
		role = d.role(a.ID)
	}
	switch {
	case r.Least > engine.RoleOwner:
		return engine.Errorf(engine.CodeDenied, "Nobody can %s from here: they stand in the config file on the host. Nothing changed.", r.Says)
	case role == engine.RoleNone:
		return d.denied(engine.RoleOwner, "You are not on the list of people here, so this does nothing for you.")
	case role < r.Least:
		return d.denied(r.Least, fmt.Sprintf("Only %s can %s.", roles[r.Least].who, r.Says))
	case r.OwnEdit && a.ID == o.Editor && len(d.people.Seconds(a.ID)) > 0:
		return d.second("You wrote this text last, so somebody else says yes to it", a.ID)
	case action == ActionSign && a.ID == o.Asker:
		return d.second("You asked for this yourself, so somebody else signs it", a.ID)
	}
	return nil
}

// second refuses what id may not do alone, and names those who could.
func (d *Desk) second(why, id string) error {
	who := d.people.Seconds(id)
	if len(who) == 0 {
		return engine.Errorf(engine.CodeDenied, "%s; nobody else here could. Nothing changed.", why)
	}
	return &engine.Error{Code: engine.CodeDenied, Who: who, Message: fmt.Sprintf("%s: %s. Nothing changed.", why, names(who))}
}

// stranger refuses whoever is not a member of this workspace acting as themselves.
func (d *Desk) stranger(a engine.Actor) error {
	switch {
	case a.Bot:
		return engine.Errorf(engine.CodeDenied, "Apps and workflows cannot do this, only people. Nothing changed.")
	case a.Guest || a.Team != d.people.Team:
		return engine.Errorf(engine.CodeDenied, "Guests and people of other workspaces cannot do this. Nothing changed.")
	case !a.IsPerson() || a.Surface != engine.SurfaceSlack && a.Surface != engine.SurfaceFile:
		return engine.Errorf(engine.CodeDenied, "Only a person can do this. Nothing changed.")
	}
	return nil
}

var roles = map[engine.Role]struct{ who, list string }{
	engine.RoleViewer:   {"people on the list", "People"},
	engine.RoleOperator: {"operators, approvers and owners", "Operators"},
	engine.RoleApprover: {"approvers and owners", "Approvers"},
	engine.RoleOwner:    {"owners", "Owners"},
}

// denied names those who could.
func (d *Desk) denied(least engine.Role, why string) error {
	who := d.people.With(least)
	if len(who) == 0 {
		return engine.Errorf(engine.CodeDenied, "%s Nobody here has that role. Nothing changed.", why)
	}
	return &engine.Error{
		Code: engine.CodeDenied, Who: who,
		Message: fmt.Sprintf("%s %s here: %s. Nothing changed.", why, roles[least].list, names(who)),
	}
}

func names(ids []string) string { return "@" + strings.Join(ids, ", @") }

// allow authorises and gives a with the role that it truly has; a denial is recorded.
func (d *Desk) allow(ctx context.Context, a engine.Actor, action Action, o Object) (engine.Actor, error) {
	if err := d.Authorize(a, action, o); err != nil {
		return a, d.refused(ctx, a, action, o.ID, err)
	}
	a.Role = d.role(a.ID)
	return a, nil
}

// role is the role that the list gives id, or that of an approver where an owner who is away lets an operator decide meanwhile. It is asked anew
// each time: who is taken off the list, or is away too, decides for nobody. That it cannot be read gives nobody more.
func (d *Desk) role(id string) engine.Role {
	role := d.people.Role(id)
	if role != engine.RoleOperator || d.store == nil {
		return role
	}
	as, err := d.store.Absences(context.Background())
	if err != nil || len(as) == 0 {
		return role
	}
	as = slices.DeleteFunc(slices.Clone(as), func(x engine.Absence) bool { return d.people.Role(x.Owner) < engine.RoleOwner })
	if !engine.Delegates(as, id, d.clock.Now()) {
		return role
	}
	return engine.RoleApprover
}

// Role is the role in which id acts at this moment.
func (d *Desk) Role(id string) engine.Role { return d.role(id) }

// refused records a denial and returns it. The denial stands even if it cannot be written down: then it carries that fault as its cause.
func (d *Desk) refused(ctx context.Context, a engine.Actor, action Action, subject string, denial error) error {
	e := engine.Event{
		At: d.clock.Now(), Actor: a.ID, Surface: a.Surface, Action: "denied", Subject: subject,
		Detail: map[string]string{"action": string(action), "role": d.people.Role(a.ID).String(), "team": a.Team},
	}
	if a.Bot {
		e.Detail["kind"] = "app"
	}
	if a.Guest {
		e.Detail["kind"] = "guest"
	}
	if err := d.once(ctx, "denied", func(ctx context.Context) error { return d.store.Record(ctx, e) }); err != nil {
		return fmt.Errorf("%w (not recorded: %w)", denial, err)
	}
	return denial
}

// open authorises a for an act on a piece and reads it. Who has no role learns nothing of the piece, not even whether it exists.
func (d *Desk) open(ctx context.Context, a engine.Actor, action Action, id string) (engine.Actor, engine.Output, error) {
	a, err := d.allow(ctx, a, action, Object{ID: id})
	if err != nil {
		return a, engine.Output{}, err
	}
	o, err := d.store.Output(ctx, id)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return a, o, engine.Errorf(engine.CodeNotFound, "There is no such piece. Nothing changed.")
	}
	if err != nil {
		return a, o, failed("reading", id, err)
	}
	a, err = d.allow(ctx, a, action, Object{ID: id, Editor: o.EditedBy})
	return a, o, err
}
