package workspace

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// unescaper undoes the three escapes that Slack knows; every other entity is plain text.
var unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// styles are the marks of mrkdwn that wrap a run of words.
var styles = map[byte]string{'*': "strong", '_': "em", '~': "s"}

// mrkdwn draws text in Slack's own markup.
func (p *pen) mrkdwn(s string) {
	for i, part := range splitPre(s) {
		if i%2 == 1 {
			p.open("pre")
			p.text(plainControls(strings.TrimPrefix(part, "\n")))
			p.end("pre")
			continue
		}
		p.quotes(part)
	}
}

// splitPre cuts s at its ``` marks: odd parts are preformatted. A mark without a partner stays text.
func splitPre(s string) []string {
	const mark = "```"
	parts := strings.Split(s, mark)
	if n := len(parts); n%2 == 0 {
		parts[n-2] += mark + parts[n-1]
		parts = parts[:n-1]
	}
	for i := 0; i+1 < len(parts); i += 2 {
		parts[i] = strings.TrimSuffix(parts[i], "\n")
		parts[i+2] = strings.TrimPrefix(parts[i+2], "\n")
	}
	return parts
}

// quotes draws runs of lines that begin with > as a quote, and what follows >>> to the end.
func (p *pen) quotes(s string) {
	var run []string
	quoted := false
	flush := func() {
		if len(run) == 0 {
			return
		}
		if quoted {
			p.open("blockquote")
		}
		p.inline(strings.Join(run, "\n"))
		if quoted {
			p.end("blockquote")
		}
		run = nil
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		body, is := unquote(line)
		if is != quoted {
			flush()
			quoted = is
		}
		if rest, all := unquote(body); is && all {
			rest, _ = unquote(rest)
			run = append(run, append([]string{rest}, lines[i+1:]...)...)
			break
		}
		run = append(run, body)
	}
	flush()
}

// unquote takes one > off the start of a line.
func unquote(line string) (rest string, was bool) {
	for _, mark := range []string{"&gt;", ">"} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimPrefix(rest, " "), true
		}
	}
	return line, false
}

// inline draws one run of text: links, mentions, dates, styles, code, emoji and line breaks.
func (p *pen) inline(s string) {
	start := 0
	flush := func(to int) { p.text(unescaper.Replace(s[start:to])) }
	for i := 0; i < len(s); {
		skip, draw := p.mark(s, i)
		if skip == 0 {
			i++
			continue
		}
		flush(i)
		draw()
		i += skip
		start = i
	}
	flush(len(s))
}

// mark finds the mark that begins at s[i]: how long it is, and how it is drawn. Length 0 means that s[i] is plain text.
func (p *pen) mark(s string, i int) (length int, draw func()) {
	switch c := s[i]; c {
	case '\n':
		return 1, func() { p.open("br") }
	case '<':
		if n := strings.IndexByte(s[i:], '>'); n > 1 {
			return n + 1, func() { p.bracketed(s[i+1 : i+n]) }
		}
	case '`':
		if n := strings.IndexByte(s[i+1:], '`'); n > 0 && !strings.Contains(s[i+1:i+1+n], "\n") {
			return n + 2, func() { p.element("code", plainControls(s[i+1:i+1+n])) }
		}
	case '*', '_', '~':
		if n := styled(s, i); n > 0 {
			return n, func() {
				p.open(styles[c])
				p.inline(s[i+1 : i+n-1])
				p.end(styles[c])
			}
		}
	case ':':
		if m := shortcode.FindString(s[i:]); m != "" && strings.HasPrefix(s[i:], m) && emojify(m) != m {
			return len(m), func() { p.text(emojify(m)) }
		}
	case 'h':
		if n := bareLink(s, i); n > 0 {
			return n, func() { p.anchor(unescaper.Replace(s[i:i+n]), "") }
		}
	}
	return 0, nil
}

// styled gives the length of the run that s[i] opens, marks included: a mark opens before a word and closes after one, on its line.
func styled(s string, i int) int {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	if i > 0 && wordy(before) || i+1 >= len(s) || s[i+1] == s[i] || s[i+1] == ' ' {
		return 0
	}
	for j := i + 1; j < len(s) && s[j] != '\n'; j++ {
		if s[j] == '<' {
			if n := strings.IndexByte(s[j:], '>'); n > 0 {
				j += n
			}
			continue
		}
		after, _ := utf8.DecodeRuneInString(s[j+1:])
		if s[j] == s[i] && j > i+1 && s[j-1] != ' ' && !wordy(after) {
			return j + 1 - i
		}
	}
	return 0
}

func wordy(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// bareLink gives the length of the address that begins at s[i], without the punctuation that ends its sentence.
func bareLink(s string, i int) int {
	if !strings.HasPrefix(s[i:], "https://") && !strings.HasPrefix(s[i:], "http://") {
		return 0
	}
	end := strings.IndexAny(s[i:], " \n\t<>|\"*`")
	if end < 0 {
		end = len(s) - i
	}
	address := strings.TrimRight(s[i:i+end], ".,;:!?)'~_")
	if strings.HasSuffix(address, "//") {
		return 0
	}
	return len(address)
}

// bracketed draws what stands between < and >.
func (p *pen) bracketed(inner string) {
	head, label, _ := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(head, "@"):
		p.mention(head[1:], label)
	case strings.HasPrefix(head, "#"):
		p.channelName(head[1:], label)
	case strings.HasPrefix(head, "!date^"):
		p.dateControl(head, unescaper.Replace(label))
	case strings.HasPrefix(head, "!"):
		p.broadcast(head[1:], label)
	default:
		p.anchor(unescaper.Replace(head), emojify(unescaper.Replace(label)))
	}
}

// anchor draws a link, or its words alone where the address must not be followed.
func (p *pen) anchor(address, label string) {
	if label == "" {
		label = strings.TrimPrefix(address, "mailto:")
	}
	linked := p.link(address)
	p.text(label)
	if linked {
		p.end("a")
	}
}

func (p *pen) mention(id, label string) {
	name := cmp.Or(p.names[id], label, id)
	class := "mention"
	if id == p.as {
		class = "mention me"
	}
	p.element("span", "@"+strings.TrimPrefix(name, "@"), "class", class)
}

func (p *pen) channelName(id, label string) {
	p.element("span", "#"+cmp.Or(p.channels[id], label, id), "class", "mention")
}

func (p *pen) broadcast(kind, label string) {
	if label == "" {
		kind, _, _ = strings.Cut(kind, "^")
		label = kind
	}
	p.element("span", "@"+strings.TrimPrefix(label, "@"), "class", "mention")
}

// dateControl draws !date^seconds^format^link with its fallback.
func (p *pen) dateControl(head, fallback string) {
	parts := strings.SplitN(head, "^", 4)
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || len(parts) < 3 {
		p.text(fallback)
		return
	}
	address := ""
	if len(parts) == 4 {
		address = unescaper.Replace(parts[3])
	}
	p.date(seconds, unescaper.Replace(parts[2]), address, fallback)
}

// date draws a moment in the reader's words; its exact value stays in the markup.
func (p *pen) date(seconds int64, format, address, fallback string) {
	t := time.Unix(seconds, 0).In(p.now.Location())
	linked := address != "" && p.link(address)
	p.element("time", formatDate(t, p.now, format, fallback), "datetime", t.Format(time.RFC3339), "title", t.Format("Mon 2 Jan 2006 15:04 MST"))
	if linked {
		p.end("a")
	}
}

// plainControls flattens links and mentions to their words, for code and previews.
func plainControls(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "<")
		b.WriteString(before)
		if !ok {
			break
		}
		inner, after, closed := strings.Cut(rest, ">")
		if !closed {
			b.WriteString("<" + rest)
			break
		}
		head, label, has := strings.Cut(inner, "|")
		if !has {
			label = head
		}
		b.WriteString(label)
		s = after
	}
	return unescaper.Replace(b.String())
}
