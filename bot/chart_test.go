package bot

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// gallery is a Slack that takes pictures, works on each for some looks, and may refuse edits.
type gallery struct {
	wall
	looks  int // with which look a picture is ready; 0 for never
	looked int
	refuse int // how many edits are refused as invalid
	broken bool
}

func (g *gallery) UploadFileContext(_ context.Context, p slack.UploadFileParameters) (*slack.FileSummary, error) {
	g.calls = append(g.calls, "share in "+p.Channel+" "+p.ThreadTimestamp+": "+p.AltTxt)
	if g.broken {
		return nil, slack.SlackErrorResponse{Err: "fatal_error"}
	}
	return &slack.FileSummary{ID: "F0CHART001"}, nil
}

func (g *gallery) GetFileInfoContext(context.Context, string, int, int) (*slack.File, []slack.Comment, *slack.Paging, error) {
	if g.looked++; g.looks == 0 || g.looked < g.looks {
		return &slack.File{}, nil, nil, nil
	}
	return &slack.File{Mimetype: "image/png"}, nil, nil, nil
}

func (g *gallery) UpdateMessageContext(_ context.Context, channel, ts string, o ...slack.MsgOption) (string, string, string, error) {
	_, values, _ := slack.UnsafeApplyMsgOptions("", channel, "", o...)
	g.calls = append(g.calls, "edit "+ts+" "+values.Get("text"))
	if g.refuse--; g.refuse >= 0 {
		return "", "", "", slack.SlackErrorResponse{Err: "invalid_blocks"}
	}
	return channel, ts, "", nil
}

// chartBox keeps cards as the store does.
type chartBox struct{ box }

func (b *chartBox) card() engine.Card {
	if len(b.cards) == 0 {
		return engine.Card{}
	}
	return b.cards[len(b.cards)-1]
}

func TestAChartFollowsItsCard(t *testing.T) {
	numbers := blocks.Picture{Alt: "12 weeks", PNG: []byte("png")}
	stood := "F0CHART001 " + numbers.Sum()
	for name, c := range map[string]struct {
		g       gallery
		version string // of a card that stands already; "" posts one
		want    []string
		kept    string // the version that the store knows in the end
	}{
		"shared, worked on, put on the card":  {gallery{looks: 2}, "", []string{"post to reports", "share in reports 1.0: 12 weeks", "edit 1.0 with"}, stood},
		"never worked on: the thread alone":   {gallery{}, "", []string{"post to reports", "share in reports 1.0: 12 weeks", "edit 1.0 words"}, stood},
		"Slack is broken: the words alone":    {gallery{broken: true}, "", []string{"post to reports", "share in reports 1.0: 12 weeks", "edit 1.0 words"}, ""},
		"drawn again: not shared again":       {gallery{looks: 1}, stood, []string{"edit 9.0 with"}, stood},
		"removed since: the words alone":      {gallery{}, stood, []string{"edit 9.0 words"}, stood},
		"other numbers: another picture":      {gallery{looks: 1}, "F0CHART000 00000000", []string{"share in reports 9.0: 12 weeks", "edit 9.0 with"}, stood},
		"refused on the card: the words then": {gallery{looks: 1, refuse: 3}, stood, []string{"edit 9.0 with", "edit 9.0 with", "edit 9.0 with", "edit 9.0 words"}, stood},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &chartBox{box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "2025-W47"}}}}
				if c.version != "" {
					store.cards = []engine.Card{{Kind: "test", Subject: "2025-W47", Channel: "reports", TS: "9.0", Version: c.version}}
				}
				b := posting(t, &c.g.wall, &store.box, nil)
				b.api, b.Store = &c.g, store
				draws["test"] = func(b *Bot, ctx context.Context, n engine.Notice) ([]parcel, error) {
					card := store.card()
					card.Kind, card.Subject = n.Kind, n.Subject
					ps := []parcel{{Room: "reports", Card: card, Message: blocks.Say("words"), Day: &report.Frame{Zone: time.UTC}}}
					return ps, b.illustrate(ctx, n, ps, numbers, func(string) blocks.Message { return blocks.Say("with") })
				}
				time.Sleep(10 * time.Hour) // to the day of the business: the bubble begins at midnight
				for range len(c.want) {
					if _, err := b.flush(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Hour)
				}
				got := c.g.calls[:min(len(c.want), len(c.g.calls))]
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
				if store.card().Version != c.kept {
					t.Errorf("the store knows %q, want %q", store.card().Version, c.kept)
				}
				if len(store.due) > 0 {
					t.Errorf("left to do: %+v", store.due)
				}
			})
		})
	}
}
