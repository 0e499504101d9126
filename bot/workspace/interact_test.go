package workspace

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

func TestEphemeralIsSeenByOnePersonAndByNoCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		ts, err := b.api.PostEphemeralContext(t.Context(), shop, mari, slack.MsgOptionText("psst", false), button("go", "1"))
		b.must(err)
		if d := cmp.Diff([]string{"psst"}, texts(b.Ephemerals(mari, shop))); d != "" {
			t.Error(d)
		}
		if len(b.Ephemerals(tomi, shop)) != 0 || len(b.Messages(shop)) != 0 || len(b.Thread(shop, ts)) != 0 {
			t.Error("others see it")
		}
		history, err := b.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: shop})
		b.must(err)
		if len(history.Messages) != 0 {
			t.Error("it is in the history")
		}
		_, _, _, err = b.api.UpdateMessageContext(t.Context(), shop, ts, slack.MsgOptionText("x", false))
		b.refused(err, "message_not_found")

		b.must(b.Click(t.Context(), Click{User: mari, Channel: shop, TS: ts, Block: "row", Action: "go"}))
		cb := b.lastInteraction()
		if !cb.Container.IsEphemeral || cb.Message.Text != "" || cb.Container.MessageTs != ts {
			t.Errorf("got container %+v, message %+v", cb.Container, cb.Message.Msg)
		}
		_, _, err = b.api.PostMessageContext(t.Context(), "", slack.MsgOptionReplaceOriginal(cb.ResponseURL), slack.MsgOptionText("replaced", false))
		b.must(err)
		m := b.Ephemerals(mari, shop)[0]
		if m.Text != "replaced" || len(m.Blocks) != 0 || m.TS != ts || m.ReplyURL != cb.ResponseURL {
			t.Errorf("got %+v", m)
		}
		_, _, err = b.api.PostMessageContext(t.Context(), "", slack.MsgOptionDeleteOriginal(cb.ResponseURL))
		b.must(err)
		if len(b.Ephemerals(mari, shop)) != 0 {
			t.Error("it was not deleted")
		}
	})
}

func TestResponseURLIsUsedUp(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		say := func(kind string, opts ...slack.MsgOption) error {
			cmd := b.requests()[len(b.requests())-1].Data.(slack.SlashCommand)
			opts = append(opts, slack.MsgOptionResponseURL(cmd.ResponseURL, kind))
			_, _, err := b.api.PostMessageContext(t.Context(), "", opts...)
			return err
		}
		b.refused(say("ephemeral", rawBlocks(t, `[{"type":"section","text":{"type":"mrkdwn","text":""}}]`)), "invalid_blocks")
		b.must(say("in_channel", slack.MsgOptionText("for all", false)))
		for range replyUses - 1 {
			b.must(say("ephemeral", slack.MsgOptionText("for one", false)))
		}
		var gone slack.StatusCodeError
		if err := say("ephemeral", slack.MsgOptionText("x", false)); !errors.As(err, &gone) || gone.Code != 404 {
			t.Errorf("the sixth use: %v", err)
		}
		if len(b.Messages(shop)) != 1 || len(b.Ephemerals(mari, shop)) != replyUses-1 {
			t.Errorf("%d public, %d ephemeral", len(b.Messages(shop)), len(b.Ephemerals(mari, shop)))
		}

		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		b.requests()
		settle(replyLife - time.Second)
		b.must(say("ephemeral", slack.MsgOptionText("in time", false)))
		settle(time.Second)
		if err := say("ephemeral", slack.MsgOptionText("x", false)); !errors.As(err, &gone) || gone.Code != 404 {
			t.Errorf("after half an hour: %v", err)
		}
	})
}

func TestResponseURLOfAPublicMessageReplacesIt(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		ts := b.post(slack.MsgOptionText("old", false), button("go", "1"))
		b.must(b.Click(t.Context(), Click{User: mari, Channel: shop, TS: ts, Block: "row", Action: "go"}))
		_, _, err := b.api.PostMessageContext(t.Context(), "", slack.MsgOptionReplaceOriginal(b.lastInteraction().ResponseURL), slack.MsgOptionText("new", false))
		b.must(err)
		all := b.Messages(shop)
		if len(all) != 1 || all[0].Text != "new" || len(all[0].Blocks) != 0 || all[0].TS != ts {
			t.Errorf("got %+v", all)
		}
	})
}

func TestCommandIsAnsweredWithItsAcknowledgement(t *testing.T) {
	cases := map[string]struct {
		payload           any
		toAll, toThePerso []string
	}{
		"text alone is ephemeral":   {map[string]any{"text": "hi"}, nil, []string{"hi"}},
		"in the channel if asked":   {map[string]any{"text": "hi", "response_type": "in_channel"}, []string{"hi"}, nil},
		"nothing":                   {nil, nil, nil},
		"blocks that Slack refuses": {map[string]any{"text": "hi", "blocks": []any{map[string]any{"type": "sektion"}}}, nil, []string{`/bench failed with the error "invalid_blocks"`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.answering(c.payload, true)
				b.must(b.Command(t.Context(), mari, shop, "/bench"))
				b.requests()
				if d := cmp.Diff(c.toAll, texts(b.Messages(shop))); d != "" {
					t.Error("channel:", d)
				}
				if d := cmp.Diff(c.toThePerso, texts(b.Ephemerals(mari, shop))); d != "" {
					t.Error("person:", d)
				}
			})
		})
	}
}

func TestCommandsThatSlackWouldNotSend(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for name, try := range map[string]func() error{
			"not in the manifest":      func() error { return b.Command(t.Context(), mari, shop, "/other") },
			"no such channel":          func() error { return b.Command(t.Context(), mari, "C9", "/bench") },
			"someone else's messages":  func() error { return b.Command(t.Context(), tomi, dmari, "/bench") },
			"nobody":                   func() error { return b.Command(t.Context(), "U0NOBODY", shop, "/bench") },
			"Home of nobody":           func() error { return b.OpenHome(t.Context(), "U0NOBODY") },
			"closing what is not open": func() error { return b.Close(t.Context(), mari, "V0") },
		} {
			if try() == nil {
				t.Errorf("%s: sent", name)
			}
		}
		if n := len(b.requests()); n != 0 {
			t.Errorf("the bot got %d requests", n)
		}
	})
}

func TestHomeIsOpenedAndPublished(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		opened := func() *slackevents.AppHomeOpenedEvent {
			b.must(b.OpenHome(t.Context(), mari))
			all := b.requests()
			outer := all[len(all)-1].Data.(slackevents.EventsAPIEvent)
			if callback, ok := outer.Data.(*slackevents.EventsAPICallbackEvent); !ok || callback.EventID == "" {
				t.Errorf("got %+v", outer.Data)
			}
			return outer.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
		}
		if e := opened(); e.User != mari || e.Channel != dmari || e.Tab != "home" || e.View != nil {
			t.Errorf("got %+v", e)
		}
		publish := func(words string, hash *string) (*slack.ViewResponse, error) {
			text := slack.NewTextBlockObject(slack.MarkdownType, words, false, false)
			view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(text, nil, nil)}}}
			return b.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: mari, View: view, Hash: hash})
		}
		first, err := publish("one", nil)
		b.must(err)
		second, err := publish("two", &first.Hash)
		b.must(err)
		if first.View.ID != second.View.ID || first.Hash == second.Hash {
			t.Errorf("ids %s %s, hashes %s %s", first.View.ID, second.View.ID, first.Hash, second.Hash)
		}
		_, err = publish("three", &first.Hash)
		b.refused(err, "hash_conflict")
		if h := b.Home(mari); h == nil || !strings.Contains(string(h.Raw), `"two"`) || b.Home(tomi) != nil {
			t.Errorf("got %+v", h)
		}
		if e := opened(); e.View == nil || e.View.ID != first.View.ID {
			t.Errorf("the event has the view %+v", e.View)
		}
	})
}
