package writer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

// spent is the usage of n replies that each tell 1,000 tokens in and 200 out, after calls in all.
func spent(n, calls int) engine.Usage {
	return engine.Usage{Model: "gpt-4.1", In: 1000 * n, Out: 200 * n, Cost: engine.Money(3600 * n), Calls: calls}
}

func TestWrite(t *testing.T) {
	happy := step{file: "happy.json"}
	busy := step{status: 429, file: "busy.json"}
	for name, c := range map[string]struct {
		steps   []step
		code    engine.Code
		usage   engine.Usage
		formats string // as they were asked for
		waits   []string
	}{
		"happy":                           {steps: []step{happy}, usage: spent(1, 1), formats: "json_schema"},
		"busy, then happy":                {steps: []step{busy, happy}, usage: spent(1, 2), formats: "json_schema json_schema", waits: []string{"0.5s to 1.5s"}},
		"busy and told when":              {steps: []step{{status: 429, file: "busy.json", header: map[string]string{"Retry-After": "20"}}, happy}, usage: spent(1, 2), formats: "json_schema json_schema", waits: []string{"20s to 20s"}},
		"busy until a date":               {steps: []step{{status: 503, body: "down", header: map[string]string{"Retry-After": "Mon, 24 Nov 2025 08:00:30 GMT"}}, happy}, usage: spent(1, 2), formats: "json_schema json_schema", waits: []string{"30s to 30s"}},
		"busy for an hour":                {steps: []step{{status: 429, file: "busy.json", header: map[string]string{"Retry-After": "3600"}}}, code: engine.CodeUpstream, usage: spent(0, 1), formats: "json_schema"},
		"busy all the time":               {steps: []step{busy, busy, busy}, code: engine.CodeUpstream, usage: spent(0, 3), formats: "json_schema json_schema json_schema", waits: []string{"0.5s to 1.5s", "1s to 3s"}},
		"a gateway's page":                {steps: []step{{status: 502, body: "<html>Bad gateway</html>", header: map[string]string{"Content-Type": "text/html"}}, happy}, usage: spent(1, 2), formats: "json_schema json_schema", waits: []string{"0.5s to 1.5s"}},
		"no credit":                       {steps: []step{{status: 429, file: "no-quota.json"}}, code: engine.CodeDenied, usage: spent(0, 1), formats: "json_schema"},
		"a bad key":                       {steps: []step{{status: 401, file: "bad-key.json"}}, code: engine.CodeDenied, usage: spent(0, 1), formats: "json_schema"},
		"an unknown model":                {steps: []step{{status: 404, file: "no-model.json"}}, code: engine.CodeInvalid, usage: spent(0, 1), formats: "json_schema"},
		"a parameter refused":             {steps: []step{{status: 400, file: "unsupported.json"}}, code: engine.CodeInvalid, usage: spent(0, 1), formats: "json_schema"},
		"no schemas here":                 {steps: []step{{status: 400, file: "no-schema.json"}, happy}, usage: spent(1, 2), formats: "json_schema json_object"},
		"no format at all":                {steps: []step{{status: 400, file: "no-schema.json"}, {status: 400, file: "no-object.json"}, {file: "fenced.json"}}, usage: spent(1, 3), formats: "json_schema json_object "},
		"every format refused":            {steps: []step{{status: 400, file: "no-schema.json"}, {status: 400, file: "no-object.json"}, {status: 400, file: "no-object.json"}}, code: engine.CodeInvalid, usage: spent(0, 3), formats: "json_schema json_object "},
		"fenced, after thoughts":          {steps: []step{{file: "fenced.json"}}, usage: spent(1, 1), formats: "json_schema"},
		"refusal":                         {steps: []step{{file: "refusal.json"}}, code: engine.CodeBlocked, usage: spent(1, 1), formats: "json_schema"},
		"stopped by the model's filter":   {steps: []step{{file: "filtered.json"}}, code: engine.CodeBlocked, usage: spent(1, 1), formats: "json_schema"},
		"cut off":                         {steps: []step{{file: "length.json"}}, code: engine.CodeInvalid, usage: spent(1, 1), formats: "json_schema"},
		"invalid, then repaired":          {steps: []step{{file: "invalid.json"}, happy}, usage: spent(2, 2), formats: "json_schema json_schema"},
		"invalid twice":                   {steps: []step{{file: "invalid.json"}, {file: "invalid.json"}}, code: engine.CodeUpstream, usage: spent(2, 2), formats: "json_schema json_schema"},
		"invalid, then cut off":           {steps: []step{{file: "invalid.json"}, {file: "length.json"}}, code: engine.CodeInvalid, usage: spent(2, 2), formats: "json_schema json_schema"},
		"invalid, then busy, then mended": {steps: []step{{file: "invalid.json"}, busy, happy}, usage: spent(2, 3), formats: "json_schema json_schema json_schema", waits: []string{"0.5s to 1.5s"}},
		"an empty reply, then happy":      {steps: []step{{file: "no-choices.json"}, happy}, usage: engine.Usage{Model: "gpt-4.1", In: 1010, Out: 200, Cost: 3620, Calls: 2}, formats: "json_schema json_schema", waits: []string{"0.5s to 1.5s"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, m, clock := newOpenAI(t, c.steps...)
			got, usage, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
			if engine.CodeOf(err) != c.code {
				t.Fatalf("%v, want code %q", err, c.code)
			}
			if d := cmp.Diff(c.usage, usage); d != "" {
				t.Error(d)
			}
			if len(m.asked) != len(c.steps) {
				t.Errorf("%d calls, want %d", len(m.asked), len(c.steps))
			}
			var formats []string
			for _, a := range m.asked {
				formats = append(formats, a.Format.Type)
			}
			if f := strings.Join(formats, " "); f != c.formats {
				t.Errorf("formats %q, want %q", f, c.formats)
			}
			compareWaits(t, c.waits, clock.waits)
			if err != nil {
				if len(got.Variants) > 0 || strings.Contains(fmt.Sprintf("%v %+v", err, err), canary) {
					t.Errorf("beside %v: %+v", err, got)
				}
				return
			}
			want := engine.Copy{Variants: []engine.Variant{{Name: "A", Body: "A second batch of rye comes out at 10 on Saturdays.", CallToAction: "Reserve your loaf"}}}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func compareWaits(t *testing.T, want []string, got []time.Duration) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("waits %v, want %q", got, want)
	}
	for i, span := range want {
		from, to, _ := strings.Cut(span, " to ")
		least, _ := time.ParseDuration(from)
		most, err := time.ParseDuration(to)
		if err != nil || got[i] < least || got[i] > most {
			t.Errorf("wait %d is %v, want %s", i, got[i], span)
		}
	}
}

func TestWriteSendsWhatIsDocumented(t *testing.T) {
	w, m, _ := newOpenAI(t, step{file: "happy.json"})
	if _, _, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1)); err != nil {
		t.Fatal(err)
	}
	a := m.asked[0]
	if a.key != "Bearer "+canary || a.Model != "gpt-4.1" || a.MaxTokens != 8_000 || !a.Format.Schema.Strict || a.Format.Schema.Name != "copy" {
		t.Errorf("sent %+v", a)
	}
	golden(t, "schema.golden", string(a.Format.Schema.Schema)+"\n")
	golden(t, "prompt.golden", a.Messages[0].Role+":\n"+a.Messages[0].Content+"\n"+a.Messages[1].Role+":\n"+a.Messages[1].Content+"\n")
}

func TestFormatIsRemembered(t *testing.T) {
	w, m, _ := newOpenAI(t, step{status: 400, file: "no-schema.json"}, step{file: "happy.json"}, step{file: "happy.json"})
	for range 2 {
		if _, _, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1)); err != nil {
			t.Fatal(err)
		}
	}
	if f := m.asked[2].Format.Type; f != "json_object" {
		t.Errorf("the third call asks for %q", f)
	}
}

func TestRepairQuotesWhatIsWrong(t *testing.T) {
	w, m, _ := newOpenAI(t, step{file: "invalid.json"}, step{file: "happy.json"})
	if _, _, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1)); err != nil {
		t.Fatal(err)
	}
	second := m.asked[1].Messages
	if len(second) != 4 || second[2].Role != "assistant" || !strings.Contains(second[2].Content, "A second batch.") {
		t.Fatalf("messages %+v", second)
	}
	if c := second[3].Content; !strings.HasPrefix(c, repairPreface+`"`) || !strings.Contains(c, "missing properties") || strings.Contains(c, "file:") {
		t.Errorf("repair says %q", c)
	}
}

func TestKeyIsNeverShown(t *testing.T) {
	echo := answering(`{"variants":[{"subject":"` + canary + `","body":"` + canary + `","alt_text":"` + canary + `","` + canary + `":1}],"doubt":"` + canary + `"}`)
	for name, steps := range map[string][]step{
		"in an error reply":   {{status: 401, file: "bad-key.json"}},
		"in a broken reply":   {{body: canary}, {body: canary}, {body: canary}},
		"in another type":     {{body: canary, header: map[string]string{"Content-Type": canary}}, {body: canary, header: map[string]string{"Content-Type": canary}}, {body: canary, header: map[string]string{"Content-Type": canary}}},
		"in a useless answer": {echo, echo},
		"in a redirect":       {{status: 307, header: map[string]string{"Location": "http://" + canary + ".invalid/"}}, {status: 307, header: map[string]string{"Location": "http://" + canary + ".invalid/"}}, {status: 307, header: map[string]string{"Location": "http://" + canary + ".invalid/"}}},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, _ := newOpenAI(t, steps...)
			_, _, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1))
			if err == nil {
				t.Fatal("no error")
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if text := fmt.Sprintf("%v %+v %#v %s %q", e, e, e, e, e); strings.Contains(text, canary) {
					t.Errorf("%T shows the key: %s", e, text)
				}
			}
			if text := fmt.Sprintf("%v %+v %#v", w, w, w); strings.Contains(text, canary) {
				t.Errorf("the writer shows the key: %s", text)
			}
		})
	}
}

func TestNewOpenAIRefuses(t *testing.T) {
	good := Options{BaseURL: "https://api.openai.com/v1", Model: "gpt-4.1", Key: canary, Clock: &wall{}, Rand: rand.New(rand.NewPCG(1, 2))}
	for name, c := range map[string]struct {
		change func(*Options)
		code   engine.Code
	}{
		"nothing wrong":               {func(*Options) {}, ""},
		"loopback in the open":        {func(o *Options) { o.BaseURL = "http://127.0.0.1:11434/v1" }, ""},
		"the open without a key":      {func(o *Options) { o.BaseURL, o.Key = "http://ollama:11434/v1", "" }, ""},
		"the open with a key":         {func(o *Options) { o.BaseURL = "http://ollama:11434/v1" }, engine.CodeInvalid},
		"no address":                  {func(o *Options) { o.BaseURL = "" }, engine.CodeInvalid},
		"another scheme":              {func(o *Options) { o.BaseURL = "file:///v1" }, engine.CodeInvalid},
		"a password in the address":   {func(o *Options) { o.BaseURL = "https://a:b@api.openai.com/v1" }, engine.CodeInvalid},
		"a key in the address":        {func(o *Options) { o.BaseURL = "https://api.openai.com/v1?key=x" }, engine.CodeInvalid},
		"no model":                    {func(o *Options) { o.Model = " " }, engine.CodeInvalid},
		"a negative price":            {func(o *Options) { o.Prices.InPerMillion = -1 }, engine.CodeInvalid},
		"a price beyond sense":        {func(o *Options) { o.Prices.OutPerMillion = priceMost + 1 }, engine.CodeInvalid},
		"a negative number of tokens": {func(o *Options) { o.MaxTokens = -1 }, engine.CodeInvalid},
		"no clock":                    {func(o *Options) { o.Clock = nil }, engine.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			c.change(&o)
			if _, err := NewOpenAI(o); engine.CodeOf(err) != c.code {
				t.Errorf("%v, want code %q", err, c.code)
			}
		})
	}
}

func TestEnvironmentIsNotRead(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-from-the-environment")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/")
	m := &fakeModel{t: t, steps: []step{{file: "happy.json"}}}
	s := httptest.NewServer(m)
	defer s.Close()
	w, err := NewOpenAI(Options{BaseURL: s.URL + "/v1", Model: "qwen3", Clock: &wall{}, Rand: rand.New(rand.NewPCG(1, 2))})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Write(context.Background(), bakery(engine.KindSocial, "plain", 1)); err != nil || m.asked[0].key != "" {
		t.Errorf("%v, key %q", err, m.asked[0].key)
	}
}
