package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorded notes what people did; it answers with err.
type recorded struct {
	did []any
	err error
}

func (r *recorded) note(v ...any) error { r.did = append(r.did, v...); return r.err }

func (r *recorded) Command(_ context.Context, user, channel, line string) error {
	return r.note("command", user, channel, line)
}
func (r *recorded) Click(_ context.Context, c Click) error { return r.note("click", c) }
func (r *recorded) Submit(_ context.Context, user, view string, values map[string]map[string]any) error {
	return r.note("submit", user, view, values)
}
func (r *recorded) Close(_ context.Context, user, view string) error {
	return r.note("close", user, view)
}
func (r *recorded) OpenHome(_ context.Context, user string) error { return r.note("home", user) }

// steered is a clock that notes what it was told.
type steered struct {
	state ControlState
	did   []string
	held  chan string
}

func (s *steered) ControlState() ControlState { return s.state }
func (s *steered) Do(action string) error {
	if action == "fly" {
		return errors.New("a clock cannot fly")
	}
	s.did = append(s.did, action)
	return nil
}

// perform posts what the script would post.
func perform(h http.Handler, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/act/"+path, strings.NewReader(body))
	r.Header.Set("Origin", "http://127.0.0.1:8080")
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func TestActs(t *testing.T) {
	cases := map[string]struct {
		body string
		want []any
	}{
		"command": {`{"as":"U0MARI0001","channel":"C000000001","line":"  /koira help "}`, []any{"command", "U0MARI0001", "C000000001", "/koira help"}},
		"click": {`{"as":"U0MARI0001","channel":"C000000001","ts":"1.2","block":"b","action":"a","values":["v"],"fields":[{"block":"c","action":"d","values":["1"]},{"block":"c","action":"d","values":[]},{"block":"c","action":"d","values":["2"]},{"block":"e","action":"f","values":[""]}]}`,
			[]any{"click", Click{User: "U0MARI0001", Channel: "C000000001", TS: "1.2", Block: "b", Action: "a", Value: "v",
				Values: map[string]map[string]any{"c": {"d": []string{"1", "2"}}, "e": {"f": []string(nil)}}}}},
		"submit": {`{"as":"U0TOMI0001","view":"V1","fields":[{"block":"b","action":"t","values":["text"]}]}`,
			[]any{"submit", "U0TOMI0001", "V1", map[string]map[string]any{"b": {"t": []string{"text"}}}}},
		"close": {`{"as":"U0MARI0001","view":"V1"}`, []any{"close", "U0MARI0001", "V1"}},
		"home":  {`{"as":"U0MARI0001"}`, []any{"home", "U0MARI0001"}},
		"clock": {`{"as":"U0MARI0001","do":"pause"}`, nil},
		"seen":  {`{"as":"U0MARI0001","viewer":"9"}`, nil},
	}
	for path := range acts {
		c, ok := cases[path]
		if !ok {
			t.Errorf("people can %s, but no test does", path)
			continue
		}
		t.Run(path, func(t *testing.T) {
			did, clock := &recorded{}, &steered{}
			_, h := pageOf(t, func(o *Options) { o.Controls = clock }, did)
			if rec := perform(h, path, c.body); rec.Code != http.StatusNoContent {
				t.Fatalf("answered %d %s", rec.Code, rec.Body)
			}
			if diff := cmp.Diff(c.want, did.did); diff != "" {
				t.Error(diff)
			}
			if path == "clock" && !cmp.Equal(clock.did, []string{"pause"}) {
				t.Errorf("the clock was told %v", clock.did)
			}
		})
	}
}

func TestActsRefuseWithASentence(t *testing.T) {
	failing := &recorded{err: errors.New("koira is not connected")}
	cases := map[string]struct {
		path, body string
		act        *recorded
		status     int
		want       string
	}{
		"words that are no command": {"command", `{"as":"U0MARI0001","channel":"C000000001","line":"hello"}`, &recorded{}, 409, "This page sends commands only: begin with a slash, as in /koira."},
		"a command in the Home":     {"command", `{"as":"U0MARI0001","channel":"home","line":"/koira"}`, &recorded{}, 409, "Commands are sent from a channel or from Messages; open one first."},
		"nobody":                    {"home", `{"as":"U9"}`, &recorded{}, 403, "Nobody here has that name; choose who you are."},
		"not JSON":                  {"home", `as=U0MARI0001`, &recorded{}, 400, "That could not be read; nothing was sent."},
		"the workspace refuses":     {"home", `{"as":"U0MARI0001"}`, failing, 409, "koira is not connected"},
		"the clock refuses":         {"clock", `{"as":"U0MARI0001","do":"fly"}`, &recorded{}, 409, "a clock cannot fly"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, h := pageOf(t, func(o *Options) { o.Controls = &steered{} }, c.act)
			rec := perform(h, c.path, c.body)
			var got struct{ Error string }
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err, rec.Body)
			}
			if rec.Code != c.status || got.Error != c.want {
				t.Errorf("got %d %q, want %d %q", rec.Code, got.Error, c.status, c.want)
			}
			if len(c.act.did) > 0 && c.act.err == nil {
				t.Errorf("it was done all the same: %v", c.act.did)
			}
		})
	}
}

func TestActsTakeOnlyJSON(t *testing.T) {
	did := &recorded{}
	_, h := pageOf(t, nil, did)
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/act/home", strings.NewReader(`{"as":"U0MARI0001"}`))
	r.Header.Set("Origin", "http://127.0.0.1:8080")
	r.Header.Set("Content-Type", "text/plain")
	rec := httptest.NewRecorder()
	if h.ServeHTTP(rec, r); rec.Code != http.StatusUnsupportedMediaType || len(did.did) > 0 {
		t.Errorf("a form of another page got %d and did %v", rec.Code, did.did)
	}
}

func TestClockShowsHowItRuns(t *testing.T) {
	speeds := []ControlSpeed{{"1", "real time"}, {"8640", "1 day in 10 s"}}
	cases := map[string]struct {
		state ControlState
		want  []string
	}{
		"running":                 {ControlState{Speed: "1 day in 10 s", Speeds: speeds}, []string{`id="pace">1 day in 10 s</p>`, `data-clock="pause"`, `<option value="speed:8640" selected="">`}},
		"paused":                  {ControlState{Paused: true, Held: "a window is open", Speed: "real time", Speeds: speeds}, []string{`id="pace">Paused</p>`, `data-clock="resume"`}},
		"holding":                 {ControlState{Held: "a window is open", Speed: "real time", Speeds: speeds}, []string{`id="pace">Holds: a window is open</p>`, `data-clock="pause"`}},
		"a speed that no row has": {ControlState{Speed: "7 days in 10 s", Speeds: speeds}, []string{`<option value="" selected="">7 days in 10 s</option><option value="speed:1">real time</option>`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.state.Now = testPen().now.AddDate(0, 0, 1)
			_, h := pageOf(t, func(o *Options) { o.Controls = &steered{state: c.state} }, nil)
			parts, _ := partsOf(t, h, "", "")
			clock := string(parts["clock"].HTML)
			for _, want := range append(c.want, "Tue 25 Nov 2025", `data-clock="step"`, `data-clock="day"`) {
				if !strings.Contains(clock, want) {
					t.Errorf("no %s in\n%s", want, clock)
				}
			}
		})
	}
}
