package render

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	for name, c := range map[string]struct{ md, want string }{
		"paragraphs and breaks":   {"Rye *today*.\nFrom **ten**.\n\nSee you!", "Rye today.\nFrom ten.\n\nSee you!"},
		"hard break":              {"a\\\nb  \nc", "a\nb\nc"},
		"heading":                 {"# Hours\nTue to Sat", "Hours\n\nTue to Sat"},
		"list":                    {"We have:\n\n- rye\n- *buns*\n  - small", "We have:\n\n• rye\n• buns\n• small"},
		"numbered from three":     {"3. a\n4. b", "3. a\n4. b"},
		"loose list":              {"- a\n\n- b", "• a\n\n• b"},
		"quote":                   {"> Good bread.\n\nMari", "Good bread.\n\nMari"},
		"rule":                    {"a\n\n---\n\nb", "a\n\n—\n\nb"},
		"code":                    {"`x` and\n\n    y *z*\n", "x and\n\ny *z*"},
		"fence":                   {"```go\na  b\n\nc\n```", "a  b\n\nc"},
		"table":                   {"| a | b |\n|---|---|\n| 1 | *2* |", "a | b\n1 | 2"},
		"strikethrough":           {"~~old~~ new", "old new"},
		"link with a text":        {"[Reserve yours](https://leipa.example/r?a=1&b=2)", "Reserve yours https://leipa.example/r?a=1&b=2"},
		"link that is its text":   {"[https://leipa.example](https://leipa.example/)", "https://leipa.example"},
		"bare address":            {"Go to https://leipa.example/r.", "Go to https://leipa.example/r."},
		"autolink":                {"<https://leipa.example> <mari@leipa.example>", "https://leipa.example mari@leipa.example"},
		"mail link":               {"[mari@leipa.example](mailto:mari@leipa.example)", "mari@leipa.example"},
		"foreign scheme":          {"[Click](javascript:alert(1))", "Click"},
		"relative address":        {"[Click](/x)", "Click"},
		"address with a password": {"[Click](https://bank.example@evil.example)", "Click"},
		"picture":                 {"![A dark loaf](https://leipa.example/a.png)", "A dark loaf"},
		"inline HTML":             {"a <b>bold</b> move", "a bold move"},
		"HTML block":              {"<div>gone</div>\n\nstays", "stays"},
		"escapes":                 {`1\. May, 5 \* 2, \&amp; &amp; &lt;b&gt; \_x\_`, "1. May, 5 * 2, &amp; & <b> _x_"},
		"hashtag":                 {"#rye #bread", "#rye #bread"},
		"business name":           {"Leipä & Co", "Leipä & Co"},
		"hidden by reference":     {"sa&#8203;le &#x202e;x", "sale x"},
		"decomposed letters":      {"Leipa\u0308", "Leipä"},
		"carriage returns":        {"a\r\n\r\nb", "a\n\nb"},
		"nothing":                 {" \n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Plain(c.md); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPlainKeepsPlainParagraphs(t *testing.T) {
	sentence := rapid.StringMatching(`[A-ZÄÖ][a-zäö]{1,8}( [a-zäö]{1,8}){0,6}[.!?]`)
	rapid.Check(t, func(t *rapid.T) {
		text := sentence.Draw(t, "first")
		for _, s := range rapid.SliceOfN(sentence, 0, 4).Draw(t, "more") {
			text += rapid.SampledFrom([]string{" ", "\n", "\n\n"}).Draw(t, "between") + s
		}
		if got := Plain(text); got != text {
			t.Fatalf("Plain(%q) = %q", text, got)
		}
	})
}
