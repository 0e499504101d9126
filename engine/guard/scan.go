package guard

import (
	"slices"
	"unicode/utf8"
)

// hit is one looked-for word in a text.
type hit struct {
	id      int32
	at, end int32
}

const (
	// joins is how many pieces may stand together for one word ("s-a-l-e").
	joins = 24
	// apart is how many single letters with spaces between them are read as one word, at least.
	apart = 3
)

// scan looks for the words of t among pieces of text and adds what it finds to hits.
func (v *vocabulary) scan(t *tree, hits []hit, text string, pieces []piece, how int) []hit {
	for i := 0; i < len(pieces); i++ {
		if how == asWritten {
			if i = t.skip(text, pieces, i); i == len(pieces) {
				break
			}
		}
		if at := t.lead(root, text, pieces[i], how); at != nowhere {
			hits = v.follow(t, hits, text, pieces[i:], at, how)
		}
	}
	return hits
}

// follow goes on from the first of pieces, which led to at: a word may be taken apart into pieces that stand close together, or into single
// letters that stand apart.
func (v *vocabulary) follow(t *tree, hits []hit, text string, pieces []piece, at uint16, how int) []hit {
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

// single reports whether p is one letter or digit.
func single(text string, p piece) bool {
	if p.is&isHigh == 0 {
		return p.end-p.at == 1
	}
	return utf8.RuneCountInString(fold(text[p.at:p.end], asWritten)) == 1
}

// check looks up the word that pieces make together.
func (v *vocabulary) check(hits []hit, text string, pieces []piece, how int) []hit {
	var space [64]byte
	word, plain := space[:0], true
	for _, p := range pieces {
		if plain = plain && p.is&isHigh == 0; plain {
			for i := p.at; i < p.end; i++ {
				word = append(word, letters[how][text[i]])
			}
		} else {
			word = append(word, fold(text[p.at:p.end], how)...)
		}
	}
	at, end := pieces[0].at, pieces[len(pieces)-1].end
	m := v.mean(word)
	if m.stem < 0 && m.exact < 0 || how != asWritten && !lettery(text[at:end]) {
		return hits
	}
	if m.stem >= 0 {
		hits = append(hits, hit{m.stem, at, end})
	}
	if m.exact >= 0 {
		hits = append(hits, hit{m.exact, at, end})
	}
	return hits
}

// lettery reports whether s holds a letter: a number alone is never read as a word.
func lettery(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if ascii[c]&isLetter != 0 {
				return true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if glyphOf(r).is&isLetter != 0 {
			return true
		}
		i += n
	}
	return false
}

// look adds every word of v in r to hits, in the order in which they stand: first the keys; around each key of a phrase all words; where
// words have capitals inside, each of their parts; and in the lines that hold letters or signs which may be read as others, all words as they are drawn.
func (v *vocabulary) look(hits []hit, r *reading) []hit {
	hits = v.scan(&v.keys, hits, r.text, r.pieces, asWritten)
	keys, done := len(hits), 0
	for _, h := range hits[:keys] {
		if far := v.reach[h.id]; far != (reach{}) {
			i, _ := slices.BinarySearchFunc(r.pieces, h.at, func(p piece, at int32) int { return int(p.at - at) })
			from, to := phrase(r, i, far)
			if from = max(from, done); from < to {
				hits, done = v.scan(&v.all, hits, r.text, r.pieces[from:to], asWritten), to
			}
		}
	}
	if len(r.humps) > 0 {
		hits = v.lookTogether(hits, r)
	}
	hits = v.lookInTags(hits, r)
	if len(r.tricky) > 0 {
		hits = v.lookAgain(hits, r)
	}
	if len(hits) > keys {
		slices.SortStableFunc(hits, func(a, b hit) int { return int(a.at - b.at) })
	}
	return hits
}

// lookAgain reads the lines of r that hold something tricky as they are drawn.
func (v *vocabulary) lookAgain(hits []hit, r *reading) []hit {
	slices.Sort(r.tricky)
	var again reading
	for end := int32(-1); ; {
		i, _ := slices.BinarySearch(r.tricky, end+1)
		if i == len(r.tricky) {
			return hits
		}
		var at int32
		at, end = line(r.text, r.tricky[i])
		read(r.text[at:end], true, &again)
		for j := range again.pieces {
			again.pieces[j].at += at
			again.pieces[j].end += at
		}
		pieces := again.pieces
		if len(again.humps) > 0 {
			pieces = r.apart(nil, pieces)
		}
		hits = v.scan(&v.all, hits, r.text, pieces, asDrawn)
		hits = v.scan(&v.all, hits, r.text, pieces, asDrawnL)
		from, _ := slices.BinarySearchFunc(r.pieces, at, func(p piece, at int32) int { return int(p.at - at) })
		to, _ := slices.BinarySearchFunc(r.pieces, end, func(p piece, end int32) int { return int(p.at - end) })
		from, _ = phrase(r, from, reach{phraseWords, 0})
		_, to = phrase(r, to, reach{0, phraseWords})
		hits = v.scan(&v.all, hits, r.text, r.pieces[from:to], asWritten) // a phrase may be written plainly in part
	}
}

// line is the line of s in which i stands.
func line(s string, i int32) (at, end int32) {
	at, end = i, i
	for at > 0 && s[at-1] != '\n' {
		at--
	}
	for int(end) < len(s) && s[end] != '\n' {
		end++
	}
	return at, end
}

// phraseWords is how many words of a phrase are looked for beside a line that holds something tricky.
const phraseWords = 6

// phrase is the pieces around piece i in which so many words stand, each of which may be taken apart.
func phrase(r *reading, i int, far reach) (from, to int) {
	from, to = min(i, len(r.pieces)), min(i+1, len(r.pieces))
	for n := 0; n < far.before && from > 0; n++ {
		from = back(r, from-1)
	}
	to = on(r, to)
	for n := 0; n < far.behind && to < len(r.pieces); n++ {
		to = on(r, to+1)
	}
	return from, to
}

// back is the first of the pieces that may make one word with piece i, on where the pieces end that may make one with the piece before i.
func back(r *reading, i int) int {
	for n := 0; n < joins && i > 0 && together(r, i); n++ {
		i--
	}
	return i
}

func on(r *reading, i int) int {
	for n := 0; n < joins && i < len(r.pieces) && together(r, i); n++ {
		i++
	}
	return i
}

// together reports whether piece i may belong to the word of the piece before it.
func together(r *reading, i int) bool {
	p, q := r.pieces[i], r.pieces[i-1]
	return p.before&gap == 0 || p.end-p.at <= 4 && q.end-q.at <= 4 && single(r.text, p) && single(r.text, q)
}
