package workspace

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// holder is how an element takes what a person puts into it: under which key, one or several, and how a text becomes the value.
type holder struct {
	key  string
	many bool
	take func(*Workspace, control, string) (any, error)
}

// holders are the elements that hold a value. To add one: a row, and how it takes a text if no other does so.
var holders = map[string]holder{
	"plain_text_input":           {"value", false, takeText},
	"email_text_input":           {"value", false, takeEmail},
	"url_text_input":             {"value", false, takeURL},
	"number_input":               {"value", false, takeNumber},
	"rich_text_input":            {"rich_text_value", false, takeRichText},
	"static_select":              {"selected_option", false, takeOption},
	"radio_buttons":              {"selected_option", false, takeOption},
	"multi_static_select":        {"selected_options", true, takeOption},
	"checkboxes":                 {"selected_options", true, takeOption},
	"users_select":               {"selected_user", false, takeUser},
	"multi_users_select":         {"selected_users", true, takeUser},
	"channels_select":            {"selected_channel", false, takeChannel},
	"multi_channels_select":      {"selected_channels", true, takeChannel},
	"conversations_select":       {"selected_conversation", false, takeChannel},
	"multi_conversations_select": {"selected_conversations", true, takeChannel},
	"datepicker":                 {"selected_date", false, takeDate},
	"timepicker":                 {"selected_time", false, takeTime},
	"datetimepicker":             {"selected_date_time", false, takeDateTime},
}

// fill returns the state value of an element after a person chose something: a text, a number, a list of texts, nothing, or a whole
// state value as payloads hold it.
func (w *Workspace) fill(c control, chosen any) (map[string]any, error) {
	h, ok := holders[c.kind]
	if !ok {
		return nil, fmt.Errorf("a %s takes no value", c.kind)
	}
	if state, whole := chosen.(map[string]any); whole {
		chosen = state[h.key]
	}
	texts := textsOf(chosen)
	if len(texts) > 1 && !h.many {
		return nil, fmt.Errorf("a %s takes one value, not %d", c.kind, len(texts))
	}
	if most, ok := c.number("max_selected_items"); ok && len(texts) > most {
		return nil, fmt.Errorf("choose at most %d", most)
	}
	values := []any{}
	for _, t := range texts {
		v, err := h.take(w, c, t)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	state := map[string]any{"type": c.kind, h.key: nil}
	switch {
	case h.many:
		state[h.key] = values
	case len(values) == 1:
		state[h.key] = values[0]
	}
	return state, nil
}

// initial is the state value of an element that nobody touched.
func (c control) initial() map[string]any {
	h := holders[c.kind]
	state := map[string]any{"type": c.kind, h.key: nil}
	if h.many {
		state[h.key] = []any{}
	}
	name := "initial_" + strings.TrimPrefix(strings.TrimPrefix(h.key, "rich_text_"), "selected_")
	if raw := c.raw[name]; len(raw) > 0 && string(raw) != "null" {
		state[h.key] = raw
	}
	return state
}

// empty reports whether a state value holds nothing.
func (c control) empty(state map[string]any) bool {
	switch v := state[holders[c.kind].key].(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case json.RawMessage:
		return string(v) == `""` || string(v) == "[]"
	}
	return false
}

// textsOf flattens what a page or a script gives for an element; of an option it takes the value, and empty texts are nothing.
func textsOf(chosen any) []string {
	var all []string
	switch v := chosen.(type) {
	case nil:
	case string:
		all = []string{v}
	case []string:
		all = v
	case []any:
		for _, item := range v {
			all = append(all, textsOf(item)...)
		}
	case []map[string]any:
		for _, option := range v {
			all = append(all, textsOf(option)...)
		}
	case map[string]any:
		all = textsOf(v["value"])
	case float64:
		all = []string{strconv.FormatFloat(v, 'f', -1, 64)}
	default:
		all = []string{fmt.Sprint(v)}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "" })
}

func takeText(_ *Workspace, c control, s string) (any, error) {
	n := len(utf16.Encode([]rune(s))) // Slack counts as JavaScript does
	if most, ok := c.number("max_length"); ok && n > most || n > 3000 {
		return nil, fmt.Errorf("%d characters are too many", n)
	}
	if least, ok := c.number("min_length"); ok && n < least {
		return nil, fmt.Errorf("must have at least %d characters", least)
	}
	return s, nil
}

func takeEmail(_ *Workspace, _ control, s string) (any, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return nil, fmt.Errorf("%q is not an e-mail address", s)
	}
	return s, nil
}

func takeURL(_ *Workspace, _ control, s string) (any, error) {
	if u, err := url.Parse(s); err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not a link", s)
	}
	return s, nil
}

func takeNumber(_ *Workspace, c control, s string) (any, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || string(c.raw["is_decimal_allowed"]) != "true" && strings.ContainsAny(s, ".eE") {
		return nil, fmt.Errorf("%q is not a number that fits here", s)
	}
	if least, err := strconv.ParseFloat(text(c.raw["min_value"]), 64); err == nil && n < least {
		return nil, fmt.Errorf("must be at least %v", least)
	}
	if most, err := strconv.ParseFloat(text(c.raw["max_value"]), 64); err == nil && n > most {
		return nil, fmt.Errorf("must be at most %v", most)
	}
	return s, nil
}

func takeRichText(_ *Workspace, _ control, s string) (any, error) {
	words := result{"type": "text", "text": s}
	return result{"type": "rich_text", "elements": []result{{"type": "rich_text_section", "elements": []result{words}}}}, nil
}

// takeOption takes an option's value or the text that it shows, and gives the option as the app sent it.
func takeOption(_ *Workspace, c control, s string) (any, error) {
	var byText json.RawMessage
	for _, raw := range c.options() {
		var o map[string]json.RawMessage
		if json.Unmarshal(raw, &o) != nil {
			continue
		}
		if text(o["value"]) == s {
			return raw, nil
		}
		if byText == nil && caption(o["text"]) == s {
			byText = raw
		}
	}
	if byText == nil {
		return nil, fmt.Errorf("there is no option %q", s)
	}
	return byText, nil
}

func takeUser(w *Workspace, _ control, s string) (any, error) {
	for _, person := range w.o.People {
		if person.ID == s || person.Name == strings.TrimPrefix(s, "@") {
			return person.ID, nil
		}
	}
	return nil, fmt.Errorf("there is nobody named %q", s)
}

func takeChannel(w *Workspace, _ control, s string) (any, error) {
	r, err := w.target(s)
	if err != nil {
		return nil, fmt.Errorf("there is no channel %q", s)
	}
	return r.ID, nil
}

func takeDate(_ *Workspace, _ control, s string) (any, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return nil, fmt.Errorf("%q is not a date like 2025-11-24", s)
	}
	return s, nil
}

func takeTime(_ *Workspace, _ control, s string) (any, error) {
	if _, err := time.Parse("15:04", s); err != nil {
		return nil, fmt.Errorf("%q is not a time like 09:10", s)
	}
	return s, nil
}

// takeDateTime takes Unix seconds, or a date and time in the page's zone as a browser's field writes them.
func takeDateTime(w *Workspace, _ control, s string) (any, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", s, w.o.Zone)
	if err != nil {
		return nil, fmt.Errorf("%q is not a date and time", s)
	}
	return t.Unix(), nil
}
