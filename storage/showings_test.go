package storage

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"koira/engine"
)

// TestShowings: each piece comes before people in one way, and how tells from what koira thought of it as it was drafted, whatever became of it since; and
// from what held it when they decided.
func TestShowings(t *testing.T) {
	type act func(db *DB, o engine.Output) engine.Output
	move := func(hour int, by engine.Actor, to engine.State, with func(*engine.Move)) act {
		return func(db *DB, o engine.Output) engine.Output {
			m := plain(o, to)
			m.By, m.At = by, at(hour)
			if with != nil {
				with(&m)
			}
			_, err := db.Move(t.Context(), m)
			ok(t, err)
			return walk(t, db, o.ID)
		}
	}
	waits := move(1, engine.Koira, engine.StateWaiting, nil)
	goes := move(1, engine.Koira, engine.StateScheduled, nil)
	held := func(hour int, rule string) act {
		return move(hour, engine.Koira, engine.StateHeld, func(m *engine.Move) {
			m.Open = &engine.Exception{ID: fmt.Sprint(rule, hour), Kind: engine.ExceptionOutput, Reason: "r", Evidence: "e", Remedy: "m", Rule: rule}
		})
	}
	yes := func(hour int) act {
		return move(hour, alice, engine.StateScheduled, func(m *engine.Move) { m.Approval = &engine.Approval{Whole: true, GuardrailVersion: 1} })
	}
	no := move(5, alice, engine.StateRejected, func(m *engine.Move) { m.Rejection = &engine.Rejection{Reason: "dull"} })
	stop := move(4, alice, engine.StateWaiting, func(m *engine.Move) {
		m.Remark = &engine.Remark{Verdict: engine.ReviewStopped, By: alice.ID, Role: alice.Role, At: at(4), From: alice.Surface, Whole: true}
	})
	good := act(func(db *DB, o engine.Output) engine.Output {
		ok(t, db.Remark(t.Context(), engine.Remark{Output: o.ID, Digest: o.Digest, Verdict: engine.ReviewApproved, By: alice.ID, Role: alice.Role, At: at(4), From: alice.Surface, Whole: true}))
		return o
	})
	edit := move(4, alice, engine.StateDrafted, func(m *engine.Move) {
		o := anOutput(m.Output, 30)
		o.Changed, o.EditedBy = .5, alice.ID
		m.Draft, m.Outcome = withCopy(o, "Other words", "A"), "edited"
	})
	out := act(func(db *DB, o engine.Output) engine.Output {
		intents, _, err := db.Claim(t.Context(), o.ID, o.Digest, o.Slot, pass)
		ok(t, err)
		for _, i := range intents {
			ok(t, db.Apply(t.Context(), result(i, engine.SendPublished, 31)))
		}
		return walk(t, db, o.ID)
	})
	asked, doubted, alone := engine.Estimate{Confidence: .3, Line: .4}, engine.Estimate{Confidence: .3, Line: .4, Alone: true}, engine.Estimate{Confidence: .9, Line: .4, Alone: true}
	for name, c := range map[string]struct {
		e    engine.Estimate
		acts []act
		want string
	}{
		"it waits, a yes":                 {asked, []act{waits, yes(5)}, "approved asked"},
		"it waits, a no":                  {asked, []act{waits, no}, "rejected asked"},
		"it waits, and nobody decides":    {asked, []act{waits}, ""},
		"doubted where it waits anyway":   {asked, []act{held(1, "confidence"), no}, "rejected asked"},
		"doubted, a yes":                  {doubted, []act{held(1, "confidence"), yes(5)}, "approved doubted"},
		"doubted, a no":                   {doubted, []act{held(1, "confidence"), no}, "rejected doubted"},
		"doubted, changed":                {doubted, []act{held(1, "confidence"), edit, waits, yes(6)}, "approved doubted"},
		"it goes, stopped":                {alone, []act{goes, stop}, "stopped alone"},
		"it goes, stopped and turned":     {alone, []act{goes, stop, no}, "rejected alone"},
		"it goes, found good":             {alone, []act{goes, good}, "approved alone"},
		"it goes, and nobody says a word": {alone, []act{goes, out}, " alone"},
		"it goes, found good, and it out": {alone, []act{goes, good, out}, "approved alone"},
		"it is still to go":               {alone, []act{goes}, ""},
		"it went on a yes":                {asked, []act{waits, yes(5), out}, "approved asked"},
		"a rule holds it, a no":           {alone, []act{held(1, "topics"), no}, "rejected barred"},
		"a rule holds it, let through":    {alone, []act{held(1, "topics"), yes(5)}, "approved barred"},
		"a rule holds it, changed":        {alone, []act{held(1, "topics"), edit, waits, yes(6)}, "approved barred"},
		"a rule held it, and let it go":   {alone, []act{held(1, "budget"), move(2, engine.Koira, engine.StateScheduled, nil), stop}, "stopped alone"},
		"a rule held it, and a doubt":     {doubted, []act{held(1, "topics"), no}, "rejected barred"},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			o := anOutput("a", 30)
			ok(t, db.AddOutput(t.Context(), o, engine.Koira))
			m := plain(walk(t, db, "a"), engine.StateDrafted)
			m.By, m.Draft, m.Estimate = engine.Koira, withCopy(o, "Fresh rye", "A"), &c.e
			_, err := db.Move(t.Context(), m)
			ok(t, err)
			o = walk(t, db, "a")
			for _, a := range c.acts {
				o = a(db, o)
			}
			shown, err := db.Showings(t.Context(), "daily-social", time.Time{})
			ok(t, err)
			got := ""
			for _, v := range shown {
				got += v.Verdict + " " + string(v.Came)
				equal(t, v.Sure, c.e.Confidence)
			}
			equal(t, got, c.want)
			later, err := db.Showings(t.Context(), "daily-social", at(100))
			ok(t, err)
			equal(t, len(later), 0)
		})
	}
}

// TestHowPiecesOfAnOlderStoreCame: whether a piece was to go out by itself is told from its level and the log, for what was drafted before that was kept.
func TestHowPiecesOfAnOlderStoreCame(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "koira.db"), t.Context()
	ok(t, claimFile(path))
	old := pool(path, writer, 1)
	ok(t, migrate(ctx, old.DB, 50))
	exec := func(query string, args ...any) {
		t.Helper()
		_, err := old.Exec(query, args...)
		ok(t, err)
	}
	exec(`INSERT INTO tasks (id, name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, benchmarks, nature, level)
	      VALUES ('t', '', '', '', '', 'social', '{}', 'high', 'low', '[]', 0, '[]', '[]', 5)`)
	hash := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf("%064d", n)
	}
	for i, x := range []struct {
		id, origin, to, by string
		level              int
		confidence         float64
	}{
		{"each waits", "koira", "waiting", "koira", 3, .3},
		{"a check", "koira", "waiting", "koira", 4, .9},
		{"a doubt", "koira", "held", "koira", 4, .3},
		{"by itself", "koira", "scheduled", "koira", 5, .9},
		{"asked for", "asked", "waiting", "koira", 5, .9},
		{"taken back", "koira", "waiting", "UALICE", 5, .9},
	} {
		exec(`INSERT INTO outputs (id, task, campaign, origin, state, level, channel, account, segment, kind, slot, expires, arms, reason, cost_max, audience,
		      digest, strategy_version, guardrail_version, confidence, writer, edited_by, changed, waits_for, attempts, url, created_at, updated_at)
		      VALUES (?, 't', '', ?, 'rejected', ?, '', '', '', 'social', ?, ?, '{}', '', 0, 0, 'd', 1, 1, 0, '', '', 0, '', 0, '', ?, ?)`, x.id, x.origin, x.level, stamp(at(i)), stamp(at(i+1)), stamp(t0), stamp(t0))
		exec(`INSERT INTO estimates (output, at, signs, confidence, line, heard) VALUES (?, ?, '{}', ?, .4, 0)`, x.id, stamp(t0), x.confidence)
		exec(`INSERT INTO rejections (id, output, digest, by_id, role, at, surface, reason, note, severe, from_state, changed)
		      VALUES (?, ?, 'd', 'UALICE', 4, ?, 'slack', '', '', 0, ?, 0)`, x.id, x.id, stamp(at(i)), x.to)
		exec(`INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash) VALUES (?, ?, ?, '', 'output.' || ?, ?, json_object('from', 'drafted'), ?, ?)`,
			i+1, stamp(at(i)), x.by, x.to, x.id, hash(i), hash(i+1))
	}
	ok(t, old.Close())
	db := pool(path, writer, 1)
	defer db.Close()
	ok(t, migrate(ctx, db.DB, 51))
	shown, err := showings(ctx, db, "t", time.Time{})
	ok(t, err)
	got := map[string]engine.Came{}
	for _, v := range shown {
		got[v.Output] = v.Came
	}
	equal(t, got, map[string]engine.Came{
		"each waits": engine.CameAsked, "a check": engine.CameAsked, "a doubt": engine.CameDoubted, "by itself": engine.CameAlone, "asked for": engine.CameAsked,
		"taken back": engine.CameAlone,
	})
}
