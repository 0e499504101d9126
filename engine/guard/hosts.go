package guard

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// link is something in a text that a program would make a link of, or that leads somewhere when it is pressed.
type link struct {
	at, end int32
	text    string
	scheme  string // "" where none is written
	user    string
	host    string // as it is written, without a port
	port    string
	mail    bool
	broken  bool // no browser and no rule can tell where it leads
}

// schemes are the ones that mean something without "//", most of which run, read or hide something.
var schemes = []string{"http", "https", "mailto", "javascript", "vbscript", "data", "file", "blob", "about", "intent", "filesystem", "view-source", "ftp", "tel", "sms"}

// links finds them in r, in the order in which they stand.
func links(r *reading) []link {
	var found []link
	done := int32(0)
	take := func(l link, ok bool) {
		if ok && l.at >= done {
			found = append(found, l)
		}
		done = max(done, l.end) // what is no link as a whole is none in part
	}
	dots, colons := r.dots, r.colons
	for len(dots)+len(colons) > 0 {
		if len(colons) == 0 || len(dots) > 0 && dots[0] < colons[0] {
			if at := dots[0]; at >= done && !digitNext(r.text, at) {
				take(bareLink(r.text, at))
			}
			dots = dots[1:]
			continue
		}
		if at := colons[0]; at >= done {
			take(schemeLink(r.text, at))
		}
		colons = colons[1:]
	}
	return found
}

// digitNext reports a dot before a digit: a number, unless a scheme says otherwise.
func digitNext(t string, at int32) bool { return t[at] == '.' && ascii[t[at+1]]&isDigit != 0 }

// schemeLink is the link whose scheme ends with the colon at i.
func schemeLink(t string, i int32) (link, bool) {
	const longest = 20
	at := i
	for at > 0 && i-at < longest && (ascii[t[at-1]]&(isLetter|isDigit) != 0 || t[at-1] == '-' || t[at-1] == '+') {
		at--
	}
	scheme, rest := strings.ToLower(t[at:i]), t[i+1:]
	if !strings.HasPrefix(rest, "//") && !slices.Contains(schemes, scheme) {
		return link{}, false
	}
	l := link{at: at, end: stretch(t, i+1), scheme: scheme}
	switch {
	case strings.HasPrefix(rest, "//"):
	case scheme == "mailto":
		l.mail = true
	case scheme == "http" || scheme == "https":
		l.broken = strings.ContainsAny(rest[:min(1, len(rest))], `/\`) // "https:\\", "https:/": browsers mend them
		return l.close(t), l.broken
	default:
		return l.close(t), true
	}
	if l = l.close(t); l.mail {
		_, l.host, _ = strings.Cut(l.text, "@")
		return l, true
	}
	authority := l.text[strings.Index(l.text, "//")+2:]
	if j := strings.IndexAny(authority, `/?#\`); j >= 0 {
		authority = authority[:j]
	}
	if j := strings.LastIndexByte(authority, '@'); j >= 0 {
		l.user, authority = authority[:j], authority[j+1:]
	}
	l.host, l.port, _ = strings.Cut(authority, ":")
	l.broken = l.host == ""
	return l, true
}

// bareLink is what channels make a link of around the dot at i: "leipa.example/reserve", "news@leipa.example". A full stop without a space
// behind it is none, unless what follows is a domain that exists.
func bareLink(t string, i int32) (link, bool) {
	at, end := i, i
	for at > 0 && hostByte(t[at-1]) {
		at--
	}
	for int(end) < len(t) && hostByte(t[end]) {
		end++
	}
	l := link{host: strings.Trim(t[at:end], ".-_")}
	at += int32(strings.Index(t[at:end], l.host))
	end = at + int32(len(l.host))
	l.at, l.end = at, end
	if at > 0 && t[at-1] == '@' {
		from := at - 1
		for from > 0 && (hostByte(t[from-1]) || t[from-1] == '+') {
			from--
		}
		l.mail = from < at-1
		l.at = from
	}
	path := false
	if int(end) < len(t) && strings.IndexByte("/?#:", t[end]) >= 0 && !l.mail {
		l.end = stretch(t, end)
		path = l.end > end+1
		if t[end] == ':' {
			l.port = t[end+1 : run(t, end+1)]
			if l.port == "" {
				l.end, path = end, false
			}
		}
	}
	l = l.close(t)
	return l, l.mail || domain(l.host, path)
}

// close cuts what ends a sentence off l and gives it its text.
func (l link) close(t string) link {
	l.text = strings.TrimRight(t[l.at:l.end], ".,;:!?*_~'")
	l.end = l.at + int32(len(l.text))
	return l
}

// stretch is where what belongs to a link ends, from i on.
func stretch(t string, i int32) int32 {
	for int(i) < len(t) && t[i] > ' ' && strings.IndexByte("<>()[]\"'`{}|^", t[i]) < 0 {
		if strings.HasPrefix(t[i:], "\u00a0") || strings.HasPrefix(t[i:], "”") || strings.HasPrefix(t[i:], "’") || strings.HasPrefix(t[i:], "…") {
			break
		}
		i++
	}
	return i
}

func hostByte(b byte) bool {
	return ascii[b]&(isLetter|isDigit|isHigh) != 0 || b == '.' || b == '-' || b == '_'
}

// reserved are endings that no registry has, used in examples and inside houses.
var reserved = map[string]bool{"example": true, "test": true, "invalid": true, "localhost": true, "local": true, "internal": true, "onion": true, "lan": true}

// domain reports whether host, which was written without a scheme, is one.
func domain(host string, path bool) bool {
	host = strings.ToLower(asciiDots(host))
	last := host[strings.LastIndexByte(host, '.')+1:]
	if len(last) < 2 || strings.Contains(host, "..") || strings.IndexFunc(last, func(r rune) bool { return r >= '0' && r <= '9' }) == 0 {
		return false
	}
	if path || strings.HasPrefix(host, "www.") || reserved[last] {
		return true
	}
	if a, err := idna.ToASCII(host); err == nil {
		host = a
	}
	_, known := publicsuffix.PublicSuffix(host)
	return known
}

// asciiDots is a host as browsers read it: compatibility forms joined, and every dot a ".".
func asciiDots(host string) string {
	return strings.ReplaceAll(norm.NFKC.String(host), "。", ".")
}

// canonical is a host in the form in which hosts are compared; "" for one that no browser would open.
func canonical(host string) string {
	h, err := idna.Lookup.ToASCII(strings.TrimSuffix(asciiDots(host), "."))
	if err != nil {
		return ""
	}
	return strings.ToLower(h)
}

// address reports whether host is a number: an IP address in any form that browsers take.
func address(host string) bool {
	if net.ParseIP(strings.Trim(host, "[]")) != nil {
		return true
	}
	for _, part := range strings.Split(host, ".") {
		part = strings.TrimPrefix(strings.ToLower(part), "0x")
		if part == "" || strings.Trim(part, "0123456789abcdef") != "" || strings.Trim(part, "0123456789") != "" && !strings.Contains(strings.ToLower(host), "0x") {
			return false
		}
	}
	return true
}

// linkKey is host and path without www, tracking parameters and a closing slash: what decides where a reader lands.
func linkKey(s string) string {
	s = strings.TrimRight(s, ".,;:!?")
	if key, ok := plainKey(s); ok {
		return key
	}
	if !strings.Contains(s, "://") && !strings.HasPrefix(strings.ToLower(s), "mailto:") {
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
	if u.Opaque != "" {
		key = strings.ToLower(u.Opaque)
	}
	if e := q.Encode(); e != "" {
		key += "?" + e
	}
	return key
}

// plainKey is the linkKey of an address in which nothing is to be read in another way: small letters in its host, no port, no escapes, and of
// parameters only those that track. Nearly all are such. False for any other.
func plainKey(s string) (string, bool) {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return "", false
		}
	}
	i := 0
	for i < len(rest) && ('a' <= rest[i] && rest[i] <= 'z' || ascii[rest[i]]&isDigit != 0 || rest[i] == '.' || rest[i] == '-') {
		i++
	}
	host := i
	for i < len(rest) && (ascii[rest[i]]&(isLetter|isDigit) != 0 || strings.IndexByte("/-._", rest[i]) >= 0) {
		i++
	}
	if host == 0 || host < i && rest[host] != '/' {
		return "", false
	}
	path := rest[:i]
	for i < len(rest) && (i == len(path) && rest[i] == '?' || i > len(path) && rest[i] == '&') && strings.HasPrefix(rest[i+1:], "utm_") {
		for i++; i < len(rest) && (ascii[rest[i]]&(isLetter|isDigit) != 0 || strings.IndexByte("=-._", rest[i]) >= 0); {
			i++
		}
	}
	return strings.TrimRight(strings.TrimPrefix(path, "www."), "/"), i == len(rest)
}
