package guard

import (
	"strconv"
	"strings"
)

// months are their names and short forms, without the last letters.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

var monthNames = []string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}

// month is the number of the month that w names, 0 for none.
func month(w string) int {
	if len(w) < 3 || len(w) > 9 {
		return 0
	}
	w = strings.ToLower(w)
	for i, name := range monthNames {
		if w == name || w == months[i] || w == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

// date is a day and a month: "3 December", "3rd of December", "December 3".
func (c *claimer) date(p piece) bool {
	if p.end-p.at > 2 {
		return false
	}
	day, _ := strconv.Atoi(c.text[p.at:p.end])
	if day < 1 || day > 31 {
		return false
	}
	end := p.end
	if w, e := c.word(end); len(w) == 2 && strings.Contains("st nd rd th", strings.ToLower(w)) {
		end = e
	}
	i := end
	if strings.HasPrefix(c.text[i:], ".") {
		i++
	}
	w, e := c.word(space(c.text, i))
	if strings.EqualFold(w, "of") {
		w, e = c.word(space(c.text, e))
	}
	if m := month(w); m > 0 {
		c.add(dateKey(m, day), p.at, e)
		return true
	}
	if c.i == 0 {
		return false
	}
	q := c.pieces[c.i-1]
	if m := month(c.text[q.at:q.end]); m > 0 && q.at >= c.done && strings.Trim(c.text[q.end:p.at], ". \u00a0") == "" && p.at > q.end {
		c.add(dateKey(m, day), q.at, end)
		return true
	}
	return false
}

// time is a time of day: "10:00", "9.30 pm", "10 am", "10 o'clock".
func (c *claimer) time(p piece) bool {
	hours, minutes, end := c.text[p.at:p.end], 0, p.end
	h, err := strconv.Atoi(hours)
	if err != nil || len(hours) > 2 || h > 24 {
		return false
	}
	clock := false
	if t := c.text; int(end)+2 < len(t) && (t[end] == ':' || t[end] == '.') && run(t, end+1) == end+3 && !mark(t, end+3) {
		minutes, _ = strconv.Atoi(t[end+1 : end+3])
		clock = minutes < 60
		if !clock {
			return false
		}
		end += 3
	}
	half, after := c.half(space(c.text, end))
	switch {
	case half == 'p' && h < 12:
		h += 12
	case half == 'a' && h == 12:
		h = 0
	}
	if half != 0 {
		clock, end = true, after
	}
	if clock {
		c.add(numberKey(aTime, 0, int64(h*60+minutes)), p.at, end)
	}
	return clock
}

// half is 'a' or 'p' where "am", "p.m." and the like stand at i, 'o' for "o'clock", 0 for neither.
func (c *claimer) half(i int32) (half byte, end int32) {
	if int(i) >= len(c.text) || strings.IndexByte("aApPoO", c.text[i]) < 0 {
		return 0, i
	}
	rest := strings.ToLower(c.text[i:min(int(i)+9, len(c.text))])
	for _, w := range []string{"am", "pm", "a.m.", "p.m.", "a.m", "p.m", "o'clock", "o’clock"} {
		if strings.HasPrefix(rest, w) {
			end = i + int32(len(w))
			if int(end) == len(c.text) || !inside(c.text[end]) {
				return w[0], end
			}
		}
	}
	return 0, i
}

// numberWords are the numbers that people write out before a percentage or a sum.
var numberWords = map[string]int64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
	"forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "half": 0,
}

// inWords is the claim that the unit of match m makes with the number word before it: "twenty-five percent", "half price".
func inWords(r *reading, m match, unit string) (claim, bool) {
	if strings.HasPrefix(unit, "half") {
		return claim{numberKey(aPercentage, 0, 50*10_000), m.at, m.end}, true
	}
	i := len(r.pieces) - 1
	for i >= 0 && r.pieces[i].at >= m.at {
		i--
	}
	if i < 0 {
		return claim{}, false
	}
	p := r.pieces[i]
	n := numberWords[strings.ToLower(r.text[p.at:p.end])]
	if n == 0 {
		return claim{}, false
	}
	at := p.at
	if i > 0 && n < 10 {
		q := r.pieces[i-1]
		if tens := numberWords[strings.ToLower(r.text[q.at:q.end])]; tens >= 20 && tens < 100 {
			n, at = n+tens, q.at
		}
	}
	if u := currencies[strings.ToLower(unit)]; u != 0 {
		return claim{numberKey(aPrice, u, n*10_000), at, m.end}, true
	}
	return claim{numberKey(aPercentage, 0, n*10_000), at, m.end}, true
}
