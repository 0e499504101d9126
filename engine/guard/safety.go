package guard

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"koira/engine"
)

// safety refuses what a reader cannot see, what would call people, and what another program would take for an order: hidden characters,
// heaped marks, mass mentions, Slack's control sequences, templates, shortcodes and HTML.
func safety(l *look) []engine.Finding {
	var found []engine.Finding
	seen := map[string]bool{}
	add := func(f *field, says, words, remedy string) {
		if !seen[says+words] {
			seen[says+words] = true
			found = append(found, engine.Finding{Outcome: engine.Block, Evidence: fmt.Sprintf("It holds %s (%s).", says, l.where(f)), Remedy: remedy})
		}
	}
	for i := range l.fields {
		f := &l.fields[i]
		for _, r := range f.forms() {
			if r.is&isHidden != 0 {
				for _, name := range unseen(r.text) {
					add(f, "a character that nobody can see: "+name, "", "Remove it.")
				}
			}
			if r.zalgo >= 0 {
				add(f, "letters with marks heaped on them", "", "Write them plainly.")
			}
			if words := massMention(r); words != "" {
				add(f, words+", which calls everybody", "", "Remove it.")
			}
			if r.is&isBrace == 0 {
				continue
			}
			for _, s := range syntaxes {
				if words := s.find(r.text); words != "" {
					add(f, fmt.Sprintf("%s: %s", s.name, quote(words)), words, s.remedy)
				}
			}
		}
	}
	return found
}

// unseen names the characters of s that nobody sees.
func unseen(s string) []string {
	names := engine.Hidden(s)
	if strings.ContainsRune(s, utf8.RuneError) && utf8.ValidString(s) {
		names = append(names, "replacement character U+FFFD")
	}
	return names
}

// everybody are the names that call a whole room.
var everybody = []string{"channel", "here", "everyone", "everybody", "all", "room", "group", "online", "team"}

// massMention is the first of them that r mentions.
func massMention(r *reading) string {
	for _, m := range mentioned(r) {
		for _, w := range everybody {
			if fold(m, asDrawn) == w {
				return "@" + m
			}
		}
	}
	return ""
}

// syntax is something that a program reads and a person does not.
type syntax struct {
	name, remedy string
	signs        []string // one of them stands in the text where there is any
	is           *regexp.Regexp
}

func (s syntax) find(text string) string {
	for _, sign := range s.signs {
		if strings.Contains(text, sign) {
			return s.is.FindString(text)
		}
	}
	return ""
}

// syntaxes are what some channel, or Slack, would act upon.
var syntaxes = []syntax{
	{"a control sequence of Slack", "Write it in plain words.", []string{"<!", "<@", "<#", "|"},
		regexp.MustCompile(`<[!@#][A-Za-z0-9^][^>\n]*>|<(?:https?|mailto|tel):[^>|\n]*\|[^>\n]*>`)},
	{"a template that a mail program would fill in", "Write what should stand there.", []string{"{{", "}}", "{%", "<%", "*|", "${", "[[", "%%"},
		regexp.MustCompile(`\{\{[^\n]{0,60}|[^\n]{0,60}\}\}|\{%[^\n]{0,60}|<%[^\n]{0,60}|\*\|[^\n]{0,60}|\$\{[^\n]{0,60}|\[\[[^\n]{0,60}|%%\w+%%`)},
	{"a shortcode that a blog would run", "Write what should stand there.", []string{"["},
		regexp.MustCompile(`(?i)\[/[a-z][\w-]*\]|\[[a-z][\w-]*\s+[\w-]+\s*=[^\]\n]*\]|\[(?:gallery|audio|video|playlist|embed|caption|wp_caption|contact-form-7|products?|cart)\b[^\]\n]*\](?:[^(\[]|$)`)},
	{"HTML", "Write it in Markdown, or in plain words.", []string{"<"},
		regexp.MustCompile(`(?s)<!--.{0,60}|<[!?][A-Za-z][^>]{0,60}|</?[A-Za-z][A-Za-z0-9_-]*(?:[\s/][^<>]{0,60})?>|<(?:script|iframe|object|embed|style|svg|img|form|link|meta|base)\b[^>]{0,60}`)},
}
