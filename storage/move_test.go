package storage

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"koira/engine"
)

func TestOneOfFiftyMoversWins(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateWaiting)
	var wg sync.WaitGroup
	errs := make([]error, 50)
	for i := range errs {
		wg.Go(func() {
			m := plain(o, []engine.State{engine.StateScheduled, engine.StateRejected}[i%2])
			_, errs[i] = db.Move(context.Background(), m)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantCode(t, err, engine.CodeConflict)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
	n, err := db.VerifyEvents(t.Context())
	ok(t, err)
	equal(t, n, int64(7)) // strategy, guardrails, task, planned, drafted, waiting, and one more
}

func TestMoveRefuses(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateWaiting)
	add(t, db, anOutput("o2", 2), engine.StateDrafted, engine.StateWaiting)
	for name, c := range map[string]struct {
		change func(*engine.Move)
		code   engine.Code
		say    string
	}{
		"what is no move":              {func(m *engine.Move) { m.To = engine.StatePublished }, engine.CodeInternal, "cannot become"},
		"publishing without a claim":   {func(m *engine.Move) { m.From, m.To = engine.StateScheduled, engine.StatePublishing }, engine.CodeInternal, "claim"},
		"an unknown output":            {func(m *engine.Move) { m.Output = "nobody" }, engine.CodeNotFound, "no piece"},
		"a state that it has left":     {func(m *engine.Move) { m.From = engine.StateDrafted; m.To = engine.StateWaiting }, engine.CodeConflict, "is waiting now"},
		"a digest that is old":         {func(m *engine.Move) { m.Digest = "abcdefgh12" }, engine.CodeConflict, "changed since"},
		"a new time, the old digest":   {func(m *engine.Move) { m.Slot = at(3) }, engine.CodeInternal, "digest"},
		"an approval of other content": {func(m *engine.Move) { m.Approval = &engine.Approval{Digest: "other"} }, engine.CodeConflict, "not what this piece says"},
		"a slot that is taken": {func(m *engine.Move) {
			m.To, m.Draft = engine.StateDrafted, withCopy(anOutput("o1", 2), "Same time", "A")
		}, engine.CodeConflict, "stands at that time"},
		"what the gate blocks": {func(m *engine.Move) {
			m.Gate = func(engine.View) engine.Verdict {
				return engine.Verdict{Outcome: engine.Block, Findings: []engine.Finding{{Rule: "topics", Outcome: engine.Block, Evidence: "It says layoffs."}}}
			}
		}, engine.CodeBlocked, "layoffs"},
	} {
		t.Run(name, func(t *testing.T) {
			m := plain(o, engine.StateScheduled)
			c.change(&m)
			v, err := db.Move(t.Context(), m)
			wantCode(t, err, c.code)
			if !strings.Contains(err.Error(), c.say) {
				t.Errorf("it says %q", err)
			}
			if c.code == engine.CodeBlocked && len(v.Blocks()) != 1 {
				t.Errorf("no verdict beside the refusal: %+v", v)
			}
			now, err := db.Output(t.Context(), "o1")
			ok(t, err)
			equal(t, now, o)
		})
	}
}

func TestAGateSeesWhatTheMoveBrings(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1))
	draft := withCopy(o, "New words", "A", "B")
	m := plain(o, engine.StateDrafted)
	m.Draft, m.Stage = draft, engine.StageDraft
	m.Gate = func(v engine.View) engine.Verdict {
		if v.Output.State != engine.StatePlanned || len(v.Output.Variants) != 2 || v.Output.Digest != draft.Digest || v.Stage != engine.StageDraft || v.Approval != nil {
			t.Errorf("it sees %+v", v.Output)
		}
		if v.Strategy.Version != 1 || v.Guardrails.Version != 1 || v.Task.ID != "daily-social" || !v.Now.Equal(t0) {
			t.Errorf("it sees %+v", v)
		}
		return pass(v)
	}
	v, err := db.Move(t.Context(), m)
	ok(t, err)
	equal(t, v.GuardrailVersion, 1)

	o = walk(t, db, "o1", engine.StateWaiting)
	m = plain(o, engine.StateScheduled)
	m.Approval = &engine.Approval{ID: "a1", OverCap: engine.Rise{Week: 7}, Waived: []engine.Waiver{{Rule: "pace", What: "pace", Bar: 7}}}
	m.Gate = func(v engine.View) engine.Verdict {
		if v.Approval == nil || v.Approval.OverCap.Week != 7 || v.Approval.By != alice.ID || v.Approval.Digest != o.Digest {
			t.Errorf("it sees the approval %+v", v.Approval)
		}
		return pass(v)
	}
	_, err = db.Move(t.Context(), m)
	ok(t, err)
	a, err := db.Approval(t.Context(), "o1", o.Digest)
	ok(t, err)
	equal(t, a.Waived, m.Approval.Waived)
}

func TestADraftReplacesTheCopy(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateWaiting)
	next := o
	next.Slot, next.Expires, next.CostMax = at(30), at(32), 2*engine.Unit
	draft := withCopy(next, "Other words", "A", "B")
	draft.EditedBy, draft.Changed = alice.ID, 0.25
	draft.Findings = []engine.Finding{{Rule: "voice", Outcome: engine.Warn, Evidence: "“!”", Remedy: "Drop it.", Later: true, Held: engine.StateExpired, Use: 0.5},
		{Rule: "budget", Outcome: engine.Clamp, Evidence: "too dear", Remedy: "less", Waivable: true, Use: 1.25, Limit: &engine.Limit{Audience: 3, CostMax: engine.Unit}},
	}
	draft.Sketch = "0f1e"
	m := plain(o, engine.StateDrafted)
	m.Draft = draft
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	got, err := db.Output(t.Context(), "o1")
	ok(t, err)
	want := *draft
	want.State, want.Due, want.UpdatedAt = engine.StateDrafted, t0, t0
	equal(t, got, want)
	if got.Slot.Location() != time.UTC {
		t.Error("times are not in UTC")
	}
}

func TestWhenTheLoopLooksNext(t *testing.T) {
	for _, c := range []struct {
		path []engine.State
		due  time.Time
	}{
		{nil, t0},
		{[]engine.State{engine.StateDrafted}, t0},
		{[]engine.State{engine.StateDrafted, engine.StateWaiting}, at(3)},
		{[]engine.State{engine.StateDrafted, engine.StateHeld}, at(3)},
		{[]engine.State{engine.StateHanded}, at(3)},
		{[]engine.State{engine.StateDrafted, engine.StateScheduled}, at(1)},
		{[]engine.State{engine.StateDrafted, engine.StateScheduled, engine.StatePublishing}, at(1)},
		{[]engine.State{engine.StateHanded, engine.StatePublished}, time.Time{}},
		{[]engine.State{engine.StateCancelled}, time.Time{}},
	} {
		db := world(t)
		o := add(t, db, anOutput("o1", 1), c.path...)
		if !o.Due.Equal(c.due) {
			t.Errorf("%s is due %v, want %v", o.State, o.Due, c.due)
		}
	}
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted)
	m := plain(o, engine.StateWaiting)
	m.Due = at(2)
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	o, err = db.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, o.Due, at(2))
	ok(t, db.DelayOutput(t.Context(), "o1", engine.StateWaiting, at(5), "the line was busy"))
	wantCode(t, db.DelayOutput(t.Context(), "o1", engine.StateDrafted, at(6), ""), engine.CodeConflict)
	o, err = db.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, o.Due, at(5))
	equal(t, o.Attempts, 1)
}

func TestWhatRidesOnAMove(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted)
	m := plain(o, engine.StateHeld)
	m.Open = &engine.Exception{ID: "e1", Kind: engine.ExceptionOutput, Reason: "A rule stops it."}
	m.Findings = []engine.Finding{{Rule: "topics", Outcome: engine.Block, Evidence: "It says layoffs."}}
	m.Notices = []engine.Notice{{Kind: engine.NoticeDaily, Subject: "2025-11-17"}}
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	e, err := db.Exception(t.Context(), "e1")
	ok(t, err)
	equal(t, e, engine.Exception{ID: "e1", Kind: engine.ExceptionOutput, Output: "o1", Task: "daily-social", Subject: "o1", Reason: "A rule stops it.", OpenedAt: t0})
	o, err = db.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, o.Findings, m.Findings)
	equal(t, subjects(t, db), []string{"daily 2025-11-17", "exception e1"}) // nobody has a card of o1

	m = plain(o, engine.StateRejected)
	m.Rejection = &engine.Rejection{ID: "r1", Reason: "tone", Note: "Calmer.", Severe: true}
	_, err = db.Move(t.Context(), m)
	ok(t, err)
	e, err = db.Exception(t.Context(), "e1")
	ok(t, err)
	equal(t, []string{e.Outcome, e.ClosedBy}, []string{"rejected", alice.ID})
	got, err := db.Rejections(t.Context(), "daily-social", 10)
	ok(t, err)
	equal(t, got, []engine.Rejection{{
		ID: "r1", Output: "o1", Digest: o.Digest, By: alice.ID, Role: engine.RoleOwner, At: t0, From: engine.SurfaceSlack, Reason: "tone", Note: "Calmer.", Severe: true,
	}})
	events, err := db.Events(t.Context(), 5, 10)
	ok(t, err)
	var actions []string
	for _, e := range events {
		actions = append(actions, e.Action)
	}
	equal(t, actions, []string{"output.held", "exception.opened", "output.rejected", "exception.closed"})
	if d := cmp.Diff(map[string]string{
		"from": "drafted", "to": "held", "digest": o.Digest.Short(), "why": "because", "task": "daily-social", "slot": "2025-11-17T09:00:00Z", "rules": "topics",
	}, events[0].Detail, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}

func TestACardIsKeptTruthful(t *testing.T) {
	for name, c := range map[string]struct {
		path   []engine.State
		posted bool // a card stands before the last move
		queued bool
	}{
		"put in the queue":              {[]engine.State{engine.StateDrafted, engine.StateWaiting}, false, true},
		"handed to a person":            {[]engine.State{engine.StateHanded}, false, true},
		"approved":                      {[]engine.State{engine.StateDrafted, engine.StateWaiting, engine.StateScheduled}, false, true},
		"cleared, and nobody saw it":    {[]engine.State{engine.StateDrafted, engine.StateScheduled}, false, false},
		"cleared, and there is a card":  {[]engine.State{engine.StateDrafted, engine.StateScheduled}, true, true},
		"dropped, and nobody saw it":    {[]engine.State{engine.StateCancelled}, false, false},
		"dropped, and there is a card":  {[]engine.State{engine.StateCancelled}, true, true},
		"on the wire":                   {[]engine.State{engine.StateDrafted, engine.StateScheduled, engine.StatePublishing}, true, false},
		"not taken in time":             {[]engine.State{engine.StateHanded, engine.StateExpired}, false, true},
		"drafted, and nobody saw it":    {[]engine.State{engine.StateDrafted}, false, false},
		"sent back to be written again": {[]engine.State{engine.StateDrafted, engine.StateWaiting, engine.StateDrafted}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			last := len(c.path) - 1
			add(t, db, anOutput("o1", 1), c.path[:last]...)
			due, err := db.DueNotices(t.Context(), at(99), 10)
			ok(t, err)
			for _, n := range due {
				ok(t, db.SentNotice(t.Context(), n))
			}
			if c.posted {
				ok(t, db.SaveCard(t.Context(), engine.Card{Kind: engine.NoticeOutput, Subject: "o1", Channel: "C1", TS: "1.0", PostedAt: t0}))
			}
			walk(t, db, "o1", c.path[last])
			if got := len(subjects(t, db)) == 1; got != c.queued {
				t.Errorf("queued: %v", got)
			}
		})
	}
}

func TestPlanningTwicePlansOnce(t *testing.T) {
	db := world(t)
	add(t, db, anOutput("o1", 1))
	wantCode(t, db.AddOutput(t.Context(), anOutput("o2", 1), engine.Koira), engine.CodeConflict)
	asked := anOutput("o3", 1)
	asked.Origin = engine.OriginAsked
	ok(t, db.AddOutput(t.Context(), asked, alice))
	walk(t, db, "o1", engine.StateCancelled)
	ok(t, db.AddOutput(t.Context(), anOutput("o2", 1), engine.Koira))
}

// subjects lists what the outbox holds, in alphabetical order.
func subjects(t testing.TB, db *DB) []string {
	t.Helper()
	due, err := db.DueNotices(t.Context(), at(10_000), 100)
	ok(t, err)
	var s []string
	for _, n := range due {
		s = append(s, string(n.Kind)+" "+n.Subject)
	}
	slices.Sort(s)
	return s
}
