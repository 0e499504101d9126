package workspace

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestLimits gives each limit the largest value that fits, and one more.
func TestLimits(t *testing.T) {
	less := func(n int) string { return fmt.Sprintf("must be less than %d characters", n+1) }
	items := func(n int) string { return fmt.Sprintf("no more than %d items allowed", n) }
	for name, tc := range map[string]struct {
		on   surface // onMessage if zero
		max  int
		make func(n int) string // one block
		at   string             // below the block
		says string
	}{
		"section text":   {max: 3000, make: func(n int) string { return `{"type":"section","text":` + mrkdwnOf(n) + `}` }, at: "/text/text", says: less(3000)},
		"section fields": {max: 10, make: func(n int) string { return `{"type":"section","fields":` + numbered(n, plainOf(1)) + `}` }, at: "/fields", says: items(10)},
		"section field":  {max: 2000, make: func(n int) string { return `{"type":"section","fields":[` + mrkdwnOf(n) + `]}` }, at: "/fields/0/text", says: less(2000)},
		"header":         {max: 150, make: func(n int) string { return `{"type":"header","text":` + plainOf(n) + `}` }, at: "/text/text", says: less(150)},
		"block id":       {max: 255, make: func(n int) string { return fmt.Sprintf(`{"type":"divider","block_id":%q}`, letters(n)) }, at: "/block_id", says: less(255)},
		"actions":        {max: 25, make: func(n int) string { return `{"type":"actions","elements":` + numbered(n, buttonJSON) + `}` }, at: "/elements", says: items(25)},
		"context":        {max: 10, make: func(n int) string { return `{"type":"context","elements":` + numbered(n, plainOf(1)) + `}` }, at: "/elements", says: items(10)},
		"context text":   {max: 3000, make: func(n int) string { return `{"type":"context","elements":[` + mrkdwnOf(n) + `]}` }, at: "/elements/0/text", says: less(3000)},
		"context actions": {max: 5, make: func(n int) string {
			return `{"type":"context_actions","elements":` + numbered(n, `{"type":"icon_button","icon":"trash","text":`+labelJSON+`}`) + `}`
		}, at: "/elements", says: items(5)},
		"image alt text": {max: 2000, make: func(n int) string {
			return fmt.Sprintf(`{"type":"image","image_url":"https://x.example/a.png","alt_text":%q}`, letters(n))
		}, at: "/alt_text", says: less(2000)},
		"image title": {max: 2000, make: func(n int) string {
			return `{"type":"image","image_url":"https://x.example/a.png","alt_text":"a","title":` + plainOf(n) + `}`
		}, at: "/title/text", says: less(2000)},
		"image url":               {max: 3000, make: func(n int) string { return fmt.Sprintf(`{"type":"image","image_url":%q,"alt_text":"a"}`, urlOf(n)) }, at: "/image_url", says: less(3000)},
		"button text":             {max: 75, make: func(n int) string { return inActions(`{"type":"button","text":` + plainOf(n) + `}`) }, at: "/elements/0/text/text", says: less(75)},
		"button value":            {max: 2000, make: func(n int) string { return inButton(fmt.Sprintf(`"value":%q`, letters(n))) }, at: "/elements/0/value", says: less(2000)},
		"button url":              {max: 3000, make: func(n int) string { return inButton(fmt.Sprintf(`"url":%q`, urlOf(n))) }, at: "/elements/0/url", says: less(3000)},
		"button accessible label": {max: 75, make: func(n int) string { return inButton(fmt.Sprintf(`"accessibility_label":%q`, letters(n))) }, at: "/elements/0/accessibility_label", says: less(75)},
		"action id":               {max: 255, make: func(n int) string { return inButton(fmt.Sprintf(`"action_id":%q`, letters(n))) }, at: "/elements/0/action_id", says: less(255)},
		"confirm title":           {max: 100, make: func(n int) string { return inConfirm(plainOf(n), mrkdwnOf(1), plainOf(1), plainOf(1)) }, at: "/elements/0/confirm/title/text", says: less(100)},
		"confirm text":            {max: 300, make: func(n int) string { return inConfirm(plainOf(1), mrkdwnOf(n), plainOf(1), plainOf(1)) }, at: "/elements/0/confirm/text/text", says: less(300)},
		"confirm yes":             {max: 30, make: func(n int) string { return inConfirm(plainOf(1), plainOf(1), plainOf(n), plainOf(1)) }, at: "/elements/0/confirm/confirm/text", says: less(30)},
		"confirm no":              {max: 30, make: func(n int) string { return inConfirm(plainOf(1), plainOf(1), plainOf(1), plainOf(n)) }, at: "/elements/0/confirm/deny/text", says: less(30)},
		"overflow options":        {max: 5, make: func(n int) string { return inActions(`{"type":"overflow","options":` + numbered(n, optionJSON) + `}`) }, at: "/elements/0/options", says: items(5)},
		"menu options":            {max: 100, make: func(n int) string { return inMenu(numbered(n, optionJSON)) }, at: "/elements/0/options", says: items(100)},
		"menu groups": {max: 100, make: func(n int) string {
			return inActions(`{"type":"static_select","option_groups":` + numbered(n, `{"label":`+labelJSON+`,"options":[`+optionJSON+`]}`) + `}`)
		}, at: "/elements/0/option_groups", says: items(100)},
		"options of a group": {max: 100, make: func(n int) string {
			return inActions(`{"type":"static_select","option_groups":[{"label":` + labelJSON + `,"options":` + numbered(n, optionJSON) + `}]}`)
		}, at: "/elements/0/option_groups/0/options", says: items(100)},
		"group label": {max: 75, make: func(n int) string {
			return inActions(`{"type":"static_select","option_groups":[{"label":` + plainOf(n) + `,"options":[` + optionJSON + `]}]}`)
		}, at: "/elements/0/option_groups/0/label/text", says: less(75)},
		"option text":  {max: 75, make: func(n int) string { return inMenu(`[{"text":` + plainOf(n) + `,"value":"v"}]`) }, at: "/elements/0/options/0/text/text", says: less(75)},
		"option value": {max: 150, make: func(n int) string { return inMenu(fmt.Sprintf(`[{"text":%s,"value":%q}]`, labelJSON, letters(n))) }, at: "/elements/0/options/0/value", says: less(150)},
		"option description": {max: 75, make: func(n int) string {
			return inMenu(`[{"text":` + labelJSON + `,"value":"v","description":` + plainOf(n) + `}]`)
		}, at: "/elements/0/options/0/description/text", says: less(75)},
		"checkboxes": {max: 10, make: func(n int) string {
			return inActions(`{"type":"checkboxes","options":` + numbered(n, optionJSON) + `}`)
		}, at: "/elements/0/options", says: items(10)},
		"radio buttons": {max: 10, make: func(n int) string {
			return inActions(`{"type":"radio_buttons","options":` + numbered(n, optionJSON) + `}`)
		}, at: "/elements/0/options", says: items(10)},
		"placeholder": {max: 150, make: func(n int) string { return inActions(`{"type":"datepicker","placeholder":` + plainOf(n) + `}`) }, at: "/elements/0/placeholder/text", says: less(150)},
		"input label": {max: 2000, make: func(n int) string {
			return `{"type":"input","element":{"type":"plain_text_input"},"label":` + plainOf(n) + `}`
		}, at: "/label/text", says: less(2000)},
		"input hint": {max: 2000, make: func(n int) string {
			return `{"type":"input","element":{"type":"plain_text_input"},"label":` + labelJSON + `,"hint":` + plainOf(n) + `}`
		}, at: "/hint/text", says: less(2000)},
		"input max length": {max: 3000, make: func(n int) string { return inInput(fmt.Sprintf(`{"type":"plain_text_input","max_length":%d}`, n)) }, at: "/element/max_length", says: "must be an integer from 1 to 3000"},
		"input min length": {max: 3000, make: func(n int) string { return inInput(fmt.Sprintf(`{"type":"plain_text_input","min_length":%d}`, n)) }, at: "/element/min_length", says: "must be an integer from 0 to 3000"},
		"input initial value": {max: 3000, make: func(n int) string {
			return inInput(fmt.Sprintf(`{"type":"plain_text_input","initial_value":%q}`, letters(n)))
		}, at: "/element/initial_value", says: less(3000)},
		"files":                    {on: onModal, max: 10, make: func(n int) string { return inInput(fmt.Sprintf(`{"type":"file_input","max_files":%d}`, n)) }, at: "/element/max_files", says: "must be an integer from 1 to 10"},
		"lines of rich text input": {on: onModal, max: 100, make: func(n int) string { return inInput(fmt.Sprintf(`{"type":"rich_text_input","max_lines":%d}`, n)) }, at: "/element/max_lines", says: "must be an integer from 1 to 100"},
		"alert":                    {on: onModal, max: 200, make: func(n int) string { return `{"type":"alert","text":` + mrkdwnOf(n) + `}` }, at: "/text/text", says: less(200)},
		"card title":               {max: 150, make: func(n int) string { return `{"type":"card","title":` + mrkdwnOf(n) + `}` }, at: "/title/text", says: less(150)},
		"card subtitle": {max: 150, make: func(n int) string {
			return `{"type":"card","title":` + mrkdwnOf(1) + `,"subtitle":` + mrkdwnOf(n) + `}`
		}, at: "/subtitle/text", says: less(150)},
		"card body":    {max: 200, make: func(n int) string { return `{"type":"card","body":` + mrkdwnOf(n) + `}` }, at: "/body/text", says: less(200)},
		"card actions": {max: 3, make: func(n int) string { return `{"type":"card","actions":` + numbered(n, buttonJSON) + `}` }, at: "/actions", says: items(3)},
		"carousel": {max: 10, make: func(n int) string {
			return `{"type":"carousel","elements":` + numbered(n, `{"type":"card","title":`+labelJSON+`}`) + `}`
		}, at: "/elements", says: items(10)},
		"container": {max: 10, make: func(n int) string {
			return `{"type":"container","title":` + labelJSON + `,"child_blocks":` + numbered(n, `{"type":"divider"}`) + `}`
		}, at: "/child_blocks", says: items(10)},
		"container title": {max: 150, make: func(n int) string {
			return `{"type":"container","title":` + plainOf(n) + `,"child_blocks":[{"type":"divider"}]}`
		}, at: "/title/text", says: less(150)},
		"layout rows": {max: 5, make: func(n int) string {
			return `{"type":"layout","label":"x","rows":` + numbered(n, `{"items":[{"block":{"type":"divider"}}]}`) + `}`
		}, at: "/rows", says: items(5)},
		"layout items": {max: 3, make: func(n int) string {
			return `{"type":"layout","label":"x","rows":[{"items":` + numbered(n, `{"block":{"type":"divider"}}`) + `}]}`
		}, at: "/rows/0/items", says: items(3)},
		"layout label": {max: 150, make: func(n int) string {
			return fmt.Sprintf(`{"type":"layout","label":%q,"rows":[{"items":[{"block":{"type":"divider"}}]}]}`, letters(n))
		}, at: "/label", says: less(150)},
		"table rows": {max: 100, make: func(n int) string {
			return `{"type":"table","rows":` + numbered(n, `[{"type":"raw_text","text":"x"}]`) + `}`
		}, at: "/rows", says: items(100)},
		"table columns": {max: 20, make: func(n int) string {
			return `{"type":"table","rows":[` + numbered(n, `{"type":"raw_text","text":"x"}`) + `]}`
		}, at: "/rows/0", says: items(20)},
		"table column settings": {max: 20, make: func(n int) string {
			return `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]],"column_settings":` + numbered(n, `null`) + `}`
		}, at: "/column_settings", says: items(20)},
		"table text": {max: 10000, make: func(n int) string {
			return fmt.Sprintf(`{"type":"table","rows":[[{"type":"raw_text","text":%q}]]}`, letters(n))
		}, at: "", says: "all text must be less than 10001 characters, not 10001"},
		"data table rows": {max: 201, make: func(n int) string {
			return `{"type":"data_table","caption":"x","rows":` + numbered(n, `[{"type":"raw_text","text":"x"}]`) + `}`
		}, at: "/rows", says: items(201)},
		"data table page": {max: 100, make: func(n int) string {
			return fmt.Sprintf(`{"type":"data_table","caption":"x","page_size":%d,"rows":%s}`, n, numbered(2, `[{"type":"raw_text","text":"x"}]`))
		}, at: "/page_size", says: "must be an integer from 1 to 100"},
		"chart title": {max: 50, make: func(n int) string {
			return fmt.Sprintf(`{"type":"data_visualization","title":%q,"chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, letters(n))
		}, at: "/title", says: less(50)},
		"slices of a pie": {max: 6, make: func(n int) string {
			return inChart(`{"type":"pie","segments":` + numbered(n, `{"label":"a%d","value":1}`) + `}`)
		}, at: "/chart/segments", says: items(6)},
		"label of a slice": {max: 20, make: func(n int) string {
			return inChart(fmt.Sprintf(`{"type":"pie","segments":[{"label":%q,"value":1}]}`, letters(n)))
		}, at: "/chart/segments/0/label", says: less(20)},
		"series": {max: 6, make: func(n int) string {
			return inBars(`["a"]`, numbered(n, `{"name":"s%d","data":[{"label":"a","value":1}]}`))
		}, at: "/chart/series", says: items(6)},
		"name of a series": {max: 20, make: func(n int) string {
			return inBars(`["a"]`, fmt.Sprintf(`[{"name":%q,"data":[{"label":"a","value":1}]}]`, letters(n)))
		}, at: "/chart/series/0/name", says: less(20)},
		"video title":  {max: 199, make: func(n int) string { return videoOf(`"title":` + plainOf(n)) }, at: "/title/text", says: less(199)},
		"header level": {max: 4, make: func(n int) string { return fmt.Sprintf(`{"type":"header","text":%s,"level":%d}`, labelJSON, n) }, at: "/level", says: "must be an integer from 1 to 4"},
		"indent of a list": {max: 8, make: func(n int) string {
			return inRich(fmt.Sprintf(`{"type":"rich_text_list","style":"bullet","indent":%d,"elements":[{"type":"rich_text_section","elements":[]}]}`, n))
		}, at: "/elements/0/indent", says: "must be an integer from 0 to 8"},
	} {
		t.Run(name, func(t *testing.T) {
			on := shown[max(tc.on, onMessage)]
			if got := on.judge("[" + tc.make(tc.max) + "]"); got != nil {
				t.Errorf("%d is refused: %v", tc.max, got)
			}
			wantOne(t, on.judge("["+tc.make(tc.max+1)+"]"), on.at+"/0"+tc.at, tc.says)
		})
	}
}

func TestSharedMessageLimits(t *testing.T) {
	section := func(n int) string { return `{"type":"section","text":` + mrkdwnOf(n) + `}` }
	chart := inChart(`{"type":"pie","segments":[{"label":"a","value":1}]}`)
	table := `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`
	dataTable := `{"type":"data_table","caption":"x","rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_text","text":"x"}]]}`
	joined := func(blocks ...string) string { return "[" + strings.Join(blocks, ",") + "]" }
	for name, tc := range map[string]struct {
		fits, breaks string
		at, says     string
		err          string
	}{
		"fifty blocks": {
			fits: numbered(50, `{"type":"divider"}`), breaks: numbered(51, `{"type":"divider"}`),
			at: "/blocks", says: "no more than 50 items allowed", err: "invalid_blocks",
		},
		"all text together": {
			fits:   joined(section(3000), section(3000), section(3000), section(2999), section(1)),
			breaks: joined(section(3000), section(3000), section(3000), section(3000), section(1)),
			at:     "/blocks", says: "all text must be less than 12001 characters, not 12001", err: "msg_blocks_too_long",
		},
		"rich text counts as text": {
			fits:   joined(inLine(fmt.Sprintf(`{"type":"text","text":%q}`, letters(12000)))),
			breaks: joined(inLine(fmt.Sprintf(`{"type":"text","text":%q}`, letters(12001)))),
			at:     "/blocks", says: "all text must be less than 12001 characters, not 12001", err: "msg_blocks_too_long",
		},
		"one table": {
			fits: joined(table), breaks: joined(table, dataTable),
			at: "/blocks", says: "only_one_table_allowed", err: "invalid_attachments",
		},
		"two charts": {
			fits: joined(chart, chart), breaks: joined(chart, chart, chart),
			at: "/blocks", says: "no more than 2 data_visualization blocks allowed", err: "invalid_blocks",
		},
		"block ids differ": {
			fits:   joined(`{"type":"divider","block_id":"a"}`, `{"type":"divider","block_id":"b"}`),
			breaks: joined(`{"type":"divider","block_id":"a"}`, `{"type":"divider","block_id":"a"}`),
			at:     "/blocks/1/block_id", says: "`block_id` \"a\" already exists", err: "invalid_blocks",
		},
		"block ids differ inside containers": {
			fits:   joined(`{"type":"divider","block_id":"a"}`, `{"type":"container","title":`+labelJSON+`,"child_blocks":[{"type":"divider","block_id":"b"}]}`),
			breaks: joined(`{"type":"divider","block_id":"a"}`, `{"type":"container","title":`+labelJSON+`,"child_blocks":[{"type":"divider","block_id":"a"}]}`),
			at:     "/blocks/1/child_blocks/0/block_id", says: "`block_id` \"a\" already exists", err: "invalid_blocks",
		},
		"action ids differ within a block": {
			fits:   joined(inActions(buttonJSON), inActions(buttonJSON)),
			breaks: joined(inActions(buttonJSON + "," + buttonJSON)),
			at:     "/blocks/0/elements/1/action_id", says: "`action_id` \"a%d\" already exists", err: "invalid_blocks",
		},
		"valid JSON": {
			fits: `[]`, breaks: `[{"type":"divider"}`,
			at: "/blocks", says: "must be valid JSON", err: "invalid_blocks_format",
		},
		"nothing after the list": {
			fits: `[] `, breaks: `[] []`,
			at: "/blocks", says: "must be valid JSON", err: "invalid_blocks_format",
		},
		"a list": {
			fits: `[]`, breaks: `{"type":"divider"}`,
			at: "/blocks", says: "must be an array", err: "invalid_blocks",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ValidateMessage(json.RawMessage(tc.fits)); got != nil {
				t.Errorf("%s is refused: %v", tc.fits, got)
			}
			ps := ValidateMessage(json.RawMessage(tc.breaks))
			wantOne(t, ps, tc.at, tc.says)
			if got := invalidBlocks(ps)["error"]; got != tc.err {
				t.Errorf("error is %v, want %s", got, tc.err)
			}
		})
	}
	if got := ValidateMessage(nil); got != nil {
		t.Errorf("a message without blocks is refused: %v", got)
	}
}
