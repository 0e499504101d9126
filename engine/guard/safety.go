package guard

import (
	"fmt"
	"unicode"

	"koira/engine"
)

// safety refuses what a reader cannot see or what would call people: control and bidirectional marks, zero-width letters, mass mentions.
func safety(v engine.View) []engine.Finding {
	for _, variant := range v.Output.Variants {
		for _, r := range said(variant) {
			if hidden(r) {
				return block(fmt.Sprintf("It holds a character that nobody can see (U+%04X).", r), "Remove it.")
			}
		}
		for _, word := range []string{"@channel", "@here", "@everyone"} {
			if containsFold(said(variant), word) {
				return block(fmt.Sprintf("It says %s, which calls everybody.", word), "Remove it.")
			}
		}
	}
	return nil
}

func hidden(r rune) bool {
	switch r {
	case '\n', '\t', '\u200d', '\ufe0f': // the joiner and the emoji selector are part of emoji
		return false
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == '\u3164' || r == unicode.ReplacementChar
}
