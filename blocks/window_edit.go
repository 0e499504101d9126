package blocks

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Longest texts that desk takes, in characters.
const (
	subjectMax = 300
	noteMax    = 1000
)

// EditWindow shows the words of every wording to be changed. Links are set by koira and stay; saving does not approve.
func EditWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	m := meta(v, at)
	var bs []slack.Block
	all := 0
	for i, w := range v.Output.Variants {
		fs, joins := wordingFields(v, i, w)
		bs, m.Joins = append(bs, fs...), append(m.Joins, joins...)
		all += size(w.Body, jsonBytes)
	}
	if all > wholeInWindow || len(bs) > 90 {
		return SayWindow("Edit", "This text is too long to be edited here: reject it with a note on what should change.")
	}
	bs = append(bs, note("Saving does not approve: the new text is checked and waits for a yes. The link is set by me and stays."))
	return window("Edit", "Save", CallbackEdit, m, bs...)
}

func wordingFields(v report.PieceView, i int, w engine.Variant) (bs []slack.Block, joins []string) {
	of := ""
	if len(v.Output.Variants) > 1 {
		of = " of wording " + plain(w.Name, 10)
	}
	if v.Traits.Subject {
		bs = append(bs, field(w.Name+".subject", "Subject or title"+of, w.Subject, subjectMax, false, false))
	}
	parts, joins := split(w.Body)
	for n, p := range parts {
		label := "Text" + of
		if len(parts) > 1 {
			label += fmt.Sprintf(", part %d of %d", n+1, len(parts))
		}
		b := field(partID(w.Name, n), label, p, fieldMax, true, n > 0)
		if n == len(parts)-1 {
			b = hint(b, countHint(v, i))
		}
		bs = append(bs, b)
	}
	bs = append(bs, field(w.Name+".call_to_action", "Call to action"+of, w.CallToAction, subjectMax, false, true))
	if w.AltText != "" {
		bs = append(bs, field(w.Name+".alt_text", "The picture in words"+of, w.AltText, noteMax, true, true))
	}
	return bs, joins
}

// countHint is the channel's own count of the wording as it stands.
func countHint(v report.PieceView, i int) string {
	if i >= len(v.Characters) {
		return ""
	}
	if v.Traits.Limit > 0 {
		return fmt.Sprintf("With link and call to action it has %s of %s characters now.", number(int64(v.Characters[i])), number(int64(v.Traits.Limit)))
	}
	return fmt.Sprintf("With link and call to action it has %s characters now.", number(int64(v.Characters[i])))
}

func partID(variant string, n int) string {
	if n == 0 {
		return variant + ".body"
	}
	return variant + ".body." + strconv.Itoa(n+1)
}

// joinMax bounds what stands between two parts, since a window carries it.
const joinMax = 8

// split cuts a text into parts that a field holds, and gives what stood between them: the white space where it was cut, so that no part
// begins or ends with some, which a field may lose. Between a part and the next stands joins[i]; with them the parts are s again.
func split(s string) (parts, joins []string) {
	for size(s, units) > fieldMax {
		part := head(s, fieldMax-100, units) // room for a few words more in each field
		if i := cutAt(part); i > 0 {
			part = part[:i]
		}
		gap := s[len(part):]
		join := head(gap[:len(gap)-len(strings.TrimLeftFunc(gap, unicode.IsSpace))], joinMax, units)
		parts, joins = append(parts, part), append(joins, join)
		s = s[len(part)+len(join):]
	}
	return append(parts, s), joins
}

// cutAt finds the last place in the second half of part where white space begins: between paragraphs, else lines, else words.
func cutAt(part string) int {
	for _, gap := range []string{"\n\n", "\n", " "} {
		if i := strings.LastIndex(part, gap); i > len(part)/2 {
			return len(strings.TrimRightFunc(part[:i], unicode.IsSpace))
		}
	}
	return 0
}

// join puts parts together again. A part that was emptied goes with the gap before it.
func join(parts, joins []string) string {
	s := ""
	for i, p := range parts {
		if p == "" {
			continue
		}
		if s != "" && i > 0 && i-1 < len(joins) {
			s += joins[i-1]
		}
		s += p
	}
	return s
}

// ReadEdit returns every wording as it was sent in by EditWindow: the same texts when nobody changed them. Code invalid for a window that
// is not EditWindow's.
func ReadEdit(v slack.View) ([]engine.Variant, error) {
	m, err := ParseMeta(v.PrivateMetadata)
	if err != nil {
		return nil, err
	}
	joins := m.Joins
	var texts []engine.Variant
	for _, name := range wordingNames(v) {
		var parts []string
		for n := 0; has(v, partID(name, n)); n++ {
			parts = append(parts, entry(v, partID(name, n)).Value)
		}
		own := joins[:min(len(joins), len(parts)-1)]
		joins = joins[len(own):]
		texts = append(texts, engine.Variant{
			Name: name, Subject: entry(v, name+".subject").Value, Body: join(parts, own),
			CallToAction: entry(v, name+".call_to_action").Value, AltText: entry(v, name+".alt_text").Value,
		})
	}
	return texts, nil
}

// wordingNames are the wordings of an EditWindow in the order of its fields.
func wordingNames(v slack.View) []string {
	var names []string
	for _, b := range v.Blocks.BlockSet {
		if name, ok := strings.CutSuffix(b.ID(), ".body"); ok && has(v, b.ID()) {
			names = append(names, name)
		}
	}
	return names
}

func has(v slack.View, id string) bool {
	if v.State == nil {
		return false
	}
	_, ok := v.State.Values[id]
	return ok
}
