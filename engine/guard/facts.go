package guard

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// facts holds that every price, percentage, date, time, number and phone number stands in the fact sheet, in a fact that may be said when the
// piece goes out and that somebody has looked at lately. The texts of offers and calls to action are facts too. What is said without a number
// ("free", "sells out", "always") is no claim that a sheet could prove: the pack "promises" and people look at that.
func facts(l *look) []engine.Finding {
	var found []engine.Finding
	var seen map[key]bool
	var near judged
	for i := range l.fields {
		f := &l.fields[i]
		if f.name == inLink {
			continue
		}
		l.eachClaim(f, func(r *reading, c claim) {
			if l.settled(c.key) {
				return
			}
			if seen[c.key] || len(found) == enough {
				return
			}
			j := l.holds(r, c)
			if j.outcome == engine.Pass {
				if j.use > near.use {
					near = j
				}
				return
			}
			if seen == nil {
				seen = map[key]bool{}
			}
			seen[c.key] = true
			says := fmt.Sprintf("It says %s (%s)", quote(around(r, c.at, c.end)), l.where(f))
			f := engine.Finding{Outcome: j.outcome, Evidence: says + j.says, Remedy: j.remedy, Use: j.use}
			if j.use > 0 {
				f.Of = "facts"
			}
			found = append(found, f)
		})
	}
	if len(found) == 0 && near.use > 0 {
		says, _ := l.age(near.of)
		return []engine.Finding{{Outcome: engine.Pass, Use: near.use, Evidence: "A fact " + says}}
	}
	return found
}

// eachClaim calls each with what f claims, as it reads, and with the reading in which it stands. Words for numbers are looked for in the text as it
// was written.
func (l *look) eachClaim(f *field, each func(*reading, claim)) {
	r := numerals(f.bare)
	l.claims = claimsOf(l.claims[:0], r)
	for _, c := range l.claims {
		each(r, c)
	}
	for _, m := range f.said {
		if t := l.rules.terms.all[m.term]; t.group == ofUnits {
			if c, ok := inWords(&f.raw, m, t.text); ok {
				each(&f.raw, c)
			}
		}
	}
}

// numerals is r with the numbers of other alphabets, and those in boxes and circles, as digits.
func numerals(r *reading) *reading {
	if r.is&isNumber == 0 {
		return r
	}
	var plain reading
	read(strings.Map(asciiDigit, norm.NFKC.String(r.text)), false, &plain)
	return &plain
}

// claimsOf adds what r claims in numbers to found.
func claimsOf(found []claim, r *reading) []claim {
	if r.is&isDigit == 0 {
		return found
	}
	return claims(found, r, links(r))
}

// asciiDigit is the digit that r stands for in its own alphabet.
func asciiDigit(r rune) rune {
	if r < utf8.RuneSelf || !unicode.IsDigit(r) {
		return r
	}
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

// judged is what the sheet says of one claim.
type judged struct {
	outcome      engine.Outcome
	says, remedy string
	use          float64    // share of the age that a fact may have; 0 where its age is not the question
	of           *statement // that one
}

const day = 24 * time.Hour

// holds asks the sheet about c, which is not settled, at the piece's time. Of several facts that say the same, the one that was looked at last counts.
func (l *look) holds(r *reading, c claim) judged {
	at, limit := l.time(), l.Guardrails.Facts.MaxAge
	var stale, old *statement
	for _, i := range l.sheet.claiming(c.key) {
		s := &l.sheet.statements[i]
		switch {
		case !s.Holds(at):
			stale = s
		case old == nil || s.Checked.After(old.Checked):
			old = s
		}
	}
	if old != nil {
		return l.aged(old, at, limit)
	}
	words := quote(r.text[c.at:c.end])
	switch near := l.nearest(r, c, at); {
	case stale != nil:
		return judged{
			outcome: engine.Block, says: fmt.Sprintf("; that fact is out of date: %s%s.", quote(stale.Text), l.until(stale)),
			remedy: fmt.Sprintf("Bring the fact %q up to date, or leave it out.", stale.Key),
		}
	case near != nil:
		return judged{
			outcome: engine.Block, says: fmt.Sprintf(". Your facts: %s%s.", quote(near.Text), l.until(near)),
			remedy: fmt.Sprintf("Say that instead, leave %s out, or add the fact.", words),
		}
	}
	return judged{outcome: engine.Block, says: ", which is not in your facts.", remedy: fmt.Sprintf("Leave %s out, or add the fact.", words)}
}

// settled reports whether something may be said at the piece's time that claims k, and whose age is no question: as most claims are.
func (l *look) settled(k key) bool {
	at, limit := l.time(), l.Guardrails.Facts.MaxAge
	for _, i := range l.sheet.claiming(k) {
		if s := &l.sheet.statements[i]; (!s.ages || limit == 0) && s.Holds(at) {
			return true
		}
	}
	return false
}

// time is when the piece goes out.
func (l *look) time() time.Time {
	if l.Output.Slot.IsZero() {
		return l.Now
	}
	return l.Output.Slot
}

// aged is the judgement on a fact that grows old: refused past the limit, warned of in its last tenth.
func (l *look) aged(s *statement, at time.Time, limit int) judged {
	j := judged{outcome: engine.Pass, use: float64(at.Sub(s.Checked)) / float64(time.Duration(limit)*day), of: s}
	if s.Checked.IsZero() {
		j.use = 2 // whatever the limit
	}
	switch {
	case j.use > 1:
		j.outcome = engine.Block
	case j.use >= engine.NearMiss:
		j.outcome = engine.Warn
	default:
		return j
	}
	j.says, j.remedy = l.age(s)
	j.says = "; that fact " + j.says
	return j
}

// age says when somebody last looked at s, and what to do about it.
func (l *look) age(s *statement) (says, remedy string) {
	since := "was last looked at on " + s.Checked.In(l.Strategy.Business.Location()).Format("2 Jan 2006")
	if s.Checked.IsZero() {
		since = "was never confirmed"
	}
	return fmt.Sprintf("%s: %s. Your limit is %d days.", since, quote(s.Text), l.Guardrails.Facts.MaxAge),
		fmt.Sprintf("See whether the fact %q is still so, and confirm it.", s.Key)
}

// nearest is the statement that holds at t and makes a claim of the same kind, about the same thing if there is one; nil for none.
func (l *look) nearest(r *reading, c claim, t time.Time) *statement {
	var best *statement
	most := -1
	var about reading
	read(around(r, c.at, c.end), false, &about)
	words := stemsOf(&about)
	for i := range l.sheet.statements {
		s := &l.sheet.statements[i]
		if !s.Holds(t) || !s.claims(c.kind()) {
			continue
		}
		shared := 0
		for w := range words {
			if s.words[w] {
				shared++
			}
		}
		if shared > most {
			best, most = s, shared
		}
	}
	return best
}

func (s *statement) claims(k kind) bool {
	for _, c := range s.found {
		if c.kind() == k {
			return true
		}
	}
	return false
}

// until is the last day of s in words: ", until 30 Nov".
func (l *look) until(s *statement) string {
	if s.Until.IsZero() {
		return ""
	}
	last := s.Until.Add(-time.Second).In(l.Strategy.Business.Location())
	if last.Year() == l.Now.Year() {
		return ", until " + last.Format("2 Jan")
	}
	return ", until " + last.Format("2 Jan 2006")
}
