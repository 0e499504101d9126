package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"koira/bot/workspace"
)

// transcript writes down what a person in the workspace would have seen: what rang, what people did, and what came of it.
type transcript struct {
	w     io.Writer
	space *workspace.Workspace
	zone  *time.Location
	day   int
	told  map[string]bool   // messages, by where they stand
	about workspace.Message // the message whose button was pressed last, as it was then
}

func newTranscript(w io.Writer, space *workspace.Workspace, zone *time.Location) *transcript {
	return &transcript{w: w, space: space, zone: zone, told: map[string]bool{}}
}

func (t *transcript) line(now time.Time, day int, text string) {
	now = now.In(t.zone)
	if day != t.day {
		t.day = day
		fmt.Fprintf(t.w, "\nDay %d · %s\n", day, now.Format("Mon 2 Jan 2006"))
	}
	fmt.Fprintf(t.w, "%s  %s\n", now.Format("15:04"), text)
}

func (t *transcript) say(now time.Time, day int, text string) { t.line(now, day, "— "+text) }
func (t *transcript) act(now time.Time, day int, text string) { t.line(now, day, text) }

// sent is a window that somebody submits: its title, and what they filled in.
func (t *transcript) sent(now time.Time, day int, who string, v *workspace.View, values map[string]map[string]any) {
	var shape struct {
		Title  struct{ Text string }
		Submit struct{ Text string }
	}
	json.Unmarshal(v.Raw, &shape)
	var filled []string
	for k, x := range values {
		for _, y := range x {
			filled = append(filled, fmt.Sprintf("%s = %s", k, strings.Join(y.([]string), " + ")))
		}
	}
	slices.Sort(filled)
	with := ""
	if len(filled) > 0 {
		with = " with " + strings.Join(filled, ", ")
	}
	t.line(now, day, fmt.Sprintf("%s presses [%s] in the window %q%s", who, cmp.Or(shape.Submit.Text, "Submit"), shape.Title.Text, with))
}

// news are the messages that were not there before, a line each.
func (t *transcript) news(now time.Time, day int) {
	for _, r := range t.space.Channels() {
		for _, m := range t.space.Messages(r.ID) {
			key := m.Channel + m.TS
			if t.told[key] {
				continue
			}
			t.told[key] = true
			where := "#" + r.Name
			if r.User != "" {
				where = "to " + t.name(r.User)
			}
			t.line(now, day, fmt.Sprintf("   koira, %s: %s", where, t.brief(m.Text)))
		}
	}
}

// answers are what only the one who acted sees, and the words that the card under their finger has now.
func (t *transcript) answers(who, id string) {
	if id == "" {
		return
	}
	for _, r := range t.space.Channels() {
		for _, m := range t.space.Ephemerals(id, r.ID) {
			if key := m.Channel + m.TS + id; !t.told[key] {
				t.told[key] = true
				fmt.Fprintf(t.w, "          → only %s sees: %s\n", who, t.brief(m.Text))
			}
		}
	}
	if t.about.TS != "" {
		for _, m := range t.space.Thread(t.about.Channel, t.about.TS) {
			if m.TS == t.about.TS && m.Text != t.about.Text {
				fmt.Fprintf(t.w, "          → %s\n", t.brief(m.Text))
				t.about = m
			}
		}
	}
	if v := t.space.Modal(id); v != nil && (len(v.Errors) > 0 || v.Notice != "") {
		fmt.Fprintf(t.w, "          → the window says: %v %s\n", v.Errors, t.plain(v.Notice))
	}
}

// whole is a message as it stands, block by block.
func (t *transcript) whole(m workspace.Message) {
	var bs []map[string]any
	json.Unmarshal(m.Blocks, &bs)
	for _, b := range bs {
		if b["type"] == "actions" || b["type"] == "divider" {
			continue
		}
		for _, l := range strings.Split(strings.TrimSpace(texts(b)), "\n") {
			if l = t.plain(strings.TrimSpace(l)); l != "" && l != "mrkdwn" && l != "plain_text" {
				fmt.Fprintf(t.w, "          | %s\n", l)
			}
		}
	}
}

func (t *transcript) name(user string) string {
	for _, p := range t.space.People() {
		if p.ID == user {
			return p.Name
		}
	}
	return user
}

// mention is how Slack writes a person in a text.
var mention = regexp.MustCompile(`<@([A-Z0-9]+)>`)

var escaped = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// plain is a text as people read it: with names, and without the way in which Slack writes some signs.
func (t *transcript) plain(text string) string {
	text = mention.ReplaceAllStringFunc(text, func(m string) string { return "@" + t.name(m[2:len(m)-1]) })
	return escaped.Replace(text)
}

// brief is the first line of a text, and not too much of it.
func (t *transcript) brief(text string) string {
	text, _, _ = strings.Cut(t.plain(text), "\n")
	r := []rune(text)
	if len(r) > 130 {
		return strings.TrimSpace(string(r[:129])) + "…"
	}
	return text
}
