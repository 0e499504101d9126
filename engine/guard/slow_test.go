package guard

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// What follows reads texts as the gate does, byte by byte and word by word: the slow way, to which the fast one is held. Nothing but these tests
// calls it, and it stays as it is when the fast way changes.

// readPlainly takes text apart. Signs that may stand for letters count as letters when signs is set ("s@le").
func readPlainly(text string, signs bool, r *reading) {
	*r = reading{text: text, zalgo: -1}
	class := &ascii
	if signs {
		class = &lettered
	}
	pieces := r.pieces
	var before, is, kind uint16
	for i := 0; i < len(text); {
		c := class[text[i]]
		if c&(isLetter|isDigit|isHigh) == 0 {
			before |= c
			if c&(isMark|isAt|isSign|isDot|isColon) != 0 {
				r.signPlainly(i, c)
			}
			i++
			continue
		}
		p := piece{at: int32(i), is: c, before: before}
		if c&isHigh == 0 {
			j := i + 1
			for j < len(text) && class[text[j]] == c {
				j++
			}
			p.end = int32(j)
			if j < len(text) && text[j] >= utf8.RuneSelf {
				r.tailPlainly(&p, class)
			} else if c == isLetter {
				r.scripts |= latin
			}
		} else {
			var n int
			if p, n = r.highPlainly(p); p.end == p.at { // no letter and no number
				before |= p.is
				i += n
				continue
			}
			r.tailPlainly(&p, class)
		}
		if p.is&isLetter != kind && len(pieces) > 0 { // "s4le", "s 4 l e": a letter and a digit side by side may be read in another way
			if q := pieces[len(pieces)-1]; before == 0 || p.end-p.at == 1 && q.end-q.at == 1 {
				r.tricky = append(r.tricky, p.at)
			}
		}
		pieces = append(pieces, p)
		is |= p.is | before
		before, kind, i = 0, p.is&isLetter, int(p.end)
		if i < len(text) && text[i] == ' ' { // as behind most words
			before, i = isSpace, i+1
		}
	}
	r.is |= is | before
	r.pieces = pieces
}

// tailPlainly takes p on from its end, where a character stands that is not ASCII.
func (r *reading) tailPlainly(p *piece, class *[256]uint16) {
	marks, kind := 0, p.is&(isLetter|isDigit)
	j := int(p.end)
	for ; j < len(r.text); p.end = int32(j) {
		if b := r.text[j]; b < utf8.RuneSelf {
			if class[b] != kind {
				return
			}
			if kind == isLetter {
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
		case g.is&isLetter != 0 && kind == isLetter, g.is&isNumber != 0 && kind == isDigit:
			marks = 0
			if g.plain != g.drawn {
				r.tricky = append(r.tricky, int32(j))
			}
		default:
			return
		}
		r.scripts |= g.script
		p.is |= g.is
		j += n
	}
}

// highPlainly looks at the character with which p begins, which is not ASCII and n bytes long. What comes back has no length when it is no letter and no number.
func (r *reading) highPlainly(p piece) (q piece, n int) {
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

// signPlainly notes the punctuation at i that some rule looks at.
func (r *reading) signPlainly(i int, c uint16) {
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
		r.marked = r.marked || hidesPlainly(prev, r.text[i], next)
	}
}

// hidesPlainly reports whether the mark b between prev and next may change what is read. Emphasis around a whole word does not.
func hidesPlainly(prev, b, next byte) bool {
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

// scanPlainly looks for the words of t among pieces of text and adds what it finds to hits.
func (v *vocabulary) scanPlainly(t *tree, hits []hit, text string, pieces []piece, how int) []hit {
	class := &t.class[how]
	first := t.next[int(root)*t.width:][:t.width]
	for i := range pieces {
		if p := &pieces[i]; p.is&isHigh == 0 && first[class[text[p.at]]] == nowhere { // as most words end
			continue
		}
		if at := t.lead(root, text, pieces[i], how); at != nowhere {
			hits = v.followPlainly(t, hits, text, pieces[i:], at, how)
		}
	}
	return hits
}

// followPlainly goes on from the first of pieces, which led to at: a word may be taken apart into pieces that stand close together, or into single
// letters that stand apart.
func (v *vocabulary) followPlainly(t *tree, hits []hit, text string, pieces []piece, at uint16, how int) []hit {
	spaced, length := false, 0
	for j, p := range pieces[:min(len(pieces), joins)] {
		if j > 0 {
			switch {
			case p.before&gap == 0:
			case single(text, pieces[j-1]) && single(text, p):
				spaced = true
			default:
				return hits
			}
			if at = t.lead(at, text, p, how); at == nowhere {
				return hits
			}
		}
		length += int(p.end - p.at)
		if length > 4*(v.longest+endings) { // a letter that is drawn like another may be four bytes long
			return hits
		}
		if at == leaf && (!spaced || j+1 >= apart) {
			hits = v.check(hits, text, pieces[:j+1], how)
		}
	}
	return hits
}

// lookPlainly adds every word of v in r to hits, in the order in which they stand: first the keys; around each key of a phrase all words; and in the lines
// that hold letters or signs which may be read as others, all words as they are drawn.
func (v *vocabulary) lookPlainly(hits []hit, r *reading) []hit {
	hits = v.scanPlainly(&v.keys, hits, r.text, r.pieces, asWritten)
	keys, done := len(hits), 0
	for _, h := range hits[:keys] {
		if far := v.reach[h.id]; far != (reach{}) {
			i, _ := slices.BinarySearchFunc(r.pieces, h.at, func(p piece, at int32) int { return int(p.at - at) })
			from, to := phrase(r, i, far)
			if from = max(from, done); from < to {
				hits, done = v.scanPlainly(&v.all, hits, r.text, r.pieces[from:to], asWritten), to
			}
		}
	}
	done = 0
	for i, p := range r.pieces { // words with capitals inside
		if i >= done && r.parts(p) && len(v.scanPlainly(&v.all, nil, r.text, r.apart(nil, r.pieces[back(r, i):on(r, i+1)]), asWritten)) > 0 {
			from, to := phrase(r, i, reach{phraseWords, phraseWords})
			hits, done = v.scanPlainly(&v.all, hits, r.text, r.apart(nil, r.pieces[max(from, done):to]), asWritten), to
		}
	}
	hits = v.lookInTags(hits, r)
	if len(r.tricky) > 0 {
		hits = v.lookAgainPlainly(hits, r)
	}
	if len(hits) > keys {
		slices.SortStableFunc(hits, func(a, b hit) int { return int(a.at - b.at) })
	}
	return hits
}

// lookAgainPlainly reads the lines of r that hold something tricky as they are drawn.
func (v *vocabulary) lookAgainPlainly(hits []hit, r *reading) []hit {
	slices.Sort(r.tricky)
	var again reading
	for end := int32(-1); ; {
		i, _ := slices.BinarySearch(r.tricky, end+1)
		if i == len(r.tricky) {
			return hits
		}
		var at int32
		at, end = line(r.text, r.tricky[i])
		readPlainly(r.text[at:end], true, &again)
		for j := range again.pieces {
			again.pieces[j].at += at
			again.pieces[j].end += at
		}
		pieces := r.apart(nil, again.pieces)
		hits = v.scanPlainly(&v.all, hits, r.text, pieces, asDrawn)
		hits = v.scanPlainly(&v.all, hits, r.text, pieces, asDrawnL)
		from, _ := slices.BinarySearchFunc(r.pieces, at, func(p piece, at int32) int { return int(p.at - at) })
		to, _ := slices.BinarySearchFunc(r.pieces, end, func(p piece, end int32) int { return int(p.at - end) })
		from, _ = phrase(r, from, reach{phraseWords, 0})
		_, to = phrase(r, to, reach{0, phraseWords})
		hits = v.scanPlainly(&v.all, hits, r.text, r.pieces[from:to], asWritten) // a phrase may be written plainly in part
	}
}

// linkKeyPlainly is host and path without www, tracking parameters and a closing slash: what decides where a reader lands.
func linkKeyPlainly(s string) string {
	s = strings.TrimRight(s, ".,;:!?")
	if !strings.Contains(s, "://") && !strings.HasPrefix(strings.ToLower(s), "mailto:") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	q := u.Query()
	for k := range q {
		if strings.HasPrefix(k, "utm_") {
			q.Del(k)
		}
	}
	key := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.EscapedPath(), "/")
	if u.User != nil {
		key = u.User.String() + "@" + key
	}
	if u.Opaque != "" {
		key = strings.ToLower(u.Opaque)
	}
	if e := q.Encode(); e != "" {
		key += "?" + e
	}
	return key
}

// findPlainly is find over what was read plainly.
func (t *terms) findPlainly(r *reading) []match {
	hits := t.words.lookPlainly(nil, r)
	w := walk{hits: hits, r: r}
	var found []match
	for i, h := range hits {
		for _, n := range t.first[h.id] {
			if end, ok := w.follows(n, i, t.all[n].words[1:]); ok {
				found = append(found, match{n, h.at, end})
			}
		}
	}
	return t.within(found, r)
}
