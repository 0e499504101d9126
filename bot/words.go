package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"koira/engine"
)

// quotes are what people's keyboards make of a quotation mark, each with all that may close it.
var quotes = map[rune]string{'"': `"”“`, '“': `”“"`, '”': `”“"`, '„': `“”"`, '«': "»"}

// split cuts a command's text into words. What stands in quotation marks, straight or curly, is one word; a mark inside a word is a letter.
// Code invalid for a quotation that does not end.
func split(text string) ([]string, error) {
	var words []string
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		first, size := utf8.DecodeRuneInString(rest)
		closing, quoted := quotes[first]
		if !quoted {
			end := strings.IndexFunc(rest, unicode.IsSpace)
			if end < 0 {
				end = len(rest)
			}
			words, rest = append(words, rest[:end]), rest[end:]
			continue
		}
		inside := rest[size:]
		end := strings.IndexAny(inside, closing)
		if end < 0 {
			return nil, engine.Errorf(engine.CodeInvalid, "A quotation mark has no second one: %s. Nothing changed.", short(rest))
		}
		words = append(words, strings.TrimSpace(inside[:end]))
		_, size = utf8.DecodeRuneInString(inside[end:])
		rest = inside[end+size:]
	}
	return words, nil
}

// short cuts what a person typed for a sentence that quotes it.
func short(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// nearest returns the known word that typed was most likely meant to be, "" when none is near: it begins with typed, or differs in at most one
// character of every three.
func nearest(typed string, known []string) string {
	typed = strings.ToLower(typed)
	best, found := len([]rune(typed))/3+1, ""
	for _, k := range slices.Sorted(slices.Values(known)) {
		if n := distance([]rune(typed), []rune(strings.ToLower(k))); n < best {
			best, found = n, k
		}
	}
	if found == "" && typed != "" {
		if i := slices.IndexFunc(known, func(k string) bool { return strings.HasPrefix(strings.ToLower(k), typed) }); i >= 0 {
			found = known[i]
		}
	}
	return found
}

// distance is how many characters must be put in, taken out or replaced to make b of a (Levenshtein 1966).
func distance(a, b []rune) int {
	const most = 60 // commands and tasks are short; what is not is no slip of the finger
	if len(a) > most || len(b) > most {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
