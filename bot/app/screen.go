package app

import (
	"encoding/json"
	"strings"

	"koira/bot/workspace"
)

// control is something that can be pressed: a button by its label, or a row of a menu.
type control struct{ block, action, label, value string }

// controls finds what can be pressed in blocks, in their order.
func controls(blocks json.RawMessage) []control {
	var bs []json.RawMessage
	json.Unmarshal(blocks, &bs)
	var all []control
	for _, b := range bs {
		var block struct {
			ID        string            `json:"block_id"`
			Elements  []json.RawMessage `json:"elements"`
			Accessory json.RawMessage   `json:"accessory"`
		}
		if json.Unmarshal(b, &block) != nil {
			continue
		}
		for _, raw := range append(block.Elements, block.Accessory) {
			all = append(all, pressable(block.ID, raw)...)
		}
	}
	return all
}

func pressable(block string, raw json.RawMessage) []control {
	type text struct {
		Text string `json:"text"`
	}
	var e struct {
		Type    string `json:"type"`
		Action  string `json:"action_id"`
		Text    json.RawMessage
		Value   string
		Options []struct {
			Text  text
			Value string
		}
	}
	if json.Unmarshal(raw, &e) != nil || e.Action == "" {
		return nil
	}
	var label text
	json.Unmarshal(e.Text, &label)
	if e.Type == "button" {
		return []control{{block, e.Action, label.Text, e.Value}}
	}
	var all []control
	for _, o := range e.Options {
		all = append(all, control{block, e.Action, o.Text.Text, o.Value})
	}
	return all
}

// texts gives all words of one block, in the order of its JSON's keys.
func texts(raw any) string {
	switch v := raw.(type) {
	case string:
		return v + "\n"
	case []any:
		var b strings.Builder
		for _, x := range v {
			b.WriteString(texts(x))
		}
		return b.String()
	case map[string]any:
		var b strings.Builder
		for _, key := range []string{"label", "text", "fields", "elements", "element", "accessory", "title", "options", "hint", "initial_value", "url", "alt_text"} {
			if x, ok := v[key]; ok {
				b.WriteString(texts(x))
			}
		}
		return b.String()
	}
	return ""
}

// blocksOf are the blocks of a window or a home, none for nil.
func blocksOf(v *workspace.View) json.RawMessage {
	var shape struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if v != nil {
		json.Unmarshal(v.Raw, &shape)
	}
	return shape.Blocks
}
