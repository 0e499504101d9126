package bot

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// picky is a Slack that takes what it likes, and remembers what it took.
type picky struct {
	refuse func(room, blocks string) string // Slack's code, "" takes it
	took   []string                         // room: text blocks
}

func (p *picky) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	room, body := r.Form.Get("channel"), `{"ok":true,"channel":"`+r.Form.Get("channel")+`","ts":"7.0"}`
	if under := r.Form.Get("thread_ts"); under != "" {
		room += " under " + under
	}
	if code := p.refuse(room, r.Form.Get("blocks")); code != "" {
		body = `{"ok":false,"error":"` + code + `"}`
	} else {
		p.took = append(p.took, room+": "+r.Form.Get("text")+" "+r.Form.Get("blocks"))
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// pickyBot has three rooms, an owner, and one notice of kind "test" due.
func pickyBot(t *testing.T, refuse func(room, blocks string) string, draw func(engine.Notice) []parcel) (*Bot, *picky, *box) {
	api, store := &picky{refuse: refuse}, &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a"}}}
	b := posting(t, nil, store, draw)
	b.api = slack.New("xoxb-test", slack.OptionHTTPClient(&http.Client{Transport: api}))
	b.Rooms, b.People = Rooms{Drafts: "C1", Exceptions: "C2", Reports: "C3"}, engine.People{Owners: []string{"U1"}}
	b.Log = slog.New(slog.DiscardHandler)
	b.nudge = make(chan struct{}, 1)
	return b, api, store
}

// tellAll flushes until what is due now is told or put off, n times, each after its wait.
func tellAll(t *testing.T, b *Bot, n int) {
	t.Helper()
	for range n {
		if _, err := b.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.Wall.Wait(t.Context(), 31*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
}

func card(room string) func(engine.Notice) []parcel {
	return func(n engine.Notice) []parcel {
		return []parcel{{Room: room, Card: engine.Card{Kind: n.Kind, Subject: n.Subject}, Message: blocks.Say("hello")}}
	}
}

// A result whose card's message was deleted has no thread: it is told in the room instead of nowhere.
func TestWhatHasNoThreadGoesToTheRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuse := func(room, _ string) string {
			if strings.HasSuffix(room, "under 5.0") {
				return "thread_not_found"
			}
			return ""
		}
		b, api, store := pickyBot(t, refuse, func(n engine.Notice) []parcel {
			return []parcel{{Room: "C1", Thread: "5.0", Card: engine.Card{Kind: n.Kind, Subject: n.Subject}, Message: blocks.Say("12 clicks")}}
		})
		tellAll(t, b, 1)
		if len(store.due) != 0 || len(store.cards) != 1 || len(api.took) != 1 || !strings.HasPrefix(api.took[0], "C1: 12 clicks") {
			t.Errorf("left %v, cards %+v, took %v", store.due, store.cards, api.took)
		}
	})
}

// A card whose room takes nothing goes where somebody sees it, and an exception says what to mend, once.
func TestACardGoesElsewhereWhenItsRoomIsShut(t *testing.T) {
	for _, code := range []string{"channel_not_found", "not_in_channel", "is_archived", "restricted_action"} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				open := false
				b, api, store := pickyBot(t, func(room, _ string) string {
					if room == "C1" && !open {
						return code
					}
					return ""
				}, card("C1"))
				tellAll(t, b, 1)
				if len(api.took) != 1 || !strings.HasPrefix(api.took[0], "C2: hello") || !strings.Contains(api.took[0], "where I cannot post") {
					t.Errorf("Slack took %q", api.took)
				}
				if len(store.due) != 0 || len(store.cards) != 1 || store.cards[0].Channel != "C2" || len(store.asked) != 1 || !strings.Contains(store.asked[0].Evidence, code) {
					t.Errorf("left %v, cards %v, asked %+v", store.due, store.cards, store.asked)
				}
				store.due = []engine.Notice{{ID: "2", Kind: "test", Subject: "b"}}
				open = true // half an hour later it is tried again
				tellAll(t, b, 1)
				if len(api.took) != 2 || !strings.HasPrefix(api.took[1], "C1: hello") || store.asked[0].Outcome == "" {
					t.Errorf("Slack took %q, asked %+v", api.took, store.asked)
				}
			})
		})
	}
}

func TestWhereNoRoomTakesACardAnOwnerGetsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, api, store := pickyBot(t, func(room, _ string) string {
			if strings.HasPrefix(room, "C") {
				return "is_archived"
			}
			return ""
		}, card("C1"))
		tellAll(t, b, 1)
		if len(api.took) != 1 || !strings.HasPrefix(api.took[0], "U1: hello") || len(store.due) != 0 || len(store.asked) != 3 {
			t.Errorf("Slack took %q, left %v, asked %v", api.took, store.due, store.asked)
		}
	})
}

// A message that Slack does not take as it is drawn goes more plainly: its words and buttons first, and then its words alone.
func TestAMessageGoesMorePlainly(t *testing.T) {
	rich := slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{
		slack.NewRichTextSectionTextElement("Rye <!channel> *bread*", nil), slack.NewRichTextSectionLinkElement("https://leipa.example/reserve", "reserve", nil),
	}})
	button := slack.NewActionBlock("", slack.NewButtonBlockElement("approve", "v", slack.NewTextBlockObject(slack.PlainTextType, "Approve", false, false)))
	m := blocks.Message{Text: "Approve?", Blocks: []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, "Waits", false, false)), rich, button}}
	for code, c := range map[string]struct {
		refuse func(blocks string) bool
		holds  []string
		lacks  []string
	}{
		"invalid_blocks":      {func(s string) bool { return strings.Contains(s, "rich_text") || strings.Contains(s, "header") }, []string{`"plain_text","text":"Rye`, `*bread*https://leipa.example/reserve`, `"Waits"`, `"approve"`}, []string{"rich_text", "header"}},
		"msg_blocks_too_long": {func(s string) bool { return s != "" && s != "[]" }, []string{"Approve?", "/koira queue"}, []string{`"approve"`}},
	} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, at := range []engine.Card{{}, {Channel: "C1", TS: "5.0"}} {
					b, api, store := pickyBot(t, func(_, s string) string {
						if c.refuse(s) {
							return code
						}
						return ""
					}, func(n engine.Notice) []parcel {
						at.Kind, at.Subject = n.Kind, n.Subject
						return []parcel{{Room: "C1", Card: at, Message: m}}
					})
					tellAll(t, b, 1)
					if len(api.took) != 1 || len(store.due) != 0 || len(store.cards) != 1 || len(store.asked) != 0 {
						t.Fatalf("Slack took %q, left %v, cards %v, asked %v", api.took, store.due, store.cards, store.asked)
					}
					for _, s := range c.holds {
						if !strings.Contains(api.took[0], s) {
							t.Errorf("%q is not in %s", s, api.took[0])
						}
					}
					for _, s := range c.lacks {
						if strings.Contains(api.took[0], s) {
							t.Errorf("%q is in %s", s, api.took[0])
						}
					}
				}
			})
		})
	}
}

// What Slack refuses however it is drawn and wherever it goes becomes an exception after a few tries; a card about an exception, and what Slack is
// too unwell to take, is tried on.
func TestNothingIsTriedForEverOrDroppedInSilence(t *testing.T) {
	for name, c := range map[string]struct {
		kind  engine.NoticeKind
		code  string
		tries int
		left  int
		asked bool
	}{
		"refused for good":       {"test", "msg_too_long", patience, 0, true},
		"an unknown refusal":     {"test", "posting_to_channel_denied", patience, 0, true},
		"an exception's card":    {engine.NoticeException, "msg_too_long", 30, 1, false},
		"Slack is unwell":        {"test", "internal_error", 30, 1, false},
		"a token that has ended": {"test", "token_revoked", 30, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, api, store := pickyBot(t, func(string, string) string { return c.code }, card("C1"))
				if real := draws[c.kind]; c.kind != "test" {
					draws[c.kind] = draws["test"]
					defer func() { draws[c.kind] = real }()
					store.due[0].Kind = c.kind
				}
				tellAll(t, b, c.tries)
				asked := slices.ContainsFunc(store.asked, func(e engine.Exception) bool { return strings.HasPrefix(e.Subject, "Slack card") })
				if len(store.due) != c.left || asked != c.asked || len(api.took) != 0 || len(store.delays) < c.tries-1 {
					t.Errorf("left %+v, asked %+v, %d delays", store.due, store.asked, len(store.delays))
				}
			})
		})
	}
}

// A card in a room that was shut is left, and drawn anew where somebody sees it.
func TestACardInAShutRoomIsLeft(t *testing.T) {
	for _, code := range []string{"channel_not_found", "is_inactive"} {
		synctest.Test(t, func(t *testing.T) {
			b, _, store := pickyBot(t, func(room, _ string) string {
				if room == "C1" {
					return code
				}
				return ""
			}, func(n engine.Notice) []parcel {
				return []parcel{{Card: engine.Card{Kind: n.Kind, Subject: n.Subject, Channel: "C1", TS: "5.0"}, Message: blocks.Say("edited")}}
			})
			tellAll(t, b, 1)
			if len(store.cards) != 1 || store.cards[0].Version != retired || len(store.asked) != 1 || len(store.due) != 1 {
				t.Errorf("%s: cards %v, asked %v, left %v", code, store.cards, store.asked, store.due)
			}
		})
	}
}

// One thing that cannot be drawn keeps nothing else from being told, and does not end the program.
func TestAPanicOfADrawingIsPutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, api, store := pickyBot(t, func(string, string) string { return "" }, func(n engine.Notice) []parcel {
			if n.Subject == "a" {
				panic("nil map")
			}
			return card("C1")(n)
		})
		store.due = append(store.due, engine.Notice{ID: "2", Kind: "test", Subject: "b"})
		tellAll(t, b, 1)
		if len(api.took) != 1 || len(store.due) != 1 || store.due[0].Subject != "a" || store.due[0].Attempts != 1 {
			t.Errorf("Slack took %q, left %+v", api.took, store.due)
		}
	})
}

// eyes is what Slack says of channels.
type eyes map[string]any

func (e eyes) GetConversationInfoContext(_ context.Context, in *slack.GetConversationInfoInput) (*slack.Channel, error) {
	switch v := e[in.ChannelID].(type) {
	case *slack.Channel:
		return v, nil
	case error:
		return nil, v
	}
	return nil, slack.SlackErrorResponse{Err: "channel_not_found"}
}

func TestRoomsAreLookedAt(t *testing.T) {
	channel := func(change func(*slack.Channel)) *slack.Channel {
		c := &slack.Channel{IsMember: true}
		c.Name = "koira"
		change(c)
		return c
	}
	fine := channel(func(*slack.Channel) {})
	for name, c := range map[string]struct {
		says any
		code engine.Code
		text string
	}{
		"fine":             {fine, "", ""},
		"not there":        {nil, engine.CodeDenied, "/invite @koira"},
		"archived":         {channel(func(c *slack.Channel) { c.IsArchived = true }), engine.CodeDenied, "archive"},
		"without koira":    {channel(func(c *slack.Channel) { c.IsMember = false }), engine.CodeDenied, "I am not in #koira"},
		"read-only":        {channel(func(c *slack.Channel) { c.IsReadOnly = true }), engine.CodeDenied, "may not post"},
		"no scope":         {slack.SlackErrorResponse{Err: "missing_scope", Needed: "channels:read,groups:read"}, engine.CodeInvalid, "channels:read, groups:read"},
		"an odd refusal":   {slack.SlackErrorResponse{Err: "method_not_supported"}, engine.CodeDenied, "method_not_supported"},
		"Slack is down":    {errors.New("no route"), engine.CodeUpstream, "could not be asked"},
		"Slack is unwell":  {slack.SlackErrorResponse{Err: "internal_error"}, engine.CodeUpstream, "could not be asked"},
		"Slack wants calm": {&slack.RateLimitedError{RetryAfter: time.Second}, engine.CodeUpstream, "could not be asked"},
	} {
		t.Run(name, func(t *testing.T) {
			rooms := Rooms{Drafts: "C1", Exceptions: "C2", Reports: "C2"}
			_, err := rooms.All()[0].Look(t.Context(), eyes{"C1": c.says})
			if text, _ := explain(t.Context(), err); engine.CodeOf(err) != c.code || err != nil && !strings.Contains(text, c.text) {
				t.Errorf("got %v", err)
			}
			// One room that takes something is enough to start with, and so is not knowing.
			wrong, err := rooms.Look(t.Context(), eyes{"C1": c.says, "C2": fine})
			if err != nil || engine.CodeOf(wrong["C1"]) != c.code || len(wrong) > 1 {
				t.Errorf("got %v, %v", wrong, err)
			}
			_, err = rooms.Look(t.Context(), eyes{"C1": c.says, "C2": c.says})
			if want := map[engine.Code]engine.Code{engine.CodeDenied: engine.CodeDenied}[c.code]; engine.CodeOf(err) != want {
				t.Errorf("both alike: %v", err)
			}
		})
	}
	if d := cmp.Diff([]Room{{"drafts", "C1"}, {"exceptions", "C2"}}, Rooms{"C1", "C2", "C2"}.All()); d != "" {
		t.Error(d)
	}
}
