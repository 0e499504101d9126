package workspace

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func TestAcknowledgedCommandArrivesOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.must(b.Command(t.Context(), mari, shop, "/bench  stop now "))
		settle(10 * time.Minute)
		all := b.requests()
		if len(all) != 1 {
			t.Fatalf("got %d requests", len(all))
		}
		cmd, ok := all[0].Data.(slack.SlashCommand)
		if !ok || cmd.Command != "/bench" || cmd.Text != "stop now" || cmd.UserID != mari || cmd.UserName != "mari" || cmd.ChannelID != shop ||
			cmd.ChannelName != "shop" || cmd.ResponseURL == "" || cmd.TriggerID == "" || cmd.TeamID != "T0KOIRA01" {
			t.Errorf("got %+v", cmd)
		}
		if all[0].Request.RetryAttempt != 0 || !b.Quiet() || len(b.Ephemerals(mari, shop)) != 0 {
			t.Errorf("retry %d, quiet %v, notices %v", all[0].Request.RetryAttempt, b.Quiet(), b.Ephemerals(mari, shop))
		}
	})
}

func TestHowLongAnAcknowledgementTookIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var took []time.Duration
		o := benchOptions()
		o.Acked = func(d time.Duration) { took = append(took, d) }
		ln := NewPipeListener()
		b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), o)
		defer stop()
		b.connect(t.Context())
		synctest.Wait()
		for _, pause := range []time.Duration{0, 400 * time.Millisecond, 3500 * time.Millisecond} { // the last one is answered within its retry
			b.answer = func(socketmode.Event) (any, bool) { settle(pause); return nil, true }
			b.must(b.Command(t.Context(), mari, shop, "/bench"))
			settle(time.Minute)
		}
		if want := []time.Duration{0, 400 * time.Millisecond, 500 * time.Millisecond}; !slices.Equal(took, want) {
			t.Errorf("took %v, want %v", took, want)
		}
	})
}

func TestMissingAcknowledgementIsSeenAndRedelivered(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.answering(nil, false)
		began := time.Now()
		var at []time.Duration
		var attempts []int
		var ids []string
		b.answer = func(evt socketmode.Event) (any, bool) {
			at = append(at, time.Since(began))
			attempts, ids = append(attempts, evt.Request.RetryAttempt), append(ids, evt.Request.EnvelopeID)
			return nil, false
		}
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		settle(ackTime - time.Millisecond)
		if n := len(b.Ephemerals(mari, shop)); n != 0 {
			t.Errorf("%d notices before the time is up", n)
		}
		settle(time.Millisecond)
		if d := cmp.Diff([]string{"bench did not answer in time"}, texts(b.Ephemerals(mari, shop))); d != "" {
			t.Error(d)
		}
		if b.Quiet() {
			t.Error("quiet while a retry is out")
		}
		settle(10 * time.Minute)

		want := []time.Duration{0, ackTime, 2*ackTime + time.Minute, 3*ackTime + 6*time.Minute}
		if d := cmp.Diff(want, at); d != "" {
			t.Error("times:", d)
		}
		if d := cmp.Diff([]int{0, 1, 2, 3}, attempts); d != "" {
			t.Error("attempts:", d)
		}
		if ids[0] != ids[3] {
			t.Errorf("the envelope changed its id: %v", ids)
		}
		if n := len(b.Ephemerals(mari, shop)); n != 1 {
			t.Errorf("%d notices", n)
		}
		if !b.Quiet() {
			t.Error("not given up after the last attempt")
		}
		if all := b.requests(); all[3].Request.RetryReason != "timeout" {
			t.Errorf("retry_reason %q", all[3].Request.RetryReason)
		}
	})
}

func TestRetriesMayHaveOtherTimesAndIDs(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.SetFaults(Faults{NewEnvelopeOnRetry: true, Redelivery: []time.Duration{time.Second}})
		b.answering(nil, false)
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		settle(ackTime + time.Second)
		all := b.requests()
		if len(all) != 2 || all[0].Request.EnvelopeID == all[1].Request.EnvelopeID {
			t.Fatalf("got %d requests", len(all))
		}
		first, again := all[0].Data.(slack.SlashCommand), all[1].Data.(slack.SlashCommand)
		if first.TriggerID != again.TriggerID {
			t.Error("the retry has another trigger_id")
		}
		settle(time.Hour)
		if n := len(b.requests()); n != 2 {
			t.Errorf("%d requests with one retry allowed", n)
		}
	})
}

func TestAcknowledgedRetryIsTheLast(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.answer = func(evt socketmode.Event) (any, bool) {
			return map[string]string{"text": "too late"}, evt.Request.RetryAttempt > 0
		}
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		settle(time.Hour)
		if n := len(b.requests()); n != 2 {
			t.Errorf("%d requests", n)
		}
		if d := cmp.Diff([]string{"bench did not answer in time"}, texts(b.Ephemerals(mari, shop))); d != "" {
			t.Error("the answer to a retry is not for showing:", d)
		}
	})
}

func TestDeliverTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.SetFaults(Faults{DeliverTwice: true})
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		all := b.requests()
		if len(all) != 2 || all[0].Request.EnvelopeID != all[1].Request.EnvelopeID {
			t.Errorf("got %d requests", len(all))
		}
	})
}

func TestTooLongAcknowledgementIsDropped(t *testing.T) {
	frame := func(fill int) []byte {
		return []byte(`{"envelope_id":"E","payload":{"text":"` + strings.Repeat("x", fill) + `"}}`)
	}
	w, err := New(benchOptions())
	if err != nil {
		t.Fatal(err)
	}
	w.outbox = []*envelope{{id: "E"}}
	around := len(frame(0))
	if w.acknowledge(frame(maxAck - around)); len(w.outbox) != 1 {
		t.Error("took one that Slack drops")
	}
	if w.acknowledge(frame(maxAck - around - 1)); len(w.outbox) != 0 {
		t.Error("dropped one that Slack takes")
	}
}

func TestWhatIsSentWithoutASocketWaitsForOne(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.SetFaults(Faults{LinkDisabled: true})
		b.CutSockets()
		settle(time.Second)
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		settle(20 * time.Second)
		if n := len(b.requests()); n != 0 {
			t.Fatalf("%d requests without a socket", n)
		}
		if n := len(b.Ephemerals(mari, shop)); n != 1 {
			t.Errorf("%d notices", n)
		}
		b.SetFaults(Faults{})
		settle(25 * time.Second) // slack-go's pause between its attempts to connect has grown
		all := b.requests()
		if len(all) != 1 || all[0].Request.RetryAttempt != 1 || all[0].Request.RetryReason != "timeout" {
			t.Errorf("got %+v", all)
		}
		if !b.Quiet() {
			t.Error("not quiet after the acknowledgement")
		}
	})
}

func TestWhatNoSocketEverTakesIsGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.RefreshSockets("link_disabled")
		settle(time.Second)
		b.must(b.OpenHome(t.Context(), mari))
		settle(6 * time.Minute)
		if b.Quiet() {
			t.Error("given up before the last retry")
		}
		settle(2 * time.Minute)
		if !b.Quiet() {
			t.Error("never given up")
		}
	})
}

func TestEachEnvelopeGoesToOneSocket(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		disconnect := b.connect(t.Context())
		if n := b.connections(); n != 2 {
			t.Fatalf("%d connections", n)
		}
		for range 20 {
			b.must(b.Command(t.Context(), mari, shop, "/bench"))
		}
		if n := len(b.requests()); n != 20 {
			t.Errorf("%d requests", n)
		}
		disconnect()
		settle(time.Second)
		b.must(b.Command(t.Context(), mari, shop, "/bench"))
		if n := len(b.requests()); n != 21 {
			t.Errorf("%d requests; the remaining socket must get the last one", n)
		}
	})
}
