package storage

import (
	"testing"
	"time"

	"koira/engine"
)

var bob = engine.Actor{ID: "UBOB", Role: engine.RoleApprover, Surface: engine.SurfaceSlack}

func aRequest(id string, state engine.RequestState) engine.Request {
	return engine.Request{
		ID: id, Kind: engine.RequestRules, Subject: "budget.weekly", Edits: []engine.RuleEdit{{Rule: "budget.weekly", To: "60"}}, From: 1, To: 2,
		Lines: []string{"Money a week: €40.00 → €60.00"}, State: state, By: alice.ID, Surface: alice.Surface, At: t0, Expires: at(10),
	}
}

// signs is the new version of the rules that carries out a request.
func signs(t *testing.T, db *DB, id string, by, signed engine.Actor, at time.Time) error {
	t.Helper()
	g, err := db.Guardrails(t.Context())
	ok(t, err)
	next := g.Clone()
	next.Budget.Weekly++
	return db.ChangeGuardrails(t.Context(), engine.RulesChange{
		From: g.Version, To: next, By: by, At: at, What: "old → new", Why: "because", Request: id, Signed: signed,
	})
}

func TestARequestIsKept(t *testing.T) {
	db := world(t)
	want := aRequest("r1", engine.RequestAsked)
	ok(t, db.AddRequest(t.Context(), want))
	got, err := db.Request(t.Context(), "r1")
	ok(t, err)
	equal(t, got, want)
	_, err = db.Request(t.Context(), "r2")
	wantCode(t, err, engine.CodeNotFound)
	ok(t, db.PendRequest(t.Context(), "r1", alice, at(1), at(1).Add(15*time.Minute), "Advent", []string{"none of 3"}))
	wantCode(t, db.PendRequest(t.Context(), "r1", alice, at(1), at(1).Add(15*time.Minute), "", nil), engine.CodeConflict)
	want.State, want.Why, want.At, want.Expires = engine.RequestPending, "Advent", at(1), at(1).Add(15*time.Minute)
	want.Tried = []string{"none of 3"}
	got, err = db.Request(t.Context(), "r1")
	ok(t, err)
	equal(t, got, want)
	wantCode(t, db.AddRequest(t.Context(), aRequest("r3", engine.RequestPending)), engine.CodeConflict)
	ok(t, db.AddRequest(t.Context(), aRequest("r4", engine.RequestAsked)))
	wantCode(t, db.PendRequest(t.Context(), "r4", bob, at(1), at(2), "", nil), engine.CodeConflict) // bob did not ask for it
	wantCode(t, db.PendRequest(t.Context(), "r4", alice, at(1), at(2), "", nil), engine.CodeConflict)
}

func TestASignatureAppliesARequestOnce(t *testing.T) {
	db := world(t)
	ok(t, db.AddRequest(t.Context(), aRequest("r1", engine.RequestPending)))
	before, err := db.Guardrails(t.Context())
	ok(t, err)
	wantCode(t, signs(t, db, "r1", alice, alice, at(1)), engine.CodeDenied)
	wantCode(t, signs(t, db, "r1", alice, engine.Actor{}, at(1)), engine.CodeDenied)
	wantCode(t, signs(t, db, "r1", alice, bob, at(10)), engine.CodeConflict) // too late
	after, err := db.Guardrails(t.Context())
	ok(t, err)
	equal(t, after, before)
	ok(t, signs(t, db, "r1", alice, bob, at(2)))
	wantCode(t, signs(t, db, "r1", alice, bob, at(3)), engine.CodeConflict)
	wantCode(t, db.CancelRequest(t.Context(), "r1", bob, at(3), ""), engine.CodeConflict)
	r, err := db.Request(t.Context(), "r1")
	ok(t, err)
	equal(t, []any{r.State, r.EndedBy, r.EndedAt}, []any{engine.RequestApplied, bob.ID, at(2)})
	changes, err := db.GuardrailHistory(t.Context(), 0, 1)
	ok(t, err)
	equal(t, changes, []engine.GuardrailChange{{
		Version: before.Version + 1, By: alice.ID, At: at(2), Why: "old → new", Note: "because", SignedBy: bob.ID,
	}})
	older, err := db.GuardrailHistory(t.Context(), 1, 10)
	ok(t, err)
	equal(t, len(older), before.Version)
	was, err := db.GuardrailsAt(t.Context(), before.Version)
	ok(t, err)
	equal(t, was.Budget, before.Budget)
	_, err = db.GuardrailsAt(t.Context(), 99)
	wantCode(t, err, engine.CodeNotFound)
}

// The file itself refuses what a fault of the program would ask of it.
func TestRequestsHaveWalls(t *testing.T) {
	db := world(t)
	ok(t, db.AddRequest(t.Context(), aRequest("r1", engine.RequestPending)))
	for _, bad := range []string{
		`UPDATE requests SET state = 'applied', ended_at = at, ended_by = by_id`,
		`UPDATE requests SET state = 'applied', ended_at = expires, ended_by = 'U2'`,
		`UPDATE requests SET state = 'asked'`,
		`UPDATE requests SET pending_at = NULL, state = 'applied', ended_at = at, ended_by = by_id`,
		`UPDATE requests SET by_id = 'U2'`,
		`UPDATE requests SET edits = '[]'`,
		`UPDATE requests SET was = 7`,
	} {
		if _, err := db.write.Exec(bad); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
	ok(t, db.CancelRequest(t.Context(), "r1", bob, at(1), "no"))
	if _, err := db.write.Exec(`UPDATE requests SET state = 'applied', ended_by = 'U2'`); err == nil {
		t.Error("what was cancelled came into force")
	}
}

func TestRequestsExpireAndAreVoided(t *testing.T) {
	db := world(t)
	ok(t, db.AddRequest(t.Context(), aRequest("r1", engine.RequestPending)))
	asked := aRequest("r2", engine.RequestAsked)
	ok(t, db.AddRequest(t.Context(), asked))
	n, err := db.ExpireRequests(t.Context(), at(10).Add(-time.Second))
	ok(t, err)
	equal(t, n, 0)
	n, err = db.ExpireRequests(t.Context(), at(10))
	ok(t, err)
	equal(t, n, 1)
	for _, id := range []string{"r1", "r2"} {
		r, err := db.Request(t.Context(), id)
		ok(t, err)
		equal(t, r.State, engine.RequestExpired)
	}

	ok(t, db.AddRequest(t.Context(), aRequest("r3", engine.RequestPending)))
	level := aRequest("r4", engine.RequestPending)
	level.Kind, level.Subject, level.From, level.To = engine.RequestLevel, "daily-social", 3, 4
	ok(t, db.AddRequest(t.Context(), level))
	ok(t, signs(t, db, "", alice, engine.Actor{}, at(1)))
	r, err := db.Request(t.Context(), "r3")
	ok(t, err)
	equal(t, []any{r.State, r.EndedWhy}, []any{engine.RequestCancelled, "the rules changed meanwhile"})
	task, err := db.Task(t.Context(), "daily-social")
	ok(t, err)
	ok(t, db.ChangeTask(t.Context(), engine.TaskChange{Task: "daily-social", From: task.Level, To: engine.L1, By: bob, At: at(1)}))
	r, err = db.Request(t.Context(), "r4")
	ok(t, err)
	equal(t, []any{r.State, r.EndedWhy}, []any{engine.RequestCancelled, "its level moved meanwhile"})
	notices, err := db.DueNotices(t.Context(), at(12), 100)
	ok(t, err)
	cards := 0
	for _, x := range notices {
		if x.Kind == engine.NoticeRequest {
			cards++
		}
	}
	equal(t, cards, 3) // what only its asker saw has no card
}
