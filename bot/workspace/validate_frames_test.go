package workspace

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// letters is a text of n characters that takes more bytes than that.
func letters(n int) string { return strings.Repeat("ä", n) }

func plainOf(n int) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, letters(n)) }

func mrkdwnOf(n int) string { return fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, letters(n)) }

// numbered joins n copies of item, whose %d is the number of the copy.
func numbered(n int, item string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = strings.ReplaceAll(item, "%d", fmt.Sprint(i))
	}
	return "[" + strings.Join(items, ",") + "]"
}

// shown is where a test's blocks stand; each judges a list of blocks in JSON.
var shown = map[surface]struct {
	at    string
	judge func(blocks string) []Problem
}{
	onMessage: {"/blocks", func(blocks string) []Problem { return ValidateMessage(json.RawMessage(blocks)) }},
	onModal:   {"/view/blocks", func(blocks string) []Problem { return ValidateView(json.RawMessage(modalOf(blocks))) }},
	onHome:    {"/view/blocks", func(blocks string) []Problem { return ValidateView(json.RawMessage(homeOf(blocks))) }},
}

func modalOf(blocks string) string {
	return `{"type":"modal","title":` + plainOf(24) + `,"submit":` + plainOf(24) + `,"close":` + plainOf(24) + `,"blocks":` + blocks + `}`
}

func homeOf(blocks string) string { return `{"type":"home","blocks":` + blocks + `}` }

const (
	optionJSON = `{"text":{"type":"plain_text","text":"One"},"value":"v%d"}`
	buttonJSON = `{"type":"button","action_id":"a%d","text":{"type":"plain_text","text":"Go"}}`
	labelJSON  = `{"type":"plain_text","text":"Label"}`
)

// The frames put an element, an object or rich text into the smallest block that holds it.

func inActions(element string) string { return `{"type":"actions","elements":[` + element + `]}` }

func inSection(accessory string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":` + accessory + `}`
}

func inInput(element string) string {
	return `{"type":"input","label":` + labelJSON + `,"element":` + element + `}`
}

func inButton(fields string) string {
	return inActions(`{"type":"button","text":` + labelJSON + `,` + fields + `}`)
}

func inConfirm(title, text, yes, no string) string {
	return inButton(fmt.Sprintf(`"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}`, title, text, yes, no))
}

func inMenu(options string) string {
	return inActions(`{"type":"static_select","options":` + options + `}`)
}

func inGroups(group string) string {
	return inActions(`{"type":"static_select","option_groups":[{` + group + `}]}`)
}

func inRich(element string) string { return `{"type":"rich_text","elements":[` + element + `]}` }

func inLine(piece string) string {
	return inRich(`{"type":"rich_text_section","elements":[` + piece + `]}`)
}

func inChart(chart string) string {
	return `{"type":"data_visualization","title":"Visits","chart":` + chart + `}`
}

func inBars(categories, series string) string {
	return inChart(`{"type":"bar","axis_config":{"categories":` + categories + `},"series":` + series + `}`)
}

func urlOf(n int) string { return "https://x.example/" + letters(n-len("https://x.example/")) }

func videoOf(title string) string {
	return `{"type":"video","alt_text":"a","thumbnail_url":"https://x.example/t.png","video_url":"https://x.example/v",` + title + `}`
}

func wantOne(t *testing.T, got []Problem, at, says string) {
	t.Helper()
	if len(got) != 1 || got[0].Pointer != at || got[0].Message != says {
		t.Errorf("want one problem %q at %s, got %+v", says, at, got)
	}
}
