package blocks

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sergi/go-diff/diffmatchpatch"
	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/report"
)

func told(cs []change) string {
	var b strings.Builder
	for _, c := range cs {
		mark := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffDelete: "~", diffmatchpatch.DiffInsert: "*"}[c.is]
		b.WriteString(mark + c.text + mark)
	}
	return b.String()
}

func TestChanges(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"one word":                    {"rye at ten", "rye at nine", "rye at ~ten~*nine*"},
		"words side by side":          {"a very good bread", "a rather fine bread", "a ~very good~*rather fine* bread"},
		"a word more":                 {"rye bread", "warm rye bread", "*warm *rye bread"},
		"a word less":                 {"warm rye bread", "rye bread", "~warm ~rye bread"},
		"a paragraph stays apart":     {"one\n\ntwo", "uno\n\ndue", "~one~*uno*\n\n~two~*due*"},
		"nothing stays":               {"rye", "oat", "~rye~*oat*"},
		"all is new":                  {"", "oat bread", "*oat bread*"},
		"the same":                    {"rye  bread", "rye  bread", "rye  bread"},
		"marks are words like others": {"*a* ~b~", "*a* ~c~", "*a* ~~b~~*~c~*"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(changes(c.before, c.after))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if changes(strings.Repeat("a ", tokensMax), "b") != nil {
		t.Error("texts of any length are compared")
	}
}

// What is marked as new or as staying is exactly the text that goes out, and what is marked as gone or as staying exactly what stood there.
func TestChangesLoseNothing(t *testing.T) {
	words := rapid.SliceOf(rapid.SampledFrom([]string{"rye", "oat", "bread", " ", "  ", "\n", "\n\n", "ä", "👩🏽‍🍳", "*", "~", "<!here>", "noon."}))
	rapid.Check(t, func(t *rapid.T) {
		before, after := strings.Join(words.Draw(t, "before"), ""), strings.Join(words.Draw(t, "after"), "")
		var was, is strings.Builder
		for _, c := range changes(before, after) {
			if c.is != diffmatchpatch.DiffInsert {
				was.WriteString(c.text)
			}
			if c.is != diffmatchpatch.DiffDelete {
				is.WriteString(c.text)
			}
		}
		if was.String() != before || is.String() != after {
			t.Fatalf("%q → %q came out as %q → %q", before, after, was.String(), is.String())
		}
	})
}

// The card of an edited piece holds what goes out, each element as text or as koira's own link, and the words that went only struck out.
func TestTheMarkedPreviewIsWhatGoesOut(t *testing.T) {
	v := bakery{}.edited(engine.StateWaiting)
	v.Before["A"] = link + " <!channel> `rye` *sells* https://evil.example " + link
	for name, raw := range map[string]json.RawMessage{"card": asMessage("", Piece(v)).raw, "window": asView("", ReadWindow(v, Place{})).raw} {
		var out strings.Builder
		each(raw, func(o map[string]any) {
			if o["type"] != "rich_text_quote" {
				return
			}
			for _, e := range o["elements"].([]any) {
				part := e.(map[string]any)
				style, _ := part["style"].(map[string]any)
				switch {
				case style["strike"] == true && part["type"] != "text":
					t.Errorf("%s: words that went can be pressed: %v", name, part)
				case style["strike"] == true:
				case part["type"] == "link":
					out.WriteString(part["url"].(string))
				default:
					out.WriteString(part["text"].(string))
				}
			}
		})
		if diff := cmp.Diff(v.Output.Variants[0].Shown, out.String()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Marks stand only where somebody is to judge new words.
func TestWhatIsNotMarked(t *testing.T) {
	b := bakery{}
	for name, v := range map[string]report.PieceView{
		"out":            b.edited(engine.StatePublished),
		"approved":       b.edited(engine.StateScheduled),
		"nobody edited":  b.waiting(),
		"the same words": func() report.PieceView { v := b.edited(engine.StateWaiting); v.Before["A"] = rye; return v }(),
	} {
		if m := marked(v, wholeOnCard, units); len(m.of) > 0 || m.what != "" {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
