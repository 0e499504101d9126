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
	first map[int32][]int32 // stem → the terms that it begins
	words vocabulary
}

func newTerms() *terms {
	return &terms{first: map[int32][]int32{}, words: vocabulary{ids: map[string]int32{}, exact: map[string]int32{}}}
}

// add learns a term; one without a letter or a number is none.
func (t *terms) add(text string, group int32) {
	words := t.words.learn(text)
	if len(words) == 0 {
		return
	}
	n := int32(len(t.all))
	t.all = append(t.all, term{text, words, group})
	for _, id := range words[0] {
		t.first[id] = append(t.first[id], n)
	}
}

// find adds every term that r speaks of to found, in the order in which they stand.
func (t *terms) find(found []match, r *reading) []match {
	hits := t.words.look(r)
	if len(hits) == 0 {
		return found
	}
	for i, h := range hits {
		for _, n := range t.first[h.id] {
			if end, ok := follows(hits, i, t.all[n].words[1:], r); ok {
				found = append(found, match{n, h.at, end})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return int(a.at - b.at) })
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
	i, _ := slices.BinarySearchFunc(r.pieces, at, func(p piece, at int32) int { return int(p.at - at) })
	return i == len(r.pieces) || r.pieces[i].at >= end
}
