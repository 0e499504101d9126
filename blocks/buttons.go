package blocks

import (
	"fmt"

	"github.com/slack-go/slack"
)

// button is one button; label is at most 20 characters, and ends in … when it opens a window.
func button(id ID, label string, value fmt.Stringer) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(string(id), value.String(), plainText(label))
}

// primary marks the button that most people press; at most one a card.
func primary(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return b.WithStyle(slack.StylePrimary)
}

// web is a button that opens an address in the browser; nil for what is no address.
func web(label, to string) slack.BlockElement {
	link, _, ok := address(to)
	if !ok {
		return nil
	}
	return slack.NewButtonBlockElement(string(IDLink), "", plainText(label)).WithURL(link)
}

// actions is a row of buttons, of those that are there; nil for none.
func actions(es ...slack.BlockElement) slack.Block {
	var there []slack.BlockElement
	for _, e := range es {
		if e != nil {
			there = append(there, e)
		}
	}
	if len(there) == 0 {
		return nil
	}
	return slack.NewActionBlock("", there...)
}

// menuRows are the rows that a ⋯ menu can have. Nothing in it acts at once: each opens a window.
var menuRows = []struct {
	id    ID
	code  string // in its value, where room is short
	label string
}{
	{IDWhy, "why", "Why this one…"},
	{IDRule, "rule", "Why this rule…"},
	{IDLimit, "limit", "Change the rule…"},
	{IDTime, "time", "Another time…"},
	{IDNow, "now", "Publish now…"},
	{IDPause, "pause", "Pause the task…"},
	{IDDetails, "all", "Details…"},
}

// menu is the ⋯ menu with the given rows, all about v.
func menu(v Value, rows ...ID) slack.BlockElement {
	all := make([]menuRow, len(rows))
	for i, id := range rows {
		all[i] = menuRow{id, v}
	}
	return menuOf(all...)
}

// menuRow is one row of a ⋯ menu, and what it is about.
type menuRow struct {
	id ID
	of Value
}

// menuOf is the ⋯ menu whose rows are about different things.
func menuOf(rows ...menuRow) slack.BlockElement {
	var options []*slack.OptionBlockObject
	for _, r := range rows {
		for _, m := range menuRows {
			if m.id == r.id {
				options = append(options, slack.NewOptionBlockObject(menuValue(m.code, r.of), plainText(m.label), nil))
			}
		}
	}
	return slack.NewOverflowBlockElement(string(IDMenu), options...)
}
