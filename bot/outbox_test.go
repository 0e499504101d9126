package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// ticking is the bubble's clock.
type ticking struct{}

func (ticking) Now() time.Time { return time.Now() }

func (ticking) Wait(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil
	}
	return ctx.Err()
}

// box is an outbox in memory.
type box struct {
	Store
	due    []engine.Notice
	cards  []engine.Card
	asked  []engine.Exception
	delays []time.Duration
}

func (b *box) DueNotices(_ context.Context, t time.Time, limit int) ([]engine.Notice, error) {
	var due []engine.Notice
	for _, n := range b.due {
		if !n.Due.After(t) {
			due = append(due, n)
		}
	}
	return due[:min(limit, len(due))], nil
}

func (b *box) SentNotice(_ context.Context, n engine.Notice, _ ...engine.Card) error {
	b.due = slices.DeleteFunc(b.due, func(x engine.Notice) bool { return x.ID == n.ID })
	return nil
}

func (b *box) DelayNotice(_ context.Context, n engine.Notice, due time.Time, _ string) error {
	for i := range b.due {
		if b.due[i].ID == n.ID {
			b.due[i].Due = due
			b.due[i].Attempts++
		}
	}
	b.delays = append(b.delays, time.Until(due))
	return nil
}

func (b *box) AddNotice(_ context.Context, n engine.Notice) error {
	n.ID = "added " + n.Subject
	for i, x := range b.due {
		if x.Kind == n.Kind && x.Subject == n.Subject { // merged, as the store does
			b.due[i].ID, b.due[i].Due = n.ID+" again", slices.MinFunc([]time.Time{x.Due, n.Due}, time.Time.Compare)
			return nil
		}
	}
	b.due = append(b.due, n)
	return nil
}

func (b *box) SaveCard(_ context.Context, c engine.Card, follow ...engine.Notice) error {
	b.cards = append(b.cards, c)
	b.due = append(b.due, follow...)
	return nil
}

func (b *box) Posting(context.Context, engine.Card, time.Time) (string, error) { return "post", nil }

func (b *box) OpenException(_ context.Context, e engine.Exception) error {
	if !slices.ContainsFunc(b.asked, func(x engine.Exception) bool { return x.Subject == e.Subject }) {
		b.asked = append(b.asked, e)
	}
	return nil
}

func (b *box) OpenExceptions(context.Context) ([]engine.Exception, error) {
	return slices.DeleteFunc(slices.Clone(b.asked), func(e engine.Exception) bool { return e.Outcome != "" }), nil
}

func (b *box) CloseException(_ context.Context, id string, _ engine.Actor, _ time.Time, outcome string) error {
	for i := range b.asked {
		if b.asked[i].ID == id {
			b.asked[i].Outcome = outcome
		}
	}
	return nil
}

// wall is a Slack that answers with err, and remembers what it was asked to do.
type wall struct {
	messenger
	err   error
	calls []string
}

func (w *wall) PostMessageContext(_ context.Context, channel string, _ ...slack.MsgOption) (string, string, error) {
	w.calls = append(w.calls, "post to "+channel)
	return channel, fmt.Sprintf("%d.0", len(w.calls)), w.err
}

func (w *wall) UpdateMessageContext(_ context.Context, channel, ts string, _ ...slack.MsgOption) (string, string, string, error) {
	w.calls = append(w.calls, "edit "+channel+" "+ts)
	return channel, ts, "", w.err
}

// posting is a Bot whose notices of kind "test" are drawn by draw.
func posting(t *testing.T, w *wall, b *box, draw func(engine.Notice) []parcel) *Bot {
	draws["test"] = func(_ *Bot, _ context.Context, n engine.Notice) ([]parcel, error) { return draw(n), nil }
	t.Cleanup(func() { delete(draws, "test") })
	return &Bot{Options: Options{Store: b, Clock: ticking{}, Wall: ticking{}, Log: slog.New(slog.DiscardHandler)}, api: w, paced: newPacer(0)}
}

func toDrafts(n engine.Notice) []parcel {
	return []parcel{{Room: "drafts", Card: engine.Card{Kind: n.Kind, Subject: n.Subject}, Message: blocks.Say("hello")}}
}

func TestSlackIsGivenTheQuietThatItAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wall{err: &slack.RateLimitedError{RetryAfter: 40 * time.Second}}
		store := &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a"}, {ID: "2", Kind: "test", Subject: "b"}}}
		b := posting(t, w, store, toDrafts)
		begun := time.Now()
		if _, err := b.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(w.calls) != 2 || time.Since(begun) < 40*time.Second {
			t.Errorf("%d calls within %v: the second did not wait", len(w.calls), time.Since(begun))
		}
		if d := cmp.Diff([]time.Duration{40 * time.Second, 40 * time.Second}, store.delays); d != "" {
			t.Error(d)
		}
		w.err = nil
		if err := b.Wall.Wait(t.Context(), 40*time.Second); err != nil {
			t.Fatal(err)
		}
		if _, err := b.flush(t.Context()); err != nil || len(store.due) != 0 || len(store.cards) != 2 {
			t.Errorf("%d notices are left, %d cards stand, %v", len(store.due), len(store.cards), err)
		}
	})
}

func TestWhatSlackDoesNotTakeIsTriedLaterAndLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a"}}}
		b := posting(t, &wall{err: errors.New("slack is down")}, store, toDrafts)
		for range 12 {
			store.due[0].Due = time.Time{}
			if _, err := b.flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(store.due) != 1 || store.delays[0] != 10*time.Second || store.delays[1] != 20*time.Second || store.delays[11] != 30*time.Minute {
			t.Errorf("waits %v, %d left", store.delays, len(store.due))
		}
	})
}

func TestUrgentNoticesGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &box{}
		for i := range batch + 5 {
			store.due = append(store.due, engine.Notice{ID: fmt.Sprint(i), Kind: engine.NoticeResult, Subject: "reading"})
		}
		store.due = append(store.due, engine.Notice{ID: "stop", Kind: engine.NoticeControl, Subject: "stop"})
		var order []string
		b := posting(t, &wall{}, store, toDrafts)
		for _, k := range []engine.NoticeKind{engine.NoticeResult, engine.NoticeControl} {
			real := draws[k]
			draws[k] = func(_ *Bot, _ context.Context, n engine.Notice) ([]parcel, error) {
				order = append(order, n.Subject)
				return nil, nil
			}
			defer func() { draws[k] = real }()
		}
		more, err := b.flush(t.Context())
		if err != nil || !more || order[0] != "stop" || len(order) != batch {
			t.Errorf("order %v, more %v, %v", order, more, err)
		}
	})
}

func TestNobodyIsWokenButEditsGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a bubble begins at midnight UTC
		w, store := &wall{}, &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a"}}}
		asked := ""
		b := posting(t, w, store, func(n engine.Notice) []parcel {
			asked = n.Subject
			day := &report.Frame{Zone: time.UTC}
			return []parcel{
				{Room: "drafts", Day: day, Message: blocks.Say("new")},
				{Day: day, Card: engine.Card{Channel: "drafts", TS: "5.0"}, Message: blocks.Say("edited")},
				{Room: "exceptions", Message: blocks.Say("urgent")},
			}
		})
		if _, err := b.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]string{"edit drafts 5.0", "post to exceptions"}, w.calls); d != "" {
			t.Error(d)
		}
		if len(store.due) != 1 || store.due[0].Subject != "a"+overnight || time.Until(store.due[0].Due) != 8*time.Hour {
			t.Fatalf("left: %+v", store.due)
		}
		if err := b.Wall.Wait(t.Context(), 8*time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, err := b.flush(t.Context()); err != nil || !slices.Contains(w.calls, "post to drafts") || len(store.due) != 0 || asked != "a" {
			t.Errorf("in the morning: %v, left %v, asked about %q, %v", w.calls, store.due, asked, err)
		}
	})
}

// TestWhatMissedItsDayWaitsForTheNext: koira was off all day, and comes back in the evening.
func TestWhatMissedItsDayWaitsForTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, store := &wall{}, &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a" + overnight}}}
		b := posting(t, w, store, func(engine.Notice) []parcel {
			return []parcel{{Room: "drafts", Day: &report.Frame{Zone: time.UTC}, Message: blocks.Say("new")}}
		})
		if _, err := b.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(store.due) != 1 || time.Until(store.due[0].Due) != 8*time.Hour {
			t.Fatalf("left: %+v", store.due)
		}
		if err := b.Wall.Wait(t.Context(), 8*time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, err := b.flush(t.Context()); err != nil || len(w.calls) != 1 || len(store.due) != 0 {
			t.Errorf("in the morning: %v, left %v, %v", w.calls, store.due, err)
		}
	})
}

func TestARemovedCardIsLeftAloneFromThenOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &box{due: []engine.Notice{{ID: "1", Kind: "test", Subject: "a"}}}
		b := posting(t, &wall{err: slack.SlackErrorResponse{Err: "message_not_found"}}, store, func(engine.Notice) []parcel {
			return []parcel{{Card: engine.Card{Channel: "drafts", TS: "5.0", Version: "v"}}}
		})
		if _, err := b.flush(t.Context()); err != nil || len(store.cards) != 1 || store.cards[0].Version != retired || len(store.due) != 1 {
			t.Errorf("cards %+v, left %v, %v", store.cards, store.due, err)
		}
	})
}

func TestMessagesKeepTheirDistance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, begun := newPacer(0), time.Now()
		for range 13 {
			if err := p.post(t.Context(), "drafts"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took < 10*time.Second { // three at once, then one a second
			t.Errorf("13 messages to one room took %v", took)
		}
		begun = time.Now()
		if err := p.post(t.Context(), "reports"); err != nil || time.Since(begun) > 0 {
			t.Errorf("another room waited %v, %v", time.Since(begun), err)
		}
		for range 70 {
			if err := p.edit(t.Context(), "drafts"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took < time.Minute {
			t.Errorf("70 edits took %v", took)
		}
	})
}
