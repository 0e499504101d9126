package guard

import "unicode/utf8"

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
	is      uint16  // what is anywhere in it
	scripts uint16  // of its letters
	tricky  []int32 // where letters or signs stand that may be read as others, in order
	dots    []int32 // a dot inside a word: an address, or a number
	colons  []int32 // a colon with something close behind it
	ats     []int32
	marked  bool // its markup may change how it reads
	zalgo   int  // where more marks are heaped on a letter than any language has, −1 for nowhere
}

const (
	zalgoMarks = 4                // no language writes so many on one letter
	leet       = "013457"         // digits that are drawn like letters
	gap        = isSpace | isLine // what does not stand between close neighbours
)

// read takes text apart. Signs that may stand for letters count as letters when as is set ("s@le").
func read(text string, signs bool, r *reading) {
	*r = reading{text: text, pieces: r.pieces[:0], tricky: r.tricky[:0], dots: r.dots[:0], colons: r.colons[:0], ats: r.ats[:0], zalgo: -1}
	class := &ascii
	if signs {
		class = &lettered
	}
	var before uint16
	i := 0
	for i < len(text) {
		c := class[text[i]]
		if c&(isLetter|isDigit) != 0 {
			i = r.word(i, class, before)
			before = 0
			continue
		}
		if c&isHigh != 0 {
			next, set := r.high(i, class, before)
			if set == 0 {
				before = 0
			}
			before |= set
			i = next
			continue
		}
		before |= c
		if c&(isMark|isAt|isSign|isDot|isColon) != 0 {
			r.sign(i, c)
		}
		i++
		r.is |= c
	}
}

// lettered is ascii with "@" and "$" as letters, and digits that are drawn like letters.
var lettered = func() [256]uint16 {
	c := ascii
	for _, b := range []byte(leet + "@$") {
		c[b] = isLetter
	}
	return c
}()

// word adds the piece that begins at i and returns where it ends. A change between letters and digits ends it.
func (r *reading) word(i int, class *[256]uint16, before uint16) int {
	kind := class[r.text[i]] & (isLetter | isDigit)
	j := i + 1
	for j < len(r.text) && class[r.text[j]] == kind {
		j++
	}
	is := kind
	if j < len(r.text) && r.text[j] >= utf8.RuneSelf {
		j, is = r.tail(j, class, is)
	}
	if kind == isLetter && is&isHigh == 0 {
		r.scripts |= latin
	}
	r.add(piece{int32(i), int32(j), is, before})
	return j
}

// tail goes on with a piece from a character that is not ASCII.
func (r *reading) tail(j int, class *[256]uint16, is uint16) (int, uint16) {
	marks := 0
	for j < len(r.text) {
		if b := r.text[j]; b < utf8.RuneSelf {
			if class[b] != is&(isLetter|isDigit) {
				break
			}
			if class[b] == isLetter {
				r.scripts |= latin
			}
			marks = 0
			j++
			continue
		}
		c, n := utf8.DecodeRuneInString(r.text[j:])
		g := glyphOf(c)
		switch {
		case g.is&isNothing != 0:
			if marks++; marks >= zalgoMarks && r.zalgo < 0 && g.is&isHidden == 0 {
				r.zalgo = j
			}
		case g.is&isLetter != 0 && is&isLetter != 0, g.is&isNumber != 0 && is&isLetter == 0:
			marks = 0
			if g.plain != g.drawn {
				r.tricky = append(r.tricky, int32(j))
			}
		default:
			return j, is
		}
		r.scripts |= g.script
		is |= g.is
		j += n
	}
	return j, is
}

// high reads the character at i, which is not ASCII. It returns where the reading goes on, and what stands there for the next piece to know of:
// 0 when it was a piece itself.
func (r *reading) high(i int, class *[256]uint16, before uint16) (next int, set uint16) {
	c, n := utf8.DecodeRuneInString(r.text[i:])
	g := glyphOf(c)
	if g.is&(isLetter|isNumber) == 0 {
		r.is |= g.is
		if g.is&isDot != 0 && i > 0 && i+n < len(r.text) {
			r.dots = append(r.dots, int32(i))
		}
		if g.is&isAt != 0 {
			r.ats = append(r.ats, int32(i))
		}
		return i + n, g.is
	}
	kind := isLetter
	if g.is&isNumber != 0 {
		kind = isDigit
	}
	j, is := r.tail(i, class, kind)
	r.add(piece{int32(i), int32(j), is, before})
	return j, 0
}

func (r *reading) add(p piece) {
	r.is |= p.is
	if n := len(r.pieces); n > 0 && r.pieces[n-1].is&isLetter != p.is&isLetter { // "s4le", "s 4 l e": a letter and a digit side by side
		if q := r.pieces[n-1]; p.before == 0 || p.end-p.at == 1 && q.end-q.at == 1 {
			r.tricky = append(r.tricky, p.at)
		}
	}
	r.pieces = append(r.pieces, p)
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
		if inside(prev) && inside(next) {
			r.dots = append(r.dots, int32(i))
		}
	case c&isColon != 0:
		if ascii[next]&gap == 0 {
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
