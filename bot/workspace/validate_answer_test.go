package workspace

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInvalidBlocksAnswersAsSlackDoes(t *testing.T) {
	message := `[{"type":"header","text":{"type":"plain_text","text":""}},{"type":"section"}]`
	view := `{"type":"modal","title":` + plainOf(25) + `,"blocks":[]}`
	for name, tc := range map[string]struct {
		ps   []Problem
		want string
	}{
		"message": {ValidateMessage(json.RawMessage(message)), `{
			"ok": false,
			"error": "invalid_blocks",
			"errors": [
				"must be more than 0 characters [json-pointer:/blocks/0/text/text]",
				"must define either ` + "`text` or `fields`" + ` [json-pointer:/blocks/1/type]"
			],
			"response_metadata": {"messages": [
				"[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]",
				"[ERROR] must define either ` + "`text` or `fields`" + ` [json-pointer:/blocks/1/type]"
			]}
		}`},
		"view": {ValidateView(json.RawMessage(view)), `{
			"ok": false,
			"error": "invalid_arguments",
			"response_metadata": {"messages": ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]}
		}`},
		"text in all, when nothing else is wrong": {ValidateMessage(json.RawMessage(`[` + inLine(fmt.Sprintf(`{"type":"text","text":%q}`, letters(13000))) + `]`)), `{
			"ok": false,
			"error": "msg_blocks_too_long",
			"errors": ["all text must be less than 12001 characters, not 13000 [json-pointer:/blocks]"],
			"response_metadata": {"messages": ["[ERROR] all text must be less than 12001 characters, not 13000 [json-pointer:/blocks]"]}
		}`},
		"a block at fault comes before text in all": {ValidateMessage(json.RawMessage(fmt.Sprintf(`[{"type":"markdown","text":%q}]`, letters(12001)))), `{
			"ok": false,
			"error": "invalid_blocks",
			"errors": [
				"must be less than 12001 characters [json-pointer:/blocks/0/text]",
				"all text must be less than 12001 characters, not 12001 [json-pointer:/blocks]"
			],
			"response_metadata": {"messages": [
				"[ERROR] must be less than 12001 characters [json-pointer:/blocks/0/text]",
				"[ERROR] all text must be less than 12001 characters, not 12001 [json-pointer:/blocks]"
			]}
		}`},
	} {
		t.Run(name, func(t *testing.T) { wantBody(t, invalidBlocks(tc.ps), tc.want) })
	}
}

func TestValidateAnswerStartsAtTheArgument(t *testing.T) {
	for name, tc := range map[string]struct {
		ps   []Problem
		want string
	}{
		"valid": {nil, `{"ok": true}`},
		"blocks": {ValidateMessage(json.RawMessage(`[{}]`)), `{"ok": false, "error": "invalid_blocks", "errors": [
			{"code": "missing_field", "message": "missing required field: type", "field": "type", "pointer": "/0"}
		]}`},
		"message": {validatePayload(json.RawMessage(`{"text":"x","blocks":[{}]}`)), `{"ok": false, "error": "invalid_message", "errors": [
			{"code": "missing_field", "message": "missing required field: type", "field": "type", "pointer": "/blocks/0"}
		]}`},
		"message without blocks": {validatePayload(json.RawMessage(`{"text":"x"}`)), `{"ok": true}`},
		"message that is no object": {validatePayload(json.RawMessage(`[]`)), `{"ok": false, "error": "invalid_message", "errors": [
			{"code": "invalid_blocks_format", "message": "must be a message in valid JSON", "pointer": ""}
		]}`},
		"view": {ValidateView(json.RawMessage(`{"type":"home","blocks":[],"titel":"x"}`)), `{"ok": false, "error": "invalid_view", "errors": [
			{"code": "unknown_field", "message": "invalid additional property: titel", "field": "titel", "pointer": ""}
		]}`},
	} {
		t.Run(name, func(t *testing.T) { wantBody(t, validateAnswer(tc.ps), tc.want) })
	}
}

func wantBody(t *testing.T, body map[string]any, want string) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var got, wanted any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func FuzzValidateNeverPanics(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `[null]`, `[{"type":1}]`, `{"type":"modal","blocks":7}`, `{"type":[],"blocks":[[]]}`, `[1e999999999]`,
		modalOf("[" + inInput(`{"type":"number_input","is_decimal_allowed":true,"min_value":"3","max_value":"2"}`) + "]"),
		"[" + inBars(`["a"]`, `[{"name":"s","data":[{"label":"a","value":1e400}]}]`) + "]",
		"[" + inMenu(`[1,{"text":null}]`) + "]",
		"[" + inLine(`{"type":"date","timestamp":1,"format":"{"}`) + "]",
		`[{"type":"data_table","caption":"x","rows":[3,[4]]}]`, `[{"type":"data_table","rows":[]}]`, `[{"type":"container","child_blocks":{}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for root, ps := range map[string][]Problem{
			"/blocks": ValidateMessage(raw), "/message": validatePayload(raw), "/view": ValidateView(raw),
		} {
			for _, p := range ps {
				if !strings.HasPrefix(p.Pointer, root) || p.Message == "" || p.Code == "" {
					t.Errorf("%+v does not say where or what", p)
				}
			}
			if len(ps) > 0 {
				_ = invalidBlocks(ps)
			}
			if answer := validateAnswer(ps); answer["error"] == nil && len(ps) > 0 {
				t.Errorf("%+v has no error", ps)
			}
		}
	})
}
