package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// Words says q as people write it: "21:00–08:00 on sat, sun for newsletter to regulars".
func (q QuietRule) Words() string {
	text := fmt.Sprintf("%02d:%02d–%02d:%02d", q.From/60, q.From%60, q.To/60, q.To%60)
	if len(q.Days) > 0 {
		names := make([]string, len(q.Days))
		for i, d := range q.Days {
			names[i] = strings.ToLower(d.String()[:3])
		}
		text += " on " + strings.Join(names, ", ")
	}
	return text + scopeWords(q.Channel, q.Segment)
}

// Words says f as people write it: "2 a day for social".
func (f FrequencyRule) Words() string { return strconv.Itoa(f.Most) + " " + f.Span() }

// Span is Words without the number.
func (f FrequencyRule) Span() string {
	span := "in " + strconv.Itoa(f.Days) + " days"
	switch f.Days {
	case 1:
		span = "a day"
	case 7:
		span = "a week"
	}
	return span + scopeWords(f.Channel, f.Segment)
}

func scopeWords(channel, segment string) string {
	text := ""
	if channel != "" {
		text += " for " + channel
	}
	if segment != "" {
		text += " to " + segment
	}
	return text
}

// Scope says which pieces must hold l: "every email piece".
func (l LineRule) Scope() string {
	text := "every piece"
	if l.Kind != "" {
		text = "every " + string(l.Kind) + " piece"
	}
	if l.Channel != "" {
		text += " on " + l.Channel
	}
	return text
}
