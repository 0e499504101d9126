package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
)

// Room is one of the Slack channels that cards go to.
type Room struct{ Name, ID string } // Name is what goes there: "drafts"

// All returns the rooms, each channel once.
func (r Rooms) All() (all []Room) {
	for _, x := range []Room{{"drafts", r.Drafts}, {"exceptions", r.Exceptions}, {"reports", r.Reports}} {
		if !slices.ContainsFunc(all, func(y Room) bool { return y.ID == x.ID }) {
			all = append(all, x)
		}
	}
	return all
}

// name is what goes to a channel; other places go by their ids.
func (r Rooms) name(id string) string {
	for _, x := range r.All() {
		if x.ID == id {
			return x.Name
		}
	}
	return id
}

// onlooker is the part of *slack.Client that looks at channels.
type onlooker interface {
	GetConversationInfoContext(ctx context.Context, in *slack.GetConversationInfoInput) (*slack.Channel, error)
}

// Look asks Slack whether koira can post to r, and returns its channel's name. Code denied says what to do about a channel that takes nothing,
// invalid about an app that may not look, upstream that Slack could not be asked.
func (r Room) Look(ctx context.Context, api onlooker) (name string, err error) {
	ctx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	c, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: r.ID})
	no := func(code engine.Code, format string, args ...any) (string, error) {
		return "", &engine.Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
	}
	switch code := refusedWith(err); {
	case code == "channel_not_found":
		return no(engine.CodeDenied, "The channel for %s (%s) is not there, or it is private and I am not in it. Check slack.%s in the config file, and write /invite @koira in the channel.", r.Name, r.ID, r.Name)
	case code == "missing_scope":
		return no(engine.CodeInvalid, "The app may not look at channels: Slack wants one of the scopes %s. Update the app with what `koira manifest` prints, and install it again.", scopes(err))
	case code != "":
		return no(engine.CodeDenied, "Slack does not say how the channel for %s (%s) is: %s.", r.Name, r.ID, code)
	case err != nil:
		return no(engine.CodeUpstream, "Slack could not be asked about the channel for %s.", r.Name)
	case c.IsArchived:
		return no(engine.CodeDenied, "#%s, the channel for %s, is archived. Take it out of the archive, or name another in slack.%s of the config file.", c.Name, r.Name, r.Name)
	case !c.IsMember:
		return no(engine.CodeDenied, "I am not in #%s, the channel for %s. Write /invite @koira there.", c.Name, r.Name)
	case c.IsReadOnly:
		return no(engine.CodeDenied, "I may not post in #%s, the channel for %s. Allow me to in its settings, or name another in slack.%s of the config file.", c.Name, r.Name, r.Name)
	}
	return c.Name, nil
}

func scopes(err error) string {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) && r.Needed != "" {
		return strings.ReplaceAll(r.Needed, ",", ", ")
	}
	return "channels:read, groups:read"
}

// Look looks at every room. It returns what is wrong with each, by its id, and code denied when koira can post in none of them: then there is
// nobody whom it could ask or tell.
func (r Rooms) Look(ctx context.Context, api onlooker) (wrong map[string]error, err error) {
	wrong = map[string]error{}
	var said []string
	for _, room := range r.All() {
		_, err := room.Look(ctx, api)
		if err == nil {
			continue
		}
		wrong[room.ID] = err
		if text, _ := explain(ctx, err); engine.CodeOf(err) == engine.CodeDenied {
			said = append(said, text)
		}
	}
	if len(said) == len(r.All()) {
		return wrong, engine.Errorf(engine.CodeDenied, "I can post in none of my channels, so I do not start. %s", strings.Join(said, " "))
	}
	return wrong, nil
}

// visit looks at the rooms as koira starts: one that takes nothing is an exception, told in one that does.
func (b *Bot) visit(ctx context.Context) error {
	wrong, err := b.Rooms.Look(ctx, b.Slack)
	if err != nil {
		return err
	}
	for _, room := range b.Rooms.All() {
		switch err := wrong[room.ID]; engine.CodeOf(err) {
		case "":
			b.reopened(ctx, room.ID)
		case engine.CodeDenied:
			b.shut(ctx, room.ID, err)
		default:
			b.Log.Warn("a channel could not be looked at", "step", "rooms", "channel", room.ID, "code", engine.CodeOf(err), "err", err)
		}
	}
	return nil
}

// shutFor is how long a room that took nothing is not tried again.
const shutFor = 30 * time.Minute

// shutRooms knows which rooms take nothing, since when.
type shutRooms struct {
	mu    sync.Mutex
	since map[string]time.Time
}

// openRooms are the places to try for a message, in that order: its own room, the others, and then the owners' direct messages.
func (b *Bot) openRooms(own string) []string {
	b.closed.mu.Lock()
	defer b.closed.mu.Unlock()
	var places []string
	for _, id := range append([]string{own, b.Rooms.Exceptions}, b.Rooms.Drafts, b.Rooms.Reports) {
		since, closed := b.closed.since[id]
		if id != "" && !slices.Contains(places, id) && (!closed || b.Wall.Now().Sub(since) >= shutFor) {
			places = append(places, id)
		}
	}
	return append(places, b.People.With(engine.RoleOwner)...)
}

// shut notes that a room takes nothing, and asks an owner to mend it.
func (b *Bot) shut(ctx context.Context, room string, cause error) {
	b.closed.mu.Lock()
	if b.closed.since == nil {
		b.closed.since = map[string]time.Time{}
	}
	b.closed.since[room] = b.Wall.Now()
	b.closed.mu.Unlock()
	name := b.Rooms.name(room)
	b.Log.Error("a channel takes no messages", "step", "rooms", "channel", room, "room", name, "err", cause)
	if name == room { // somebody's direct messages
		return
	}
	evidence := slackSays(cause)
	if engine.CodeOf(cause) == engine.CodeDenied {
		evidence, _ = explain(ctx, cause)
	}
	err := b.Store.OpenException(ctx, engine.Exception{
		Kind: engine.ExceptionSystem, Subject: roomSubject(name), Reason: "I cannot post where " + name + " go", OpenedAt: b.Clock.Now(),
		Evidence: evidence + " What belongs there comes here meanwhile.",
		Remedy:   "See that the channel " + room + " is there, is not archived, that I am in it (/invite @koira) and may post; or name another in the config file and start me again.",
	})
	if err != nil {
		b.Log.Error("a shut channel could not be written down", "step", "rooms", "channel", room, "code", engine.CodeOf(err), "err", err)
	}
	b.Nudge()
}

func roomSubject(name string) string { return "the Slack channel for " + name }

// open is told that a room took a message.
func (b *Bot) open(ctx context.Context, room string) {
	b.closed.mu.Lock()
	_, was := b.closed.since[room]
	delete(b.closed.since, room)
	b.closed.mu.Unlock()
	if was {
		b.reopened(ctx, room)
	}
}

// reopened settles what was asked about a room that takes messages again.
func (b *Bot) reopened(ctx context.Context, room string) {
	all, err := b.Store.OpenExceptions(ctx)
	for _, e := range all {
		if e.Kind == engine.ExceptionSystem && e.Subject == roomSubject(b.Rooms.name(room)) {
			err = errors.Join(err, b.Store.CloseException(ctx, e.ID, engine.Koira, b.Clock.Now(), "it takes messages again"))
		}
	}
	if err != nil {
		b.Log.Warn("a channel takes messages again, which could not be written down", "step", "rooms", "channel", room, "code", engine.CodeOf(err), "err", err)
	}
}
