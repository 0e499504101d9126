package guard

import (
	"slices"
	"strings"
)

// term is a word or a phrase that a rule looks for.
type term struct {
	text  string
	words [][]int32 // for each word, the stems that stand for it
	group int32
	of    int32 // the term of which this is another form: its own place where it is none
}

// What a term is looked for. A pack's terms have the group ofPacks + its place in rules.packs.
const (
	ofTopics int32 = iota
	ofCompetitors
	ofBanned
	ofRequired
	ofPlain // a phrase in which a pack's words mean nothing
	ofUnits // words that make a number before them a claim
	ofNamed // a competitor's name, while the pack that would block it is off
	ofPacks
)

// match is one term found in a text.
type match struct {
	term    int32
	at, end int32
}

// terms is all terms of one version of the guardrails.
type terms struct {
	all   []term
	first [][]int32 // by stem: the terms that it begins
	needs []int32   // the terms that every piece holds
	solid []solid   // the terms of scripts that are written without spaces
	words *vocabulary
}

func newTerms() *terms {
	return &terms{words: &vocabulary{ids: map[string]int32{}, exact: map[string]int32{}}}
}

// wordsMost is how many words of a term are looked for. Nobody writes longer ones by mistake, and a text that holds so many holds the rest.
const wordsMost = 16

// add learns a term; one without a letter or a number is none.
func (t *terms) add(text string, group int32) {
	words := t.words.learn(text)
	if len(words) == 0 {
		return
	}
	words = words[:min(len(words), wordsMost)]
	of := int32(len(t.all))
	t.all = append(t.all, term{text, words, group, of})
	if group == ofRequired {
		t.needs = append(t.needs, of)
	}
	if unspaced(text) {
		t.solid = append(t.solid, solid{strandOf(text, true).text, of})
	}
	if joined := joined(text); len(words) > 1 && len(joined) >= joinedLeast && group != ofRequired && group != ofPlain && group != ofUnits {
		if words := t.words.learn(joined); len(words) < wordsMost {
			t.all = append(t.all, term{text, words, group, of})
		}
	}
}

// joinedLeast is how many bytes the words of a term have together to be looked for written as one: shorter ones are other words too often.
const joinedLeast = 6

// joined is a term with its words written as one.
func joined(text string) string {
	var r reading
	read(text, false, &r)
	var b strings.Builder
	if strings.HasPrefix(text, "=") {
		b.WriteByte('=')
	}
	for _, p := range r.pieces {
		b.WriteString(text[p.at:p.end])
	}
	return b.String()
}

// build makes t ready, once everything is added.
func (t *terms) build() {
	t.first = make([][]int32, len(t.words.ids))
	t.words.reach = make([]reach, len(t.words.ids))
	keys, names := map[int32]bool{}, make([]string, len(t.words.ids))
	for s, id := range t.words.ids {
		names[id] = s
	}
	for n, x := range t.all {
		for _, id := range x.words[0] {
			t.first[id] = append(t.first[id], int32(n))
		}
		key := rarest(x.words, names)
		for _, id := range x.words[key] {
			keys[id] = true
			far := &t.words.reach[id]
			far.before, far.behind = max(far.before, key), max(far.behind, len(x.words)-1-key)
		}
	}
	t.words.build(keys)
}

// find adds every term that r speaks of to found, in the order in which they stand. It works in room.
func (t *terms) find(found []match, r *reading, room *[]hit) []match {
	hits := t.words.look((*room)[:0], r)
	*room = hits
	w := walk{hits: hits, r: r}
	for i, h := range hits {
		for _, n := range t.first[h.id] {
			if end, ok := w.follows(n, i, t.all[n].words[1:]); ok {
				found = append(found, match{n, h.at, end})
			}
		}
	}
	return t.within(found, r)
}

// walk looks for phrases among the hits in one text.
type walk struct {
	hits []hit
	r    *reading
	dead map[step]bool // from where a long phrase does not go on: without it, letters that read in two ways double the work at every word
}

// step is a hit behind which so many words of a term are still to come.
type step struct {
	term int32
	hit  int
	left int
}

// brief is how many words a phrase may have to be looked for without taking down where it ends: nearly all have fewer.
const brief = 3

// follows reports whether words, the last ones of term n, stand one after another behind hit i, and where the last ends.
func (w *walk) follows(n int32, i int, words [][]int32) (end int32, ok bool) {
	end = w.hits[i].end
	if len(words) == 0 {
		return end, true
	}
	at := step{n, i, len(words)}
	if len(words) > brief && w.dead[at] {
		return 0, false
	}
	for j := i + 1; j < len(w.hits); j++ {
		h := w.hits[j]
		if h.at < end {
			continue
		}
		if !neighbours(w.r, end, h.at) {
			break
		}
		if slices.Contains(words[0], h.id) {
			if last, ok := w.follows(n, j, words[1:]); ok {
				return last, true
			}
		}
	}
	if len(words) > brief {
		if w.dead == nil {
			w.dead = map[step]bool{}
		}
		w.dead[at] = true
	}
	return 0, false
}

// neighbours reports whether no word stands between two places of r.
func neighbours(r *reading, at, end int32) bool {
	if end-at > 100 {
		return false
	}
	for ; at < end; at++ {
		switch c := ascii[r.text[at]]; {
		case c&(isLetter|isDigit) != 0:
			return false
		case c&isHigh != 0:
			i, _ := slices.BinarySearchFunc(r.pieces, at, func(p piece, at int32) int { return int(p.end - 1 - at) })
			return i == len(r.pieces) || r.pieces[i].at >= end
		}
	}
	return true
}

// Finds reports whether term is found where a text says it: rules refuse one that never would be.
func Finds(term string) bool {
	t := newTerms()
	t.add(strings.TrimLeft(term, "= "), ofTopics)
	t.build()
	var r reading
	read("a "+term+" b", false, &r)
	return len(t.find(nil, &r, new([]hit))) > 0
}
