package workspace

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// trigger clicks a button and returns the trigger_id that the bot got.
func (b *bench) trigger(user string) string {
	b.t.Helper()
	ts := b.post(slack.MsgOptionText("x", false), button("open", "1"))
	b.must(b.Click(b.t.Context(), Click{User: user, Channel: shop, TS: ts, Block: "row", Action: "open"}))
	return b.lastInteraction().TriggerID
}

func label(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// form is a modal with one required and one optional input, and a button.
func form(title string) slack.ModalViewRequest {
	why := slack.NewInputBlock("why", label("Why"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	pick := slack.NewRadioButtonsBlockElement("pick", slack.NewOptionBlockObject("a", label("Text a"), nil), slack.NewOptionBlockObject("b", label("Text b"), nil))
	choice := slack.NewInputBlock("choice", label("Choice"), nil, pick).WithOptional(true)
	row := slack.NewActionBlock("row", slack.NewButtonBlockElement("more", "m", label("More")))
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: label(title), Submit: label("Send"), Close: label("Back"), CallbackID: "form", PrivateMetadata: "draft-7",
		NotifyOnClose: true, Blocks: slack.Blocks{BlockSet: []slack.Block{why, choice, row}},
	}
}

func (b *bench) opened(user, title string) *slack.ViewResponse {
	b.t.Helper()
	v, err := b.api.OpenViewContext(b.t.Context(), b.trigger(user), form(title))
	b.must(err)
	return v
}

func TestTriggersAreForOneWindowWithinThreeSeconds(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		open := func(trigger string) error {
			_, err := b.api.OpenViewContext(t.Context(), trigger, form("Form"))
			return err
		}
		b.refused(open("1.2.guessed"), "invalid_trigger_id")

		trigger := b.trigger(mari)
		bad := form("a title that is far too long")
		_, err := b.api.OpenViewContext(t.Context(), trigger, bad)
		b.refused(err, "invalid_arguments")
		settle(triggerLife - time.Millisecond)
		b.must(open(trigger))
		b.refused(open(trigger), "exchanged_trigger_id")
		if b.Modal(mari) == nil || b.Modal(tomi) != nil {
			t.Error("the window is not the one's who clicked")
		}

		trigger = b.trigger(mari)
		settle(triggerLife)
		b.refused(open(trigger), "expired_trigger_id")
	})
}

func TestViewErrors(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		first := b.opened(mari, "First")
		update := func(view slack.ModalViewRequest, external, hash, id string) error {
			_, err := b.api.UpdateViewContext(t.Context(), view, external, hash, id)
			return err
		}
		b.refused(update(form("x"), "", "", "V0NOTHING0"), "not_found")
		b.refused(update(form("x"), "nothing", "", ""), "not_found")
		b.refused(update(form("x"), "", "old", first.View.ID), "hash_conflict")
		b.must(update(form("Second"), "", first.Hash, first.View.ID))
		b.refused(update(form("Third"), "", first.Hash, first.View.ID), "hash_conflict")
		if v := b.Modal(mari); v.ID != first.View.ID || !strings.Contains(string(v.Raw), "Second") {
			t.Errorf("shown is %s", v.Raw)
		}

		named := form("Named")
		named.ExternalID = "mine"
		b.must(update(named, "", "", first.View.ID))
		b.must(update(named, "mine", "", ""))
		_, err := b.api.OpenViewContext(t.Context(), b.trigger(tomi), named)
		b.refused(err, "duplicate_external_id")

		home := form("x")
		home.Type = slack.VTHomeTab
		_, err = b.api.OpenViewContext(t.Context(), b.trigger(tomi), home)
		b.refused(err, "invalid_arguments")
		modal, err := json.Marshal(form("x"))
		b.must(err)
		got := b.call(t, "views.publish", url.Values{"token": {b.BotToken()}, "user_id": {mari}, "view": {string(modal)}})
		if got["error"] != "invalid_arguments" {
			t.Errorf("publishing a modal: %v", got)
		}

		large := form("Large")
		large.PrivateMetadata = strings.Repeat("x", 3001)
		_, err = b.api.OpenViewContext(t.Context(), b.trigger(tomi), large)
		b.refused(err, "invalid_arguments")
	})
}

func TestHomeNeedsTheManifest(t *testing.T) {
	o := benchOptions()
	o.Manifest = []byte(`{}`)
	ln := NewPipeListener()
	b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), o)
	defer stop()
	_, err := b.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: mari, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab}})
	b.refused(err, "not_enabled")
	if b.OpenHome(t.Context(), mari) == nil {
		t.Error("opened a Home tab that is off")
	}
}

func TestStackHoldsThreeWindows(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		_, err := b.api.PushViewContext(t.Context(), b.trigger(mari), form("x"))
		b.refused(err, "not_found")

		first := b.opened(mari, "1")
		push := func(title string) (*slack.ViewResponse, error) {
			b.must(b.Click(t.Context(), Click{User: mari, View: b.Modal(mari).ID, Block: "row", Action: "more"}))
			return b.api.PushViewContext(t.Context(), b.lastInteraction().TriggerID, form(title))
		}
		second, err := push("2")
		b.must(err)
		_, err = b.api.PushViewContext(t.Context(), b.lastInteraction().TriggerID, form("x"))
		b.refused(err, "exchanged_trigger_id")
		third, err := push("3")
		b.must(err)
		if third.RootViewID != first.View.ID || third.PreviousViewID != second.View.ID {
			t.Errorf("root %s, previous %s", third.RootViewID, third.PreviousViewID)
		}
		_, err = push("4")
		b.refused(err, "push_limit_reached")
		fourth := form("4")
		b.answering(slack.NewPushViewSubmissionResponse(&fourth), true)
		b.must(b.Submit(t.Context(), mari, third.View.ID, map[string]map[string]any{"why": {"text": "dull"}}))
		b.requests()
		if v := b.Modal(mari); v.ID != third.View.ID || v.Notice != trouble {
			t.Errorf("an answer pushed a fourth window: %+v", v)
		}
		b.answering(nil, true)

		b.must(b.Close(t.Context(), mari, third.View.ID))
		cb := b.lastInteraction()
		if cb.Type != slack.InteractionTypeViewClosed || cb.View.ID != third.View.ID || cb.View.PrivateMetadata != "draft-7" || cb.IsCleared {
			t.Errorf("got %s of %+v", cb.Type, cb.View)
		}
		if v := b.Modal(mari); v == nil || v.ID != second.View.ID {
			t.Errorf("shown is %+v", v)
		}
		if b.Close(t.Context(), mari, first.View.ID) == nil {
			t.Error("closed a window that is beneath another")
		}
	})
}

func TestClickInAWindowCarriesWhatItsInputsHold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		v := b.opened(mari, "Form")
		typed := map[string]map[string]any{"why": {"text": "half a sent"}, "choice": {"pick": "Text b"}}
		b.must(b.Click(t.Context(), Click{User: mari, View: v.View.ID, Block: "row", Action: "more", Values: typed}))
		cb := b.lastInteraction()
		if cb.View.ID != v.View.ID || cb.Container.ViewID != v.View.ID || cb.ActionCallback.BlockActions[0].Value != "m" || cb.ResponseURL != "" {
			t.Errorf("got %+v", cb)
		}
		values := cb.View.State.Values
		if values["why"]["text"].Value != "half a sent" || values["choice"]["pick"].SelectedOption.Value != "b" {
			t.Errorf("got %+v", values)
		}
	})
}

func TestUpdateKeepsWhatWasTyped(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		v := b.opened(mari, "Form")
		b.must(b.Click(t.Context(), Click{User: mari, View: v.View.ID, Block: "row", Action: "more", Values: map[string]map[string]any{"why": {"text": "typed"}}}))
		got, err := b.api.UpdateViewContext(t.Context(), form("New"), "", "", v.View.ID)
		b.must(err)
		if got.State.Values["why"]["text"].Value != "typed" {
			t.Errorf("got %+v", got.State.Values)
		}
	})
}

func TestWindowOpenedBeforeTheAcknowledgement(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.answer = func(evt socketmode.Event) (any, bool) {
			if cmd, ok := evt.Data.(slack.SlashCommand); ok {
				if _, err := b.api.OpenViewContext(context.Background(), cmd.TriggerID, form("Form")); err != nil {
					t.Error(err)
				}
			}
			return nil, true
		}
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		b.requests()
		if b.Modal(mari) == nil {
			t.Error("no window")
		}
	})
}
