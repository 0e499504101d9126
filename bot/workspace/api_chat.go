package workspace

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxText       = 40_000 // characters; a posted text is cut there
	maxUpdateText = 4_000  // characters; chat.update refuses more
	maxMetadata   = 8_000  // bytes
)

// content is what an app says: in a call, through a response_url, or with its acknowledgement.
type content struct {
	text               string
	blocks             json.RawMessage
	metadata           json.RawMessage
	hasText, hasBlocks bool
	hasMetadata        bool
}

// read takes the content from a call's arguments and refuses what Slack would refuse in it.
func (w *Workspace) read(a args) (content, error) {
	c := content{text: cut(a["text"], maxText), hasText: a["text"] != ""}
	if raw := a["blocks"]; raw != "" && raw != "null" {
		blocks, err := w.blocks(json.RawMessage(raw))
		if err != nil {
			return c, err
		}
		c.blocks, c.hasBlocks = blocks, true
	}
	if attached := a["attachments"]; attached != "" && attached != "[]" && attached != "null" {
		return c, refuse("invalid_attachments") // not drawn here, so better refused than lost
	}
	return c, c.readMetadata(a["metadata"])
}

// blocks checks a message's blocks and gives an id to those that have none. An empty list becomes nil.
func (w *Workspace) blocks(raw json.RawMessage) (json.RawMessage, error) {
	problems := validateMessageBlocks(raw)
	if len(problems) == 0 {
		problems = w.fileProblems("/blocks", raw)
	}
	if len(problems) > 0 {
		return nil, refuseBlocks(problems)
	}
	return w.nameBlocks(raw), nil
}

func refuseBlocks(problems []Problem) error {
	body := invalidBlocks(problems)
	code, _ := body["error"].(string)
	return &refusal{code, body}
}

// nameBlocks draws a block_id for each block that has none, and leaves all other bytes alone.
func (w *Workspace) nameBlocks(raw json.RawMessage) json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return nil
	}
	unnamed := false
	for i, b := range list {
		var named struct {
			ID string `json:"block_id"`
		}
		if json.Unmarshal(b, &named) == nil && named.ID == "" {
			unnamed = true
			rest := bytes.TrimPrefix(bytes.TrimSpace(b), []byte("{"))
			list[i] = slices.Concat([]byte(`{"block_id":"`+w.letters(5)+`",`), rest)
		}
	}
	if !unnamed {
		return raw
	}
	return slices.Concat([]byte("["), bytes.Join(rawBytes(list), []byte(",")), []byte("]"))
}

func rawBytes(list []json.RawMessage) [][]byte {
	all := make([][]byte, len(list))
	for i, b := range list {
		all[i] = b
	}
	return all
}

func (c *content) readMetadata(raw string) error {
	if raw == "" || raw == "null" {
		return nil
	}
	var m struct {
		EventType    string                     `json:"event_type"`
		EventPayload map[string]json.RawMessage `json:"event_payload"`
	}
	switch err := json.Unmarshal([]byte(raw), &m); {
	case err != nil:
		return refuse("invalid_metadata_format")
	case len(raw) > maxMetadata:
		return refuse("metadata_too_large")
	case m.EventType == "" && len(m.EventPayload) == 0: // how a client says "none"
		c.hasMetadata = raw == "{}"
		return nil
	case m.EventType == "" || m.EventPayload == nil:
		return refuse("invalid_metadata_schema")
	}
	c.metadata, c.hasMetadata = json.RawMessage(raw), true
	return nil
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// target finds the room that a channel argument names: an id, a channel's name, or a user for the direct messages with them.
func (w *Workspace) target(channel string) (*room, error) {
	name := strings.TrimPrefix(channel, "#")
	for _, r := range w.rooms {
		if channel != "" && (r.ID == channel || r.User == channel || r.User == "" && r.Name == name) && !r.hidden() {
			return r, nil
		}
	}
	return nil, refuse("channel_not_found")
}

func (w *Workspace) room(id string) *room {
	i := slices.IndexFunc(w.rooms, func(r *room) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return w.rooms[i]
}

func (w *Workspace) postMessage(a args) (result, error) {
	r, err := w.target(a["channel"])
	if err == nil {
		err = w.enter(r)
	}
	if err != nil {
		return nil, err
	}
	c, err := w.read(a)
	if err != nil {
		return nil, err
	}
	if !c.hasText && len(c.blocks) == 0 {
		return nil, refuse("no_text")
	}
	m := &Message{Channel: r.ID, User: w.bot, Text: c.text, Blocks: c.blocks, Metadata: c.metadata}
	if a["thread_ts"] != "" {
		parent := r.find(a["thread_ts"])
		if parent == nil {
			return nil, refuse("thread_not_found")
		}
		m.ThreadTS, m.Broadcast = threadOf(parent), a.yes("reply_broadcast")
	}
	w.post(r, m)
	return c.warned(result{"channel": r.ID, "ts": m.TS, "message": w.wire(r, m, true)}), nil
}

// post stamps a message and puts it into its room.
func (w *Workspace) post(r *room, m *Message) {
	m.TS = w.stamp()
	r.add(m)
	w.bump()
}

// threadOf returns the thread that an answer to this message goes to: Slack has no threads in threads.
func threadOf(m *Message) string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

// warned adds Slack's warning about blocks without the text that notifications and screen readers need.
func (c content) warned(res result) result {
	if c.hasBlocks && len(c.blocks) > 0 && !c.hasText {
		res["warning"] = "missing_text_in_message"
		res["response_metadata"] = map[string]any{"warnings": []string{"missing_text_in_message"}}
	}
	return res
}

func (w *Workspace) postEphemeral(a args) (result, error) {
	r, err := w.target(a["channel"])
	if err == nil {
		err = w.enter(r)
	}
	if err != nil {
		return nil, err
	}
	c, err := w.read(a)
	if err != nil {
		return nil, err
	}
	_, known := w.person(a["user"])
	switch {
	case !known || r.User != "" && r.User != a["user"]:
		return nil, refuse("user_not_in_channel")
	case !c.hasText && len(c.blocks) == 0:
		return nil, refuse("no_text")
	}
	m := &Message{Channel: r.ID, User: w.bot, Text: c.text, Blocks: c.blocks, ThreadTS: a["thread_ts"], Ephemeral: a["user"]}
	w.post(r, m)
	return c.warned(result{"message_ts": m.TS}), nil
}

// own finds a message that the bot itself posted for everyone.
func (w *Workspace) own(a args, foreign string) (*room, *Message, error) {
	r, err := w.target(a["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := r.find(a["ts"])
	switch {
	case m == nil:
		return nil, nil, refuse("message_not_found")
	case m.User != w.bot:
		return nil, nil, refuse(foreign)
	}
	return r, m, nil
}

func (w *Workspace) updateMessage(a args) (result, error) {
	r, m, err := w.own(a, "cant_update_message")
	if err == nil && r.state.Archived {
		err = refuse("is_inactive")
	}
	if err != nil {
		return nil, err
	}
	c, err := w.read(a)
	switch {
	case err != nil:
		return nil, err
	case utf8.RuneCountInString(a["text"]) > maxUpdateText:
		return nil, refuse("msg_too_long")
	case !c.hasText && !c.hasBlocks && !c.hasMetadata, c.hasBlocks && len(c.blocks) == 0 && !c.hasText && m.Text == "":
		return nil, refuse("no_text")
	}
	c.apply(m)
	m.Edited = w.stamp()
	w.bump()
	return c.warned(result{"channel": r.ID, "ts": m.TS, "text": m.Text, "message": w.wire(r, m, true)}), nil
}

// apply writes the content over a message by Slack's rules: text alone takes the blocks away, neither leaves both, metadata stays
// unless given.
func (c content) apply(m *Message) {
	if c.hasText || c.hasBlocks {
		m.Blocks = c.blocks
	}
	if c.hasText {
		m.Text = c.text
	}
	if c.hasMetadata {
		m.Metadata = c.metadata
	}
}

func (w *Workspace) deleteMessage(a args) (result, error) {
	r, m, err := w.own(a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	r.remove(m)
	w.bump()
	return result{"channel": r.ID, "ts": m.TS}, nil
}

func (w *Workspace) permalink(a args) (result, error) {
	r, err := w.target(a["channel"])
	if err != nil {
		return nil, err
	}
	m := r.find(a["message_ts"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := w.base + "/archives/" + r.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + r.ID
	}
	return result{"channel": r.ID, "permalink": link}, nil
}
