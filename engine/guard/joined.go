package guard

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Words are also found where they are written together: with a capital at each ("#PriceWar", "BIGSale"); of a term of several words, without any
// ("pricewar"); and in a hashtag without any, where all of the tag is words that are known ("#nopricewar", but not "#wholesale").

// lookTogether looks for the words of v in those that have capitals inside, and in the phrases around them.
func (v *vocabulary) lookTogether(hits []hit, r *reading) []hit {
	done := 0
	var few [16]piece
	room := few[:0]
	for _, h := range r.humps {
		for i := r.from(h); i < len(r.pieces) && r.pieces[i].at < h+atOnce; i++ {
			if i < done || !r.parts(r.pieces[i]) {
				continue
			}
			room = r.apart(room[:0], r.pieces[back(r, i):on(r, i+1)])
			some := len(hits)
			if hits = v.scan(&v.all, hits, r.text, room, asWritten); len(hits) == some { // as of most
				continue
			}
			from, to := phrase(r, i, reach{phraseWords, phraseWords})
			room = r.apart(room[:0], r.pieces[max(from, done):to])
			hits, done = v.scan(&v.all, hits[:some], r.text, room, asWritten), to
		}
	}
	return hits
}

// from is the first of r's pieces that begins at at or behind it.
func (r *reading) from(at int32) int {
	i, j := 0, len(r.pieces)
	for i < j {
		if mid := (i + j) / 2; r.pieces[mid].at < at {
			i = mid + 1
		} else {
			j = mid
		}
	}
	return i
}

// parts reports whether p is several words written together.
func (r *reading) parts(p piece) bool {
	if p.is&isHigh == 0 && !inner(r.text[p.at:p.end]) {
		return false
	}
	return r.border(p, p.at) < p.end
}

// inner reports whether a capital stands behind the first letter of word.
func inner(word string) bool {
	for i := 1; i < len(word); i++ {
		if 'A' <= word[i] && word[i] <= 'Z' {
			return true
		}
	}
	return false
}

// apart adds pieces to room, those that are several words as one for each.
func (r *reading) apart(room, pieces []piece) []piece {
	for _, p := range pieces {
		for end := r.border(p, p.at); end < p.end; end = r.border(p, p.at) {
			word := p
			word.end = end
			room = append(room, word)
			p.at, p.before = end, 0
		}
		room = append(room, p)
	}
	return room
}

// border is where the word ends that begins at i in p: before a capital that stands behind a small letter, or before a small one behind another capital.
func (r *reading) border(p piece, i int32) int32 {
	if p.is&isLetter == 0 {
		return p.end
	}
	last := p.end // where the letter before begins, if it is a capital behind the first one of the word
	small, first := false, true
	for i < p.end {
		c, n := utf8.DecodeRuneInString(r.text[i:p.end])
		capital, nothing := 'A' <= c && c <= 'Z', false
		if c >= utf8.RuneSelf {
			g := glyphOf(c)
			capital, nothing = g.capital, g.is&isNothing != 0
		}
		switch {
		case nothing:
		case capital && small:
			return i
		case capital:
			if small = false; !first {
				last = i
			}
			first = false
		case last < p.end:
			return last
		default:
			small, first = true, false
		}
		i += int32(n)
	}
	return p.end
}

// tagWords are the words beside which a looked-for one is told in a hashtag without capitals: those of which English is full, and what shops put there.
var tagWords = func() map[string]bool {
	set := maps.Clone(frequent)
	for _, w := range strings.Fields(`big mega super great happy last next late early final flash mid end season seasons special grand secret summer winter spring autumn fall
	black red white blue friday monday tuesday wednesday thursday saturday sunday weekend holiday christmas xmas easter halloween night nights days weeks month year years
	morning evening tonight tomorrow free live love life world city town local street shop shops store online news join stop save buy help need enjoy thanks hello`) {
		set[w] = true
	}
	return set
}()

// tagMost is how many bytes of a hashtag are taken apart.
const tagMost = 60

// lookInTags looks for the words of v in hashtags.
func (v *vocabulary) lookInTags(hits []hit, r *reading) []hit {
	var few [8]piece
	for at := strings.IndexByte(r.text, '#'); at >= 0; {
		at++
		if i := r.from(int32(at)); i < len(r.pieces) && r.pieces[i].at == int32(at) {
			for _, p := range r.apart(few[:0], r.pieces[i:i+1]) {
				hits = v.segment(hits, r.text, p)
			}
		}
		next := strings.IndexByte(r.text[at:], '#')
		if next < 0 {
			break
		}
		at += next
	}
	return hits
}

// segment adds to hits the words of v that p holds with nothing but known words before and behind them.
func (v *vocabulary) segment(hits []hit, text string, p piece) []hit {
	if p.is&isLetter == 0 || p.end-p.at > tagMost || !v.holds(text, p) {
		return hits
	}
	type word struct {
		at, end int32
		found   []hit
	}
	var words []word
	open := [tagMost + 1]bool{0: true} // places to which known words lead from the beginning
	for at := p.at; at < p.end; at++ {
		if !open[at-p.at] {
			continue
		}
		for end := at + 1; end <= p.end; end++ {
			if int(end) < len(text) && !utf8.RuneStart(text[end]) {
				continue
			}
			one := piece{at: at, end: end, is: p.is}
			var found []hit
			if v.all.lead(root, text, one, asWritten) == leaf {
				found = v.check(nil, text, []piece{one}, asWritten)
			}
			if len(found) > 0 || tagWords[fold(text[at:end], asWritten)] {
				words = append(words, word{at, end, found})
				open[end-p.at] = true
			}
		}
	}
	var closed [tagMost + 1]bool // places from which known words lead to the end
	closed[p.end-p.at] = true
	for _, w := range slices.Backward(words) {
		if closed[w.end-p.at] {
			closed[w.at-p.at] = true
			hits = append(hits, w.found...)
		}
	}
	return hits
}

// holds reports whether a looked-for word may begin anywhere in p: of most tags none does.
func (v *vocabulary) holds(text string, p piece) bool {
	one := [1]piece{p}
	for ; one[0].at < p.end; one[0].at++ {
		if v.all.skip(text, one[:], 0) == 0 && utf8.RuneStart(text[one[0].at]) && v.all.lead(root, text, one[0], asWritten) == leaf {
			return true
		}
	}
	return false
}
