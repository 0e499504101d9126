package workspace

import (
	"encoding/json"
	"regexp"
	"strings"
)

var (
	mdHeading = regexp.MustCompile(`^#{1,6} +(.*)$`)
	mdBullet  = regexp.MustCompile(`^\s*[-*+] +(.*)$`)
	mdNumber  = regexp.MustCompile(`^\s*\d+[.)] +(.*)$`)
	mdRule    = regexp.MustCompile(`^\s*(-{3,}|\*{3,}|_{3,})\s*$`)
	mdInline  = regexp.MustCompile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|__([^_]+)__|~~([^~]+)~~|\\*([^*\\s][^*]*)\\*|_([^_\\s][^_]*)_|!?\\[([^\\]]*)\\]\\(([^)\\s]+)\\)")
)

// drawMarkdown draws the markdown block's headings, lists, quotes, code, links and styles; its tables stay text.
func drawMarkdown(p *pen, b block) error {
	var m struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(b.raw, &m); err != nil {
		return err
	}
	p.markdown(m.Text)
	return nil
}

func (p *pen) markdown(s string) {
	open := ""
	enter := func(tag string) {
		if open == tag {
			return
		}
		if open != "" {
			p.end(open)
		}
		if open = tag; tag != "" {
			p.open(tag)
		}
	}
	fenced := false
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			enter(map[bool]string{true: "pre"}[fenced])
			continue
		}
		if fenced {
			p.text(line + "\n")
			continue
		}
		p.markdownLine(line, enter)
	}
	enter("")
}

// markdownLine draws one line; enter opens the block that it belongs to and closes any other.
func (p *pen) markdownLine(line string, enter func(tag string)) {
	item := func(list, text string) {
		enter(list)
		p.open("li")
		p.markdownInline(text)
		p.end("li")
	}
	switch {
	case strings.TrimSpace(line) == "":
		enter("")
	case mdRule.MatchString(line):
		enter("")
		p.open("hr")
	case mdHeading.MatchString(line):
		enter("h4")
		p.markdownInline(mdHeading.FindStringSubmatch(line)[1])
		enter("")
	case mdBullet.MatchString(line):
		item("ul", mdBullet.FindStringSubmatch(line)[1])
	case mdNumber.MatchString(line):
		item("ol", mdNumber.FindStringSubmatch(line)[1])
	case strings.HasPrefix(line, ">"):
		enter("blockquote")
		p.markdownInline(strings.TrimPrefix(line[1:], " "))
		p.open("br")
	default:
		enter("p")
		p.markdownInline(line)
		p.open("br")
	}
}

// markdownInline draws a line's styles and links; a picture becomes a link, as in Slack.
func (p *pen) markdownInline(s string) {
	last := 0
	for _, m := range mdInline.FindAllStringSubmatchIndex(s, -1) {
		p.text(emojify(s[last:m[0]]))
		last = m[1]
		group := func(n int) string { return s[m[2*n]:m[2*n+1]] }
		switch {
		case m[2] >= 0:
			p.element("code", group(1))
		case m[4] >= 0:
			p.element("strong", emojify(group(2)))
		case m[6] >= 0:
			p.element("strong", emojify(group(3)))
		case m[8] >= 0:
			p.element("s", emojify(group(4)))
		case m[10] >= 0:
			p.element("em", emojify(group(5)))
		case m[12] >= 0 && m[0] > 0 && wordy(rune(s[m[0]-1])):
			p.text(s[m[0]:m[1]])
		case m[12] >= 0:
			p.element("em", emojify(group(6)))
		default:
			p.anchor(group(8), emojify(group(7)))
		}
	}
	p.text(emojify(s[last:]))
}
