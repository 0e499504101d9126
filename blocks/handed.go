package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// handed is the card of a piece that a person publishes.
func handed(v report.PieceView) Message {
	push := md("Publish by "+clock(v.Slot, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row) + " is ready for you"
	return card(v, push, "🔎 Ready for you to publish", looks(v),
		note("Each text stands alone in the thread, to copy (long-press)."),
		section(silence(v.Silence, v.Frame)),
		actions(
			primary(button(IDPosted, "I published it…", valueOf(v))),
			button(IDReject, "Reject…", valueOf(v)),
			menu(valueOf(v), IDWhy, IDDetails),
		))
}

// ToCopy are the messages for the thread of a piece that a person publishes: title and text of each wording, each alone, so that copying
// one takes nothing else along.
func ToCopy(v report.PieceView) []Message {
	var ms []Message
	for _, w := range v.Output.Variants {
		for _, s := range []string{w.Subject, w.Shown} {
			if s = engine.StripHidden(s); s == "" {
				continue
			}
			m := Message{Text: string(says(s, titleMax))}
			for _, q := range quotes(head(s, 9_000, units)) {
				m.Blocks = append(m.Blocks, slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionTextElement(q, nil))))
			}
			ms = append(ms, m)
		}
	}
	return ms
}
