package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Command sends a slash command as a person would type it: "/name" and, after a space, its text. It returns once the envelope was handed
// to a socket or queued. A command that the manifest does not list is an error and sends nothing.
func (w *Workspace) Command(ctx context.Context, user, channelID, line string) error {
	name, words, _ := strings.Cut(strings.TrimSpace(line), " ")
	return w.act(ctx, user, func(p Person) error {
		r := w.room(channelID)
		switch {
		case r == nil || r.User != "" && r.User != user:
			return fmt.Errorf("%s has no channel %q", p.Name, channelID)
		case !slices.Contains(w.app.commands, name):
			return fmt.Errorf("%s is not a command here", name)
		}
		reply := w.newReplyURL(&replyURL{user: user, room: r})
		channelName := r.Name
		if r.User != "" {
			channelName = "directmessage"
		}
		w.enqueue(&envelope{
			kind: "slash_commands", answerable: true,
			payload: encode(result{
				"token": "unused", "team_id": w.o.TeamID, "team_domain": "workspace", "api_app_id": appID, "is_enterprise_install": "false",
				"channel_id": r.ID, "channel_name": channelName, "user_id": user, "user_name": p.Name,
				"command": name, "text": strings.TrimSpace(words), "response_url": reply, "trigger_id": w.newTrigger(user),
			}),
			acked:  func(body json.RawMessage) { w.commandReply(r, user, name, body) },
			missed: func() { w.notice(r, user, "", w.unanswered()) },
		})
		return nil
	})
}

// commandReply shows what the app answered within its acknowledgement of a command.
func (w *Workspace) commandReply(r *room, user, name string, body json.RawMessage) {
	a := args{}
	if a.readJSON(strings.NewReader(string(body))) != nil {
		return
	}
	c, err := w.read(a)
	if err != nil {
		w.notice(r, user, "", fmt.Sprintf("%s failed with the error %q", name, err))
		return
	}
	w.say(r, user, a, c)
}

// OpenHome opens a person's Home tab: the app is told with app_home_opened if it subscribed to that.
func (w *Workspace) OpenHome(ctx context.Context, user string) error {
	return w.act(ctx, user, func(Person) error {
		if !w.app.homeTab {
			return errors.New("the app has no Home tab")
		}
		if !slices.Contains(w.app.events, "app_home_opened") {
			return nil
		}
		ts := w.stamp()
		event := result{"type": "app_home_opened", "user": user, "channel": w.direct(user).ID, "tab": "home", "event_ts": ts}
		if h := w.homes[user]; h != nil {
			event["view"] = w.wireView(h, w.values(h.blocks(), h.state))
		}
		w.enqueue(&envelope{
			kind: "events_api",
			payload: encode(result{
				"token": "unused", "type": "event_callback", "team_id": w.o.TeamID, "api_app_id": appID, "event": event,
				"event_id": w.id("Ev"), "event_time": micros(ts) / 1e6, "is_ext_shared_channel": false,
				"authorizations": []result{{"team_id": w.o.TeamID, "user_id": w.bot, "is_bot": true, "is_enterprise_install": false}},
			}),
		})
		return nil
	})
}

// act runs what a person does, holding the lock.
func (w *Workspace) act(ctx context.Context, user string, do func(Person) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.person(user)
	if !ok {
		return fmt.Errorf("there is nobody with the id %q", user)
	}
	return do(p)
}

// direct is a person's conversation with the bot.
func (w *Workspace) direct(user string) *room {
	return w.rooms[slices.IndexFunc(w.rooms, func(r *room) bool { return r.User == user })]
}

// notice shows a sentence of the workspace's own to one person.
func (w *Workspace) notice(r *room, user, thread, words string) {
	w.post(r, &Message{Channel: r.ID, User: notifer, Text: words, ThreadTS: thread, Ephemeral: user})
}

func (w *Workspace) unanswered() string { return w.app.botName + " did not answer in time" }

// interaction is what all interactive payloads share.
func (w *Workspace) interaction(kind string, p Person) result {
	return result{
		"type": kind, "token": "unused", "api_app_id": appID, "is_enterprise_install": false, "enterprise": nil,
		"team": result{"id": w.o.TeamID, "domain": "workspace"},
		"user": result{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": w.teamOf(p)},
	}
}

var errNotInteractive = errors.New("the app's manifest does not enable interactivity")
