package workspace

import "encoding/json"

// viewShape is what the page needs of a view.
type viewShape struct {
	Title  textObject      `json:"title"`
	Submit *textObject     `json:"submit"`
	Close  *textObject     `json:"close"`
	Blocks json.RawMessage `json:"blocks"`
}

// modal draws an open view as a dialog; the script shows it.
func (p *pen) modal(v View) {
	var shape viewShape
	if json.Unmarshal(v.Raw, &shape) != nil {
		p.notDrawn("view", "?")
		return
	}
	p.key, p.errors, p.state = v.ID, v.Errors, v.Typed
	p.open("dialog", "id", "modal", "data-view", v.ID, "data-key", "modal", "aria-labelledby", "modal-title")
	p.open("form", "novalidate", "", "data-key", v.ID)
	p.open("header")
	p.element("h2", plain(shape.Title), "id", "modal-title")
	p.element("button", "✕", "type", "button", "class", "icon", "data-close", "", "aria-label", "Close")
	p.end("header")
	p.open("div", "class", "content", "tabindex", "-1")
	if v.Notice != "" {
		p.element("p", v.Notice, "class", "notice", "role", "alert")
	}
	p.blocks(shape.Blocks)
	p.end("div")
	p.open("footer")
	p.element("button", closeLabel(shape), "type", "button", "class", "button", "data-close", "")
	if shape.Submit != nil {
		p.element("button", plain(*shape.Submit), "type", "submit", "class", "button primary")
	}
	p.end("footer", "form", "dialog")
}

func closeLabel(v viewShape) string {
	switch {
	case v.Close != nil:
		return plain(*v.Close)
	case v.Submit == nil:
		return "Close"
	}
	return "Cancel"
}

// home draws a person's App Home.
func (p *pen) home(v *View) {
	if v == nil {
		p.element("p", "The app has drawn nothing here yet.", "class", "empty")
		return
	}
	var shape viewShape
	if json.Unmarshal(v.Raw, &shape) != nil {
		p.notDrawn("view", "?")
		return
	}
	p.key = v.ID
	p.open("article", "class", "home", "data-view", v.ID, "data-key", "home", "data-digest", domID(string(v.Raw)))
	p.blocks(shape.Blocks)
	p.end("article")
}
