package workspace

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxMessages   = 2000 // kept per channel
	maxEphemerals = 200  // kept per channel and user
)

// room is a channel with what stands in it.
type room struct {
	Channel
	state     RoomState
	messages  []*Message            // by TS; replies stand among them
	ephemeral map[string][]*Message // by the only user who sees them
}

func newRoom(c Channel) *room { return &room{Channel: c, ephemeral: map[string][]*Message{}} }

// add puts a message at the end and forgets the oldest ones.
func (r *room) add(m *Message) {
	if m.Ephemeral != "" {
		r.ephemeral[m.Ephemeral] = newest(append(r.ephemeral[m.Ephemeral], m), maxEphemerals)
		return
	}
	r.messages = newest(append(r.messages, m), maxMessages)
}

func newest(all []*Message, most int) []*Message {
	if len(all) <= most {
		return all
	}
	return slices.Delete(all, 0, len(all)-most)
}

func (r *room) find(ts string) *Message { return at(r.messages, ts) }

// seen finds a message that the user can see, ephemeral or not.
func (r *room) seen(user, ts string) *Message {
	if m := r.find(ts); m != nil {
		return m
	}
	return at(r.ephemeral[user], ts)
}

func at(all []*Message, ts string) *Message {
	if i, ok := slices.BinarySearchFunc(all, ts, func(m *Message, ts string) int { return compareTS(m.TS, ts) }); ok {
		return all[i]
	}
	return nil
}

func (r *room) remove(m *Message) {
	gone := func(o *Message) bool { return o == m }
	if m.Ephemeral != "" {
		r.ephemeral[m.Ephemeral] = slices.DeleteFunc(r.ephemeral[m.Ephemeral], gone)
		return
	}
	r.messages = slices.DeleteFunc(r.messages, gone)
}

// replies returns the answers to a thread's first message.
func (r *room) replies(ts string) []*Message {
	var got []*Message
	for _, m := range r.messages {
		if m.ThreadTS == ts && m.TS != ts {
			got = append(got, m)
		}
	}
	return got
}

// compareTS orders stamps by time. A caller may give one with fewer decimals, or none.
func compareTS(a, b string) int { return cmp.Compare(micros(a), micros(b)) }

// micros returns the microseconds of a stamp, 0 for a text that is none.
func micros(ts string) int64 {
	whole, part, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(whole+(part + "000000")[:6], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// recent is a map that forgets its oldest entries.
type recent[V any] struct {
	most  int
	order []string
	m     map[string]V
}

func newRecent[V any](most int) *recent[V] { return &recent[V]{most: most, m: map[string]V{}} }

func (r *recent[V]) put(key string, v V) {
	if _, known := r.m[key]; !known {
		r.order = append(r.order, key)
	}
	r.m[key] = v
	if len(r.order) > r.most {
		delete(r.m, r.order[0])
		r.order = r.order[1:]
	}
}

func (r *recent[V]) get(key string) (V, bool) {
	v, ok := r.m[key]
	return v, ok
}

func (r *recent[V]) drop(key string) {
	delete(r.m, key)
	r.order = slices.DeleteFunc(r.order, func(k string) bool { return k == key })
}
