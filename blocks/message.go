package blocks

import (
	"cmp"
	"maps"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Message is one message to post, or to put in the place of a posted one.
type Message struct {
	Text     string // what a lock screen shows: its first 80 characters name the ask, the piece and the time
	Blocks   []slack.Block
	Metadata slack.SlackMetadata // event_type EventCard; empty for what is no card
}

// EventCard is the event_type of every card's metadata. The payload holds "kind" and "subject" (ids only), for a piece "digest", and for a
// card that runs out "deadline" in Unix seconds. Nothing of it is believed when somebody presses a button; see PostKey.
const EventCard = "koira_card"

// PostKey is where a posted card's metadata holds the id of its post.
const PostKey = "post"

// Bearing returns m with the id of its post.
func (m Message) Bearing(post string) Message {
	payload := maps.Clone(m.Metadata.EventPayload)
	payload[PostKey] = post
	m.Metadata.EventPayload = payload
	return m
}

func (m Message) about(kind, subject string) Message {
	m.Metadata = slack.SlackMetadata{EventType: EventCard, EventPayload: map[string]any{"kind": kind, "subject": subject}}
	return m
}

func (m Message) until(deadline time.Time) Message {
	if !deadline.IsZero() {
		m.Metadata.EventPayload["deadline"] = deadline.Unix()
	}
	return m
}

// message puts what is drawn together and leaves out what is not there.
func message(push md, bs ...slack.Block) Message {
	m := Message{Text: string(push)}
	for _, b := range bs {
		if b != nil {
			m.Blocks = append(m.Blocks, b)
		}
	}
	return m
}

func mrkdwn(t md) *slack.TextBlockObject {
	// Verbatim keeps Slack from making links and mentions of its own out of words that look like them.
	return slack.NewTextBlockObject(slack.MarkdownType, string(t), false, true)
}

func plainText(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// longestHeader is what a phone shows of a header without cutting it into more than two lines.
const longestHeader = 60

// unsaid stands where a name has nothing that anybody could see: Slack takes no empty text, and would refuse the whole card.
const unsaid = "…"

func header(s string) slack.Block {
	return slack.NewHeaderBlock(plainText(cmp.Or(plain(s, longestHeader), unsaid)))
}

// section is one paragraph, with at most one button or menu beside it; nil for no text.
func section(t md, beside ...slack.BlockElement) slack.Block {
	if t == "" {
		return nil
	}
	var a *slack.Accessory
	if len(beside) > 0 && beside[0] != nil {
		a = slack.NewAccessory(beside[0])
	}
	return slack.NewSectionBlock(mrkdwn(t), nil, a, slack.SectionBlockOptionExpand(true))
}

// note is a line in small print; nil for no text.
func note(t md) slack.Block {
	if t == "" {
		return nil
	}
	return slack.NewContextBlock("", mrkdwn(t))
}

// lines puts parts that are there under each other.
func lines(parts ...md) md { return glue("\n", parts...) }

// dots puts parts that are there beside each other.
func dots(parts ...md) md { return glue(" · ", parts...) }

func words(parts ...md) md { return glue(" ", parts...) }

func glue(sep string, parts ...md) md {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, string(p))
		}
	}
	return md(strings.Join(there, sep))
}

// where gives t where is holds, and nothing elsewhere.
func where(is bool, t md) md {
	if is {
		return t
	}
	return ""
}

// sectionMax is the text of one section that lists may fill, of the 3,000 characters that it holds.
const sectionMax = 2800

// upTo is a list under a heading, as far as most rows and a section's room go; what is left out is counted.
func upTo(most int, heading md, rows []md) md { return upToRoom(most, sectionMax, heading, rows) }

// upToRoom is upTo where a message holds several such lists.
func upToRoom(most, room int, heading md, rows []md) md {
	if len(rows) == 0 {
		return ""
	}
	out := heading
	room -= len([]rune(heading))
	for i, r := range rows {
		r = "\n• " + r
		if room -= len([]rune(r)); i == most || room < 0 {
			return out + md("\n• and "+number(int64(len(rows)-i))+" more")
		}
		out += r
	}
	return out
}
