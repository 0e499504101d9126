package guard

import (
	"strconv"
	"strings"
)

// key is what a claim says: two that have the same key say the same. "€6.50", "6,50 euros" and "EUR 6.5" do.
type key struct {
	number uint64 // kind, currency and amount: in ten-thousandths; of a date month and day, of a time minutes
	text   string // where a number is too long for that; a phone number's digits; a link's place
}

func numberKey(k kind, unit uint8, n int64) key {
	return key{number: uint64(k)<<60 | uint64(unit)<<55 | uint64(n)}
}

func textKey(k kind, text string) key { return key{uint64(k) << 60, text} }

func (k key) kind() kind { return kind(k.number >> 60) }

type kind uint8

const (
	aNumber kind = iota
	aPrice
	aPercentage
	aDate
	aTime
	aPhone
	aLink
)

// claim is one checkable statement in a text. Words alone ("free", "always", "sells out") are none: no fact sheet proves them.
type claim struct {
	key
	at, end int32
}

// claimer reads the numbers of a text from left to right; each stretch is read once. What stands around a number says what it claims.
type claimer struct {
	*reading
	i     int   // the piece that is looked at
	done  int32 // up to here all is read
	found []claim
}

// claims adds what can be checked in r to found, but for what is part of a link.
func claims(found []claim, r *reading, links []link) []claim {
	c := claimer{reading: r, found: found}
	for _, i := range r.digits {
		p := r.pieces[i]
		if p.at < c.done {
			continue
		}
		for len(links) > 0 && links[0].end <= p.at {
			links = links[1:]
		}
		if len(links) > 0 && links[0].at <= p.at {
			continue
		}
		c.i = int(i)
		c.number(p)
	}
	return c.found
}

// number reads the claim that begins with the digits of p.
func (c *claimer) number(p piece) {
	n := c.amount(p.at)
	switch {
	case c.price(n), c.percentage(n), c.isoDate(p), c.date(p), c.phone(p), c.time(p):
		return
	}
	c.add(n.key(aNumber, 0), n.at, n.end)
}

func (c *claimer) add(k key, at, end int32) {
	c.found = append(c.found, claim{k, at, end})
	c.done = max(c.done, end)
}

// amount is a number as it is written: digits, groups of three, decimals.
type amount struct {
	at, end, whole int32  // whole is where the decimals begin
	text           string // the text that it stands in
	odd            bool   // more than one mark of decimals: a version, an address
}

func (c *claimer) amount(at int32) amount {
	t, n := c.text, amount{at: at, text: c.text}
	end := run(t, at)
	if end-at <= 3 && t[at] != '0' {
		for {
			next, ok := group(t, end)
			if !ok {
				break
			}
			end = next
		}
	}
	n.whole, n.end = end, end
	for i := 0; mark(t, n.end); i++ {
		n.end = run(t, n.end+1)
		n.odd = n.odd || i > 0
	}
	return n
}

// run is where the digits that begin at i end.
func run(t string, i int32) int32 {
	for int(i) < len(t) && '0' <= t[i] && t[i] <= '9' {
		i++
	}
	return i
}

// group reports whether a mark of thousands and exactly three digits stand at i, and where they end.
func group(t string, i int32) (end int32, ok bool) {
	j := i
	switch {
	case int(i) >= len(t):
		return 0, false
	case t[i] == ',' || t[i] == '.' || t[i] == '\'' || t[i] == ' ':
		j++
	default:
		if j = space(t, i); j == i {
			return 0, false
		}
	}
	end = run(t, j)
	return end, end-j == 3
}

// mark reports whether a mark of decimals with a digit behind it stands at i.
func mark(t string, i int32) bool {
	return int(i)+1 < len(t) && (t[i] == '.' || t[i] == ',') && run(t, i+1) > i+1
}

// space is where one space at i ends, also one that does not break.
func space(t string, i int32) int32 {
	if int(i) < len(t) && t[i] == ' ' {
		return i + 1
	}
	if int(i) < len(t) && t[i] >= 0x80 {
		for _, s := range wideSpaces {
			if strings.HasPrefix(t[i:], s) {
				return i + int32(len(s))
			}
		}
	}
	return i
}

// wideSpaces are the spaces that do not break.
var wideSpaces = []string{"\u00a0", "\u202f", "\u2009"}

func (n amount) key(k kind, unit uint8) key {
	var v int64
	digits, decimals := 0, -1
	for i := n.at; i < n.end; i++ {
		b := n.text[i]
		if i == n.whole {
			decimals = 0
		}
		if b < '0' || b > '9' {
			continue
		}
		if decimals >= 4 && b != '0' || digits >= 11 || n.odd {
			return textKey(k, n.text[n.at:n.end])
		}
		if decimals < 4 {
			v = v*10 + int64(b-'0')
			digits++
			if decimals >= 0 {
				decimals++
			}
		}
	}
	for decimals = max(decimals, 0); decimals < 4; decimals++ {
		v *= 10
	}
	return numberKey(k, unit, v)
}

// word is the word that begins at i.
func (c *claimer) word(i int32) (w string, end int32) {
	for j := c.i + 1; j < len(c.pieces) && c.pieces[j].at <= i; j++ {
		if p := c.pieces[j]; p.at == i && p.is&isLetter != 0 {
			return c.text[p.at:p.end], p.end
		}
	}
	return "", i
}

func (c *claimer) percentage(n amount) bool {
	i := space(c.text, n.end)
	if int(i) == len(c.text) || strings.IndexByte("%-pP\xef", c.text[i]) < 0 {
		return false
	}
	if strings.HasPrefix(c.text[i:], "-") {
		i++
	}
	switch w, end := c.word(i); {
	case strings.HasPrefix(c.text[i:], "%"):
		c.add(n.key(aPercentage, 0), n.at, i+1)
	case strings.HasPrefix(c.text[i:], "％"):
		c.add(n.key(aPercentage, 0), n.at, i+int32(len("％")))
	case strings.EqualFold(w, "percent"), strings.EqualFold(w, "pct"):
		c.add(n.key(aPercentage, 0), n.at, end)
	case strings.EqualFold(w, "per"):
		w, end = c.word(space(c.text, end))
		if !strings.EqualFold(w, "cent") {
			return false
		}
		c.add(n.key(aPercentage, 0), n.at, end)
	default:
		return false
	}
	return true
}

// phone is seven digits or more, with what people put between them.
func (c *claimer) phone(p piece) bool {
	at, end, digits := p.at, p.at, 0
	for i := at; int(i) < len(c.text) && strings.IndexByte("0123456789 ()-/", c.text[i]) >= 0; i++ {
		if c.text[i] >= '0' && c.text[i] <= '9' {
			digits++
			end = i + 1
		}
	}
	if digits < 7 {
		return false
	}
	if at > 0 && c.text[at-1] == '+' {
		at--
	}
	only := func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}
	c.add(textKey(aPhone, strings.Map(only, c.text[at:end])), at, end)
	return true
}

func (c *claimer) isoDate(p piece) bool {
	t := c.text[p.at:]
	if p.end-p.at != 4 || len(t) < 10 || t[4] != '-' || t[7] != '-' || run(t, 5) != 7 || run(t, 8) != 10 {
		return false
	}
	month, _ := strconv.Atoi(t[5:7])
	day, _ := strconv.Atoi(t[8:10])
	c.add(dateKey(month, day), p.at, p.at+10)
	return true
}

func dateKey(month, day int) key { return numberKey(aDate, 0, int64(month)*100+int64(day)) }
