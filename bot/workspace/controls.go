package workspace

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// control is an interactive element somewhere in blocks.
type control struct {
	block    string // block_id of the innermost block around it
	label    string // of the input block around it; "" outside of one
	required bool   // it stands in an input block that is not optional
	kind     string // its type
	action   string
	raw      map[string]json.RawMessage
}

// controlsOf finds every interactive element in blocks, however deep, in a stable order.
func controlsOf(blocks json.RawMessage) []control {
	var found []control
	gather(blocks, control{}, &found)
	return found
}

// gather walks raw JSON; around is what the blocks further out say of an element in it.
func gather(raw json.RawMessage, around control, found *[]control) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, item := range list {
			gather(item, around, found)
		}
		return
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return
	}
	kind := text(fields["type"])
	if action := text(fields["action_id"]); action != "" && kind != "" {
		around.kind, around.action, around.raw = kind, action, fields
		*found = append(*found, around)
		return
	}
	if id := text(fields["block_id"]); id != "" {
		around.block = id
	}
	if kind == "input" {
		around.label, around.required = caption(fields["label"]), string(fields["optional"]) != "true"
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		gather(fields[name], around, found)
	}
}

func findControl(blocks json.RawMessage, block, action string) (control, bool) {
	all := controlsOf(blocks)
	i := slices.IndexFunc(all, func(c control) bool { return c.block == block && c.action == action })
	if i < 0 {
		return control{}, false
	}
	return all[i], true
}

// options are the raw option objects of a menu, groups flattened.
func (c control) options() []json.RawMessage {
	var all []json.RawMessage
	if json.Unmarshal(c.raw["options"], &all) == nil {
		return all
	}
	var groups []struct {
		Options []json.RawMessage `json:"options"`
	}
	if json.Unmarshal(c.raw["option_groups"], &groups) == nil {
		for _, g := range groups {
			all = append(all, g.Options...)
		}
	}
	return all
}

func (c control) number(name string) (int, bool) {
	var n int
	ok := len(c.raw[name]) > 0 && json.Unmarshal(c.raw[name], &n) == nil
	return n, ok
}

// text returns the string in raw JSON, "" when it is something else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// caption returns the text of a raw text object.
func caption(raw json.RawMessage) string {
	var t struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &t) != nil {
		return ""
	}
	return t.Text
}

// fileProblems finds the images that show an uploaded file which is unknown or not ready yet.
func (w *Workspace) fileProblems(at string, raw json.RawMessage) []Problem {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		var all []Problem
		for i, item := range list {
			all = append(all, w.fileProblems(at+"/"+strconv.Itoa(i), item)...)
		}
		return all
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	var all []Problem
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		here := at + "/" + name
		if name == "slack_file" && !w.ready(fields[name]) {
			all = append(all, Problem{Code: faultValue, Message: "invalid slack file", Pointer: here})
			continue
		}
		all = append(all, w.fileProblems(here, fields[name])...)
	}
	return all
}

// ready reports whether a slack_file object names a file that Slack has finished with.
func (w *Workspace) ready(raw json.RawMessage) bool {
	var f struct{ ID, URL string }
	if json.Unmarshal(raw, &f) != nil {
		return false
	}
	if f.URL != "" {
		id, _, _ := strings.Cut(strings.TrimPrefix(f.URL, w.base+"/files/"), "/")
		f.ID = id
	}
	up, ok := w.files.get(f.ID)
	return ok && up.done
}
