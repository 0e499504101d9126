package workspace

import (
	"encoding/json"
	"strconv"
)

// richGroup is one part of a rich_text block: a section, a list, a quote or a preformatted piece.
type richGroup struct {
	Type     string            `json:"type"`
	Elements []json.RawMessage `json:"elements"`
	Style    string            `json:"style"` // of a list: bullet or ordered
	Indent   int               `json:"indent"`
	Offset   int               `json:"offset"`
}

// richPiece is one piece of a line.
type richPiece struct {
	Type      string          `json:"type"`
	Text      string          `json:"text"`
	URL       string          `json:"url"`
	Name      string          `json:"name"`
	Unicode   string          `json:"unicode"`
	UserID    string          `json:"user_id"`
	ChannelID string          `json:"channel_id"`
	GroupID   string          `json:"usergroup_id"`
	Range     string          `json:"range"`
	Value     string          `json:"value"`
	Timestamp int64           `json:"timestamp"`
	Format    string          `json:"format"`
	Fallback  string          `json:"fallback"`
	Style     map[string]bool `json:"-"`
	RawStyle  json.RawMessage `json:"style"`
}

// richStyles are drawn in this order, so that the nesting of tags is always the same.
var richStyles = []struct{ name, tag string }{
	{"bold", "strong"}, {"italic", "em"}, {"strike", "s"}, {"underline", "u"}, {"highlight", "mark"}, {"client_highlight", "mark"}, {"code", "code"},
}

func drawRichText(p *pen, b block) error {
	var rich struct {
		Elements []richGroup `json:"elements"`
	}
	if err := json.Unmarshal(b.raw, &rich); err != nil {
		return err
	}
	for _, g := range rich.Elements {
		p.richGroup(g)
	}
	return nil
}

func (p *pen) richGroup(g richGroup) {
	switch g.Type {
	case "rich_text_section":
		p.open("p", "class", "rich")
		p.richLine(g.Elements)
		p.end("p")
	case "rich_text_quote":
		p.open("blockquote")
		p.richLine(g.Elements)
		p.end("blockquote")
	case "rich_text_preformatted":
		p.open("pre")
		p.richLine(g.Elements)
		p.end("pre")
	case "rich_text_list":
		p.richList(g)
	default:
		p.notDrawn("rich text", g.Type)
	}
}

func (p *pen) richList(g richGroup) {
	tag, start := "ul", ""
	if g.Style == "ordered" {
		tag = "ol"
		if g.Offset > 0 {
			start = strconv.Itoa(g.Offset + 1)
		}
	}
	p.open(tag, with([]string{"class", "rich indent" + strconv.Itoa(min(max(g.Indent, 0), 5))}, given("start", start))...)
	for _, raw := range g.Elements {
		var item richGroup
		p.open("li")
		if err := json.Unmarshal(raw, &item); err != nil {
			p.notDrawn("rich text", "?")
		} else {
			p.richLine(item.Elements)
		}
		p.end("li")
	}
	p.end(tag)
}

func (p *pen) richLine(pieces []json.RawMessage) {
	for _, raw := range pieces {
		var piece richPiece
		if err := json.Unmarshal(raw, &piece); err != nil {
			p.notDrawn("rich text", "?")
			continue
		}
		// A style that is no object is ignored: a list's style is a word.
		_ = json.Unmarshal(piece.RawStyle, &piece.Style)
		p.richPiece(piece)
	}
}

func (p *pen) richPiece(e richPiece) {
	var open []string
	for _, s := range richStyles {
		if e.Style[s.name] {
			p.open(s.tag)
			open = append([]string{s.tag}, open...)
		}
	}
	switch e.Type {
	case "text":
		p.lines(e.Text)
	case "link":
		p.anchor(e.URL, e.Text)
	case "emoji":
		p.richEmoji(e)
	case "user":
		p.mention(e.UserID, "")
	case "channel":
		p.channelName(e.ChannelID, "")
	case "usergroup":
		p.broadcast(e.GroupID, "")
	case "broadcast":
		p.broadcast(e.Range, "")
	case "date":
		p.date(e.Timestamp, e.Format, e.URL, e.Fallback)
	case "color":
		p.element("code", e.Value)
	default:
		p.notDrawn("rich text", e.Type)
	}
	p.end(open...)
}

func (p *pen) richEmoji(e richPiece) {
	drawn := emojify(":" + e.Name + ":")
	if u := codepoints(e.Unicode); u != "" {
		drawn = u
	}
	p.text(drawn)
}
