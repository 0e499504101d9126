package workspace

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

const (
	imageJSON   = `{"type":"image","alt_text":"a","image_url":"https://x.example/a.png"}`
	richJSON    = `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`
	confirmJSON = `{"title":` + labelJSON + `,"text":` + labelJSON + `,"confirm":` + labelJSON + `,"deny":` + labelJSON + `,"style":"danger"}`
	cellJSON    = `{"type":"raw_text","text":"x"}`
	taskFrame   = `"task_id":"t1","title":"Look it up","status":"complete","details":` + richJSON + `,"output":` + richJSON +
		`,"hide_title":false,"sources":[{"type":"url","url":"https://x.example","text":"x"}]`
	picked  = `"action_id":"a","confirm":` + confirmJSON + `,"focus_on_load":true`
	menu    = picked + `,"placeholder":` + labelJSON
	typed   = `"action_id":"a","placeholder":` + labelJSON + `,"focus_on_load":true,"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed","on_character_entered"]}`
	anOpt   = `{"text":` + labelJSON + `,"value":"v","description":` + labelJSON + `}`
	pressed = `{"text":` + labelJSON + `,"value":"v","accessibility_label":"x"}`
)

// kind is a full example of one row of a table, and where it may stand.
type kind struct {
	on   surface
	json string
}

var blockKinds = map[string]kind{
	"section":         {everywhere, `{"type":"section","block_id":"b","text":` + labelJSON + `,"fields":[` + labelJSON + `],"accessory":` + buttonJSON + `,"expand":true}`},
	"header":          {everywhere, `{"type":"header","block_id":"b","text":` + labelJSON + `,"level":2}`},
	"divider":         {everywhere, `{"type":"divider","block_id":"b"}`},
	"image":           {everywhere, `{"type":"image","block_id":"b","alt_text":"a","title":` + labelJSON + `,"image_url":"https://x.example/a.png"}`},
	"context":         {everywhere, `{"type":"context","block_id":"b","elements":[` + imageJSON + `,` + labelJSON + `]}`},
	"actions":         {everywhere, `{"type":"actions","block_id":"b","elements":[` + buttonJSON + `]}`},
	"input":           {everywhere, `{"type":"input","block_id":"b","label":` + labelJSON + `,"hint":` + labelJSON + `,"optional":true,"dispatch_action":true,"element":{"type":"plain_text_input"}}`},
	"rich_text":       {everywhere, richJSON},
	"video":           {everywhere, videoOf(`"title":` + labelJSON + `,"author_name":"a","provider_name":"p","provider_icon_url":"https://x.example/i.png","description":` + labelJSON)},
	"markdown":        {onMessage, `{"type":"markdown","block_id":"b","text":"# x"}`},
	"alert":           {onModal, `{"type":"alert","block_id":"b","level":"warning","text":` + labelJSON + `}`},
	"call":            {onMessage, `{"type":"call","call_id":"R1"}`},
	"context_actions": {onMessage, `{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":` + pressed + `,"negative_button":` + pressed + `}]}`},
	"card": {onMessage | onHome, `{"type":"card","block_id":"b","hero_image":` + imageJSON + `,"icon":` + imageJSON + `,"title":` + labelJSON +
		`,"subtitle":` + labelJSON + `,"body":` + labelJSON + `,"subtext":` + labelJSON + `,"actions":[` + buttonJSON + `]}`},
	"carousel": {onMessage | onHome, `{"type":"carousel","elements":[{"type":"card","title":` + labelJSON + `,"slack_icon":{"type":"icon","name":"rocket"}}]}`},
	"container": {onMessage, `{"type":"container","block_id":"b","title":` + labelJSON + `,"rich_text_title":` + richJSON + `,"subtitle":` + labelJSON + `,"icon":` + imageJSON +
		`,"width":"wide","is_collapsible":true,"default_collapsed":true,"has_header_divider":false,"child_blocks":[{"type":"divider"}]}`},
	"layout":             {onMessage, `{"type":"layout","label":"x","is_label_visible":true,"grid_lines":"rows","rows":[{"items":[{"block":{"type":"divider"},"width":"wide","horizontal_alignment":"end"}]}],"fallback":[{"type":"divider"}]}`},
	"task_card":          {onMessage, `{"type":"task_card",` + taskFrame + `}`},
	"plan":               {onMessage, `{"type":"plan","title":"x","tasks":[{` + taskFrame + `},{"type":"task_card","block_id":"b",` + taskFrame + `}]}`},
	"table":              {onMessage, `{"type":"table","rows":[[` + cellJSON + `]],"column_settings":[null,{"align":"center","is_wrapped":false}]}`},
	"data_table":         {onMessage, `{"type":"data_table","caption":"x","page_size":5,"row_header_column_index":0,"rows":[[` + cellJSON + `],[` + cellJSON + `]]}`},
	"data_visualization": {onMessage, inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":1}]}]`)},
}

// framedKind is an element in the block that frame puts it in.
type framedKind struct {
	kind
	frame func(element string) string
}

var elementKinds = map[string]framedKind{
	"button":                     {kind{everywhere, `{"type":"button","action_id":"a","value":"v","url":"https://x.example","style":"primary","accessibility_label":"x","text":` + labelJSON + `,"confirm":` + confirmJSON + `}`}, inSection},
	"overflow":                   {kind{everywhere, `{"type":"overflow","action_id":"a","confirm":` + confirmJSON + `,"options":[` + anOpt + `]}`}, inSection},
	"image":                      {kind{everywhere, imageJSON}, inSection},
	"static_select":              {kind{everywhere, `{"type":"static_select",` + menu + `,"options":[` + anOpt + `],"initial_option":` + anOpt + `}`}, inSection},
	"multi_static_select":        {kind{everywhere, `{"type":"multi_static_select",` + menu + `,"max_selected_items":1,"options":[` + anOpt + `],"initial_options":[` + anOpt + `]}`}, inSection},
	"external_select":            {kind{everywhere, `{"type":"external_select",` + menu + `,"min_query_length":0,"initial_option":` + anOpt + `}`}, inInput},
	"multi_external_select":      {kind{everywhere, `{"type":"multi_external_select",` + menu + `,"min_query_length":3,"initial_options":[` + anOpt + `]}`}, inInput},
	"users_select":               {kind{everywhere, `{"type":"users_select",` + menu + `,"initial_user":"U1"}`}, inInput},
	"multi_users_select":         {kind{everywhere, `{"type":"multi_users_select",` + menu + `,"initial_users":["U1"]}`}, inInput},
	"conversations_select":       {kind{everywhere, `{"type":"conversations_select",` + menu + `,"initial_conversation":"C1","default_to_current_conversation":true,"response_url_enabled":true,"filter":{"exclude_bot_users":true,"exclude_external_shared_channels":true}}`}, inInput},
	"multi_conversations_select": {kind{everywhere, `{"type":"multi_conversations_select",` + menu + `,"initial_conversations":["C1"],"default_to_current_conversation":true,"filter":{"include":["public","private"]}}`}, inInput},
	"channels_select":            {kind{everywhere, `{"type":"channels_select",` + menu + `,"initial_channel":"C1","response_url_enabled":true}`}, inActions},
	"multi_channels_select":      {kind{everywhere, `{"type":"multi_channels_select",` + menu + `,"initial_channels":["C1"]}`}, inActions},
	"checkboxes":                 {kind{everywhere, `{"type":"checkboxes",` + picked + `,"options":[` + anOpt + `],"initial_options":[` + anOpt + `]}`}, inActions},
	"radio_buttons":              {kind{everywhere, `{"type":"radio_buttons",` + picked + `,"options":[` + anOpt + `],"initial_option":` + anOpt + `}`}, inInput},
	"datepicker":                 {kind{everywhere, `{"type":"datepicker",` + menu + `,"initial_date":"2025-11-24"}`}, inSection},
	"timepicker":                 {kind{everywhere, `{"type":"timepicker",` + menu + `,"initial_time":"00:00","timezone":"Europe/Helsinki"}`}, inSection},
	"datetimepicker":             {kind{onMessage | onModal, `{"type":"datetimepicker",` + picked + `,"initial_date_time":1763971200}`}, inActions},
	"plain_text_input":           {kind{everywhere, `{"type":"plain_text_input",` + typed + `,"initial_value":"","multiline":true,"min_length":0,"max_length":300}`}, inInput},
	"rich_text_input":            {kind{onModal | onHome, `{"type":"rich_text_input",` + typed + `,"initial_value":` + richJSON + `,"min_lines":1,"max_lines":8}`}, inInput},
	"email_text_input":           {kind{onModal, `{"type":"email_text_input",` + typed + `,"initial_value":"a@x.example"}`}, inInput},
	"url_text_input":             {kind{onModal, `{"type":"url_text_input",` + typed + `,"initial_value":"https://x.example"}`}, inInput},
	"number_input":               {kind{onModal, `{"type":"number_input",` + typed + `,"is_decimal_allowed":true,"initial_value":"1.5","min_value":"-1","max_value":"2"}`}, inInput},
	"file_input":                 {kind{onModal, `{"type":"file_input","action_id":"a","filetypes":["png"],"max_files":1}`}, inInput},
	"feedback_buttons":           {kind{onMessage, `{"type":"feedback_buttons","action_id":"a","positive_button":` + pressed + `,"negative_button":` + pressed + `}`}, inContextActions},
	"icon_button":                {kind{onMessage, `{"type":"icon_button","action_id":"a","icon":"trash","value":"v","accessibility_label":"x","visible_to_user_ids":["U1"],"text":` + labelJSON + `,"confirm":` + confirmJSON + `}`}, inContextActions},
	"workflow_button":            {kind{onMessage, `{"type":"workflow_button","action_id":"a","style":"primary","accessibility_label":"x","text":` + labelJSON + `,"workflow":{"trigger":{"url":"https://x.example","customizable_input_parameters":[{"name":"n","value":7}]}}}`}, inActions},
}

func inContextActions(element string) string {
	return `{"type":"context_actions","elements":[` + element + `]}`
}

var (
	richKinds = map[string]string{
		"rich_text_section":      `{"type":"rich_text_section","elements":[]}`,
		"rich_text_quote":        `{"type":"rich_text_quote","border":1,"elements":[{"type":"text","text":"x"},{"type":"link","url":"https://x.example"}]}`,
		"rich_text_preformatted": `{"type":"rich_text_preformatted","border":0,"language":"go","elements":[{"type":"text","text":"x"}]}`,
		"rich_text_list":         `{"type":"rich_text_list","style":"ordered","indent":1,"offset":3,"border":0,"elements":[{"type":"rich_text_section","elements":[]}]}`,
	}
	inlineKinds = map[string]string{
		"text":      `{"type":"text","text":"x","style":{"bold":true,"italic":true,"strike":true,"underline":true,"code":true}}`,
		"link":      `{"type":"link","url":"https://x.example","text":"x","unsafe":false,"style":{"bold":true}}`,
		"user":      `{"type":"user","user_id":"U0MARI0001","style":{"client_highlight":true,"unlink":true}}`,
		"usergroup": `{"type":"usergroup","usergroup_id":"S1","style":{"bold":true}}`,
		"channel":   `{"type":"channel","channel_id":"C1","style":{"italic":true}}`,
		"team":      `{"type":"team","team_id":"T1","style":{"strike":true}}`,
		"emoji":     `{"type":"emoji","name":"wave","unicode":"1f44b-1f3fb","url":"https://x.example/e.png","skin_tone":2,"style":{"bold":true}}`,
		"date":      `{"type":"date","timestamp":1763971200,"format":"{date_short_pretty}, {time}","timezone":"Europe/Helsinki","url":"https://x.example","fallback":"tomorrow","style":{"bold":true}}`,
		"broadcast": `{"type":"broadcast","range":"channel","style":{"bold":true}}`,
		"color":     `{"type":"color","value":"#f4a261","style":{"bold":true}}`,
	}
	cellKinds = map[string]string{
		"raw_text":    cellJSON,
		"raw_number":  `{"type":"raw_number","value":1.5,"text":"1½"}`,
		"rich_text":   richJSON,
		"action_cell": `{"type":"action_cell","element":` + buttonJSON + `,"fallback":` + cellJSON + `}`,
	}
	chartKinds = map[string]string{
		"pie":  `{"type":"pie","segments":[{"label":"a","value":1}]}`,
		"bar":  `{"type":"bar","axis_config":{"categories":["a"],"x_label":"x","y_label":"y"},"series":[{"name":"s","data":[{"label":"a","value":1}]}]}`,
		"area": `{"type":"area","axis_config":{"categories":["a"]},"series":[{"name":"s","data":[{"label":"a","value":0}]}]}`,
		"line": `{"type":"line","axis_config":{"categories":["a"]},"series":[{"name":"s","data":[{"label":"a","value":-1}]}]}`,
	}
)

// TestEveryKindStandsWhereItMay shows each example on every surface: taken where it may stand, refused by its type elsewhere.
func TestEveryKindStandsWhereItMay(t *testing.T) {
	for name, k := range blockKinds {
		t.Run(name+" block", func(t *testing.T) { standsOn(t, k, k.json, "/0/type", name) })
	}
	for name, k := range elementKinds {
		t.Run(name+" element", func(t *testing.T) { standsOn(t, k.kind, k.frame(k.json), "", name) })
	}
}

func standsOn(t *testing.T, k kind, block, at, name string) {
	for on, here := range shown {
		got := here.judge("[" + block + "]")
		if k.on&on != 0 {
			if got != nil {
				t.Errorf("%s is refused in %s: %v", block, here.at, got)
			}
			continue
		}
		if len(got) != 1 || !strings.HasPrefix(got[0].Pointer, here.at+at) || !strings.HasPrefix(got[0].Message, "unsupported type: ") {
			t.Errorf("%s on surface %d of %s: %v", name, on, here.at, got)
		}
	}
}

func TestEveryNestedKindIsTaken(t *testing.T) {
	takes := func(t *testing.T, name, block string) {
		t.Helper()
		if got := ValidateMessage([]byte("[" + block + "]")); got != nil {
			t.Errorf("%s is refused: %v", name, got)
		}
	}
	for name, json := range richKinds {
		takes(t, name, inRich(json))
	}
	for name, json := range inlineKinds {
		takes(t, name, inLine(json))
	}
	for name, json := range cellKinds {
		takes(t, name, `{"type":"data_table","caption":"x","rows":[[`+cellJSON+`],[`+json+`]]}`)
	}
	for name, json := range chartKinds {
		takes(t, name, inChart(json))
	}
}

// TestEveryRowHasAnExample keeps the examples as complete as the tables.
func TestEveryRowHasAnExample(t *testing.T) {
	for table, keys := range map[string][2][]string{
		"blocks":   {names(blockRules), names(blockKinds)},
		"elements": {names(elementRules), names(elementKinds)},
		"rich":     {names(richRules), names(richKinds)},
		"inline":   {names(inlineRules), names(inlineKinds)},
		"cells":    {names(cellRules), names(cellKinds)},
		"charts":   {names(chartRules), names(chartKinds)},
	} {
		if !slices.Equal(keys[0], keys[1]) {
			t.Errorf("%s: rules for %v, examples for %v", table, keys[0], keys[1])
		}
	}
}

func names[V any](table map[string]V) []string { return slices.Sorted(maps.Keys(table)) }

// TestMenusStandEverywhere puts every element that may be picked from into all three blocks that hold such elements.
func TestMenusStandEverywhere(t *testing.T) {
	for _, name := range menuElements {
		for _, frame := range []func(string) string{inSection, inActions, inInput} {
			block := frame(elementKinds[name].json)
			if got := ValidateMessage([]byte("[" + block + "]")); got != nil {
				t.Errorf("%s is refused: %v", block, got)
			}
		}
	}
}
