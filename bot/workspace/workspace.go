// Package workspace is an embedded Slack workspace: the Web API, Socket Mode, and a page that shows channels, threads, Block Kit and
// modals. The demo and the conversation scripts run the bot against it through slack-go's own client, so that what works here works
// by the same code path in a real workspace. It knows nothing of koira.
package workspace

import (
	"context"
	"encoding/json"
	"time"
)

// Clock is wall time: timeouts, tickets, redelivery, pings.
type Clock interface {
	Now() time.Time
	// Wait returns nil after d, or ctx's error as soon as ctx ends.
	Wait(ctx context.Context, d time.Duration) error
}

// Options is everything that a Workspace is built from. Zero values are filled with workable defaults where a comment says so.
type Options struct {
	Wall     Clock            // required
	Stamp    func() time.Time // the clock that stamps messages and that dates are drawn against; nil means Wall.Now
	Zone     *time.Location   // the zone in which the page draws <!date>; nil means UTC
	Seed     uint64           // tokens, tickets and ids are drawn from it, so that a run repeats
	TeamID   string           // default "T0KOIRA01"
	Manifest []byte           // the app's manifest as JSON: slash commands, scopes, Home tab; calls outside its scopes answer missing_scope
	People   []Person
	Channels []string // channel names without '#'; ids are C0… in this order; the bot and all people are members
	Controls Controls // clock controls for the page; nil hides them
	Notices  []string // sentences that the page always shows ("simulated audience")
	// PingEvery is the time between two PINGs to a socket; default 5 s. Slack's clients give up after 30 s without one.
	PingEvery time.Duration
	// Acked is told how long each acknowledgement took, from the hand-over to a socket until it was read. It must return at once and must not
	// call the workspace. nil means that nobody asks.
	Acked func(took time.Duration)
}

// Person is someone who can use the workspace.
type Person struct {
	ID, Name, RealName string // "U0MARI0001", "mari", "Mari Leipä"
	Label              string // shown on the switch of who you are: "owner"
	Guest              bool   // is_restricted
	Team               string // "" means the workspace's own
}

// Controls lets the page show and steer a clock that the workspace does not own.
type Controls interface {
	// ControlState is asked at every live update.
	ControlState() ControlState
	// Do takes "pause", "resume", "step" (one hour), "day" (one day) or "speed:<factor>"; an unknown word is an error.
	Do(action string) error
	// Holding is told, whenever it changes, whether some viewer has a modal open, and the earliest deadline
	// (metadata event_payload "deadline", Unix seconds) of a message that is on a screen; zero if none.
	Holding(modalOpen bool, deadline time.Time)
}

// ControlState is what the page shows of the clock.
type ControlState struct {
	Now    time.Time
	Paused bool
	Held   string // "" or why it holds by itself: "a window is open"
	Said   string // "" or a line about what is happening
	Speed  string // "1 day in 10 s"
	Speeds []ControlSpeed
}

// ControlSpeed is one row of the page's speed menu.
type ControlSpeed struct{ Value, Label string }

// Message is one message as Slack would return it. Blocks stays raw: it is never passed through slack-go's structs.
type Message struct {
	Channel   string          `json:"channel"`
	TS        string          `json:"ts"`
	ThreadTS  string          `json:"thread_ts,omitempty"`
	User      string          `json:"user"` // the poster: a person's id or the bot's
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks,omitempty"`
	Files     []File          `json:"files,omitempty"`
	Metadata  json.RawMessage `json:"metadata,omitempty"`
	Edited    string          `json:"edited,omitempty"` // ts of the last chat.update
	Broadcast bool            `json:"-"`                // a reply that also stands in the channel
	Ephemeral string          `json:"-"`                // the only user who sees it; "" means everyone
	ReplyURL  string          `json:"-"`                // response_url of an ephemeral message's own interactions
}

// File is one uploaded file.
type File struct {
	ID, Name, Title, MIME, AltText string
	Size                           int
	URL                            string // on this server
}

// View is an open modal or a person's App Home.
type View struct {
	ID, ExternalID, Hash, CallbackID string
	User                             string
	Raw                              json.RawMessage           // the view as the app sent it
	Errors                           map[string]string         // block id to message, after response_action errors
	Notice                           string                    // what the workspace itself tells the person: the app did not answer in time
	Typed                            map[string]map[string]any // what the person last sent, as in Submit, so that an error loses no typing
}

// Problem is one thing that Slack would refuse in a message or a view.
type Problem struct {
	Code    string `json:"code"`    // missing_field, too_long, …
	Message string `json:"message"` // "must be less than 3001 characters"
	Field   string `json:"field,omitempty"`
	Pointer string `json:"pointer"` // "/blocks/0/text"
}

// Click is one use of an interactive element.
type Click struct {
	User             string
	Channel, TS      string                    // of the message; empty when View is set
	View             string                    // id of the view; empty when in a message
	Block, Action    string                    // block_id and action_id
	Value            string                    // a button's value is read from the block; for menus and inputs this is the chosen option's value or text
	Values           map[string]map[string]any // what all inputs of the view or message hold, as in Submit; the clicked one may be among them
	ConfirmDismissed bool                      // the person pressed Cancel in the confirm dialog: nothing is sent
}
