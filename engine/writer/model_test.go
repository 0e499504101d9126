package writer

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"koira/engine"
)

const canary = "sk-canary-2f81"

// step is one reply of the fake model.
type step struct {
	status int    // 0 means 200
	file   string // in testdata/replies
	body   string // instead of file
	header map[string]string
	cut    bool // the connection breaks before any answer
}

// question as it came over the wire.
type asked struct {
	Model    string
	Messages []struct{ Role, Content string }
	Format   struct {
		Type   string
		Schema struct {
			Name   string
			Strict bool
			Schema json.RawMessage
		} `json:"json_schema"`
	} `json:"response_format"`
	MaxTokens int `json:"max_completion_tokens"`
	key       string
}

// fakeModel answers with its steps, one after the other, and keeps what it was asked.
type fakeModel struct {
	t     *testing.T
	steps []step
	mu    sync.Mutex
	asked []asked
}

func (m *fakeModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var a asked
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions" {
		m.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	a.key = r.Header.Get("Authorization")
	m.asked = append(m.asked, a)
	if len(m.asked) > len(m.steps) {
		m.t.Errorf("call %d, but %d were expected", len(m.asked), len(m.steps))
		w.WriteHeader(http.StatusTeapot)
		return
	}
	s := m.steps[len(m.asked)-1]
	if s.cut {
		panic(http.ErrAbortHandler)
	}
	for k, v := range s.header {
		w.Header().Set(k, v)
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	if s.status != 0 {
		w.WriteHeader(s.status)
	}
	if s.file != "" {
		s.body = fixture(m.t, s.file)
	}
	io.WriteString(w, s.body)
}

// fixture reads a reply. Its first line says where it comes from; none was recorded yet.
func fixture(t *testing.T, name string) string {
	b, err := os.ReadFile(filepath.Join("testdata", "replies", name))
	if err != nil {
		t.Fatal(err)
	}
	from, body, _ := strings.Cut(string(b), "\n")
	if !strings.HasPrefix(from, "// written from documentation: ") {
		t.Errorf("%s does not say where it comes from: %q", name, from)
	}
	return body
}

// wall is a clock that never makes anybody wait, and remembers for how long it was asked to.
type wall struct{ waits []time.Duration }

func (c *wall) Now() time.Time { return time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC) }

func (c *wall) Wait(ctx context.Context, d time.Duration) error {
	c.waits = append(c.waits, d)
	return ctx.Err()
}

// newOpenAI starts a fake model with these steps and a writer that speaks to it.
func newOpenAI(t *testing.T, steps ...step) (OpenAI, *fakeModel, *wall) {
	t.Helper()
	address, m, c := serving(t, steps)
	return connect(t, address, c), m, c
}

// newJudge starts a fake model with these steps and a judge that speaks to it.
func newJudge(t *testing.T, steps ...step) (Judge, *fakeModel, *wall) {
	t.Helper()
	address, m, c := serving(t, steps)
	j, err := NewJudge(options(address, c))
	if err != nil {
		t.Fatal(err)
	}
	return j, m, c
}

func serving(t *testing.T, steps []step) (address string, m *fakeModel, c *wall) {
	t.Helper()
	m, c = &fakeModel{t: t, steps: steps}, &wall{}
	s := httptest.NewServer(m)
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	return s.URL, m, c
}

func connect(t *testing.T, address string, c engine.Clock) OpenAI {
	t.Helper()
	w, err := NewOpenAI(options(address, c))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func options(address string, c engine.Clock) Options {
	return Options{
		BaseURL: address + "/v1", Model: "gpt-4.1", Key: canary, Prices: Prices{InPerMillion: 2 * engine.Unit, OutPerMillion: 8 * engine.Unit},
		MaxAttempts: 3, Clock: c, Rand: rand.New(rand.NewPCG(1, 2)), HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

// answering makes a whole reply of the model's content.
func answering(content string) step {
	j, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	return step{body: `{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":` + string(j) + `}}],"usage":{"prompt_tokens":1000,"completion_tokens":200}}`}
}
