package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Event is one line of the audit log: who or what did which thing to which thing, when. Events are hash-chained and append-only.
type Event struct {
	Seq        int64
	At         time.Time
	Actor      string
	Surface    Surface
	Action     string            // "output.moved", "output.approved", "guardrails.changed", "command.denied", …
	Subject    string            // id of what it was done to
	Detail     map[string]string // never a secret, a token or a whole text
	Prev, Hash string
}

// Sum returns the hex SHA-256 of e without its Hash, chained to e.Prev. Fields are length-prefixed, details in key order.
func (e Event) Sum() string {
	h := sha256.New()
	for _, s := range []string{
		"koira-event-1", e.Prev, strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), e.Actor, string(e.Surface), e.Action, e.Subject,
	} {
		write(h, []byte(s))
	}
	for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
		write(h, []byte(k))
		write(h, []byte(e.Detail[k]))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// DetailJSON returns e.Detail as JSON with sorted keys, "{}" when empty.
func (e Event) DetailJSON() string {
	if len(e.Detail) == 0 {
		return "{}"
	}
	b, err := json.Marshal(e.Detail)
	if err != nil { // a map of strings always marshals
		return "{}"
	}
	return string(b)
}
