package workspace

import (
	"fmt"
	"slices"
)

// blockRule takes a block whose type is among the given ones, or any type if those are nil.
type blockRule struct{ among []string }

func (r blockRule) judge(c *checker, at string, v any) {
	c.judgeKind(at, v, blockRules, r.among, blockFields)
}

var blockFields = map[string]rule{"type": anythingRule{}, "block_id": blockIDRule{}}

// blockIDRule takes an id that no other block of the payload has.
type blockIDRule struct{}

func (blockIDRule) judge(c *checker, at string, v any) {
	idRule.judge(c, at, v)
	id, ok := v.(string)
	if !ok {
		return
	}
	if c.blockIDs[id] {
		c.report(at, faultTwice, fmt.Sprintf("`block_id` %q already exists", id))
	}
	c.blockIDs[id] = true
}

const everywhere = onMessage | onModal | onHome

// Which blocks may stand inside others. Slack lets layouts and containers nest two deep; one deep is all that is allowed here.
var (
	containerBlocks = []string{
		"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video",
	}
	layoutBlocks   = slices.Concat(containerBlocks, []string{"card", "carousel", "container", "data_table", "data_visualization"})
	fallbackBlocks = []string{"context", "divider", "header", "image", "rich_text", "section", "table", "video"}
)

// blockRules has a row per block that an app may send. The file block only ever comes from Slack, so it has none. Surfaces are those
// of Slack's list of blocks, less those on which Slack was seen to refuse or drop the block: table and data_table on Home.
var blockRules = map[string]objectRule{
	"section": {
		on: everywhere,
		has: map[string]rule{
			"text":      textRule{max: 3000},
			"fields":    listRule{of: textRule{max: 2000}, min: 1, max: 10},
			"accessory": elementRule{accessoryElements},
			"expand":    boolRule{},
		},
		also: textOrFields,
	},
	"header": {
		on:   everywhere,
		need: []string{"text"},
		has:  map[string]rule{"text": textRule{max: 150, plain: true}, "level": wholeRule{1, 4}},
	},
	"divider": {on: everywhere},
	"image": {
		on:   everywhere,
		need: []string{"alt_text"},
		has:  pictureFields(map[string]rule{"title": textRule{max: 2000, plain: true}}),
		also: onePicture,
	},
	"context": {
		on:   everywhere,
		need: []string{"elements"},
		has:  map[string]rule{"elements": listRule{of: contextElementRule{}, min: 1, max: 10}},
	},
	"actions": {
		on:   everywhere,
		need: []string{"elements"},
		has:  map[string]rule{"elements": listRule{of: elementRule{actionsElements}, min: 1, max: 25}},
		also: uniqueActions("elements"),
	},
	"input": {
		on:   everywhere,
		need: []string{"label", "element"},
		has: map[string]rule{
			"label":           textRule{max: 2000, plain: true},
			"element":         elementRule{inputElements},
			"hint":            textRule{max: 2000, plain: true},
			"optional":        boolRule{},
			"dispatch_action": boolRule{},
		},
		also: noDispatchOfFiles,
	},
	"rich_text": {on: everywhere, need: []string{"elements"}, has: map[string]rule{"elements": listRule{of: richRule{}}}},
	"video": {
		on:   everywhere,
		need: []string{"alt_text", "title", "thumbnail_url", "video_url"},
		has: map[string]rule{
			"alt_text":          charsRule{1, 2000},
			"title":             textRule{max: 199, plain: true},
			"title_url":         secureLinkRule,
			"thumbnail_url":     pictureLinkRule,
			"video_url":         secureLinkRule,
			"author_name":       charsRule{1, 49},
			"provider_name":     charsRule{min: 1},
			"provider_icon_url": pictureLinkRule,
			"description":       textRule{max: 200, plain: true},
		},
	},
	"markdown": {on: onMessage, need: []string{"text"}, has: map[string]rule{"text": charsRule{1, 12000}}},
	"alert": {
		on:   onModal,
		need: []string{"text"},
		has: map[string]rule{
			"text":  textRule{max: 200},
			"level": oneOfRule{"default", "info", "warning", "error", "success"},
		},
	},
	"call": {on: onMessage, need: []string{"call_id"}, has: map[string]rule{"call_id": charsRule{min: 1}}},
	"context_actions": {
		on:   onMessage,
		need: []string{"elements"},
		has:  map[string]rule{"elements": listRule{of: elementRule{contextActionsElements}, min: 1, max: 5}},
		also: uniqueActions("elements"),
	},
	"card": {
		on: onMessage | onHome,
		has: map[string]rule{
			"hero_image": elementRule{[]string{"image"}},
			"icon":       elementRule{[]string{"image"}},
			"slack_icon": objectRule{need: []string{"type", "name"}, has: map[string]rule{"type": oneOfRule{"icon"}, "name": charsRule{min: 1}}},
			"title":      textRule{max: 150},
			"subtitle":   textRule{max: 150},
			"body":       textRule{max: 200},
			"subtext":    textRule{max: 200},
			"actions":    listRule{of: elementRule{[]string{"button"}}, min: 1, max: 3},
		},
		also: cardParts,
	},
	"carousel": {
		on:   onMessage | onHome,
		need: []string{"elements"},
		has:  map[string]rule{"elements": listRule{of: blockRule{[]string{"card"}}, min: 1, max: 10}},
	},
	"container": {
		on:   onMessage,
		need: []string{"child_blocks"},
		has: map[string]rule{
			"title":              textRule{max: 150, plain: true},
			"rich_text_title":    blockRule{[]string{"rich_text"}},
			"subtitle":           textRule{max: 150},
			"icon":               elementRule{[]string{"image"}},
			"width":              oneOfRule{"narrow", "standard", "wide", "full"},
			"is_collapsible":     boolRule{},
			"default_collapsed":  boolRule{},
			"has_header_divider": boolRule{},
			"child_blocks":       listRule{of: blockRule{containerBlocks}, min: 1, max: 10},
		},
		also: containerParts,
	},
	"layout": {
		on:   onMessage,
		need: []string{"label", "rows"},
		has: map[string]rule{
			"label":            charsRule{1, 150},
			"is_label_visible": boolRule{},
			"grid_lines":       oneOfRule{"none", "rows", "outer"},
			"rows":             listRule{of: layoutRowRule, min: 1, max: 5},
			"fallback":         listRule{of: blockRule{fallbackBlocks}},
		},
	},
	"task_card": {on: onMessage, need: []string{"task_id", "title"}, has: taskFields},
	"plan": {
		on:   onMessage,
		need: []string{"title"},
		has: map[string]rule{
			"title": charsRule{min: 1},
			"tasks": listRule{of: objectRule{need: []string{"task_id", "title"}, has: withFields(taskFields, blockFields)}},
		},
	},
	"table": {
		on:   onMessage,
		need: []string{"rows"},
		has: map[string]rule{
			"rows":            listRule{of: listRule{of: cellRule{tableCells}, min: 1, max: 20}, min: 1, max: 100},
			"column_settings": listRule{of: columnRule{}, max: 20},
		},
		also: textWithin(10_000),
	},
	"data_table": {
		on:   onMessage,
		need: []string{"caption", "rows"},
		has: map[string]rule{
			"caption":                 charsRule{min: 1},
			"rows":                    listRule{of: listRule{of: cellRule{dataTableCells}, min: 1, max: 20}, min: 2, max: 201},
			"page_size":               wholeRule{1, 100},
			"row_header_column_index": wholeRule{0, 19},
		},
		also: plainHeaderRow,
	},
	"data_visualization": {
		on:   onMessage,
		need: []string{"title", "chart"},
		has:  map[string]rule{"title": charsRule{1, 50}, "chart": chartRule{}},
	},
}

var layoutRowRule = objectRule{
	need: []string{"items"},
	has: map[string]rule{"items": listRule{min: 1, max: 3, of: objectRule{
		need: []string{"block"},
		has: map[string]rule{
			"block":                blockRule{layoutBlocks},
			"width":                oneOfRule{"narrow", "standard", "wide"},
			"horizontal_alignment": oneOfRule{"start", "center", "end"},
		},
	}}},
}

var taskFields = map[string]rule{
	"task_id":    charsRule{min: 1},
	"title":      charsRule{min: 1},
	"status":     oneOfRule{"pending", "in_progress", "complete", "error"},
	"details":    blockRule{[]string{"rich_text"}},
	"output":     blockRule{[]string{"rich_text"}},
	"hide_title": boolRule{},
	"sources": listRule{of: objectRule{
		need: []string{"type", "url", "text"},
		has:  map[string]rule{"type": oneOfRule{"url"}, "url": openLinkRule, "text": charsRule{min: 1}},
	}},
}

// contextElementRule takes a text or a small picture.
type contextElementRule struct{}

func (contextElementRule) judge(c *checker, at string, v any) {
	if o, ok := v.(map[string]any); ok && o["type"] == "image" {
		elementRule{[]string{"image"}}.judge(c, at, v)
		return
	}
	textRule{max: 3000}.judge(c, at, v)
}

func textOrFields(c *checker, at string, o map[string]any) {
	_, text := o["text"]
	_, fields := o["fields"]
	if !text && !fields {
		c.report(at+"/type", faultEither, "must define either `text` or `fields`")
	}
}

func noDispatchOfFiles(c *checker, at string, o map[string]any) {
	if element, _ := o["element"].(map[string]any); element["type"] == "file_input" && o["dispatch_action"] == true {
		c.report(at+"/dispatch_action", faultValue, "cannot be used with `file_input`")
	}
}

// uniqueActions reports elements of one block that share an action_id.
func uniqueActions(list string) func(c *checker, at string, o map[string]any) {
	return func(c *checker, at string, o map[string]any) {
		elements, _ := o[list].([]any)
		seen := map[string]bool{}
		for i, e := range elements {
			element, _ := e.(map[string]any)
			id, ok := element["action_id"].(string)
			if ok && seen[id] {
				c.report(pointerTo(at+"/"+list, i)+"/action_id", faultTwice, fmt.Sprintf("`action_id` %q already exists", id))
			}
			seen[id] = true
		}
	}
}

func cardParts(c *checker, at string, o map[string]any) {
	parts := []string{"hero_image", "title", "actions", "body"}
	if !slices.ContainsFunc(parts, func(name string) bool { _, ok := o[name]; return ok }) {
		c.report(at, faultEither, "must define one of `hero_image`, `title`, `actions` or `body`")
	}
	if _, ok := o["icon"]; ok {
		if _, ok := o["slack_icon"]; ok {
			c.report(at, faultEither, "must define either `icon` or `slack_icon`")
		}
	}
	uniqueActions("actions")(c, at, o)
}

func containerParts(c *checker, at string, o map[string]any) {
	_, title := o["title"]
	_, richTitle := o["rich_text_title"]
	if !title && !richTitle {
		c.report(at, faultEither, "must define either `title` or `rich_text_title`")
	}
	if o["default_collapsed"] == true && o["is_collapsible"] != true {
		c.report(at+"/default_collapsed", faultValue, "requires `is_collapsible`")
	}
}
