package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine/report"
)

// Plainer is m for a Slack that does not take it as it is drawn: every word and every button, in the oldest kinds of blocks alone.
func Plainer(m Message) Message {
	out := Message{Text: m.Text}
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			out.Blocks = append(out.Blocks, plainSections(b.Text.Text)...)
		case *slack.RichTextBlock:
			out.Blocks = append(out.Blocks, plainSections(wordsOf(b))...)
		case *slack.SectionBlock:
			s := *b
			s.Expand = false
			out.Blocks = append(out.Blocks, &s)
		case *slack.ContextBlock, *slack.ActionBlock, *slack.DividerBlock:
			out.Blocks = append(out.Blocks, b)
		}
	}
	return out
}

// Plainest is the push of m alone, and where the rest is to be found: there is nothing to press.
func Plainest(m Message) Message {
	text := []rune(strings.TrimSpace(m.Text))
	if len(text) == 0 {
		text = []rune("Something of mine cannot be shown here.")
	}
	if len(text) > sectionMax {
		text = append(text[:sectionMax:sectionMax], '…')
	}
	return Message{Text: string(text) + "\nSlack does not take the card; `/koira queue` and `/koira exceptions` have it."}
}

// plainSections show s with nothing in it read as markup.
func plainSections(s string) (bs []slack.Block) {
	for _, part := range quotes(s) {
		if strings.TrimSpace(part) != "" {
			bs = append(bs, slack.NewSectionBlock(plainText(part), nil, nil))
		}
	}
	return bs
}

// wordsOf are the words of rich text, links in full.
func wordsOf(b *slack.RichTextBlock) string {
	var all strings.Builder
	for _, e := range b.Elements {
		var parts []slack.RichTextSectionElement
		switch e := e.(type) {
		case *slack.RichTextQuote:
			parts = e.Elements
		case *slack.RichTextSection:
			parts = e.Elements
		}
		for _, p := range parts {
			switch p := p.(type) {
			case *slack.RichTextSectionTextElement:
				all.WriteString(p.Text)
			case *slack.RichTextSectionLinkElement:
				all.WriteString(p.URL)
			}
		}
	}
	return all.String()
}

// Elsewhere is m for another room than its own, which takes no messages.
func Elsewhere(m Message, room string) Message {
	own := says(room, nameMax)
	if isID(room) {
		own = md("<#" + room + ">")
	}
	m.Blocks = append([]slack.Block{note("For " + own + ", where I cannot post: `/koira exceptions` says why.")}, m.Blocks...)
	return m
}

// Missing says, in the thread of a piece's card, that what belongs there is not there, and why.
func Missing(v report.PieceView, why string) Message {
	return message("A text that belongs here is missing",
		section(words("⚠️ A text of "+title(v.Row)+" belongs here, and I could not put it here.", says(why, textMax),
			"Read and approve… on its card, where there is such a button, shows all of it. Whoever runs me finds more in the log.")))
}
