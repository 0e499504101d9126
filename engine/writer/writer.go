// Package writer holds the two writers: a grammar that works without any model, and a client of OpenAI-compatible models. Both write only
// from the brief, and both leave the link and the ask to code.
package writer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// tagRoom is what the UTM tags add to a link at most: their names, a channel's name of 16 characters, the kind, an output's id of 26
// characters and a variant's letter.
const tagRoom = 104

// joint is what a channel puts between body, call to action and link: " → " or an empty line.
const joint = 3

// room returns how many characters a body may have so that the ask and the tagged link still fit behind it; 0 means no limit of the
// channel's. Code invalid when not even a short sentence would fit.
func room(b engine.Brief) (int, error) {
	if b.Limit <= 0 {
		return 0, nil
	}
	left := b.Limit
	if ask := characters(b.CallToAction.Text); ask > 0 {
		left -= joint + ask
	}
	if link := characters(b.CallToAction.Link); link > 0 {
		left -= joint + link + tagRoom
	}
	if left < 20 {
		return 0, engine.Errorf(engine.CodeInvalid, "The channel takes %d characters; the call to action %q and its link leave no room for a text.",
			b.Limit, b.CallToAction.Key)
	}
	return left, nil
}

// characters counts as people see them.
func characters(s string) int { return uniseg.GraphemeClusterCount(s) }

// clean is the normal form of text that goes out: NFC, one kind of line break, nothing hidden.
func clean(s string) string { return norm.NFC.String(engine.StripHidden(s)) }

// oneLine is clean text without line breaks or repeated spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// address finds what a channel or a mail program would make a link of: schemes, www, Markdown links, mail addresses, bare domains.
var address = regexp.MustCompile(`(?im)` + strings.Join([]string{
	`[a-z][a-z0-9+.-]*://\S*`, `\b(?:javascript|data|vbscript|mailto|tel):\S+`, `\bwww\.\S+`,
	`\]\([^)]*\)`, `\]\[[^\]]*\]`, `^ {0,3}\[[^\]]+\]:`, // a Markdown link, in line or by reference, and where a reference is explained
	`\S+@[\w-]+\.\S+`, `\b(?:[\pL\d-]+\.)+\pL{2,}\b\S*`,
}, "|"))

// compatible is s with its compatibility forms joined, as browsers read a host: "ｅｖｉｌ．ｅｘａｍｐｌｅ" is "evil.example".
func compatible(s string) string { return norm.NFKC.String(s) }

// addresses lists what in text would become a link, in whatever form it is written. A name that holds a dot, such as a business's own, may be said.
func addresses(text string, names ...string) []string {
	for _, n := range names {
		if n != "" {
			text = strings.ReplaceAll(text, n, " ")
		}
	}
	return address.FindAllString(compatible(text), -1)
}

// sayableFacts are the facts that a piece on b's theme may say at its slot. One that holds an address is left out: links are set by code.
func sayableFacts(b engine.Brief) []engine.Fact {
	var may []engine.Fact
	for _, f := range b.Facts {
		if (b.Slot.IsZero() || f.Holds(b.Slot)) && (len(b.Theme.Facts) == 0 || slices.Contains(b.Theme.Facts, f.Key)) && speakable(b, f.Text) {
			may = append(may, f)
		}
	}
	return may
}

// sayableOffer is b's offer while it lasts, else nil.
func sayableOffer(b engine.Brief) *engine.Offer {
	o := b.Offer
	if o == nil || !b.Slot.IsZero() && !(engine.Fact{From: o.From, Until: o.Until}).Holds(b.Slot) || !speakable(b, o.Text) {
		return nil
	}
	return o
}

func speakable(b engine.Brief, text string) bool {
	return oneLine(text) != "" && len(addresses(text, b.Business.Name)) == 0
}

// letters names variants: A, B, C.
const letters = "ABCDEFGHIJ"

// wanted returns how many variants b asks for, at least one. Code invalid for more than there are names.
func wanted(b engine.Brief) (int, error) {
	if b.Variants > len(letters) {
		return 0, engine.Errorf(engine.CodeInvalid, "At most %d wordings of one piece can be written; %d were asked for.", len(letters), b.Variants)
	}
	return max(b.Variants, 1), nil
}

// repeated returns the share, 0 to 1, of text's runs of three words that one of the earlier texts holds as well: the greatest over earlier.
func repeated(text string, earlier []map[string]bool) float64 {
	mine := runs(text)
	most := 0
	for _, theirs := range earlier {
		same := 0
		for r := range mine {
			if theirs[r] {
				same++
			}
		}
		most = max(most, same)
	}
	return float64(most) / float64(max(len(mine), 1))
}

// runsOf gives the runs of three words of each text.
func runsOf(texts []string) []map[string]bool {
	var all []map[string]bool
	for _, t := range texts {
		all = append(all, runs(t))
	}
	return all
}

func runs(text string) map[string]bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !inWord(r) })
	found := map[string]bool{}
	for i := 0; i+3 <= len(words); i++ {
		found[strings.Join(words[i:i+3], " ")] = true
	}
	return found
}

// says reports whether text holds phrase as whole words, whatever the case.
func says(text, phrase string) bool {
	text, phrase = strings.ToLower(text), strings.ToLower(strings.TrimSpace(phrase))
	if phrase == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(phrase)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = end
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
