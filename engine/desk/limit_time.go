package desk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

const (
	mostTimes = 50
	maxWhy    = 200
)

var weekday = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

var (
	hours  = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|until)\s*(\d{1,2})(?:[:.](\d{2}))?(?:\s+|$)`)
	howOft = regexp.MustCompile(`^(?:(\d{1,4})\s*(?:x|times)?\s*)?(?:a|an|per|each|/|in)\s*(?:(\d{1,3})\s*)?(day|days|week|weeks)(?:\s+|$)`)
)

// setQuiet changes the quiet hours. Its key is how people write them: "21:00–08:00 on sat sun for newsletter to regulars because we sleep",
// of which only the hours are needed; the reason may also follow the value.
func setQuiet(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	to, why, _ := strings.Cut(to, " because ")
	if to != onWord && to != offWord {
		return Change{}, engine.Errorf(engine.CodeInvalid, "Quiet hours are on or off; you wrote %q. Nothing changed.", cut(to))
	}
	q, err := readQuiet(s, key+because(why), to == offWord)
	if err != nil {
		return Change{}, err
	}
	i := slices.IndexFunc(g.Quiet, func(x engine.QuietRule) bool { return quietRule(x) == quietRule(q) })
	c := Change{Rule: quietRule(q), To: to, Name: "Quiet hours " + q.Words(), Old: offWord, New: to, Loosens: to == offWord}
	if i >= 0 {
		c.Old = onWord
	}
	switch {
	case to == offWord && i < 0:
		return Change{}, engine.Errorf(engine.CodeNotFound, "There are no quiet hours %s. %s Nothing changed.", q.Words(), thereIs(g.Quiet, engine.QuietRule.Words))
	case to == offWord:
		g.Quiet = slices.Delete(g.Quiet, i, i+1)
	case i < 0 && len(g.Quiet) >= mostTimes:
		return Change{}, engine.Errorf(engine.CodeInvalid, "There are %d quiet hours already; take one off first. Nothing changed.", mostTimes)
	case i < 0:
		c.To += because(q.Why)
		g.Quiet = append(g.Quiet, q)
	}
	return c, nil
}

func readQuiet(s scene, text string, removing bool) (engine.QuietRule, error) {
	var q engine.QuietRule
	text = strings.TrimSpace(text)
	m := hours.FindStringSubmatch(strings.ToLower(text) + " ")
	if m == nil {
		return q, engine.Errorf(engine.CodeInvalid, `Quiet hours look like 21:00–08:00, with "on sat sun", "for <channel>", "to <segment>" or "because …" after them; you wrote %q. Nothing changed.`, cut(text))
	}
	var ok [2]bool
	q.From, ok[0] = minutes(m[1], m[2])
	q.To, ok[1] = minutes(m[3], m[4])
	if !ok[0] || !ok[1] || q.From == q.To || q.From == 24*60 {
		return q, engine.Errorf(engine.CodeInvalid, "Quiet hours run from one time of day to another, like 21:00–08:00; the whole day is 00:00–24:00. You wrote %q. Nothing changed.", cut(text))
	}
	rest, why, _ := strings.Cut(text[min(len(m[0]), len(text)):]+" ", "because ")
	var err error
	if q.Why, err = field("", "The reason", strings.Join(strings.Fields(why), " "), false, maxWhy); err != nil {
		return q, err
	}
	q.Days, q.Channel, q.Segment, err = readScope(s, rest, removing)
	return q, err
}

// readScope reads "on sat sun for newsletter to regulars". What is taken off may name what is not there any more.
func readScope(s scene, text string, removing bool) (days []time.Weekday, channel, segment string, err error) {
	part := "on"
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' }) {
		switch {
		case w == "on" || w == "for" || w == "to" || w == "and":
			if w != "and" {
				part = w
			}
		case part == "on":
			more, ok := readDays(w)
			if !ok {
				return nil, "", "", engine.Errorf(engine.CodeInvalid, "Days are mon, tue, wed, thu, fri, sat, sun, weekdays or weekends; you wrote %q. Nothing changed.", cut(w))
			}
			days = append(days, more...)
		case part == "for":
			if channel != "" && channel != w {
				return nil, "", "", oneOf("channel", channel, w)
			}
			if channel = w; !removing && !slices.Contains(s.channels, w) {
				return nil, "", "", unknown("channel", w, slices.Clone(s.channels))
			}
		case part == "to":
			if segment != "" && segment != w {
				return nil, "", "", oneOf("segment", segment, w)
			}
			if segment = w; !removing && !slices.Contains(s.segments, w) {
				return nil, "", "", unknown("segment", w, slices.Clone(s.segments))
			}
		}
	}
	slices.Sort(days)
	if days = slices.Compact(days); len(days) == 7 {
		days = nil
	}
	return days, channel, segment, nil
}

// oneOf refuses a second name: an entry that silently covered one of them would leave the other without a limit.
func oneOf(what, first, second string) error {
	return engine.Errorf(engine.CodeInvalid, "One entry is for one %s, or for all of them; you named %q and %q. Write one for each. Nothing changed.", what, cut(first), cut(second))
}

func readDays(w string) ([]time.Weekday, bool) {
	switch w {
	case "weekdays", "weekday":
		return []time.Weekday{1, 2, 3, 4, 5}, true
	case "weekends", "weekend":
		return []time.Weekday{0, 6}, true
	case "every", "day", "daily":
		return nil, true
	}
	if len(w) < 3 {
		return nil, false
	}
	i := slices.Index(weekday, w[:3])
	if i < 0 || !strings.HasPrefix(strings.ToLower(time.Weekday(i).String())+"s", w) {
		return nil, false
	}
	return []time.Weekday{time.Weekday(i)}, true
}

// minutes reads a time of day; 24:00 is its end.
func minutes(h, m string) (int, bool) {
	hh, err := strconv.Atoi(h)
	mm := 0
	if err == nil && m != "" {
		mm, err = strconv.Atoi(m)
	}
	n := hh*60 + mm
	return n, err == nil && mm < 60 && n <= 24*60
}

func quietRule(q engine.QuietRule) string {
	q.Days = slices.Sorted(slices.Values(q.Days))
	return "quiet:" + q.Words()
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " because " + why
}

func allQuiet(g engine.Guardrails) []engine.RuleEdit {
	var all []engine.RuleEdit
	for _, q := range g.Quiet {
		all = append(all, engine.RuleEdit{Rule: quietRule(q), To: onWord + because(q.Why)})
	}
	return all
}

// thereIs lists what could have been meant.
func thereIs[T any](all []T, words func(T) string) string {
	if len(all) == 0 {
		return "There are none."
	}
	var names []string
	for _, x := range all {
		names = append(names, words(x))
	}
	return "There is: " + strings.Join(names, "; ") + "."
}

// setFrequency changes how many pieces may go out in a span of days. Its key is the span and for what, "a day for social" or "in 3 days", with
// or without the number before it; the value is the number, on or off.
func setFrequency(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	f, err := readFrequency(s, key, to)
	if err != nil {
		return Change{}, err
	}
	off := to == offWord
	i := slices.IndexFunc(g.Frequency, func(x engine.FrequencyRule) bool { return frequencyRule(x) == frequencyRule(f) })
	c := Change{
		Rule: frequencyRule(f), To: strconv.Itoa(f.Most), Name: "Pieces " + f.Span(), Old: "no limit", New: fmt.Sprintf("at most %d", f.Most),
		Loosens: i >= 0 && f.Most > g.Frequency[max(i, 0)].Most,
	}
	if i >= 0 {
		c.Old = fmt.Sprintf("at most %d", g.Frequency[i].Most)
	}
	switch {
	case off && i < 0:
		return Change{}, engine.Errorf(engine.CodeNotFound, "There is no limit on pieces %s. %s Nothing changed.", f.Span(), thereIs(g.Frequency, engine.FrequencyRule.Words))
	case off:
		c.To, c.New, c.Loosens = offWord, "no limit", true
		g.Frequency = slices.Delete(g.Frequency, i, i+1)
	case i < 0 && len(g.Frequency) >= mostTimes:
		return Change{}, engine.Errorf(engine.CodeInvalid, "There are %d such limits already; take one off first. Nothing changed.", mostTimes)
	case i < 0:
		g.Frequency = append(g.Frequency, f)
	default:
		g.Frequency[i].Most = f.Most
	}
	return c, nil
}

func readFrequency(s scene, text, to string) (engine.FrequencyRule, error) {
	var f engine.FrequencyRule
	text = strings.TrimSpace(strings.ToLower(text))
	bad := engine.Errorf(engine.CodeInvalid, `A limit on pieces looks like "2 a day" or "3 in 7 days", with "for <channel>" or "to <segment>" after it; you wrote %q. Nothing changed.`, cut(text))
	m := howOft.FindStringSubmatch(text + " ")
	if m == nil {
		return f, bad
	}
	f.Days = 1
	if m[2] != "" {
		f.Days, _ = strconv.Atoi(m[2])
	}
	if strings.HasPrefix(m[3], "week") {
		f.Days *= 7
	}
	f.Most, _ = strconv.Atoi(m[1])
	if n, err := strconv.Atoi(to); err == nil {
		f.Most = n
	} else if to != onWord && to != offWord {
		return f, bad
	}
	if to != offWord && (f.Most < 1 || f.Most > 1000) || f.Days < 1 || f.Days > 366 {
		return f, bad
	}
	days, channel, segment, err := readScope(s, text[min(len(m[0]), len(text)):], to == offWord)
	if err == nil && len(days) > 0 {
		err = bad
	}
	f.Channel, f.Segment = channel, segment
	return f, err
}

func frequencyRule(f engine.FrequencyRule) string { return "frequency:" + f.Span() }

func allFrequencies(g engine.Guardrails) []engine.RuleEdit {
	var all []engine.RuleEdit
	for _, f := range g.Frequency {
		all = append(all, engine.RuleEdit{Rule: frequencyRule(f), To: strconv.Itoa(f.Most)})
	}
	return all
}
