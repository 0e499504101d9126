package guard

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// links holds that a piece leads only where people want it to: to the business, to what its calls to action and facts name, and to the hosts on
// the list with all below them. It alone judges links and mail addresses; the numbers inside them are no claims.
func linksRule(l *look) []engine.Finding {
	var found []engine.Finding
	seen := map[string]bool{}
	for i := range l.fields {
		f := &l.fields[i]
		for _, r := range f.forms() {
			for _, x := range links(r) {
				if seen[x.text] || len(found) == enough {
					continue
				}
				why := l.refuses(x)
				if why == "" && !l.unsafe(x) {
					continue
				}
				seen[x.text] = true
				if why == "" {
					found = append(found, engine.Finding{
						Outcome: engine.Warn, Evidence: fmt.Sprintf("It links to %s (%s) without encryption: a browser warns of that.", quote(x.text), l.where(f)),
						Remedy: "Write https:// instead.",
					})
					continue
				}
				found = append(found, engine.Finding{
					Outcome:  engine.Block,
					Evidence: fmt.Sprintf("It links to %s (%s), %s.", quote(x.text), l.where(f), why),
					Remedy:   l.otherLink(x),
				})
			}
		}
	}
	return found
}

// shorteners hide where they lead.
var shorteners = strings.Fields("bit.ly t.co goo.gl tinyurl.com ow.ly buff.ly is.gd rebrand.ly cutt.ly lnkd.in shorturl.at t.ly tiny.cc rb.gy bl.ink v.gd short.io dub.sh")

// refuses is why x may not be in a piece; "" when it may.
func (l *look) refuses(x link) string {
	k := textKey(aLink, linkKey(x.text))
	if l.settled(k) {
		return ""
	}
	aged := l.newest(k)
	if aged.of != nil && aged.outcome != engine.Block {
		return ""
	}
	host := canonical(x.host)
	switch {
	case x.broken:
		return "which is written so that nobody can tell where it leads"
	case x.scheme != "" && x.scheme != "http" && x.scheme != "https" && x.scheme != "mailto":
		return "which is not a web address"
	case x.mail && l.sheet.hosts[host]:
		return ""
	case x.user != "":
		return "which hides its host behind another name"
	case address(x.host):
		return "which is the number of a machine, not a name"
	case x.port != "":
		return "which names a port"
	case l.onList(host):
		return ""
	case strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--") || host == "":
		if like := l.looksLike(x.host); like != "" {
			return fmt.Sprintf("which only looks like %s", like)
		}
	}
	for _, s := range shorteners {
		if host == s {
			return "which hides where it leads"
		}
	}
	if aged.of != nil {
		return "which stands only in a fact that " + strings.TrimSuffix(strings.TrimPrefix(aged.says, "; that fact "), ".")
	}
	return "which is not on your list of links"
}

// newest is the judgement on the fact that claims k now and was looked at last; the zero judged where none does.
func (l *look) newest(k key) judged {
	var last *statement
	for _, i := range l.sheet.claiming(k) {
		if s := &l.sheet.statements[i]; s.Holds(l.time()) && (last == nil || s.Checked.After(last.Checked)) {
			last = s
		}
	}
	if last == nil {
		return judged{}
	}
	return l.aged(last, l.time(), l.Guardrails.Facts.MaxAge)
}

// Unlisted are the links and mail addresses in text that no piece may name under s and g, as they are written: a fact that names one would let pieces
// lead there.
func Unlisted(text string, s engine.Strategy, g engine.Guardrails) []string {
	sh, unknown := newSheet(&s), []string(nil)
	for _, form := range slices.Compact([]string{text, norm.NFKC.String(text)}) {
		var r reading
		read(form, false, &r)
		for _, x := range links(&r) {
			host := canonical(x.host)
			known := len(sh.claiming(textKey(aLink, linkKey(x.text)))) > 0 || x.mail && sh.hosts[host] || listed(host, g.Links.Domains)
			if !known && !slices.Contains(unknown, x.text) {
				unknown = append(unknown, x.text)
			}
		}
	}
	return unknown
}

// unsafe reports a link to an allowed place that is asked for in the clear although nobody of the business wrote it so.
func (l *look) unsafe(x link) bool {
	if x.scheme != "http" {
		return false
	}
	plain := "http://" + strings.ToLower(x.host)
	return !slices.ContainsFunc(l.sheet.statements, func(s statement) bool { return strings.Contains(strings.ToLower(s.Text), plain) })
}

// onList reports whether host is on the list, or below one that is.
func (l *look) onList(host string) bool { return listed(host, l.Guardrails.Links.Domains) }

func listed(host string, domains []string) bool {
	if host == "" {
		return false
	}
	for _, d := range domains {
		if d = canonical(strings.TrimPrefix(d, "www.")); d != "" && (host == d || strings.HasSuffix(host, "."+d)) {
			return true
		}
	}
	return false
}

// looksLike is the known host that a reader would take host for.
func (l *look) looksLike(host string) string {
	drawn := fold(asciiDots(host), asDrawn)
	for known := range l.sheet.hosts {
		if fold(known, asDrawn) == drawn {
			return known
		}
	}
	for _, d := range l.Guardrails.Links.Domains {
		if d = strings.ToLower(d); fold(d, asDrawn) == drawn {
			return d
		}
	}
	return ""
}

func (l *look) otherLink(x link) string {
	use := "Leave it out"
	if b := l.Strategy.Business.Link; b != "" && !x.mail {
		use = fmt.Sprintf("Use %s or the link of a call to action", b)
	}
	if h := canonical(x.host); h != "" && x.port == "" && x.user == "" && !x.broken && !address(x.host) && (x.scheme == "" || strings.HasPrefix(x.scheme, "http")) {
		return use + fmt.Sprintf(", or an owner puts %s on the list of links.", h)
	}
	return use + "."
}
