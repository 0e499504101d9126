package workspace

import (
	"errors"
	"testing"

	"github.com/slack-go/slack"
)

// Slack's answers about and to channels in every state, with the scopes that an app has.
func TestRooms(t *testing.T) {
	const all = `"channels:read", "groups:read", "channels:history", "chat:write"`
	for name, c := range map[string]struct {
		scopes string
		state  RoomState
		info   string // the error of conversations.info
		post   string // of chat.postMessage
	}{
		"open":                                     {all, RoomState{}, "", ""},
		"gone":                                     {all, RoomState{Gone: true}, "channel_not_found", "channel_not_found"},
		"private, without the bot":                 {all, RoomState{Private: true, NotMember: true}, "channel_not_found", "channel_not_found"},
		"private, with the bot":                    {all, RoomState{Private: true}, "", ""},
		"private, without its scope":               {`"channels:read", "chat:write"`, RoomState{Private: true}, "missing_scope", ""},
		"public, without its scope":                {`"groups:read", "chat:write"`, RoomState{}, "missing_scope", ""},
		"without any scope to look":                {`"chat:write"`, RoomState{Gone: true}, "missing_scope", "channel_not_found"},
		"without the bot":                          {all, RoomState{NotMember: true}, "", "not_in_channel"},
		"without the bot, which may post all over": {all + `, "chat:write.public"`, RoomState{NotMember: true}, "", ""},
		"archived":                                 {all, RoomState{Archived: true}, "", "is_archived"},
		"read-only":                                {all, RoomState{ReadOnly: true}, "", "restricted_action"},
	} {
		t.Run(name, func(t *testing.T) {
			o := benchOptions()
			o.Manifest = []byte(`{"oauth_config":{"scopes":{"bot":[` + c.scopes + `]}}}`)
			ln := NewPipeListener()
			b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), o)
			defer stop()
			if !b.SetRoom(shop, c.state) || b.SetRoom("C999999999", c.state) {
				t.Fatal("the room was not found, or one that there is not")
			}
			room, err := b.api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: shop})
			if got := refusalOf(err); got != c.info {
				t.Errorf("conversations.info says %q, want %q", got, c.info)
			}
			if err == nil && (room.IsMember == c.state.NotMember || room.IsArchived != c.state.Archived || room.IsPrivate != c.state.Private || room.IsReadOnly != c.state.ReadOnly) {
				t.Errorf("conversations.info says %+v", room)
			}
			_, _, err = b.api.PostMessageContext(t.Context(), shop, slack.MsgOptionText("x", false))
			if got := refusalOf(err); got != c.post {
				t.Errorf("chat.postMessage says %q, want %q", got, c.post)
			}
		})
	}
}

func refusalOf(err error) string {
	var r slack.SlackErrorResponse
	if err == nil || !errors.As(err, &r) {
		return ""
	}
	return r.Err
}
