package guard

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"koira/engine"
)

// topics holds a piece that speaks about a blocked subject, at any level: whole words in any inflection, in every variant.
func topics(v engine.View) []engine.Finding {
	texts := make([]wording, len(v.Output.Variants))
	for i, variant := range v.Output.Variants {
		texts[i] = read(said(variant))
	}
	var found []engine.Finding
	for _, term := range v.Guardrails.Topics.Blocked {
		want := stems(term)
		if !slices.ContainsFunc(texts, func(w wording) bool { return w.mentions(want) }) {
			continue
		}
		found = append(found, engine.Finding{
			Outcome:  engine.Block,
			Evidence: fmt.Sprintf("It speaks of %q, which is a blocked subject.", term),
			Remedy:   fmt.Sprintf("Leave %q out.", term),
		})
	}
	return found
}

// wording is a text as the subjects are looked for in it: stemmed once, however many subjects there are.
type wording struct {
	stems   []string
	letters []string // runs of single letters, joined
}

func read(text string) wording {
	s := stems(text)
	return wording{s, spelled(s)}
}

// mentions reports whether a subject's stems stand one after another. Letters spaced out ("s a l e") are read joined as well.
func (w wording) mentions(want []string) bool {
	if len(want) == 0 {
		return false
	}
	for i := 0; i+len(want) <= len(w.stems); i++ {
		if w.stems[i] == want[0] && slices.Equal(w.stems[i:i+len(want)], want) {
			return true
		}
	}
	word := strings.Join(want, "")
	return slices.ContainsFunc(w.letters, func(letters string) bool { return strings.Contains(letters, word) })
}

// spelled joins each run of at least three single letters. Where a word begins inside such a run cannot be told, so it is searched whole.
func spelled(words []string) []string {
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && utf8.RuneCountInString(words[j]) == 1 {
			j++
		}
		if j-i >= 3 {
			out = append(out, strings.Join(words[i:j], ""))
		}
		i = max(j, i+1)
	}
	return out
}
