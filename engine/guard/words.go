package guard

import (
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// How the letters of a text may be read.
const (
	asWritten = iota // in its own alphabet, without accents
	asDrawn          // as the Latin letters that they look like, "1" as i
	asDrawnL         // the same, "1" as l
)

// vocabulary is every word that some rule looks for, in a form in which a clean text costs little: each word of a text is led down a tree of
// the beginnings of the looked-for stems, and most leave it at their second or third letter. Only a word that gets to a leaf is looked up.
type vocabulary struct {
	ids   map[string]int32                 // stem → number
	exact map[string]int32                 // word → number, for those that are looked for in this form alone
	keys  tree                             // of the stems that every text is searched for: one of each term
	all   tree                             // of every stem, for the places where a key stands
	reach []reach                          // by number: of the keys of phrases
	memo  [1 << 13]atomic.Pointer[meaning] // of words that were looked up, by a hash: stemming takes long, and texts are full of the same words

	longest int // bytes of the longest stem
}

// reach is how many words of a phrase stand before its key and behind it, at most.
type reach struct{ before, behind int }

// tree holds the beginnings of stems.
type tree struct {
	class [3][256]uint8           // by how letters are read: the column of a byte, 0 for one that no stem begins with
	first [beginnings / 64]uint64 // a set of how heads begin, as beginning numbers it
	width int
	next  []uint16 // rows of width columns: from each state, by column, the next one
}

const (
	nowhere uint16 = 0
	leaf    uint16 = 1
	root    uint16 = 2 // and the ones above it are those from which there is a way on
	rows           = 1<<16 - 1
	// stemHead is how much of a stem the tree holds: more would make it larger, and few words that share as much are not the same.
	stemHead = 6
	// endings is how much longer than its stem a word may be in the forms that spaced-out letters are tried in.
	endings = 8
)

// stem is the form in which words are compared: Snowball's, for English, and for Russian where the word is Cyrillic. w is small and without accents.
func stem(w string) string {
	if r, _ := utf8.DecodeRuneInString(w); scriptOf(r) == cyrillic {
		return russian.Stem(w, true)
	}
	return english.Stem(w, true)
}

// id is the number of a stem.
func (v *vocabulary) id(stem string) int32 {
	n, ok := v.ids[stem]
	if !ok {
		n = int32(len(v.ids))
		v.ids[stem] = n
	}
	return n
}

// learn returns, for each word of a term, the numbers of the stems that stand for it: in its own alphabet, and as it is drawn. A term that begins
// with "=" is looked for in this form alone: "=fined" is not "fine".
func (v *vocabulary) learn(term string) [][]int32 {
	var r reading
	read(term, false, &r)
	var words [][]int32
	for _, p := range r.pieces {
		own, drawn := fold(term[p.at:p.end], asWritten), fold(term[p.at:p.end], asDrawn)
		if own == "" {
			continue
		}
		ids := []int32{v.id(stem(own))} // the tree needs it also where it is not looked for itself
		if term[0] == '=' {
			v.exact[own] = v.id("=" + own)
			ids[0] = v.exact[own]
		}
		if drawn != own && p.is&isHigh != 0 { // an own word may be imitated with Latin letters
			ids = append(ids, v.id(stem(drawn)))
		}
		words = append(words, ids)
	}
	return words
}

// fold is a word as rules compare it: small letters, without accents and what nobody sees.
func fold(word string, how int) string {
	var b strings.Builder
	for i := 0; i < len(word); {
		c := word[i]
		if c < utf8.RuneSelf {
			b.WriteByte(letters[how][c])
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(word[i:])
		if g := glyphOf(r); how == asWritten {
			b.WriteString(g.plain)
		} else {
			b.WriteString(g.drawn)
		}
		i += n
	}
	return b.String()
}

// letters gives each ASCII byte the small letter or digit that it is read as.
var letters = func() (l [3][256]byte) {
	for how := range l {
		for b := range l[how] {
			l[how][b] = byte(b)
			if 'A' <= b && b <= 'Z' {
				l[how][b] += 'a' - 'A'
			}
		}
	}
	for how, pairs := range map[int]string{asDrawn: "0o1i3e4a5s7t@a$s", asDrawnL: "0o1l3e4a5s7t@a$s"} {
		for i := 0; i < len(pairs); i += 2 {
			l[how][pairs[i]] = pairs[i+1]
		}
	}
	return l
}()

// meaning is what a word stands for: the numbers of its stem and of its exact form, −1 for what nobody looks for.
type meaning struct {
	word        string
	stem, exact int32
}

// mean looks a folded word up. What it keeps is only what it would find again.
func (v *vocabulary) mean(word []byte) *meaning {
	h := uint32(2166136261)
	for _, b := range word {
		h = (h ^ uint32(b)) * 16777619
	}
	slot := &v.memo[(h^h>>15)%uint32(len(v.memo))]
	if m := slot.Load(); m != nil && m.word == string(word) {
		return m
	} else if m != nil { // two words in one place take turns: the second place is the neighbour's
		slot = &v.memo[((h^h>>15)%uint32(len(v.memo)))^1]
		if m := slot.Load(); m != nil && m.word == string(word) {
			return m
		}
	}
	m := &meaning{string(word), -1, -1}
	if id, ok := v.ids[stem(m.word)]; ok {
		m.stem = id
	}
	if id, ok := v.exact[m.word]; ok {
		m.exact = id
	}
	slot.Store(m)
	return m
}

// build makes the trees, once everything is learned; keys are the numbers of the stems that every text is searched for.
func (v *vocabulary) build(keys map[int32]bool) {
	var some, all []string
	form := func(word string, id int32) {
		s := word
		if v.exact[word] == id {
			s = stem(word) // what leads to it
		}
		heads := []string{head(s)}
		if h, ok := irregular[s]; ok {
			heads = append(heads, h)
		}
		all = append(all, heads...)
		if keys[id] {
			some = append(some, heads...)
		}
		v.longest = max(v.longest, len(s))
	}
	for s, id := range v.ids {
		form(strings.TrimPrefix(s, "="), id)
	}
	v.keys, v.all = plant(some), plant(all)
}

// head is how every form of a stem begins. Snowball changes the last letter of some: cry → cri, hoping → hope, ability → abl.
func head(s string) string {
	h := s
	if len(s) > 2 && (strings.HasSuffix(s, "e") || strings.HasSuffix(s, "i") || strings.HasSuffix(s, "bl")) {
		h = s[:len(s)-1]
	}
	return h[:min(len(h), stemHead)]
}

// irregular are the beginnings of the forms that share less with their stem (Snowball's own list of exceptions).
var irregular = map[string]string{"die": "dy", "lie": "ly", "tie": "ty"}

// plant makes a tree of heads.
func plant(heads []string) tree {
	slices.Sort(heads)
	t := tree{width: 1}
	var column [256]uint8
	for _, h := range heads {
		for _, b := range []byte(h) {
			if column[b] == 0 {
				column[b] = uint8(t.width)
				t.width++
			}
		}
	}
	for how := range t.class {
		for b := range column {
			t.class[how][b] = column[letters[how][b]]
		}
	}
	t.next = make([]uint16, 3*t.width)
	for _, h := range heads {
		t.add(h)
		t.begin(h)
	}
	return t
}

// beginnings is how many there are, of three bytes with five bits each.
const beginnings = 1 << 15

// beginning numbers the first n bytes of w, the lowest ones, up to three: capitals as small letters, and with some it shares its number.
func beginning(w uint32, n int32) uint32 {
	w &= firsts[min(uint32(n), 3)]
	return w&0x1F | w>>3&0x3E0 | w>>6&0x7C00
}

// firsts are the bits that are looked at of so many bytes.
var firsts = [4]uint32{0, 0x1F, 0x1F1F, 0x1F1F1F}

// begin notes how words begin that lead to h: with all of its first three bytes, and, for those that are taken apart, with the first and the first two. Behind
// a shorter one anything may follow.
func (t *tree) begin(h string) {
	var w uint32
	n := min(len(h), 3)
	for i := range n {
		w |= uint32(h[i]) << (8 * i)
		t.note(beginning(w, int32(i+1)))
	}
	for rest := range uint32(beginnings >> (5 * n)) {
		t.note(beginning(w, int32(n)) | rest<<(5*n))
	}
}

func (t *tree) note(beginning uint32) { t.first[beginning/64] |= 1 << (beginning % 64) }

// skip is the first of pieces, from i on, with which a looked-for word may begin, as far as its first three letters tell: lead says of the others, which
// are nearly all, that they lead nowhere.
func (t *tree) skip(text string, pieces []piece, i int) int {
	for ; i < len(pieces); i++ {
		p := &pieces[i]
		at := int(p.at)
		if p.is&isHigh != 0 || at < 0 || at >= len(text)-2 {
			return i
		}
		b := beginning(uint32(text[at])|uint32(text[at+1])<<8|uint32(text[at+2])<<16, p.end-p.at)
		if t.first[b/64]>>(b%64)&1 != 0 {
			return i
		}
	}
	return i
}

func (t *tree) add(h string) {
	at := root
	for i, b := range []byte(h) {
		cell := int(at)*t.width + int(t.class[asWritten][b])
		if i == len(h)-1 || len(t.next)/t.width >= rows && t.next[cell] == nowhere {
			t.next[cell] = leaf // a longer head behind it is not needed: what comes here is looked at
			return
		}
		switch t.next[cell] {
		case leaf:
			return
		case nowhere:
			t.next[cell] = uint16(len(t.next) / t.width)
			t.next = append(t.next, make([]uint16, t.width)...)
		}
		at = t.next[cell]
	}
}

// lead takes a word on from state at. A piece that is not ASCII is folded first.
func (t *tree) lead(at uint16, text string, p piece, how int) uint16 {
	class := &t.class[how]
	if p.is&isHigh != 0 {
		word := fold(text[p.at:p.end], how)
		for i := 0; i < len(word) && at >= root; i++ {
			at = t.next[int(at)*t.width+int(class[word[i]])]
		}
		return at
	}
	for i := p.at; i < p.end && at >= root; i++ {
		at = t.next[int(at)*t.width+int(class[text[i]])]
	}
	return at
}

// frequent are the words of which English text is full.
var frequent = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`the of and to a in is it you that he was for on are with as i his they be at one have this from or had by not but
	what some we can out other were all there when up use your how said an each she which do their time if will way about many then them write
	would like so these her long make thing see him two has look more day could go come did number no most my over know than call first who may
	down side been now find any new work part take get place made live where after back only me our us its also into just very here every each
	was well even good best still too off own both such while through before between out again never always why let tell ask today week`) {
		set[w] = true
	}
	return set
}()

// rarest is the place, among the words of a term, of the one that texts hold least: not a frequent word, and the longest. names are the stems by number.
func rarest(words [][]int32, names []string) int {
	best, most := 0, -1
	for i, ids := range words {
		length := len(names[ids[0]])
		if !frequent[names[ids[0]]] {
			length += 100
		}
		if length > most {
			best, most = i, length
		}
	}
	return best
}
