package blocks

import (
	"cmp"
	"github.com/slack-go/slack"
)

// fieldMax is how many characters one field of Slack's holds.
const fieldMax = 3000

// field is one line, or several, to write in. Its action id is its block id, so that both name it in what comes back.
func field(id, label string, initial string, longest int, multiline, optional bool) *slack.InputBlock {
	e := slack.NewPlainTextInputBlockElement(nil, id)
	e.InitialValue, e.MaxLength, e.Multiline = initial, min(longest, fieldMax), multiline
	return slack.NewInputBlock(id, plainText(plain(label, 150)), nil, e).WithOptional(optional)
}

func hint(b *slack.InputBlock, s string) *slack.InputBlock {
	if s != "" {
		b.Hint = plainText(plain(s, 300))
	}
	return b
}

func linkField(label, hintText string) *slack.InputBlock {
	return hint(slack.NewInputBlock(FieldLink, plainText(label), nil, slack.NewURLTextInputBlockElement(nil, FieldLink)), hintText)
}

// boxes are one box to tick, or several.
func boxes(id, label string, optional bool, options ...*slack.OptionBlockObject) *slack.InputBlock {
	return slack.NewInputBlock(id, plainText(label), nil, slack.NewCheckboxGroupsBlockElement(id, options...)).WithOptional(optional)
}

func option(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plainText(cmp.Or(plain(text, 75), unsaid)), nil)
}

// entry is what came back in a field.
func entry(v slack.View, id string) slack.BlockAction {
	if v.State == nil {
		return slack.BlockAction{}
	}
	return v.State.Values[id][id]
}

// ReadLink returns the link that was typed into PostedWindow or LiveWindow, as it was typed.
func ReadLink(v slack.View) string { return entry(v, FieldLink).Value }

// ReadNote returns the words that were typed into a window's note.
func ReadNote(v slack.View) string { return entry(v, FieldNote).Value }

// ReadChecked reports whether the one box of ResendWindow or LevelWindow is ticked.
func ReadChecked(v slack.View) bool {
	return len(entry(v, FieldLooked).SelectedOptions)+len(entry(v, FieldRead).SelectedOptions) > 0
}
