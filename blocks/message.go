package blocks

import (
	"github.com/slack-go/slack"
)

// Message is one message to post, or to put in the place of a posted one.
type Message struct {
	Text     string // what a lock screen shows: its first 80 characters name the ask, the piece and the time
	Blocks   []slack.Block
	Metadata slack.SlackMetadata // event_type EventCard; empty for what is no card
}

// EventCard is the event_type of every card's metadata. The payload holds "kind" and "subject" (ids only), for a piece "digest", and for a
// card that runs out "deadline" in Unix seconds.
const EventCard = "koira_card"
