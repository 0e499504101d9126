package guard

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"koira/engine"
)

// mentions holds that a piece calls only those by name whom people have listed, and the account that speaks: a mention rings at somebody's.
func mentions(l *look) []engine.Finding {
	var found []engine.Finding
	seen := map[string]bool{}
	for i := range l.fields {
		f := &l.fields[i]
		if f.name == inLink {
			continue
		}
		for _, r := range f.forms() {
			for _, m := range mentioned(r) {
				if seen[m] || len(found) == enough || l.mayMention(m) || slices.Contains(everybody, fold(m, asDrawn)) { // those are safety's
					continue
				}
				seen[m] = true
				found = append(found, engine.Finding{
					Outcome:  engine.Block,
					Evidence: fmt.Sprintf("It mentions %s (%s), who is not on your list of mentions.", quote("@"+m), l.where(f)),
					Remedy:   fmt.Sprintf("Leave the @ out, or an owner puts %s on the list.", quote(m)),
				})
			}
		}
	}
	return found
}

func (l *look) mayMention(name string) bool {
	is := func(x string) bool { return x != "" && strings.EqualFold(strings.TrimPrefix(x, "@"), name) }
	return is(l.Output.Account) || slices.ContainsFunc(l.Guardrails.Mentions, is)
}

// mentioned are the names behind an "@" that is no part of a mail address or a link: "leipa", "leipa@social.example".
func mentioned(r *reading) []string {
	var names []string
	for _, at := range r.ats {
		if before, _ := utf8.DecodeLastRuneInString(r.text[:at]); at > 0 && (nameRune(before) || before == '/' || before == '@') {
			continue
		}
		_, n := utf8.DecodeRuneInString(r.text[at:])
		rest := r.text[int(at)+n:]
		end := strings.IndexFunc(rest, func(r rune) bool { return !nameRune(r) && r != '@' })
		if end < 0 {
			end = len(rest)
		}
		if name := strings.Trim(rest[:end], ".-@"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func nameRune(r rune) bool {
	if r < utf8.RuneSelf {
		return ascii[r]&(isLetter|isDigit) != 0 || r == '_' || r == '-' || r == '.'
	}
	return glyphOf(r).is&(isLetter|isNumber|isNothing) != 0
}
