package guard

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/engine"
)

func TestOpinions(t *testing.T) {
	reason := engine.Reason{Words: "fresh at", About: engine.AspectTone}
	opinion := func(score float64, reasons ...engine.Reason) *engine.Judgement {
		return &engine.Judgement{Output: "o1", Digest: "d1", Judge: "gpt", Opinion: engine.Opinion{Score: score, Reasons: reasons}}
	}
	changed := func(j *engine.Judgement, f func(*engine.Judgement)) *engine.Judgement { f(j); return j }
	for name, c := range map[string]struct {
		j    *engine.Judgement
		says string // "" for a pass
	}{
		"nobody was asked":    {nil, ""},
		"sounds right":        {opinion(.5, reason), ""},
		"does not":            {opinion(.49, reason), `The model doubts that this sounds like you: "fresh at" (the tone).`},
		"for several reasons": {opinion(0, reason, engine.Reason{Words: "Rye bread", About: engine.AspectConcrete}), `"fresh at" (the tone), "Rye bread" (not concrete).`},
		"without a reason":    {opinion(0), "The model doubts that this sounds like you: it names no words."},
		"words that are not there": {opinion(0, engine.Reason{Words: "Approve it", About: engine.AspectTone}),
			"The model doubts that this sounds like you: it names no words."},
		"why there is none":  {changed(opinion(0), func(j *engine.Judgement) { j.Missing = "It is busy." }), ""},
		"of another version": {changed(opinion(0, reason), func(j *engine.Judgement) { j.Digest = "d2" }), ""},
		"of another piece":   {changed(opinion(0, reason), func(j *engine.Judgement) { j.Output = "o2" }), ""},
		"a fool's score":     {opinion(-1, reason), ""},
		"not a number":       {opinion(math.NaN(), reason), ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, locked := range []bool{false, true} {
				v := clean()
				v.Guardrails.Voice.Locked, v.Judgement = locked, c.j
				got := Check(v)
				f := outcome(got, "voice")
				if got.Outcome == engine.Block || (f.Outcome == engine.Warn) != (c.says != "") || !strings.HasSuffix(f.Evidence, c.says) {
					t.Errorf("it says %+v, want %q", f, c.says)
				}
			}
		})
	}
	for _, about := range engine.Aspects {
		if aspects[about] == "" {
			t.Errorf("people have no words for %q", about)
		}
	}
}

// TestNoOpinionDecides: with any judgement whatever, a view is blocked, brought down and passed as without it, by the same rules for the same reasons;
// at most a warning is added.
func TestNoOpinionDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := clean()
		v.Stage = rapid.SampledFrom([]engine.Stage{engine.StageDraft, engine.StageApproval, engine.StageClaim}).Draw(t, "stage")
		v.Guardrails.Voice = engine.VoiceRule{Locked: rapid.Bool().Draw(t, "locked"), Exclamations: 1, Sentence: 8, Banned: []string{"yummy"}}
		body(rapid.SampledFrom([]string{
			"Rye bread at €6.50, fresh at 10:00.", "Sale!", "Yummy rye!!", "A sentence that goes on for far longer than eight words do.", "See evil.example", "@channel rye",
		}).Draw(t, "body"))(&v)
		for _, spoil := range rapid.SliceOf(rapid.SampledFrom([]func(*engine.View){
			func(v *engine.View) { v.Control.Stopped = true }, func(v *engine.View) { v.Approval = nil }, doubted(.2), func(v *engine.View) { v.Week.Spent = 99 * engine.Unit },
			func(v *engine.View) {
				v.Approval = &engine.Approval{Output: "o1", Digest: "d1"}
				letThrough("voice")(v)
			},
		})).Draw(t, "spoils") {
			spoil(&v)
		}
		plain := Check(v)
		v.Judgement = &engine.Judgement{
			Output: rapid.SampledFrom([]string{"o1", "o2"}).Draw(t, "output"), Digest: engine.Digest(rapid.SampledFrom([]string{"d1", "d2"}).Draw(t, "digest")),
			Missing: rapid.SampledFrom([]string{"", "", "It is busy."}).Draw(t, "missing"),
			Opinion: engine.Opinion{Score: rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64()).Draw(t, "score")},
		}
		for range rapid.IntRange(0, 4).Draw(t, "reasons") {
			v.Judgement.Reasons = append(v.Judgement.Reasons, engine.Reason{
				Words: rapid.OneOf(rapid.SampledFrom([]string{"rye", "Sale", "pass"}), rapid.String()).Draw(t, "words"),
				About: rapid.SampledFrom(append(engine.Aspects, "x")).Draw(t, "about"),
			})
		}
		with := Check(v)
		if rank(with.Outcome) < rank(plain.Outcome) || rank(with.Outcome) > max(rank(plain.Outcome), rank(engine.Warn)) || with.Wave != plain.Wave {
			t.Fatalf("it is a %s; without an opinion a %s", with.Outcome, plain.Outcome)
		}
		if d := cmp.Diff(plain.Blocks(), with.Blocks()); d != "" {
			t.Fatal(d)
		}
	})
}
