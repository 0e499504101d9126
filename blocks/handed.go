package blocks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// handed is the card of a piece that a person publishes.
func handed(v report.PieceView) Message {
	push := md("Publish by "+clock(v.Slot, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row) + " is ready for you"
	return card(v, push, "🔎 Ready for you to publish", looks(v),
		note(words("Each text stands alone in the thread, to copy (long-press).", where(len(ToCopy(v)) > len(texts(v)), "A long one comes in parts, in order."))),
		section(silence(v.Silence, v.Frame)),
		actions(
			primary(button(IDPosted, "I published it…", valueOf(v))),
			button(IDReject, "Reject…", valueOf(v)),
			menu(valueOf(v), IDWhy, IDDetails),
		))
}

// quotesInOne is how many quotes of a text one message holds, so that none comes near the length at which Slack has refused messages.
const quotesInOne = 3

// ToCopy are the messages for the thread of a piece that a person publishes: title and text of each wording, each alone, so that copying
// one takes nothing else along. What is too long for one message comes in several, in order, and nothing of it is left out; which part it is
// stands in the push alone.
func ToCopy(v report.PieceView) []Message {
	var ms []Message
	for _, s := range texts(v) {
		parts := slices.Collect(slices.Chunk(quotes(s), quotesInOne))
		for i, part := range parts {
			m := Message{Text: string(says(strings.Join(part, ""), titleMax))}
			if len(parts) > 1 {
				m.Text = fmt.Sprintf("Part %d of %d: %s", i+1, len(parts), m.Text)
			}
			for _, q := range part {
				m.Blocks = append(m.Blocks, slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionTextElement(q, nil))))
			}
			ms = append(ms, m)
		}
	}
	return ms
}

// texts are title and text of each wording, those that there are.
func texts(v report.PieceView) (ss []string) {
	for _, w := range v.Output.Variants {
		for _, s := range []string{w.Subject, w.Shown} {
			if s = engine.StripHidden(s); s != "" {
				ss = append(ss, s)
			}
		}
	}
	return ss
}
