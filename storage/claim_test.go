package storage

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"koira/engine"
)

func TestACrashAfterTheClaimLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	populate(t, db)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	now := at(1).Add(123456789) // finer than a stamp
	intents, v, err := db.Claim(t.Context(), "o1", o.Digest, now, pass)
	ok(t, err)
	equal(t, v.Outcome, engine.Pass)
	if len(intents) != 1 {
		t.Fatalf("%d intents", len(intents))
	}
	equal(t, []any{intents[0].Key, intents[0].Fence, string(intents[0].Bytes)}, []any{"o1-A", 1, "Fresh rye A"})

	copied := filepath.Join(t.TempDir(), "koira.db") // what a process that was killed leaves on the disk
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		ok(t, err)
		ok(t, os.WriteFile(copied+suffix, b, 0o600))
	}
	again := opened(t, copied)
	o, err = again.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, o.State, engine.StatePublishing)
	left, err := again.SendsIn(t.Context(), engine.SendPublishing)
	ok(t, err)
	if len(left) != 1 {
		t.Fatalf("%d sends are open", len(left))
	}
	i, err := again.Intent(t.Context(), left[0].ID)
	ok(t, err)
	equal(t, i, intents[0])
	_, err = again.VerifyEvents(t.Context())
	ok(t, err)
}

func TestOneOfFiftyClaimsWins(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	var wg sync.WaitGroup
	got := make([]int, 50)
	for i := range got {
		wg.Go(func() {
			intents, _, err := db.Claim(t.Context(), "o1", o.Digest, at(1), pass)
			if got[i] = len(intents); err != nil && engine.CodeOf(err) != engine.CodeConflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range got {
		sum += n
	}
	equal(t, sum, 1)
}

func TestAClaimRefuses(t *testing.T) {
	block := func(engine.View) engine.Verdict {
		return engine.Verdict{Outcome: engine.Block, Findings: []engine.Finding{{Rule: "stopped", Outcome: engine.Block, Evidence: "Everything is stopped."}}}
	}
	for name, c := range map[string]struct {
		digest engine.Digest
		gate   engine.Gate
		before string
		code   engine.Code
	}{
		"what the gate blocks":                {gate: block, code: engine.CodeBlocked},
		"a digest that has moved":             {digest: "other", gate: pass, code: engine.CodeConflict},
		"a claim without a gate":              {code: engine.CodeInternal},
		"bytes that the digest does not hold": {gate: pass, before: `UPDATE variants SET rendered = x'6576696c'`, code: engine.CodeInternal},
		"a piece without words":               {gate: pass, before: `DELETE FROM variants`, code: engine.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
			if c.before != "" {
				_, err := db.write.Exec(c.before)
				ok(t, err)
			}
			if c.digest == "" {
				c.digest = o.Digest
			}
			before, _, err := db.Head(t.Context())
			ok(t, err)
			intents, _, err := db.Claim(t.Context(), "o1", c.digest, at(1), c.gate)
			wantCode(t, err, c.code)
			if len(intents) != 0 {
				t.Error("it gave intents all the same")
			}
			after, _, err := db.Head(t.Context())
			ok(t, err)
			equal(t, after, before)
		})
	}
}

// claimed is an output on the wire with one send a name, in the names' order.
func claimed(t testing.TB, db *DB, id string, hour int, names ...string) []engine.Intent {
	t.Helper()
	o := add(t, db, anOutput(id, hour))
	m := plain(o, engine.StateDrafted)
	m.Draft = withCopy(o, "Fresh rye", names...)
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	o = walk(t, db, id, engine.StateScheduled)
	intents, _, err := db.Claim(t.Context(), id, o.Digest, o.Slot, pass)
	ok(t, err)
	return intents
}

func result(i engine.Intent, s engine.SendState, hour int) engine.Result {
	return engine.Result{Send: i.Send, Fence: i.Fence, State: s, At: at(hour), Why: "because", Evidence: "it said so", By: engine.Koira}
}

func TestWhatAResultLeadsTo(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*engine.Result)
		state  engine.State
		due    time.Time
	}{
		"published":                 {func(r *engine.Result) { r.Ref = engine.Ref{ID: "7", URL: "https://x/7"} }, engine.StatePublished, time.Time{}},
		"refused for good":          {func(r *engine.Result) { r.State = engine.SendFailed }, engine.StateFailed, time.Time{}},
		"certainly not out":         {func(r *engine.Result) { r.State, r.RetryAt = engine.SendPending, at(2) }, engine.StateScheduled, at(2)},
		"unknown, looked for later": {func(r *engine.Result) { r.State, r.QuietUntil = engine.SendUnconfirmed, at(3) }, engine.StateUnconfirmed, at(3)},
		"unknown, nobody asked yet": {func(r *engine.Result) { r.State = engine.SendUnconfirmed }, engine.StateUnconfirmed, at(1)},
		"unknown, and a person is asked": {func(r *engine.Result) {
			r.State, r.Open = engine.SendUnconfirmed, &engine.Exception{Kind: engine.ExceptionUnsure}
		}, engine.StateUnconfirmed, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			i := claimed(t, db, "o1", 1, "A")[0]
			r := result(i, engine.SendPublished, 1)
			c.change(&r)
			ok(t, db.Apply(t.Context(), r))
			wantCode(t, db.Apply(t.Context(), engine.Result{Send: i.Send, Fence: i.Fence - 1, State: engine.SendPublished, At: at(1)}), engine.CodeConflict)
			o, err := db.Output(t.Context(), "o1")
			ok(t, err)
			equal(t, o.State, c.state)
			if !o.Due.Equal(c.due) {
				t.Errorf("due %v, want %v", o.Due, c.due)
			}
			if c.state == engine.StatePublished {
				equal(t, []any{o.URL, o.PublishedAt}, []any{"https://x/7", at(1)})
				reads, err := db.DueReads(t.Context(), at(1))
				ok(t, err)
				equal(t, len(reads), 1)
				equal(t, reads[0].Ref, r.Ref)
			}
			if c.state == engine.StateScheduled {
				equal(t, o.Attempts, 1)
			}
		})
	}
}

func TestARepeatKeepsKeyAndFirstTime(t *testing.T) {
	db := world(t)
	first := claimed(t, db, "o1", 1, "A")[0]
	ok(t, db.Prepared(t.Context(), first.Send, first.Fence, engine.Ref{ID: "draft-7"}))
	ok(t, db.Apply(t.Context(), result(first, engine.SendPending, 1)))
	second, _, err := db.Claim(t.Context(), "o1", first.Digest, at(2), pass)
	ok(t, err)
	want := first
	want.Fence, want.Ref = 2, engine.Ref{ID: "draft-7"}
	equal(t, second, []engine.Intent{want})
	for name, err := range map[string]error{
		"a late result":  db.Apply(t.Context(), result(first, engine.SendPublished, 2)),
		"a late prepare": db.Prepared(t.Context(), first.Send, first.Fence, engine.Ref{ID: "x"}),
	} {
		if engine.CodeOf(err) != engine.CodeConflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	ok(t, db.Apply(t.Context(), result(second[0], engine.SendPublished, 2)))
	wantCode(t, db.Apply(t.Context(), result(second[0], engine.SendPublished, 2)), engine.CodeConflict)
	wantCode(t, db.Apply(t.Context(), engine.Result{Send: "nobody", At: t0}), engine.CodeNotFound)
}

func TestWhatIsOutIsNotSentAgain(t *testing.T) {
	db := world(t)
	both := claimed(t, db, "o1", 1, "A", "B")
	ok(t, db.Apply(t.Context(), result(both[0], engine.SendPublished, 1)))
	equal(t, walk(t, db, "o1").State, engine.StatePublishing)
	ok(t, db.Apply(t.Context(), result(both[1], engine.SendPending, 1)))
	equal(t, walk(t, db, "o1").State, engine.StateScheduled)
	again, _, err := db.Claim(t.Context(), "o1", both[0].Digest, at(2), pass)
	ok(t, err)
	if len(again) != 1 || again[0].Key != "o1-B" || again[0].Fence != 2 {
		t.Fatalf("claimed %+v", again)
	}
	ok(t, db.Apply(t.Context(), result(again[0], engine.SendPending, 2)))

	o := walk(t, db, "o1", engine.StateWaiting)
	m := plain(o, engine.StateDrafted)
	m.Draft = withCopy(o, "Other words", "A", "B")
	_, err = db.Move(t.Context(), m)
	wantCode(t, err, engine.CodeConflict)
	if !strings.Contains(err.Error(), "out already") {
		t.Error(err)
	}
}

func TestNewWordsForWhatIsCertainlyNotOut(t *testing.T) {
	db := world(t)
	both := claimed(t, db, "o1", 1, "A", "B")
	for _, i := range both {
		ok(t, db.Apply(t.Context(), result(i, engine.SendPending, 1)))
	}
	o := walk(t, db, "o1", engine.StateWaiting)
	m := plain(o, engine.StateDrafted)
	m.Draft = withCopy(o, "Other words", "A")
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	o = walk(t, db, "o1", engine.StateScheduled)
	again, _, err := db.Claim(t.Context(), "o1", o.Digest, at(2), pass)
	ok(t, err)
	want := both[0]
	want.Fence, want.Digest, want.Bytes = 2, o.Digest, []byte("Other words A")
	equal(t, again, []engine.Intent{want})
	ok(t, db.Apply(t.Context(), result(again[0], engine.SendPublished, 2)))
	equal(t, walk(t, db, "o1").State, engine.StatePublished) // the send of B is gone: it would wait for ever
}

func TestAPersonResolvesAnUnknownOutcome(t *testing.T) {
	for to, c := range map[engine.State]struct {
		send  engine.SendState
		spent engine.Money
	}{
		engine.StatePublished: {engine.SendPublished, 5 * engine.Unit}, engine.StateScheduled: {engine.SendPending, 0}, engine.StateFailed: {engine.SendFailed, 5 * engine.Unit},
	} {
		t.Run(string(to), func(t *testing.T) {
			db := world(t)
			i := claimed(t, db, "o1", 1, "A")[0]
			r := result(i, engine.SendUnconfirmed, 1)
			r.Open = &engine.Exception{ID: "e1", Kind: engine.ExceptionUnsure}
			ok(t, db.Apply(t.Context(), r))
			if c.send == engine.SendPending {
				walk(t, db, "o1", to)
			} else {
				said := result(i, c.send, 2)
				said.By, said.SpentAll, said.Close = alice, true, string(to)
				ok(t, db.Apply(t.Context(), said))
			}
			sends, err := db.Sends(t.Context(), "o1")
			ok(t, err)
			equal(t, sends[0].State, c.send)
			e, err := db.Exception(t.Context(), "e1")
			ok(t, err)
			equal(t, e.Outcome, string(to))
			b, err := db.Balance(t.Context(), "2025-W47")
			ok(t, err)
			equal(t, b.Spent, c.spent)
		})
	}
}

func TestARetraction(t *testing.T) {
	for _, c := range []struct {
		send  engine.SendState
		state engine.State
		read  bool
	}{
		{engine.SendRetracted, engine.StateRetracted, false},
		{engine.SendPublished, engine.StatePublished, true},
		{engine.SendRetracting, engine.StateRetracting, false},
	} {
		t.Run(string(c.send), func(t *testing.T) {
			db := world(t)
			i := claimed(t, db, "o1", 1, "A")[0]
			ok(t, db.Apply(t.Context(), result(i, engine.SendPublished, 1)))
			if c.read { // measured to the end, before somebody wanted it gone
				ok(t, db.SaveReadings(t.Context(), nil, map[string]time.Time{i.Send: {}}))
			}
			walk(t, db, "o1", engine.StateSettled, engine.StateRetracting)
			wantCode(t, db.Apply(t.Context(), result(i, engine.SendPublished, 2)), engine.CodeConflict) // a late answer to the publish
			now, err := db.Intent(t.Context(), i.Send)
			ok(t, err)
			ok(t, db.Apply(t.Context(), result(now, c.send, 2)))
			o := walk(t, db, "o1")
			equal(t, o.State, c.state)
			equal(t, o.PublishedAt, at(1))
			reads, err := db.DueReads(t.Context(), at(9))
			ok(t, err)
			equal(t, len(reads) == 1, c.read)
			sends, err := db.Sends(t.Context(), "o1")
			ok(t, err)
			if c.send == engine.SendRetracted && !sends[0].NextRead.IsZero() {
				t.Error("what is gone is still to be read")
			}
		})
	}
}

// A card that said "I look by myself" says that people are asked as soon as they are.
func TestACardLearnsThatPeopleAreAsked(t *testing.T) {
	for name, asked := range map[string]bool{"asked": true, "looked for once more": false} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			i := claimed(t, db, "o1", 1, "A")[0]
			ok(t, db.Apply(t.Context(), result(i, engine.SendUnconfirmed, 1)))
			for _, n := range due(t, db, at(99)) {
				ok(t, db.SentNotice(t.Context(), n))
			}
			r := result(i, engine.SendUnconfirmed, 2)
			if r.Probed = true; asked {
				r.Open = &engine.Exception{ID: "e1", Kind: engine.ExceptionUnsure}
			}
			ok(t, db.Apply(t.Context(), r))
			if got := slices.Contains(subjects(t, db), string(engine.NoticeOutput)+" o1"); got != asked {
				t.Errorf("the card is drawn anew: %t", got)
			}
		})
	}
}

func TestWhatWasGivenUpMayHaveCostAllThatWasSetAside(t *testing.T) {
	db := world(t)
	i := claimed(t, db, "o1", 1, "A")[0]
	ok(t, db.Apply(t.Context(), result(i, engine.SendUnconfirmed, 1)))
	r := result(i, engine.SendFailed, 2)
	r.Evidence, r.Spent, r.SpentAll = engine.Dropped, 0, true
	ok(t, db.Apply(t.Context(), r))
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b, engine.Balance{Spent: 5 * engine.Unit})
}
