package blocks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// All of a text can be copied, however long it is, and each message is one that Slack takes.
func TestToCopyLeavesNothingOut(t *testing.T) {
	paragraph := strings.Repeat("Ruis 👩‍🍳 ja vehnä. ", 20) + "\n\n"
	for name, c := range map[string]struct {
		subject, shown string
		parts          int // messages for the text
	}{
		"a post":                       {"", "Rye at 10", 1},
		"an e-mail with its title":     {"Advent hours", "The candles are out.", 1},
		"just one message":             {"", strings.Repeat("r", quotesInOne*quoteMax), 1},
		"one character more":           {"", strings.Repeat("r", quotesInOne*quoteMax+1), 2},
		"an article of ten paragraphs": {"Sourdough", strings.Repeat(paragraph, 10), 1},
		"an article of a hundred":      {"Sourdough", strings.Repeat(paragraph, 100), 6},
	} {
		t.Run(name, func(t *testing.T) {
			v := bakery{}.piece(engine.StateHanded, "", func(v *report.PieceView) {
				v.Output.Variants = []engine.Variant{{Name: "A", Subject: c.subject, Shown: c.shown}}
			})
			ms := ToCopy(v)
			if c.subject != "" {
				if diff := cmp.Diff(c.subject, copied(ms[:1])); diff != "" {
					t.Error(diff)
				}
				ms = ms[1:]
			}
			if diff := cmp.Diff(c.shown, copied(ms)); diff != "" {
				t.Errorf("what can be copied is not the text: %s", diff)
			}
			if len(ms) != c.parts {
				t.Errorf("%d messages, want %d", len(ms), c.parts)
			}
			for i, m := range ms {
				if n := textSize(asMessage(name, m).raw); n > 10_000 {
					t.Errorf("message %d holds %d characters", i+1, n)
				}
				if part := fmt.Sprintf("Part %d of %d: ", i+1, len(ms)); strings.HasPrefix(m.Text, part) != (c.parts > 1) {
					t.Errorf("message %d does not say which part it is, or it is the only one: %q", i+1, m.Text)
				}
			}
			if told := strings.Contains(screen(asMessage(name, Piece(v))), "comes in parts"); told != (c.parts > 1) {
				t.Errorf("the card says that a text comes in parts: %t", told)
			}
		})
	}
}

// copied is what is in messages for copying, and nothing else may be.
func copied(ms []Message) string {
	var b strings.Builder
	for _, m := range ms {
		for _, x := range m.Blocks {
			for _, e := range x.(*slack.RichTextBlock).Elements {
				for _, s := range e.(*slack.RichTextSection).Elements {
					b.WriteString(s.(*slack.RichTextSectionTextElement).Text)
				}
			}
		}
	}
	return b.String()
}
