package bot

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// illustrate puts a picture onto the cards of ps. It is shared in a card's thread first: there everybody in the room may see it, which Slack wants
// before it stands on the card, and there it stays when the card cannot take it. A card that does not stand yet is posted in words, and its notice
// is asked for again. The numbers are on the card in words too, so what fails here is logged, and tried when the card is next drawn.
func (b *Bot) illustrate(ctx context.Context, n engine.Notice, ps []parcel, p blocks.Picture, with func(file string) blocks.Message) error {
	for i := range ps {
		card := &ps[i].Card
		switch {
		case card.TS == "" && untilDay(b.Clock.Now(), ps[i].Day) > 0:
			continue
		case card.TS == "":
			ps[i].Follow = append(ps[i].Follow, engine.Notice{Kind: n.Kind, Subject: n.Subject, Due: b.Clock.Now()})
			continue
		case n.Attempts >= withPicture: // perhaps it is the picture that Slack does not take: it must not hold up the words
			continue
		}
		file, sum, _ := strings.Cut(card.Version, " ")
		if file == "" || sum != p.Sum() {
			var err error
			if file, err = b.share(ctx, *card, p); err != nil {
				b.Log.Warn("a chart could not be put into its thread", "step", "outbox", "kind", n.Kind, "subject", n.Subject, "err", err)
				continue
			}
			card.Version = file + " " + p.Sum()
			if err := b.Store.SaveCard(ctx, *card); err != nil { // before anything else fails, or it would be shared twice
				return err
			}
		}
		if !b.worked(ctx, file) {
			b.Log.Warn("Slack takes long with a chart, or it was removed; it is not put onto its card", "step", "outbox", "kind", n.Kind, "subject", n.Subject)
			continue
		}
		ps[i].Message = with(file)
	}
	return nil
}

// withPicture is how often a card is sent with its picture before it is sent without.
const withPicture = 3

// share puts a picture into the thread of a card.
func (b *Bot) share(ctx context.Context, card engine.Card, p blocks.Picture) (file string, err error) {
	if err := b.paced.post(ctx, card.Channel); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	f, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: p.Name, Title: p.Title, AltTxt: p.Alt, Reader: bytes.NewReader(p.PNG), FileSize: len(p.PNG), Channel: card.Channel, ThreadTimestamp: card.TS,
	})
	if err != nil {
		return "", err
	}
	return f.ID, nil
}

// looksForFile is how long before each look whether Slack has worked on a file: one that is named too early is refused.
var looksForFile = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

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
