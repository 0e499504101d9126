package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
)

// What an act comes to: it works; it only shows, or there is nothing left to do, and it leaves nothing; it is denied, which is written down; or it
// is refused as too late (conflict), blocked, invalid or not there, and leaves nothing.
var letters = map[byte]engine.Code{
	'y': "", 's': "", 'd': engine.CodeDenied, 'c': engine.CodeConflict, 'b': engine.CodeBlocked, 'i': engine.CodeInvalid, 'n': engine.CodeNotFound,
}

// rows are the cells of one act, by hand: a line for each role, in it a letter for each column. Who is nobody is a stranger, a guest, an app, a
// member of another team, koira itself, and the loop.
type rows struct{ nobody, viewer, operator, approver, owner string }

func (r rows) each(fn func(role, line string, who []engine.Actor)) {
	strange := func(as func(*engine.Actor)) engine.Actor {
		a := person(mari) // whatever list they stand on
		as(&a)
		return a
	}
	fn("nobody", r.nobody, []engine.Actor{
		person("U9UNLISTED"), strange(func(a *engine.Actor) { a.Guest = true }), strange(func(a *engine.Actor) { a.Bot = true }),
		strange(func(a *engine.Actor) { a.Team = "T2" }), strange(func(a *engine.Actor) { a.ID = engine.Koira.ID }),
		strange(func(a *engine.Actor) { a.Surface = engine.SurfaceLoop }), {ID: "U9UNLISTED", Team: team, Role: engine.RoleOwner, Surface: engine.SurfaceSlack},
	})
	fn("viewer", r.viewer, []engine.Actor{person(venla)})
	fn("operator", r.operator, []engine.Actor{person(olli)})
	fn("approver", r.approver, []engine.Actor{person(tomi)})
	fn("owner", r.owner, []engine.Actor{person(mari)})
}

// pieceActs are what can be done with a piece, in each of its states in the order of engine.States:
//
//	planned drafted waiting held handed scheduled publishing unconfirmed published retracting settled rejected expired cancelled failed retracted
//
// and then, waiting: while everything is stopped (an approved piece goes out only when it runs again), while its task is paused, edited last by the one who acts, and the same where mari is the only
// one who could say yes.
var pieceActs = map[string]struct {
	rows rows
	do   func(w *world, a engine.Actor, o engine.Output) error
}{
	"approve": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyccccccccccccc yydd",
		"ccyccccccccccccc yydy",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.Approve(w.ctx, a, yes(o)) }},
	"approve in a week": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyccscccccccccc yydd", // the second of two taps is the same yes
		"ccyccccccccccccc yydy",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.ApproveInWeek(w.ctx, a, yes(o)) }},
	"put back": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyccccccccccccc yydd",
		"ccyccccccccccccc yydy",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.PutBack(w.ctx, a, yes(o), time.Time{}) }},
	"publish now": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyycycccccccccc yydd",
		"ccyycycccccccccc yydy",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.PublishNow(w.ctx, a, yes(o)) }},
	"reject": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyyyccccccccccc yyyd",
		"ccyyyccccccccccc yyyy",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.Reject(w.ctx, a, No{Output: o.ID, Digest: o.Digest, Reason: "tone"})
	}},
	"drop": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"yyyyyycccccccccc yyyd",
		"yyyyyycccccccccc yyyy",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.Drop(w.ctx, a, o.ID, o.Digest) }},
	"take back": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccycccccccccc cccc",
		"cccccycccccccccc cccd",
		"cccccycccccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.TakeBack(w.ctx, a, o.ID, o.Digest) }},
	"edit": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyycccccccccccc yyyy",
		"ccyycccccccccccc yyyd",
		"ccyycccccccccccc yyyy",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, _, err := w.Edit(w.ctx, a, o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Other words."}})
		return err
	}},
	"another time": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccyycycccccccccc yyyy",
		"ccyycycccccccccc yyyd",
		"ccyycycccccccccc yyyy",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, err := w.Reslot(w.ctx, a, o.ID, o.Digest, start.Add(60*day))
		return err
	}},
	"use the words again": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccyyycc cccc",
		"cccccccccccyyycc cccd",
		"cccccccccccyyycc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, err := w.Reuse(w.ctx, a, o.ID, o.Digest, start.Add(61*day))
		return err
	}},
	"published by hand": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"ccccyccccccccccc cccc",
		"ccccyccccccccccc cccd",
		"ccccyccccccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.HandPublished(w.ctx, a, o.ID, o.Digest, "https://leipa.example/1")
	}},
	"it is there": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccycccccccc cccd",
		"cccccccycccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.ItIsThere(w.ctx, a, o.ID, o.Digest, "https://leipa.example/1")
	}},
	"give it up": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccycccccccc cccd",
		"cccccccycccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.DropUnsure(w.ctx, a, o.ID, o.Digest) }},
	"send again": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccycccccccc ccdd",
		"cccccccycccccccc ccdc",
	}, func(w *world, a engine.Actor, o engine.Output) error { return w.SendAgain(w.ctx, a, yes(o), true) }},
	"take down": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccciciccccc cccd",
		"cccccccciciccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.Retract(w.ctx, a, o.ID, o.Digest, "")
	}},
	"stop the rest": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccciccccccc cccc",
		"cccccccciccccccc cccd",
		"cccccccciccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.StopRest(w.ctx, a, o.ID, o.Digest)
	}},
	"send the rest": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc ccdd",
		"cccccccccccccccc ccdc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.SendRest(w.ctx, a, yes(o))
	}},
	"let it pass once": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc ccdc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.AllowOnce(w.ctx, a, yes(o), engine.Rise{}, nil)
	}},
	"approve anyway": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc ccdc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.ApproveAnyway(w.ctx, a, yes(o), nil)
	}},
	"see what it takes to pass once": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc ccdc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, err := w.ProposeOnce(w.ctx, a, o.ID, o.Digest)
		return err
	}},
	"order their own text": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc cccd",
		"cccccccccccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, err := w.OrderCopy(w.ctx, a, o.ID, o.Digest, 1)
		return err
	}},
	"remove their own text": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"yyyyyycccccccccc yyyd",
		"yyyyyycccccccccc yyyy",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, err := w.RemoveCopy(w.ctx, a, o.ID, o.Digest)
		return err
	}},
	"move their own text": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc cccd",
		"cccccccccccccccc cccc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		_, err := w.MoveCopy(w.ctx, a, o.ID, o.Digest, start.Add(60*day))
		return err
	}},
	"it looks good": {rows{
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"dddddddddddddddd dddd",
		"cccccccccccccccc ccdd",
		"cccccccccccccccc ccdc",
	}, func(w *world, a engine.Actor, o engine.Output) error {
		return w.LooksGood(w.ctx, a, yes(o))
	}},
}

// TestEveryCellOfAPiece: every act on a piece × every role × every state, through the real desk and store.
func TestEveryCellOfAPiece(t *testing.T) {
	h := newHall(t)
	everybody := staffs["everybody"]
	cells, actors := 0, 0
	for act, x := range pieceActs {
		x.rows.each(func(role, line string, who []engine.Actor) {
			states, special, _ := strings.Cut(line, " ")
			if len(states) != len(engine.States) || len(special) != 4 {
				t.Fatalf("%s as %s: %d and %d cells", act, role, len(states), len(special))
			}
			for _, a := range who {
				if actors++; !enginetest.Sampled(actors, 10) {
					continue
				}
				for i, s := range engine.States {
					h.cell(fmt.Sprintf("%s as %s of what is %s", act, role, s), a, states[i], func(w *world) error {
						return x.do(w, a, w.now(t, h.in[s]))
					})
					cells++
				}
				own := h.byWho[a.ID]
				if own == "" {
					own = h.byWho[mari]
				}
				for i, c := range []struct {
					name  string
					id    string
					state func(w *world)
				}{
					{"while all is stopped", h.in[engine.StateWaiting], func(w *world) {
						must(t, w.store.SetControl(w.ctx, engine.Control{Stopped: true}, person(venla), h.at))
					}},
					{"while its task is paused", h.in[engine.StateWaiting], func(w *world) {
						must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{
							Task: "daily-social", From: engine.L3, To: engine.L3, Pause: &engine.Pause{By: olli, Why: "x"}, By: person(olli), At: h.at,
						}))
					}},
					{"edited by themselves", own, func(*world) {}},
					{"edited by themselves, with nobody else", own, func(w *world) {
						w.people = engine.People{Owners: []string{mari}, Operators: []string{olli}, Viewers: []string{venla}, Team: team}
					}},
				} {
					w := h.world()
					c.state(w)
					h.kept = h.dump()
					h.cell(fmt.Sprintf("%s as %s, %s", act, role, c.name), a, special[i], func(w *world) error { return x.do(w, a, w.now(t, c.id)) })
					if w.people = everybody; i < 2 && h.w != nil { // a stop or a pause ends with its cell
						must(t, w.store.Close())
						h.w = nil
					}
					cells++
				}
			}
		})
	}
	t.Logf("%d cells", cells)
}
