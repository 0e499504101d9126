package blocks

import (
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// pieces draws a piece by its state. To add a state: write its drawing, add a row, add a case to TestCards.
var pieces = map[engine.State]func(report.PieceView) Message{
	engine.StatePlanned:     unwritten,
	engine.StateDrafted:     unwritten,
	engine.StateWaiting:     draft,
	engine.StateHeld:        held,
	engine.StateHanded:      handed,
	engine.StateScheduled:   scheduled,
	engine.StatePublishing:  leaving,
	engine.StateUnconfirmed: unconfirmed,
	engine.StatePublished:   live,
	engine.StateSettled:     live,
	engine.StateRetracting:  retracting,
	engine.StateRetracted:   retracted,
	engine.StateRejected:    rejected,
	engine.StateExpired:     expired,
	engine.StateCancelled:   dropped,
	engine.StateFailed:      failed,
}

// Piece is a piece's card as it stands now: the same text through its whole life, with what can be done about it in its state.
func Piece(v report.PieceView) Message {
	return pieces[v.Output.State](v).about(string(engine.NoticeOutput), v.Output.ID).version(v.Output.Digest).until(v.Deadline)
}

func (m Message) version(d engine.Digest) Message {
	if d != "" {
		m.Metadata.EventPayload["digest"] = string(d)
	}
	return m
}

// valueOf is what the buttons under a piece carry.
func valueOf(v report.PieceView) Value { return Value{ID: v.Output.ID, Digest: v.Output.Digest} }

// yesTo is what a button carries that is itself a yes: also how many people the card says that the piece reaches.
func yesTo(v report.PieceView) Value {
	return Value{ID: v.Output.ID, Digest: v.Output.Digest, Audience: v.Audience}
}

// Again answers a yes that came to nothing with why, and with the piece as it stands now. who are the ids of people whom text names as "@id".
func Again(text string, who []string, v report.PieceView) Message {
	m, why := Piece(v), naming(text+" Here it is again.", who)
	m.Text = string(why)
	m.Blocks = append([]slack.Block{section(why)}, m.Blocks...)
	return m
}

// card is a piece's card: what is the matter, where it goes, its text, what to look at, what silence does, and what can be done.
func card(v report.PieceView, push md, title string, middle []slack.Block, end ...slack.Block) Message {
	bs := []slack.Block{header(title), note(facts(v)), note(behind(v))}
	bs = append(bs, text(v)...)
	bs = append(bs, middle...)
	return message(push, append(bs, end...)...)
}

// behind says, of a piece that somebody is to judge, why it waits and whose words it has.
func behind(v report.PieceView) md {
	if v.Output.State != engine.StateWaiting && v.Output.State != engine.StateHanded {
		return ""
	}
	return dots(where(v.Output.WaitsFor != "", "Why it waits: "+says(v.Output.WaitsFor, 200)), author(v)+edited(v))
}

// facts is the line of where, to whom and when.
func facts(v report.PieceView) md {
	return dots(
		md("*"+says(v.Name, nameMax)+"*"),
		channel(v.Row),
		readers(v),
		where(!v.Slot.IsZero() && v.PublishedAt.IsZero(), "planned "+onDay(v.Slot, v.Frame)),
	)
}

// Longest names of people's own making on a card, in characters.
const (
	nameMax  = 60
	titleMax = 60
	textMax  = 600
	wholeMax = 2600 // of what is shown with all that it says, if that is what somebody says yes to; a section holds 3,000
)

func channel(r report.Row) md {
	return says(r.Channel, nameMax) + where(r.Simulated, " (simulated)")
}

// readers says whom a piece reaches at most.
func readers(v report.PieceView) md {
	to := says(v.Segment, nameMax)
	switch {
	case v.Audience > 0 && to != "":
		return "to " + to + ", at most " + md(number(int64(v.Audience)))
	case v.Audience > 0:
		return "to at most " + md(number(int64(v.Audience)))
	case to != "":
		return "to " + to
	}
	return ""
}

func author(v report.PieceView) md {
	switch {
	case v.Output.Origin == engine.OriginHand:
		return "Written and posted by hand"
	case v.Output.Writer != "":
		return "Written by " + says(v.Output.Writer, nameMax)
	case v.Output.EditedBy != "":
		return "Text by " + mention(v.Output.EditedBy)
	}
	return ""
}

func edited(v report.PieceView) md {
	if v.Output.Writer == "" || v.Output.EditedBy == "" {
		return ""
	}
	return ", changed by " + mention(v.Output.EditedBy) + md(" ("+percent(v.Output.Changed)+" of the words)")
}

// text is the piece's text, and where the rest of it is when the card does not hold all.
func text(v report.PieceView) []slack.Block {
	if Whole(v) {
		return preview(v.Output, marked(v, wholeOnCard, units), wholeOnCard, units, shortLink)
	}
	return append(preview(v.Output, marks{}, headOnCard, units, shortLink), section("The whole text is the file in the thread: version "+says(v.Output.Digest.Short(), 8)+", here and there."))
}

// title quotes a piece by its title.
func title(r report.Row) md { return "“" + says(r.Title, titleMax) + "”" }

// silence says what happens if nobody does anything.
func silence(s report.Silence, f report.Frame) md {
	s.Text = string(says(s.Text, textMax))
	return md(s.Words(func(t time.Time) string { return string(when(t, f)) }))
}
