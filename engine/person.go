package engine

import "slices"

// Role is what a person may do; each role may do all that the ones before it may.
type Role int

const (
	RoleNone     Role = iota // not listed: may nothing
	RoleViewer               // may look, and stop everything
	RoleOperator             // may tighten, ask for drafts, edit
	RoleApprover             // may approve and reject
	RoleOwner                // may loosen, raise levels, resume
)

func (r Role) String() string {
	return [...]string{"nobody", "viewer", "operator", "approver", "owner"}[r]
}

// People is who may do what, by Slack user id. It comes from the config file only; an empty list means nobody.
type People struct {
	Owners, Approvers, Operators, Viewers []string
	Team                                  string // the only Slack workspace whose members count; "" means the one that koira is installed in
	FourEyes                              FourEyes
}

// FourEyes says when more room, which an owner starts, needs a second person's signature.
type FourEyes string

const (
	FourEyesAuto   FourEyes = "auto"   // where anybody else could sign; the same as ""
	FourEyesAlways FourEyes = "always" // also where nobody else could: then nobody gives more room
	FourEyesNever  FourEyes = "never"
)

// Seconds returns who else than id may say yes to a piece, or sign what id starts: the other approvers and owners.
func (p People) Seconds(id string) []string {
	return slices.DeleteFunc(p.With(RoleApprover), func(x string) bool { return x == id || x == Koira.ID })
}

// NeedsSecond reports whether more room that id starts waits for a second signature.
func (p People) NeedsSecond(id string) bool {
	switch p.FourEyes {
	case FourEyesNever:
		return false
	case FourEyesAlways:
		return true
	}
	return len(p.Seconds(id)) > 0 // what is not known counts as auto
}

// Role returns the highest role that the lists give id.
func (p People) Role(id string) Role {
	switch {
	case id == "":
		return RoleNone
	case slices.Contains(p.Owners, id):
		return RoleOwner
	case slices.Contains(p.Approvers, id):
		return RoleApprover
	case slices.Contains(p.Operators, id):
		return RoleOperator
	case slices.Contains(p.Viewers, id):
		return RoleViewer
	}
	return RoleNone
}

// With returns the ids that hold at least the role r, owners first, each once.
func (p People) With(r Role) []string {
	var ids []string
	for _, l := range []struct {
		role Role
		ids  []string
	}{{RoleOwner, p.Owners}, {RoleApprover, p.Approvers}, {RoleOperator, p.Operators}, {RoleViewer, p.Viewers}} {
		if l.role < r {
			break
		}
		for _, id := range l.ids {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Surface is where an act came from.
type Surface string

const (
	SurfaceSlack Surface = "slack"
	SurfaceFile  Surface = "file" // the config file, by start or import
	SurfaceLoop  Surface = "loop" // koira itself
)

// Actor is who does something: a person as the workspace identifies them, or koira itself.
type Actor struct {
	ID      string // Slack user id, or "koira"
	Team    string // of the envelope
	Role    Role   // as People says at the moment of the act
	Bot     bool   // another app, or a workflow
	Guest   bool   // a guest or a stranger from a shared channel
	Surface Surface
}

// Koira is the actor of everything that the program does by itself. It holds no role: nothing that needs a person can be done as Koira.
var Koira = Actor{ID: "koira", Surface: SurfaceLoop}

// IsPerson reports whether a is a human being of this workspace.
func (a Actor) IsPerson() bool {
	return a.ID != "" && a.ID != Koira.ID && !a.Bot && !a.Guest
}
