package workspace

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestClickOnAButton(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		parent := b.post(slack.MsgOptionText("parent", false))
		ts := b.post(slack.MsgOptionText("draft", false), button("approve", "draft-7"), slack.MsgOptionTS(parent))
		b.must(b.Click(t.Context(), Click{User: tomi, Channel: shop, TS: ts, Block: "row", Action: "approve", Value: "forged"}))
		cb := b.lastInteraction()
		if cb.Type != slack.InteractionTypeBlockActions || cb.User.ID != tomi || cb.User.TeamID != "T0OTHER001" || cb.Team.ID != "T0KOIRA01" {
			t.Errorf("got %s by %+v of %+v", cb.Type, cb.User, cb.Team)
		}
		if cb.Channel.ID != shop || cb.Message.Timestamp != ts || cb.Message.Text != "draft" || cb.Container.ThreadTs != parent {
			t.Errorf("got channel %s, message %+v, container %+v", cb.Channel.ID, cb.Message.Msg, cb.Container)
		}
		a := cb.ActionCallback.BlockActions[0]
		if a.ActionID != "approve" || a.BlockID != "row" || a.Value != "draft-7" || a.Type != "button" || a.ActionTs == "" || a.Text.Text != "Go" {
			t.Errorf("got action %+v", a)
		}
		if cb.TriggerID == "" || !strings.HasPrefix(cb.ResponseURL, PipeURL+"/reply/") {
			t.Errorf("got trigger %q, response_url %q", cb.TriggerID, cb.ResponseURL)
		}
	})
}

func TestClicksThatSlackWouldNotSend(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		ts := b.post(slack.MsgOptionText("x", false), rawBlocks(t, `[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"x"},
			"accessory":{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Why"},"value":"why"}]}}]`))
		_, direct, err := b.api.PostMessageContext(t.Context(), mari, slack.MsgOptionText("x", false), button("go", "1"))
		b.must(err)
		alone, err := b.api.PostEphemeralContext(t.Context(), shop, mari, slack.MsgOptionText("x", false), button("go", "1"))
		b.must(err)
		cases := map[string]Click{
			"no such person":               {User: "U0NOBODY", Channel: shop, TS: ts, Block: "s", Action: "more", Value: "why"},
			"no such channel":              {User: mari, Channel: "C9", TS: ts, Block: "s", Action: "more", Value: "why"},
			"no such message":              {User: mari, Channel: shop, TS: "1.0", Block: "s", Action: "more", Value: "why"},
			"no such element":              {User: mari, Channel: shop, TS: ts, Block: "s", Action: "less", Value: "why"},
			"no such block":                {User: mari, Channel: shop, TS: ts, Block: "r", Action: "more", Value: "why"},
			"no such option":               {User: mari, Channel: shop, TS: ts, Block: "s", Action: "more", Value: "how"},
			"no such view":                 {User: mari, View: "V0", Block: "s", Action: "more", Value: "why"},
			"someone else's messages":      {User: tomi, Channel: dmari, TS: direct, Block: "row", Action: "go"},
			"an ephemeral of someone else": {User: tomi, Channel: shop, TS: alone, Block: "row", Action: "go"},
		}
		for name, c := range cases {
			if b.Click(t.Context(), c) == nil {
				t.Errorf("%s: sent", name)
			}
		}
		b.must(b.Click(t.Context(), Click{User: mari, Channel: shop, TS: ts, Block: "s", Action: "more", Value: "why", ConfirmDismissed: true}))
		if n := len(b.requests()); n != 0 {
			t.Errorf("the bot got %d requests", n)
		}
	})
}

func TestMenusInMessages(t *testing.T) {
	option := func(v string) string {
		return `{"text":{"type":"plain_text","text":"Text ` + v + `"},"value":"` + v + `"}`
	}
	options := `"options":[` + option("a") + `,` + option("b") + `]`
	cases := map[string]struct {
		element string
		value   string
		values  any
		got     func(*slack.BlockAction) any
		want    any
	}{
		"overflow":          {`"type":"overflow",` + options, "b", nil, func(a *slack.BlockAction) any { return a.SelectedOption.Value }, "b"},
		"select by value":   {`"type":"static_select",` + options, "b", nil, func(a *slack.BlockAction) any { return a.SelectedOption.Text.Text }, "Text b"},
		"select by text":    {`"type":"static_select",` + options, "Text a", nil, func(a *slack.BlockAction) any { return a.SelectedOption.Value }, "a"},
		"select in a group": {`"type":"static_select","option_groups":[{"label":{"type":"plain_text","text":"G"},` + options + `}]`, "b", nil, func(a *slack.BlockAction) any { return a.SelectedOption.Value }, "b"},
		"several options":   {`"type":"checkboxes",` + options, "", []string{"a", "b"}, func(a *slack.BlockAction) any { return len(a.SelectedOptions) }, 2},
		"radio buttons":     {`"type":"radio_buttons",` + options, "a", nil, func(a *slack.BlockAction) any { return a.SelectedOption.Value }, "a"},
		"person by name":    {`"type":"users_select"`, "tomi", nil, func(a *slack.BlockAction) any { return a.SelectedUser }, tomi},
		"channel by name":   {`"type":"channels_select"`, "news", nil, func(a *slack.BlockAction) any { return a.SelectedChannel }, "C000000002"},
		"conversation":      {`"type":"conversations_select"`, shop, nil, func(a *slack.BlockAction) any { return a.SelectedConversation }, shop},
		"date":              {`"type":"datepicker"`, "2025-11-24", nil, func(a *slack.BlockAction) any { return a.SelectedDate }, "2025-11-24"},
		"time":              {`"type":"timepicker"`, "09:10", nil, func(a *slack.BlockAction) any { return a.SelectedTime }, "09:10"},
		"date and time":     {`"type":"datetimepicker"`, "2025-11-24T09:10", nil, func(a *slack.BlockAction) any { return a.SelectedDateTime }, time.Date(2025, 11, 24, 9, 10, 0, 0, time.UTC).Unix()},
		"seconds":           {`"type":"datetimepicker"`, "1764000000", nil, func(a *slack.BlockAction) any { return a.SelectedDateTime }, int64(1764000000)},
		"a whole state":     {`"type":"datepicker"`, "", map[string]any{"type": "datepicker", "selected_date": "2025-11-24"}, func(a *slack.BlockAction) any { return a.SelectedDate }, "2025-11-24"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				ts := b.post(slack.MsgOptionText("x", false), rawBlocks(t, `[{"type":"actions","block_id":"row","elements":[{"action_id":"pick",`+c.element+`}]}]`))
				click := Click{User: mari, Channel: shop, TS: ts, Block: "row", Action: "pick", Value: c.value}
				if c.values != nil {
					click.Values = map[string]map[string]any{"row": {"pick": c.values}}
				}
				b.must(b.Click(t.Context(), click))
				cb := b.lastInteraction()
				if d := cmp.Diff(c.want, c.got(cb.ActionCallback.BlockActions[0])); d != "" {
					t.Error(d)
				}
				if _, held := cb.BlockActionState.Values["row"]["pick"]; held == strings.Contains(c.element, "overflow") {
					t.Errorf("state.values is %+v", cb.BlockActionState.Values)
				}
			})
		})
	}
}

func TestStateRemembersEarlierChoicesOfTheSamePerson(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		ts := b.post(slack.MsgOptionText("x", false), rawBlocks(t, `[{"type":"actions","block_id":"row","elements":[
			{"type":"datepicker","action_id":"day","initial_date":"2025-11-01"},
			{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`))
		day := func(user string) string {
			b.must(b.Click(t.Context(), Click{User: user, Channel: shop, TS: ts, Block: "row", Action: "go"}))
			return b.lastInteraction().BlockActionState.Values["row"]["day"].SelectedDate
		}
		if got := day(mari); got != "2025-11-01" {
			t.Errorf("untouched: %s", got)
		}
		b.must(b.Click(t.Context(), Click{User: mari, Channel: shop, TS: ts, Block: "row", Action: "day", Value: "2025-11-24"}))
		if got := day(mari); got != "2025-11-24" {
			t.Errorf("chosen: %s", got)
		}
		if got := day(tomi); got != "2025-11-01" {
			t.Errorf("someone else's choice shows: %s", got)
		}
	})
}

func TestUnansweredClickIsSeenWhereItHappened(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.answering(nil, false)
		ts := b.post(slack.MsgOptionText("x", false), button("go", "1"))
		reply := b.post(slack.MsgOptionText("y", false), button("go", "1"), slack.MsgOptionTS(ts))
		b.must(b.Click(t.Context(), Click{User: mari, Channel: shop, TS: reply, Block: "row", Action: "go"}))
		settle(ackTime)
		got := b.Ephemerals(mari, shop)
		if len(got) != 1 || got[0].ThreadTS != ts || got[0].Text != "bench did not answer in time" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestManifestWithoutInteractivityOrEvents(t *testing.T) {
	o := benchOptions()
	o.Manifest = json.RawMessage(`{"features":{"app_home":{"home_tab_enabled":true}},"oauth_config":{"scopes":{"bot":["chat:write"]}}}`)
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if w.Click(t.Context(), Click{User: mari, Channel: shop, TS: "1.0"}) != errNotInteractive {
		t.Error("a click is sent")
	}
	if err := w.OpenHome(t.Context(), mari); err != nil || !w.Quiet() {
		t.Errorf("app_home_opened is sent though nobody subscribed: %v", err)
	}
}
