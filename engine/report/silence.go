package report

import (
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// Does is what silence does: the one mark on a card says it.
type Does string

const (
	DoesEnd     Does = "end"     // it waits for a yes, and ends without one
	DoesGoOut   Does = "go-out"  // it goes out by itself unless stopped
	DoesStay    Does = "stay"    // it stays as it is, however long
	DoesNothing Does = "nothing" // nothing is asked of anybody
)

// Silence is what happens if nobody does anything.
type Silence struct {
	Does Does
	At   time.Time // when; zero where no time matters
	Text string    // a whole sentence, "{at}" standing for At; use Words
}

// Words returns the sentence, with its time as when writes it.
func (s Silence) Words(when func(time.Time) string) string {
	if s.At.IsZero() {
		return s.Text
	}
	return strings.ReplaceAll(s.Text, "{at}", when(s.At))
}

const ask = "If you do nothing, "

// silence says what happens to a piece if nobody does anything. approved tells of a scheduled piece whether a person said yes.
func silence(o engine.Output, s scene, approved bool) Silence {
	switch o.State {
	case engine.StateWaiting, engine.StateHeld:
		return ending("it does not go out", "; it ends {at}", o.Expires)
	case engine.StateHanded:
		return ending("it stays here", " until {at}, then I put it aside", o.Expires)
	case engine.StateScheduled:
		return silenceScheduled(o, s, approved)
	case engine.StateUnconfirmed:
		return Silence{Does: DoesStay, Text: ask + "I leave it. I never send it again by myself."}
	case engine.StateFailed, engine.StateExpired:
		return Silence{Does: DoesStay, Text: ask + "it stays unpublished."}
	}
	return Silence{Does: DoesNothing, Text: "Nothing is needed."}
}

func silenceScheduled(o engine.Output, s scene, approved bool) Silence {
	switch {
	case s.control.Stopped:
		return ending("it does not go out, because everything is stopped", "; it ends {at}", o.Expires)
	case s.task(o.Task).Paused != nil:
		return ending("it does not go out, because its task is paused", "; it ends {at}", o.Expires)
	case s.resting(o.Channel):
		return ending("it does not go out, because its channel is paused", "; it ends {at}", o.Expires)
	case approved:
		return Silence{DoesNothing, o.Slot, "It goes out {at}. Nothing is needed."}
	}
	return Silence{DoesGoOut, o.Slot, ask + "it goes out {at}."}
}

// resting reports whether nothing new is begun at a channel, because too much failed there.
func (s scene) resting(channel string) bool {
	_, yes := s.paused[channel]
	return yes
}

// silenceOf is silence for a piece of which its deliveries and exception are read too: they tell whether koira still looks for what became of
// it, or leaves that to people.
func silenceOf(v PieceView, s scene) Silence {
	switch {
	case v.Output.State == engine.StateUnconfirmed && v.Exception == nil:
		return looking(v.Sends)
	case stillLive(v):
		return Silence{Does: DoesStay, Text: ask + "it stays live."}
	case v.Rest != nil && v.Rest.Waits && v.Output.State == engine.StateHeld:
		return ending("the rest does not go out", "; it ends {at}", v.Output.Expires)
	case v.Rest != nil && v.Rest.Waits && silence(v.Output, s, false).Does == DoesGoOut:
		return Silence{DoesGoOut, v.Rest.At, ask + "the rest goes out {at}."}
	case v.GivenUp:
		return Silence{Does: DoesStay, Text: ask + "it stays as it is."}
	}
	return silence(v.Output, s, v.Approval != nil)
}

// looking is silence while koira finds out by itself what became of a delivery: nobody is asked before it could not.
func looking(sends []SendRow) Silence {
	var first time.Time
	for _, d := range sends {
		if at := d.QuietUntil; d.State == engine.SendUnconfirmed && !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	from := " from {at}"
	if first.IsZero() {
		from = ""
	}
	return Silence{DoesNothing, first, "I look again" + from + "; only if it is proved absent do I send it. Nothing is needed."}
}

// ending is silence that ends a piece at a time, or leaves it where no time is set.
func ending(text, end string, at time.Time) Silence {
	if at.IsZero() {
		return Silence{Does: DoesStay, Text: ask + text + "."}
	}
	return Silence{DoesEnd, at, ask + text + end + "."}
}

// stillLive reports whether v was to be taken down, could not be, and nobody has settled that.
func stillLive(v PieceView) bool {
	return slices.Contains(isOut, v.Output.State) && v.Exception != nil && v.Exception.Kind == engine.ExceptionMissed
}
