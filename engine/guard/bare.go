package guard

import (
	"html"
	"strings"
)

// bare is a text as it reads once Markdown's and HTML's marks are gone and character references are written out, with the place in the text that
// each byte comes from. Underscores stay: within a word they are no emphasis, and addresses hold them.
type bare struct {
	in, text string
	from     []int32 // one more than there are bytes
}

// unmark takes the marks out of s.
func unmark(s string) bare {
	u := unmarker{in: s, out: make([]byte, 0, len(s)), from: make([]int32, 0, len(s)+1)}
	for i := 0; i < len(s); {
		i = u.step(i)
	}
	return bare{s, string(u.out), append(u.from, int32(len(s)))}
}

// source is where what byte i comes from ends in the text.
func (b bare) source(i int32) int32 {
	at := b.from[i]
	if b.in[at] == '&' {
		if end, _ := entity(b.in, int(at)); end > 0 {
			return int32(end)
		}
	}
	return at + 1
}

type unmarker struct {
	in   string
	out  []byte
	from []int32
	tail int  // where the destination of the link that is being read begins, and
	end  int  // where it ends
	open bool // no comment that begins from here on ends
}

func (u *unmarker) step(i int) int {
	if u.end > 0 && i == u.tail {
		i, u.end = u.end, 0
		return i
	}
	switch c := u.in[i]; c {
	case '*', '`', '~', '\\':
		return i + 1
	case '<':
		if end := u.tag(i); end > 0 {
			return end
		}
	case '!':
		if strings.HasPrefix(u.in[i+1:], "[") && u.link(i+1) {
			return i + 2
		}
	case '[':
		if u.link(i) {
			return i + 1
		}
	case '&':
		if end, said := entity(u.in, i); end > 0 {
			for _, b := range []byte(said) {
				u.put(b, i)
			}
			return end
		}
	}
	u.put(u.in[i], i)
	return i + 1
}

func (u *unmarker) put(b byte, at int) {
	u.out = append(u.out, b)
	u.from = append(u.from, int32(at))
}

// link reports whether a link or a picture begins at the bracket at i, and notes what follows its text.
func (u *unmarker) link(i int) bool {
	mid := until(u.in, i+1, ']')
	if mid < 0 || mid+1 >= len(u.in) {
		return false
	}
	closing := byte(')')
	switch u.in[mid+1] {
	case '(':
	case '[':
		closing = ']'
	default:
		return false
	}
	end := until(u.in, mid+2, closing)
	if end < 0 {
		return false
	}
	u.tail, u.end = mid, end+1
	return true
}

// until finds b in the line that holds i; −1 when it is not there. Nobody writes a link longer than this.
func until(s string, i int, b byte) int {
	for j := i; j < len(s) && j < i+2000; j++ {
		switch s[j] {
		case b:
			return j
		case '\n':
			return -1
		}
	}
	return -1
}

// tag is where the HTML tag or comment that begins at i ends; 0 when there is none.
func (u *unmarker) tag(i int) int {
	if !strings.HasPrefix(u.in[i:], "<!--") {
		return tagEnd(u.in, i)
	}
	if u.open {
		return 0
	}
	j := strings.Index(u.in[i:], "-->")
	if u.open = j < 0; u.open {
		return 0
	}
	return i + j + 3
}

// tagEnd is where the HTML tag that begins at i ends; 0 when there is none.
func tagEnd(s string, i int) int {
	j := i + 1
	if j < len(s) && s[j] == '/' {
		j++
	}
	if j >= len(s) || ascii[s[j]]&isLetter == 0 {
		return 0
	}
	for ; j < len(s); j++ {
		switch s[j] {
		case '>':
			return j + 1
		case '<':
			return 0
		}
	}
	return 0
}

// entity is what the character reference at i says, and where it ends; 0 when it is none.
func entity(s string, i int) (end int, said string) {
	end = i + 1
	for end < len(s) && end < i+34 && (ascii[s[end]]&(isLetter|isDigit) != 0 || s[end] == '#') {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	if said = html.UnescapeString(s[i:end]); said == s[i:end] {
		return 0, ""
	}
	return end, said
}
