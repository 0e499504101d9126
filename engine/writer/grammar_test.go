package writer

import (
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"pgregory.net/rapid"

	"koira/engine"
)

// TestGrammarClaimsNothing reads the grammar's own words: with the slots taken out there is no number and no promise left.
func TestGrammarClaimsNothing(t *testing.T) {
	var lines []string
	for _, m := range []map[string][]string{leads, subjects} {
		for _, style := range engine.SubjectStyles {
			if len(m[style]) < 4 {
				t.Errorf("style %q has %d lines", style, len(m[style]))
			}
			lines = append(lines, m[style]...)
		}
	}
	lines = append(append(lines, shortLeads...), shortSubjects...)
	for _, k := range []engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog} {
		if n := len(framesFor(k, 5)); n < 6 {
			t.Errorf("%s has %d frames, want at least 6", k, n)
		}
		if len(framesFor(k, 1)) < 2 {
			t.Errorf("%s: too few frames for a single fact", k)
		}
	}
	for _, f := range slices.Concat(socialFrames, emailFrames, blogFrames) {
		lines = append(lines, f...)
	}
	claims := strings.Fields("new fresh free sale cheap delicious homemade only limited today tomorrow now best-selling favourite popular often always never every hurry last local organic")
	for _, l := range lines {
		own := slot.ReplaceAllString(l, "")
		if strings.ContainsAny(own, "0123456789%€$!") {
			t.Errorf("%q holds a number, a price or a shout", l)
		}
		for _, w := range claims {
			if says(own, w) {
				t.Errorf("%q claims something: %s", l, w)
			}
		}
		for _, m := range slot.FindAllStringSubmatch(l, -1) {
			if !slices.Contains(strings.Fields("fact number list lead offer theme Theme business we We us"), m[1]) {
				t.Errorf("%q has an unknown slot %s", l, m[0])
			}
		}
	}
}

func TestEscapeMarkdownShowsTextAsItIs(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, text string) {
		var b strings.Builder
		if err := goldmark.Convert([]byte(escapeMarkdown(text)), &b); err != nil {
			t.Fatalf("%v", err)
		}
		got := html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), "<p>"), "</p>"))
		if got != text {
			t.Fatalf("%q is shown as %q", text, got)
		}
	}
	for _, text := range []string{"24. joulukuuta", "24) x", "# 1 in town", "- dash", "+ plus", "> quote", "a *b* _c_ `d` [e](f) ![g](h) <b> ~~i~~", `back\slash`, "&amp; & &copy;", "=== x", "Leipä & Co", "1 < 2"} {
		check(t, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, oneLine(rapid.StringMatching(`[a-z*_\[\]()<>#&;~!.0-9+=\\-]([a-z*_\[\]()<>#&;~!.0-9+=\\ -]{0,20}[a-z.])?`).Draw(t, "text")))
	})
}

func TestSentenceAndTheme(t *testing.T) {
	for in, want := range map[string]string{
		"rye at 10": "Rye at 10.", "Rye at 10!": "Rye at 10!", " two\n lines ": "Two lines.", "eBay sells it": "eBay sells it.", "äiti": "Äiti.", "15 % off": "15 % off.",
	} {
		if got := sentence(in); got != want {
			t.Errorf("sentence(%q) = %q, want %q", in, got, want)
		}
	}
	facts := []string{"We bake rye twice."}
	for in, want := range map[string][2]string{
		"rye bread": {"rye bread", "Rye bread"}, "Rye bread": {"rye bread", "Rye bread"}, "Finnish rye": {"Finnish rye", "Finnish rye"}, "3 recipes": {}, "We bake.": {},
		"one two three four five six seven eight": {}, "": {}, "see leipa.example": {}, "Rye bread, from starter to slice": {"rye bread", "Rye bread"},
	} {
		inside, first := themeWords(in, facts)
		if [2]string{inside, first} != want {
			t.Errorf("themeWords(%q) = %q, %q", in, inside, first)
		}
	}
}
