package guard

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	done, seen := int32(0), int32(0) // up to where links are found, and up to where dots were looked at
	take := func(l link, ok bool) {
		if ok {
			found = append(found, l)
			done = max(done, l.end)
		}
		seen = max(seen, l.end, done) // in what is no link as a whole, no other dot makes one: but behind it may stand one
	}
	dots, colons := r.dots, r.colons
	for len(dots)+len(colons) > 0 {
		if len(colons) == 0 || len(dots) > 0 && dots[0] < colons[0] {
			if at := dots[0]; at >= seen && !digitNext(r.text, at) {
				take(bareLink(r.text, at, done))
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
	l := link{at: at, end: stretch(t, i+1, len(t)), scheme: scheme}
	switch {
	case strings.HasPrefix(rest, "//"):
	case scheme == "mailto":
		l.mail = true
	case scheme == "http" || scheme == "https": // "https:\\", "https:/", "https:leipa.example": browsers mend them
		if l.broken = l.end > i+1 && (rest[0] == '/' || rest[0] == '\\' || inside(rest[0])); !l.broken {
			return link{}, false
		}
		return l.close(t), true
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
// behind it is none, unless what follows is a domain that exists. Its host begins at least at from. What is no link comes back with where the letters
// around the dot end.
func bareLink(t string, i, from int32) (link, bool) {
	at, end := max(hostBegins(t, i), from), hostEnds(t, i)
	if dots := strings.LastIndex(t[at:i], ".."); dots >= 0 { // "Look...leipa.example"
		at += int32(dots) + 2
	}
	if dots := strings.Index(t[i:end], ".."); dots >= 0 {
		end = i + int32(dots)
	}
	if host := mailHost(t, end); host != "" { // "john.smith@leipa.example": a name, whatever it looks like
		return link{at: at, end: end + 1 + int32(len(host)), host: host, mail: true}.close(t), true
	}
	rest := t[end:]
	path := len(rest) > 1 && strings.IndexByte("/?#", rest[0]) >= 0 && stretch(rest, 1, 2) > 1
	l := link{end: end}
	if strings.HasPrefix(rest, ":") {
		l.port = t[end+1 : run(t, end+1)]
		path = l.port != ""
	}
	host := strings.Trim(t[at:end], hostTrim)
	at += int32(strings.Index(t[at:end], host))
	l.at, l.host = at, host
	if at > 0 && t[at-1] == '@' {
		l.at = nameBegins(t, at-1)
		l.mail = l.at < at-1
	}
	if !l.mail && !domain(host, path) {
		l.host = sentenceHost(host, max(i-at, 0))
		if path = false; l.host == "" {
			return l, false
		}
	}
	if l.mail || !path {
		l.end = at + int32(len(l.host))
	} else {
		l.end = stretch(t, end, len(t))
	}
	return l.close(t), true
}

// hostTrim is what ends no host; the wide dots end sentences too.
const hostTrim = ".-_。．｡"

// sentenceHost is the part of host, which is no domain, up to the first dot behind i that ends a sentence, where that part is one: "leipa.example。谢谢",
// "leipa.example.Come". "" where there is none.
func sentenceHost(host string, i int32) string {
	for j, r := range host {
		if int32(j) <= i || r != '.' && (r < utf8.RuneSelf || glyphOf(r).is&isDot == 0) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(host[j+utf8.RuneLen(r):])
		if r != '.' || unicode.IsUpper(next) {
			if domain(host[:j], false) {
				return host[:j]
			}
			break
		}
	}
	return ""
}

// mailHost is the host of the mail address whose name ends at i; "" where there is none.
func mailHost(t string, i int32) string {
	if int(i) >= len(t) || t[i] != '@' {
		return ""
	}
	host := strings.TrimRight(t[i+1:hostEnds(t, i+1)], hostTrim)
	if !strings.Contains(asciiDots(host), ".") {
		return ""
	}
	if own := sentenceHost(host, 0); own != "" && !domain(host, false) {
		return own
	}
	return host
}

// nameBegins is where the name of a mail address begins, whose "@" is at i.
func nameBegins(t string, i int32) int32 {
	for {
		at := hostBegins(t, i)
		if at > 0 && t[at-1] == '+' {
			at--
		}
		if at == i {
			return at
		}
		i = at
	}
}

// close cuts what ends a sentence off l and gives it its text.
func (l link) close(t string) link {
	l.text = strings.TrimRight(t[l.at:l.end], ".,;:!?*_~'")
	l.end = l.at + int32(len(l.text))
	return l
}

// stretch is where what belongs to a link ends, from i on and up to most.
func stretch(t string, i int32, most int) int32 {
	for int(i) < most && t[i] > ' ' && strings.IndexByte("<>()[]\"'`{}|^", t[i]) < 0 {
		if strings.HasPrefix(t[i:], "\u00a0") || strings.HasPrefix(t[i:], "”") || strings.HasPrefix(t[i:], "’") || strings.HasPrefix(t[i:], "…") {
			break
		}
		i++
	}
	return i
}

// hostMost is how many bytes of a host are looked at, before and behind a dot: names have at most 253 letters, of which each has up to four.
const hostMost = 1_100

// hostBegins is where the characters begin that may belong to a host, up to i.
func hostBegins(t string, i int32) int32 {
	for least := max(i-hostMost, 0); i > least; {
		if b := t[i-1]; b < utf8.RuneSelf {
			if !hostByte(b) {
				break
			}
			i--
			continue
		}
		r, n := utf8.DecodeLastRuneInString(t[:i])
		if !hostRune(r) {
			break
		}
		i -= int32(n)
	}
	return i
}

// hostEnds is where they end, from i on.
func hostEnds(t string, i int32) int32 {
	for most := min(int(i)+hostMost, len(t)); int(i) < most; {
		if b := t[i]; b < utf8.RuneSelf {
			if !hostByte(b) {
				break
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(t[i:])
		if !hostRune(r) {
			break
		}
		i += int32(n)
	}
	return i
}

func hostByte(b byte) bool {
	return ascii[b]&(isLetter|isDigit) != 0 || b == '.' || b == '-' || b == '_'
}

// hostRune reports whether r, which is not ASCII, may belong to a host. Quotation marks, dashes and spaces end one, but for the two dots that some names hold.
func hostRune(r rune) bool {
	return glyphOf(r).is&isDot != 0 || r == '·' || r == '・' || !unicode.IsPunct(r) && !unicode.IsSpace(r)
}

// reserved are endings that no registry has, used in examples and inside houses.
var reserved = map[string]bool{"example": true, "test": true, "invalid": true, "localhost": true, "local": true, "internal": true, "onion": true, "lan": true}

// domain reports whether host, which was written without a scheme, is one.
func domain(host string, path bool) bool {
	host = strings.ToLower(asciiDots(host))
	last := host[strings.LastIndexByte(host, '.')+1:]
	if len(last) < 2 || last == host || strings.Contains(host, "..") || strings.IndexFunc(last, func(r rune) bool { return r >= '0' && r <= '9' }) == 0 {
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
