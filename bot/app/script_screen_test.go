package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"koira/bot/workspace"
)

// holds reports whether a block of that type, or any with "any", or the push text with "text", holds words.
func holds(push string, blocks json.RawMessage, kind, words string) bool {
	if kind == "text" {
		return strings.Contains(push, words)
	}
	var bs []map[string]any
	json.Unmarshal(blocks, &bs)
	return slices.ContainsFunc(bs, func(b map[string]any) bool {
		return (kind == "any" || b["type"] == kind) && (strings.Contains(texts(b), words) || strings.Contains(outgoing(b), words))
	})
}

// outgoing is the text of rich text in one piece, without the words that are struck out: what goes out of a piece that somebody edited.
func outgoing(raw any) string {
	switch v := raw.(type) {
	case []any:
		var b strings.Builder
		for _, x := range v {
			b.WriteString(outgoing(x))
		}
		return b.String()
	case map[string]any:
		style, _ := v["style"].(map[string]any)
		text, _ := v["text"].(string)
		if style["strike"] == true {
			return ""
		}
		return text + outgoing(v["elements"])
	}
	return ""
}

// all are the messages of every room, oldest first: for one person those that they can see, for "" also what only one of them sees.
func (s *script) all(user string) []workspace.Message {
	var ms []workspace.Message
	for _, r := range s.space.Channels() {
		if user != "" && r.User != "" && r.User != user {
			continue
		}
		for _, m := range s.space.Messages(r.ID) {
			ms = append(ms, s.space.Thread(r.ID, m.TS)...)
		}
		for _, p := range cast {
			if user == "" || user == p.ID {
				ms = append(ms, s.space.Ephemerals(p.ID, r.ID)...)
			}
		}
	}
	slices.SortStableFunc(ms, func(a, b workspace.Message) int { return strings.Compare(a.TS, b.TS) })
	return ms
}

// newest is the message that an expectation is about.
func (s *script) newest(where string) (workspace.Message, error) {
	var ms []workspace.Message
	name, private := strings.CutSuffix(where, " sees")
	switch {
	case where == "bot":
		ms = s.all("")
	case where == "thread":
		ms = slices.DeleteFunc(s.all(""), func(m workspace.Message) bool { return m.ThreadTS == "" || m.Ephemeral != "" })
	case where == "thread in drafts":
		ms = slices.DeleteFunc(s.all(""), func(m workspace.Message) bool {
			return m.ThreadTS == "" || m.Ephemeral != "" || m.Channel != s.room("drafts")
		})
	case private:
		for _, m := range s.all(id(name)) {
			if m.Ephemeral != "" || strings.HasPrefix(m.Channel, "D") {
				ms = append(ms, m)
			}
		}
	default:
		ms = s.space.Messages(s.room(where))
	}
	if len(ms) == 0 {
		return workspace.Message{}, fmt.Errorf("no message stands there")
	}
	return ms[len(ms)-1], nil
}

// expect holds the newest message somewhere, a window or a home against words in a kind of block.
func (s *script) expect(m []string) error {
	where, no, kind, words := strings.TrimSuffix(m[1], ":"), m[5] != "", m[6], m[7]
	if err := s.quotes(words); err != nil {
		return err
	}
	var push string
	var blocks json.RawMessage
	if room, ok := strings.CutPrefix(where, "some "); ok {
		there := s.all("")
		if room != "thread" {
			there = s.space.Messages(s.room(room + "s"))
		}
		found := slices.ContainsFunc(there, func(m workspace.Message) bool {
			return (room != "thread" || m.ThreadTS != "") && holds(m.Text, m.Blocks, kind, words)
		})
		if found == no {
			return fmt.Errorf("no %s holds it, or one does", room)
		}
		return nil
	}
	if name, ok := strings.CutSuffix(where, "'s window"); ok {
		blocks = blocksOf(s.space.Modal(id(name)))
	} else if name, ok := strings.CutSuffix(where, "'s home"); ok {
		if s.kill.crashing { // it is brought up to date when it is opened again
			return nil
		}
		blocks = blocksOf(s.space.Home(id(name)))
	} else {
		msg, err := s.newest(where)
		if err != nil {
			return err
		}
		push, blocks = msg.Text, msg.Blocks
	}
	if holds(push, blocks, kind, words) == no {
		return fmt.Errorf("%s: text %q, blocks %s", where, push, blocks)
	}
	return nil
}

// rings counts the messages of a room: each rang once.
func (s *script) rings(m []string) error {
	if got := strconv.Itoa(len(s.space.Messages(s.room(m[1])))); got != m[2] {
		return fmt.Errorf("%s messages stand there", got)
	}
	return nil
}

// files counts the files that stand in threads.
func (s *script) files(m []string) error {
	n := 0
	for _, msg := range s.all("") {
		if msg.ThreadTS != "" {
			n += len(msg.Files)
		}
	}
	if got := strconv.Itoa(n); got != m[1] {
		return fmt.Errorf("%s files stand there", got)
	}
	return nil
}

// click presses the newest, or the first, thing with that label that the person can see.
func (s *script) click(m []string) error {
	user, label, where := id(m[1]), m[3], m[4]
	s.actor = m[1]
	if where == "home" {
		v := s.space.Home(user)
		return s.press(workspace.Click{User: user, View: v.ID}, blocksOf(v), label)
	}
	ms := s.all(user)
	if m[2] == "" {
		slices.Reverse(ms)
	}
	for _, msg := range ms {
		if slices.Contains(rooms, where) && (msg.Channel != s.room(where) || msg.Ephemeral != "") || where == "the answer" && msg.Ephemeral == "" {
			continue
		}
		if m[5] != "" && !strings.Contains(msg.Text, m[5]) {
			continue
		}
		if slices.ContainsFunc(controls(msg.Blocks), func(c control) bool { return c.label == label }) {
			return s.press(workspace.Click{User: user, Channel: msg.Channel, TS: msg.TS}, msg.Blocks, label)
		}
	}
	return fmt.Errorf("%s sees nothing labelled %q", m[1], label)
}

// inWindow presses the first thing of a person's window that is what it should be.
func (s *script) inWindow(name string, is func(control) bool) error {
	s.actor = name
	v := s.space.Modal(id(name))
	if v == nil {
		return fmt.Errorf("%s has no window open", name)
	}
	for _, c := range controls(blocksOf(v)) {
		if is(c) {
			s.used.press(c)
			return s.space.Click(s.ctx, workspace.Click{User: id(name), View: v.ID, Block: c.block, Action: c.action})
		}
	}
	return fmt.Errorf("the window has no such thing")
}

func (s *script) press(c workspace.Click, blocks json.RawMessage, label string) error {
	for _, x := range controls(blocks) {
		if x.label == label {
			c.Block, c.Action = x.block, x.action
			if x.action == "menu" {
				c.Value = x.value
			}
			s.used.press(x)
			return s.space.Click(s.ctx, c)
		}
	}
	return fmt.Errorf("nothing is labelled %q", label)
}

// fill types value into a field; "90 × words" is words ninety times.
func (s *script) fill(name, field, value string) error {
	s.actor = name
	if times, words, ok := strings.Cut(value, " × "); ok {
		n, err := strconv.Atoi(times)
		if err != nil {
			return err
		}
		value = strings.Repeat(words+" ", n)
	}
	if s.filled[name] == nil {
		s.filled[name] = map[string]map[string]any{}
	}
	s.filled[name][field] = map[string]any{field: strings.Split(strings.ReplaceAll(value, `\n`, "\n"), " + ")}
	return nil
}

// submit sends a window in. What the workspace itself does not take, because a field is empty, it marks in the window.
func (s *script) submit(name string) error {
	v := s.space.Modal(id(name))
	if v == nil {
		return fmt.Errorf("%s has no window open", name)
	}
	values := s.filled[name]
	delete(s.filled, name)
	s.used.send(v.CallbackID)
	err := s.space.Submit(s.ctx, id(name), v.ID, values)
	if v = s.space.Modal(id(name)); v != nil && len(v.Errors) > 0 {
		return nil
	}
	return err
}

func (s *script) shut(m []string) error {
	v := s.space.Modal(id(m[1]))
	if v == nil {
		return fmt.Errorf("%s has no window open", m[1])
	}
	return s.space.Close(s.ctx, id(m[1]), v.ID)
}

// windowIs holds a person's window against being closed, or against the errors at its fields.
func (s *script) windowIs(m []string) error {
	v := s.space.Modal(id(m[1]))
	if m[2] == "closed" {
		if v != nil {
			return fmt.Errorf("it is open: %s", v.Raw)
		}
		return nil
	}
	if v == nil {
		return fmt.Errorf("it is closed")
	}
	said := fmt.Sprint(v.Errors, v.Notice)
	if m[2] == "error" && !strings.Contains(said, m[3]) || m[2] == "no error" && len(v.Errors) > 0 {
		return fmt.Errorf("it says %s", said)
	}
	return nil
}

// forge posts, as koira, a message that is no card, with a button of the newest card's.
func (s *script) forge(m []string) error {
	ms := s.space.Messages(s.room(m[2]))
	if len(ms) == 0 {
		return fmt.Errorf("there is no card to forge")
	}
	for _, c := range controls(ms[len(ms)-1].Blocks) {
		if c.action != m[1] {
			continue
		}
		api, _ := s.line.clients(machine{})
		b := slack.NewButtonBlockElement(c.action, c.value, slack.NewTextBlockObject(slack.PlainTextType, "Forged", false, false))
		_, _, err := api.PostMessageContext(s.ctx, s.room("reports"), slack.MsgOptionText("forged", false), slack.MsgOptionBlocks(slack.NewActionBlock("", b)))
		return err
	}
	return fmt.Errorf("the newest card has no %q", m[1])
}

func (s *script) remove(m []string) error {
	ms := s.space.Messages(s.room(m[1]))
	api, _ := s.line.clients(machine{})
	_, _, err := api.DeleteMessageContext(s.ctx, s.room(m[1]), ms[len(ms)-1].TS)
	return err
}

// picture draws what everybody sees, for a failure's reader.
func (s *script) picture() string {
	var b strings.Builder
	for _, m := range s.all("") {
		fmt.Fprintf(&b, "%s %s%s: %s\n", m.TS, m.Channel, map[bool]string{true: " (only " + m.Ephemeral + ")"}[m.Ephemeral != ""], m.Text)
		for _, c := range controls(m.Blocks) {
			fmt.Fprintf(&b, "    [%s]", c.label)
		}
		b.WriteString("\n")
	}
	for _, p := range cast {
		if v := s.space.Modal(p.ID); v != nil {
			fmt.Fprintf(&b, "%s's window: %s %v %s\n", p.Name, v.Raw, v.Errors, v.Notice)
		}
	}
	return b.String()
}
