package guard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// foreign are ways of writing where a piece must not lead, each with what stands in the evidence. Nothing of them is the business's own but what
// they pretend to be.
var foreign = []struct{ text, says string }{
	{"john.smith@evil.com", "john.smith@evil.com"},
	{"john.smith+x@evil.com", "john.smith+x@evil.com"},
	{"prizes.dept@evil.com/claim", "prizes.dept@evil.com"},
	{"leipa.example@evil.com", "leipa.example@evil.com"},
	{"leipa.example@evil.com/pay", "leipa.example@evil.com"},
	{"leipa.example+x@evil.com", "leipa.example+x@evil.com"},
	{"leipa.example:x@evil.com", "x@evil.com"},
	{"leipa.example@leipa.example@evil.com", "leipa.example@evil.com"},
	{"leipa.example,evil.com", "evil.com"},
	{"john.smith@evil。com", "john.smith@evil。com"},
	{"john.smith＠evil.com", "evil.com"},
	{"john.smith@evil.com。谢谢", "john.smith@evil.com"},
	{"evil.com@x", "evil.com"},
	{"jane@leipa.example—evil.com", "evil.com"},
	{"a.b/evil.com", "evil.com"},
	{"e.g/evil.com", "evil.com"},
	{"x.http://evil.com", "http://evil.com"},
	{"http:evil.com", "http:evil.com"},
	{"https:evil.com/pay", "https:evil.com/pay"},
	{"https:/evil.com", "https:/evil.com"},
	{"[x](http:evil.com/pay)", "http:evil.com/pay"},
	{"[x](http:2130706433)", "http:2130706433"},
	{"“evil.com”", "evil.com"},
	{"‘evil.com’", "evil.com"},
	{"«evil.com»", "evil.com"},
	{"now—evil.com—now", "evil.com"},
	{"Look…evil.com…now", "evil.com"},
	{"Look...evil.com...now", "evil.com"},
	{"evil.com。", "evil.com"},
	{"evil.com。谢谢", "evil.com"},
	{"https://leipa.example\u00a0evil.com", "evil.com"},
}

// Where a piece leads is told from what stands around it: a name before an "@", a path, quotation marks, dashes, full stops of other alphabets.
func TestForeignPlaces(t *testing.T) {
	for _, c := range foreign {
		for _, text := range []string{c.text, "Ask " + c.text + " now.", "(" + c.text + ")", "A.M. is e.g " + c.text + ".Come."} {
			v := clean()
			body(text)(&v)
			if got := outcome(Check(v), "links"); got.Outcome != engine.Block || !strings.Contains(got.Evidence, quote(c.says)) && !strings.Contains(text, ".Come") {
				t.Errorf("%q: %s %s", text, got.Outcome, got.Evidence)
			}
		}
		if names := Unlisted("Write to "+c.text+" for cake.", clean().Strategy, clean().Guardrails); len(names) == 0 {
			t.Errorf("a fact may name %q", c.text)
		}
	}
}

// What leads to the business itself, or nowhere, may be written in the same ways.
func TestOwnPlaces(t *testing.T) {
	for _, text := range []string{
		"jane.doe@leipa.example", "jane.doe+rye@leipa.example", "j.a.doe@leipa.example。谢谢", "jane.so@leipa.example", "@jane@leipa.example", "“leipa.example”", "leipa.example—here", "Look...leipa.example...now",
		"leipa.example。谢谢", "leipa.example/", "(leipa.example)", "“Fresh today”.Come early", "Fresh today.Come early", "“x”.com", "e.g/i.e", "http: a protocol", "a.m./p.m.", "We say http:", "bread.Buns@five",
	} {
		v := clean()
		body("Ask " + text + " now.")(&v)
		if got := outcome(Check(v), "links"); got.Outcome != engine.Pass {
			t.Errorf("%q: %s %s", text, got.Outcome, got.Evidence)
		}
		if names := Unlisted(text, v.Strategy, v.Guardrails); len(names) > 0 {
			t.Errorf("a fact may not name %q: %q", text, names)
		}
	}
}

// Each kind of place is taken for what it is.
func TestLinks(t *testing.T) {
	for text, want := range map[string][]string{
		"leipa.example, leipa.example/x and leipa.example:80/y": {"leipa.example", "leipa.example/x", "leipa.example:80/y"},
		"a.b/c.d/evil.com/x.y":                  {"evil.com/x.y"},
		"news@leipa.example":                    {"mail news@leipa.example"},
		"a.b@leipa.example c.d+e@leipa.example": {"mail a.b@leipa.example", "mail c.d+e@leipa.example"},
		"a.b@leipa":                             nil,
		"https://leipa.example/a.b@c.d":         {"https://leipa.example/a.b@c.d"},
		"2.5 kg, 10:00, v1.2.x and so on...":    nil,
		"leipa.example。evil.com。谢谢":             {"leipa.example", "evil.com"},
		"leipa.example。evil.com":                {"leipa.example。evil.com"},
		"leipa.example.Come early":              {"leipa.example"},
	} {
		var r reading
		read(text, false, &r)
		var got []string
		for _, l := range links(&r) {
			if l.mail {
				l.text = "mail " + l.text
			}
			got = append(got, l.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}

// TestLongTexts holds that a long text takes no more than its length: each of these, repeated, once made something look at all of the rest again, or
// might. What is taken is processor time, so that a busy machine does not change it.
func TestLongTexts(t *testing.T) {
	for _, unit := range []string{
		"a.b", "a.b ", "a.b/", "a.b/c", "a.b@", "@a.b", "a.b+", "a.b@c", "a.b@c.d", "a@", "+", "a.b:", "http:", "http://", "mailto:", "x.http:", "evil.com", "evil.com/", "evil.com。", "a。b", "谢谢。", "。", "..", "a..b", "“a.b”",
		"é.é", "s a l e ", "s.a.l.e.", "sаle ", "<!--", "<a", "[a](", "[a][", "&amp", "\\", "**", "1.2", "1/2", "{{", "*|",
	} {
		v := clean()
		v.Guardrails.Topics.Blocked = []string{"casino", "price war"}
		body(strings.Repeat(unit, 200_000/len(unit)))(&v)
		before := processor(t)
		l := newLook(&v)
		linksRule(l)
		topics(l)
		l.done()
		if took := processor(t) - before; took > 5*time.Second {
			t.Errorf("%q takes %s", unit, took)
		}
	}
}
