package workspace

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestPostedMessageKeepsItsRawBlocksAndMetadata(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		blocks := `[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"a <https://x.example|b> & c"},"expand":true}]`
		metadata := `{"event_type":"draft","event_payload":{"id":"7"}}`
		body := url.Values{"token": {b.BotToken()}, "channel": {"#shop"}, "text": {"hello"}, "blocks": {blocks}, "metadata": {metadata}}
		resp, err := b.http.PostForm(PipeURL+"/api/chat.postMessage", body)
		b.must(err)
		resp.Body.Close()

		got := b.Messages(shop)
		want := []Message{{
			Channel: shop, TS: got[0].TS, User: b.BotUserID(), Text: "hello",
			Blocks: json.RawMessage(blocks), Metadata: json.RawMessage(metadata),
		}}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		history, err := b.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: shop, IncludeAllMetadata: true})
		b.must(err)
		bare, err := b.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: shop})
		b.must(err)
		if m := bare.Messages[0]; m.Metadata.EventType != "" {
			t.Errorf("metadata comes without being asked for: %+v", m.Metadata)
		}
		if m := history.Messages[0]; m.Metadata.EventType != "draft" || m.BotID == "" || m.Blocks.BlockSet[0].ID() != "s" {
			t.Errorf("history shows %+v", m)
		}
	})
}

func TestJSONBodyKeepsBlocksByteForByte(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		blocks := `[{"type":"divider","block_id":"d"}, {"type":"header", "block_id":"h","text":{"type":"plain_text","text":"x"}}]`
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, PipeURL+"/api/chat.postMessage",
			strings.NewReader(`{"channel":"C000000001","text":"t","blocks":`+blocks+`}`))
		b.must(err)
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		req.Header.Set("Authorization", "Bearer "+b.BotToken())
		resp, err := b.http.Do(req)
		b.must(err)
		resp.Body.Close()
		if got := string(b.Messages(shop)[0].Blocks); got != blocks {
			t.Errorf("blocks became %s", got)
		}
	})
}

func TestBlocksWithoutAnIDGetOne(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.post(slack.MsgOptionText("t", false), rawBlocks(t, `[{"type":"divider"},{"type":"divider"}]`))
		var got []struct {
			ID string `json:"block_id"`
		}
		b.must(json.Unmarshal(b.Messages(shop)[0].Blocks, &got))
		if len(got) != 2 || got[0].ID == "" || got[0].ID == got[1].ID {
			t.Errorf("got ids %+v", got)
		}
	})
}

func TestUpdateRules(t *testing.T) {
	metadata := slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "draft", EventPayload: map[string]any{"id": "7"}})
	cases := map[string]struct {
		opts                 []slack.MsgOption
		text                 string
		hasBlocks, hasButton bool
	}{
		"text alone takes the blocks away":    {[]slack.MsgOption{slack.MsgOptionText("new", false)}, "new", false, false},
		"an empty list takes the blocks away": {[]slack.MsgOption{slack.MsgOptionText("new", false), slack.MsgOptionBlocks()}, "new", false, false},
		"neither leaves both":                 {[]slack.MsgOption{metadata}, "old", true, true},
		"text and blocks replace both":        {[]slack.MsgOption{slack.MsgOptionText("new", false), slack.MsgOptionBlocks(slack.NewDividerBlock())}, "new", true, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				ts := b.post(slack.MsgOptionText("old", false), button("go", "1"), metadata)
				_, _, _, err := b.api.UpdateMessageContext(t.Context(), shop, ts, c.opts...)
				b.must(err)
				m := b.Messages(shop)[0]
				if m.Text != c.text || (len(m.Blocks) > 0) != c.hasBlocks || strings.Contains(string(m.Blocks), "button") != c.hasButton {
					t.Errorf("got text %q, blocks %s", m.Text, m.Blocks)
				}
				if len(m.Metadata) == 0 {
					t.Error("the metadata is gone")
				}
				if m.Edited == "" || m.TS != ts {
					t.Errorf("got ts %s edited %q", m.TS, m.Edited)
				}
			})
		})
	}
}

func TestMessagesOfOthersAreNotTheBotsToChange(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.Workspace.mu.Lock()
		m := &Message{Channel: shop, User: mari, Text: "mine"}
		b.Workspace.post(b.room(shop), m)
		b.Workspace.mu.Unlock()
		_, _, _, err := b.api.UpdateMessageContext(t.Context(), shop, m.TS, slack.MsgOptionText("x", false))
		b.refused(err, "cant_update_message")
		_, _, err = b.api.DeleteMessageContext(t.Context(), shop, m.TS)
		b.refused(err, "cant_delete_message")
	})
}

func TestLongTextIsCutAndMissingTextIsWarnedAbout(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.post(slack.MsgOptionText(strings.Repeat("ä", 40_001), false))
		if n := len([]rune(b.Messages(shop)[0].Text)); n != 40_000 {
			t.Errorf("kept %d characters", n)
		}
		got := b.call(t, "chat.postMessage", url.Values{"token": {b.BotToken()}, "channel": {shop}, "blocks": {`[{"type":"divider"}]`}})
		if got["warning"] != "missing_text_in_message" {
			t.Errorf("got %v", got)
		}
	})
}

func TestThreads(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		parent := b.post(slack.MsgOptionText("parent", false))
		first := b.post(slack.MsgOptionText("first", false), slack.MsgOptionTS(parent))
		b.post(slack.MsgOptionText("an answer to the answer", false), slack.MsgOptionTS(first))
		b.post(slack.MsgOptionText("loud", false), slack.MsgOptionTS(parent), slack.MsgOptionBroadcast())

		if d := cmp.Diff([]string{"parent", "loud"}, texts(b.Messages(shop))); d != "" {
			t.Error("channel:", d)
		}
		if d := cmp.Diff([]string{"parent", "first", "an answer to the answer", "loud"}, texts(b.Thread(shop, parent))); d != "" {
			t.Error("thread:", d)
		}
		history, err := b.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: shop})
		b.must(err)
		if len(history.Messages) != 2 || history.Messages[0].SubType != "thread_broadcast" || history.Messages[1].ReplyCount != 3 {
			t.Errorf("conversations.history gave %+v", history.Messages)
		}
		replies, _, _, err := b.api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: shop, Timestamp: parent})
		b.must(err)
		if len(replies) != 4 || replies[0].ReplyCount != 3 || replies[1].ThreadTimestamp != parent {
			t.Errorf("conversations.replies gave %+v", replies)
		}
	})
}

func texts(all []Message) []string {
	var words []string
	for _, m := range all {
		words = append(words, m.Text)
	}
	return words
}

func TestHistoryIsPagedNewestFirstAndBounded(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for range maxMessages + 1 {
			b.Workspace.mu.Lock()
			b.Workspace.post(b.room(shop), &Message{Channel: shop, User: b.bot, Text: "filler"})
			b.Workspace.mu.Unlock()
		}
		if n := len(b.Messages(shop)); n != maxMessages {
			t.Errorf("kept %d messages", n)
		}
		one, two, three := b.post(slack.MsgOptionText("one", false)), b.post(slack.MsgOptionText("two", false)), b.post(slack.MsgOptionText("three", false))
		p := &slack.GetConversationHistoryParameters{ChannelID: shop, Limit: 2}
		page, err := b.api.GetConversationHistoryContext(t.Context(), p)
		b.must(err)
		if len(page.Messages) != 2 || page.Messages[0].Timestamp != three || page.Messages[1].Timestamp != two || !page.HasMore {
			t.Errorf("first page %+v", page)
		}
		p.Cursor = page.ResponseMetaData.NextCursor
		page, err = b.api.GetConversationHistoryContext(t.Context(), p)
		b.must(err)
		if page.Messages[0].Timestamp != one {
			t.Errorf("second page begins with %s", page.Messages[0].Timestamp)
		}
		since, err := b.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: shop, Oldest: one})
		b.must(err)
		if len(since.Messages) != 2 {
			t.Errorf("%d messages after the first of three", len(since.Messages))
		}
	})
}

func TestStampsGrowWhenTheClockStandsStill(t *testing.T) {
	o := benchOptions()
	now := time.Unix(1_764_000_000, 0)
	o.Stamp = func() time.Time { return now }
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	first, second := w.stamp(), w.stamp()
	now = now.Add(-time.Hour)
	third := w.stamp()
	if first != "1764000000.000000" || compareTS(first, second) >= 0 || compareTS(second, third) >= 0 {
		t.Errorf("got %s, %s, %s", first, second, third)
	}
}

func TestDeletedMessageIsGone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		ts := b.post(slack.MsgOptionText("x", false))
		link, err := b.api.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: shop, Ts: ts})
		b.must(err)
		if !strings.HasPrefix(link, PipeURL+"/archives/"+shop+"/p") {
			t.Errorf("got link %s", link)
		}
		before, changed := b.Changes()
		_, _, err = b.api.DeleteMessageContext(t.Context(), shop, ts)
		b.must(err)
		if len(b.Messages(shop)) != 0 {
			t.Error("it is still there")
		}
		select {
		case <-changed:
		default:
			t.Error("nobody was told")
		}
		if after, _ := b.Changes(); after <= before {
			t.Errorf("version went from %d to %d", before, after)
		}
	})
}
