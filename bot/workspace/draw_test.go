package workspace

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// testPen draws for Mari on Monday 24 November 2025, 09:41 in Helsinki.
func testPen() *pen {
	zone := time.FixedZone("EET", 2*60*60)
	return &pen{
		as: "U0MARI0001", now: time.Date(2025, 11, 24, 9, 41, 0, 0, zone), key: "C01",
		names:    map[string]string{"U0MARI0001": "mari", "U0TOMI0001": "tomi", "U0APPBOT01": "koira"},
		bylines:  map[string]string{"U0MARI0001": "Mari Leipä", "U0APPBOT01": "koira"},
		channels: map[string]string{"C000000001": "marketing"},
		people:   []Person{{ID: "U0MARI0001", Name: "mari"}, {ID: "U0TOMI0001", Name: "tomi"}},
		rooms:    []Channel{{ID: "C000000001", Name: "marketing"}},
	}
}

func drawn(blocks string) string {
	p := testPen()
	p.blocks(json.RawMessage(blocks))
	return p.b.String()
}

// blockSamples is one of each block, and what must be seen of it.
var blockSamples = map[string]struct {
	json string
	want []string
}{
	"actions": {`{"type":"actions","block_id":"a","elements":[{"type":"button","action_id":"go","value":"v1","style":"primary","text":{"type":"plain_text","text":"Go :tada:"}}]}`,
		[]string{`<button type="button" class="button primary" data-block="a" data-action="go" data-type="button" data-sends="" data-value="v1">Go 🎉</button>`}},
	"context": {`{"type":"context","elements":[{"type":"mrkdwn","text":"*small*"},{"type":"image","slack_file":{"id":"F1"},"alt_text":"dot"}]}`,
		[]string{`<strong>small</strong>`, `<img src="/file/F1" alt="dot" class="small"`}},
	"divider": {`{"type":"divider"}`, []string{`<hr>`}},
	"file":    {`{"type":"file","external_id":"X1","source":"remote"}`, []string{`Remote file X1`}},
	"header":  {`{"type":"header","text":{"type":"plain_text","text":"A & B"}}`, []string{`<h3>A &amp; B</h3>`}},
	"image": {`{"type":"image","slack_file":{"id":"F1"},"alt_text":"12 weeks","title":{"type":"plain_text","text":"Visits"}}`,
		[]string{`<img src="/file/F1" alt="12 weeks" class="wide"`, `<figcaption>Visits</figcaption>`}},
	"input": {`{"type":"input","block_id":"b","label":{"type":"plain_text","text":"Text"},"hint":{"type":"plain_text","text":"Short"},"element":{"type":"plain_text_input","action_id":"t","max_length":300}}`,
		[]string{`>300 characters at most</p>`, `>Text</label>`, `>Short</p>`, `data-action="t"`, `required=""`}},
	"markdown": {`{"type":"markdown","text":"# Head\n**b** [l](https://a.example)\n- one\n1. two\n> q\n` + "```\\nx < y\\n```" + `"}`,
		[]string{`<h4>Head</h4>`, `<strong>b</strong>`, `<a href="https://a.example"`, `<ul><li>one</li></ul>`, `<ol><li>two</li></ol>`, `<blockquote>q`, "<pre>x &lt; y\n</pre>"}},
	"rich_text": {`{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[{"type":"text","text":"fat","style":{"bold":true,"italic":true}},{"type":"link","url":"https://a.example","text":"there"},{"type":"emoji","name":"wave"},{"type":"emoji","name":"odd","unicode":"1f600"},{"type":"user","user_id":"U0TOMI0001"},{"type":"date","timestamp":1764054600,"format":"{date_short_pretty} {time}","fallback":"?"}]},
		{"type":"rich_text_list","style":"ordered","offset":2,"indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"third"}]}]},
		{"type":"rich_text_quote","elements":[{"type":"text","text":"said"}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"code"}]},
		{"type":"rich_text_novel","elements":[]}]}`,
		[]string{`<strong><em>fat</em></strong>`, `<a href="https://a.example" target="_blank" rel="noopener noreferrer">there</a>`, `👋`, `😀`, `@tomi`,
			`>tomorrow 09:10</time>`, `<ol class="rich indent1" start="3"><li>third</li></ol>`, `<blockquote>said</blockquote>`, `<pre>code</pre>`, `rich_text_novel`}},
	"section": {`{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*Hi* <@U0MARI0001>"},"fields":[{"type":"plain_text","text":"*one*"}],"accessory":{"type":"button","action_id":"x","text":{"type":"plain_text","text":"Open"},"url":"https://a.example"}}`,
		[]string{`<strong>Hi</strong>`, `class="mention me">@mari`, `<div>*one*</div>`, `<a href="https://a.example" target="_blank" rel="noopener noreferrer" class="button" data-block="s" data-action="x"`}},
	"table": {`{"type":"table","column_settings":[{},{"align":"right"}],"rows":[[{"type":"raw_text","text":"Task"},{"type":"raw_text","text":"Visits"}],[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Social","style":{"bold":true}}]}]},{"type":"raw_text","text":"112"}]]}`,
		[]string{`<th>Task</th><th class="right">Visits</th>`, `<strong>Social</strong>`, `<td class="right">112</td>`}},
}

func TestEveryBlockIsDrawn(t *testing.T) {
	for kind := range blockDrawers {
		sample, ok := blockSamples[kind]
		if !ok {
			t.Errorf("block %q is drawn but has no sample here", kind)
			continue
		}
		got := drawn("[" + sample.json + "]")
		for _, want := range sample.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in\n%s", kind, want, got)
			}
		}
	}
}

// controlSamples is one of each element, without its type and ids, and what must be seen of it.
var controlSamples = map[string]struct{ json, want string }{
	"button":                     {`"text":{"type":"plain_text","text":"Go"},"accessibility_label":"Go there"`, `aria-label="Go there">Go</button>`},
	"overflow":                   {`"options":[{"text":{"type":"plain_text","text":"Why…"},"value":"why"}]`, `data-value="why">Why…</button></div></details>`},
	"image":                      {`"image_url":"http://127.0.0.1:9/files/F2/a.png","alt_text":"loaf"`, `<img src="/file/F2" alt="loaf" class="thumb"`},
	"static_select":              {`"placeholder":{"type":"plain_text","text":"Pick"},"option_groups":[{"label":{"type":"plain_text","text":"G"},"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}],"initial_option":{"text":{"type":"plain_text","text":"One"},"value":"1"}`, `<option value="">Pick</option><optgroup label="G"><option value="1" selected="">One</option></optgroup></select>`},
	"users_select":               {`"initial_user":"U0TOMI0001"`, `<option value="U0TOMI0001" selected="">@tomi</option>`},
	"channels_select":            {`"initial_channel":"C000000001"`, `<option value="C000000001" selected="">#marketing</option>`},
	"conversations_select":       {`"initial_conversation":"C000000001"`, `selected="">#marketing</option>`},
	"multi_static_select":        {`"max_selected_items":2,"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}],"initial_options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]`, `value="1" data-block="b" data-action="x" data-type="multi_static_select" data-sends="" checked="">`},
	"multi_users_select":         {`"initial_users":["U0TOMI0001"]`, `checked=""><span>@tomi</span>`},
	"multi_channels_select":      {``, `<span>#marketing</span>`},
	"multi_conversations_select": {``, `<span>#marketing</span>`},
	"checkboxes":                 {`"options":[{"text":{"type":"mrkdwn","text":"*Serious*"},"value":"y","description":{"type":"plain_text","text":"lowers it"}}]`, `<strong>Serious</strong><span class="description">lowers it</span>`},
	"radio_buttons":              {`"options":[{"text":{"type":"plain_text","text":"tone"},"value":"tone"}],"initial_option":{"text":{"type":"plain_text","text":"tone"},"value":"tone"}`, `<input type="radio" `},
	"plain_text_input":           {`"multiline":true,"max_length":300,"initial_value":"</textarea>x"`, `maxlength="300" autocomplete="off" rows="6">&lt;/textarea&gt;x</textarea>`},
	"number_input":               {`"is_decimal_allowed":true,"initial_value":"7.5","min_value":"1","max_value":"9"`, `<input type="number" value="7.5" step="any" inputmode="decimal"`},
	"url_text_input":             {`"initial_value":"https://a.example"`, `<input type="url" value="https://a.example"`},
	"email_text_input":           {`"placeholder":{"type":"plain_text","text":"you@a.example"}`, `<input type="email" value="" data-block="b"`},
	"datepicker":                 {`"initial_date":"2025-11-24"`, `<input type="date" value="2025-11-24"`},
	"timepicker":                 {`"initial_time":"09:10"`, `<input type="time" value="09:10"`},
	"datetimepicker":             {`"initial_date_time":1764054600`, `<input type="datetime-local" value="2025-11-25T09:10"`},
}

func TestEveryControlIsDrawn(t *testing.T) {
	for kind := range controlDrawers {
		sample, ok := controlSamples[kind]
		if !ok {
			t.Errorf("element %q is drawn but has no sample here", kind)
			continue
		}
		got := drawn(sectionWith(kind, sample.json))
		if !strings.Contains(got, sample.want) {
			t.Errorf("%s: no %s in\n%s", kind, sample.want, got)
		}
		if kind != "image" && !strings.Contains(got, `data-block="b" data-action="x"`) {
			t.Errorf("%s: the script cannot find it in\n%s", kind, got)
		}
	}
}

func sectionWith(kind, fields string) string {
	element := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte("{"+fields+"}"), &element); err != nil {
		panic(err)
	}
	element["type"], element["action_id"] = encode(kind), encode("x")
	return string(encode([]any{map[string]any{"type": "section", "block_id": "b", "text": map[string]string{"type": "plain_text", "text": "T"}, "accessory": element}}))
}

func TestWhatIsNotDrawnSaysSo(t *testing.T) {
	cases := map[string]struct{ blocks, want string }{
		"unknown block":        {`[{"type":"hologram"}]`, `block of type “hologram” is not drawn here`},
		"unknown element":      {`[{"type":"actions","elements":[{"type":"lever","action_id":"x"}]}]`, `element of type “lever” is not drawn here`},
		"block of wrong shape": {`[{"type":"section","text":7}]`, `block of type “section” is not drawn here`},
		"no list of blocks":    {`{"type":"section"}`, `is not drawn here`},
		"image from elsewhere": {`[{"type":"image","image_url":"https://b.example/files/F1/x.png","alt_text":"loaf"}]`, `Image: loaf · <a href="https://b.example/files/F1/x.png"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := drawn(c.blocks)
			if !strings.Contains(got, c.want) || strings.Contains(got, "<img") {
				t.Errorf("no %s in\n%s", c.want, got)
			}
		})
	}
}

func TestConfirmStandsBesideItsElement(t *testing.T) {
	got := drawn(sectionWith("button", `"text":{"type":"plain_text","text":"Stop"},"confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"*All* of it"},"confirm":{"type":"plain_text","text":"Stop it"},"deny":{"type":"plain_text","text":"Leave it"},"style":"danger"}`))
	for _, want := range []string{`data-confirm=""`, `<dialog class="confirm"`, `>Sure?</h2>`, `<strong>All</strong> of it`,
		`data-answer="no">Leave it<`, `class="button danger" data-answer="yes">Stop it<`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestModalKeepsWhatWasTypedAndShowsErrors(t *testing.T) {
	p := testPen()
	p.modal(View{ID: "V1", Notice: "koira did not answer in time", Errors: map[string]string{"b": "Too <long>"},
		Typed: map[string]map[string]any{
			"b": {"t": []string{"mine"}}, "c": {"s": map[string]any{"type": "static_select", "selected_option": json.RawMessage(`{"value":"2"}`)}}, "d": {"w": []string{"2025-11-26T10:00"}},
		},
		Raw: json.RawMessage(`{"type":"modal","title":{"type":"plain_text","text":"Edit"},"submit":{"type":"plain_text","text":"Save"},"blocks":[
			{"type":"input","block_id":"b","label":{"type":"plain_text","text":"Text"},"element":{"type":"plain_text_input","action_id":"t","initial_value":"theirs"}},
			{"type":"input","block_id":"c","label":{"type":"plain_text","text":"Which"},"element":{"type":"static_select","action_id":"s","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}]}},
			{"type":"input","block_id":"d","label":{"type":"plain_text","text":"When"},"element":{"type":"datetimepicker","action_id":"w"}}]}`)})
	got := p.b.String()
	for _, want := range []string{`<dialog id="modal" data-view="V1"`, `value="mine"`, `aria-invalid="true"`, `role="alert">Too &lt;long&gt;</p>`, `>Save</button>`, `>Cancel</button>`,
		`<option value="2" selected="">Two`, `value="2025-11-26T10:00"`, `role="alert">koira did not answer in time</p>`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "theirs") {
		t.Error("the app's first text is back over what was typed")
	}
}

func TestClassesComeFromUs(t *testing.T) {
	got := drawn(sectionWith("button", `"text":{"type":"plain_text","text":"x"},"style":"drawer evil"`))
	if strings.Contains(got, "evil") {
		t.Errorf("a style of the app's own became a class in\n%s", got)
	}
	if !slices.Equal(slices.Sorted(maps.Keys(blockSamples)), slices.Sorted(maps.Keys(blockDrawers))) {
		t.Error("there are samples of blocks that are not drawn")
	}
}
