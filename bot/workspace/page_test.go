package workspace

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// still is a clock that stands: whoever waits on it waits for the end of its context.
type still struct{ t time.Time }

func (s still) Now() time.Time { return s.t }

func (s still) Wait(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

const pageManifest = `{"display_information":{"name":"koira"},"features":{"app_home":{"home_tab_enabled":true},"bot_user":{"display_name":"koira"},
	"slash_commands":[{"command":"/koira","description":"What I do","usage_hint":"[help|draft <task>]"},{"command":"/autonomy","description":"Levels"}]},
	"oauth_config":{"scopes":{"bot":["chat:write","commands"]}},"settings":{"interactivity":{"is_enabled":true}}}`

// pageOf builds a workspace with two channels and two people on 24 November 2025, and its page.
func pageOf(t *testing.T, change func(*Options), act actor) (*Workspace, http.Handler) {
	t.Helper()
	o := Options{
		Wall: still{testPen().now}, Zone: testPen().now.Location(), Manifest: []byte(pageManifest), Channels: []string{"marketing", "log"},
		Notices: []string{"Simulated audience.", "Nothing <leaves>."},
		People:  []Person{{ID: "U0MARI0001", Name: "mari", RealName: "Mari Leipä", Label: "owner"}, {ID: "U0TOMI0001", Name: "tomi"}},
	}
	if change != nil {
		change(&o)
	}
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if act == nil {
		act = w
	}
	return w, newPage(w, act)
}

// put stands a message of the bot into a channel.
func (w *Workspace) put(channel string, m Message) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	m.Channel = channel
	if m.User == "" {
		m.User = w.bot
	}
	w.post(w.room(channel), &m)
	return m.TS
}

func get(h http.Handler, target string, head http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
	for k, v := range head {
		r.Header[k] = v
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func TestPageLoadsNothingFromElsewhere(t *testing.T) {
	_, h := pageOf(t, nil, nil)
	for _, path := range []string{"/", "/page.css", "/page.js", "/parts", "/nothing"} {
		got := get(h, path, nil).Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "img-src 'self' data:;", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the policy %q lacks %q", path, got, want)
			}
		}
	}
	body := get(h, "/", nil).Body.String()
	for _, bad := range []string{"<script>", "<style", " style=", " onclick", "//unpkg", "https://"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %q, which the policy refuses or which leaves this computer", bad)
		}
	}
}

func TestPageAnswersOnlyThisComputer(t *testing.T) {
	_, h := pageOf(t, nil, nil)
	cases := map[string]struct {
		host string
		want int
	}{
		"the address":         {"127.0.0.1:8080", 200},
		"another loopback":    {"127.8.9.1", 200},
		"version 6":           {"[::1]:8080", 200},
		"localhost":           {"localhost:8080", 200},
		"below localhost":     {"koira.localhost", 200},
		"a foreign name":      {"evil.example:8080", 403},
		"a name that ends so": {"evillocalhost", 403},
		"a public address":    {"192.0.2.7:8080", 403},
		"no name":             {"", 403},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Host = c.host
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != c.want {
				t.Errorf("host %q got %d, want %d", c.host, rec.Code, c.want)
			}
		})
	}
}

func TestPageAnswersOnlyItsOwnPages(t *testing.T) {
	_, h := pageOf(t, nil, &recorded{})
	own, foreign := "http://127.0.0.1:8080", "http://evil.example"
	cases := map[string]struct {
		method, origin, site, mode string
		want                       int
	}{
		"a typed address":                      {method: "GET", want: 200},
		"a link from elsewhere":                {method: "GET", site: "cross-site", mode: "navigate", want: 200},
		"a script elsewhere reads":             {method: "GET", origin: foreign, want: 403},
		"a page elsewhere embeds":              {method: "GET", site: "cross-site", mode: "no-cors", want: 403},
		"the page posts":                       {method: "POST", origin: own, want: 204},
		"a page elsewhere posts":               {method: "POST", origin: foreign, want: 403},
		"a page on another port posts":         {method: "POST", origin: "http://127.0.0.1:9999", want: 403},
		"a page without origin posts":          {method: "POST", origin: "null", want: 403},
		"somebody posts without saying whence": {method: "POST", want: 403},
		"the browser vouches for the page":     {method: "POST", site: "same-origin", want: 204},
		"the browser says same site only":      {method: "POST", site: "same-site", want: 403},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := map[string]string{"GET": "/", "POST": "/act/home"}[c.method]
			r := httptest.NewRequest(c.method, own+path, strings.NewReader(`{"as":"U0MARI0001"}`))
			r.Header.Set("Content-Type", "application/json")
			for k, v := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode} {
				if v != "" {
					r.Header.Set(k, v)
				}
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != c.want {
				t.Errorf("got %d, want %d", rec.Code, c.want)
			}
		})
	}
}

func TestPageShowsWhoWhereAndNotices(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	w.put("C000000001", Message{Text: "Rye *bread*"})
	body := get(h, "/?as=U0TOMI0001", nil).Body.String()
	for _, want := range []string{
		`<option value="U0MARI0001">Mari Leipä · owner</option>`, `<option value="U0TOMI0001" selected>tomi</option>`,
		`Simulated audience. · Nothing &lt;leaves&gt;.`, `data-channel="C000000002"`, `data-channel="home"`, `data-ts="`, `Rye <strong>bread</strong>`,
		`data-offer="/koira help"`, `data-offer="/autonomy"`, `class="date">Mon 24 Nov 2025</time>`, `class="time">09:41</span>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(body, "data-clock=") {
		t.Error("there are clock controls although nobody gave any")
	}
}

func TestPageKeepsPrivateWhatIsPrivate(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	w.put("C000000001", Message{Text: "only for Mari", Ephemeral: "U0MARI0001"})
	var tomis string
	for _, c := range w.Channels() {
		if c.User == "U0TOMI0001" {
			tomis = c.ID
		}
	}
	w.put(tomis, Message{Text: "dear Tomi"})
	cases := map[string]struct {
		as, channel string
		sees        []string
	}{
		"Mari sees her notice, marked":             {"U0MARI0001", "C000000001", []string{"only for Mari", "Only visible to you", `class="message ephemeral"`}},
		"Tomi does not":                            {"U0TOMI0001", "C000000001", nil},
		"Tomi sees his messages":                   {"U0TOMI0001", tomis, []string{"dear Tomi"}},
		"Mari gets her own channel instead of his": {"U0MARI0001", tomis, []string{"only for Mari", "Only visible to you", `class="message ephemeral"`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			body := get(h, "/?"+url.Values{"as": {c.as}, "channel": {c.channel}}.Encode(), nil).Body.String()
			for _, secret := range []string{"only for Mari", "Only visible to you", `class="message ephemeral"`, "dear Tomi"} {
				if got, want := strings.Contains(body, secret), slices.Contains(c.sees, secret); got != want {
					t.Errorf("%q on the page: %v, want %v", secret, got, want)
				}
			}
		})
	}
}
