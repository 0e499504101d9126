package workspace

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// drawClock draws the date, and the clock's controls where there are any.
func (p *pages) drawClock(pen *pen, _ look) {
	state := ControlState{Now: pen.now}
	controls := p.w.o.Controls
	if controls != nil {
		state = controls.ControlState()
	}
	now := state.Now.In(p.w.o.Zone)
	pen.open("div", "class", "now", "data-day", now.Format(time.DateOnly), "data-now", strconv.FormatInt(now.Unix(), 10))
	pen.element("time", now.Format("Mon 2 Jan 2006"), "datetime", now.Format(time.RFC3339), "class", "date")
	pen.element("span", now.Format("15:04"), "class", "time")
	pen.end("div")
	if controls == nil {
		return
	}
	pen.element("p", pace(state), "class", "pace", "id", "pace")
	if state.Said != "" {
		pen.element("p", state.Said, "class", "said", "role", "status")
	}
	pen.open("div", "class", "controls", "role", "group", "aria-label", "Clock")
	if state.Paused {
		pen.element("button", "Resume", "type", "button", "class", "button", "data-clock", "resume", "data-key", "run")
	} else {
		pen.element("button", "Pause", "type", "button", "class", "button", "data-clock", "pause", "data-key", "run")
	}
	pen.element("button", "+1 hour", "type", "button", "class", "button", "data-clock", "step")
	pen.element("button", "+1 day", "type", "button", "class", "button", "data-clock", "day")
	drawSpeeds(pen, state)
	pen.end("div")
}

// pace says how the clock runs, or why it does not.
func pace(s ControlState) string {
	switch {
	case s.Paused:
		return "Paused"
	case s.Held != "":
		return "Holds: " + s.Held
	}
	return s.Speed
}

func drawSpeeds(pen *pen, state ControlState) {
	pen.open("select", "aria-label", "Speed", "data-clock-speed", "")
	if !slices.ContainsFunc(state.Speeds, func(s ControlSpeed) bool { return s.Label == state.Speed }) {
		pen.element("option", state.Speed, "value", "", "selected", "")
	}
	for _, s := range state.Speeds {
		pen.element("option", s.Label, with([]string{"value", "speed:" + strings.TrimPrefix(s.Value, "speed:")}, flag("selected", s.Label == state.Speed))...)
	}
	pen.end("select")
}

func (p *pages) drawRooms(pen *pen, l look) {
	heading := ""
	rooms := p.rooms(l.as)
	slices.SortStableFunc(rooms, func(a, b Channel) int { return strings.Compare(roomGroup(a), roomGroup(b)) })
	for _, c := range rooms {
		if s := roomGroup(c); s != heading {
			if heading != "" {
				pen.end("ul")
			}
			heading = s
			pen.element("h2", map[string]string{"app": p.w.BotName(), "channels": "Channels"}[s])
			pen.open("ul")
		}
		current := ""
		if c.ID == l.channel.ID {
			current = "page"
		}
		pen.open("li")
		pen.open("a", with([]string{"href", l.at(c, ""), "data-go", "", "data-channel", c.ID, "data-last", p.newest(l.as.ID, c.ID)}, given("aria-current", current))...)
		pen.element("span", roomMark(c), "class", "mark", "aria-hidden", "true")
		pen.element("span", roomTitle(c), "class", "name")
		pen.end("a", "li")
	}
	if heading != "" {
		pen.end("ul")
	}
}

func roomGroup(c Channel) string {
	if c.ID == homeID || c.User != "" {
		return "app"
	}
	return "channels"
}

func roomMark(c Channel) string {
	switch {
	case c.ID == homeID:
		return "⌂"
	case c.User != "":
		return "✉"
	}
	return "#"
}

func roomTitle(c Channel) string {
	switch {
	case c.ID == homeID:
		return "Home"
	case c.User != "":
		return "Messages"
	}
	return c.Name
}

// newest is the ts of the last message that a person can see in a channel itself.
func (p *pages) newest(user, channel string) string {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	r := p.w.room(channel)
	if r == nil {
		return ""
	}
	last := ""
	for _, m := range slices.Backward(r.messages) {
		if m.ThreadTS == "" || m.ThreadTS == m.TS {
			last = m.TS
			break
		}
	}
	if own := r.ephemeral[user]; len(own) > 0 && compareTS(own[len(own)-1].TS, last) > 0 {
		last = own[len(own)-1].TS
	}
	return last
}

func (p *pages) drawStream(pen *pen, l look) {
	heading := roomTitle(l.channel)
	switch {
	case l.channel.ID == homeID:
		heading = p.w.BotName() + ": Home"
	case l.channel.User != "":
		heading = "You and " + p.w.BotName()
	}
	pen.open("header", "class", "bar")
	pen.element("button", "☰", "type", "button", "class", "icon", "data-drawer", "", "aria-label", "Channels", "aria-controls", "rooms", "aria-expanded", "false")
	pen.open("h1", "tabindex", "-1")
	pen.element("span", roomMark(l.channel), "class", "mark", "aria-hidden", "true")
	pen.text(" " + heading)
	pen.end("h1", "header")
	pen.open("div", "class", "scroll", "id", "messages", "data-channel", l.channel.ID, "data-key", l.channel.ID, "tabindex", "0", "role", "log",
		"aria-live", "off", "aria-label", heading)
	if l.channel.ID == homeID {
		pen.home(p.w.Home(l.as.ID))
	} else {
		p.drawMessages(pen, l)
	}
	pen.end("div")
}

func (p *pages) drawMessages(pen *pen, l look) {
	all := p.visible(l, p.w.Messages(l.channel.ID), "")
	if len(all) == 0 {
		pen.element("p", "Nothing here yet. Commands go into the box below, such as "+p.example()+".", "class", "empty")
		return
	}
	if hidden := len(all) - l.show; hidden > 0 {
		earlier := l
		earlier.show += 200
		pen.element("a", "Show earlier messages ("+strconv.Itoa(hidden)+" more)", "href", earlier.address(), "data-go", "", "class", "earlier")
		all = all[hidden:]
	}
	pen.conversation(conversation{messages: all, replies: p.replies(l.channel.ID), file: p.w.FileBytes,
		thread: func(ts string) string {
			opened := l
			opened.thread = ts
			return opened.address()
		}})
}

// visible adds to the messages of a channel, or of one thread, those that only the viewer sees.
func (p *pages) visible(l look, all []Message, thread string) []Message {
	for _, m := range p.w.Ephemerals(l.as.ID, l.channel.ID) {
		if m.ThreadTS == thread {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b Message) int { return compareTS(a.TS, b.TS) })
	return all
}

// replies gives the replies of a channel's threads by the ts of their first message.
func (p *pages) replies(channel string) map[string][]Message {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	byThread := map[string][]Message{}
	if r := p.w.room(channel); r != nil {
		for _, m := range collect(r.messages, func(m *Message) bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }) {
			byThread[m.ThreadTS] = append(byThread[m.ThreadTS], m)
		}
	}
	return byThread
}

func (p *pages) drawThread(pen *pen, l look) {
	if l.thread == "" {
		return
	}
	pen.open("header", "class", "bar")
	pen.element("h2", "Thread", "tabindex", "-1")
	pen.element("a", "✕", "href", l.at(l.channel, ""), "data-go", "", "data-thread-close", "", "class", "icon", "aria-label", "Close thread")
	pen.end("header")
	pen.open("div", "class", "scroll", "id", "replies", "data-key", l.thread, "tabindex", "0", "role", "log", "aria-live", "off", "aria-label", "Thread")
	pen.conversation(conversation{messages: p.visible(l, p.w.Thread(l.channel.ID, l.thread), l.thread), file: p.w.FileBytes})
	pen.end("div")
}

func (p *pages) drawWindow(pen *pen, l look) {
	if v := p.w.Modal(l.as.ID); v != nil {
		pen.modal(*v)
	}
}

// completion is one row of the command box: what it writes, and what it is for.
type completion struct{ Text, About string }

// example is a command to show: the manifest's first.
func (p *pages) example() string {
	if all := p.completions(); len(all) > 0 {
		return all[0].Text
	}
	return "/command"
}

// completions are the manifest's commands, and one row more for each of the words that a usage hint like "[help|stop]" separates.
func (p *pages) completions() []completion {
	var m struct {
		Features struct {
			Commands []struct {
				Command     string `json:"command"`
				Description string `json:"description"`
				Hint        string `json:"usage_hint"`
			} `json:"slash_commands"`
		} `json:"features"`
	}
	_ = json.Unmarshal(p.w.o.Manifest, &m) // New refused a manifest that is not JSON
	var all []completion
	for _, c := range m.Features.Commands {
		all = append(all, completion{c.Command, c.Description})
		if !strings.Contains(c.Hint, "|") {
			continue
		}
		for word := range strings.SplitSeq(strings.Trim(strings.TrimSpace(c.Hint), "[]"), "|") {
			all = append(all, completion{Text: c.Command + " " + strings.TrimSpace(word)})
		}
	}
	return all
}
