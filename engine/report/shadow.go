package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Shadow is the test on paper of a task: what a level above its own would have done with the drafts that people decided on, and what they said of
// those that it would have sent.
type Shadow struct {
	Level    engine.Level // that was tried
	Of       int          // drafts that were decided on: a person's yes or no, or their time ran out
	Sent     int          // the part of Of that would have gone out without a yes
	Stopped  int          // the part that a rule would have stopped
	Waited   int          // the part that would have waited for a yes there too
	Edited   int          // of Sent: people changed it first
	Rejected int          // of Sent: people said no, or stopped it
	Down     int          // of Sent: it went out, and people took it down again
	Expired  int          // of Sent: nobody decided in time
	Open     int          // drafts that nobody has decided on yet; no part of Of
	Words    string       // all that as a sentence; "" where Of is 0
}

// Shadow reads the test on paper of a task for the next level at which pieces go out without a yes, L4 or L5, over drafts since then. It is empty
// for a task at L5. Code not_found.
func (r *Reader) Shadow(ctx context.Context, task string, since time.Time) (Shadow, error) {
	t, err := r.store.Task(ctx, task)
	if err != nil {
		return Shadow{}, fmt.Errorf("reading task %s: %w", task, err)
	}
	v := Shadow{Level: max(t.Level+1, engine.L4)}
	taken, err := r.store.Shadows(ctx, task, since)
	if err != nil {
		return v, fmt.Errorf("reading the tests on paper of %s: %w", task, err)
	}
	what, err := r.fates(ctx, task, since)
	if err != nil {
		return v, err
	}
	for _, s := range taken {
		if s.Level == v.Level {
			v.count(s, what[s.Output])
		}
	}
	v.Words = v.words()
	return v, nil
}

// fate is what became of a draft among people.
type fate struct {
	state   engine.State
	verdict string // of a Review, "" where nobody judged it
	edited  bool
}

// fates reads what became of a task's pieces that were planned since then, or judged since then.
func (r *Reader) fates(ctx context.Context, task string, since time.Time) (map[string]fate, error) {
	what := map[string]fate{}
	// A draft is planned before it is routed, by up to some weeks.
	const ahead = 60 * 24 * time.Hour
	f := engine.OutputFilter{Task: task, Bare: true, Limit: 10_000}
	if !since.IsZero() {
		f.Since = since.Add(-ahead)
	}
	outs, err := r.store.Outputs(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("reading the pieces of %s: %w", task, err)
	}
	for _, o := range outs {
		what[o.ID] = fate{state: o.State, edited: o.EditedBy != ""}
	}
	reviews, err := r.store.Reviews(ctx, task, since)
	if err != nil {
		return nil, fmt.Errorf("reading the reviews of %s: %w", task, err)
	}
	for _, v := range reviews {
		w := what[v.Output]
		w.verdict, w.edited = v.Verdict, v.Changed > 0
		what[v.Output] = w
	}
	return what, nil
}

func (f fate) expired() bool { return f.verdict == "" && f.state == engine.StateExpired }

func (f fate) down() bool {
	return f.state == engine.StateRetracted || f.state == engine.StateRetracting
}

func (v *Shadow) count(s engine.Shadow, f fate) {
	if f.verdict == "" && !f.expired() {
		if !f.state.Final() {
			v.Open++
		}
		return
	}
	v.Of++
	switch {
	case s.Rule != "":
		v.Stopped++
		return
	case !s.Sends:
		v.Waited++
		return
	}
	v.Sent++
	switch {
	case f.expired():
		v.Expired++
	case f.verdict == engine.ReviewRejected || f.verdict == engine.ReviewStopped:
		v.Rejected++
	case f.down():
		v.Down++
	case f.edited:
		v.Edited++
	}
}

func (v Shadow) words() string {
	if v.Of == 0 {
		return ""
	}
	s := fmt.Sprintf("Of the last %s I would have sent %d without asking", plural(v.Of, "draft", "drafts"), v.Sent)
	if v.Sent == 0 {
		return s + "."
	}
	said := deeds([]deed{{v.Edited, "edited"}, {v.Rejected, "rejected"}, {v.Down, "took down"}})
	switch {
	case said != "":
		s += "; you " + said + " of those"
	case v.Sent > v.Expired:
		s += "; you changed none of those"
	}
	if v.Expired > 0 {
		s += fmt.Sprintf("; %d of them ran out with nobody's answer", v.Expired)
	}
	return s + "."
}

type deed struct {
	n    int
	what string
}

// deeds says what people did, without what they did not: "edited 1 and rejected 2".
func deeds(ds []deed) string {
	var parts []string
	for _, d := range ds {
		if d.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", d.what, d.n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return engine.List(parts)
}
