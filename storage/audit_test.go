package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// told is a store in which a bit of everything that the log tells of has happened.
func told(t testing.TB) *DB {
	t.Helper()
	db := world(t)
	add(t, db, anOutput("waits", 1), engine.StateDrafted, engine.StateWaiting)
	add(t, db, anOutput("out", 2), engine.StateDrafted, engine.StateScheduled, engine.StatePublishing)
	o := walk(t, db, "waits")
	m := plain(o, engine.StateScheduled)
	m.Approval, m.Why = &engine.Approval{}, "good <\"&\u2028 ä"
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "e1", Kind: engine.ExceptionTask, Subject: "daily-social", Reason: "because", OpenedAt: t0}))
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "e2", Kind: engine.ExceptionSystem, Subject: "bluesky", Reason: "because", OpenedAt: t0}))
	ok(t, db.CloseException(t.Context(), "e2", alice, at(1), "fixed"))
	ok(t, db.ChangeTask(t.Context(), engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L4, By: alice, At: t0, Grant: &engine.Grant{Level: engine.L4, By: alice.ID, Role: alice.Role},
	}))
	ok(t, db.ChangeTask(t.Context(), engine.TaskChange{Task: "daily-social", From: engine.L4, To: engine.L4, By: alice, At: at(1), Pause: &engine.Pause{Why: "rest"}}))
	g, err := db.Guardrails(t.Context())
	ok(t, err)
	ok(t, db.SetGuardrails(t.Context(), 1, g, alice, at(2), "again"))
	ok(t, db.SetControl(t.Context(), engine.Control{Stopped: true}, alice, at(3)))
	ok(t, db.Record(t.Context(), engine.Event{At: at(4), Actor: "UEVE", Surface: engine.SurfaceSlack, Action: "denied", Subject: "out"}))
	return db
}

// forger is somebody who has the file and knows how it is made: nothing in it keeps them from anything.
type forger struct {
	t  testing.TB
	tx *sqlx.Tx
	db *DB
}

func forge(t testing.TB, db *DB) *forger {
	t.Helper()
	conn, err := db.write.Connx(t.Context())
	ok(t, err)
	t.Cleanup(func() { conn.Close() })
	for _, q := range []string{`DROP TRIGGER events_append`, `DROP TRIGGER events_keep`, `DROP TRIGGER events_stay`, `PRAGMA ignore_check_constraints = on`} {
		_, err := conn.ExecContext(t.Context(), q)
		ok(t, err)
	}
	tx, err := conn.BeginTxx(t.Context(), nil)
	ok(t, err)
	t.Cleanup(func() { tx.Rollback() })
	return &forger{t, tx, db}
}

func (f *forger) do(query string, args ...any) error {
	_, err := f.tx.Exec(query, args...)
	return err
}

// after does what change does, returns what an audit finds then, but for the missing triggers, and undoes it.
func (f *forger) after(change func() error) ([]engine.Fault, bool) {
	f.t.Helper()
	ok(f.t, f.do(`SAVEPOINT forger`))
	if change() != nil { // the file itself does not take it
		ok(f.t, f.do(`ROLLBACK TO forger`))
		return nil, false
	}
	w := NewWalk()
	_, err := w.step(context.Background(), f.tx, everyLine)
	ok(f.t, err)
	ok(f.t, f.do(`ROLLBACK TO forger`))
	return slices.DeleteFunc(w.Audit.Faults, func(x engine.Fault) bool { return strings.HasPrefix(x.What, "the trigger ") }), true
}

func (f *forger) events() (events []engine.Event) {
	c := chain{fault: func(fault engine.Fault) { f.t.Fatal(fault) }, event: func(e engine.Event) { events = append(events, e) }}
	ok(f.t, c.walk(context.Background(), f.tx, everyLine))
	return events
}

// write puts e at its place with a hash that is right for what it says.
func (f *forger) write(e engine.Event) engine.Event {
	e.Hash = e.Sum()
	ok(f.t, f.do(`DELETE FROM events WHERE seq = ?`, e.Seq))
	ok(f.t, f.do(`
		INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, stamp(e.At), e.Actor, string(e.Surface), e.Action, e.Subject, e.DetailJSON(), e.Prev, e.Hash))
	return e
}

// shift makes room before line seq, as whoever inserts one must.
func (f *forger) shift(seq int64) {
	ok(f.t, f.do(`UPDATE events SET seq = -seq - 1 WHERE seq >= ?`, seq))
	ok(f.t, f.do(`UPDATE events SET seq = -seq WHERE seq < 0`))
}

func TestAWholeLogHasNoFault(t *testing.T) {
	db := told(t)
	a, err := db.Audit(t.Context())
	ok(t, err)
	if a.Found != 0 || a.Lines < 20 || a.Pieces != 2 || a.Last != at(4) || a.First != t0 {
		t.Errorf("%+v", a)
	}
	seq, hash, err := db.Head(t.Context())
	ok(t, err)
	equal(t, a.Head, engine.Head{Seq: seq, Hash: hash})
}

// TestTheLogTellsWhetherAYesIsInForce changes a task from each level to each, for cause or not, up with an owner's yes or without, whether one was in force
// before or not: the log, replayed, says what the tables say.
func TestTheLogTellsWhetherAYesIsInForce(t *testing.T) {
	db := world(t)
	n := 0
	for from := engine.L0; from <= engine.L5; from++ {
		for to := engine.L0; to <= engine.L5; to++ {
			for bits := range 8 {
				had, cause, given := bits&1 > 0, bits&2 > 0, bits&4 > 0
				if had && from == engine.L0 || given && to <= from {
					continue // nobody allows what is no more
				}
				now, err := db.Task(t.Context(), "daily-social")
				ok(t, err)
				n++
				c := engine.TaskChange{Task: now.ID, From: now.Level, To: engine.L0, By: alice, At: at(n)}
				if now.Level != engine.L0 {
					ok(t, db.ChangeTask(t.Context(), c))
				}
				c.From, c.To = engine.L0, from
				if had {
					c.Grant = &engine.Grant{Level: from, By: alice.ID, Role: alice.Role}
				}
				ok(t, db.ChangeTask(t.Context(), c))
				c.From, c.To, c.Lowered, c.Grant = from, to, cause, nil
				if given {
					c.Grant = &engine.Grant{Level: to, By: alice.ID, Role: alice.Role}
				}
				ok(t, db.ChangeTask(t.Context(), c))
				a, err := db.Audit(t.Context())
				ok(t, err)
				if a.Found > 0 {
					t.Fatalf("%s → %s, a yes before %t, for cause %t, a new yes %t: %+v", from, to, had, cause, given, a.Faults)
				}
			}
		}
	}
}

// TestTheLogTellsAFallThatKeepsTheYes: the log tells of a fall after which an owner's yes is still in force, and of one that ends it.
func TestTheLogTellsAFallThatKeepsTheYes(t *testing.T) {
	db := world(t)
	for i, c := range []engine.TaskChange{
		{From: engine.L3, To: engine.L5, Grant: &engine.Grant{Level: engine.L5, By: alice.ID, Role: alice.Role}},
		{From: engine.L5, To: engine.L4, Lowered: true},
		{From: engine.L4, To: engine.L4, Lowered: true},
		{From: engine.L4, To: engine.L3, Lowered: true},
		{From: engine.L3, To: engine.L4},
	} {
		c.Task, c.By, c.At = "daily-social", alice, at(i)
		ok(t, db.ChangeTask(t.Context(), c))
		g, err := db.Grant(t.Context(), "daily-social")
		ok(t, err)
		equal(t, []any{c.From, c.To, g.Allows(engine.L4)}, []any{c.From, c.To, i < 3})
		a, err := db.Audit(t.Context())
		ok(t, err)
		if a.Found != 0 {
			t.Errorf("%s → %s: %+v", c.From, c.To, a.Faults)
		}
	}
}

// TestAnAuditInSteps takes steps of each length, and comes to the same end.
func TestAnAuditInSteps(t *testing.T) {
	db := told(t)
	want, err := db.Audit(t.Context())
	ok(t, err)
	for limit := 1; limit < int(want.Lines)+2; limit++ {
		w := NewWalk()
		steps := 0
		for done := false; !done; steps++ {
			done, err = db.Step(t.Context(), w, limit)
			ok(t, err)
		}
		equal(t, w.Audit, want)
		equal(t, steps, int(want.Lines)/limit+1)
	}
	head, faults, err := db.CheckEvents(t.Context(), engine.Head{})
	ok(t, err)
	equal(t, head, want.Head)
	equal(t, len(faults), 0)
	_, faults, err = db.CheckEvents(t.Context(), engine.Head{Seq: 5, Hash: want.Head.Hash})
	ok(t, err)
	if len(faults) != 1 || faults[0].Seq != 6 {
		t.Errorf("from a line with another hash: %v", faults)
	}
}

func TestMissingWallsAreFound(t *testing.T) {
	db := told(t)
	for _, w := range walls {
		var text string
		ok(t, db.write.Get(&text, `SELECT sql FROM sqlite_schema WHERE name = ?`, w.name))
		_, err := db.write.Exec(`DROP TRIGGER ` + w.name)
		ok(t, err)
		a, err := db.Audit(t.Context())
		ok(t, err)
		if a.Found != 1 || !strings.Contains(a.Faults[0].What, w.name) {
			t.Errorf("without %s: %v", w.name, a.Faults)
		}
		_, err = db.write.Exec(text)
		ok(t, err)
	}
}

// TestEveryFlippedByteOfTheLogIsFound flips each byte of each column of each line, and names the line.
func TestEveryFlippedByteOfTheLogIsFound(t *testing.T) {
	f := forge(t, told(t))
	tried, refused := 0, 0
	for seq := range int64(len(f.events())) {
		seq++
		for _, column := range []string{"at", "actor", "surface", "action", "subject", "detail", "prev", "hash"} {
			var was string
			ok(t, f.tx.Get(&was, `SELECT `+column+` FROM events WHERE seq = ?`, seq))
			for i := range len(was) + 1 {
				b := []byte(was + " ") // the last one is a byte more
				if i < len(was) {
					b = []byte(was)
					b[i] ^= 1 << (i % 7)
				}
				faults, taken := f.after(func() error { return f.do(`UPDATE events SET `+column+` = ? WHERE seq = ?`, string(b), seq) })
				tried++
				if !taken {
					refused++
				} else if len(faults) == 0 || faults[0].Seq != seq && faults[0].Seq != seq+1 {
					t.Fatalf("%s of line %d, byte %d: %+v", column, seq, i, faults)
				}
			}
		}
		for bit := range 40 {
			faults, taken := f.after(func() error {
				return f.do(`UPDATE events SET seq = (seq | ?) - (seq & ?) WHERE seq = ?`, int64(1)<<bit, int64(1)<<bit, seq)
			})
			tried++
			if !taken {
				refused++
			} else if len(faults) == 0 {
				t.Fatalf("number of line %d, bit %d", seq, bit)
			}
		}
	}
	if tried < 5_000 || refused > tried/10 {
		t.Errorf("only %d were tried, and %d of them the file refused", tried, refused)
	}
}

func TestEveryOtherForgeryIsFound(t *testing.T) {
	f := forge(t, told(t))
	events := f.events()
	n := len(events)
	found := func(what string, at int64, change func()) {
		t.Helper()
		faults, _ := f.after(func() error { change(); return nil })
		if len(faults) == 0 {
			t.Errorf("%s is not found", what)
		} else if at > 0 && faults[0].Seq != at {
			t.Errorf("%s is found at line %d (%s), want %d", what, faults[0].Seq, faults[0].What, at)
		}
	}
	for i, e := range events {
		if i < n-1 {
			found(fmt.Sprint("line deleted: ", e.Seq), e.Seq+1, func() { ok(t, f.do(`DELETE FROM events WHERE seq = ?`, e.Seq)) })
			found(fmt.Sprint("line deleted, and the rest moved up: ", e.Seq), e.Seq, func() {
				ok(t, f.do(`DELETE FROM events WHERE seq = ?`, e.Seq))
				ok(t, f.do(`UPDATE events SET seq = -seq + 1 WHERE seq > ?`, e.Seq))
				ok(t, f.do(`UPDATE events SET seq = -seq WHERE seq < 0`))
			})
			forged := e
			forged.Actor = "somebody else"
			found(fmt.Sprint("line rewritten with a right hash: ", e.Seq), e.Seq+1, func() { f.write(forged) })
		}
		forged := engine.Event{Seq: e.Seq, At: e.At, Actor: "UALICE", Surface: engine.SurfaceSlack, Action: "output.scheduled", Subject: "out", Prev: e.Prev}
		found(fmt.Sprint("line inserted with a right hash before ", e.Seq), 0, func() { f.shift(e.Seq); f.write(forged) })
		for _, other := range events[i+1:] {
			found(fmt.Sprintf("lines swapped: %d and %d", e.Seq, other.Seq), e.Seq, func() {
				ok(t, f.do(`UPDATE events SET seq = -1 WHERE seq = ?`, e.Seq))
				ok(t, f.do(`UPDATE events SET seq = ? WHERE seq = ?`, e.Seq, other.Seq))
				ok(t, f.do(`UPDATE events SET seq = ? WHERE seq = -1`, other.Seq))
			})
		}
	}
	first := events[0]
	first.Seq, first.Prev = -5, ""
	found("a line before the first", -5, func() { f.write(first) })
	last := events[n-1]
	forged := engine.Event{Seq: last.Seq + 1, At: last.At, Actor: "UALICE", Action: "task.level", Subject: "daily-social", Prev: last.Hash, Detail: map[string]string{"from": "L4", "to": "L5"}}
	found("a level that was raised in the log alone", 0, func() { f.write(forged) })
	forged.Action, forged.Subject, forged.Detail = "output.published", "waits", map[string]string{"from": "scheduled", "digest": "3f9a0c1b"}
	found("a move that no piece can make, in the log and in its table", forged.Seq, func() {
		f.write(forged)
		ok(t, f.do(`DROP TRIGGER outputs_move`))
		ok(t, f.do(`UPDATE outputs SET state = 'published', digest = '3f9a0c1b' WHERE id = 'waits'`))
	})
}

// TestEveryCutTailIsFound cuts the log after each line, also with all that the tables would give it away by, and rewrites it from each line on
// with hashes that are right: a head that was kept elsewhere tells.
func TestEveryCutTailIsFound(t *testing.T) {
	f := forge(t, told(t))
	events := f.events()
	tip := engine.Head{Seq: events[len(events)-1].Seq, Hash: events[len(events)-1].Hash}
	for _, kept := range []engine.Head{tip, {Hash: tip.Hash}, {Hash: tip.Short()}, {Seq: tip.Seq}, {Seq: tip.Seq, Hash: tip.Short()}} {
		at, err := lineOf(t.Context(), f.tx, kept)
		ok(t, err)
		equal(t, at, tip)
		equal(t, kept.Names(at), true)
		for _, e := range events[:len(events)-1] {
			ok(t, f.do(`SAVEPOINT cut`))
			ok(t, f.do(`DELETE FROM events WHERE seq > ?`, e.Seq))
			at, err := lineOf(t.Context(), f.tx, kept)
			ok(t, err)
			if kept.Names(at) {
				t.Errorf("cut after line %d: %+v is held to stand at %+v", e.Seq, kept, at)
			}
			ok(t, f.do(`ROLLBACK TO cut`))
		}
	}
	for i := range events {
		ok(t, f.do(`SAVEPOINT rewrite`))
		prev := events[i].Prev
		for k, e := range events[i:] {
			e.Prev = prev
			if k == 0 {
				e.Detail = map[string]string{"why": "nothing of the sort"}
			}
			prev = f.write(e).Hash
		}
		kept := engine.Head{Seq: tip.Seq, Hash: tip.Short()}
		at, err := lineOf(t.Context(), f.tx, kept)
		ok(t, err)
		if kept.Names(at) {
			t.Errorf("rewritten from line %d on, and nobody sees it", events[i].Seq)
		}
		ok(t, f.do(`ROLLBACK TO rewrite`))
	}
}

// TestWhatWasWrittenPastTheLogIsFound changes tables as somebody would who leaves the log alone.
func TestWhatWasWrittenPastTheLogIsFound(t *testing.T) {
	f := forge(t, told(t))
	ok(t, f.do(`DROP TRIGGER outputs_move`))
	for query, want := range map[string]string{
		`UPDATE outputs SET state = 'published' WHERE id = 'waits'`:   "piece waits is not in the state",
		`UPDATE outputs SET digest = '0123456789' WHERE id = 'waits'`: "piece waits does not have the version",
		`UPDATE tasks SET level = 5`:                                  "task daily-social is not at the level",
		`UPDATE tasks SET paused_at = NULL`:                           "task daily-social is paused, or is not",
		`UPDATE grants SET ended_at = at`:                             "task daily-social has a grant, or has none",
		`INSERT INTO tasks SELECT 'copy', name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, benchmarks, nature, level, paused_by, paused_at, paused_why, lowered_at, renewed_at FROM tasks`: "task copy is in its table and not in the log",
		`UPDATE control SET stopped = 0`: "everything is stopped, or is not",
		`UPDATE guardrails SET body = replace(body, '100000000', '900000000') WHERE version = 2`:                          "version 2 of the guardrails does not say",
		`UPDATE strategies SET body = replace(body, 'Bakery', 'Butchery')`:                                                "version 1 of the strategy does not say",
		`DELETE FROM guardrails WHERE version = 2`:                                                                        "the newest version of the guardrails",
		`DELETE FROM guardrails WHERE version = 1`:                                                                        "versions of the guardrails are missing",
		`INSERT INTO guardrails SELECT 3, body, by_id, at, why, note, signed_by, alone FROM guardrails WHERE version = 2`: "the newest version of the guardrails",
		`INSERT INTO approvals SELECT 'x', output, digest, by_id, role, at, surface, guardrail_version, audience, whole, looked, own_edit, over_cap, changed, waived, over_task, over_campaign, over_output, stood, words FROM approvals`: "piece waits was not approved as often",
		`DELETE FROM approvals`: "piece waits was not approved as often",
		`UPDATE exceptions SET closed_at = opened_at WHERE id = 'e1'`: "exception e1 is not open",
		`UPDATE exceptions SET closed_at = NULL WHERE id = 'e2'`:      "exception e2 is open",
	} {
		faults, taken := f.after(func() error { return f.do(query) })
		if !taken || len(faults) != 1 || !strings.Contains(faults[0].What, want) {
			t.Errorf("%s\n%v, want one: %s", query, faults, want)
		}
	}
}
