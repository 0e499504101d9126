package desk

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"koira/engine"
)

// voiceParts are the parts of the strategy that say how the business sounds. Their lines have no short names.
var voiceParts = []string{PartTone, PartPerson, PartExamples}

// readVoice puts a part as it was typed into next. An example that stays keeps the lines that it was written in. problem is a sentence, "" for none.
func readVoice(was engine.Voice, next *engine.Voice, part, text string) (problem string) {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if l = oneLine(l); l != "" {
			lines = append(lines, l)
		}
	}
	for _, l := range lines {
		if engine.Hidden(l) != nil {
			return fmt.Sprintf("%q… holds a character that cannot be seen. Write it anew instead of pasting it.", cut(l))
		}
	}
	whole := strings.Join(lines, " ")
	switch part {
	case PartTone:
		if utf8.RuneCountInString(whole) > longestLine {
			return fmt.Sprintf("The tone has more than %d characters; a sentence or two are enough.", longestLine)
		}
		next.Tone = whole
	case PartPerson:
		person, ok := map[string]string{"": "", "we": "we", "i": "I"}[strings.ToLower(whole)]
		if !ok {
			return fmt.Sprintf("The voice speaks as we or as I, not as %q. Left empty, that stays open.", cut(whole))
		}
		next.Person = person
	case PartExamples:
		if len(lines) > mostInPart {
			return fmt.Sprintf("There are more than %d texts.", mostInPart)
		}
		next.Examples = nil
		for _, l := range lines {
			if i := slices.IndexFunc(was.Examples, func(x string) bool { return oneLine(x) == l }); i >= 0 {
				l = was.Examples[i]
			}
			if !slices.Contains(next.Examples, l) {
				next.Examples = append(next.Examples, l)
			}
		}
	}
	return ""
}

// voiceRule is the Rule of a change of how the business sounds.
const voiceRule = "voice"

// OfVoice reports whether c, of the strategy, changes how the business sounds.
func (c Change) OfVoice() bool { return c.Rule == voiceRule }

// voiceChanges lists what differs between two voices, old → new.
func voiceChanges(was, next engine.Voice) []Change {
	var cs []Change
	add := func(name, old, new string) {
		if old != new {
			cs = append(cs, Change{Rule: voiceRule, Name: name, Old: orNone(old), New: orNone(new)})
		}
	}
	add("Tone of the voice", was.Tone, next.Tone)
	add("The voice speaks as", was.Person, next.Person)
	const example = "A text that sounds like you"
	for _, x := range was.Examples {
		if !slices.Contains(next.Examples, x) {
			add(example, "“"+oneLine(x)+"”", "")
		}
	}
	for _, x := range next.Examples {
		if !slices.Contains(was.Examples, x) {
			add(example, "", "“"+oneLine(x)+"”")
		}
	}
	if len(cs) == 0 && !slices.Equal(was.Examples, next.Examples) {
		add("Texts that sound like you", "as they are", "in another order")
	}
	return cs
}

func orNone(s string) string {
	if s == "" {
		return notThere
	}
	return s
}
