package blocks

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/report"
)

func TestSays(t *testing.T) {
	cases := map[string]struct {
		in   string
		n    int
		want md
	}{
		"plain words stay":             {"Rye & wheat", 40, "Rye &amp; wheat"},
		"a broadcast is inert":         {"<!everyone> now", 40, "&lt;!everyone&gt; now"},
		"a mention is inert":           {"<@U0MARI0001>", 40, "&lt;@U0MARI0001&gt;"},
		"a link is inert":              {"<https://paha.example|leipa.example>", 60, "&lt;https://paha.example|leipa.example&gt;"},
		"an escaped broadcast too":     {"&lt;!here&gt;", 60, "&amp;lt;!here&amp;gt;"},
		"marks look alike":             {"*bold* ~strike~ `code`", 40, "∗bold∗ ∼strike∼ ˋcodeˋ"},
		"line breaks become spaces":    {"one\n> two\r\n\tthree", 40, "one &gt; two three"},
		"what is hidden goes":          {"sa\u200ble\u202e!", 40, "sale!"},
		"it is cut between characters": {"ab👩🏽‍🍳cd", 5, "ab…"},
		"an escape is never cut":       {"a<<<<", 6, "a&lt;…"},
		"a space before the cut goes":  {"one two three", 5, "one…"},
		"nothing stays nothing":        {" \n", 5, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, says(c.in, c.n)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSaysNeverExceedsItsRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "s"), rapid.IntRange(1, 200).Draw(t, "n")
		got := string(says(s, n))
		if utf8.RuneCountInString(got) > n {
			t.Fatalf("%d characters, at most %d: %q", utf8.RuneCountInString(got), n, got)
		}
		if strings.ContainsAny(got, "<>\n*~`") {
			t.Fatalf("it holds a control character: %q", got)
		}
	})
}

func TestAddress(t *testing.T) {
	for name, c := range map[string]struct {
		in string
		ok bool
	}{
		"a web address":         {"https://leipa.example/a?b=1&c=2", true},
		"no scheme":             {"leipa.example", false},
		"a script":              {"javascript:alert(1)", false},
		"a name before the at":  {"https://leipa.example@paha.example/", false},
		"the end of a link":     {"https://leipa.example/>|x", false},
		"a bar":                 {"https://leipa.example/a|b", false},
		"a space":               {"https://leipa.example/a b", false},
		"a hidden character":    {"https://leipa.example/\u200b", false},
		"no host":               {"https:///a", false},
		"nothing":               {"", false},
		"longer than Slack has": {"https://leipa.example/" + strings.Repeat("x", 3000), false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, ok := address(c.in); ok != c.ok {
				t.Errorf("address(%q) is %t, want %t", c.in, ok, c.ok)
			}
			if got := linkTo(c.in); (got != "") != c.ok {
				t.Errorf("linkTo(%q) is %q", c.in, got)
			}
		})
	}
	if got, want := linkTo("https://leipa.example/?a=1&b=2"), md("<https://leipa.example/?a=1&amp;b=2|open (leipa.example)>"); got != want {
		t.Errorf("linkTo gave %q, want %q", got, want)
	}
}

func TestLinksOnCards(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"what counts visits is left out, and said": {"https://leipa.example/reserve?utm_source=bluesky&utm_content=A", "leipa.example/reserve?…"},
		"an address without it is whole":           {"https://leipa.example/reserve", "https://leipa.example/reserve"},
		"a bare question mark hides nothing":       {"https://leipa.example/?", "https://leipa.example/?"},
		"the host is never hidden":                 {"https://paha.example?u=https://leipa.example/", "paha.example?…"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shortLink(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMentions(t *testing.T) {
	for name, c := range map[string]struct{ got, want md }{
		"a person":           {mention(mari), "<@U0MARI0001>"},
		"koira":              {mention("koira"), "koira"},
		"nobody":             {mention(""), "somebody"},
		"what is no id":      {mention("<!here>"), "&lt;!here&gt;"},
		"several":            {mentions([]string{mari, tomi, "koira"}, "or"), "<@U0MARI0001>, <@U0TOMI0001> or koira"},
		"an answer names":    {naming("@U0TOMI0001 approved this.", []string{tomi}), "<@U0TOMI0001> approved this."},
		"but only those":     {naming("You wrote '@U0MARI0001 <!here>'.", []string{tomi}), "You wrote '@U0MARI0001 &lt;!here&gt;'."},
		"a longer id is not": {naming("@U0TOMI00012 did.", []string{tomi}), "@U0TOMI00012 did."},
		"who signed":         {signal("lowered by U0TOMI0001", 99), "lowered by <@U0TOMI0001>"},
		"not who is quoted":  {signal("the note said lowered by U0TOMI0001", 99), "the note said lowered by U0TOMI0001"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

// own are the control sequences that koira writes itself; their parts are ids, numbers and addresses that were checked.
var own = regexp.MustCompile(`<(@[UW][A-Z0-9]+|!date\^[0-9]+\^(\{date_(long_)?pretty\} )?\{time\}\|[A-Za-z0-9: /+_-]+|https?://[^|<>\s]+\|open \([^<>|]+\))>`)

// FuzzDraft puts one text into every place of a draft card that a writer or a person can fill.
func FuzzDraft(f *testing.F) {
	for _, s := range []string{
		"Rye bread sells out.", "<!everyone> <!here|x> <@U0MARI0001> <#C000000001>", "<https://paha.example|leipa.example>", "*a* _b_ ~c~ `d` ```e```",
		"a\n> b\n&lt;!channel&gt;", "\u202eevil\u200b", "<!date^0^{date}|x>", "Ääkköset 👩🏽‍🍳", "\xff\xfe", "|", "https://leipa.example/reserve", strings.Repeat("<", 4000), "",
	} {
		f.Add(s, "Leipä & Co")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		v := bakery{}.waiting()
		v.Title, v.Name, v.Channel, v.Segment, v.Theme = text, name, name, name, text
		v.Output.WaitsFor, v.Output.Writer, v.Output.EditedBy = text, name, name
		v.Warnings = []engine.Finding{{Rule: name, Outcome: engine.Warn, Evidence: text, Remedy: text}}
		v.Output.Variants = []engine.Variant{{Name: name, Shown: text, Link: link}, {Name: "B", Shown: text + " " + link, Link: link}, {Name: "C", Shown: text, Link: text}}
		d := asMessage("fuzz", Piece(v))
		for _, p := range workspace.ValidateMessage(d.raw) {
			if p.Code != "msg_blocks_too_long" || len(text)+len(name) < 20_000 {
				t.Errorf("%s at %s", p.Message, p.Pointer)
			}
		}
		inert := func(s string) {
			if rest := own.ReplaceAllString(s, ""); strings.ContainsAny(rest, "<>") {
				t.Errorf("a control sequence is not koira's own: %q", rest)
			}
		}
		inert(d.push)
		links := 0
		each(d.raw, func(o map[string]any) {
			switch o["type"] {
			case "mrkdwn":
				inert(o["text"].(string))
				if o["verbatim"] != true {
					t.Errorf("Slack may make links of its own out of %q", o["text"])
				}
			case "link":
				links++
				if o["text"] != o["url"] && o["text"] != shortLink(o["url"].(string)) {
					t.Errorf("the link says %q and leads to %q", o["text"], o["url"])
				}
			case "user", "broadcast", "channel", "usergroup":
				t.Errorf("the preview holds a %s", o["type"])
			}
		})
		if Whole(v) && links == 0 {
			t.Error("koira's own link cannot be pressed")
		}
		exact(t, v, d.raw)
	})
}

// exact holds that the preview is, for each wording, the shown text: all of it, or its beginning. Of a link it is where it leads that counts.
func exact(t *testing.T, v report.PieceView, raw json.RawMessage) {
	t.Helper()
	var quoted, want strings.Builder
	each(raw, func(o map[string]any) {
		if o["type"] == "rich_text_quote" {
			for _, e := range o["elements"].([]any) {
				part := e.(map[string]any)
				if part["type"] == "link" {
					part["text"] = part["url"]
				}
				quoted.WriteString(part["text"].(string))
			}
		}
	})
	for _, w := range v.Output.Variants {
		shown := engine.StripHidden(w.Shown)
		if !Whole(v) {
			if !strings.HasPrefix(shown, quoted.String()) && len(v.Output.Variants) == 1 {
				t.Errorf("the preview is not the beginning of the text")
			}
			return
		}
		want.WriteString(shown)
	}
	if diff := cmp.Diff(want.String(), quoted.String()); diff != "" {
		t.Errorf("the preview is not what goes out:\n%s", diff)
	}
}
