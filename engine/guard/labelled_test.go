package guard

import (
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"koira/engine"
)

// labelled is one sentence of testdata/sentences.tsv.
type labelled struct{ label, text string }

const innocent = "-"

var escape = regexp.MustCompile(`\\u[0-9a-f]{4}`)

func sentences(t testing.TB) []labelled {
	t.Helper()
	b, err := os.ReadFile("testdata/sentences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	for line := range strings.Lines(string(b)) {
		label, text, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		text = escape.ReplaceAllStringFunc(text, func(s string) string {
			n, _ := strconv.ParseInt(s[2:], 16, 32)
			return string(rune(n))
		})
		all = append(all, labelled{label, text})
	}
	return all
}

// tuning reports the part of the set that the packs may be changed after; the other is the test.
func tuning(s labelled) bool {
	h := fnv.New32a()
	h.Write([]byte(s.text))
	return h.Sum32()%2 == 0
}

// strict blocks all packs, two competitors' names and a few subjects of its own, in two alphabets.
func strict() engine.View {
	v := clean()
	v.Guardrails.Topics = engine.TopicRule{
		Blocked:     []string{"sale", "price war", "casino", "layoff", "распродажа"},
		Competitors: []string{"Rosten", "Primula Bakery", "Vaasan"},
	}
	for _, p := range Packs() {
		v.Guardrails.Topics.Packs = append(v.Guardrails.Topics.Packs, p.Name)
	}
	return v
}

// tally are a classifier's right and wrong answers.
type tally struct{ right, missed, wrong int }

func (c tally) precision() float64 { return float64(c.right) / float64(max(1, c.right+c.wrong)) }
func (c tally) recall() float64    { return float64(c.right) / float64(max(1, c.right+c.missed)) }

// TestLabelledSentences measures whether the topics rule stops what it should stop: a sentence counts as found when a finding of the rule blocks it.
// Measured on 2026-11-26 over 433 sentences that were written for this project: tuning part precision 0.984, recall 0.992; test part 0.944 and 0.895
// (102 right, 6 wrong, 12 missed). Before the last 28 of them came, with words that are written together, and before these were looked for, it was 0.983
// and 0.991, 0.943 and 0.893, before and after the packs were tuned on the first part; over all 433, 0.983 and 0.883, 0.943 and 0.877. A list of words cannot know what a sentence means, so the test
// part is what to expect of a pack, and no more: the same hand wrote packs and sentences.
func TestLabelledSentences(t *testing.T) {
	all := sentences(t)
	if len(all) < 300 {
		t.Fatalf("%d sentences, want at least 300", len(all))
	}
	v := strict()
	parts := map[bool]*tally{true: {}, false: {}}
	byLabel := map[string]*tally{}
	for _, s := range all {
		body(s.text)(&v)
		l := newLook(&v)
		found := topics(l)
		l.done()
		c := parts[tuning(s)]
		key := fmt.Sprintf("%v %s", tuning(s), s.label)
		if byLabel[key] == nil {
			byLabel[key] = &tally{}
		}
		switch blocked := len(found) > 0; {
		case blocked && s.label != innocent:
			c.right++
			byLabel[key].right++
		case blocked:
			c.wrong++
			byLabel[key].wrong++
			if tuning(s) {
				t.Logf("stopped: %s: %s", s.text, found[0].Evidence)
			}
		case s.label != innocent:
			c.missed++
			byLabel[key].missed++
			if tuning(s) {
				t.Logf("missed (%s): %s", s.label, s.text)
			}
		}
	}
	for _, part := range []struct {
		name              string
		tuned             bool
		precision, recall float64 // floors
	}{{"tuning", true, 0.98, 0.99}, {"test", false, 0.94, 0.89}} {
		c := parts[part.tuned]
		t.Logf("%s: precision %.3f, recall %.3f (%d right, %d wrong, %d missed)", part.name, c.precision(), c.recall(), c.right, c.wrong, c.missed)
		if c.precision() < part.precision || c.recall() < part.recall {
			t.Errorf("%s: precision %.3f and recall %.3f are below %.3f and %.3f", part.name, c.precision(), c.recall(), part.precision, part.recall)
		}
	}
}
