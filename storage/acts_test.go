package storage

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"koira/engine"
)

// delivered is a context in which a delivery is worked on, as if for the first time.
func delivered(t testing.TB, db *DB, key string) (context.Context, *engine.Act) {
	t.Helper()
	_, err := db.Receive(t.Context(), engine.Delivery{Key: key, Kind: "interactive", Payload: []byte("{}"), At: t0, Attempts: 1})
	ok(t, err)
	act := &engine.Act{Key: key}
	return engine.WithAct(t.Context(), act), act
}

type said struct {
	ID string
	N  int
}

func TestAnActIsDoneOnceAndAnswersAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	populate(t, db)
	begun := 0
	plan := func(ctx context.Context, db *DB, id string) (said, error) {
		var got said
		err := db.Act(ctx, "plan", &got, func(ctx context.Context) error {
			begun++
			got = said{id, begun}
			return db.AddOutput(ctx, anOutput(id, begun), alice)
		})
		return got, err
	}
	refuse := func(ctx context.Context, db *DB) error {
		return db.Act(ctx, "refuse", nil, func(ctx context.Context) error {
			begun++
			ok(t, db.Record(ctx, engine.Event{At: t0, Actor: alice.ID, Action: "denied", Subject: "x"}))
			return &engine.Error{Code: engine.CodeDenied, Message: "Only @U1.", Who: []string{"U1"}, Field: "link", Err: errors.New("cause")}
		})
	}
	ctx, act := delivered(t, db, "press 1")
	first, err := plan(ctx, db, "o1")
	ok(t, err)
	equal(t, act.Changed(), true)
	denied := refuse(ctx, db)

	// koira dies, starts again, and works on the same press.
	ok(t, db.Close())
	db = opened(t, path)
	ctx, act = delivered(t, db, "press 1")
	again, err := plan(ctx, db, "o2")
	ok(t, err)
	equal(t, again, first)
	equal(t, act.Changed(), true)
	var e *engine.Error
	if err := refuse(ctx, db); !errors.As(err, &e) {
		t.Fatalf("got %v, first %v", err, denied)
	}
	equal(t, *e, engine.Error{Code: engine.CodeDenied, Message: "Only @U1.", Who: []string{"U1"}, Field: "link"})
	equal(t, begun, 2)

	// Another press is another act.
	ctx, _ = delivered(t, db, "press 2")
	_, err = plan(ctx, db, "o3")
	ok(t, err)
	out, err := db.Outputs(t.Context(), engine.OutputFilter{})
	ok(t, err)
	equal(t, len(out), 2)
	_, err = db.VerifyEvents(t.Context())
	ok(t, err)
}

// What an earlier try did is not done in another sense because things have moved since.
func TestAnActThatWouldMeanSomethingElseIsNotDone(t *testing.T) {
	db := world(t)
	ctx, _ := delivered(t, db, "press")
	ok(t, db.Act(ctx, "reslot", nil, func(ctx context.Context) error { return db.AddOutput(ctx, anOutput("o1", 1), alice) }))
	ctx, _ = delivered(t, db, "press")
	wantCode(t, db.Act(ctx, "reuse", nil, func(context.Context) error {
		t.Error("it was done")
		return nil
	}), engine.CodeConflict)
}

// A fault takes the whole act back: the program may be asked again, and the person may be told that nothing changed.
func TestAFaultTakesAnActBack(t *testing.T) {
	for name, fail := range map[string]func() error{
		"an error": func() error { return errors.New("the disk is full") },
		"a panic":  func() error { panic("nil map") },
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			before, _, err := db.Head(t.Context())
			ok(t, err)
			ctx, act := delivered(t, db, "press")
			func() {
				defer func() { _ = recover() }()
				err = db.Act(ctx, "plan", nil, func(ctx context.Context) error {
					ok(t, db.AddOutput(ctx, anOutput("o1", 1), alice))
					return fail()
				})
			}()
			if name == "an error" {
				wantCode(t, err, engine.CodeInternal)
			}
			after, _, err := db.Head(t.Context())
			ok(t, err)
			equal(t, []any{after, act.Changed()}, []any{before, false})
			ctx, _ = delivered(t, db, "press")
			ok(t, db.Act(ctx, "plan", nil, func(ctx context.Context) error { return db.AddOutput(ctx, anOutput("o1", 1), alice) }))
			_, err = db.VerifyEvents(t.Context())
			ok(t, err)
		})
	}
}

// A part of an act that fails takes back itself and nothing else; what the act has written so far is what it reads.
func TestAnActReadsWhatItWroteAndKeepsItThroughAConflict(t *testing.T) {
	db := world(t)
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "e1", Kind: engine.ExceptionSystem, Subject: "x", OpenedAt: t0}))
	ctx, _ := delivered(t, db, "press")
	ok(t, db.Act(ctx, "plan", nil, func(ctx context.Context) error {
		ok(t, db.AddOutput(ctx, anOutput("o1", 1), alice))
		twice := anOutput("o2", 2)
		twice.Variants = []engine.Variant{{Name: "A"}, {Name: "A"}}
		wantCode(t, db.AddOutput(ctx, twice, alice), engine.CodeConflict) // its row was written before its wordings
		_, err := db.Output(ctx, "o2")
		wantCode(t, err, engine.CodeNotFound)
		m := plain(anOutput("o1", 1), engine.StateCancelled)
		m.Open = &engine.Exception{ID: "e1", Kind: engine.ExceptionMissed, Subject: "o1"}
		_, err = db.Move(ctx, m)
		wantCode(t, err, engine.CodeConflict) // its line was in the log before the exception's id was found taken
		o, err := db.Output(ctx, "o1")
		ok(t, err)
		equal(t, o.State, engine.StatePlanned)
		_, err = db.Output(t.Context(), "o1") // somebody else, meanwhile
		wantCode(t, err, engine.CodeNotFound)
		walkIn(t, ctx, db, "o1")
		return nil
	}))
	o, err := db.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, o.State, engine.StateWaiting)
	_, err = db.VerifyEvents(t.Context())
	ok(t, err)
}

func walkIn(t *testing.T, ctx context.Context, db *DB, id string) {
	t.Helper()
	for _, to := range []engine.State{engine.StateDrafted, engine.StateWaiting} {
		o, err := db.Output(ctx, id)
		ok(t, err)
		m := plain(o, to)
		if to == engine.StateDrafted {
			m.Draft = withCopy(o, "Fresh rye", "A")
		}
		_, err = db.Move(ctx, m)
		ok(t, err)
	}
}

// Rules that an act wrote and took back are never taken for the ones in force, though the next ones have the same version.
func TestRulesThatWereTakenBackAreForgotten(t *testing.T) {
	db := world(t)
	g, err := db.Guardrails(t.Context())
	ok(t, err)
	set := func(ctx context.Context, weekly engine.Money) error {
		g := g.Clone()
		g.Budget.Weekly = weekly
		return db.SetGuardrails(ctx, g.Version, g, alice, t0, "")
	}
	ctx, _ := delivered(t, db, "press")
	wantCode(t, db.Act(ctx, "limit", nil, func(ctx context.Context) error {
		ok(t, set(ctx, 7*engine.Unit))
		g, err := db.Guardrails(ctx)
		ok(t, err)
		equal(t, g.Budget.Weekly, 7*engine.Unit)
		return errors.New("the disk is full")
	}), engine.CodeInternal)
	ok(t, set(t.Context(), 9*engine.Unit))
	g, err = db.Guardrails(t.Context())
	ok(t, err)
	equal(t, []any{g.Version, g.Budget.Weekly}, []any{2, 9 * engine.Unit})
}

// Whoever adds an act and forgets Act finds out at once; what is harmless to repeat says so.
func TestAnActWritesThroughActAlone(t *testing.T) {
	db := world(t)
	ctx, act := delivered(t, db, "press")
	wantCode(t, db.AddOutput(ctx, anOutput("o1", 1), alice), engine.CodeInternal)
	wantCode(t, db.SetControl(ctx, engine.Control{Stopped: true}, alice, t0), engine.CodeInternal)
	equal(t, act.Changed(), false)
	ok(t, db.AddNotice(engine.Repeatable(ctx), engine.Notice{Kind: engine.NoticeOutput, Subject: "o1"}))
	ok(t, db.AddOutput(t.Context(), anOutput("o1", 1), engine.Koira)) // by itself koira needs none
}

func TestMarksLiveAsLongAsTheirDelivery(t *testing.T) {
	db := world(t)
	ctx, _ := delivered(t, db, "press")
	ok(t, db.Act(ctx, "plan", nil, func(ctx context.Context) error { return db.AddOutput(ctx, anOutput("o1", 1), alice) }))
	ok(t, db.FinishDelivery(t.Context(), "press", t0, ""))
	marks := func() (n int) {
		ok(t, db.read.Get(&n, `SELECT COUNT(*) FROM acts`))
		return n
	}
	ok(t, db.TrimDeliveries(t.Context(), t0))
	equal(t, marks(), 1)
	ok(t, db.TrimDeliveries(t.Context(), at(1)))
	equal(t, marks(), 0)
}
