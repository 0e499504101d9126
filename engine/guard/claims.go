package guard

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// claim is one checkable statement in a text: what was written, and the key under which the same statement is found in the fact sheet.
type claim struct{ text, key string }

const months = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`

// patterns are tried in this order at each place, so that the number inside a price is not read again as a plain number.
var patterns = []struct {
	kind string
	re   *regexp.Regexp
	key  func(m []string) string
}{
	{"link", regexp.MustCompile(`(?i)\b(?:https?://[^\s<>()\[\]"']+|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>()\[\]"']*)?)`), func(m []string) string { return linkKey(m[0]) }},
	{"price", regexp.MustCompile(`(?i)(?:€|\$|£|\b(?:eur|usd|gbp)\s?)\s?(\d+(?:[.,]\d{1,2})?)|(\d+(?:[.,]\d{1,2})?)\s?(?:€|\$|£|(?:eur|usd|gbp|euros?|dollars?|pounds?|cents?)\b)`), func(m []string) string { return number(m[1] + m[2]) }},
	{"percent", regexp.MustCompile(`(?i)(\d+(?:[.,]\d+)?)\s?(?:%|percent\b|per cent\b)`), func(m []string) string { return number(m[1]) }},
	{"date", regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`), func(m []string) string { return number(m[3]) + "-" + number(m[2]) }},
	{"date", regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?(` + months + `)\b`), func(m []string) string { return number(m[1]) + "-" + month(m[2]) }},
	{"date", regexp.MustCompile(`(?i)\b(` + months + `)\s(\d{1,2})(?:st|nd|rd|th)?\b`), func(m []string) string { return number(m[2]) + "-" + month(m[1]) }},
	{"phone", regexp.MustCompile(`\+?\d[\d ()-]{6,}\d`), func(m []string) string { return digits(m[0]) }},
	{"time", regexp.MustCompile(`(?i)\b(\d{1,2})[:.](\d{2})\s?([ap]m)?\b`), func(m []string) string { return clock(m[1], m[2], m[3]) }},
	{"time", regexp.MustCompile(`(?i)\b(\d{1,2})\s?([ap]m)\b`), func(m []string) string { return clock(m[1], "00", m[2]) }},
	{"number", regexp.MustCompile(`\d+(?:[.,]\d+)*`), func(m []string) string { return number(m[0]) }},
}

// claims finds what can be checked in text, in the order in which the patterns stand. Each stretch of text is read once. All patterns but the
// first need a digit, so that most texts cost one pass.
func claims(text string) []claim {
	rest := []byte(text)
	var found []claim
	for i, p := range patterns {
		if i > 0 && !bytes.ContainsAny(rest, "0123456789") {
			break
		}
		for _, at := range p.re.FindAllSubmatchIndex(rest, -1) {
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = string(rest[at[2*i]:at[2*i+1]])
				}
			}
			found = append(found, claim{strings.TrimRight(m[0], ".,;:!?"), p.kind + ":" + p.key(m)})
			for j := at[0]; j < at[1]; j++ {
				rest[j] = 0
			}
		}
	}
	return found
}

// linkKey is host and path without www, tracking parameters and a closing slash: what decides where a reader lands.
func linkKey(s string) string {
	s = strings.TrimRight(s, ".,;:!?")
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	q := u.Query()
	for k := range q {
		if strings.HasPrefix(k, "utm_") {
			q.Del(k)
		}
	}
	key := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.EscapedPath(), "/")
	if u.User != nil {
		key = u.User.String() + "@" + key
	}
	if e := q.Encode(); e != "" {
		key += "?" + e
	}
	return key
}

func number(s string) string {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func month(s string) string { return strings.ToLower(s)[:3] }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// clock brings a time of day to 24 hours: "9:30 pm" → "21:30".
func clock(h, m, half string) string {
	n, err := strconv.Atoi(h)
	if err != nil {
		return h + ":" + m
	}
	switch half = strings.ToLower(half); {
	case half == "pm" && n < 12:
		n += 12
	case half == "am" && n == 12:
		n = 0
	}
	return strconv.Itoa(n) + ":" + m
}
