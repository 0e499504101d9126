package storage

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// TestWhoIsKnownToRead: a yes is known as a reader's by what else its person did, to a piece of whichever task, in a quarter of a year before it or after.
func TestWhoIsKnownToRead(t *testing.T) {
	const day = 24 * time.Hour
	asked, hours := at(100*24), 1
	piece := func(t *testing.T, db *DB, id string, origin engine.Origin, path ...engine.State) engine.Output {
		hours++ // a place of its own
		o := anOutput(id, hours)
		o.Task, o.Origin = "shop-notes", origin
		return add(t, db, o, path...)
	}
	waits := []engine.State{engine.StateDrafted, engine.StateWaiting}
	move := func(t *testing.T, db *DB, o engine.Output, to engine.State, by engine.Actor, when time.Time, with func(*engine.Move)) {
		m := plain(o, to)
		m.By, m.At = by, when
		with(&m)
		_, err := db.Move(t.Context(), m)
		ok(t, err)
	}
	reject := func(by engine.Actor, origin engine.Origin, after time.Duration) func(*testing.T, *DB) {
		return func(t *testing.T, db *DB) {
			o := piece(t, db, "x", origin, waits...)
			move(t, db, o, engine.StateRejected, by, asked.Add(after), func(m *engine.Move) { m.Rejection = &engine.Rejection{Reason: "dull"} })
		}
	}
	edit := func(body string) func(*testing.T, *DB) {
		return func(t *testing.T, db *DB) {
			o := piece(t, db, "x", engine.OriginKoira, waits...)
			move(t, db, o, engine.StateDrafted, alice, asked, func(m *engine.Move) { m.Draft = withCopy(o, body, "A"); m.Draft.EditedBy = alice.ID })
		}
	}
	read := func(n int, stood time.Duration, words int) func(*testing.T, *DB) {
		return func(t *testing.T, db *DB) {
			for i := range n {
				o := piece(t, db, fmt.Sprint("x", i), engine.OriginKoira, waits...)
				move(t, db, o, engine.StateScheduled, alice, asked.Add(time.Duration(i)*time.Minute), func(m *engine.Move) {
					m.Approval = &engine.Approval{Looked: time.Hour, Stood: stood, Words: words, Whole: true, GuardrailVersion: 1}
				})
			}
		}
	}
	for name, c := range map[string]struct {
		sign func(*testing.T, *DB)
		want bool // known
	}{
		"no sign":                 {func(*testing.T, *DB) {}, false},
		"a no, of another task":   {reject(alice, engine.OriginKoira, 0), true},
		"somebody else's no":      {reject(bob, engine.OriginKoira, 0), false},
		"a no to people's words":  {reject(alice, engine.OriginCopy, 0), false},
		"a no 90 days before":     {reject(alice, engine.OriginKoira, -90*day), true},
		"a no 91 days before":     {reject(alice, engine.OriginKoira, -91*day), false},
		"a no 90 days after":      {reject(alice, engine.OriginKoira, 90*day), true},
		"a no 91 days after":      {reject(alice, engine.OriginKoira, 91*day), false},
		"an edit":                 {edit("Fresh rye bread"), true},
		"another time, same text": {edit("Fresh rye"), false},
		"stopped": {func(t *testing.T, db *DB) {
			o := piece(t, db, "x", engine.OriginKoira, engine.StateDrafted, engine.StateScheduled)
			move(t, db, o, engine.StateWaiting, alice, asked, func(m *engine.Move) {
				m.Remark = &engine.Remark{Verdict: engine.ReviewStopped, At: asked, By: alice.ID}
			})
		}, true},
		"taken down": {func(t *testing.T, db *DB) {
			o := piece(t, db, "x", engine.OriginKoira, engine.StateDrafted, engine.StateHanded)
			move(t, db, o, engine.StatePublished, bob, asked, func(m *engine.Move) { m.URL = "https://example.org/x" })
			o = walk(t, db, "x")
			move(t, db, o, engine.StateRetracting, alice, asked, func(m *engine.Move) { m.Retraction = &engine.Retraction{Why: "wrong"} })
		}, true},
		"ten read in the window":            {read(10, time.Minute, 476), true},
		"nine read in the window":           {read(9, time.Minute, 476), false},
		"ten too long for the time":         {read(10, time.Minute, 477), false},
		"ten that stood for hardly a while": {read(10, 2*time.Second, 5), false},
		"ten from their cards":              {read(10, 0, 5), false},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			ok(t, db.PutTask(t.Context(), aTask("shop-notes"), alice, t0, "second"))
			o := add(t, db, anOutput("a", 1), waits...)
			move(t, db, o, engine.StateScheduled, alice, asked, func(m *engine.Move) {
				m.Approval = &engine.Approval{Looked: time.Hour, Whole: true, GuardrailVersion: 1}
			})
			c.sign(t, db)
			got, err := db.Reviews(t.Context(), "daily-social", time.Time{})
			ok(t, err)
			equal(t, !got[0].Unread, c.want)
		})
	}
}
