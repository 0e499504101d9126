package workspace

import "encoding/json"

func drawTable(p *pen, b block) error {
	var t struct {
		Rows    [][]json.RawMessage `json:"rows"`
		Columns []struct {
			Align string `json:"align"`
		} `json:"column_settings"`
	}
	if err := json.Unmarshal(b.raw, &t); err != nil {
		return err
	}
	// A wide table scrolls by itself, and so must be reachable by keys.
	p.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Table")
	p.open("table")
	for i, row := range t.Rows {
		p.open("tr")
		for j, cell := range row {
			align := ""
			if j < len(t.Columns) {
				align = t.Columns[j].Align
			}
			p.cell(cell, i == 0, align)
		}
		p.end("tr")
	}
	p.end("table", "div")
	return nil
}

// cell draws one cell; Slack shows the first row as the table's head.
func (p *pen) cell(raw json.RawMessage, head bool, align string) {
	var c struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	tag := "td"
	if head {
		tag = "th"
	}
	class := ""
	if align == "right" || align == "center" {
		class = align
	}
	p.open(tag, given("class", class)...)
	defer p.end(tag)
	err := json.Unmarshal(raw, &c)
	switch {
	case err != nil:
		p.notDrawn("cell", "?")
	case c.Type == "raw_text":
		p.lines(c.Text)
	case c.Type == "rich_text":
		if drawRichText(p, block{raw: raw}) != nil {
			p.notDrawn("cell", c.Type)
		}
	default:
		p.notDrawn("cell", c.Type)
	}
}

func drawFileBlock(p *pen, b block) error {
	var f struct {
		ExternalID string `json:"external_id"`
	}
	if err := json.Unmarshal(b.raw, &f); err != nil {
		return err
	}
	p.element("p", "Remote file "+f.ExternalID, "class", "attachment")
	return nil
}
