package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
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

// Deed is a moment at which a person changed something.
type Deed struct {
	By string
	At time.Time
}

// Sum returns the hex SHA-256 of e without its Hash, chained to e.Prev. Fields are length-prefixed, details in key order.
func (e Event) Sum() string {
	b := make([]byte, 0, 768) // longer than nearly every line
	for _, s := range []string{
		"koira-event-1", e.Prev, strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), e.Actor, string(e.Surface), e.Action, e.Subject,
	} {
		b = appendSized(b, s)
	}
	var room [12]string
	for _, k := range sortedInto(room[:0], e.Detail) {
		b = appendSized(appendSized(b, k), e.Detail[k])
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sortedInto appends m's keys to room, which need not grow for nearly all events.
func sortedInto(room []string, m map[string]string) []string {
	for k := range m {
		room = append(room, k)
	}
	slices.Sort(room)
	return room
}

func appendSized(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
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

// Head is the newest line of a log: its number, and its hash, which covers every line before it. Whoever keeps one elsewhere can tell later
// whether anything up to it was changed, and whether the log was cut before it. The zero Head is that of an empty log.
type Head struct {
	Seq  int64
	Hash string
}

// ShortHash is how many hexadecimal digits of a hash are posted to people: 64 bits, too many to search for another log that ends in them.
const ShortHash = 16

// Short returns the first ShortHash digits of the hash.
func (h Head) Short() string { return h.Hash[:min(ShortHash, len(h.Hash))] }

// Names reports whether h, of which the number may be 0 for unknown and the hash no more than its beginning, stands for line.
func (h Head) Names(line Head) bool {
	return line.Seq != 0 && (h.Seq == 0 || h.Seq == line.Seq) && strings.HasPrefix(line.Hash, h.Hash)
}

// Fault is one place where the log, or what can be held against it, is not as it was written.
type Fault struct {
	Seq  int64 // the line of the log; 0 when it is about none
	What string
	Want string // what was expected, "" where What says it
	Got  string
}
