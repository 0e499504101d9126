package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"koira/bot"
	"koira/engine"
)

// speaks is one of 32 histories: in it the real outbox draws and sends what there is to tell, and the oracle believes what was delivered. In the
// others a notice that is due counts as told.
func (o SimulateOptions) speaks() bool {
	return o.Slack || !o.Calm && o.study == nil && rand.New(rand.NewPCG(o.Seed, 0x736c61636b)).IntN(32) == 0
}

// spoken is what a batch of histories must have seen of Slack.
var spoken = []string{
	"slack is down", "slack loses an answer", "slack refuses", "told by a card of its own", "told by the card of its week", "a card of its own after that of its week", "the card of a week is true",
}

// board is a Slack in memory behind which the real outbox works: what people see there, by what was delivered. Its dice are its own.
type board struct {
	s      *simulation
	dice   *rand.Rand
	bot    *bot.Bot
	down   time.Time // until when Slack answers nothing
	failed time.Time // when a call last failed
	posts  []*post
	last   *post                // that the call before posted anew, if it did
	at     map[string]*post     // by place
	lost   map[string]int       // kind and subject → messages whose answer was lost: each may come twice
	met    map[string]time.Time // piece and version → after which sending it was first found to ask for people
}

// post is a message as it stands now.
type post struct {
	kind, subject, version string
	blocks                 []byte
}

func newBoard(s *simulation) *board {
	return &board{s: s, dice: rand.New(rand.NewPCG(s.o.Seed, 0x626f617264)), at: map[string]*post{}, lost: map[string]int{}, met: map[string]time.Time{}}
}

// unhurried is faster than any history sends: its Slack has no limits.
const unhurried = 1_000_000

// plug connects the bot of a start of the program.
func (b *board) plug(k *Core, w World) {
	line := Line{Bot: "xoxb-simulated", App: "xapp-simulated", URL: "http://slack.invalid/api/", HTTP: b}
	b.bot = connect(k, b.s.config, w, line, func() {}, unhurried).Bot
}

// send is what the outbox sends now, and what must be true after it.
func (b *board) send(ctx context.Context) error {
	if !b.s.o.Calm && b.dice.IntN(150) == 0 {
		b.s.count("slack is down")
		b.down = b.s.clock.Now().Add(time.Duration(1+b.dice.IntN(12)) * time.Hour)
	}
	if err := b.bot.SendDue(ctx); err != nil {
		return err
	}
	// What the step before did is learnt first: a piece whose task just fell asks for nobody any more.
	if err := b.s.oracle.touched(ctx); err != nil {
		return err
	}
	return b.s.oracle.board(ctx, b)
}

// behind reports whether a call failed so lately that what it was to tell may still wait.
func (b *board) behind(now time.Time) bool { return b != nil && now.Sub(b.failed) <= simPatch }

// errNoAnswer is a call of which nobody knows what became.
var errNoAnswer = errors.New("no answer from Slack")

// RoundTrip is one call of Slack's Web API.
func (b *board) RoundTrip(r *http.Request) (*http.Response, error) {
	now := b.s.clock.Now()
	lose := false
	switch n := b.dice.IntN(120); {
	case b.s.o.Calm:
	case now.Before(b.down):
		b.failed = now
		return nil, errNoAnswer
	case n == 0:
		b.s.count("slack refuses")
		b.failed = now
		return answer(http.StatusServiceUnavailable, map[string]any{"ok": false, "error": "service_unavailable"}), nil
	case n == 1:
		b.s.count("slack loses an answer")
		lose, b.failed = true, now
	}
	b.last = nil
	said, err := b.call(r)
	if p := b.last; lose && p != nil {
		b.lost[p.kind+" "+p.subject]++
	}
	if err != nil || lose {
		return nil, errors.Join(err, errNoAnswer)
	}
	return answer(http.StatusOK, said), nil
}

func answer(status int, said map[string]any) *http.Response {
	body, _ := json.Marshal(said)
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(body))),
	}
}

// call does what is asked; pictures and files are taken and shown to nobody.
func (b *board) call(r *http.Request) (map[string]any, error) {
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	switch method {
	case "chat.postMessage", "chat.update":
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		return b.place(r)
	case "files.getUploadURLExternal":
		return map[string]any{"ok": true, "upload_url": "http://slack.invalid/upload", "file_id": fmt.Sprintf("F%d", b.dice.Uint32())}, nil
	case "files.completeUploadExternal":
		return map[string]any{"ok": true, "files": []map[string]any{{"id": "F0TAKEN", "title": "taken"}}}, nil
	case "files.info":
		return map[string]any{"ok": true, "file": map[string]any{"id": "F0TAKEN", "mimetype": "image/png"}}, nil
	}
	return map[string]any{"ok": true}, nil
}

// place posts a message, or puts it in the place of one.
func (b *board) place(r *http.Request) (map[string]any, error) {
	room, ts := r.PostForm.Get("channel"), r.PostForm.Get("ts")
	p := b.at[room+" "+ts]
	if p == nil && ts != "" {
		return map[string]any{"ok": false, "error": "message_not_found"}, nil
	}
	if p == nil {
		ts = fmt.Sprintf("%d.%06d", b.s.clock.Now().Unix(), len(b.posts))
		p = &post{}
		b.posts = append(b.posts, p)
		b.at[room+" "+ts] = p
		b.last = p
	}
	var m struct {
		Payload struct {
			Kind    string `json:"kind"`
			Subject string `json:"subject"`
			Digest  string `json:"digest"`
		} `json:"event_payload"`
	}
	if data := r.PostForm.Get("metadata"); data != "" {
		if err := json.Unmarshal([]byte(data), &m); err != nil {
			return nil, err
		}
	}
	p.kind, p.subject, p.version, p.blocks = m.Payload.Kind, m.Payload.Subject, m.Payload.Digest, []byte(r.PostForm.Get("blocks"))
	return map[string]any{"ok": true, "channel": room, "ts": ts}, b.seen(r.Context(), p, r.PostForm.Get("ts") == "")
}

// seen takes down what people know from a message that stands.
func (b *board) seen(ctx context.Context, p *post, rings bool) error {
	s := b.s
	s.told[p.kind+" "+p.subject] = true
	s.count("notice " + p.kind)
	switch engine.NoticeKind(p.kind) {
	case engine.NoticeLevel:
		if err := s.oracle.shownFall(ctx, p.subject); err != nil && s.oracle.caught == nil {
			s.oracle.caught = err
		}
	case engine.NoticeOutput:
		if key := p.subject + " " + p.version; rings && s.oracle.shown[key].IsZero() {
			s.oracle.shown[key] = s.clock.Now()
		}
	}
	return nil
}
