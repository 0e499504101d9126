package desk

import (
	"testing"

	"koira/engine"
)

// may is written by hand: for each action whether nobody-listed, viewer, operator, approver and owner may.
var may = map[Action]string{
	ActionLook:       "-yyyy",
	ActionStop:       "-yyyy",
	ActionAsk:        "--yyy",
	ActionEdit:       "--yyy",
	ActionReslot:     "--yyy",
	ActionTakeBack:   "--yyy",
	ActionHand:       "--yyy",
	ActionUndo:       "--yyy",
	ActionPause:      "--yyy",
	ActionDrill:      "----y",
	ActionLower:      "--yyy",
	ActionSnooze:     "----y",
	ActionSee:        "--yyy",
	ActionTighten:    "--yyy",
	ActionCancel:     "--yyy",
	ActionHalt:       "--yyy",
	ActionApprove:    "---yy",
	ActionReject:     "---yy",
	ActionDrop:       "---yy",
	ActionCopy:       "---yy",
	ActionResolve:    "---yy",
	ActionResend:     "---yy",
	ActionApply:      "---yy",
	ActionSign:       "---yy",
	ActionRetract:    "---yy",
	ActionResume:     "----y",
	ActionResumeTask: "----y",
	ActionRaise:      "----y",
	ActionLoosen:     "----y",
	ActionOnce:       "----y",
	ActionAway:       "----y",
	ActionHours:      "--yyy",
	ActionAudit:      "--yyy",
	ActionBenchmark:  "----y",
	ActionFirst:      "----y",
	ActionStrategy:   "----y",
	ActionFacts:      "----y",
	ActionFile:       "-----",
	"invented":       "-----",
}

// kinds are ways to be an actor; only a member of the workspace who acts as themselves is one.
var kinds = map[string]struct {
	real bool
	as   func(engine.Actor) engine.Actor
}{
	"member":            {true, func(a engine.Actor) engine.Actor { return a }},
	"member by file":    {true, func(a engine.Actor) engine.Actor { a.Surface = engine.SurfaceFile; return a }},
	"guest":             {false, func(a engine.Actor) engine.Actor { a.Guest = true; return a }},
	"app":               {false, func(a engine.Actor) engine.Actor { a.Bot = true; return a }},
	"other team":        {false, func(a engine.Actor) engine.Actor { a.Team = "T2"; return a }},
	"no team":           {false, func(a engine.Actor) engine.Actor { a.Team = ""; return a }},
	"no id":             {false, func(a engine.Actor) engine.Actor { a.ID = ""; return a }},
	"koira":             {false, func(a engine.Actor) engine.Actor { a.ID = engine.Koira.ID; return a }},
	"the loop":          {false, func(a engine.Actor) engine.Actor { a.Surface = engine.SurfaceLoop; return a }},
	"no surface":        {false, func(a engine.Actor) engine.Actor { a.Surface = ""; return a }},
	"claims to be more": {true, func(a engine.Actor) engine.Actor { a.Role = engine.RoleOwner; return a }},
}

func TestAuthorizeEveryCell(t *testing.T) {
	// koira is listed as an owner by mistake: it still holds no role.
	d := New(Options{People: engine.People{
		Owners: []string{mari, engine.Koira.ID}, Approvers: []string{tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team,
	}})
	ids := []string{"U9UNLISTED", venla, olli, tomi, mari}
	for _, r := range Rules {
		if may[r.Action] == "" {
			t.Errorf("%s is in Rules but not in the table", r.Action)
		}
	}
	for action, row := range may {
		for role, id := range ids {
			for kind, k := range kinds {
				err := d.Authorize(k.as(person(id)), action, Object{ID: "x", Editor: "U8", Asker: "U8"})
				allowed := k.real && row[role] == 'y'
				if allowed != (err == nil) {
					t.Errorf("%s, %s as %s: %v, want allowed %v", action, engine.Role(role), kind, err, allowed)
				}
				if err != nil && engine.CodeOf(err) != engine.CodeDenied {
					t.Errorf("%s, %s as %s: code %s", action, engine.Role(role), kind, engine.CodeOf(err))
				}
			}
		}
	}
}

func TestEmptyListIsNobody(t *testing.T) {
	d := New(Options{People: engine.People{Team: team}})
	for action := range may {
		if d.Authorize(person(mari), action, Object{}) == nil {
			t.Errorf("%s is allowed though nobody is listed", action)
		}
	}
}

func TestOwnEdit(t *testing.T) {
	two := engine.People{Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Team: team}
	alone := engine.People{Owners: []string{mari}, Operators: []string{olli}, Team: team}
	for name, c := range map[string]struct {
		people  engine.People
		actor   string
		editor  string
		action  Action
		allowed bool
	}{
		"somebody else's edit":                      {two, tomi, olli, ActionApprove, true},
		"own edit, an owner could":                  {two, tomi, tomi, ActionApprove, false},
		"own edit of an owner, an approver could":   {two, mari, mari, ActionApprove, false},
		"own edit, only an operator besides":        {alone, mari, mari, ActionApprove, true},
		"own edit sent again":                       {two, tomi, tomi, ActionResend, false},
		"own edit rejected":                         {two, tomi, tomi, ActionReject, true},
		"own edit of somebody without the role":     {two, olli, olli, ActionApprove, false},
		"nobody's edit (the empty id is no editor)": {two, tomi, "", ActionApprove, true},
	} {
		t.Run(name, func(t *testing.T) {
			err := New(Options{People: c.people}).Authorize(person(c.actor), c.action, Object{Editor: c.editor})
			if c.allowed != (err == nil) {
				t.Errorf("got %v, want allowed %v", err, c.allowed)
			}
		})
	}
}

func TestWhoAsksDoesNotSign(t *testing.T) {
	two := engine.People{Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Team: team}
	alone := engine.People{Owners: []string{mari, engine.Koira.ID}, Operators: []string{olli}, Team: team, FourEyes: engine.FourEyesAlways}
	for name, c := range map[string]struct {
		people engine.People
		actor  string
		part   string // of the refusal; "" where it is allowed
	}{
		"an approver signs what the owner asks for": {two, tomi, ""},
		"the owner does not":                        {two, mari, "somebody else signs it: @" + tomi},
		"nor where there is nobody else":            {alone, mari, "nobody else here could"},
		"an operator does not":                      {two, olli, "Only approvers and owners can sign"},
	} {
		t.Run(name, func(t *testing.T) {
			err := New(Options{People: c.people}).Authorize(person(c.actor), ActionSign, Object{Asker: mari})
			if c.part == "" {
				must(t, err)
				return
			}
			want(t, err, engine.CodeDenied, c.part)
		})
	}
}

func TestDenialSaysWhoCould(t *testing.T) {
	w := newWorld(t)
	err := w.Authorize(person(olli), ActionLoosen, Object{})
	want(t, err, engine.CodeDenied, "Only owners can raise or lift a limit. Owners here: @"+mari+". Nothing changed.")
	if e := err.(*engine.Error); len(e.Who) != 1 || e.Who[0] != mari {
		t.Errorf("who: %v", e.Who)
	}
	want(t, w.Authorize(person(olli), ActionApprove, Object{}), engine.CodeDenied, "@"+mari+", @"+tomi)
}

func TestDenialIsRecorded(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	for _, a := range []engine.Actor{person(olli), {ID: "UBOT", Team: team, Bot: true, Surface: engine.SurfaceSlack}} {
		before, _, err := w.store.Head(w.ctx)
		must(t, err)
		want(t, w.Approve(w.ctx, a, yes(o)), engine.CodeDenied)
		got, err := w.store.Events(w.ctx, before, 10)
		must(t, err)
		if len(got) != 1 || got[0].Action != "denied" || got[0].Actor != a.ID || got[0].Subject != o.ID || got[0].Detail["action"] != "approve" {
			t.Errorf("events: %+v", got)
		}
	}
	w.wantState(t, o.ID, engine.StateWaiting)
}
