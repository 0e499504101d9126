package blocks

import (
	"regexp"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// change is a stretch of a text beside what it was before.
type change struct {
	text string
	is   diffmatchpatch.Operation
}

var tokens = regexp.MustCompile(`\s+|\S+`)

// tokensMax is how many words and gaps two texts may have together to be compared: the cost grows with their square.
const tokensMax = 6000

// changes splits what before became, word by word (Myers 1986). Without its deletions it is exactly after, without its insertions exactly before.
// Nil when the texts are too long to compare.
func changes(before, after string) []change {
	a, b := tokens.FindAllString(before, -1), tokens.FindAllString(after, -1)
	if len(a)+len(b) > tokensMax {
		return nil
	}
	// The library compares runes: each different token is one, from the first plane without surrogates.
	const first = 0x10000
	code, token := map[string]rune{}, []string{}
	runes := func(ts []string) []rune {
		rs := make([]rune, len(ts))
		for i, t := range ts {
			if _, known := code[t]; !known {
				code[t] = first + rune(len(token))
				token = append(token, t)
			}
			rs[i] = code[t]
		}
		return rs
	}
	dmp := diffmatchpatch.DiffMatchPatch{} // no timeout, so that no clock is read
	var cs []change
	for _, d := range dmp.DiffMainRunes(runes(a), runes(b), false) {
		var text strings.Builder
		for _, r := range d.Text {
			text.WriteString(token[r-first])
		}
		cs = append(cs, change{text.String(), d.Type})
	}
	return bridged(cs)
}

// bridged makes one deletion and one insertion of words that changed side by side: the gap between them is the only thing that stayed.
func bridged(cs []change) []change {
	var out []change
	var gone, fresh strings.Builder
	flush := func() {
		if gone.Len() > 0 {
			out = append(out, change{gone.String(), diffmatchpatch.DiffDelete})
		}
		if fresh.Len() > 0 {
			out = append(out, change{fresh.String(), diffmatchpatch.DiffInsert})
		}
		gone.Reset()
		fresh.Reset()
	}
	for i, c := range cs {
		switch between := i > 0 && i < len(cs)-1 && strings.TrimSpace(c.text) == "" && !strings.Contains(c.text, "\n"); {
		case c.is == diffmatchpatch.DiffDelete:
			gone.WriteString(c.text)
		case c.is == diffmatchpatch.DiffInsert:
			fresh.WriteString(c.text)
		case between && gone.Len() > 0 && fresh.Len() > 0:
			gone.WriteString(c.text)
			fresh.WriteString(c.text)
		default:
			flush()
			out = append(out, c)
		}
	}
	flush()
	return out
}

// marks is how the words of a piece that a person changed are told apart, by the names of its wordings; empty when nothing is to be marked, or
// when it does not fit. what says what the marks mean, or that there are none.
type marks struct {
	of   map[string][]change
	what md
}

// marked compares a piece that waits for a judgement with what it said before a person last changed it. With the words that went it may cost budget.
func marked(v report.PieceView, budget int, of cost) marks {
	judged := v.Output.State == engine.StateWaiting || v.Output.State == engine.StateHeld
	if len(v.Before) == 0 || !judged {
		return marks{}
	}
	m := marks{of: map[string][]change{}, what: "*New words are bold*, ~words that went are struck out~."}
	for _, w := range v.Output.Variants {
		was, known := v.Before[w.Name]
		before, after := engine.StripHidden(was), engine.StripHidden(w.Shown)
		if !known || before == after {
			continue
		}
		cs := changes(before, after)
		for _, c := range cs {
			budget -= size(c.text, of)
		}
		if cs == nil || budget < 0 {
			return marks{what: "Its words changed too much to mark the new ones here."}
		}
		m.of[w.Name] = cs
	}
	if len(m.of) == 0 {
		return marks{}
	}
	return m
}

// drawnChanges are quotes of a text with its changes marked; none of it is read as markup.
func drawnChanges(cs []change, to string, link linkText) []slack.Block {
	var bs []slack.Block
	var es []slack.RichTextSectionElement
	room := quoteMax
	flush := func() {
		if len(es) > 0 {
			bs = append(bs, slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: es}))
		}
		es, room = nil, quoteMax
	}
	for i, c := range cs {
		replaced := c.is == diffmatchpatch.DiffDelete && i+1 < len(cs) && cs[i+1].is == diffmatchpatch.DiffInsert
		if replaced && strings.TrimRight(c.text, " \n") == c.text {
			c.text += " " // struck out too: no part of what goes out
		}
		for _, part := range quotes(c.text) {
			if n := size(part, units); n > room {
				flush()
			}
			room -= size(part, units)
			switch c.is {
			case diffmatchpatch.DiffDelete:
				es = append(es, slack.NewRichTextSectionTextElement(part, &slack.RichTextSectionTextStyle{Strike: true}))
			case diffmatchpatch.DiffInsert:
				es = append(es, linked(part, to, link, &slack.RichTextSectionTextStyle{Bold: true})...)
			default:
				es = append(es, linked(part, to, link, nil)...)
			}
		}
	}
	flush()
	return bs
}
