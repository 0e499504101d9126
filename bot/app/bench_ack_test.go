package app

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"koira/blocks"
	"koira/bot/workspace"
	"koira/engine"
)

// BenchmarkAck is how long a click is without its acknowledgement: koira with its loop running without a pause and its weekly report being
// drawn without a pause, beside the least that could keep design's promise: slack-go's client that commits the payload as one durable row
// and acknowledges. Both hear their clicks in turn over loopback in the same run; the rival is also clicked with koira at rest ("quiet").
// The time is the workspace's: from handing the envelope to the socket until the acknowledgement was read.
func BenchmarkAck(b *testing.B) {
	dir := b.TempDir()
	k := openBakery(b, dir, 10)
	k.days(b, 3)
	koira, rival := openSpace(b), openSpace(b)
	rivalTS := openEcho(b, rival, openBare(b, dir))
	s := connect(k.Core, k.config, k.w, koira.line, func() {}, hurry)
	inBackground(b, s.Bot.Run)
	var busyness sync.Mutex // held by who makes koira busy, or by who has it rest
	inBackground(b, func(ctx context.Context) error { return k.bustle(ctx, s.Bot.Nudge, &busyness) })
	koira.await(b, "a card with a button", func() bool { _, ok := koira.button(); return ok })

	var busy, echo, quiet []time.Duration
	for b.Loop() {
		busy = append(busy, koira.clickAny(b))
		echo = append(echo, rival.click(b, rivalTS))
		if len(busy)%clicksBetweenRests == 0 {
			busyness.Lock()
			for range clicksBetweenRests {
				quiet = append(quiet, rival.click(b, rivalTS))
			}
			busyness.Unlock()
		}
	}
	for name, took := range map[string][]time.Duration{"koira": busy, "echo": echo, "quiet": quiet} {
		b.ReportMetric(ms(quantile(took, .5)), name+"-p50-ms")
		b.ReportMetric(ms(quantile(took, .99)), name+"-p99-ms")
	}
	b.ReportMetric(float64(quantile(busy, .99))/float64(quantile(echo, .99)), "p99-ratio")
}

// clicksBetweenRests is how many clicks both hear before koira rests for as many.
const clicksBetweenRests = 20

// bustle runs the business without a pause, ten minutes and a weekly report at a time, for as long as it gets mu.
func (k *bakery) bustle(ctx context.Context, nudge func(), mu *sync.Mutex) error {
	for ctx.Err() == nil {
		mu.Lock()
		err := k.Loop.Tick(ctx)
		if err == nil {
			_, err = k.Report.Weekly(ctx, engine.Week(k.clock.Now().AddDate(0, 0, -7), k.config.zone()))
		}
		mu.Unlock()
		if err != nil {
			return err
		}
		nudge()
		k.clock.Advance(10 * time.Minute)
	}
	return ctx.Err()
}

// button finds the newest card's button that only opens a window.
func (s space) button() (c workspace.Click, ok bool) {
	messages := s.Messages(drafts)
	for _, m := range slices.Backward(messages) {
		var rows []struct {
			ID       string `json:"block_id"`
			Elements []struct {
				Action blocks.ID `json:"action_id"`
			} `json:"elements"`
		}
		if json.Unmarshal(m.Blocks, &rows) != nil {
			continue
		}
		for _, r := range rows {
			for _, e := range r.Elements {
				if slices.Contains([]blocks.ID{blocks.IDEdit, blocks.IDReject, blocks.IDWhy, blocks.IDRead}, e.Action) {
					return workspace.Click{User: mari, Channel: drafts, TS: m.TS, Block: r.ID, Action: string(e.Action)}, true
				}
			}
		}
	}
	return c, false
}

// clickAny presses such a button and returns how long its acknowledgement took. A card that changes between the look and the press is
// looked for again.
func (s space) clickAny(b *testing.B) time.Duration {
	for range 100 {
		if c, ok := s.button(); ok && s.Click(b.Context(), c) == nil {
			return <-s.took
		}
		if v := s.Modal(mari); v != nil {
			s.Close(b.Context(), mari, v.ID)
		}
	}
	b.Fatal("no card can be clicked")
	return 0
}

// click presses the rival's button.
func (s space) click(b *testing.B, ts string) time.Duration {
	if err := s.Click(b.Context(), workspace.Click{User: mari, Channel: drafts, TS: ts, Block: "row", Action: "go"}); err != nil {
		b.Fatal(err)
	}
	return <-s.took
}

// openEcho connects slack-go's own client to s: it writes each payload down, durably, and acknowledges. It returns its message with a button.
func openEcho(b *testing.B, s space, store bare) (ts string) {
	b.Helper()
	api, socket := s.line.clients(machine{})
	text := slack.NewTextBlockObject(slack.PlainTextType, "Go", false, false)
	_, ts, err := api.PostMessageContext(b.Context(), drafts, slack.MsgOptionBlocks(slack.NewActionBlock("row", slack.NewButtonBlockElement("go", "1", text))))
	if err != nil {
		b.Fatal(err)
	}
	connected := make(chan struct{}, 1)
	inBackground(b, socket.RunContext)
	inBackground(b, func(ctx context.Context) error {
		for {
			select {
			case e := <-socket.Events:
				switch e.Type {
				case socketmode.EventTypeHello:
					connected <- struct{}{}
				case socketmode.EventTypeInteractive:
					store.commit(b, e.Request.Payload)
					if err := socket.AckCtx(ctx, e.Request.EnvelopeID, nil); err != nil {
						return err
					}
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	<-connected
	return ts
}

// quantile is the smallest of some times that share q of them do not exceed, 0 of none.
func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
