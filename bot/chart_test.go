package bot

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// gallery is a Slack that takes pictures, works on each for some looks, and may refuse edits that hold one.
type gallery struct {
	wall
	looks  int // after how many looks a picture is ready; less than zero for never
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
	if g.looks--; g.looks != 0 {
		return &slack.File{}, nil, nil, nil
	}
	return &slack.File{Mimetype: "image/png"}, nil, nil, nil
}

func (g *gallery) UpdateMessageContext(ctx context.Context, channel, ts string, o ...slack.MsgOption) (string, string, string, error) {
	if g.refuse--; g.refuse >= 0 {
		g.calls = append(g.calls, "refused edit")
		return "", "", "", slack.SlackErrorResponse{Err: "invalid_blocks"}
	}
	return g.wall.UpdateMessageContext(ctx, channel, ts, o...)
}

func TestAChartFollowsItsCard(t *testing.T) {
	numbers := blocks.Picture{Alt: "12 weeks", PNG: []byte("png")}
	const stood = "F0CHART001 "
	for name, c := range map[string]struct {
		g       gallery
		version string // of a card that stands already; "" posts one
		want    []string
		kept    string // the version that the store knows in the end
	}{
		"shared, worked on, put on the card": {gallery{looks: 2}, "", []string{"post to reports", "share in reports 1.0: 12 weeks", "edit reports 1.0"}, stood + numbers.Sum()},
		"never worked on: the thread alone":  {gallery{looks: -1}, "", []string{"post to reports", "share in reports 1.0: 12 weeks"}, stood + numbers.Sum()},
		"Slack is broken: the words alone":   {gallery{broken: true}, "", []string{"post to reports", "share in reports 1.0: 12 weeks"}, ""},
		"drawn again: not shared again":      {gallery{}, stood + numbers.Sum(), []string{"edit reports 9.0"}, stood + numbers.Sum()},
		"other numbers: another picture":     {gallery{looks: 1}, stood + "00000000", []string{"edit reports 9.0", "share in reports 9.0: 12 weeks", "edit reports 9.0"}, stood + numbers.Sum()},
		"the card cannot take it":            {gallery{refuse: 1}, stood + numbers.Sum(), []string{"refused edit", "edit reports 9.0"}, stood + numbers.Sum()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "2025-W47"}}}
				b := posting(t, &c.g.wall, store, func(n engine.Notice) []parcel {
					card := engine.Card{Kind: n.Kind, Subject: n.Subject}
					if c.version != "" {
						card.Channel, card.TS, card.Version = "reports", "9.0", c.version
					}
					with := func(string) blocks.Message { return blocks.Say("with") }
					return []parcel{{Room: "reports", Card: card, Message: blocks.Say("hello"), Chart: &chart{Picture: numbers, With: with, Without: blocks.Say("without")}}}
				})
				b.api = &c.g
				if _, err := b.flush(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, c.g.calls); diff != "" {
					t.Error(diff)
				}
				if got := store.cards[len(store.cards)-1].Version; got != c.kept {
					t.Errorf("the store knows %q, want %q", got, c.kept)
				}
				if len(store.due) != 0 {
					t.Error("the notice is not done")
				}
			})
		})
	}
}

// Anything else than the picture that Slack does not take is put off, as ever.
func TestAnInvalidCardWithoutAChartIsPutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gallery{refuse: 9}
		store := &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a"}}}
		b := posting(t, &g.wall, store, func(n engine.Notice) []parcel {
			return []parcel{{Card: engine.Card{Kind: n.Kind, Channel: "reports", TS: "9.0"}, Message: blocks.Say("hello")}}
		})
		b.api = g
		if _, err := b.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(store.due) != 1 || !slices.Equal(g.calls, []string{"refused edit"}) {
			t.Errorf("%v, %d left", g.calls, len(store.due))
		}
	})
}
