package guard

import (
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/ahocorasick"

	"koira/engine"
)

// BenchmarkTextGate is the whole gate over a newsletter with 300 blocked subjects, none of which it mentions, beside one Aho–Corasick pass
// for the same terms over the same text in the same run: "ratio" is the gate's speed over the pass's. The pass alone folds nothing, knows
// no inflections and no word boundaries, so it is what no gate can reach, not a rival.
func BenchmarkTextGate(b *testing.B) {
	v := clean()
	v.Guardrails.Topics.Blocked = subjects(300)
	v.Output.Variants[0].Body = strings.Repeat("Rye bread at €6.50, fresh at 10:00. We bake it by hand, and it keeps in a paper bag for days.\n\n", 40)
	text := []byte(strings.ToLower(v.Output.Variants[0].Content()))
	if blocks := Check(v).Blocks(); len(blocks) > 0 {
		b.Fatal("the text is meant to be clean: ", blocks)
	}
	pass := ahocorasick.NewStringMatcher(v.Guardrails.Topics.Blocked)
	const passes = 20 // of one gate: a single one is too short to time
	var alone time.Duration
	n := 0
	for b.Loop() {
		before := b.Elapsed()
		for range passes {
			if hits := pass.Match(text); len(hits) > 0 {
				b.Fatal("the pass found ", hits)
			}
		}
		alone += b.Elapsed() - before
		if Check(v).Outcome != engine.Pass {
			b.Fatal("blocked")
		}
		n++
	}
	gate := b.Elapsed() - alone
	size := float64(n*len(text)) / 1e6
	b.ReportMetric(size/gate.Seconds(), "gate-MB/s")
	b.ReportMetric(passes*size/alone.Seconds(), "pass-MB/s")
	b.ReportMetric(alone.Seconds()/passes/gate.Seconds(), "ratio")
}

// subjects are n terms of one to three words that no bakery writes of.
func subjects(n int) []string {
	first := []string{"merger", "lawsuit", "layoff", "election", "vaccine", "dividend", "refugee", "casino", "strike", "verdict"}
	second := []string{"", " rumour", " scandal", " panic", " deadline", " payout"}
	third := []string{"", " overseas", " tomorrow", " inquiry", " leak"}
	terms := make([]string, n)
	for i := range terms {
		terms[i] = first[i%10] + second[i/10%6] + third[i/60%5]
	}
	return terms
}

// TestSubjectsDiffer keeps the benchmark honest: 300 terms, not one 300 times.
func TestSubjectsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range subjects(300) {
		if seen[s] {
			t.Errorf("%q is there twice", s)
		}
		seen[s] = true
	}
}
