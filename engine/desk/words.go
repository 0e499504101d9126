package desk

import (
	"strings"

	"koira/engine"
)

// changed is the share of words that differ between two wordings of a piece, 0..1: 1 − Σ LCS ÷ Σ max(words before, words after), summed over
// the variants, where LCS is the length of the longest common subsequence of words (Wagner & Fischer 1974). Subject, body and ask count.
func changed(before, after []engine.Variant) float64 {
	var same, all int
	for _, v := range after {
		b := words(v)
		a := words(find(before, v.Name))
		same += common(a, b)
		all += max(len(a), len(b))
	}
	if all == 0 {
		return 0
	}
	return 1 - float64(same)/float64(all)
}

func words(v engine.Variant) []string {
	return strings.Fields(v.Subject + "\n" + v.Body + "\n" + v.CallToAction)
}

// find returns the variant of that name, or an empty one.
func find(all []engine.Variant, name string) engine.Variant {
	for _, v := range all {
		if v.Name == name {
			return v
		}
	}
	return engine.Variant{}
}

// common is the length of the longest common subsequence of a and b. What they begin and end with alike is counted first: an edit mostly
// touches the middle, and the table costs len(a)·len(b).
func common(a, b []string) int {
	ends := 0
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b, ends = a[1:], b[1:], ends+1
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b, ends = a[:len(a)-1], b[:len(b)-1], ends+1
	}
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return ends + row[len(b)]
}
