package report

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"koira/engine"
)

// LevelReplay is what would have become of a task's pieces at another level, and what people said of those that would have gone out.
type LevelReplay struct {
	Frame
	Task, Name string
	Held       engine.Level // now
	Level      engine.Level // that was tried
	Days       int          // back from now
	Never      []string     // why the task may not hold that level, however good its record; empty where it may
	Of         int          // pieces that were tried
	Sent       int          // would have gone out without a person
	Waited     []LevelTried // would have waited for a yes there too
	Stopped    []LevelTried // a rule would have stopped them
	Among      []LevelTried // of Sent: people edited, rejected or stopped them, or took them down
	Deeds      string       // what people did with those: "edited 1 and rejected 2"; "" for nothing
	Expired    int          // of Sent: nobody decided in time
	Open       int          // of Sent: nobody has decided yet
	Today      int          // of Of: held against the rules of today, since no test on paper was taken when they were drafted
	Yours      int          // pieces in people's own words: no level of koira's is to be tried on them
	Edited     int          // could not be tried: people changed them, and koira's own words of them are not kept
	NoText     int          // could not be tried: no text is kept
	More       int          // older pieces that were left out
}

// LevelTried is one piece of a LevelReplay.
type LevelTried struct {
	Row
	Words string // "stopped by topics", "you rejected it"
}

// LevelReplay tries a level on the pieces of a task with a planned time in the last so many days, those still ahead included. What was noted of
// a draft when it was routed counts; a piece without that is put to the gate again. Code not_found; invalid for a level at which each piece is a
// person's.
func (r *Reader) LevelReplay(ctx context.Context, task string, level engine.Level, days int) (LevelReplay, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return LevelReplay{}, err
	}
	t, err := r.store.Task(ctx, task)
	if err != nil {
		return LevelReplay{}, fmt.Errorf("reading task %s: %w", task, err)
	}
	if level < engine.L4 {
		return LevelReplay{}, engine.Errorf(engine.CodeInvalid, "At %s nothing goes out without a person, so there is nothing to try. Try L4 or L5. Nothing changed.", level)
	}
	v := LevelReplay{Frame: s.Frame, Task: t.ID, Name: t.Name, Held: t.Level, Level: level, Days: days}
	c, err := r.judge(ctx, t)
	if err != nil {
		return v, err
	}
	if top, why := engine.Cap(t, c.Exposure); level > top {
		v.Never = why
	}
	from := s.now.AddDate(0, 0, -days)
	past, err := r.store.Past(ctx, task, from, replayMost)
	if err != nil {
		return v, fmt.Errorf("reading what is past: %w", err)
	}
	v.More = past.More
	taken, err := r.shadows(ctx, task, level)
	if err != nil {
		return v, err
	}
	what, err := r.fates(ctx, task, from.Add(-60*24*time.Hour))
	if err != nil {
		return v, err
	}
	st, did := newStage(past, s), map[string]int{}
	for _, o := range past.Pieces {
		x, ok := r.paper(st, o, taken, &v)
		if !ok {
			continue
		}
		if err := v.take(ctx, r, s, o, x, what[o.ID], did); err != nil {
			return v, err
		}
	}
	v.Deeds = deeds([]deed{{did["edited"], "edited"}, {did["rejected"], "rejected"}, {did["stopped"], "stopped"}, {did["down"], "took down"}})
	return v, nil
}

// shadows are the tests on paper of a task's drafts at one level, by output.
func (r *Reader) shadows(ctx context.Context, task string, level engine.Level) (map[string]engine.Shadow, error) {
	all, err := r.store.Shadows(ctx, task, time.Time{})
	if err != nil {
		return nil, fmt.Errorf("reading the tests on paper of %s: %w", task, err)
	}
	taken := map[string]engine.Shadow{}
	for _, s := range all {
		if s.Level == level {
			taken[s.Output] = s
		}
	}
	return taken, nil
}

// paper is the test on paper of o: as it was taken, or taken now. Where there can be none, it is counted why.
func (r *Reader) paper(st *stage, o engine.Output, taken map[string]engine.Shadow, v *LevelReplay) (engine.Shadow, bool) {
	x, ok := taken[o.ID]
	switch {
	case ok:
	case o.State == engine.StatePlanned || o.Digest == "":
		return x, false
	case o.Origin != engine.OriginKoira && o.Origin != engine.OriginAsked:
		v.Yours++
		return x, false
	case len(o.Variants) == 0 || r.o.Gate == nil:
		v.NoText++
		return x, false
	case o.EditedBy != "":
		v.Edited++
		return x, false
	default:
		view := st.view(o, reachOf(st.scene.rules))
		view.Guardrails, view.Traits = st.scene.rules, r.o.Channels[o.Channel]
		if x, ok = engine.ShadowAt(r.o.Gate, view, v.Level); !ok {
			return x, false
		}
		v.Today++
	}
	v.Of++
	return x, true
}

// take sorts one piece in.
func (v *LevelReplay) take(ctx context.Context, r *Reader, s scene, o engine.Output, x engine.Shadow, f fate, did map[string]int) error {
	put := func(into *[]LevelTried, words string) error {
		row, err := r.row(ctx, s, o)
		*into = append(*into, LevelTried{Row: row, Words: words})
		return err
	}
	switch {
	case x.Rule != "":
		return put(&v.Stopped, "stopped by "+x.Rule)
	case !x.Sends:
		return put(&v.Waited, x.Why)
	}
	v.Sent++
	switch {
	case f.verdict == engine.ReviewRejected:
		did["rejected"]++
		return put(&v.Among, "you rejected it")
	case f.verdict == engine.ReviewStopped:
		did["stopped"]++
		return put(&v.Among, "you stopped it")
	case f.down():
		did["down"]++
		return put(&v.Among, "you took it down")
	case f.edited:
		did["edited"]++
		return put(&v.Among, "you edited it first")
	case f.expired():
		v.Expired++
	case f.verdict == "" && !slices.Contains(wentOut, f.state) && !f.state.Final():
		v.Open++
	}
	return nil
}

// Rules counts Stopped by the rule, most often first, as words: "topics 2, blast 1".
func (v LevelReplay) Rules() string {
	n := map[string]int{}
	for _, x := range v.Stopped {
		n[x.Words]++
	}
	names := slices.SortedFunc(maps.Keys(n), func(a, b string) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return cmp.Compare(a, b)
	})
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s %d", name[len("stopped by "):], n[name]))
	}
	return engine.List(parts)
}
