package bot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/engine"
)

func TestSplit(t *testing.T) {
	cases := map[string]struct {
		text string
		want []string
	}{
		"nothing":                   {"  ", nil},
		"words":                     {" pause  daily-social ", []string{"pause", "daily-social"}},
		"straight marks":            {`topic block "price war" now`, []string{"topic", "block", "price war", "now"}},
		"a phone's marks":           {"topic block “price war”", []string{"topic", "block", "price war"}},
		"Finnish marks":             {"topic block ”price war”", []string{"topic", "block", "price war"}},
		"German marks":              {"topic block „price war“", []string{"topic", "block", "price war"}},
		"French marks":              {"topic block « price war »", []string{"topic", "block", "price war"}},
		"lines in marks":            {"add x \"one\ntwo\"", []string{"add", "x", "one\ntwo"}},
		"an apostrophe is a letter": {"stop don't ask", []string{"stop", "don't", "ask"}},
		"an inch is a letter":       {`stop 5"x`, []string{"stop", `5"x`}},
		"empty marks":               {`stop ""`, []string{"stop", ""}},
		"marks close beside a word": {`"a b"c`, []string{"a b", "c"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := split(c.text)
			if d := cmp.Diff(c.want, got); d != "" || err != nil {
				t.Error(d, err)
			}
		})
	}
	if _, err := split(`topic block "price war`); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a quotation that does not end gives %v", err)
	}
}

// What a person quotes comes through as one word, whatever it is.
func TestSplitKeepsWhatIsQuoted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zäö0-9' \-]{0,12}`), 0, 5).Draw(t, "words")
		var line []string
		for i, w := range words {
			words[i] = strings.TrimSpace(w)
			line = append(line, `"`+words[i]+`"`)
		}
		got, err := split(strings.Join(line, " "))
		if err != nil || strings.Join(got, "|") != strings.Join(words, "|") || len(got) != len(words) {
			t.Fatalf("%q became %q, %v", words, got, err)
		}
	})
}

func TestSplitNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if _, err := split(rapid.String().Draw(t, "text")); err != nil && engine.CodeOf(err) != engine.CodeInvalid {
			t.Fatal(err)
		}
	})
}

func TestNearest(t *testing.T) {
	known := []string{"daily-social", "weekly-newsletter", "blog"}
	cases := map[string]string{
		"dayly-social": "daily-social", "weekly": "weekly-newsletter", "BLOG": "blog", "blok": "blog", "instagram": "", "": "",
		strings.Repeat("x", 500): "",
	}
	for typed, want := range cases {
		if got := nearest(typed, known); got != want {
			t.Errorf("%q is taken for %q, want %q", short(typed), got, want)
		}
	}
}

func TestBareLink(t *testing.T) {
	cases := map[string]string{
		"https://a.example/b":                    "https://a.example/b",
		"<https://a.example/b>":                  "https://a.example/b",
		"<https://a.example/b?x=1&amp;y=2|a.ex>": "https://a.example/b?x=1&y=2",
		"<broken":                                "<broken",
	}
	for typed, want := range cases {
		if got := bareLink(typed); got != want {
			t.Errorf("%q became %q", typed, got)
		}
	}
}
