package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Some scripts are written without spaces between words. A term of theirs is looked for anywhere in a text, also as a part of what a reader takes for
// a longer word: where words end nothing tells.

// solid is a term as it is looked for in a strand.
type solid struct {
	text string
	term int32
}

var unspacedScripts = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// mayBeUnspaced is the set of scripts among which those are.
var mayBeUnspaced = func() uint16 {
	set := otherScript
	for i, s := range scripts {
		if slices.Contains(unspacedScripts, s.is) {
			set |= 1 << i
		}
	}
	return set
}()

// unspaced reports whether a letter of s belongs to such a script.
func unspaced(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf && unicode.In(r, unspacedScripts...) })
}

// within adds the terms of such scripts that r speaks of to found, each where it stands first, and keeps their order.
func (t *terms) within(found []match, r *reading) []match {
	if len(t.solid) == 0 || r.scripts&mayBeUnspaced == 0 {
		return found
	}
	some := len(found)
	s := strandOf(r.text, false)
	for _, x := range t.solid {
		if i := strings.Index(s.text, x.text); i >= 0 {
			found = append(found, match{x.term, s.at[i], s.ends[i+len(x.text)-1]})
		}
	}
	if len(found) > some {
		slices.SortStableFunc(found, func(a, b match) int { return int(a.at - b.at) })
	}
	return found
}

// strand is a text without what stands between letters that belong together; elsewhere there is a line break. Accents are gone, but for the marks by
// which these scripts tell words apart.
type strand struct {
	text     string
	at, ends []int32 // where each byte comes from
}

// strandOf makes the strand of text; all of it belongs together where it is a term.
func strandOf(text string, term bool) strand {
	var s strand
	var b strings.Builder
	add := func(what string, at, end int) {
		for range len(what) {
			s.at, s.ends = append(s.at, int32(at)), append(s.ends, int32(end))
		}
		b.WriteString(what)
	}
	letters := 0                 // that stand together, up to here
	spaced, ends := false, false // what stands behind them
	for i, r := range text {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(text[i:])
		}
		switch what := signOf(r); what {
		case isNothing:
		case isSpace:
			spaced = true
		case isLine:
			ends = true
		default:
			alone := letters == 1 && !letterNext(text[i+n:])
			if !term && (ends || spaced && !alone) && b.Len() > 0 {
				add("\n", i, i)
			}
			if spaced || ends {
				letters = 0
			}
			spaced, ends = false, false
			if what == isLetter {
				letters++
			}
			add(plainly(r), i, i+n)
		}
	}
	s.text = b.String()
	return s
}

// signOf is what r is to a strand: a letter, a mark of one, a space between single letters, the end of what belongs together, or nothing.
func signOf(r rune) uint16 {
	switch {
	case unicode.IsLetter(r) && !blank(r), unicode.IsNumber(r):
		return isLetter
	case tells(r):
		return isMark
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), strings.ContainsRune("-_.*~`·・•|/\\'’<>[]()", r), blank(r), unicode.IsControl(r) && !unicode.IsSpace(r):
		return isNothing
	case r != '\n' && unicode.IsSpace(r):
		return isSpace
	}
	return isLine
}

func letterNext(s string) bool {
	for _, r := range s {
		switch signOf(r) {
		case isLetter:
			return true
		case isSpace, isLine:
			return false
		}
	}
	return false
}

// tells reports a mark that makes another word: a vowel or a tone, or a voiced sound.
func tells(r rune) bool {
	return unicode.In(r, unicode.M) && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && !blank(r) || voiced(r)
}

// plainly is r as a strand has it: in compatibility form, small, without accents.
func plainly(r rune) string {
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if unicode.IsLetter(d) || unicode.IsDigit(d) || tells(d) {
			b.WriteString(small(d))
		}
	}
	return b.String()
}
