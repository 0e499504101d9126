package writer

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got); read it, then -update:\n%s", path, d)
	}
}

func TestAddresses(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"https":                 {"see https://leipa.example/a now", []string{"https://leipa.example/a"}},
		"another scheme":        {"ftp://x", []string{"ftp://x"}},
		"javascript":            {"javascript:alert(1)", []string{"javascript:alert(1)"}},
		"www":                   {"www.leipa.example", []string{"www.leipa.example"}},
		"bare domain":           {"go to leipa.example/reserve", []string{"leipa.example/reserve"}},
		"bare domain, Finnish":  {"käy leipä.fi", []string{"leipä.fi"}},
		"Markdown link":         {"[here](/x)", []string{"](/x)"}},
		"Markdown reference":    {"[here][1]", []string{"][1]"}},
		"reference explained":   {"rye\n[1]: /x", []string{"[1]:"}},
		"mail address":          {"mari@leipa.example", []string{"mari@leipa.example"}},
		"mail link":             {"mailto:mari", []string{"mailto:mari"}},
		"times and prices":      {"7.30 to 17.00, €4.20, 1.5 kg, a.m. and e.g. this", nil},
		"abbreviations":         {"Tue.-Sat., no. 4", nil},
		"a handle":              {"thanks @mari", nil},
		"the business's name":   {"Rye at leipa.example", []string{"leipa.example"}},
		"brackets without link": {"[sic] (really)", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, addresses(c.text)); d != "" {
				t.Error(d)
			}
		})
	}
	if got := addresses("Rye at Leipa.example", "Leipa.example"); got != nil {
		t.Errorf("a name that may be said: %v", got)
	}
}

func TestSays(t *testing.T) {
	for name, c := range map[string]struct {
		text, phrase string
		want         bool
	}{
		"whole word": {"A sale!", "sale", true}, "other case": {"SALE", "sale", true}, "inside a word": {"wholesale", "sale", false},
		"inside, then whole": {"wholesale sale", "sale", true}, "phrase": {"half the price", "half the", true}, "letters outside ASCII": {"äsale", "sale", false},
		"nothing asked": {"x", " ", false}, "mark of its own": {"now #rye", "#rye", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := says(c.text, c.phrase); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		others []string
		want   float64
	}{
		"nothing before":     {"one two three four", nil, 0},
		"the same":           {"One two, three four.", []string{"x", "one two three four"}, 1},
		"half of it":         {"one two three four", []string{"two three four five"}, 0.5},
		"too short to tell":  {"one two", []string{"one two"}, 0},
		"part of a long one": {"one two three", []string{"zero one two three four five six seven"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := repeated(c.text, runsOf(c.others)); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestRoom(t *testing.T) {
	ask := engine.CallToAction{Text: "Reserve", Link: "https://leipa.example/r"} // 7 and 23 characters
	for name, c := range map[string]struct {
		brief engine.Brief
		want  int
		code  engine.Code
	}{
		"no limit":           {engine.Brief{CallToAction: ask}, 0, ""},
		"ask and link":       {engine.Brief{Limit: 300, CallToAction: ask}, 300 - 3 - 7 - 3 - 23 - tagRoom, ""},
		"an ask alone":       {engine.Brief{Limit: 300, CallToAction: engine.CallToAction{Text: "Äiti"}}, 293, ""},
		"neither":            {engine.Brief{Limit: 300}, 300, ""},
		"no room for a text": {engine.Brief{Limit: 150, CallToAction: ask}, 0, engine.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := room(c.brief)
			if got != c.want || engine.CodeOf(err) != c.code {
				t.Errorf("got %d, %v; want %d, code %q", got, err, c.want, c.code)
			}
		})
	}
}
