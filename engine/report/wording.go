package report

import (
	"fmt"
	"math"
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

// metricWords names each metric for one and for many.
var metricWords = map[engine.Metric][2]string{
	engine.Impressions:  {"view", "views"},
	engine.Opens:        {"open (many are machines')", "opens (many are machines')"},
	engine.Clicks:       {"link visit", "link visits"},
	engine.Engagements:  {"reaction", "reactions"},
	engine.Leads:        {"lead", "leads"},
	engine.Revenue:      {"revenue", "revenue"},
	engine.Subscribed:   {"new reader", "new readers"},
	engine.Unsubscribed: {"reader lost", "readers lost"},
	engine.Complaints:   {"complaint", "complaints"},
	engine.Spend:        {"spent", "spent"},
}

func metricName(m engine.Metric, n int64) string {
	w, ok := metricWords[m]
	switch {
	case !ok:
		return string(m)
	case n == 1:
		return w[0]
	}
	return w[1]
}

// isMoney reports whether m's values are engine.Money.
func isMoney(m engine.Metric) bool { return m == engine.Revenue || m == engine.Spend }

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

// list joins words as a sentence does: "a", "a and b", "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// amount writes a mean: at most one decimal under 10, none above, and money as money.
func amount(v float64, m engine.Metric, currency string) string {
	switch {
	case isMoney(m):
		return engine.Money(math.Round(v)).Format(currency)
	case math.Abs(v) < 9.95:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return fmt.Sprintf("%.0f", v)
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
