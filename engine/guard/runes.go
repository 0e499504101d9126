package guard

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// What a character is to the reader of a text; a set.
const (
	isLetter  uint16 = 1 << iota
	isDigit          // 0 to 9
	isNumber         // any other digit or number: "５", "½", "²"
	isNothing        // inside a word, but not a letter of it: marks and what nobody sees
	isSpace          //
	isLine           // a line break
	isStop           // ends a sentence
	isMark           // Markdown's or HTML's: it may hide what a text says
	isAt             // "@"
	isSign           // "$", which may stand for a letter, as "@" may
	isDot            // "." or what browsers take for it
	isColon          //
	isBrace          // of templates, shortcodes and pictures
	isHidden         // may be something that nobody sees
	isHigh           // not ASCII
	isForm           // may read otherwise in Unicode's compatibility form (NFKC), alone or with what stands before it
)

// ascii is what each ASCII byte is; a byte of a longer character is isHigh.
var ascii = func() (c [256]uint16) {
	for b := range c {
		switch r := rune(b); {
		case b >= utf8.RuneSelf:
			c[b] = isHigh
		case unicode.IsLetter(r):
			c[b] = isLetter
		case unicode.IsDigit(r):
			c[b] = isDigit
		case r == '\n':
			c[b] = isLine
		case r == '\t' || r == ' ':
			c[b] = isSpace
		case r == '\r':
			c[b] = isSpace | isHidden
		case r < ' ' || r == 0x7F:
			c[b] = isNothing | isHidden
		}
	}
	for set, bytes := range map[uint16]string{
		isStop: ".!?", isMark: "*`~\\<&]", isAt: "@", isSign: "$", isDot: ".", isColon: ":", isBrace: "<{%[|$",
	} {
		for _, b := range []byte(bytes) {
			c[b] |= set
		}
	}
	return c
}()

// glyph is one character that is not ASCII, as the rules read it.
type glyph struct {
	is      uint16
	script  uint16 // a set of scripts; 0 for what all share
	plain   string // small, without accents, in its own alphabet
	drawn   string // the same as Latin letters where it is drawn like them
	capital bool
}

// glyphOf looks a character up. Pages of 256 are made when they are first asked for; the rarer planes are not kept.
func glyphOf(r rune) glyph {
	page := int(r >> 8)
	if page >= len(pages) {
		return newGlyph(r)
	}
	p := pages[page].Load()
	if p == nil {
		p = new([256]glyph)
		for i := range p {
			p[i] = newGlyph(rune(page<<8 | i))
		}
		pages[page].Store(p)
	}
	return p[r&0xFF]
}

var pages [0x200]atomic.Pointer[[256]glyph]

func newGlyph(r rune) glyph {
	g := glyph{is: isHigh, script: scriptOf(r), capital: unicode.IsUpper(r) || unicode.IsTitle(r)}
	if p := norm.NFKC.PropertiesString(string(r)); !norm.NFKC.IsNormalString(string(r)) || !p.BoundaryBefore() {
		g.is |= isForm
	}
	if symbol(r) != 0 {
		g.is |= isLetter
		g.plain, g.drawn = string(symbol(r)), string(symbol(r))
		return g
	}
	var plain, latin strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if voiced(d) {
			plain.WriteRune(d)
			latin.WriteRune(d)
		}
		if !unicode.IsLetter(d) && !unicode.IsDigit(d) {
			continue
		}
		l, ok := alike[d]
		if !ok {
			l = unicode.ToLower(d)
			if x, ok := alike[l]; ok {
				l = x
			}
		}
		plain.WriteString(small(d))
		latin.WriteRune(l)
	}
	if r == 'й' || r == 'Й' { // a letter of its own, which Russian endings are told by
		plain.Reset()
		plain.WriteRune('й')
	}
	switch {
	case blank(r), unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		g.is |= isNothing
	case unicode.IsLetter(r), unicode.Is(unicode.So, r) && plain.Len() == 1 && !unicode.IsDigit(rune(plain.String()[0])): // "Ⓢ", but not "™"
		g.is |= isLetter
		g.plain, g.drawn = plain.String(), latin.String()
	case unicode.IsNumber(r):
		g.is |= isNumber
		g.plain, g.drawn = plain.String(), latin.String()
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		g.is |= isLine | isHidden
	case unicode.IsSpace(r):
		g.is |= isSpace
	case r == '…' || r == '。' || r == '！' || r == '？' || r == '‼' || r == '⁉':
		g.is |= isStop
	}
	if r == '。' || r == '．' || r == '｡' {
		g.is |= isDot
	}
	if r == '＠' || r == '﹫' {
		g.is |= isAt
	}
	if r == utf8.RuneError || engine.Hidden(string(r)) != nil {
		g.is |= isHidden
	}
	return g
}

// voiced reports the marks by which Japanese tells "ba" and "pa" from "ha".
func voiced(r rune) bool { return r == 0x3099 || r == 0x309A }

// small is a letter as all its forms are compared: capitals of "ß" are written "SS", and Greek has two small forms of one capital.
func small(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'ς':
		return "σ"
	}
	return string(unicode.ToLower(r))
}

// blank reports letters without ink: the fillers of Hangul and Khmer's inherent vowels.
func blank(r rune) bool {
	return r == 0x115F || r == 0x1160 || r == 0x17B4 || r == 0x17B5 || r == 0x3164 || r == 0xFFA0
}

// scripts are the alphabets that are told apart; all others are one. The first is Latin.
var scripts = []struct {
	name string
	is   *unicode.RangeTable
}{
	{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Greek", unicode.Greek}, {"Armenian", unicode.Armenian}, {"Hebrew", unicode.Hebrew},
	{"Arabic", unicode.Arabic}, {"Devanagari", unicode.Devanagari}, {"Thai", unicode.Thai}, {"Georgian", unicode.Georgian}, {"Chinese", unicode.Han},
	{"Hiragana", unicode.Hiragana}, {"Katakana", unicode.Katakana}, {"Korean", unicode.Hangul},
}

const (
	latin       uint16 = 1
	cyrillic    uint16 = 2
	otherScript uint16 = 1 << 15
)

// scriptOf is the alphabet of a letter, 0 for what is none and for forms that decompose to Latin: "ｓ", "𝐬".
func scriptOf(r rune) uint16 {
	if !unicode.IsLetter(r) || unicode.Is(unicode.Common, r) {
		return 0
	}
	for i, s := range scripts {
		if unicode.Is(s.is, r) {
			return 1 << i
		}
	}
	return otherScript
}

// scriptName names the alphabets of a set.
func scriptName(set uint16) string {
	var names []string
	for i, s := range scripts {
		if set&(1<<i) != 0 {
			names = append(names, s.name)
		}
	}
	if set&otherScript != 0 {
		names = append(names, "another")
	}
	return strings.Join(names, " and ")
}
