package blocks

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"koira/engine"
)

// md is text that is safe as Slack's mrkdwn: koira's own marks, and other people's words only after says. A plain string does not become
// md without a conversion, so a missing escape does not compile.
type md string

// says makes words of a writer, a person or a channel safe as mrkdwn of at most n characters: one line, without hidden characters, with
// the three characters escaped that could begin a mention, a link or a date, and with look-alikes for the marks that would change how
// koira's own words beside them look.
func says(s string, n int) md { return md(cut(oneLine(s), n, escapedCost, escape)) }

// oneLine strips what nobody can see and makes every run of spaces one space.
func oneLine(s string) string { return strings.Join(strings.Fields(engine.StripHidden(s)), " ") }

var inert = map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '*': "∗", '~': "∼", '`': "ˋ"}

func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if x, ok := inert[r]; ok {
			b.WriteString(x)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cost is how much one character counts against a limit of Slack's.
type cost func(rune) int

// units counts as Slack's own limits are taken to count: in UTF-16, where most emoji are two.
func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

func escapedCost(r rune) int {
	if x, ok := inert[r]; ok {
		return utf8.RuneCountInString(x)
	}
	return units(r)
}

// jsonBytes counts the bytes of r inside a JSON string, for the limits on whole windows.
func jsonBytes(r rune) int {
	switch {
	case r < ' ' || r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029:
		return 6
	case r == '"' || r == '\\':
		return 2
	}
	return utf8.RuneLen(r)
}

func size(s string, of cost) (n int) {
	for _, r := range s {
		n += of(r)
	}
	return n
}

// cut returns as, of s or of as much of its beginning as costs at most n together with an ellipsis.
func cut(s string, n int, of cost, as func(string) string) string {
	if size(s, of) <= n {
		return as(s)
	}
	return strings.TrimRightFunc(as(head(s, n-1, of)), unicode.IsSpace) + "…"
}

// head returns the longest beginning of s that costs at most n. It ends between two characters as people see them, so that no emoji and
// no accented letter is torn apart.
func head(s string, n int, of cost) string {
	end, rest, state := 0, s, -1
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if n -= size(cluster, of); n < 0 {
			break
		}
		end += len(cluster)
	}
	return s[:end]
}

// plain makes words safe for what Slack shows as plain text: headers, labels, options and window titles.
func plain(s string, n int) string {
	return cut(oneLine(s), n, units, func(s string) string { return s })
}

var userIDs = regexp.MustCompile(`^[UW][A-Z0-9]{1,20}$`)

// mention names a person by their id, so that each reader sees the name and the person is told.
func mention(id string) md {
	switch {
	case id == engine.Koira.ID:
		return "koira"
	case userIDs.MatchString(id):
		return md("<@" + id + ">")
	case id == "":
		return "somebody"
	}
	return says(id, 40)
}

// mentions names several people: "<@U1>, <@U2> or <@U3>".
func mentions(ids []string, last string) md {
	var b md
	for i, id := range ids {
		switch {
		case i == 0:
		case i == len(ids)-1:
			b += md(" " + last + " ")
		default:
			b += ", "
		}
		b += mention(id)
	}
	return b
}

// address returns s when it is one that koira may make pressable, and its host for people to see where it leads.
func address(s string) (link, host string, ok bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || len(s) > 3000 ||
		strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>|\"`", r)
		}) ||
		len(engine.Hidden(s)) > 0 {
		return "", "", false
	}
	return s, u.Host, true
}

// linkTo is a link that shows where it leads, or nothing for what is no web address.
func linkTo(s string) md {
	link, host, ok := address(s)
	if !ok {
		return ""
	}
	return md("<" + strings.ReplaceAll(link, "&", "&amp;") + "|open (" + cut(host, 60, escapedCost, escape) + ")>")
}
