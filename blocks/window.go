package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine/report"
)

// window is one modal. Its title and its buttons hold at most 24 characters each; submit "" makes one that is only read.
func window(title, submit string, callback Callback, m Meta, bs ...slack.Block) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainText(plain(title, 24)), Close: plainText("Close"), CallbackID: string(callback),
		Blocks: slack.Blocks{BlockSet: there(bs)},
	}
	if m.ID != "" {
		v.PrivateMetadata = m.String()
	}
	if submit != "" {
		v.Submit, v.Close = plainText(plain(submit, 24)), plainText("Cancel")
	}
	return v
}

// meta is what a window about a piece carries.
func meta(v report.PieceView, at Place) Meta {
	return Meta{ID: v.Output.ID, Digest: v.Output.Digest, Reaches: v.Audience, Channel: at.Channel, TS: at.TS, Week: at.Week, Began: at.Began}
}

// OpeningWindow stands until its content is read: a window must open within three seconds of the press.
func OpeningWindow(title string) slack.ModalViewRequest {
	return window(title, "", "", Meta{}, section("One moment…"))
}

// SayWindow says one sentence, such as why an act came to nothing. who are the ids of people whom it names as "@id".
func SayWindow(title, text string, who ...string) slack.ModalViewRequest {
	return window(title, "", "", Meta{}, section(naming(text, who)))
}

// repeats says once more what an act that cannot be undone is about: piece, channel, number of people and time, in plain text.
func repeats(v report.PieceView) slack.Block {
	return section(lines(
		dots("*"+says(v.Name, nameMax)+"*", channel(v.Row), title(v.Row)),
		dots(readers(v), where(!v.Slot.IsZero(), "planned "+onDay(v.Slot, v.Frame))),
		where(v.Irreversible, "It cannot be taken back once it is out."),
	))
}
