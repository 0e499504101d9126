package bot

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// chart is a picture that belongs on a card. It is shared in the card's thread first: there everybody in the room may see it, which Slack wants
// before it stands on the card, and there it stays when the card cannot take it.
type chart struct {
	blocks.Picture
	With    func(file string) blocks.Message // the card with the picture
	Without blocks.Message
}

// version is what a card's Version holds once a picture of these numbers stands in its thread.
func (c chart) version(file string) string { return file + " " + c.Sum() }

// file is the picture of these numbers that stands in the card's thread; "" for none.
func (c chart) file(card engine.Card) string {
	file, sum, _ := strings.Cut(card.Version, " ")
	if sum != c.Sum() {
		return ""
	}
	return file
}

// looksForFile is how long after each look the next one follows, until Slack has worked on a file: one that is named too early is refused.
var looksForFile = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// illustrate puts a picture into the thread of its card and then onto the card. The numbers stand on the card in words too, so a failure is logged,
// and what is missing is tried again when the card is next drawn.
func (b *Bot) illustrate(ctx context.Context, card engine.Card, c chart) {
	if c.file(card) != "" {
		return
	}
	file, err := b.share(ctx, card, c)
	if err != nil {
		b.Log.Warn("a chart could not be put into its thread", "step", "outbox", "kind", card.Kind, "subject", card.Subject, "err", err)
		return
	}
	card.Version = c.version(file)
	if err := b.Store.SaveCard(ctx, card); err != nil {
		b.Log.Warn("a chart could not be remembered", "step", "outbox", "kind", card.Kind, "subject", card.Subject, "code", engine.CodeOf(err), "err", err)
		return
	}
	if !b.worked(ctx, file) {
		b.Log.Warn("Slack takes long with a chart; it stands in the thread alone", "step", "outbox", "kind", card.Kind, "subject", card.Subject)
		return
	}
	if _, err := b.deliver(ctx, parcel{Card: card, Message: c.With(file)}); err != nil {
		b.Log.Warn("a chart could not be put onto its card; it stands in the thread alone", "step", "outbox", "kind", card.Kind, "subject", card.Subject, "err", err)
	}
}

func (b *Bot) share(ctx context.Context, card engine.Card, c chart) (file string, err error) {
	if err := b.paced.post(ctx, card.Channel); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	f, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: c.Name, Title: c.Title, AltTxt: c.Alt, Reader: bytes.NewReader(c.PNG), FileSize: len(c.PNG), Channel: card.Channel, ThreadTimestamp: card.TS,
	})
	if err != nil {
		return "", err
	}
	return f.ID, nil
}

// worked waits until Slack has worked on a file, for a while.
func (b *Bot) worked(ctx context.Context, file string) bool {
	for _, pause := range looksForFile {
		if b.Wall.Wait(ctx, pause) != nil {
			return false
		}
		cctx, cancel := context.WithTimeout(ctx, slackCall)
		f, _, _, err := b.api.GetFileInfoContext(cctx, file, 0, 0)
		cancel()
		if err == nil && f.Mimetype != "" {
			return true
		}
	}
	return false
}

// isInvalid reports whether Slack says that the blocks of a message are none.
func isInvalid(err error) bool {
	var r slack.SlackErrorResponse
	return errors.As(err, &r) && slices.Contains([]string{"invalid_blocks", "invalid_blocks_format"}, r.Err)
}
