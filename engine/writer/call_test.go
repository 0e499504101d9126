package writer

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

func TestMissingUsageIsEstimated(t *testing.T) {
	w, m, _ := newOpenAI(t, step{file: "no-usage.json"})
	_, u, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
	if err != nil {
		t.Fatal(err)
	}
	in := estimate(m.asked[0].Messages[0].Content, m.asked[0].Messages[1].Content, string(copyShape.schema))
	if !u.Estimated || u.In != in || u.Out < 20 || u.Out > 60 || u.Cost != w.prices.Cost(u.In, u.Out) || u.Cost == 0 {
		t.Errorf("usage %+v, want %d tokens in, estimated", u, in)
	}
}

func TestBrokenConnectionIsChargedAndTriedAgain(t *testing.T) {
	w, _, _ := newOpenAI(t, step{cut: true}, step{file: "happy.json"})
	_, u, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
	if err != nil {
		t.Fatal(err)
	}
	if !u.Estimated || u.In <= 1000 || u.Out != 200 || u.Calls != 2 {
		t.Errorf("usage %+v, want the lost prompt in it", u)
	}
}

func TestNobodyListensCostsNothing(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	clock := &wall{}
	_, u, err := connect(t, s.URL, clock).Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
	if engine.CodeOf(err) != engine.CodeUpstream || u != spent(0, 3) || len(clock.waits) != 2 {
		t.Errorf("%v, usage %+v, waits %v", err, u, clock.waits)
	}
}

func TestOversizeReplyIsCut(t *testing.T) {
	big := step{body: `{"choices":[{"message":{"content":"` + strings.Repeat("x", replyMost) + `"}}]}`}
	w, _, _ := newOpenAI(t, big, big, big)
	_, u, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
	if engine.CodeOf(err) != engine.CodeUpstream || u.Calls != 3 { // a reply that was read whole would have been mended in the second call
		t.Errorf("%v, usage %+v", err, u)
	}
}

// silent is a model that takes the question and never answers.
func silent(t *testing.T) (address string, taken chan struct{}) {
	taken = make(chan struct{}, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		buf := make([]byte, 1<<16) // the whole question, or the server would not see the connection end
		for {
			if _, err := r.Body.Read(buf); err != nil {
				break
			}
		}
		taken <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	return s.URL, taken
}

func TestWriteEndsWithItsContext(t *testing.T) {
	address, taken := silent(t)
	clock := &wall{}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-taken; cancel() }()
	_, u, err := connect(t, address, clock).Write(ctx, bakery(engine.KindSocial, "plain", 1))
	if !errors.Is(err, context.Canceled) || engine.CodeOf(err) != engine.CodeUpstream || len(clock.waits) != 0 {
		t.Errorf("%v after waits %v", err, clock.waits)
	}
	if u.Calls != 1 || u.In == 0 || !u.Estimated {
		t.Errorf("usage %+v, want the prompt charged", u)
	}
	_, u, err = connect(t, address, clock).Write(ctx, bakery(engine.KindSocial, "plain", 1))
	if !errors.Is(err, context.Canceled) || u.Calls != 0 {
		t.Errorf("after the end: %v, %+v", err, u)
	}
}

func TestWriteEndsWhileItWaits(t *testing.T) {
	w, _, clock := newOpenAI(t, step{status: 500, body: "{}"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w.clock = stopping{clock, cancel}
	_, u, err := w.Write(ctx, bakery(engine.KindSocial, "plain", 1))
	if !errors.Is(err, context.Canceled) || u.Calls != 1 {
		t.Errorf("%v, usage %+v", err, u)
	}
}

// stopping is a clock that ends the context of whoever waits.
type stopping struct {
	*wall
	cancel context.CancelFunc
}

func (s stopping) Wait(ctx context.Context, d time.Duration) error {
	s.cancel()
	return s.wall.Wait(ctx, d)
}

func TestSlowCallTimesOut(t *testing.T) {
	address, _ := silent(t)
	w := connect(t, address, &wall{})
	w.timeout, w.attempts = 20*time.Millisecond, 2
	_, u, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
	if !errors.Is(err, context.DeadlineExceeded) || engine.CodeOf(err) != engine.CodeUpstream || u.Calls != 2 {
		t.Errorf("%v, usage %+v", err, u)
	}
}
