package writer

import (
	"strings"
	"unicode"
)

// repeatMost is how many words in a row of its instructions a model may use by chance.
const repeatMost = 5

// instructions are the runs of repeatMost+1 words of the system prompt.
var instructions = func() map[string]bool {
	runs := map[string]bool{}
	words := plainWords(writePrompt)
	for i := 0; i+repeatMost < len(words); i++ {
		runs[strings.Join(words[i:i+repeatMost+1], " ")] = true
	}
	return runs
}()

// repeats reports whether text says what the model was told, as one does that is asked to by a text in its brief.
func repeats(text string) bool {
	words := plainWords(text)
	for i := 0; i+repeatMost < len(words); i++ {
		if instructions[strings.Join(words[i:i+repeatMost+1], " ")] {
			return true
		}
	}
	return false
}

func plainWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(compatible(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
