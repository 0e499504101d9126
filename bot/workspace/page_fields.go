package workspace

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// entry is one element of a view or message as the page's form holds it: what was typed, or the value of an option chosen. Several
// options chosen are several entries.
type entry struct {
	Block  string   `json:"block"`
	Action string   `json:"action"`
	Values []string `json:"values"`
}

// gathered gives entries as Submit and Click take them: a list of texts for each block and action. Elements in which nothing is chosen
// send an empty entry, which empties them; an element without any keeps what it began with.
func gathered(entries []entry) map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, e := range entries {
		if all[e.Block] == nil {
			all[e.Block] = map[string]any{}
		}
		before, _ := all[e.Block][e.Action].([]string)
		all[e.Block][e.Action] = append(before, slices.DeleteFunc(e.Values, func(v string) bool { return v == "" })...)
	}
	return all
}

// restored gives an element what the person last sent in its place, so that an error or a reload loses no typing.
func (p *pen) restored(e element, block string) element {
	sent, ok := p.state[block][e.ActionID]
	if !ok {
		return e
	}
	var plain any
	if json.Unmarshal(encode(sent), &plain) != nil {
		return e
	}
	if whole, is := plain.(map[string]any); is {
		plain = whole[holders[e.Type].key]
	}
	e.InitialOption, e.InitialOptions, e.InitialUsers, e.InitialUser, e.InitialChannel, e.InitialConversation = nil, nil, nil, "", "", ""
	e.InitialValue, e.InitialDate, e.InitialTime, e.InitialDateTime = "", "", "", 0
	for _, text := range textsOf(plain) {
		e.InitialOptions = append(e.InitialOptions, option{Value: text})
		e.InitialValue, e.InitialDate, e.InitialTime, e.InitialDateTime = text, text, text, p.seconds(text)
	}
	return e
}

// seconds reads Unix seconds, or a date and time as a browser's field writes them; 0 if it is neither.
func (p *pen) seconds(s string) int64 {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	t, err := time.ParseInLocation(localTime, s, p.now.Location())
	if err != nil {
		return 0
	}
	return t.Unix()
}
