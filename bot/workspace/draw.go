package workspace

import (
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"time"
)

// pen draws Block Kit as HTML for one reader.
type pen struct {
	markup
	as       string                    // who reads
	now      time.Time                 // in the reader's zone; dates are drawn against it
	names    map[string]string         // by which people and the app are mentioned, by id
	bylines  map[string]string         // under which they write, by id
	channels map[string]string         // names by id
	people   []Person                  // for menus of people
	rooms    []Channel                 // for menus of channels
	key      string                    // the message or view being drawn: ids of its elements are made from it
	errors   map[string]string         // of the view being drawn, by block id
	state    map[string]map[string]any // what the person last sent in it, by block and action
}

// block is one block, still raw: every kind decodes its own fields.
type block struct {
	Type string `json:"type"`
	ID   string `json:"block_id"`
	raw  json.RawMessage
}

// blockDrawers is every block that the page draws. To add one: write it, add a row, add a row to TestEveryBlockIsDrawn.
var blockDrawers = map[string]func(*pen, block) error{
	"actions":   drawActions,
	"context":   drawContext,
	"divider":   drawDivider,
	"file":      drawFileBlock,
	"header":    drawHeader,
	"image":     drawImage,
	"input":     drawInput,
	"markdown":  drawMarkdown,
	"rich_text": drawRichText,
	"section":   drawSection,
	"table":     drawTable,
}

// textObject is Slack's text object.
type textObject struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji"`
}

// blocks draws a list of blocks; what it cannot draw is named where it would stand.
func (p *pen) blocks(raw json.RawMessage) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		p.notDrawn("block", "?")
		return
	}
	for _, one := range list {
		b := block{raw: one}
		if err := json.Unmarshal(one, &b); err != nil {
			p.notDrawn("block", "?")
			continue
		}
		p.block(b)
	}
}

func (p *pen) block(b block) {
	draw, known := blockDrawers[b.Type]
	p.open("div", with([]string{"class", "block"}, given("data-block", b.ID))...)
	if !known || draw(p, b) != nil {
		p.notDrawn("block", b.Type)
	}
	p.end("div")
}

// notDrawn is the honest box for what the page has no drawing of.
func (p *pen) notDrawn(what, kind string) {
	p.element("span", what+" of type “"+kind+"” is not drawn here", "class", "not-drawn")
}

// words draws a text object as its type says.
func (p *pen) words(t textObject) {
	if t.Type == "mrkdwn" {
		p.mrkdwn(t.Text)
		return
	}
	p.lines(plain(t))
}

// plain gives a text object as plain words.
func plain(t textObject) string {
	switch {
	case t.Type == "mrkdwn":
		return emojify(plainControls(t.Text))
	case t.Emoji == nil || *t.Emoji:
		return emojify(t.Text)
	}
	return t.Text
}

func drawHeader(p *pen, b block) error {
	var h struct {
		Text textObject `json:"text"`
	}
	if err := json.Unmarshal(b.raw, &h); err != nil {
		return err
	}
	p.element("h3", plain(h.Text))
	return nil
}

func drawDivider(p *pen, _ block) error {
	p.open("hr")
	return nil
}

func drawSection(p *pen, b block) error {
	var s struct {
		Text      *textObject  `json:"text"`
		Fields    []textObject `json:"fields"`
		Accessory *element     `json:"accessory"`
	}
	if err := json.Unmarshal(b.raw, &s); err != nil {
		return err
	}
	p.open("div", "class", "section")
	p.open("div", "class", "words")
	if s.Text != nil {
		p.words(*s.Text)
	}
	if len(s.Fields) > 0 {
		p.open("div", "class", "fields")
		for _, f := range s.Fields {
			p.open("div")
			p.words(f)
			p.end("div")
		}
		p.end("div")
	}
	p.end("div")
	if s.Accessory != nil {
		label := ""
		if s.Text != nil {
			label = plain(*s.Text)
		}
		p.open("div", "class", "accessory")
		p.control(*s.Accessory, slot{block: b.ID, label: label, sends: true})
		p.end("div")
	}
	p.end("div")
	return nil
}

func drawContext(p *pen, b block) error {
	var c struct {
		Elements []struct {
			textObject
			picture
		} `json:"elements"`
	}
	if err := json.Unmarshal(b.raw, &c); err != nil {
		return err
	}
	p.open("div", "class", "context")
	for _, e := range c.Elements {
		p.open("span")
		if e.Type == "image" {
			p.picture(e.picture, "small")
		} else {
			p.words(e.textObject)
		}
		p.end("span")
	}
	p.end("div")
	return nil
}

func drawActions(p *pen, b block) error {
	var a struct {
		Elements []element `json:"elements"`
	}
	if err := json.Unmarshal(b.raw, &a); err != nil {
		return err
	}
	p.open("div", "class", "actions")
	for _, e := range a.Elements {
		p.control(e, slot{block: b.ID, sends: true})
	}
	p.end("div")
	return nil
}

// picture is where an image comes from.
type picture struct {
	ImageURL  string `json:"image_url"`
	AltText   string `json:"alt_text"`
	SlackFile *struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	} `json:"slack_file"`
}

func drawImage(p *pen, b block) error {
	var i struct {
		picture
		Title *textObject `json:"title"`
	}
	if err := json.Unmarshal(b.raw, &i); err != nil {
		return err
	}
	p.open("figure")
	if i.Title != nil {
		p.element("figcaption", plain(*i.Title))
	}
	p.picture(i.picture, "wide")
	p.end("figure")
	return nil
}

// picture draws an image of this server; one from elsewhere stays a link, because the page loads nothing from other places.
func (p *pen) picture(i picture, class string) {
	if src := i.source(); src != "" {
		p.open("img", "src", src, "alt", i.AltText, "class", class, "loading", "lazy")
		return
	}
	p.open("span", "class", "not-drawn")
	p.text("Image: " + i.AltText)
	if i.ImageURL != "" {
		p.text(" · ")
		p.anchor(i.ImageURL, "open it elsewhere")
	}
	p.end("span")
}

// source is where this server has the picture; "" if it is from elsewhere.
func (i picture) source() string {
	address := i.ImageURL
	if i.SlackFile != nil {
		if i.SlackFile.ID != "" {
			return filePath(i.SlackFile.ID)
		}
		address = i.SlackFile.URL
	}
	u, err := url.Parse(address)
	if err != nil || !loopback(u.Hostname()) {
		return ""
	}
	upload, ours := strings.CutPrefix(u.Path, "/files/")
	if !ours {
		return ""
	}
	id, _, _ := strings.Cut(upload, "/")
	return filePath(id)
}

// loopback says whether host names this computer alone.
func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
