package guard

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// piece is a run of letters or of digits in a text. Letters and digits are pieces of their own, so that "sale24" says sale.
type piece struct {
	at, end int32
	is      uint16 // what its characters are
	before  uint16 // what stands between the piece before and this one
}

// reading is a text taken apart once, for all rules to look at.
type reading struct {
	text    string
	pieces  []piece
	digits  []int32 // the places in pieces of those that are digits
	is      uint16  // what is anywhere in it
	scripts uint16  // of its letters
	tricky  []int32 // where letters or signs stand that may be read as others, in order
	humps   []int32 // behind each of them, closer than atOnce or in the piece that begins there, a capital may stand inside a word; in order
	dots    []int32 // a dot inside a word: an address
	colons  []int32 // a colon between a letter and something close behind it
	ats     []int32
	marked  bool // its markup may change how it reads
	zalgo   int  // where more marks are heaped on a letter than any language has, −1 for nowhere
}

const (
	zalgoMarks = 4                // no language writes so many on one letter
	leet       = "013457"         // digits that are drawn like letters
	gap        = isSpace | isLine // what does not stand between close neighbours
)

// read takes text apart. Signs that may stand for letters count as letters when signs is set ("s@le").
func read(text string, signs bool, r *reading) {
	*r = reading{
		text: text, pieces: r.pieces[:0], digits: r.digits[:0], tricky: r.tricky[:0], humps: r.humps[:0], dots: r.dots[:0], colons: r.colons[:0], ats: r.ats[:0], zalgo: -1,
	}
	class := &ascii
	if signs {
		class = &lettered
	}
	pieces := r.pieces
	ahead := letterMap{at: -atOnce, of: r}
	var before, is, kind, scripts uint16
	for i := 0; i < len(text); {
		c := class[text[i]]
		if c&(isLetter|isDigit|isHigh) == 0 {
			before |= c
			if c&(isMark|isAt|isSign|isDot|isColon) != 0 {
				r.sign(i, c)
			}
			i++
			continue
		}
		if c == isLetter && kind == isLetter && !signs {
			if some, end, in := ahead.words(text, i, pieces, before); end > i {
				pieces, i, before = some, end, 0
				is |= in
				scripts |= latin
				if text[i] == ' ' {
					before, i = isSpace, i+1
				}
				continue
			}
		}
		p := piece{at: int32(i), is: c, before: before}
		if c&isHigh == 0 {
			j := i + 1
			for j < len(text) && class[text[j]] == c {
				j++
			}
			p.end = int32(j)
			if c == isLetter && inner(text[i:j]) {
				r.humps = append(r.humps, p.at)
			}
			if j < len(text) && text[j] >= utf8.RuneSelf {
				p = r.tail(p, class)
			} else if c == isLetter {
				scripts |= latin
			}
		} else {
			var n int
			if p, n = r.high(p); p.end == p.at { // no letter and no number
				before |= p.is
				i += n
				continue
			}
			p = r.tail(p, class)
		}
		if p.is&isLetter != kind && len(pieces) > 0 { // "s4le", "s 4 l e": a letter and a digit side by side may be read in another way
			if q := pieces[len(pieces)-1]; before == 0 || p.end-p.at == 1 && q.end-q.at == 1 {
				r.tricky = append(r.tricky, p.at)
			}
		}
		if p.is&isDigit != 0 {
			r.digits = append(r.digits, int32(len(pieces)))
		}
		pieces = append(pieces, p)
		is |= p.is | before
		before, kind, i = 0, p.is&isLetter, int(p.end)
		if i < len(text) && text[i] == ' ' { // as behind most words
			before, i = isSpace, i+1
		}
	}
	r.is |= is | before
	r.scripts |= scripts
	r.pieces = pieces
}

// letterMap tells which bytes of a text are ASCII letters, from one place on: the lowest bit is that byte's.
type letterMap struct {
	at  int
	are uint64
	of  *reading // of that text
}

// atOnce is how many bytes of a text a letterMap tells of.
const atOnce = 64

// words adds to pieces the word at i, which stands behind another word and before, and those behind it that a space parts, or a sign and a space, as long
// as they are of ASCII letters. It returns where the last of them ends, i where it cannot tell or has no room, and what is in them.
func (l *letterMap) words(text string, i int, pieces []piece, before uint16) (all []piece, end int, is uint16) {
	if i < l.at+atOnce {
		if all, end, is = wordsOf(text, i, l.are>>(i-l.at), l.at+atOnce, pieces, before); end > i {
			return all, end, is
		}
	}
	if i+atOnce > len(text) {
		return pieces, i, 0
	}
	var capital bool
	l.at = i
	if l.are, capital = lettersOf(text[i : i+atOnce]); capital {
		l.of.humps = append(l.of.humps, int32(i))
	}
	return wordsOf(text, i, l.are, i+atOnce, pieces, before)
}

// wordsOf is words by the letters from i up to limit.
func wordsOf(text string, i int, are uint64, limit int, pieces []piece, before uint16) (all []piece, end int, is uint16) {
	is = isLetter
	for end = i; len(pieces) < cap(pieces); {
		n := bits.TrailingZeros64(^are)
		if i+n >= limit || text[i+n] >= utf8.RuneSelf { // it may go on
			break
		}
		end = i + n
		is |= before
		pieces = pieces[:len(pieces)+1]
		pieces[len(pieces)-1] = piece{int32(i), int32(end), isLetter, before}
		before = isSpace
		if c := text[end]; c != ' ' {
			if end+2 >= limit || text[end+1] != ' ' || ascii[c]&(isDigit|isMark|isAt|isSign) != 0 {
				break
			}
			before |= ascii[c] // nothing else comes of a full stop, say, that a space follows: see sign
			n++
		}
		if are >>= (n + 1) & 63; are&1 == 0 {
			break
		}
		i += n + 1
	}
	return pieces, end, is
}

// lettersOf tells which of the first atOnce bytes of text are ASCII letters, and whether a capital stands behind one.
func lettersOf(text string) (letter uint64, capital bool) {
	const each, top = 0x0101010101010101, 0x8080808080808080
	var inner, last uint64
	for i := 0; i < atOnce; i += 8 {
		w := binary.LittleEndian.Uint64([]byte(text[i : i+8]))
		// The top bit of each byte becomes what is asked of it: no sum is carried over into the next byte.
		small := (w | 0x20*each) &^ top
		l := (small + (0x80-'a')*each) &^ (small + (0x80-'z'-1)*each) &^ w & top
		letter |= l * 0x0002040810204081 >> 56 << i
		inner |= l &^ (w << 2) & (l<<8 | last)
		last = l >> 56
	}
	return letter, inner != 0
}

// lettered is ascii with "@" and "$" as letters, and digits that are drawn like letters.
var lettered = func() [256]uint16 {
	c := ascii
	for _, b := range []byte(leet + "@$") {
		c[b] = isLetter
	}
	return c
}()

// tail takes p on from its end, where a character stands that is not ASCII.
func (r *reading) tail(p piece, class *[256]uint16) piece {
	marks, kind, capital := 0, p.is&(isLetter|isDigit), false
	defer func() {
		if capital {
			r.humps = append(r.humps, p.at)
		}
	}()
	j := int(p.end)
	for ; j < len(r.text); p.end = int32(j) {
		if b := r.text[j]; b < utf8.RuneSelf {
			if class[b] != kind {
				return p
			}
			if kind == isLetter {
				r.scripts |= latin
				capital = capital || 'A' <= b && b <= 'Z'
			}
			marks = 0
			j++
			continue
		}
		c, n := utf8.DecodeRuneInString(r.text[j:])
		g := glyphOf(c)
		capital = capital || g.capital
		switch {
		case g.is&isNothing != 0:
			if marks++; marks >= zalgoMarks && r.zalgo < 0 && g.is&isHidden == 0 {
				r.zalgo = j
			}
		case g.is&isLetter != 0 && kind == isLetter, g.is&isNumber != 0 && kind == isDigit:
			marks = 0
			if g.plain != g.drawn {
				r.tricky = append(r.tricky, int32(j))
			}
		default:
			return p
		}
		r.scripts |= g.script
		p.is |= g.is
		j += n
	}
	return p
}

// high looks at the character with which p begins, which is not ASCII and n bytes long. What comes back has no length when it is no letter and no number.
func (r *reading) high(p piece) (q piece, n int) {
	c, n := utf8.DecodeRuneInString(r.text[p.at:])
	g := glyphOf(c)
	p.end, p.is = p.at, g.is
	switch {
	case g.is&isLetter != 0:
		p.end, p.is = p.at+int32(n), isLetter|g.is
	case g.is&isNumber != 0:
		p.end, p.is = p.at+int32(n), isDigit|g.is
	case g.is&isDot != 0 && p.at > 0 && int(p.at)+n < len(r.text):
		r.dots = append(r.dots, p.at)
	case g.is&isAt != 0:
		r.ats = append(r.ats, p.at)
	}
	if p.end > p.at {
		r.scripts |= g.script
		if g.plain != g.drawn {
			r.tricky = append(r.tricky, p.at)
		}
	}
	return p, n
}

// sign notes the punctuation at i that some rule looks at.
func (r *reading) sign(i int, c uint16) {
	var prev, next byte = ' ', ' '
	if i > 0 {
		prev = r.text[i-1]
	}
	if i+1 < len(r.text) {
		next = r.text[i+1]
	}
	switch {
	case c&isDot != 0:
		if inside(prev) && inside(next) && ascii[next]&isDigit == 0 {
			r.dots = append(r.dots, int32(i))
		}
	case c&isColon != 0:
		if ascii[prev]&isLetter != 0 && ascii[next]&gap == 0 {
			r.colons = append(r.colons, int32(i))
		}
	case c&(isAt|isSign) != 0:
		if inside(prev) && ascii[prev]&isDigit == 0 || inside(next) && ascii[next]&isDigit == 0 {
			r.tricky = append(r.tricky, int32(i))
		}
		if c&isAt != 0 {
			r.ats = append(r.ats, int32(i))
		}
	case c&isMark != 0:
		r.marked = r.marked || hides(prev, r.text[i], next)
	}
}

func inside(b byte) bool { return ascii[b]&(isLetter|isDigit|isHigh) != 0 }

// hides reports whether the mark b between prev and next may change what is read. Emphasis around a whole word does not.
func hides(prev, b, next byte) bool {
	switch b {
	case ']':
		return next == '(' || next == '['
	case '<':
		return ascii[next]&isLetter != 0 || next == '/' || next == '!'
	case '&':
		return ascii[next]&isLetter != 0 || next == '#'
	case '\\':
		return true
	}
	return ascii[prev]&gap == 0 && ascii[next]&gap == 0 && prev != b && (inside(prev) || prev == '.' || prev == ',')
}
