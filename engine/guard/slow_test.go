package guard

import (
	"strings"
	"testing"

	"koira/engine"
)

// TestLongTexts ends in seconds as long as what is read in one pass stays one pass; any rule that looks back or ahead without a bound takes minutes.
func TestLongTexts(t *testing.T) {
	const size = 40_000
	for _, s := range []string{
		"a ", "-", "<", "<a", "<!--", "[", "![a](", "[a](b", "&", "&amp", "@", "@a", ".", "a.", "a.b", "sale ", "s a l e ", "s.a.l.e.", "a\u0301", "\u0301", "1", "1 ", "1,", "1.1.", "://",
		"http://", "a:b", "*", "a*b", "`", "\\", "{{", "€1", "10:00", "1a", "$a", "5ale ", "price ", "price", "\"", "I ", "!", "😀", "\u200d", "ѕ", "р а с ", "percent ", "five percent ", "\n", "a\n", "ab@", "()",
	} {
		v := strict()
		v.Guardrails.Voice.Grade, v.Guardrails.Voice.Emoji, v.Guardrails.Voice.Sentence, v.Guardrails.Voice.Distance = 9, 2, 20, 50
		v.Strategy.Voice.Person = "we"
		v.Traits.Limit = 300
		body(strings.Repeat(s, size/len(s)))(&v)
		Check(v)
	}
}

// TestLongTerms: a term of many short words ends in a moment against a text in which each of them reads in several ways. Looking back without taking
// down what was tried doubled the work at every word.
func TestLongTerms(t *testing.T) {
	for _, word := range []string{"a ", "a<", "a_", "р ", "1 ½ ", "٣"} {
		v := clean()
		term := strings.Repeat(word, 500)
		v.Guardrails.Topics.Blocked, v.Guardrails.Voice.Banned, v.Guardrails.Voice.Required = []string{term}, []string{term}, []string{term}
		v.Guardrails.Voice.Locked = true
		body("Bread. " + term + " Rye.")(&v)
		if got := outcome(Check(v), "topics"); got.Outcome != engine.Block {
			t.Errorf("a term of many %q is not found in itself", word)
		}
	}
}
