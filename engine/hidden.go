package engine

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// concealed lists what a reader cannot see but a program, or a later reader, can: each could smuggle words past a check or an approver.
// New lines and tabs are not in it. Emoji and some scripts need a few of these; see shows.
var concealed = []struct {
	lo, hi rune
	name   string
}{
	{0x00, 0x08, "control character"},         // acts on terminals and parsers
	{0x0B, 0x0C, "control character"},         // vertical tab, form feed
	{0x0E, 0x1F, "control character"},         //
	{0x7F, 0x84, "control character"},         // delete and C1
	{0x86, 0x9F, "control character"},         // C1; 0x85 is a line break
	{0xAD, 0xAD, "soft hyphen"},               // splits a blocked word
	{0x034F, 0x034F, "grapheme joiner"},       // splits a blocked word
	{0x061C, 0x061C, "direction mark"},        // Arabic letter mark
	{0x115F, 0x1160, "blank letter"},          // Hangul fillers: letters without ink
	{0x17B4, 0x17B5, "blank letter"},          // Khmer inherent vowels
	{0x180B, 0x180F, "zero-width character"},  // Mongolian selectors and vowel separator
	{0x200B, 0x200B, "zero-width space"},      // splits a blocked word
	{0x200C, 0x200C, "zero-width non-joiner"}, //
	{0x200D, 0x200D, "zero-width joiner"},     //
	{0x200E, 0x200F, "direction mark"},        // reorders what is read
	{0x202A, 0x202E, "direction override"},    // shows one address and links another
	{0x2060, 0x2065, "zero-width character"},  // word joiner, invisible operators
	{0x2066, 0x2069, "direction override"},    // isolates
	{0x206A, 0x206F, "direction mark"},        // deprecated format characters
	{0x3164, 0x3164, "blank letter"},          // Hangul filler
	{0xFE00, 0xFE0F, "variation selector"},    // can carry bytes behind any letter
	{0xFEFF, 0xFEFF, "zero-width character"},  // byte order mark
	{0xFFA0, 0xFFA0, "blank letter"},          // half-width Hangul filler
	{0xFFF0, 0xFFFB, "annotation character"},  // interlinear annotation and unassigned neighbours
	{0xFFFE, 0xFFFF, "non-character"},         //
	{0x13430, 0x1343F, "format character"},    // Egyptian hieroglyph controls
	{0x1BCA0, 0x1BCA3, "format character"},    // shorthand
	{0x1D173, 0x1D17A, "format character"},    // musical notation
	{0xE0000, 0xE0FFF, "tag character"},       // a whole hidden alphabet, and selectors 17 to 256
}

// StripHidden removes what a reader cannot see: control, zero-width, direction, tag and filler characters, and bytes that are not UTF-8.
// What emoji, Arabic-like and Indic scripts need to look right stays. CRLF, CR and the Unicode line separators become a new line.
// Calling it twice changes nothing more.
func StripHidden(s string) string {
	var b strings.Builder
	eachRune(s, func(r rune, hidden string) {
		if hidden == "" {
			b.WriteRune(r)
		}
	})
	return b.String()
}

// Hidden names what StripHidden would remove, each once, in the order of appearance: "zero-width space U+200B". Nil for clean text.
func Hidden(s string) []string {
	var names []string
	eachRune(s, func(r rune, hidden string) {
		if hidden != "" && !slices.Contains(names, hidden) {
			names = append(names, hidden)
		}
	})
	return names
}

// eachRune calls f for every character of s with line breaks made one, and the name of what must go, "" for what stays.
func eachRune(s string, f func(r rune, hidden string)) {
	var prev rune // the last one that stays
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		next, _ := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			f(r, "bytes that are not UTF-8")
			continue
		case r == '\r' && next == '\n':
			continue // the new line that follows stands for both
		case r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
			r = '\n'
		}
		if name := concealedName(r); name != "" && !shows(prev, r, next) {
			f(r, fmt.Sprintf("%s U+%04X", name, r))
			continue
		}
		f(r, "")
		prev = r
	}
}

func concealedName(r rune) string {
	for _, c := range concealed {
		if r >= c.lo && r <= c.hi {
			return c.name
		}
	}
	if r&0xFFFE == 0xFFFE { // the last two of every plane
		return "non-character"
	}
	return ""
}

// shows reports whether a concealed r changes what is seen between prev and next, as emoji sequences (UTS #51) and joining scripts
// (RFC 5892, appendix A.1 and A.2, in its simple form) have it.
func shows(prev, r, next rune) bool {
	switch r {
	case 0xFE0E, 0xFE0F:
		return pictograph(prev) || strings.ContainsRune("0123456789#*", prev) && next == 0x20E3
	case 0x200D:
		return pictograph(next) && (pictograph(prev) || prev == 0xFE0F || prev >= 0x1F3FB && prev <= 0x1F3FF) || joins(prev) && joins(next)
	case 0x200C:
		return joins(prev) && joins(next)
	}
	return false
}

// pictograph is an approximation of Extended_Pictographic: symbols of the blocks that emoji come from.
func pictograph(r rune) bool {
	switch {
	case r == 0xA9, r == 0xAE, r == 0x203C, r == 0x2049, r == 0x2122, r == 0x2139, r == 0x3030, r == 0x303D, r == 0x3297, r == 0x3299:
		return true
	}
	return r >= 0x2190 && r <= 0x21FF || r >= 0x2300 && r <= 0x27BF || r >= 0x2934 && r <= 0x2935 || r >= 0x2B05 && r <= 0x2B55 ||
		r >= 0x1F000 && r <= 0x1FAFF
}

// joins reports whether r belongs to a script in which joiners change the shape of letters.
func joins(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar)
}
