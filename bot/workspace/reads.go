package workspace

import (
	"slices"
)

// Channels returns the public channels in the order of Options.Channels, then each person's direct messages with the bot.
func (w *Workspace) Channels() []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Channel, len(w.rooms))
	for i, r := range w.rooms {
		all[i] = r.Channel
	}
	return all
}

// Messages returns what stands in a channel itself: no replies except those that were also sent to the channel, oldest first.
func (w *Workspace) Messages(channel string) []Message {
	return w.pick(channel, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast })
}

// Thread returns a message and its replies, oldest first.
func (w *Workspace) Thread(channel, ts string) []Message {
	return w.pick(channel, func(m *Message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (w *Workspace) pick(channel string, want func(*Message) bool) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.room(channel)
	if r == nil {
		return nil
	}
	return collect(r.messages, want)
}

// Ephemerals returns the messages in a channel and its threads that only this user sees, oldest first.
func (w *Workspace) Ephemerals(user, channel string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.room(channel)
	if r == nil {
		return nil
	}
	return collect(r.ephemeral[user], func(*Message) bool { return true })
}

func collect(from []*Message, want func(*Message) bool) []Message {
	var got []Message
	for _, m := range from {
		if want(m) {
			c := *m
			c.Files = slices.Clone(m.Files)
			got = append(got, c)
		}
	}
	return got
}

// Modal returns the window that a user sees, the top of the stack, or nil.
func (w *Workspace) Modal(user string) *View {
	w.mu.Lock()
	defer w.mu.Unlock()
	if top := w.top(user); top != nil {
		return top.copy()
	}
	return nil
}

// Home returns what was last published to a user's Home tab, or nil.
func (w *Workspace) Home(user string) *View {
	w.mu.Lock()
	defer w.mu.Unlock()
	if h := w.homes[user]; h != nil {
		return h.copy()
	}
	return nil
}

// FileBytes returns the content of an uploaded file.
func (w *Workspace) FileBytes(id string) ([]byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, ok := w.files.get(id)
	if !ok || f.content == nil {
		return nil, false
	}
	return slices.Clone(f.content), true
}
