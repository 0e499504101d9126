package guard

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudflare/ahocorasick"

	"koira/engine"
)

// BenchmarkTextGate is the whole gate over a newsletter of 9 kB that breaks no rule, beside one Aho–Corasick pass for the same 300 terms over the
// same text in the same run, interleaved: "ratio" is the gate's speed over the pass's. The pass folds nothing, knows no inflections, no words and
// no other rule, so it is a yardstick and no rival. "terms" has the 300 subjects alone; "everything" has all packs, a voice with every limit, aging
// facts, near-duplicates and lines as well, and two wordings. Nothing is kept of a text between two readings of it, so the first costs what each one
// does; what is kept is the rules' own preparation, which BenchmarkPrepare measures. What is taken is this process's processor time, its collector's
// included, so that a busy machine does not change the ratio.
func BenchmarkTextGate(b *testing.B) {
	for _, c := range []struct {
		name string
		view func(testing.TB) engine.View
	}{{"terms", newsletter}, {"everything", everything}} {
		b.Run(c.name, func(b *testing.B) { besidePass(b, c.view(b)) })
	}
}

func besidePass(b *testing.B, v engine.View) {
	var all strings.Builder
	for _, w := range v.Output.Variants {
		all.WriteString(strings.ToLower(w.Content()))
	}
	text := []byte(all.String())
	if got := Check(v); got.Outcome != engine.Pass {
		b.Fatalf("the text is meant to be clean: %+v", got.Findings)
	}
	pass := ahocorasick.NewStringMatcher(subjects(300))
	const passes = 4 // of one gate: a single one is too short to time well
	var alone, gate time.Duration
	n := 0
	for b.Loop() {
		before := processor(b)
		for range passes {
			if hits := pass.Match(text); len(hits) > 0 {
				b.Fatal("the pass found ", hits)
			}
		}
		between := processor(b)
		alone += between - before
		if Check(v).Outcome != engine.Pass {
			b.Fatal("blocked")
		}
		gate += processor(b) - between
		n++
	}
	size := float64(n*len(text)) / 1e6
	b.ReportMetric(size/gate.Seconds(), "gate-MB/s")
	b.ReportMetric(passes*size/alone.Seconds(), "pass-MB/s")
	b.ReportMetric(alone.Seconds()/passes/gate.Seconds(), "ratio")
	b.ReportMetric(0, "ns/op") // of gate and passes together: it says nothing
}

// processor is the time that this process has spent on processors.
func processor(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPrepare makes 300 terms and all packs ready to be looked for, which happens once for each version of the guardrails.
func BenchmarkPrepare(b *testing.B) {
	v := everything(b)
	for b.Loop() {
		newRules(&v.Guardrails)
	}
}

// newsletter is the innocent sentences of the labelled set, five to a paragraph, with a price and a time in between, held against 300 subjects.
func newsletter(tb testing.TB) engine.View {
	v := clean()
	v.Guardrails.Topics.Blocked = subjects(300)
	var text strings.Builder
	n := 0
	for _, s := range sentences(tb) {
		if s.label != innocent || strings.Contains(s.text, "Strike") || strings.Contains(s.text, "strike") || strings.Contains(s.text, "playoff") { // the pass knows no words
			continue
		}
		text.WriteString(s.text)
		if n++; n%5 == 0 {
			text.WriteString(" A rye loaf is €6.50, and the second batch comes at 10:00.\n\n")
		} else {
			text.WriteByte(' ')
		}
	}
	v.Output.Variants[0].Subject, v.Output.Variants[0].Body = "What we bake this week", text.String()
	v.Output.Variants[0].CallToAction = "Reserve yours"
	return v
}

// everything turns on every rule that looks at a text. Sentences that a pack stops are left out.
func everything(tb testing.TB) engine.View {
	v := newsletter(tb)
	g := &v.Guardrails
	g.Topics.Packs = strict().Guardrails.Topics.Packs
	g.Topics.Competitors = []string{"Rosten", "Primula Bakery", "Vaasan"}
	g.Voice = engine.VoiceRule{
		Locked: true, Required: []string{"rye"}, Banned: []string{"delicious", "yummy"}, Grade: 9, Sentence: 25, Emoji: 3, Exclamations: 2, Distance: 90,
	}
	g.Facts.MaxAge, g.Links.Domains, g.Mentions = 100, []string{"leipa.example"}, []string{"leipa"}
	g.Duplicates = engine.DuplicateRule{Percent: 80, Days: 30}
	g.Lines = []engine.LineRule{{Text: "A rye loaf is €6.50"}}
	for i := range v.Strategy.Facts {
		v.Strategy.Facts[i].Checked = now.AddDate(0, 0, -10)
	}
	v.Strategy.Voice.Examples = []string{strings.Repeat("We bake rye bread by hand and it keeps for days, if you let it. Saturday is bun day. ", 5)}
	v.Traits = engine.Traits{Name: v.Output.Channel, Label: "Letter", Subject: true, Limit: 20_000}
	var keep strings.Builder
	for line := range strings.Lines(v.Output.Variants[0].Body) {
		one := v
		one.Output.Variants = []engine.Variant{{Body: line}}
		l := newLook(&one)
		if len(topics(l)) == 0 {
			keep.WriteString(line)
		}
		l.done()
	}
	v.Output.Variants[0].Body = keep.String()
	second := v.Output.Variants[0]
	second.Name, second.Subject = "B", "Rye, buns and what else we bake"
	v.Output.Variants = append(v.Output.Variants, second)
	v.Output.Sketch = Sketch(v.Output.Variants)
	for i := range 30 {
		v.Near = append(v.Near, engine.Neighbour{
			Output: fmt.Sprint("n", i), Channel: v.Output.Channel, At: now.AddDate(0, 0, -i), Out: true,
			Sketch: Sketch([]engine.Variant{{Body: strings.Join(subjects(300)[i*5:i*5+100], ", ")}}),
		})
	}
	return v
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
