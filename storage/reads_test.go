package storage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

func TestOutputsComeWithTheirChildren(t *testing.T) {
	db := world(t)
	var want []engine.Output
	for i := range 5 {
		o := add(t, db, anOutput(fmt.Sprintf("o%d", i), i))
		m := plain(o, engine.StateDrafted)
		m.Draft = withCopy(o, o.ID, []string{"A", "B", "C"}[:i%3+1]...)
		for j := range i {
			m.Draft.Findings = append(m.Draft.Findings, engine.Finding{Rule: fmt.Sprint("rule ", j), Outcome: engine.Warn})
		}
		_, err := db.Move(t.Context(), m)
		ok(t, err)
		o, err = db.Output(t.Context(), o.ID)
		ok(t, err)
		want = append(want, o)
	}
	got, err := db.Outputs(t.Context(), engine.OutputFilter{})
	ok(t, err)
	equal(t, got, want)
	got, err = db.Outputs(t.Context(), engine.OutputFilter{Bare: true})
	ok(t, err)
	for i := range want {
		want[i].Variants, want[i].Findings = nil, nil
	}
	equal(t, got, want)
}

func TestListsAreCutWhereSQLEnds(t *testing.T) {
	for n, want := range map[int][]int{0: nil, 1: {1}, 3: {4}, 1024: {1024}, 2500: {1024, 1024, 512}} {
		outputs := make([]engine.Output, n)
		for i := range outputs {
			outputs[i].ID = fmt.Sprint(i)
		}
		var lengths []int
		seen := map[string]bool{}
		ok(t, inChunks(outputs, func(part []engine.Output, at map[string]int, list string, ids []any) error {
			lengths = append(lengths, len(ids))
			for id, i := range at {
				seen[id] = part[i].ID == id
			}
			if strings.Count(list, "?") != len(ids) {
				t.Errorf("%d marks for %d ids", strings.Count(list, "?"), len(ids))
			}
			return nil
		}))
		equal(t, lengths, want)
		equal(t, len(seen), n)
	}
}

func TestWhatAFilterChooses(t *testing.T) {
	db := world(t)
	ok(t, db.PutTask(t.Context(), aTask("other"), alice, t0, ""))
	for i, path := range [][]engine.State{
		{}, {engine.StateDrafted}, {engine.StateDrafted, engine.StateWaiting}, {engine.StateCancelled}, {engine.StateHanded},
	} {
		o := anOutput(fmt.Sprintf("o%d", i), i)
		o.CreatedAt = at(i - 100)
		if i == 4 {
			o.Task = "other"
		}
		add(t, db, o, path...)
	}
	for name, c := range map[string]struct {
		filter engine.OutputFilter
		want   string
	}{
		"everything":        {engine.OutputFilter{}, "o0 o1 o2 o3 o4"},
		"newest first":      {engine.OutputFilter{Newest: true}, "o4 o3 o2 o1 o0"},
		"a page":            {engine.OutputFilter{Limit: 2, Offset: 1}, "o1 o2"},
		"a task":            {engine.OutputFilter{Task: "other"}, "o4"},
		"states":            {engine.OutputFilter{States: []engine.State{engine.StateWaiting, engine.StatePlanned}}, "o0 o2"},
		"due now":           {engine.OutputFilter{DueBy: t0}, "o0 o1"},
		"due by its expiry": {engine.OutputFilter{DueBy: at(4)}, "o0 o1 o2"},
		"slots":             {engine.OutputFilter{SlotFrom: at(1), SlotTo: at(3)}, "o1 o2"},
		"when it was made":  {engine.OutputFilter{Since: at(-98), Until: at(-96)}, "o2 o3"},
		"all at once":       {engine.OutputFilter{Task: "daily-social", States: []engine.State{engine.StateDrafted}, DueBy: at(1), SlotTo: at(9)}, "o1"},
	} {
		t.Run(name, func(t *testing.T) {
			outputs, err := db.Outputs(t.Context(), c.filter)
			ok(t, err)
			var ids []string
			for _, o := range outputs {
				ids = append(ids, o.ID)
			}
			equal(t, strings.Join(ids, " "), c.want)
		})
	}
	n, err := db.CountOutputs(t.Context(), engine.OutputFilter{Task: "daily-social", Limit: 1})
	ok(t, err)
	equal(t, n, map[engine.State]int{engine.StatePlanned: 1, engine.StateDrafted: 1, engine.StateWaiting: 1, engine.StateCancelled: 1})
}

func TestWhatCountsAsAReview(t *testing.T) {
	db := world(t)
	yes := func(id string, hour int, looked time.Duration) {
		m := plain(walk(t, db, id), engine.StateScheduled)
		m.At, m.Approval = at(hour), &engine.Approval{Looked: looked, Whole: true, Audience: 40, GuardrailVersion: 1}
		_, err := db.Move(t.Context(), m)
		ok(t, err)
	}
	no := func(id string, to engine.State, hour int) {
		m := plain(walk(t, db, id), to)
		m.At, m.Rejection = at(hour), &engine.Rejection{Reason: "tone", Severe: true}
		_, err := db.Move(t.Context(), m)
		ok(t, err)
	}
	add(t, db, anOutput("approved", 1), engine.StateDrafted, engine.StateWaiting)
	yes("approved", 1, 90*time.Second)
	add(t, db, anOutput("rejected", 2), engine.StateDrafted, engine.StateWaiting)
	no("rejected", engine.StateRejected, 2)
	add(t, db, anOutput("stopped", 3), engine.StateDrafted, engine.StateWaiting)
	yes("stopped", 3, 0)
	no("stopped", engine.StateCancelled, 4) // the last word on it counts
	add(t, db, anOutput("expired", 5), engine.StateDrafted, engine.StateWaiting, engine.StateExpired)
	handed := add(t, db, anOutput("posted", 6), engine.StateDrafted, engine.StateHanded)
	m := plain(handed, engine.StatePublished)
	m.At, m.URL = at(6), "https://x/6"
	_, err := db.Move(t.Context(), m)
	ok(t, err)
	own := anOutput("own words", 7)
	own.Origin = engine.OriginCopy
	add(t, db, own, engine.StateDrafted, engine.StateWaiting)
	yes("own words", 7, 0)

	got, err := db.Reviews(t.Context(), "daily-social", time.Time{})
	ok(t, err)
	review := engine.Review{Task: "daily-social", Level: engine.L3, By: alice.ID, Whole: true}
	with := func(output, verdict string, hour int, more func(*engine.Review)) engine.Review {
		r := review
		r.Output, r.Verdict, r.At = output, verdict, at(hour)
		more(&r)
		return r
	}
	severe := func(r *engine.Review) { r.Severe, r.Reason = true, "tone" }
	want := []engine.Review{
		with("approved", engine.ReviewApproved, 1, func(r *engine.Review) { r.Looked = 90 * time.Second }),
		with("rejected", engine.ReviewRejected, 2, severe),
		with("stopped", engine.ReviewStopped, 4, severe),
		with("posted", engine.ReviewPosted, 6, func(*engine.Review) {}),
	}
	equal(t, got, want)
	got, err = db.Reviews(t.Context(), "", at(4))
	ok(t, err)
	equal(t, got, want[2:])
	got, err = db.Reviews(t.Context(), "other", time.Time{})
	ok(t, err)
	equal(t, len(got), 0)

	o := walk(t, db, "approved")
	a, err := db.Approval(t.Context(), "approved", o.Digest)
	ok(t, err)
	equal(t, []any{a.By, a.Audience, a.Looked, a.At}, []any{alice.ID, 40, 90 * time.Second, at(1)})
	a, err = db.Approval(t.Context(), "approved", "other")
	ok(t, err)
	equal(t, a, (*engine.Approval)(nil))
	sends, err := db.DueReads(t.Context(), at(6))
	ok(t, err)
	equal(t, sends[0].Ref, engine.Ref{ID: "https://x/6", URL: "https://x/6"}) // what is posted by hand is measured too
}

// published is an output that went out at that hour, with its sends.
func published(t *testing.T, db *DB, id string, hour int, names ...string) []string {
	t.Helper()
	var sends []string
	for _, i := range claimed(t, db, id, hour, names...) {
		ok(t, db.Apply(t.Context(), result(i, engine.SendPublished, hour)))
		sends = append(sends, i.Send)
	}
	return sends
}

func clicks(send string, value int64, hour int) engine.Observation {
	return engine.Observation{Send: send, Metric: engine.Clicks, Value: value, At: at(hour), Source: "log"}
}

func likes(send string, value int64, hour int) engine.Observation {
	o := clicks(send, value, hour)
	o.Metric = engine.Engagements
	return o
}

func TestReadingInAnyOrderComesToTheSame(t *testing.T) {
	db := world(t)
	s := published(t, db, "o1", 1, "A", "B")
	for _, n := range due(t, db, at(99)) {
		ok(t, db.SentNotice(t.Context(), n))
	}
	for _, step := range []struct {
		obs    engine.Observation
		want   int64
		notice bool
	}{
		{clicks(s[0], 5, 2), 5, true},
		{clicks(s[0], 5, 2), 5, false}, // twice
		{clicks(s[0], 5, 6), 5, false}, // read again, unchanged
		{clicks(s[0], 4, 4), 5, false}, // late: older than the last look
		{clicks(s[0], 9, 1), 5, false}, // out of order
		{clicks(s[1], 3, 2), 8, true},  // the other send
		{clicks(s[0], 2, 7), 5, true},  // taken back
	} {
		ok(t, db.SaveReadings(t.Context(), []engine.Observation{step.obs}, nil))
		got, err := db.Readings(t.Context(), "o1")
		ok(t, err)
		equal(t, got, map[engine.Metric]int64{engine.Clicks: step.want})
		notices := due(t, db, at(99))
		if len(notices) == 1 != step.notice {
			t.Errorf("%+v: %d notices", step.obs, len(notices))
		}
		for _, n := range notices {
			ok(t, db.SentNotice(t.Context(), n))
		}
	}
	wantCode(t, db.SaveReadings(t.Context(), []engine.Observation{clicks("nobody", 1, 1)}, nil), engine.CodeNotFound)
	wantCode(t, db.SaveReadings(t.Context(), []engine.Observation{clicks(s[0], -1, 9)}, nil), engine.CodeInvalid)

	ok(t, db.SaveReadings(t.Context(), nil, map[string]time.Time{s[0]: at(3), s[1]: {}}))
	reads, err := db.DueReads(t.Context(), at(3))
	ok(t, err)
	equal(t, len(reads), 1)
	reads, err = db.DueReads(t.Context(), at(2))
	ok(t, err)
	equal(t, len(reads), 0)
}

func TestPerformanceIsWhatTheSpanBrought(t *testing.T) {
	db := world(t)
	old := published(t, db, "old", 1, "A")[0]
	quiet := published(t, db, "quiet", 2, "A")[0]
	both := published(t, db, "new", 26, "A", "B")
	published(t, db, "none", 27, "A")
	published(t, db, "later", 60, "A")
	simulated := clicks(both[0], 7, 30)
	simulated.Simulated = true
	ok(t, db.SaveReadings(t.Context(), []engine.Observation{
		clicks(old, 10, 2), clicks(old, 14, 25), clicks(old, 15, 40), clicks(old, 99, 50), // 5 in the span
		likes(old, 6, 3), likes(old, 4, 30), // fell
		clicks(quiet, 3, 3), clicks(quiet, 1, 30), // fell, and nothing else was brought
		simulated, clicks(both[1], 2, 31),
	}, nil))
	got, err := db.Performance(t.Context(), "daily-social", at(24), at(48))
	ok(t, err)
	var lines []string
	for _, p := range got {
		lines = append(lines, fmt.Sprint(p.Output.ID, " ", p.Metrics[engine.Clicks], " ", p.Simulated))
		equal(t, p.Metrics[engine.Engagements], int64(0))
		for _, v := range p.Output.Variants {
			if v.Rendered != nil || v.Body == "" {
				t.Errorf("variant %+v", v)
			}
		}
	}
	equal(t, lines, []string{"old 5 false", "new 9 true", "none 0 false"})
	got, err = db.Performance(t.Context(), "other", at(24), at(48))
	ok(t, err)
	equal(t, len(got), 0)
}
