package guard

import (
	"fmt"
	"strings"
	"unicode"

	"koira/engine"
)

// lines holds that a piece carries the lines that the law or the business wants on it, in what goes out: also what the channel itself adds counts. One
// that stands in other letters or spacing is let through, and pointed out: of a legal line every letter may matter.
func lines(l *look) []engine.Finding {
	var found []engine.Finding
	for i, v := range l.Output.Variants {
		text, plain := "", ""
		for _, line := range Standing(l.Guardrails, l.Output) {
			if strings.Contains(shown(v), line) {
				continue
			}
			if text == "" {
				text, plain = tight(shown(v)), spaced(shown(v))
			}
			switch {
			case !strings.Contains(text, tight(line)):
				found = append(found, block(fmt.Sprintf("It does not carry the line %s%s.", quote(line), l.ofWording(i)), fmt.Sprintf("Put %s at its end.", quote(line)))...)
			case !strings.Contains(plain, spaced(line)):
				found = append(found, engine.Finding{
					Outcome: engine.Warn, Evidence: fmt.Sprintf("It carries the line %s in other letters or spacing%s.", quote(line), l.ofWording(i)),
					Remedy: fmt.Sprintf("Write it as your rule has it: %s.", quote(line)),
				})
			}
		}
	}
	return found
}

// Standing are the lines that g wants on o.
func Standing(g engine.Guardrails, o engine.Output) []string {
	var all []string
	for _, r := range g.Lines {
		if (r.Kind == "" || r.Kind == o.Kind) && (r.Channel == "" || r.Channel == o.Channel) && tight(r.Text) != "" {
			all = append(all, r.Text)
		}
	}
	return all
}

// spaced is s with one space wherever there are any: where a channel breaks its lines, the line is the same.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// tight is s without spaces and in small letters.
func tight(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
