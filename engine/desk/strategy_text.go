package desk

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"koira/engine"
)

// Parts of the strategy that people write as lines of text, one thing a line. They name a field of the window and the Rule of an edit.
const (
	PartGoals    = "goals"
	PartSegments = "segments"
	PartThemes   = "themes"
	PartTone     = "tone"     // of the voice: one text
	PartPerson   = "person"   // as whom it speaks: "we", "I", or nothing
	PartExamples = "examples" // texts that sound like the business
)

// StrategyParts lists them in the order in which people read them.
var StrategyParts = []string{PartGoals, PartSegments, PartThemes, PartTone, PartPerson, PartExamples}

// partVersion is the Rule of an edit that goes back to an earlier version.
const partVersion = "version"

const (
	maxPart     = 3_000 // characters of a part: what one field of a window holds
	longestLine = 500
	maxKey      = 40
	mostInPart  = 40
)

// StrategyText writes a part of s as ReadStrategyPart reads it.
func StrategyText(s engine.Strategy, part string) string {
	var ls []string
	switch part {
	case PartGoals:
		for _, g := range s.Goals {
			ls = append(ls, keyed(g.Key, g.Text)+" ("+string(g.Metric)+")")
		}
	case PartSegments:
		for _, x := range s.Segments {
			ls = append(ls, fmt.Sprintf("%s (%d)", keyed(x.Key, x.Name), x.Size))
		}
	case PartThemes:
		for _, x := range s.Themes {
			ls = append(ls, keyed(x.Key, x.Text))
		}
	case PartTone:
		return oneLine(s.Voice.Tone)
	case PartPerson:
		return s.Voice.Person
	case PartExamples:
		for _, x := range s.Voice.Examples {
			ls = append(ls, oneLine(x))
		}
	}
	return strings.Join(ls, "\n")
}

// sameLines reports whether two texts say the same, line by line.
func sameLines(a, b string) bool {
	clean := func(s string) (ls []string) {
		for _, l := range strings.Split(s, "\n") {
			if l = oneLine(l); l != "" {
				ls = append(ls, l)
			}
		}
		return ls
	}
	return slices.Equal(clean(a), clean(b))
}

// keyed is a line with the short name that the rest of koira knows its thing by.
func keyed(key, text string) string { return key + ": " + oneLine(text) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shortName is the name before the colon of a line: small letters, so that "Tip: buy early" is a text.
var shortName = regexp.MustCompile(`^([a-z0-9][a-z0-9._-]{0,39}):\s*(.*)$`)

// inBrackets is what stands at the end of a line: "(1,240)", "(clicks)".
var inBrackets = regexp.MustCompile(`^(.*\S)\s*\(([^()]*)\)$`)

// ReadStrategyPart returns s with one part as it was typed; a line without a short name gets one, and what s knows more of a thing (the facts of a
// theme) stays with its short name. Code invalid, with the part as its field.
func ReadStrategyPart(s engine.Strategy, part, text string) (engine.Strategy, error) {
	bad := func(format string, args ...any) error {
		e := engine.Errorf(engine.CodeInvalid, format+" Nothing changed.", args...)
		e.Field = part
		return e
	}
	if !slices.Contains(StrategyParts, part) {
		return s, bad("There is no part %q of the strategy.", cut(part))
	}
	text, err := field(part, "The text", text, false, maxPart)
	if err != nil {
		return s, err
	}
	next := s.Clone()
	if slices.Contains(voiceParts, part) {
		if problem := readVoice(s.Voice, &next.Voice, part, text); problem != "" {
			return s, bad("%s", problem)
		}
		return next, nil
	}
	next.Goals, next.Segments, next.Themes = pickPart(part != PartGoals, next.Goals), pickPart(part != PartSegments, next.Segments), pickPart(part != PartThemes, next.Themes)
	taken := map[string]bool{}
	for _, l := range strings.Split(text, "\n") {
		l = oneLine(strings.TrimLeft(strings.TrimSpace(l), "•*-– "))
		if l == "" {
			continue
		}
		key, l := keyOf(l)
		switch {
		case l == "":
			return s, bad("%q has a short name and no text behind it.", key)
		case engine.Hidden(l) != nil:
			return s, bad("%q… holds a character that cannot be seen. Write it anew instead of pasting it.", cut(l))
		case utf8.RuneCountInString(l) > longestLine:
			return s, bad("%q… has more than %d characters; a line each, in a few words.", cut(l), longestLine)
		case key != "" && taken[key]:
			return s, bad("The short name %q stands before two lines.", key)
		case len(taken) == mostInPart:
			return s, bad("There are more than %d lines.", mostInPart)
		}
		if key == "" {
			key = newKey(inBrackets.ReplaceAllString(l, "$1"), strings.TrimSuffix(part, "s"), taken)
		}
		taken[key] = true
		if problem := addLine(s, &next, part, key, l); problem != "" {
			return s, bad("%s", problem)
		}
	}
	return next, nil
}

// pickPart keeps a list, or empties it.
func pickPart[T any](keep bool, list []T) []T {
	if keep {
		return list
	}
	return nil
}

// addLine adds what a line says to next. problem is a sentence, "" for none.
func addLine(s engine.Strategy, next *engine.Strategy, part, key, text string) (problem string) {
	before, inside := text, ""
	if m := inBrackets.FindStringSubmatch(text); m != nil {
		before, inside = m[1], strings.TrimSpace(m[2])
	}
	switch part {
	case PartGoals:
		g := engine.Goal{Key: key, Text: text}
		if m, ok := metricNamed(inside); ok {
			g.Text, g.Metric = before, m
		} else if i := slices.IndexFunc(s.Goals, func(x engine.Goal) bool { return x.Key == key }); i >= 0 {
			g.Metric = s.Goals[i].Metric
		}
		g.Metric = cmp.Or(g.Metric, engine.Clicks)
		next.Goals = append(next.Goals, g)
	case PartSegments:
		x := engine.Segment{Key: key, Name: text}
		if n, err := strconv.Atoi(strings.NewReplacer(",", "", ".", "", " ", "", "\u00a0", "", "'", "").Replace(inside)); err == nil {
			x.Name, x.Size = before, n
		} else if i := slices.IndexFunc(s.Segments, func(x engine.Segment) bool { return x.Key == key }); i >= 0 {
			x.Size = s.Segments[i].Size
		}
		if x.Size < 1 || x.Size > 1_000_000_000 {
			return fmt.Sprintf("How many readers are %q? Write the number behind them, such as Followers (1240).", cut(x.Name))
		}
		next.Segments = append(next.Segments, x)
	case PartThemes:
		x := engine.Theme{Key: key}
		if i := slices.IndexFunc(s.Themes, func(x engine.Theme) bool { return x.Key == key }); i >= 0 {
			x = s.Themes[i]
		}
		x.Text = text
		next.Themes = append(next.Themes, x)
	}
	return ""
}

// metricNamed is the number that people call so: "clicks", "link visits".
func metricNamed(s string) (engine.Metric, bool) {
	for _, m := range engine.Metrics {
		if s != "" && (strings.EqualFold(s, string(m)) || strings.EqualFold(s, m.Words(2))) {
			return m, true
		}
	}
	return "", false
}

// keyOf takes the short name off a line, "" where it has none.
func keyOf(l string) (key, rest string) {
	if m := shortName.FindStringSubmatch(l); m != nil && !strings.HasPrefix(m[2], "//") {
		return m[1], m[2]
	}
	return "", l
}

// newKey is a short name made of a line's first words, one that is not taken; what where the line has no letters that one can hold.
func newKey(line, what string, taken map[string]bool) string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		w = strings.Map(func(r rune) rune {
			if plain, ok := plainLetters[r]; ok {
				return plain
			}
			if r >= utf8.RuneSelf {
				return -1
			}
			return r
		}, w)
		if w != "" && len(words) < 3 {
			words = append(words, w)
		}
	}
	base := strings.Join(words, "-")
	base = strings.Trim(base[:min(len(base), maxKey-4)], "-")
	base = cmp.Or(base, what)
	key := base
	for n := 2; taken[key]; n++ {
		key = fmt.Sprintf("%s-%d", base, n)
	}
	return key
}

// plainLetters are the letters of the north as a short name writes them.
var plainLetters = map[rune]rune{'ä': 'a', 'å': 'a', 'á': 'a', 'à': 'a', 'ö': 'o', 'ø': 'o', 'ó': 'o', 'ü': 'u', 'é': 'e', 'è': 'e', 'ç': 'c', 'ñ': 'n', 'í': 'i', 'õ': 'o'}
