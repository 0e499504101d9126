package guard

import (
	"strings"
	"unicode/utf8"
)

// prose is what the sentences of a text add up to.
type prose struct {
	words, sentences, syllables int
	longest                     int   // words of the longest sentence
	at, end                     int32 // where that one stands
}

// gradeWords is the least number of words that a reading grade is taken of: the formula was made for passages of a hundred.
const gradeWords = 30

// grade is the reading grade by Flesch and Kincaid: 0.39 × words ÷ sentences + 11.8 × syllables ÷ words − 15.59 (Kincaid, Fishburne, Rogers & Chissom 1975,
// Navy Research Branch Report 8-75). It is made for English, and means little for other languages. False for texts that are too short.
func (p prose) grade() (float64, bool) {
	if p.words < gradeWords || p.sentences == 0 {
		return 0, false
	}
	return 0.39*float64(p.words)/float64(p.sentences) + 11.8*float64(p.syllables)/float64(p.words) - 15.59, true
}

func (p *prose) add(q prose) {
	p.words += q.words
	p.sentences += q.sentences
	p.syllables += q.syllables
}

// proseOf counts r's words and sentences, and syllables where they are asked for. A line that begins a list or a heading begins a sentence.
func proseOf(r *reading, syllables bool) prose {
	var p prose
	n, at, last := 0, int32(0), int32(0)
	finish := func() {
		if n > p.longest {
			p.longest, p.at, p.end = n, at, last
		}
		if n > 0 {
			p.sentences++
		}
		n = 0
	}
	for i := range r.pieces {
		w := &r.pieces[i]
		if w.before&(isStop|isLine) != 0 && n > 0 && sentenceEnds(r, last, *w) {
			finish()
		}
		if w.before&gap == 0 && i > 0 && (w.is&isLetter == 0 || w.end-w.at <= 2 && r.text[w.at-1] != '-') { // "baker's", "don't", "10:00", "10am": one word
			last = w.end
			continue
		}
		if n == 0 {
			at = w.at
		}
		n++
		p.words++
		last = w.end
		if syllables {
			p.syllables += syllablesIn(r.text[w.at:w.end])
		}
	}
	finish()
	return p
}

// sentenceEnds reports whether a sentence ends between the word that ends at i and w.
func sentenceEnds(r *reading, i int32, w piece) bool {
	between := r.text[i:w.at]
	if w.before&isStop != 0 && w.before&gap != 0 {
		return true
	}
	_, rest, ok := strings.Cut(between, "\n")
	return ok && strings.Trim(rest, " \t") != "" || strings.Count(between, "\n") > 1 || ok && strings.Contains(between, ":")
}

// vowels are the bytes that a syllable is heard by.
var vowels = func() (v [256]bool) {
	for _, b := range []byte("aeiouyAEIOUY") {
		v[b] = true
	}
	return v
}()

// syllablesIn estimates the syllables of an English word: groups of vowels, without a silent "e" at its end.
func syllablesIn(w string) int {
	n, in := 0, false
	for i := 0; i < len(w); i++ {
		v := vowels[w[i]] || w[i] >= utf8.RuneSelf && !in // "ä" and the like are vowels more often than not
		if v && !in {
			n++
		}
		in = v
	}
	if n > 1 && len(w) > 2 && w[len(w)-1] == 'e' && !vowels[w[len(w)-2]] && !strings.HasSuffix(w, "le") {
		n--
	}
	return max(n, 1)
}

// emojiIn counts the emoji of s as people see them: a family or a flag is one.
func emojiIn(s string) int {
	n := 0
	joined, half := false, false
	var before rune
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			joined, half, before = false, false, rune(s[i])
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == 0x200D:
			joined = true
			continue
		case r == 0xFE0F && !drawnAsEmoji(before) && before >= 0x2000, r == 0x20E3:
			n++
		case r >= 0x1F3FB && r <= 0x1F3FF && before >= 0x2600: // a skin tone
		case r >= 0x1F1E6 && r <= 0x1F1FF:
			if half = !half; half {
				n++
			}
			before = r
			continue
		case drawnAsEmoji(r) && !joined:
			n++
		}
		joined, half, before = false, false, r
	}
	return n
}

// drawnAsEmoji reports the symbols that are drawn in colour wherever they stand.
func drawnAsEmoji(r rune) bool {
	return r >= 0x1F300 && r <= 0x1FAFF || r == 0x1F004 || r == 0x1F0CF || r >= 0x2600 && r <= 0x27BF || r >= 0x231A && r <= 0x231B || r >= 0x23E9 && r <= 0x23F3 ||
		r == 0x2B50 || r == 0x2B55 || r >= 0x2B1B && r <= 0x2B1C
}

// exclamationsIn counts exclamation marks, but for the one before a picture.
func exclamationsIn(s string) int {
	return strings.Count(s, "!") - strings.Count(s, "![") - strings.Count(s, "<!") + strings.Count(s, "！") + 2*strings.Count(s, "‼") + strings.Count(s, "❗")
}
