package blocks

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// screen draws JSON as Slack would show it, in plain text: for a person who reviews the cards, and for tests of their words.
func screen(d drawing) string {
	var b strings.Builder
	var list []any
	if d.view {
		var v map[string]any
		if err := json.Unmarshal(d.raw, &v); err != nil {
			panic(err)
		}
		if v["type"] == "modal" {
			fmt.Fprintf(&b, "┌ %s\n", textOf(v["title"]))
		}
		list = v["blocks"].([]any)
		drawAll(&b, list)
		if v["type"] == "modal" {
			fmt.Fprintf(&b, "└ %s\n", strings.TrimSpace(strings.Join([]string{label(v["close"]), label(v["submit"])}, " ")))
		}
		return b.String()
	}
	if err := json.Unmarshal(d.raw, &list); err != nil {
		panic(err)
	}
	fmt.Fprintf(&b, "push: %s\n", shown(d.push))
	drawAll(&b, list)
	return b.String()
}

func drawAll(b *strings.Builder, list []any) {
	for _, x := range list {
		block := x.(map[string]any)
		switch block["type"] {
		case "header":
			fmt.Fprintf(b, "# %s\n", textOf(block["text"]))
		case "section":
			b.WriteString(textOf(block["text"]))
			if a, ok := block["accessory"]; ok {
				b.WriteString("   " + element(a))
			}
			b.WriteString("\n")
		case "context":
			for _, e := range block["elements"].([]any) {
				fmt.Fprintf(b, "  %s\n", strings.ReplaceAll(textOf(e), "\n", "\n  "))
			}
		case "rich_text":
			for _, e := range block["elements"].([]any) {
				mark := ""
				if e.(map[string]any)["type"] == "rich_text_quote" {
					mark = "▌"
				}
				fmt.Fprintf(b, "%s%s\n", mark, strings.ReplaceAll(rich(e), "\n", "\n"+mark))
			}
		case "actions":
			var es []string
			for _, e := range block["elements"].([]any) {
				es = append(es, element(e))
			}
			fmt.Fprintf(b, "%s\n", strings.Join(es, " "))
		case "input":
			optional := ""
			if block["optional"] == true {
				optional = " (optional)"
			}
			fmt.Fprintf(b, "%s%s:\n  %s\n", textOf(block["label"]), optional, element(block["element"]))
			if h, ok := block["hint"]; ok {
				fmt.Fprintf(b, "  %s\n", textOf(h))
			}
		case "image":
			fmt.Fprintf(b, "[picture: %s]\n", block["alt_text"])
		case "divider":
			b.WriteString("――――\n")
		default:
			fmt.Fprintf(b, "?%v\n", block["type"])
		}
	}
}

// rich is the text of one part of rich text, exactly, but for the marks of bold and struck out.
func rich(part any) string {
	s := ""
	for _, e := range part.(map[string]any)["elements"].([]any) {
		part := e.(map[string]any)
		mark := ""
		if style, ok := part["style"].(map[string]any); ok {
			mark = map[bool]string{true: "*"}[style["bold"] == true] + map[bool]string{true: "~"}[style["strike"] == true]
		}
		s += mark + part["text"].(string) + mark
	}
	return s
}

func element(e any) string {
	m := e.(map[string]any)
	switch m["type"] {
	case "button":
		return label(m["text"])
	case "overflow":
		return "[⋯ " + options(m) + "]"
	case "plain_text_input", "url_text_input", "number_input":
		v, _ := m["initial_value"].(string)
		return "[" + strings.ReplaceAll(v, "\n", "\n   ") + "]"
	case "datepicker":
		day, _ := m["initial_date"].(string)
		return "[" + day + "]"
	case "timepicker":
		at, _ := m["initial_time"].(string)
		return "[" + at + "]"
	case "static_select", "multi_static_select":
		return "[▾ " + options(m) + "]"
	case "radio_buttons":
		return "( ) " + options(m)
	case "checkboxes":
		on, _ := m["initial_options"].([]any)
		s := "☐ " + options(m)
		if len(on) > 0 {
			s += " (ticked: " + options(map[string]any{"options": on}) + ")"
		}
		return s
	}
	return fmt.Sprint("?", m["type"])
}

func options(m map[string]any) string {
	var os []string
	for _, o := range m["options"].([]any) {
		option := o.(map[string]any)
		s := textOf(option["text"])
		if d, ok := option["description"]; ok {
			s += " (" + textOf(d) + ")"
		}
		os = append(os, s)
	}
	return strings.Join(os, " · ")
}

func label(t any) string {
	if t == nil {
		return ""
	}
	return "[" + textOf(t) + "]"
}

func textOf(t any) string {
	if t == nil {
		return ""
	}
	m := t.(map[string]any)
	s, _ := m["text"].(string)
	if m["type"] == "mrkdwn" {
		return shown(s)
	}
	return s
}

var (
	dates = regexp.MustCompile(`<!date\^[0-9]+\^[^|>]*\|([^>]*)>`)
	links = regexp.MustCompile(`<(https?://[^|>]*)\|([^>]*)>`)
	faces = strings.NewReplacer("<@"+mari+">", "@mari", "<@"+tomi+">", "@tomi", " Helsinki", "")
)

// shown is mrkdwn as a reader sees it.
func shown(s string) string {
	s = dates.ReplaceAllString(s, "$1")
	s = links.ReplaceAllString(s, "$2")
	return html.UnescapeString(faces.Replace(s))
}
