package guard

import "slices"

// term is a word or a phrase that a rule looks for.
type term struct {
	text  string
	words [][]int32 // for each word, the stems that stand for it
	group int32
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
	words *vocabulary
}

func newTerms() *terms {
	return &terms{words: &vocabulary{ids: map[string]int32{}, exact: map[string]int32{}}}
}

// add learns a term; one without a letter or a number is none.
func (t *terms) add(text string, group int32) {
	words := t.words.learn(text)
	if len(words) == 0 {
		return
	}
	if group == ofRequired {
		t.needs = append(t.needs, int32(len(t.all)))
	}
	t.all = append(t.all, term{text, words, group})
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
	for i, h := range hits {
		for _, n := range t.first[h.id] {
			if end, ok := follows(hits, i, t.all[n].words[1:], r); ok {
				found = append(found, match{n, h.at, end})
			}
		}
	}
	return found
}

// follows reports whether words stand one after another behind hit i, and where the last ends.
func follows(hits []hit, i int, words [][]int32, r *reading) (end int32, ok bool) {
	end = hits[i].end
	if len(words) == 0 {
		return end, true
	}
	for j := i + 1; j < len(hits); j++ {
		h := hits[j]
		if h.at < end {
			continue
		}
		if !neighbours(r, end, h.at) {
			return 0, false
		}
		if slices.Contains(words[0], h.id) {
			if last, ok := follows(hits, j, words[1:], r); ok {
				return last, true
			}
		}
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
