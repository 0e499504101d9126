package report

import (
	"strconv"
	"strings"

	"koira/engine"
)

// stateWords says each state as cards do.
var stateWords = map[engine.State]string{
	engine.StatePlanned:     "planned, not written yet",
	engine.StateDrafted:     "written, being checked",
	engine.StateWaiting:     "waits for your yes",
	engine.StateHeld:        "stopped, needs you",
	engine.StateHanded:      "ready for you to publish",
	engine.StateScheduled:   "goes out at its time",
	engine.StatePublishing:  "going out now",
	engine.StateUnconfirmed: "not sure it went out",
	engine.StatePublished:   "live",
	engine.StateRetracting:  "being taken down",
	engine.StateSettled:     "live, results final",
	engine.StateRejected:    "rejected",
	engine.StateExpired:     "ran out",
	engine.StateCancelled:   "dropped",
	engine.StateFailed:      "did not go out",
	engine.StateRetracted:   "taken down",
}

var sendWords = map[engine.SendState]string{
	engine.SendPending:     "not begun",
	engine.SendPublishing:  "going out now",
	engine.SendUnconfirmed: "not sure it went out",
	engine.SendPublished:   "live",
	engine.SendRetracting:  "being taken down",
	engine.SendRetracted:   "taken down",
	engine.SendFailed:      "did not go out",
}

var pieceWords = map[engine.Kind][2]string{
	engine.KindSocial: {"post", "posts"},
	engine.KindEmail:  {"e-mail", "e-mails"},
	engine.KindBlog:   {"blog post", "blog posts"},
}

// pieceWord names a piece of kind k, for n of them.
func pieceWord(k engine.Kind, n int) string {
	w, ok := pieceWords[k]
	if !ok {
		w = [2]string{"piece", "pieces"}
	}
	if n == 1 {
		return w[0]
	}
	return w[1]
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// firstLine returns the first line of s that holds anything.
func firstLine(s string) string {
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}
