package workspace

import (
	"hash/fnv"
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"
)

// markup writes HTML. Text and attribute values are always escaped and there is no way to write them otherwise; names of tags and
// attributes must be literals of this package, never something that a message brought along.
type markup struct{ b strings.Builder }

// open writes a start tag; attrs are pairs of name and value, and a pair with an empty name is left out.
func (m *markup) open(tag string, attrs ...string) {
	m.b.WriteByte('<')
	m.b.WriteString(tag)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i] == "" {
			continue
		}
		m.b.WriteByte(' ')
		m.b.WriteString(attrs[i])
		m.b.WriteString(`="`)
		m.b.WriteString(html.EscapeString(attrs[i+1]))
		m.b.WriteByte('"')
	}
	m.b.WriteByte('>')
}

// end closes tags in the order given.
func (m *markup) end(tags ...string) {
	for _, t := range tags {
		m.b.WriteString("</" + t + ">")
	}
}

// text writes s escaped.
func (m *markup) text(s string) { m.b.WriteString(html.EscapeString(s)) }

// lines writes s escaped, with its line breaks kept.
func (m *markup) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			m.b.WriteString("<br>")
		}
		m.text(line)
	}
}

// element writes a whole element that holds only text.
func (m *markup) element(tag, text string, attrs ...string) {
	m.open(tag, attrs...)
	m.text(text)
	m.end(tag)
}

// html gives what was written so far.
func (m *markup) html() template.HTML { return template.HTML(m.b.String()) }

// flag gives an attribute that is either there or not.
func flag(name string, on bool) []string {
	if !on {
		return []string{"", ""}
	}
	return []string{name, ""}
}

// given gives an attribute that is left out when its value is empty.
func given(name, value string) []string {
	if value == "" {
		return []string{"", ""}
	}
	return []string{name, value}
}

// with joins attribute lists.
func with(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// safeLink returns raw if a person may follow it: http, https, mailto or tel. Anything else (javascript:, data:) gives "".
func safeLink(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel":
	default:
		return ""
	}
	return u.String()
}

// link opens an anchor to raw and reports whether it did: an address that nobody should follow gets none.
func (m *markup) link(raw string, attrs ...string) bool {
	safe := safeLink(raw)
	if safe == "" {
		return false
	}
	m.open("a", append([]string{"href", safe, "target", "_blank", "rel", "noopener noreferrer"}, attrs...)...)
	return true
}

// domID makes an id out of parts, the same for the same parts, so that labels and live updates find their element again.
func domID(parts ...string) string {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return "i" + strconv.FormatUint(h.Sum64(), 36)
}
