package workspace

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func TestSubmissionCarriesTheValues(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		v := b.opened(mari, "Form")
		if b.Submit(t.Context(), tomi, v.View.ID, nil) == nil {
			t.Error("someone else sent it")
		}
		if b.Submit(t.Context(), mari, v.View.ID, map[string]map[string]any{"why": {"txt": "x"}}) == nil {
			t.Error("sent a value for an input that is not there")
		}
		b.must(b.Submit(t.Context(), mari, v.View.ID, map[string]map[string]any{"why": {"text": "dull"}}))
		cb := b.lastInteraction()
		if cb.Type != slack.InteractionTypeViewSubmission || cb.View.CallbackID != "form" || cb.View.Hash != v.Hash || cb.User.ID != mari || cb.TriggerID == "" {
			t.Errorf("got %+v", cb)
		}
		values := cb.View.State.Values
		if values["why"]["text"].Value != "dull" || values["choice"]["pick"].Type != "radio_buttons" || values["choice"]["pick"].SelectedOption.Value != "" {
			t.Errorf("got %+v", values)
		}
		if b.Modal(mari) != nil {
			t.Error("the window stays after an empty acknowledgement")
		}
	})
}

func TestSubmitRefusesAsSlackDoesBeforeSending(t *testing.T) {
	input := func(element string) slack.ModalViewRequest {
		view := form("Form")
		var blocks slack.Blocks
		if err := blocks.UnmarshalJSON([]byte(`[{"type":"input","block_id":"in","label":{"type":"plain_text","text":"L"},"element":{"action_id":"x",` + element + `}}]`)); err != nil {
			t.Fatal(err)
		}
		view.Blocks = blocks
		return view
	}
	cases := map[string]struct {
		element string
		chosen  any
		sent    bool
	}{
		"required and not given":       {`"type":"plain_text_input"`, nil, false},
		"required and empty":           {`"type":"plain_text_input"`, "", false},
		"required with an initial one": {`"type":"plain_text_input","initial_value":"i"`, "UNTOUCHED", true},
		"initial one cleared":          {`"type":"plain_text_input","initial_value":"i"`, nil, false},
		"too long":                     {`"type":"plain_text_input","max_length":3`, "four", false},
		"too short":                    {`"type":"plain_text_input","min_length":3`, "ab", false},
		"just right":                   {`"type":"plain_text_input","min_length":3,"max_length":3`, "abc", true},
		"several for one":              {`"type":"plain_text_input"`, []string{"a", "b"}, false},
		"not a number":                 {`"type":"number_input","is_decimal_allowed":true`, "four", false},
		"a number in JSON":             {`"type":"number_input","is_decimal_allowed":true`, 399.5, true},
		"decimals not allowed":         {`"type":"number_input","is_decimal_allowed":false`, "399.50", false},
		"number too high":              {`"type":"number_input","is_decimal_allowed":false,"max_value":"200"`, "400", false},
		"number too low":               {`"type":"number_input","is_decimal_allowed":false,"min_value":"0"`, "-1", false},
		"not an address":               {`"type":"email_text_input"`, "mari", false},
		"not a link":                   {`"type":"url_text_input"`, "leipa", false},
		"a link":                       {`"type":"url_text_input"`, "https://leipa.example", true},
		"not a date":                   {`"type":"datepicker"`, "24.11.2025", false},
		"not a time":                   {`"type":"timepicker"`, "9 o'clock", false},
		"not a moment":                 {`"type":"datetimepicker"`, "soon", false},
		"nobody of that name":          {`"type":"users_select"`, "olli", false},
		"no channel of that name":      {`"type":"conversations_select"`, "attic", false},
		"too many chosen":              {`"type":"multi_users_select","max_selected_items":1`, []any{"mari", "tomi"}, false},
		"two chosen":                   {`"type":"multi_users_select"`, []any{"mari", "tomi"}, true},
		"none of several":              {`"type":"multi_users_select"`, []any{}, false},
		"a state as the page has it":   {`"type":"multi_users_select"`, map[string]any{"selected_users": []string{mari}}, true},
		"rich text":                    {`"type":"rich_text_input"`, "plain words", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				v, err := b.api.OpenViewContext(t.Context(), b.trigger(mari), input(c.element))
				b.must(err)
				before := len(b.requests())
				values := map[string]map[string]any{"in": {"x": c.chosen}}
				if c.chosen == "UNTOUCHED" {
					values = nil
				}
				err = b.Submit(t.Context(), mari, v.View.ID, values)
				if (err == nil) != c.sent || len(b.requests()) > before != c.sent {
					t.Fatalf("error %v, %d requests more", err, len(b.requests())-before)
				}
				if shown := b.Modal(mari); !c.sent && (shown.Errors["in"] == "" || cmp.Diff(values, shown.Typed) != "") {
					t.Errorf("the window shows errors %v, typed %v", shown.Errors, shown.Typed)
				}
			})
		})
	}
}

func TestSubmissionAnswers(t *testing.T) {
	other := form("Other")
	broken := form("a title that is far too long")
	cases := map[string]struct {
		answer any
		want   []string // titles of the stack, from the bottom
		err    string   // under the input
		notice string
	}{
		"nothing closes this one":             {nil, []string{"First"}, "", ""},
		"clear closes all":                    {slack.NewClearViewSubmissionResponse(), nil, "", ""},
		"update":                              {slack.NewUpdateViewSubmissionResponse(&other), []string{"First", "Other"}, "", ""},
		"push":                                {slack.NewPushViewSubmissionResponse(&other), []string{"First", "Second", "Other"}, "", ""},
		"errors":                              {slack.NewErrorsViewSubmissionResponse(map[string]string{"why": "No."}), []string{"First", "Second"}, "No.", ""},
		"errors for a block without an input": {slack.NewErrorsViewSubmissionResponse(map[string]string{"row": "No."}), []string{"First", "Second"}, "", trouble},
		"update with a view Slack refuses":    {slack.NewUpdateViewSubmissionResponse(&broken), []string{"First", "Second"}, "", trouble},
		"unknown action":                      {map[string]string{"response_action": "dance"}, []string{"First", "Second"}, "", trouble},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.opened(mari, "First")
				b.must(b.Click(t.Context(), Click{User: mari, View: b.Modal(mari).ID, Block: "row", Action: "more"}))
				second, err := b.api.PushViewContext(t.Context(), b.lastInteraction().TriggerID, form("Second"))
				b.must(err)
				b.answering(c.answer, true)
				b.must(b.Submit(t.Context(), mari, second.View.ID, map[string]map[string]any{"why": {"text": "dull"}}))
				b.requests()

				var titles []string
				for _, v := range b.modals[mari] {
					titles = append(titles, caption(v.title()))
				}
				if d := cmp.Diff(c.want, titles); d != "" {
					t.Error(d)
				}
				v := b.Modal(mari)
				if v == nil {
					return
				}
				if v.Errors["why"] != c.err || v.Notice != c.notice {
					t.Errorf("errors %v, notice %q", v.Errors, v.Notice)
				}
				if c.err != "" && v.Typed["why"]["text"] != "dull" {
					t.Errorf("typing is lost: %v", v.Typed)
				}
			})
		})
	}
}

func TestUnansweredSubmissionKeepsTheWindow(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		v := b.opened(mari, "Form")
		values := map[string]map[string]any{"why": {"text": "dull"}}
		b.answering(nil, false)
		b.must(b.Submit(t.Context(), mari, v.View.ID, values))
		if b.Submit(t.Context(), mari, v.View.ID, values) == nil {
			t.Error("sent twice at once")
		}
		settle(ackTime)
		if shown := b.Modal(mari); shown == nil || shown.Notice != "bench did not answer in time" || cmp.Diff(values, shown.Typed) != "" {
			t.Fatalf("shown is %+v", shown)
		}
		b.answering(nil, true)
		b.must(b.Submit(t.Context(), mari, v.View.ID, values))
		b.requests()
		if b.Modal(mari) != nil {
			t.Error("the second try did not close it")
		}
	})
}

func TestAnswerToAWindowThatWasClosedMeanwhile(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		other := form("Other")
		b.answer = func(evt socketmode.Event) (any, bool) {
			cb, ok := evt.Data.(slack.InteractionCallback)
			if !ok || cb.Type != slack.InteractionTypeViewSubmission {
				return nil, true
			}
			if err := b.Close(context.Background(), mari, cb.View.ID); err != nil {
				t.Error(err)
			}
			return slack.NewPushViewSubmissionResponse(&other), true
		}
		v := b.opened(mari, "Form")
		b.must(b.Submit(t.Context(), mari, v.View.ID, map[string]map[string]any{"why": {"text": "dull"}}))
		b.requests()
		if v := b.Modal(mari); v != nil {
			t.Errorf("it came back as %s", v.Raw)
		}
	})
}

func (v *window) title() json.RawMessage {
	var shape struct {
		Title json.RawMessage `json:"title"`
	}
	if json.Unmarshal(v.Raw, &shape) != nil {
		return nil
	}
	return shape.Title
}
