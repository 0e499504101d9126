package loop

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"koira/engine"
	"koira/engine/guard"
	"koira/engine/trust"
)

type confidenceStore interface {
	basics
	ViewOf(ctx context.Context, o engine.Output, stage engine.Stage, now time.Time) (engine.View, error)
	Estimates(ctx context.Context, from, to time.Time) ([]engine.Estimate, error)
	Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error)
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

const (
	// calibrateEvery is how often confidence is fitted anew: people judge a few pieces a day.
	calibrateEvery = 24 * time.Hour
	// remembered is how far back what people said counts: long enough for a weekly task, short enough to follow a change of taste.
	remembered = 365 * 24 * time.Hour
	// tried is how many pieces an arm needs behind it to count as tried.
	tried = 3
	// insightKey is where what was learned of reviewers is kept.
	insightKey = "confidence"
)

// insight is what was learned of how people judge. It is kept as a setting, made anew from the log, and nothing is lost with it.
type insight struct {
	At      time.Time          `json:"at"`
	Model   trust.Model        `json:"model"`
	Lines   map[string]float64 `json:"lines"`   // by task
	Refused map[string]float64 `json:"refused"` // by task: engine.Signs.Refused
}

// calibrate fits confidence to what people have said by now.
func (l *Loop) calibrate(ctx context.Context) error {
	if !l.every("calibrate", "", calibrateEvery) {
		return nil
	}
	now := l.Clock.Now()
	if was, err := l.insight(ctx); err != nil || now.Sub(was.At) < calibrateEvery && !was.At.After(now) {
		return err
	}
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return err
	}
	judged, err := l.judged(ctx)
	if err != nil {
		return err
	}
	in := insight{At: now, Model: trust.Fit(judged), Lines: map[string]float64{}, Refused: trust.Refused(judged)}
	for _, t := range tasks {
		in.Lines[t.ID] = trust.Line(trust.Anyway(judged, t.ID), 100*(1-g.Trust.Bar(t)))
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return l.Store.SetSetting(ctx, insightKey, string(text))
}

// insight is what was learned so far: nothing but the prior, before anything was.
func (l *Loop) insight(ctx context.Context) (insight, error) {
	in := insight{Model: trust.Prior()}
	text, err := l.Store.Setting(ctx, insightKey)
	if err != nil || text == "" {
		return in, err
	}
	err = json.Unmarshal([]byte(text), &in)
	return in, err
}

// judged joins what koira thought of pieces with what people said, in the order in which they were drafted.
func (l *Loop) judged(ctx context.Context) ([]engine.Judged, error) {
	now := l.Clock.Now()
	since := now.Add(-remembered)
	estimates, err := l.Store.Estimates(ctx, since, now)
	if err != nil {
		return nil, err
	}
	reviews, err := l.Store.Reviews(ctx, "", since)
	return engine.JudgedOf(estimates, reviews), err
}

// estimate gives a draft its confidence and its line, from what is known before anybody has looked at it.
func (l *Loop) estimate(ctx context.Context, o *engine.Output, doubt string) (*engine.Estimate, error) {
	in, err := l.insight(ctx)
	if err != nil {
		return nil, err
	}
	beliefs, err := l.Store.Beliefs(ctx, o.Task)
	if err != nil {
		return nil, err
	}
	view, err := l.Store.ViewOf(ctx, *o, engine.StageDraft, l.Clock.Now())
	if err != nil {
		return nil, err
	}
	e := &engine.Estimate{Task: o.Task, Signs: engine.Signs{Untried: untried(o.Arms, beliefs), Refused: .1, Opinion: view.Judgement.Doubt()}, Line: trust.LineUntil}
	view.Judgement = nil // a model's doubt is a sign of its own: as a warning it would count twice
	if r, ok := in.Refused[o.Task]; ok {
		e.Signs.Refused = r
	}
	if doubt != "" {
		e.Signs.Doubt = 1
	}
	e.Alone = l.passage(view).Unasked()
	for _, f := range l.Gate(view).Findings {
		if f.Outcome == engine.Block && f.Held == engine.StateWaiting {
			e.Alone = false
		}
		e.Signs.Margin = max(e.Signs.Margin, min(1, max(0, 2*f.Use-1)))
		if f.Outcome == engine.Warn {
			e.Signs.Warnings = min(1, e.Signs.Warnings+1./3)
		}
	}
	e.Signs.Voice, e.Heard = guard.Distance(view)
	if line, ok := in.Lines[o.Task]; ok {
		e.Line = line
	}
	e.Confidence = math.Round(1e4*in.Model.Confidence(o.Task, e.Signs)) / 1e4
	e.Confidence = min(max(e.Confidence, 1e-4), 1-1e-4)
	o.Confidence, o.Line = e.Confidence, e.Line
	return e, nil
}

// untried is the share of a piece's choices that fewer than tried pieces stand behind.
func untried(a engine.Arms, beliefs []engine.Belief) float64 {
	behind := map[engine.Dimension]map[string]int{}
	for _, b := range beliefs {
		if behind[b.Dim] == nil {
			behind[b.Dim] = map[string]int{}
		}
		behind[b.Dim][b.Arm] = b.Outputs
	}
	n, few := 0.0, 0.0
	for _, d := range engine.Dimensions {
		arm := a.Get(d)
		if arm == "" {
			continue
		}
		n++
		if behind[d][arm] < tried {
			few++
		}
	}
	if n == 0 {
		return 0
	}
	return few / n
}
