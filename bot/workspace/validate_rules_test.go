package workspace

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestRules gives each rule that is not a limit the nearest block that keeps it and the nearest that breaks it.
func TestRules(t *testing.T) {
	section := func(fields string) string { return `{"type":"section",` + fields + `}` }
	image := func(fields string) string { return `{"type":"image","alt_text":"a",` + fields + `}` }
	header := func(text string) string { return `{"type":"header","text":` + text + `}` }
	card := func(fields string) string { return `{"type":"card",` + fields + `}` }
	container := func(fields string) string {
		return `{"type":"container","title":` + labelJSON + `,"child_blocks":[{"type":"divider"}],` + fields + `}`
	}
	icon := func(id string) string {
		return `{"type":"icon_button","icon":"trash","action_id":"` + id + `","text":` + labelJSON + `}`
	}
	task := func(fields string) string { return `{"type":"task_card","task_id":"t","title":"x",` + fields + `}` }
	list := func(fields string) string { return inRich(`{"type":"rich_text_list",` + fields + `}`) }
	one := strings.ReplaceAll(optionJSON, "%d", "1")
	for name, tc := range map[string]struct {
		on           surface // onMessage if zero
		fits, breaks string
		at, says     string
	}{
		"a block is an object":           {fits: `{"type":"divider"}`, breaks: `"divider"`, at: "", says: "must be an object"},
		"a block has a type":             {fits: `{"type":"divider"}`, breaks: `{"block_id":"a"}`, at: "", says: "missing required field: type"},
		"a type is a string":             {fits: `{"type":"divider"}`, breaks: `{"type":7}`, at: "/type", says: "must be a string"},
		"a block type is known":          {fits: `{"type":"divider"}`, breaks: `{"type":"sections"}`, at: "/type", says: "unsupported type: sections"},
		"no unknown field":               {fits: `{"type":"divider"}`, breaks: `{"type":"divider","color":"red"}`, at: "", says: "invalid additional property: color"},
		"a block id is a string":         {fits: `{"type":"divider","block_id":"1"}`, breaks: `{"type":"divider","block_id":1}`, at: "/block_id", says: "must be a string"},
		"a block id is not empty":        {fits: `{"type":"divider","block_id":"1"}`, breaks: `{"type":"divider","block_id":""}`, at: "/block_id", says: "must be more than 0 characters"},
		"section has text or fields":     {fits: section(`"fields":[` + labelJSON + `]`), breaks: section(`"block_id":"a"`), at: "/type", says: "must define either `text` or `fields`"},
		"section has some fields":        {fits: section(`"fields":[` + labelJSON + `]`), breaks: section(`"fields":[]`), at: "/fields", says: "must provide at least 1 items"},
		"expand is a boolean":            {fits: section(`"text":` + labelJSON + `,"expand":true`), breaks: section(`"text":` + labelJSON + `,"expand":"yes"`), at: "/expand", says: "must be a boolean"},
		"a header is plain":              {fits: header(labelJSON), breaks: header(mrkdwnOf(1)), at: "/text/type", says: "unsupported type: mrkdwn"},
		"a header has text":              {fits: header(labelJSON), breaks: `{"type":"header"}`, at: "", says: "missing required field: text"},
		"text is no other kind":          {fits: section(`"text":` + mrkdwnOf(1)), breaks: section(`"text":{"type":"text","text":"x"}`), at: "/text/type", says: "unsupported type: text"},
		"text is an object":              {fits: section(`"text":` + mrkdwnOf(1)), breaks: section(`"text":"x"`), at: "/text", says: "must be an object"},
		"text is not empty":              {fits: section(`"text":` + mrkdwnOf(1)), breaks: section(`"text":` + mrkdwnOf(0)), at: "/text/text", says: "must be more than 0 characters"},
		"text is there":                  {fits: section(`"text":` + mrkdwnOf(1)), breaks: section(`"text":{"type":"mrkdwn"}`), at: "/text", says: "missing required field: text"},
		"emoji is for plain text":        {fits: section(`"text":{"type":"plain_text","text":"x","emoji":true}`), breaks: section(`"text":{"type":"mrkdwn","text":"x","emoji":true}`), at: "/text", says: "invalid additional property: emoji"},
		"verbatim is for markup":         {fits: section(`"text":{"type":"mrkdwn","text":"x","verbatim":true}`), breaks: section(`"text":{"type":"plain_text","text":"x","verbatim":true}`), at: "/text", says: "invalid additional property: verbatim"},
		"heading levels start at one":    {fits: `{"type":"header","level":1,"text":` + labelJSON + `}`, breaks: `{"type":"header","level":0,"text":` + labelJSON + `}`, at: "/level", says: "must be an integer from 1 to 4"},
		"a level is whole":               {fits: `{"type":"header","level":1,"text":` + labelJSON + `}`, breaks: `{"type":"header","level":1.5,"text":` + labelJSON + `}`, at: "/level", says: "must be an integer from 1 to 4"},
		"a level is a number":            {fits: `{"type":"header","level":1,"text":` + labelJSON + `}`, breaks: `{"type":"header","level":"1","text":` + labelJSON + `}`, at: "/level", says: "must be an integer"},
		"context holds text and images":  {fits: `{"type":"context","elements":[{"type":"image","image_url":"https://x.example/a.png","alt_text":"a"}]}`, breaks: `{"type":"context","elements":[` + buttonJSON + `]}`, at: "/elements/0/type", says: "unsupported type: button"},
		"context is not empty":           {fits: `{"type":"context","elements":[` + labelJSON + `]}`, breaks: `{"type":"context","elements":[]}`, at: "/elements", says: "must provide at least 1 items"},
		"actions are not empty":          {fits: inActions(buttonJSON), breaks: `{"type":"actions","elements":[]}`, at: "/elements", says: "must provide at least 1 items"},
		"actions hold no image":          {fits: inSection(`{"type":"image","image_url":"https://x.example/a.png","alt_text":"a"}`), breaks: inActions(`{"type":"image","image_url":"https://x.example/a.png","alt_text":"a"}`), at: "/elements/0/type", says: "unsupported type: image"},
		"actions hold no typing":         {fits: inInput(`{"type":"plain_text_input"}`), breaks: inActions(`{"type":"plain_text_input"}`), at: "/elements/0/type", says: "unsupported type: plain_text_input"},
		"an accessory is not typed into": {fits: inInput(`{"type":"plain_text_input"}`), breaks: inSection(`{"type":"plain_text_input"}`), at: "/accessory/type", says: "unsupported type: plain_text_input"},
		"no date and time beside text":   {fits: inActions(`{"type":"datetimepicker"}`), breaks: inSection(`{"type":"datetimepicker"}`), at: "/accessory/type", says: "unsupported type: datetimepicker"},
		"an input holds no button":       {fits: inSection(`{"type":"button","text":` + labelJSON + `}`), breaks: inInput(`{"type":"button","text":` + labelJSON + `}`), at: "/element/type", says: "unsupported type: button"},
		"an input holds no overflow":     {fits: inSection(`{"type":"overflow","options":[` + one + `]}`), breaks: inInput(`{"type":"overflow","options":[` + one + `]}`), at: "/element/type", says: "unsupported type: overflow"},
		"an element type is known":       {fits: inActions(buttonJSON), breaks: inActions(`{"type":"slider"}`), at: "/elements/0/type", says: "unsupported type: slider"},
		"an input has a label":           {fits: inInput(`{"type":"plain_text_input"}`), breaks: `{"type":"input","element":{"type":"plain_text_input"}}`, at: "", says: "missing required field: label"},
		"an input has an element":        {fits: inInput(`{"type":"plain_text_input"}`), breaks: `{"type":"input","label":` + labelJSON + `}`, at: "", says: "missing required field: element"},
		"files are not dispatched":       {on: onModal, fits: `{"type":"input","dispatch_action":false,"label":` + labelJSON + `,"element":{"type":"file_input"}}`, breaks: `{"type":"input","dispatch_action":true,"label":` + labelJSON + `,"element":{"type":"file_input"}}`, at: "/dispatch_action", says: "cannot be used with `file_input`"},
		"a picture has one source":       {fits: image(`"image_url":"https://x.example/a.png"`), breaks: image(`"image_url":"https://x.example/a.png","slack_file":{"id":"F012345678"}`), at: "", says: "must define either `image_url` or `slack_file`"},
		"a picture has a source":         {fits: image(`"slack_file":{"id":"F012345678"}`), breaks: image(`"block_id":"a"`), at: "", says: "must define either `image_url` or `slack_file`"},
		"a picture has an alt text":      {fits: image(`"image_url":"https://x.example/a.png"`), breaks: `{"type":"image","image_url":"https://x.example/a.png"}`, at: "", says: "missing required field: alt_text"},
		"a picture is fetched":           {fits: image(`"image_url":"http://127.0.0.1:8080/a.png"`), breaks: image(`"image_url":"data:image/png;base64,AA"`), at: "/image_url", says: "must be a URL that starts with one of: https, http"},
		"a picture has a host":           {fits: image(`"image_url":"https://x.example/a.png"`), breaks: image(`"image_url":"https:///a.png"`), at: "/image_url", says: "must be a URL with a host"},
		"a file id looks like one":       {fits: image(`"slack_file":{"id":"F012345678"}`), breaks: image(`"slack_file":{"id":"F123"}`), at: "/slack_file/id", says: "must be a file id"},
		"a file has an id or a url":      {fits: image(`"slack_file":{"url":"https://x.example/a.png"}`), breaks: image(`"slack_file":{}`), at: "/slack_file", says: "must define either `id` or `url`"},
		"a link runs no script":          {fits: inButton(`"url":"mailto:a@x.example"`), breaks: inButton(`"url":"javascript:alert(1)"`), at: "/elements/0/url", says: "must be a URL that starts with one of: https, http, mailto, tel, slack"},
		"a link is absolute":             {fits: inButton(`"url":"https://x.example"`), breaks: inButton(`"url":"x.example"`), at: "/elements/0/url", says: "must be a URL that starts with one of: https, http, mailto, tel, slack"},
		"a link has no spaces":           {fits: inButton(`"url":"https://x.example/a%20b"`), breaks: inButton(`"url":"https://x.example/a b"`), at: "/elements/0/url", says: "must be a valid URL"},
		"a link parses":                  {fits: inButton(`"url":"https://x.example/a%20b"`), breaks: inButton(`"url":"https://x.example/%zz"`), at: "/elements/0/url", says: "must be a valid URL"},
		"a video is secure":              {fits: videoOf(`"title":` + labelJSON + `,"title_url":"https://x.example"`), breaks: videoOf(`"title":` + labelJSON + `,"title_url":"http://x.example"`), at: "/title_url", says: "must be a URL that starts with one of: https"},
		"a button has text":              {fits: inActions(buttonJSON), breaks: inActions(`{"type":"button"}`), at: "/elements/0", says: "missing required field: text"},
		"a button is plain":              {fits: inActions(buttonJSON), breaks: inActions(`{"type":"button","text":` + mrkdwnOf(1) + `}`), at: "/elements/0/text/type", says: "unsupported type: mrkdwn"},
		"a button has no other field":    {fits: inActions(buttonJSON), breaks: inButton(`"disabled":true`), at: "/elements/0", says: "invalid additional property: disabled"},
		"a button style is known":        {fits: inButton(`"style":"danger"`), breaks: inButton(`"style":"default"`), at: "/elements/0/style", says: "must be one of: primary, danger"},
		"a button style is a string":     {fits: inButton(`"style":"primary"`), breaks: inButton(`"style":null`), at: "/elements/0/style", says: "must be one of: primary, danger"},
		"a confirm is whole":             {fits: inConfirm(labelJSON, mrkdwnOf(1), labelJSON, labelJSON), breaks: inButton(`"confirm":{"title":` + labelJSON + `,"text":` + labelJSON + `,"confirm":` + labelJSON + `}`), at: "/elements/0/confirm", says: "missing required field: deny"},
		"a confirm is an object":         {fits: inConfirm(labelJSON, mrkdwnOf(1), labelJSON, labelJSON), breaks: inButton(`"confirm":"Sure?"`), at: "/elements/0/confirm", says: "must be an object"},
		"a confirm title is plain":       {fits: inConfirm(labelJSON, mrkdwnOf(1), labelJSON, labelJSON), breaks: inConfirm(mrkdwnOf(1), mrkdwnOf(1), labelJSON, labelJSON), at: "/elements/0/confirm/title/type", says: "unsupported type: mrkdwn"},
		"an overflow has options":        {fits: inActions(`{"type":"overflow","options":[` + one + `]}`), breaks: inActions(`{"type":"overflow","options":[]}`), at: "/elements/0/options", says: "must provide at least 1 items"},
		"an option has a value":          {fits: inMenu(`[` + one + `]`), breaks: inMenu(`[{"text":` + labelJSON + `}]`), at: "/elements/0/options/0", says: "missing required field: value"},
		"an option's value is not empty": {fits: inMenu(`[` + one + `]`), breaks: inMenu(`[{"text":` + labelJSON + `,"value":""}]`), at: "/elements/0/options/0/value", says: "must be more than 0 characters"},
		"a menu option is plain":         {fits: inMenu(`[` + one + `]`), breaks: inMenu(`[{"text":` + mrkdwnOf(1) + `,"value":"v"}]`), at: "/elements/0/options/0/text/type", says: "unsupported type: mrkdwn"},
		"only an overflow opens links":   {fits: inActions(`{"type":"overflow","options":[{"text":` + labelJSON + `,"value":"v","url":"https://x.example"}]}`), breaks: inMenu(`[{"text":` + labelJSON + `,"value":"v","url":"https://x.example"}]`), at: "/elements/0/options/0", says: "invalid additional property: url"},
		"checkboxes may use markup":      {fits: inActions(`{"type":"checkboxes","options":[{"text":` + mrkdwnOf(1) + `,"value":"v","description":` + mrkdwnOf(1) + `}]}`), breaks: inActions(`{"type":"overflow","options":[{"text":` + mrkdwnOf(1) + `,"value":"v"}]}`), at: "/elements/0/options/0/text/type", says: "unsupported type: mrkdwn"},
		"options or groups":              {fits: inMenu(`[` + one + `]`), breaks: inActions(`{"type":"static_select"}`), at: "/elements/0", says: "must define either `options` or `option_groups`"},
		"not options and groups":         {fits: inMenu(`[` + one + `]`), breaks: inActions(`{"type":"static_select","options":[` + one + `],"option_groups":[{"label":` + labelJSON + `,"options":[` + one + `]}]}`), at: "/elements/0", says: "must define either `options` or `option_groups`"},
		"options or groups of many":      {fits: inActions(`{"type":"multi_static_select","options":[` + one + `]}`), breaks: inActions(`{"type":"multi_static_select"}`), at: "/elements/0", says: "must define either `options` or `option_groups`"},
		"a group has a label":            {fits: inGroups(`"label":` + labelJSON + `,"options":[` + one + `]`), breaks: inGroups(`"options":[` + one + `]`), at: "/elements/0/option_groups/0", says: "missing required field: label"},
		"a group has options":            {fits: inGroups(`"label":` + labelJSON + `,"options":[` + one + `]`), breaks: inGroups(`"label":` + labelJSON), at: "/elements/0/option_groups/0", says: "missing required field: options"},
		"a group label is plain":         {fits: inGroups(`"label":` + labelJSON + `,"options":[` + one + `]`), breaks: inGroups(`"label":` + mrkdwnOf(1) + `,"options":[` + one + `]`), at: "/elements/0/option_groups/0/label/type", says: "unsupported type: mrkdwn"},
		"what is chosen is offered":      {fits: inActions(`{"type":"static_select","options":[` + one + `],"initial_option":` + one + `}`), breaks: inActions(`{"type":"static_select","options":[` + one + `],"initial_option":{"text":` + labelJSON + `,"value":"other"}}`), at: "/elements/0/initial_option", says: "must exactly match one of the options"},
		"what is chosen is in a group":   {fits: inActions(`{"type":"static_select","option_groups":[{"label":` + labelJSON + `,"options":[` + one + `]}],"initial_option":` + one + `}`), breaks: inActions(`{"type":"radio_buttons","options":[` + one + `],"initial_option":{"text":` + labelJSON + `,"value":"v1"}}`), at: "/elements/0/initial_option", says: "must exactly match one of the options"},
		"each chosen one is offered":     {fits: inActions(`{"type":"checkboxes","options":[` + one + `],"initial_options":[` + one + `]}`), breaks: inActions(`{"type":"checkboxes","options":[` + one + `],"initial_options":[` + one + `,{"text":` + labelJSON + `,"value":"w"}]}`), at: "/elements/0/initial_options/1", says: "must exactly match one of the options"},
		"a date exists":                  {fits: inActions(`{"type":"datepicker","initial_date":"2024-02-29"}`), breaks: inActions(`{"type":"datepicker","initial_date":"2025-02-29"}`), at: "/elements/0/initial_date", says: "must be a date like 2026-01-31"},
		"a time has two digits":          {fits: inActions(`{"type":"timepicker","initial_time":"09:30"}`), breaks: inActions(`{"type":"timepicker","initial_time":"9:30"}`), at: "/elements/0/initial_time", says: "must be a time like 09:30"},
		"a moment is in seconds":         {fits: inActions(`{"type":"datetimepicker","initial_date_time":1763971200}`), breaks: inActions(`{"type":"datetimepicker","initial_date_time":1763971200000}`), at: "/elements/0/initial_date_time", says: "must be an integer from 1000000000 to 9999999999"},
		"a filter filters":               {fits: inActions(`{"type":"conversations_select","filter":{"include":["im"]}}`), breaks: inActions(`{"type":"conversations_select","filter":{}}`), at: "/elements/0/filter", says: "must define at least one filter"},
		"a filter knows its kinds":       {fits: inActions(`{"type":"conversations_select","filter":{"include":["im"]}}`), breaks: inActions(`{"type":"conversations_select","filter":{"include":["dm"]}}`), at: "/elements/0/filter/include/0", says: "must be one of: im, mpim, private, public"},
		"dispatch knows its triggers":    {fits: inInput(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]}}`), breaks: inInput(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["on_blur"]}}`), at: "/element/dispatch_action_config/trigger_actions_on/0", says: "must be one of: on_enter_pressed, on_character_entered"},
		"shortest before longest":        {fits: inInput(`{"type":"plain_text_input","min_length":5,"max_length":5}`), breaks: inInput(`{"type":"plain_text_input","min_length":6,"max_length":5}`), at: "/element/min_length", says: "cannot be greater than `max_length`"},
		"a number has digits":            {on: onModal, fits: inInput(`{"type":"number_input","is_decimal_allowed":true,"min_value":"-0.5"}`), breaks: inInput(`{"type":"number_input","is_decimal_allowed":true,"min_value":"1e9"}`), at: "/element/min_value", says: "must be a number in digits"},
		"a number says if decimal":       {on: onModal, fits: inInput(`{"type":"number_input","is_decimal_allowed":false}`), breaks: inInput(`{"type":"number_input"}`), at: "/element", says: "missing required field: is_decimal_allowed"},
		"least before most":              {on: onModal, fits: inInput(`{"type":"number_input","is_decimal_allowed":true,"min_value":"9","max_value":"10"}`), breaks: inInput(`{"type":"number_input","is_decimal_allowed":true,"min_value":"10.5","max_value":"10"}`), at: "/element/min_value", says: "cannot be greater than `max_value`"},
		"one focus":                      {on: onModal, fits: `{"type":"actions","elements":[{"type":"datepicker","focus_on_load":true},{"type":"timepicker","focus_on_load":false}]}`, breaks: `{"type":"actions","elements":[{"type":"datepicker","focus_on_load":true},{"type":"timepicker","focus_on_load":true}]}`, at: "/elements/1/focus_on_load", says: "only one element can have `focus_on_load`"},
		"rich text has parts":            {fits: inRich(`{"type":"rich_text_section","elements":[]}`), breaks: inRich(`{"type":"text","text":"x"}`), at: "/elements/0/type", says: "unsupported type: text"},
		"rich text pieces are known":     {fits: inLine(`{"type":"text","text":"x"}`), breaks: inLine(`{"type":"mrkdwn","text":"x"}`), at: "/elements/0/elements/0/type", says: "unsupported type: mrkdwn"},
		"a piece is not empty":           {fits: inLine(`{"type":"text","text":" "}`), breaks: inLine(`{"type":"text","text":""}`), at: "/elements/0/elements/0/text", says: "must be more than 0 characters"},
		"a style is known":               {fits: inLine(`{"type":"text","text":"x","style":{"bold":true}}`), breaks: inLine(`{"type":"text","text":"x","style":{"big":true}}`), at: "/elements/0/elements/0/style", says: "invalid additional property: big"},
		"a style is on or off":           {fits: inLine(`{"type":"text","text":"x","style":{"bold":false}}`), breaks: inLine(`{"type":"text","text":"x","style":{"bold":1}}`), at: "/elements/0/elements/0/style/bold", says: "must be a boolean"},
		"only mentions are highlighted":  {fits: inLine(`{"type":"user","user_id":"U012","style":{"highlight":true}}`), breaks: inLine(`{"type":"link","url":"https://x.example","style":{"highlight":true}}`), at: "/elements/0/elements/0/style", says: "invalid additional property: highlight"},
		"a link in a line opens":         {fits: inLine(`{"type":"link","url":"https://x.example"}`), breaks: inLine(`{"type":"link","text":"x"}`), at: "/elements/0/elements/0", says: "missing required field: url"},
		"a user is an id":                {fits: inLine(`{"type":"user","user_id":"U012"}`), breaks: inLine(`{"type":"user","user_id":"@mari"}`), at: "/elements/0/elements/0/user_id", says: "must be a user id"},
		"a channel is an id":             {fits: inLine(`{"type":"channel","channel_id":"C012"}`), breaks: inLine(`{"type":"channel","channel_id":"general"}`), at: "/elements/0/elements/0/channel_id", says: "must be a channel id"},
		"a group is an id":               {fits: inLine(`{"type":"usergroup","usergroup_id":"S012"}`), breaks: inLine(`{"type":"usergroup","usergroup_id":"U012"}`), at: "/elements/0/elements/0/usergroup_id", says: "must be a usergroup id"},
		"an emoji has no colons":         {fits: inLine(`{"type":"emoji","name":"wave"}`), breaks: inLine(`{"type":"emoji","name":":wave:"}`), at: "/elements/0/elements/0/name", says: "must be an emoji name without colons"},
		"a date has a known token":       {fits: inLine(`{"type":"date","timestamp":1,"format":"{date_pretty} at {time}"}`), breaks: inLine(`{"type":"date","timestamp":1,"format":"{time} {weekday}"}`), at: "/elements/0/elements/0/format", says: "unknown date token: {weekday}"},
		"a date has a token":             {fits: inLine(`{"type":"date","timestamp":1,"format":"{ago}"}`), breaks: inLine(`{"type":"date","timestamp":1,"format":"soon"}`), at: "/elements/0/elements/0/format", says: "must hold at least one date token"},
		"a date has a moment":            {fits: inLine(`{"type":"date","timestamp":1,"format":"{ago}"}`), breaks: inLine(`{"type":"date","timestamp":"1","format":"{ago}"}`), at: "/elements/0/elements/0/timestamp", says: "must be an integer"},
		"a broadcast has a range":        {fits: inLine(`{"type":"broadcast","range":"here"}`), breaks: inLine(`{"type":"broadcast","range":"all"}`), at: "/elements/0/elements/0/range", says: "must be one of: here, channel, everyone"},
		"a color is hexadecimal":         {fits: inLine(`{"type":"color","value":"#F4a261"}`), breaks: inLine(`{"type":"color","value":"orange"}`), at: "/elements/0/elements/0/value", says: "must be a color like #f4a261"},
		"a list has a style":             {fits: list(`"style":"ordered","elements":[{"type":"rich_text_section","elements":[]}]`), breaks: list(`"elements":[{"type":"rich_text_section","elements":[]}]`), at: "/elements/0", says: "missing required field: style"},
		"a list style is known":          {fits: list(`"style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]`), breaks: list(`"style":"dash","elements":[{"type":"rich_text_section","elements":[]}]`), at: "/elements/0/style", says: "must be one of: bullet, ordered"},
		"lists do not nest":              {fits: list(`"style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]`), breaks: list(`"style":"bullet","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]}]`), at: "/elements/0/elements/0/type", says: "unsupported type: rich_text_list"},
		"a quote's border is 0 or 1":     {fits: inRich(`{"type":"rich_text_quote","border":1,"elements":[]}`), breaks: inRich(`{"type":"rich_text_quote","border":2,"elements":[]}`), at: "/elements/0/border", says: "must be an integer from 0 to 1"},
		"preformatted mentions nobody":   {fits: inRich(`{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x"}]}`), breaks: inRich(`{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U012"}]}`), at: "/elements/0/elements/0/type", says: "unsupported type: user"},
		"a card shows something":         {fits: card(`"title":` + labelJSON), breaks: card(`"subtitle":` + labelJSON), at: "", says: "must define one of `hero_image`, `title`, `actions` or `body`"},
		"small actions differ":           {fits: `{"type":"context_actions","elements":[` + icon("a") + `,` + icon("b") + `]}`, breaks: `{"type":"context_actions","elements":[` + icon("a") + `,` + icon("a") + `]}`, at: "/elements/1/action_id", says: "`action_id` \"a\" already exists"},
		"a card has one icon":            {fits: card(`"title":` + labelJSON + `,"slack_icon":{"type":"icon","name":"rocket"}`), breaks: card(`"title":` + labelJSON + `,"icon":` + imageJSON + `,"slack_icon":{"type":"icon","name":"rocket"}`), at: "", says: "must define either `icon` or `slack_icon`"},
		"an icon has a type":             {fits: card(`"title":` + labelJSON + `,"slack_icon":{"type":"icon","name":"rocket"}`), breaks: card(`"title":` + labelJSON + `,"slack_icon":{"name":"rocket"}`), at: "/slack_icon", says: "missing required field: type"},
		"an icon has a name":             {fits: card(`"title":` + labelJSON + `,"slack_icon":{"type":"icon","name":"x"}`), breaks: card(`"title":` + labelJSON + `,"slack_icon":{"type":"icon","name":""}`), at: "/slack_icon/name", says: "must be more than 0 characters"},
		"a source has a type":            {fits: task(`"sources":[{"type":"url","url":"https://x.example","text":"x"}]`), breaks: task(`"sources":[{"url":"https://x.example","text":"x"}]`), at: "/sources/0", says: "missing required field: type"},
		"a source has a text":            {fits: task(`"sources":[{"type":"url","url":"https://x.example","text":"x"}]`), breaks: task(`"sources":[{"type":"url","url":"https://x.example"}]`), at: "/sources/0", says: "missing required field: text"},
		"a card's buttons differ":        {fits: card(`"actions":[` + buttonJSON + `]`), breaks: card(`"actions":[` + buttonJSON + `,` + buttonJSON + `]`), at: "/actions/1/action_id", says: "`action_id` \"a%d\" already exists"},
		"a container has a title":        {fits: container(`"width":"wide"`), breaks: `{"type":"container","child_blocks":[{"type":"divider"}]}`, at: "", says: "must define either `title` or `rich_text_title`"},
		"a container folds if it can":    {fits: container(`"is_collapsible":true,"default_collapsed":true`), breaks: container(`"default_collapsed":true`), at: "/default_collapsed", says: "requires `is_collapsible`"},
		"containers do not nest":         {fits: container(`"width":"full"`), breaks: `{"type":"container","title":` + labelJSON + `,"child_blocks":[` + container(`"width":"full"`) + `]}`, at: "/child_blocks/0/type", says: "unsupported type: container"},
		"a table cell has text":          {fits: `{"type":"table","rows":[[{"type":"raw_text","text":" "}]]}`, breaks: `{"type":"table","rows":[[{"type":"raw_text","text":""}]]}`, at: "/rows/0/0/text", says: "must be more than 0 characters"},
		"a table has rows":               {fits: `{"type":"table","rows":[[{"type":"raw_number","value":1}]]}`, breaks: `{"type":"table","rows":[]}`, at: "/rows", says: "must provide at least 1 items"},
		"a table has no buttons":         {fits: `{"type":"table","rows":[[{"type":"raw_number","value":1.5}]]}`, breaks: `{"type":"table","rows":[[{"type":"action_cell","element":` + buttonJSON + `}]]}`, at: "/rows/0/0/type", says: "unsupported type: action_cell"},
		"a column is aligned":            {fits: `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]],"column_settings":[{"align":"right","is_wrapped":true}]}`, breaks: `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]],"column_settings":[{"align":"justify"}]}`, at: "/column_settings/0/align", says: "must be one of: left, center, right"},
		"a data table's header is text":  {fits: `{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_number","value":1}]]}`, breaks: `{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}],[{"type":"raw_number","value":1}]]}`, at: "/rows/0/0/type", says: "must be raw_text in the header row"},
		"a data table has data":          {fits: `{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_number","value":1}]]}`, breaks: `{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"x"}]]}`, at: "/rows", says: "must provide at least 2 items"},
		"a chart type is known":          {fits: inChart(`{"type":"pie","segments":[{"label":"a","value":1}]}`), breaks: inChart(`{"type":"donut","segments":[{"label":"a","value":1}]}`), at: "/chart/type", says: "unsupported type: donut"},
		"a slice is above zero":          {fits: inChart(`{"type":"pie","segments":[{"label":"a","value":0.1}]}`), breaks: inChart(`{"type":"pie","segments":[{"label":"a","value":0}]}`), at: "/chart/segments/0/value", says: "must be more than 0"},
		"a value is a number":            {fits: inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":-1}]}]`), breaks: inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":"1"}]}]`), at: "/chart/series/0/data/0/value", says: "must be a number"},
		"a value is finite":              {fits: inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":1e9}]}]`), breaks: inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":1e999}]}]`), at: "/chart/series/0/data/0/value", says: "must be a finite number"},
		"series have names of their own": {fits: inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":1}]},{"name":"t","data":[{"label":"a","value":1}]}]`), breaks: inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":1}]},{"name":"s","data":[{"label":"a","value":1}]}]`), at: "/chart/series", says: "names must be unique"},
		"a point for each category":      {fits: inBars(`["b","a"]`, `[{"name":"s","data":[{"label":"a","value":1},{"label":"b","value":2}]}]`), breaks: inBars(`["a","b"]`, `[{"name":"s","data":[{"label":"a","value":1},{"label":"c","value":2}]}]`), at: "/chart/series/0/data", says: "must hold exactly one point for each category"},
		"categories differ":              {fits: inBars(`["a","b"]`, `[{"name":"s","data":[{"label":"a","value":1},{"label":"b","value":2}]}]`), breaks: inBars(`["a","a"]`, `[{"name":"s","data":[{"label":"a","value":1},{"label":"a","value":2}]}]`), at: "/chart/axis_config/categories", says: "must be unique"},
	} {
		t.Run(name, func(t *testing.T) {
			on := shown[max(tc.on, onMessage)]
			if got := on.judge("[" + tc.fits + "]"); got != nil {
				t.Errorf("%s is refused: %v", tc.fits, got)
			}
			wantOne(t, on.judge("["+tc.breaks+"]"), on.at+"/0"+tc.at, tc.says)
		})
	}
}

func TestViewRules(t *testing.T) {
	modal := func(fields string) string {
		return `{"type":"modal","title":` + labelJSON + `,"blocks":[],` + fields + `}`
	}
	home := func(fields string) string { return `{"type":"home","blocks":[],` + fields + `}` }
	input := inInput(`{"type":"plain_text_input"}`)
	titled := func(title string) string { return `{"type":"modal","blocks":[],"title":` + title + `}` }
	for name, tc := range map[string]struct{ fits, breaks, at, says string }{
		"a view is JSON":                  {fits: homeOf(`[]`), breaks: `{"type":"home"`, at: "/view", says: "must be valid JSON"},
		"a view is an object":             {fits: homeOf(`[]`), breaks: `[]`, at: "/view", says: "must be an object"},
		"a view has a type":               {fits: homeOf(`[]`), breaks: `{"blocks":[]}`, at: "/view", says: "missing required field: type"},
		"a view type is known":            {fits: homeOf(`[]`), breaks: `{"type":"workflow_step","blocks":[]}`, at: "/view/type", says: "unsupported type: workflow_step"},
		"a view has blocks":               {fits: homeOf(`[]`), breaks: `{"type":"home"}`, at: "/view", says: "missing required field: blocks"},
		"a modal has a title":             {fits: titled(plainOf(24)), breaks: `{"type":"modal","blocks":[]}`, at: "/view", says: "missing required field: title"},
		"a modal title is short":          {fits: titled(plainOf(24)), breaks: titled(plainOf(25)), at: "/view/title/text", says: "must be less than 25 characters"},
		"a modal title is plain":          {fits: titled(plainOf(24)), breaks: titled(mrkdwnOf(24)), at: "/view/title/type", says: "unsupported type: mrkdwn"},
		"submit is short":                 {fits: modal(`"submit":` + plainOf(24)), breaks: modal(`"submit":` + plainOf(25)), at: "/view/submit/text", says: "must be less than 25 characters"},
		"close is short":                  {fits: modal(`"close":` + plainOf(24)), breaks: modal(`"close":` + plainOf(25)), at: "/view/close/text", says: "must be less than 25 characters"},
		"an input needs submit":           {fits: modalOf(`[` + input + `]`), breaks: `{"type":"modal","title":` + labelJSON + `,"blocks":[{"type":"divider"},` + input + `]}`, at: "/view/blocks/1/input", says: "must define `submit` to use an `input` block in modals"},
		"Home needs no submit":            {fits: homeOf(`[` + input + `]`), breaks: home(`"submit":` + labelJSON), at: "/view", says: "invalid additional property: submit"},
		"Home has no title":               {fits: homeOf(`[]`), breaks: home(`"title":` + labelJSON), at: "/view", says: "invalid additional property: title"},
		"private metadata is short":       {fits: modal(fmt.Sprintf(`"private_metadata":%q`, letters(3000))), breaks: modal(fmt.Sprintf(`"private_metadata":%q`, letters(3001))), at: "/view/private_metadata", says: "must be less than 3001 characters"},
		"private metadata is a string":    {fits: home(`"private_metadata":""`), breaks: home(`"private_metadata":{}`), at: "/view/private_metadata", says: "must be a string"},
		"a callback id is short":          {fits: modal(fmt.Sprintf(`"callback_id":%q`, letters(255))), breaks: modal(fmt.Sprintf(`"callback_id":%q`, letters(256))), at: "/view/callback_id", says: "must be less than 256 characters"},
		"an external id is short":         {fits: home(fmt.Sprintf(`"external_id":%q`, letters(255))), breaks: home(fmt.Sprintf(`"external_id":%q`, letters(256))), at: "/view/external_id", says: "must be less than 256 characters"},
		"notify_on_close is a boolean":    {fits: modal(`"notify_on_close":true,"clear_on_close":false`), breaks: modal(`"notify_on_close":"true"`), at: "/view/notify_on_close", says: "must be a boolean"},
		"a hundred blocks in a modal":     {fits: modalOf(numbered(100, `{"type":"divider"}`)), breaks: modalOf(numbered(101, `{"type":"divider"}`)), at: "/view/blocks", says: "no more than 100 items allowed"},
		"a hundred blocks on Home":        {fits: homeOf(numbered(100, `{"type":"divider"}`)), breaks: homeOf(numbered(101, `{"type":"divider"}`)), at: "/view/blocks", says: "no more than 100 items allowed"},
		"block ids differ in a view":      {fits: homeOf(numbered(2, `{"type":"divider","block_id":"b%d"}`)), breaks: homeOf(numbered(2, `{"type":"divider","block_id":"b"}`)), at: "/view/blocks/1/block_id", says: "`block_id` \"b\" already exists"},
		"one focus in a view":             {fits: modalOf(`[` + inInput(`{"type":"plain_text_input","focus_on_load":true}`) + `]`), breaks: modalOf(numbered(2, inInput(`{"type":"plain_text_input","focus_on_load":true}`))), at: "/view/blocks/1/element/focus_on_load", says: "only one element can have `focus_on_load`"},
		"a view is not limited in text":   {fits: homeOf(numbered(10, `{"type":"section","text":`+mrkdwnOf(3000)+`}`)), breaks: homeOf(`[{"type":"section","text":` + mrkdwnOf(3001) + `}]`), at: "/view/blocks/0/text/text", says: "must be less than 3001 characters"},
		"a view is limited in bytes":      {fits: homeOf(bulky(0)), breaks: homeOf(bulky(1)), at: "/view", says: "must be less than 250001 bytes"},
		"rich text starts a rich input":   {fits: modalOf(`[` + inInput(`{"type":"rich_text_input","initial_value":`+inLine(`{"type":"text","text":"x"}`)+`}`) + `]`), breaks: modalOf(`[` + inInput(`{"type":"rich_text_input","initial_value":{"type":"divider"}}`) + `]`), at: "/view/blocks/0/element/initial_value/type", says: "unsupported type: divider"},
		"a file input has kinds if given": {fits: modalOf(`[` + inInput(`{"type":"file_input","filetypes":["png"]}`) + `]`), breaks: modalOf(`[` + inInput(`{"type":"file_input","filetypes":[]}`) + `]`), at: "/view/blocks/0/element/filetypes", says: "must provide at least 1 items"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ValidateView(json.RawMessage(tc.fits)); got != nil {
				t.Errorf("%.300s is refused: %v", tc.fits, got)
			}
			wantOne(t, ValidateView(json.RawMessage(tc.breaks)), tc.at, tc.says)
		})
	}
	if got := invalidBlocks(ValidateView(json.RawMessage(homeOf(bulky(1)))))["error"]; got != "view_too_large" {
		t.Errorf("error of a large view is %v", got)
	}
}

// bulky is a list of blocks that makes a Home of 250,000 bytes and extra more.
func bulky(extra int) string {
	block := func(n int) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("x", n) + `"}}`
	}
	blocks := strings.Repeat(block(2500)+",", 90)
	rest := 250_000 + extra - len(homeOf("["+blocks+block(0)+"]"))
	for rest > 2900 {
		blocks += block(2000) + ","
		rest = 250_000 + extra - len(homeOf("["+blocks+block(0)+"]"))
	}
	return "[" + blocks + block(rest) + "]"
}
