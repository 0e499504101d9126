package workspace

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// previewLines is how much of a text file a message shows.
const previewLines = 12

// conversation is a run of messages as one reader sees it.
type conversation struct {
	messages []Message
	replies  map[string][]Message           // without the parent, by its ts; nil where threads are not offered
	thread   func(ts string) string         // address that opens the thread of ts
	file     func(id string) ([]byte, bool) // content for previews
}

func (p *pen) conversation(c conversation) {
	day := ""
	for _, m := range c.messages {
		t := stampTime(m.TS).In(p.now.Location())
		if d := t.Format("Mon 2 Jan 2006"); d != day {
			day = d
			p.element("h2", d, "class", "day", "data-key", "day "+d)
		}
		p.message(m, t, c)
	}
}

// message draws one message whole; its digest changes whenever anything of it does.
func (p *pen) message(m Message, t time.Time, c conversation) {
	body := *p
	body.markup, body.key = markup{}, m.Channel+m.TS
	body.open("div", "class", "body")
	if s := string(m.Blocks); s != "" && s != "[]" && s != "null" {
		body.blocks(m.Blocks)
	} else {
		body.mrkdwn(m.Text)
	}
	body.end("div")
	for _, f := range m.Files {
		body.file(f, c.file)
	}
	if m.Ephemeral == "" {
		body.replies(m, c)
	}
	class := "message"
	if m.Ephemeral != "" {
		class += " ephemeral"
	}
	p.open("article", "class", class, "id", domID("message", m.Channel, m.TS), "data-key", m.TS, "data-ts", m.TS, "data-in", m.Channel,
		"data-digest", domID(body.b.String(), m.Edited))
	p.byline(m, t)
	p.b.WriteString(body.b.String())
	p.end("article")
}

func (p *pen) byline(m Message, t time.Time) {
	name := cmp.Or(p.bylines[m.User], m.User)
	p.open("header")
	p.element("span", initial(name), "class", "face tint"+strconv.Itoa(tint(m.User)), "aria-hidden", "true")
	p.element("b", name)
	if !p.isPerson(m.User) && m.User != notifer {
		p.element("span", "app", "class", "badge")
	}
	p.element("time", t.Format("15:04"), "datetime", t.Format(time.RFC3339), "title", t.Format("Mon 2 Jan 2006 15:04:05 MST"))
	if m.Edited != "" {
		p.element("span", "edited", "class", "quiet")
	}
	if m.Ephemeral != "" {
		p.element("span", "Only visible to you", "class", "only")
	}
	p.end("header")
}

func (p *pen) isPerson(id string) bool {
	for _, person := range p.people {
		if person.ID == id {
			return true
		}
	}
	return false
}

func (p *pen) replies(m Message, c conversation) {
	replies := c.replies[m.TS]
	if len(replies) == 0 {
		return
	}
	last := stampTime(replies[len(replies)-1].TS).In(p.now.Location())
	p.open("footer")
	p.element("a", count(len(replies), "message")+" in the thread, last "+pretty(dateShort)(last, p.now)+" "+last.Format("15:04"),
		"href", c.thread(m.TS), "data-go", "", "class", "thread-link")
	p.end("footer")
}

// file draws an uploaded file: a picture with its alternative text, the beginning of a text, else a link.
func (p *pen) file(f File, read func(id string) ([]byte, bool)) {
	name := f.Title
	if name == "" {
		name = f.Name
	}
	p.open("figure", "class", "file")
	if strings.HasPrefix(f.MIME, "image/") {
		p.open("img", "src", filePath(f.ID), "alt", f.AltText, "class", "wide", "loading", "lazy")
	} else if strings.HasPrefix(f.MIME, "text/") && read != nil {
		p.preview(f.ID, read)
	}
	p.open("figcaption")
	p.element("a", name, "href", cmp.Or(safeLink(f.URL), filePath(f.ID)), "target", "_blank", "rel", "noopener noreferrer")
	p.element("span", " · "+size(f.Size), "class", "quiet")
	p.end("figcaption", "figure")
}

func (p *pen) preview(id string, read func(id string) ([]byte, bool)) {
	content, ok := read(id)
	if !ok || !utf8.Valid(content) {
		return
	}
	lines := strings.SplitAfterN(string(content), "\n", previewLines+1)
	more := len(lines) > previewLines
	p.open("pre", "tabindex", "0")
	p.text(strings.Join(lines[:min(len(lines), previewLines)], ""))
	if more {
		p.text("…")
	}
	p.end("pre")
}

func size(n int) string {
	switch {
	case n < 1000:
		return strconv.Itoa(n) + " bytes"
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// stampTime is the moment of a ts; one that cannot be read is the epoch.
func stampTime(ts string) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	us, _ := strconv.ParseInt(micros, 10, 64)
	return time.Unix(s, us*1000)
}

func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r))
}

// tint picks one of the stylesheet's face colours.
func tint(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % 6)
}
