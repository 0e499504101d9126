package blocks

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// scheduled is the card of a piece that is cleared for its time: by a yes, or by itself.
func scheduled(v report.PieceView) Message {
	switch {
	case v.Rest != nil && v.Rest.Waits:
		return firstReaders(v)
	case v.Silence.Does == report.DoesEnd:
		return heldBack(v)
	case v.Approval == nil:
		return byItself(v)
	}
	push := md("Approved. Goes out "+clock(v.Slot, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "✅ Approved", nil,
		section(dots("Approved by "+mention(v.Approval.By)+" "+when(v.Approval.At, v.Frame), "goes out "+when(v.Slot, v.Frame))+". Nothing is needed.",
			button(IDTakeBack, "Take back", valueOf(v))),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}

func byItself(v report.PieceView) Message {
	push := md("Goes out "+clock(v.Silence.At, v.Frame)+" unless stopped. ") + channel(v.Row) + ": " + title(v.Row)
	row := []slack.BlockElement{button(IDStopOne, "Stop this one", valueOf(v)), button(IDEdit, "Edit…", valueOf(v))}
	said := section(silence(v.Silence, v.Frame))
	switch n := len(v.Remarks); {
	case n > 0: // somebody looked at it; one is enough
		l := v.Remarks[n-1]
		said = section(lines(mention(l.By)+" found it good "+when(l.At, v.Frame)+".", silence(v.Silence, v.Frame)))
	case v.Window:
		row = append(row, button(IDGood, "Looks good", valueOf(v)))
	}
	bs := append([]slack.Block{note(toLook(v))}, looks(v)...)
	return card(v, push, "⏳ Goes out by itself", bs, said, actions(append(row, menu(valueOf(v), IDWhy, IDTime, IDDetails))...))
}

// toLook says how long people have to look at what goes out by itself.
func toLook(v report.PieceView) md {
	if !v.Window {
		return ""
	}
	from, to := v.Review.Hours()
	hours := md(fmt.Sprintf("%s to look, counted %02d–%02d", lasting(v.Review.Length()), from, to))
	if v.Review.Zone != "" {
		hours += " in " + says(cityOf(v.Review.Place(zoneOf(v.Frame))), nameMax)
	}
	return hours + ", from when this card came. New words wait for a yes."
}

// lasting is a span in the unit in which it is whole: "4 hours", "90 minutes".
func lasting(d time.Duration) string {
	if d%time.Hour == 0 {
		return plural(int(d/time.Hour), "hour", "hours")
	}
	return plural(int(d/time.Minute), "minute", "minutes")
}

// stoppedOne is the card of a piece that would have gone out by itself, and that somebody stopped.
func stoppedOne(v report.PieceView, by engine.Remark) Message {
	push := md("Stopped, not out: ") + channel(v.Row) + " " + title(v.Row)
	back := button(IDPutBack, "Put back", yesTo(v))
	switch {
	case inWindow(v):
		back = button(IDRead, "Read and put back…", valueOf(v))
	case v.Soon():
		back = button(IDPutAt, "Put back…", valueOf(v))
	}
	return card(v, push, "⏸ Stopped", nil,
		section(words("Stopped by "+mention(by.By)+" "+when(by.At, v.Frame)+". Not out.", silence(v.Silence, v.Frame))),
		actions(back, button(IDEdit, "Edit…", valueOf(v)), button(IDReject, "Reject…", valueOf(v)), menu(valueOf(v), IDWhy, IDTime, IDDetails)))
}

// heldBack is the card of a cleared piece while everything is stopped, or its task is paused.
func heldBack(v report.PieceView) Message {
	push := md("Does not go out "+clock(v.Slot, v.Frame)+" for now: ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "⏸ Does not go out for now", nil, section(silence(v.Silence, v.Frame)), actions(
		button(IDTakeBack, "Take back", valueOf(v)),
		menu(valueOf(v), IDWhy, IDTime, IDDetails),
	))
}

// rejected is the card of a piece that somebody said no to.
func rejected(v report.PieceView) Message {
	push := "Rejected: " + channel(v.Row) + " " + title(v.Row)
	said := md("Rejected. It does not go out.")
	if r := v.Rejection; r != nil {
		said = words("Rejected by "+mention(r.By)+" "+when(r.At, v.Frame)+": "+rejectReason(r.Reason)+".", where(r.Severe, "Serious."),
			where(r.Note != "", "“"+says(r.Note, textMax)+"”"))
	}
	return card(v, push, "Rejected", nil, section(words(said, "Nothing is needed.")), again(v))
}

func rejectReason(key string) md {
	for _, r := range engine.RejectReasons {
		if r.Key == key {
			return says(strings.ToLower(r.Label), nameMax)
		}
	}
	return says(key, nameMax)
}

// again offers the text of a piece that ended without going out.
func again(v report.PieceView) slack.Block {
	if len(v.Output.Variants) == 0 {
		return nil
	}
	return actions(button(IDTime, "Use as a new draft…", valueOf(v)), menu(valueOf(v), IDWhy, IDDetails))
}

func expired(v report.PieceView) Message {
	push := "Ran out: " + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "Ran out", nil,
		section("It did not go out: "+ranOut(v)+" Nothing is needed."), again(v))
}

// ranOut says why it is that a piece ran out, as it was written down when it did; a person who ended it is named.
func ranOut(v report.PieceView) md {
	switch e := v.Ending; {
	case e.Why == "":
		return "its time passed."
	case userIDs.MatchString(e.By):
		return mention(e.By) + " put it aside."
	default:
		return lowerFirst(says(strings.TrimSuffix(e.Why, "."), textMax)) + "."
	}
}

func dropped(v report.PieceView) Message {
	push := "Dropped: " + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "Dropped", nil, section("It was dropped and does not go out. Nothing is needed."), again(v))
}

// Superseded is what becomes of the card of an older version: it loses its buttons and says so. The new version is a card of its own.
func Superseded(v report.PieceView) Message {
	by := md("It changed")
	if v.Output.EditedBy != "" {
		by = mention(v.Output.EditedBy) + " changed it"
	}
	push := "Older version, nothing to decide here: " + channel(v.Row) + " " + title(v.Row)
	return message(push,
		note(dots(md("*"+says(v.Name, nameMax)+"*"), channel(v.Row))),
		section("An older version of "+title(v.Row)+" stood here. "+by+" "+when(v.Output.UpdatedAt, v.Frame)+
			"; the new version has a card of its own. Nothing is needed here."),
	).about(string(engine.NoticeOutput), v.Output.ID)
}

// percent writes a share of something that happened: at least 1 %.
func percent(share float64) string {
	return fmt.Sprintf("%.0f %%", max(1, math.Round(100*share)))
}
