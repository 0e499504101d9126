package workspace

import (
	"encoding/json"
	"testing"

	"github.com/slack-go/slack"
)

func plainGo(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, true, false)
}

func mrkdwnGo(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

func optionGo(value string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plainGo("Another time…"), plainGo("opens a window"))
}

// TestSlackGoMessagesAreTaken keeps the rules no stricter than what slack-go's own constructors write.
func TestSlackGoMessagesAreTaken(t *testing.T) {
	confirm := slack.NewConfirmationBlockObject(plainGo("Publish now?"), mrkdwnGo("*1,240* people"), plainGo("Publish"), plainGo("Cancel")).WithStyle(slack.StyleDanger)
	button := slack.NewButtonBlockElement("approve", "7:ab12", plainGo("Approve")).WithStyle(slack.StylePrimary).WithConfirm(confirm)
	overflow := slack.NewOverflowBlockElement("more", optionGo("why"), optionGo("time")).WithConfirm(confirm)
	bold := &slack.RichTextSectionTextStyle{Bold: true}
	fallback, target := "tomorrow 09:10", "https://leipa.example"
	for name, block := range map[string]slack.Block{
		"header":                 slack.NewHeaderBlock(plainGo("🔎 Waits for your yes")),
		"section":                slack.NewSectionBlock(mrkdwnGo("If you do nothing, it does not go out."), nil, nil),
		"section that expands":   slack.NewSectionBlock(mrkdwnGo("long"), nil, nil, slack.SectionBlockOptionExpand(true), slack.SectionBlockOptionBlockID("b")),
		"section with fields":    slack.NewSectionBlock(nil, []*slack.TextBlockObject{mrkdwnGo("*4*\nneed you"), plainGo("2 out")}, nil),
		"section with a button":  slack.NewSectionBlock(mrkdwnGo("row"), nil, slack.NewAccessory(button)),
		"section with overflow":  slack.NewSectionBlock(mrkdwnGo("row"), nil, slack.NewAccessory(overflow)),
		"section with a picture": slack.NewSectionBlock(mrkdwnGo("row"), nil, slack.NewAccessory(slack.NewImageBlockElement("https://x.example/a.png", "a"))),
		"section with a menu": slack.NewSectionBlock(mrkdwnGo("row"), nil, slack.NewAccessory(
			slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainGo("Pick"), "pick", optionGo("a"), optionGo("b")).WithInitialOption(optionGo("b")))),
		"context":             slack.NewContextBlock("", mrkdwnGo("Daily social · Bluesky"), plainGo("x"), slack.NewImageBlockElement("https://x.example/a.png", "a")),
		"actions":             slack.NewActionBlock("card:7", button, slack.NewButtonBlockElement("edit", "7", plainGo("Edit…")), slack.NewButtonBlockElement("open", "", plainGo("Open")).WithURL(target), overflow),
		"divider":             slack.NewDividerBlock(),
		"image":               slack.NewImageBlock("http://127.0.0.1:8080/f/a.png", "Visits by week: 100, 112", "", plainGo("Visits")),
		"image of slack file": slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: "F0KOIRA0001"}, "a", "chart", nil),
		"rich text": slack.NewRichTextBlock("copy",
			slack.NewRichTextSection(
				slack.NewRichTextSectionTextElement("Rye bread ", bold),
				slack.NewRichTextSectionLinkElement(target, "leipa.example", nil),
				slack.NewRichTextSectionUserElement("U0MARI0001", nil),
				slack.NewRichTextSectionChannelElement("C0KOIRA0001", nil),
				slack.NewRichTextSectionUserGroupElement("S0KOIRA0001"),
				slack.NewRichTextSectionEmojiElement("bread", 0, nil),
				slack.NewRichTextSectionDateElement(1763971200, "{date_short_pretty} {time}", &target, &fallback),
				slack.NewRichTextSectionDateElement(1763971200, "{ago}", nil, nil),
				slack.NewRichTextSectionBroadcastElement("here"),
				slack.NewRichTextSectionColorElement("#f4a261"),
			),
			slack.NewRichTextList(slack.RTEListBullet, 0, slack.NewRichTextSection(slack.NewRichTextSectionTextElement("one", nil))),
			&slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement("We bake at 10.", nil)}},
			&slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement("x", nil)}},
		),
		"table": slack.NewTableBlock("t").AddRow(slack.NewTableRawTextCell("Week"), slack.NewTableRawNumberCell(47)).
			AddRow(slack.NewTableRichTextCell(slack.NewRichTextSection(slack.NewRichTextSectionTextElement("x", nil))), slack.NewTableRawTextCell("y")).
			WithColumnSettings(slack.ColumnSetting{Align: slack.ColumnAlignmentRight}),
		"pie": slack.NewDataVisualizationBlock("Money", slack.NewDataVisualizationPieChart(slack.NewDataVisualizationSegment("spent", 6.1))),
		"line": slack.NewDataVisualizationBlock("Visits", slack.NewDataVisualizationLineChart(slack.NewDataVisualizationAxisConfig("w46", "w47"),
			slack.NewDataVisualizationDataSeries("visits", slack.NewDataVisualizationDataPoint("w46", 100), slack.NewDataVisualizationDataPoint("w47", 112)))),
		"markdown": slack.NewMarkdownBlock("", "# Week 47"),
	} {
		t.Run(name, func(t *testing.T) {
			raw := asJSON(t, []slack.Block{block})
			if got := ValidateMessage(raw); got != nil {
				t.Errorf("%s is refused: %v", raw, got)
			}
		})
	}
}

func TestSlackGoViewsAreTaken(t *testing.T) {
	inputs := map[string]slack.BlockElement{
		"text":       slack.NewPlainTextInputBlockElement(plainGo("What is true?"), "text").WithMultiline(true).WithMaxLength(3000).WithInitialValue("Rye"),
		"menu":       slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "menu", optionGo("a")),
		"person":     slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plainGo("Who?"), "person"),
		"people":     slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plainGo("Who?"), "people"),
		"channel":    slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plainGo("Where?"), "channel"),
		"many":       slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainGo("Which?"), "many", optionGo("a")),
		"checkboxes": slack.NewCheckboxGroupsBlockElement("serious", slack.NewOptionBlockObject("yes", mrkdwnGo("*serious*"), nil)),
		"radio":      slack.NewRadioButtonsBlockElement("why", optionGo("tone"), optionGo("dull")),
		"date":       slack.NewDatePickerBlockElement("date"),
		"time":       slack.NewTimePickerBlockElement("time"),
		"moment":     slack.NewDateTimePickerBlockElement("moment"),
		"number":     slack.NewNumberInputBlockElement(nil, "number", true).WithMinValue("0").WithMaxValue("7"),
		"email":      slack.NewEmailTextInputBlockElement(plainGo("a@x.example"), "email"),
		"link":       slack.NewURLTextInputBlockElement(plainGo("https://"), "link"),
		"rich":       slack.NewRichTextInputBlockElement(plainGo("x"), "rich"),
		"files":      slack.NewFileInputBlockElement("files"),
	}
	modal := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainGo("Reject"), Submit: plainGo("Reject"), Close: plainGo("Cancel"),
		CallbackID: "reject", PrivateMetadata: `{"output":7}`, NotifyOnClose: true,
	}
	for name, element := range inputs {
		modal.Blocks.BlockSet = append(modal.Blocks.BlockSet, slack.NewInputBlock(name, plainGo(name), plainGo("hint"), element).WithOptional(true))
	}
	modal.Blocks.BlockSet = append(modal.Blocks.BlockSet, slack.NewAlertBlock(mrkdwnGo("Some have seen it."), slack.AlertBlockOptionLevel(slack.AlertLevelWarning)))
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewHeaderBlock(plainGo("Running. 4 things need you.")),
		slack.NewSectionBlock(nil, []*slack.TextBlockObject{mrkdwnGo("*Money*\n€6.10")}, nil),
		slack.NewActionBlock("", slack.NewButtonBlockElement("stop", "all", plainGo("Stop everything…")).WithStyle(slack.StyleDanger)),
		slack.NewImageBlock("https://x.example/a.png", "a", "", nil),
		slack.NewDividerBlock(),
	}}}
	for name, view := range map[string]any{"modal": modal, "home": home} {
		raw := asJSON(t, view)
		if got := ValidateView(raw); got != nil {
			t.Errorf("%s is refused: %v\n%s", name, got, raw)
		}
	}
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
