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
	var found []engine.Finding
	for _, term := range v.Guardrails.Topics.Blocked {
		for _, variant := range v.Output.Variants {
			if !mentions(variant.Content(), term) {
				continue
			}
			found = append(found, engine.Finding{
				Outcome:  engine.Block,
				Evidence: fmt.Sprintf("It speaks of %q, which is a blocked subject.", term),
				Remedy:   fmt.Sprintf("Leave %q out.", term),
			})
			break
		}
	}
	return found
}

// mentions reports whether term's words stand in text one after another. Letters spaced out ("s a l e") are read joined as well.
func mentions(text, term string) bool {
	want := stems(term)
	if len(want) == 0 {
		return false
	}
	have := stems(text)
	for i := 0; i+len(want) <= len(have); i++ {
		if slices.Equal(have[i:i+len(want)], want) {
			return true
		}
	}
	word := strings.Join(want, "")
	return slices.ContainsFunc(spelled(have), func(letters string) bool { return strings.Contains(letters, word) })
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
