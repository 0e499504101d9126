package guard

import "strings"

// moneys are the currencies that are told apart, each with the signs and words that stand beside a sum.
var moneys = [][]string{
	nil, {"€", "eur", "euro", "euros"}, {"$", "usd", "dollar", "dollars"}, {"£", "gbp", "pound", "pounds", "quid"}, {"¥", "jpy", "yen"}, {"₹", "inr"},
	{"cent", "cents"}, {"kr"}, {"sek"}, {"nok"}, {"dkk"}, {"chf"}, {"pln", "zł"}, {"czk"}, {"cad"}, {"aud"}, {"cny"},
}

const signed = 5 // moneys with a sign come first

var currencies = func() map[string]uint8 {
	m := map[string]uint8{}
	for i, words := range moneys {
		for _, w := range words {
			m[w] = uint8(i)
		}
	}
	return m
}()

func (c *claimer) price(n amount) bool {
	if n.odd {
		return false
	}
	end := n.end
	unit, at := signBefore(c.text, n.at)
	if unit == 0 && c.i > 0 {
		if q := c.pieces[c.i-1]; q.is&isLetter != 0 && q.end-q.at == 3 && n.at-q.end <= 2 && strings.TrimSpace(c.text[q.end:n.at]) == "" {
			if unit = currencies[strings.ToLower(c.text[q.at:q.end])]; unit != 0 {
				at = q.at
			}
		}
	}
	if unit == 0 {
		unit, end = c.unitAfter(n.end)
	}
	if unit == 0 {
		return false
	}
	c.add(n.key(aPrice, unit), at, end)
	return true
}

// signBefore is the currency whose sign stands before i, and where it begins.
func signBefore(t string, i int32) (unit uint8, at int32) {
	j := i
	for n := 0; j > 0 && n < 2; n++ {
		switch {
		case t[j-1] == ' ':
			j--
		case strings.HasSuffix(t[:j], "\u00a0"):
			j -= 2
		case strings.HasSuffix(t[:j], "\u202f"):
			j -= 3
		}
	}
	if j == 0 || t[j-1] != '$' && t[j-1] < 0x80 {
		return 0, i
	}
	for u := 1; u <= signed; u++ {
		if s := moneys[u][0]; strings.HasSuffix(t[:j], s) {
			return uint8(u), j - int32(len(s))
		}
	}
	return 0, i
}

// unitAfter is the currency that follows i, and where it ends.
func (c *claimer) unitAfter(i int32) (unit uint8, end int32) {
	if i = space(c.text, i); int(i) == len(c.text) {
		return 0, i
	}
	if b := c.text[i]; b == '$' || b >= 0x80 {
		for u := 1; u <= signed; u++ {
			if s := moneys[u][0]; strings.HasPrefix(c.text[i:], s) && (b != '$' || !c.amountAt(i+1)) {
				return uint8(u), i + int32(len(s))
			}
		}
	}
	if w, end := c.word(i); w != "" && len(w) <= 7 {
		return currencies[strings.ToLower(w)], end
	}
	return 0, i
}

func (c *claimer) amountAt(i int32) bool {
	return int(i) < len(c.text) && ascii[c.text[i]]&isDigit != 0
}
