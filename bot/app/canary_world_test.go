package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/desk"
)

// recorder keeps what went over a wire.
type recorder struct {
	mu     sync.Mutex
	bodies bytes.Buffer
	heads  map[string]bool // Authorization headers
	n      int
	judged int // of them, opinions that were asked for
}

func (r *recorder) take(req *http.Request) (n int, body []byte) {
	body, _ = io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	fmt.Fprintf(&r.bodies, "%s %s\n%s\n", req.Method, req.URL, body)
	if r.heads == nil {
		r.heads = map[string]bool{}
	}
	r.heads[req.Header.Get("Authorization")] = true
	return r.n, body
}

// gossip is how a badly written program words an error: it quotes what it was asked with, and some secrets of its own.
func gossip(auth string) string {
	basic, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(auth, "Basic "))
	return fmt.Sprintf("refused: Authorization: %s (%s); upstream key %s, proxy Bearer %s, hook %s, via http://proxy:%s@10.0.0.1",
		auth, basic, canaries["another's key"], canaries["another's header"], canaries["another's Slack token"], canaries["another's address"])
}

// modelServer answers every other question, and gossips otherwise; where it is to judge, it gossips even then.
func (r *recorder) modelServer(w http.ResponseWriter, req *http.Request) {
	n, body := r.take(req)
	w.Header().Set("Content-Type", "application/json")
	content := `{"variants":[{"subject":"Rye","body":"Our rye dough rests for 24 hours before it is baked.","alt_text":""}],"doubt":""}`
	r.mu.Lock()
	n -= r.judged
	if bytes.Contains(body, []byte("texts to judge")) {
		r.judged++
		n = r.judged
		content = fmt.Sprintf(`{"score":0.1,"reasons":[{"words":%s,"about":"tone"},{"words":"rye dough","about":"tone"}]}`, asJSON(gossip(req.Header.Get("Authorization"))))
	}
	r.mu.Unlock()
	if n%2 == 0 {
		json.NewEncoder(w).Encode(map[string]any{
			"id": "c", "object": "chat.completion", "model": "house-model", "choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": content}}},
			"usage": map[string]int{"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
		})
		return
	}
	w.WriteHeader([]int{401, 400, 404, 403}[n/2%4]) // not those for which the writer waits and asks again
	said := gossip(req.Header.Get("Authorization"))
	json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": said, "type": said, "code": said, "param": said}})
}

// blogServer knows no post and takes none: it gossips, in WordPress's words or in those of something before it.
func (r *recorder) blogServer(w http.ResponseWriter, req *http.Request) {
	n, _ := r.take(req)
	said := gossip(req.Header.Get("Authorization"))
	if req.Method == http.MethodGet {
		w.Write([]byte(`[]`))
		return
	}
	if n%3 == 0 {
		w.WriteHeader(502)
		io.WriteString(w, said)
		return
	}
	w.WriteHeader([]int{401, 500, 400, 429}[n%4])
	json.NewEncoder(w).Encode(map[string]any{"code": "rest_" + said, "message": said, "data": map[string]any{"status": 401}})
}

// leaky is a line to Slack that breaks now and then, with an error that quotes what was asked.
type leaky struct {
	recorder
	next http.RoundTripper
}

func (l *leaky) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	n, _ := l.take(req)
	req.Body = io.NopCloser(bytes.NewReader(body))
	if n > 6 && n%5 == 0 {
		return nil, errors.New(gossip(req.Header.Get("Authorization")) + " asked with " + string(body) + " at " + req.URL.String() + "?ticket=abc")
	}
	return l.next.RoundTrip(req)
}

// canaryDay runs koira, the real bot in a workspace over TCP included, on a clock that the test moves.
type canaryDay struct {
	t       *testing.T
	c       Config
	m       Machine
	space   *workspace.Workspace
	clock   *SimClock
	slack   *leaky
	running []string // copies of what lay beside the store while it ran
}

func (d *canaryDay) run(ln net.Listener) {
	t := d.t
	w, err := d.m.world(d.c)
	if err != nil {
		t.Fatal(err)
	}
	w.Team = "T0KOIRA01"
	line, err := d.m.line()
	if err != nil {
		t.Fatal(err)
	}
	line.URL, line.HTTP, line.Dialer = "http://"+ln.Addr().String()+"/api/", d.slack, &websocket.Dialer{}
	k, err := Open(t.Context(), d.c, d.c.Storage.Path, w)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	srv := &http.Server{Handler: d.space.API()}
	s := connect(k, d.c, w, line, func() {}, hurry)
	var wg sync.WaitGroup
	wg.Go(func() { srv.Serve(ln) })
	wg.Go(func() { d.space.Run(ctx) })
	wg.Go(func() { s.Bot.Run(ctx) })
	for hour := range 72 {
		if err := k.Tick(ctx); err != nil {
			fmt.Fprintln(io.Discard, err) // the steps' own failures are in the log
		}
		d.people(ctx, k, hour)
		s.Bot.Nudge()
		d.settle(ctx, k)
		d.clock.Advance(time.Hour)
	}
	for _, suffix := range []string{"-wal", "-shm", ".lock"} {
		b, err := os.ReadFile(d.c.Storage.Path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "running"+suffix)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		d.running = append(d.running, name)
	}
	if err := beat(d.c.Storage.Path, d.clock.Now()); err != nil {
		t.Fatal(err)
	}
	cancel()
	srv.Close()
	wg.Wait()
	if err := k.Close(); err != nil {
		t.Error(err)
	}
}

// people approve what waits, and look at everything once a day.
func (d *canaryDay) people(ctx context.Context, k *Core, hour int) {
	waiting, err := k.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting}})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, o := range waiting {
		k.Desk.Approve(ctx, mariOwns, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true})
	}
	looks := []string{"status", "queue", "exceptions", "log", "decisions", "report", "budget", "help"}
	if hour%3 == 0 {
		if err := d.space.Command(ctx, mariOwns.ID, d.c.Slack.Drafts, "/koira "+looks[hour/3%len(looks)]); err != nil {
			d.t.Error(err)
		}
		if err := d.space.OpenHome(ctx, mariOwns.ID); err != nil {
			d.t.Error(err)
		}
	}
}

// settle waits until the outbox is empty, but for what Slack did not take.
func (d *canaryDay) settle(ctx context.Context, k *Core) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		_, changed := d.space.Changes()
		due, err := k.DB.DueNotices(ctx, d.clock.Now(), 1)
		if err != nil {
			d.t.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		select {
		case <-changed:
		case <-time.After(200 * time.Millisecond): // what failed changes nothing in the workspace
		case <-ctx.Done():
			return
		}
	}
}

// seen is everything that stands in the workspace.
func (d *canaryDay) seen() *bytes.Buffer {
	s := &script{stage: &stage{space: d.space}}
	var b bytes.Buffer
	for _, m := range s.all("") {
		fmt.Fprintf(&b, "%s %s %s %+v\n", m.Text, m.Blocks, m.Metadata, m.Files)
	}
	for _, p := range cast {
		if v := d.space.Home(p.ID); v != nil {
			b.Write(v.Raw)
		}
	}
	if b.Len() < 1000 {
		d.t.Errorf("the workspace holds only %q", b.String())
	}
	return &b
}
