package blocks

import (
	"cmp"
	"regexp"
	"slices"

	"koira/engine"
)

// Say is one sentence to one person: an answer, or what did not happen and why. People whom it names as "@id" and whose ids are in who are
// mentioned; nobody else can be.
func Say(text string, who ...string) Message {
	t := naming(text, who)
	return message(t, section(t))
}

// sentenceMax is the longest sentence that is said whole.
const sentenceMax = 2500

var named = regexp.MustCompile(`@[UW][A-Z0-9]{1,20}\b`)

func naming(text string, who []string) md { return namingIn(sentenceMax, text, who) }

// namingIn is naming with room for so many characters before people are mentioned.
func namingIn(room int, text string, who []string) md {
	t := cmp.Or(string(says(engine.StripHidden(text), room)), unsaid)
	return md(named.ReplaceAllStringFunc(t, func(s string) string {
		if slices.Contains(who, s[1:]) {
			return string(mention(s[1:]))
		}
		return s
	}))
}
