package bot

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/enginetest"
	"koira/engine/guard"
	"koira/engine/report"
	"koira/storage"
)

// forgery is a bot over a real store, in which an owner presses what nobody drew.
type forgery struct {
	*Bot
	file    *sqlx.DB            // looks at the store's file from outside
	piece   engine.Output       // waits, under the card at C1 5.0
	other   engine.Output       // waits too
	asked   string              // an open exception
	cards   map[string][]string // by place, what may be named there
	refused int
}

// quietly keeps denials out of the store, so that nothing at all may change in it.
type quietly struct {
	*storage.DB
	f *forgery
}

func (q quietly) Act(ctx context.Context, name string, answer any, do func(context.Context) error) error {
	if name == "denied" {
		return do(ctx)
	}
	return q.DB.Act(engine.Repeatable(ctx), name, answer, do) // without a mark, which would be a change
}

func (q quietly) Record(context.Context, engine.Event) error {
	q.f.refused++
	return nil
}

// agreeable is a Slack that says yes to everything.
type agreeable struct{}

func (agreeable) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"ok":true,"channel":"D1","ts":"99.0","view":{"id":"V1","hash":"h"},"user":{"id":"U1"}}`
	if strings.HasSuffix(r.URL.Path, "/auth.test") { // there the user is a name
		body = `{"ok":true,"user":"koira","user_id":"U0"}`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func newForgery(t testing.TB) *forgery {
	t.Helper()
	ctx, at := t.Context(), time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	path, ids, clock := filepath.Join(t.TempDir(), "koira.db"), enginetest.IDs(7), enginetest.NewClock(at)
	db, err := storage.Open(ctx, storage.Options{Path: path, NewID: ids})
	must(err)
	t.Cleanup(func() { db.Close() })
	owner := engine.Actor{ID: "U1", Team: "T1", Surface: engine.SurfaceSlack}
	_, err = db.SetStrategy(ctx, engine.Strategy{Business: engine.Business{Name: "Leipä", Zone: "Europe/Helsinki", Currency: "EUR"}}, owner, at, "first")
	must(err)
	must(db.SetGuardrails(ctx, 0, engine.Guardrails{Channels: map[string]bool{"blog": true}}, owner, at, "first"))
	must(db.PutTask(ctx, engine.Task{ID: "posts", Name: "Posts", Channel: "blog", Kind: engine.KindSocial, Level: engine.L3}, owner, at, "first"))
	f := &forgery{cards: map[string][]string{}}
	for i, o := range []*engine.Output{&f.piece, &f.other} {
		*o = waiting(t, db, ids(), at.Add(time.Duration(i+2)*time.Hour), at)
	}
	decision := ids()
	must(db.ChangeTask(ctx, engine.TaskChange{
		Task: "posts", From: engine.L3, To: engine.L1, By: owner, At: at, Decision: &engine.Decision{ID: decision, Task: "posts", At: at, What: "level", From: "L3", To: "L1"},
	}))
	e := engine.Exception{ID: ids(), Kind: engine.ExceptionSystem, Subject: "blog", Reason: "It refuses.", OpenedAt: at}
	must(db.OpenException(ctx, e))
	f.asked = e.ID
	for _, c := range []struct {
		kind    engine.NoticeKind
		subject string
		place   blocks.Place
		names   []string
	}{
		{engine.NoticeOutput, f.piece.ID, blocks.Place{Channel: "C1", TS: "5.0"}, []string{f.piece.ID}},
		{engine.NoticeException, e.ID, blocks.Place{Channel: "C2", TS: "5.0"}, []string{e.ID, "blog"}},
		{engine.NoticeLevel, decision, blocks.Place{Channel: "C3", TS: "5.0"}, []string{decision, "posts"}},
		{engine.NoticeWeekly, "2025-W48", blocks.Place{Channel: "C3", TS: "6.0"}, []string{decision}},
		{engine.NoticeDaily, "2025-11-24", blocks.Place{Channel: "C3", TS: "7.0"}, nil},
		{engine.NoticeControl, "everything", blocks.Place{Channel: "C2", TS: "6.0"}, nil},
	} {
		must(db.SaveCard(ctx, engine.Card{Kind: c.kind, Subject: c.subject, Channel: c.place.Channel, TS: c.place.TS, PostedAt: at}))
		f.cards[c.place.Channel+" "+c.place.TS] = append(c.names, "") // known
	}
	_, err = db.Posting(ctx, engine.Card{Kind: engine.NoticeOutput, Subject: f.piece.ID, Channel: "C1"}, at)
	must(err)
	f.file, err = sqlx.Open("sqlite3", "file:"+path+"?mode=ro")
	must(err)
	f.file.SetMaxOpenConns(1)
	t.Cleanup(func() { f.file.Close() })

	people := engine.People{Owners: []string{"U1"}, Team: "T1"}
	api := slack.New("xoxb-test", slack.OptionHTTPClient(&http.Client{Transport: agreeable{}}))
	store := quietly{db, f}
	f.Bot = New(Options{
		Slack: api, Store: store, People: people, Clock: clock, Wall: clock, Wake: func() {}, Log: slog.New(slog.DiscardHandler),
		Rooms:  Rooms{Drafts: "C1", Exceptions: "C2", Reports: "C3"},
		Desk:   desk.New(desk.Options{Store: store, People: people, Gate: guard.Check, Channels: map[string]engine.Channel{}, Clock: clock, NewID: ids}),
		Report: report.New(db, report.Options{People: people, Clock: clock, Channels: map[string]engine.Traits{"blog": {Name: "blog", Retract: true}}, Gate: guard.Check}),
	})
	return f
}

// waiting is a piece that waits for a yes.
func waiting(t testing.TB, db *storage.DB, id string, slot, at time.Time) engine.Output {
	t.Helper()
	o := engine.Output{
		ID: id, Task: "posts", Origin: engine.OriginKoira, State: engine.StatePlanned, Level: engine.L3, Channel: "blog", Kind: engine.KindSocial,
		Slot: slot, Expires: slot.Add(2 * time.Hour), CreatedAt: at, UpdatedAt: at,
	}
	if err := db.AddOutput(t.Context(), o, engine.Koira); err != nil {
		t.Fatal(err)
	}
	o.Variants = []engine.Variant{{Name: "A", Body: "Rye.", Rendered: []byte("Rye."), Shown: "Rye."}}
	o.Digest = engine.DigestOf(o)
	for _, m := range []engine.Move{
		{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &o}, {From: engine.StateDrafted, To: engine.StateWaiting, Digest: o.Digest},
	} {
		m.Output, m.By, m.At = id, engine.Koira, at
		if _, err := db.Move(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// press is what the owner presses in a message that looks like one of koira's.
func (f *forgery) press(t testing.TB, action, value, channel, ts, kind, subject, post string) error {
	t.Helper()
	act := map[string]any{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "9.9"}
	if action == string(blocks.IDMenu) {
		act = map[string]any{"type": "overflow", "action_id": action, "block_id": "b", "selected_option": map[string]any{"value": value}, "action_ts": "9.9"}
	}
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1", "team_id": "T1"}, "team": map[string]any{"id": "T1"}, "trigger_id": "t",
		"channel": map[string]any{"id": channel}, "container": map[string]any{"type": "message", "channel_id": channel, "message_ts": ts},
		"message": map[string]any{"user": "U0BOT", "ts": ts, "metadata": map[string]any{
			"event_type": blocks.EventCard, "event_payload": map[string]any{"kind": kind, "subject": subject, "digest": string(f.piece.Digest), "post": post},
		}},
		"actions": []any{act},
	})
	if err != nil {
		t.Fatal(err)
	}
	var c slack.InteractionCallback
	if err := json.Unmarshal(payload, &c); err != nil {
		t.Fatal(err)
	}
	return f.interaction(engine.WithAct(t.Context(), &engine.Act{Key: "k"}), engine.Delivery{Key: "k"}, c)
}

// drawn reports whether koira could have drawn that button there: then it is not forged.
func (f *forgery) drawn(action, value, channel, ts string) bool {
	names, known := f.cards[channel+" "+ts]
	if !known {
		return false
	}
	id, _, _ := strings.Cut(value, "|")
	if action == string(blocks.IDMenu) {
		if _, v, err := blocks.ParseMenu(value); err == nil {
			id = v.ID
		}
	}
	return slices.Contains(names, id) && id != ""
}

// version changes with everything that is committed to the store.
func (f *forgery) version(t testing.TB) (n int64) {
	t.Helper()
	if err := f.file.Get(&n, `PRAGMA data_version`); err != nil {
		t.Fatal(err)
	}
	return n
}

// check presses what is not drawn there, and nothing may come of it.
func (f *forgery) check(t testing.TB, action, value, channel, ts, kind, subject, post string) {
	t.Helper()
	before := f.version(t)
	err := f.press(t, action, value, channel, ts, kind, subject, post)
	if f.version(t) != before {
		t.Fatalf("%s %q at %q %q, which calls itself %q %q %q: something changed, answered with %v", action, value, channel, ts, kind, subject, post, err)
	}
	if _, known := f.cards[channel+" "+ts]; !known && engine.CodeOf(err) != engine.CodeDenied {
		t.Fatalf("%s %q at %q %q, where no card stands: %v", action, value, channel, ts, err)
	}
}

// values are of every form that koira draws, about other things than they should be, and of some that it never draws.
func (f *forgery) values() []string {
	piece, other := blocks.Value{ID: f.piece.ID, Digest: f.piece.Digest}, blocks.Value{ID: f.other.ID, Digest: f.other.Digest}
	return []string{
		piece.String(), other.String(), f.asked, blocks.Value{ID: f.other.ID, Digest: f.piece.Digest}.String(), f.other.ID, "", "posts", "posts|L1|L3",
		"1|400.00|budget", "log||0", "reject|" + f.other.ID, "now|" + f.piece.ID, "../../etc/passwd|" + string(f.piece.Digest), "<!channel> | ' OR 1=1 --",
		strings.Repeat("ä", 1000),
	}
}

// places are those of every kind of card, and some where none stands.
var places = []string{"C1 5.0", "C1 5.1", "C2 5.0", "C3 5.0", "C3 6.0", "C3 7.0", "C2 6.0", "C9 5.0", "D1 1.0", " "}

// TestForgedPresses: whatever a button's value is, whatever the message says of itself and wherever it stands, a button that koira did not draw
// changes nothing. Every button with every value in every place, and then values that are cut, joined and spoilt at random; KOIRA_TEST_FORGED says
// how many of these.
func TestForgedPresses(t *testing.T) {
	f := newForgery(t)
	values := f.values()
	for _, action := range blocks.IDs {
		for _, value := range values {
			for _, place := range places {
				channel, ts, _ := strings.Cut(place, " ")
				if !f.drawn(string(action), value, channel, ts) {
					f.check(t, string(action), value, channel, ts, "output", f.piece.ID, "01JZZZZZZZZZZZZZZZZZZZZZZZ")
				}
			}
		}
	}
	n := 2000
	if s, err := strconv.Atoi(os.Getenv("KOIRA_TEST_FORGED")); err == nil {
		n = s
	}
	dice := rand.New(rand.NewPCG(7, 7))
	pick := func(from []string) string { return from[dice.IntN(len(from))] }
	for range n {
		a, b := pick(values), pick(values)
		value := a[:dice.IntN(len(a)+1)] + b[dice.IntN(len(b)+1):]
		if len(value) > 0 && dice.IntN(2) == 0 {
			i := dice.IntN(len(value))
			value = value[:i] + string(rune(dice.IntN(0x3000))) + value[i+1:]
		}
		channel, ts, _ := strings.Cut(pick(places), " ")
		action := string(blocks.IDs[dice.IntN(len(blocks.IDs))])
		if !f.drawn(action, value, channel, ts) {
			f.check(t, action, value, channel, ts, string(engine.NoticeKinds[dice.IntN(len(engine.NoticeKinds))]), pick(values), pick(values))
		}
	}
}

// FuzzForgedPress is the same for values that nobody thought of: `go test ./bot -fuzz FuzzForgedPress`.
func FuzzForgedPress(f *testing.F) {
	w := newForgery(f)
	for i, value := range w.values() {
		channel, ts, _ := strings.Cut(places[i%len(places)], " ")
		f.Add(string(blocks.IDs[i*7%len(blocks.IDs)]), value, channel, ts, "output", w.piece.ID, "01JZZZZZZZZZZZZZZZZZZZZZZZ")
	}
	f.Fuzz(func(t *testing.T, action, value, channel, ts, kind, subject, post string) {
		if w.drawn(action, value, channel, ts) {
			t.Skip()
		}
		w.check(t, action, value, channel, ts, kind, subject, post)
	})
}

// What koira did draw works, so the fuzz has something to lose.
func TestADrawnButtonChangesSomething(t *testing.T) {
	w := newForgery(t)
	before := w.version(t)
	err := w.press(t, string(blocks.IDFixed), w.asked, "C2", "5.0", "", "", "")
	if err != nil || w.version(t) == before {
		t.Errorf("nothing changed: %v", err)
	}
}
