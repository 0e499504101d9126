package guard

import (
	"regexp"
	"slices"
	"strings"

	"koira/engine"
)

// A sketch is a text's MinHash over its runs of three words (Broder 1997), of which each of sketchSize minima keeps six bits, one character
// (b-bit minwise hashing: Li & König 2010). Two sketches agree in a share of places that is r + (1−r)/64 on average, where r is the
// resemblance: runs of words that both have ÷ runs that one has. The standard error of an estimated r is at most √(r(1−r)/256) + 0.01: 2.6
// points at 80 %.
const (
	sketchSize  = 256
	sketchWords = 3
	sketchTag   = "1:" // changes when the rest does, so that an old sketch is never compared with a new one
	sketchBits  = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
)

// Sketch is what near-duplicates are found by: one sketch for each wording, with "/" between them. What stands on every piece does not count: the
// call to action, links, and the lines in standing. The same wordings give the same sketch; "" for nothing to say.
func Sketch(variants []engine.Variant, standing ...string) string {
	var all []string
	for _, v := range variants {
		if s := sketch(v, standing); s != "" {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return sketchTag + strings.Join(all, "/")
}

// address finds what is a link in a text; where it leads is not wording.
var webAddress = regexp.MustCompile(`(?i)https?://[^\s<>()\[\]"']+`)

func sketch(v engine.Variant, standing []string) string {
	text := unmark(webAddress.ReplaceAllString(v.Subject+"\n"+v.Body, " ")).text
	for _, line := range append(slices.Clone(standing), v.CallToAction) {
		if line = strings.TrimSpace(line); line != "" {
			text = strings.ReplaceAll(text, line, " ")
		}
	}
	var r reading
	read(text, false, &r)
	if len(r.pieces) == 0 {
		return ""
	}
	words := make([]uint64, len(r.pieces))
	for i, p := range r.pieces {
		words[i] = hashOf(fold(text[p.at:p.end], asWritten))
	}
	var least [sketchSize]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for i := 0; i == 0 || i+sketchWords <= len(words); i++ {
		run := uint64(0)
		for _, w := range words[i:min(i+sketchWords, len(words))] {
			run = mix(run*31 + w)
		}
		for k := range least {
			least[k] = min(least[k], mix(run^mix(uint64(k)+1)))
		}
	}
	out := make([]byte, sketchSize)
	for k, h := range least {
		out[k] = sketchBits[h&63]
	}
	return string(out)
}

// hashOf is FNV-1a of s.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix spreads h over all bits (the finaliser of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// resemblance estimates how much wording two pieces share, 0..1: of their wordings, the pair that is most alike.
func resemblance(a, b string) float64 {
	as, ok := strings.CutPrefix(a, sketchTag)
	bs, also := strings.CutPrefix(b, sketchTag)
	if !ok || !also {
		return 0
	}
	most := 0.0
	for x := range strings.SplitSeq(as, "/") {
		for y := range strings.SplitSeq(bs, "/") {
			most = max(most, agreement(x, y))
		}
	}
	return most
}

func agreement(x, y string) float64 {
	if len(x) != sketchSize || len(y) != sketchSize {
		return 0
	}
	same := 0
	for i := 0; i < sketchSize; i++ {
		if x[i] == y[i] {
			same++
		}
	}
	const chance = 1.0 / 64
	return max(0, (float64(same)/sketchSize-chance)/(1-chance))
}
