package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

const (
	// wholeOnCard is how many characters of a piece a card shows; of what is longer it shows headOnCard, since that is read in its window.
	wholeOnCard = 2500
	headOnCard  = 600
	// wholeInWindow is how many bytes of text a window holds, well below Slack's limit for a view.
	wholeInWindow = 180_000
	// quoteMax is how long one quote is: no documented limit of Slack's for other text is below it.
	quoteMax = 2900
)

// Whole reports whether a piece's card shows all of it. Where it does not, the whole text belongs into the card's thread: WholeText.
func Whole(v report.PieceView) bool { return shownSize(v, units) <= wholeOnCard }

// WholeInWindow reports whether ReadWindow shows all of it.
func WholeInWindow(v report.PieceView) bool { return shownSize(v, jsonBytes) <= wholeInWindow }

func shownSize(v report.PieceView, of cost) (n int) {
	for _, w := range v.Output.Variants {
		n += size(engine.StripHidden(w.Shown), of)
	}
	return n
}

// WholeText is the file for the thread of a card that does not show the whole piece. It names the version that the card names.
func WholeText(v report.PieceView) (filename, title, text string) {
	var b strings.Builder
	for _, w := range v.Output.Variants {
		if len(v.Output.Variants) > 1 {
			b.WriteString("Wording " + w.Name + "\n\n")
		}
		b.WriteString(engine.StripHidden(w.Shown) + "\n\n")
	}
	short := v.Output.Digest.Short()
	return "koira-" + short + ".txt", "Whole text, version " + short, strings.TrimRight(b.String(), "\n") + "\n"
}

// preview shows exactly what goes out, each wording in a quote: nothing in it is read as markup, and only koira's own link can be pressed,
// written as link says. What costs more than budget in all is shown by the beginning of each wording. Where m has changes of a wording, they are
// marked: then it holds the words that went too, struck out.
func preview(o engine.Output, m marks, budget int, of cost, link linkText) []slack.Block {
	bs := []slack.Block{note(m.what)}
	for i, w := range o.Variants {
		shown := engine.StripHidden(w.Shown)
		part := head(shown, budget/(len(o.Variants)-i), of)
		budget -= size(part, of)
		if len(o.Variants) > 1 {
			bs = append(bs, note(md("Wording ")+says(w.Name, 10)))
		}
		if cs := m.of[w.Name]; cs != nil {
			bs = append(bs, drawnChanges(cs, w.Link, link)...)
		} else {
			bs = append(bs, drawnChanges([]change{{text: part}}, w.Link, link)...)
		}
		bs = append(bs, rest(shown, part))
		if hidden := engine.Hidden(w.Shown); len(hidden) > 0 {
			bs = append(bs, section("It holds characters that nobody can see, left out here: "+says(strings.Join(hidden, ", "), 200)+"."))
		}
	}
	return bs
}

// rest says how much of a text is not shown; nil when all of it is.
func rest(shown, part string) slack.Block {
	if part == shown {
		return nil
	}
	return note(md("The first " + number(int64(size(part, units))) + " of " + number(int64(size(shown, units))) + " characters."))
}

// quotes splits a long text between paragraphs, else between lines, else anywhere. Joined, the parts are s.
func quotes(s string) []string {
	var parts []string
	for size(s, units) > quoteMax {
		part := head(s, quoteMax, units)
		for _, gap := range []string{"\n\n", "\n", " "} {
			if i := strings.LastIndex(part, gap); i > len(part)/2 {
				part = part[:i+len(gap)]
				break
			}
		}
		parts = append(parts, part)
		s = s[len(part):]
	}
	if s != "" {
		parts = append(parts, s)
	}
	return parts
}

// linkText is how the address of koira's own link is written in a preview. It leads to the whole address either way.
type linkText func(address string) string

// wholeLink writes all of it: in the windows in which a piece is read before a yes.
func wholeLink(address string) string { return address }

// shortLink writes on a card "leipa.example/reserve?…". What koira puts behind the question mark to count visits is longer than many a post and
// would be all that a phone shows of it. It is the one thing of a piece that a card cuts: the mark says so, and Details has the whole of it.
func shortLink(address string) string {
	bare, query, _ := strings.Cut(address, "?")
	if query == "" {
		return address
	}
	_, bare, _ = strings.Cut(bare, "://")
	return bare + "?…"
}

// linked is s as elements of rich text in a style, in which link can be pressed and nothing else.
func linked(s, link string, as linkText, style *slack.RichTextSectionTextStyle) []slack.RichTextSectionElement {
	to, _, ok := address(link)
	if !ok {
		return []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(s, style)}
	}
	var es []slack.RichTextSectionElement
	for i, part := range strings.Split(s, to) {
		if i > 0 {
			es = append(es, slack.NewRichTextSectionLinkElement(to, as(to), style))
		}
		if part != "" {
			es = append(es, slack.NewRichTextSectionTextElement(part, style))
		}
	}
	return es
}
