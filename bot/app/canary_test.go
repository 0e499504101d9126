package app

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"koira/bot/workspace"
)

// canaries are twelve secrets, by where each is planted. The first two are the workspace's own tokens, which it draws itself.
var canaries = map[string]string{
	SlackBotToken:           "",
	SlackAppToken:           "",
	ModelKey:                "sk-canary-model-8f3a61",
	"KOIRA_BLOG_PASSWORD":   "canary blog pass word",
	"KOIRA_NEWS_PASSWORD":   "canary+news/pass=word&", // in a file
	"channel url":           "canary-in-channel-url",
	"model url":             "canary-in-model-url",
	"business link":         "canary-in-business-link",
	"another's key":         "sk-canary-of-somebody-else", // what the model's server says of itself
	"another's header":      "canaryheaderofaproxy12345",
	"another's Slack token": "xoxp-1-canary-of-somebody-else",
	"another's address":     "canary-in-proxy-url",
}

// TestNoSecretIsTold plants twelve secrets, runs koira for some simulated days at debug level against servers that gossip, and looks for each
// of them in everything that koira wrote or said: 0 hits, but for the Authorization that is each server's own.
func TestNoSecretIsTold(t *testing.T) {
	var model, blog recorder
	modelAt, blogAt := httptest.NewServer(http.HandlerFunc(model.modelServer)), httptest.NewServer(http.HandlerFunc(blog.blogServer))
	defer modelAt.Close()
	defer blogAt.Close()
	dir := t.TempDir()
	newsFile := filepath.Join(dir, "news-password")
	if err := os.WriteFile(newsFile, []byte(canaries["KOIRA_NEWS_PASSWORD"]+"\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	said := map[string]*bytes.Buffer{"the log": {}, "standard error": {}, "config errors": {}}
	log.SetOutput(said["standard error"])
	defer log.SetOutput(os.Stderr)

	toml := canaryConfig(t, modelAt.URL, blogAt.URL)
	for from, to := range map[string]string{
		modelAt.URL:               "http://user:" + canaries["model url"] + "@127.0.0.1:1",
		blogAt.URL:                "http://user:" + canaries["channel url"] + "@127.0.0.1:1",
		`"https://leipa.example"`: `"https://user:` + canaries["business link"] + `@leipa.example"`,
	} {
		_, err := Parse("koira.toml", []byte(strings.ReplaceAll(toml, from, to)))
		if err == nil {
			t.Errorf("a config file with %s is taken", to)
		}
		fmt.Fprintln(said["config errors"], err)
	}
	c, err := Parse("koira.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	c.Storage.Path = filepath.Join(dir, "koira.db")

	clock := NewSimClock(simStart)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	space, err := workspace.New(workspace.Options{Wall: machine{}, Stamp: clock.Now, Zone: c.zone(), Seed: 7, TeamID: "T0KOIRA01", Manifest: Manifest(), People: cast, Channels: rooms})
	if err != nil {
		t.Fatal(err)
	}
	space.SetBaseURL("http://" + ln.Addr().String())
	for i, to := range []*string{&c.Slack.Drafts, &c.Slack.Exceptions, &c.Slack.Reports} {
		*to = space.Channels()[i].ID
	}
	canaries[SlackBotToken], canaries[SlackAppToken] = space.BotToken(), space.AppToken()
	m := Machine{
		Clock: clock, Wall: machine{}, Seed: 7, Log: slog.New(slog.NewTextHandler(said["the log"], &slog.HandlerOptions{Level: slog.LevelDebug})),
		Env: func(name string) (string, bool) {
			if name == "KOIRA_NEWS_PASSWORD_FILE" {
				return newsFile, true
			}
			v, ok := canaries[name]
			return v, ok && name != "KOIRA_NEWS_PASSWORD"
		},
	}
	slack := &leaky{next: &http.Transport{}}
	day := canaryDay{t: t, c: c, m: m, space: space, clock: clock, slack: slack}
	day.run(ln)

	said["what Slack was told"] = bytes.NewBuffer(bytes.ReplaceAll(slack.bodies.Bytes(), []byte(url.QueryEscape(space.BotToken())), nil)) // its own
	said["the model's prompts"], said["the blog's posts"] = &model.bodies, &blog.bodies
	said["the workspace"] = day.seen()
	for _, format := range []string{"jsonl", "csv"} {
		said[format] = &bytes.Buffer{}
		if _, err := Export(t.Context(), ExportOptions{DB: c.Storage.Path, Format: format, Stdout: said[format]}); err != nil {
			t.Error(err)
		}
	}
	files, err := filepath.Glob(c.Storage.Path + "*")
	if err != nil || len(files) < 4 {
		t.Errorf("beside the store lie only %q, %v", files, err)
	}
	for _, f := range append(files, day.running...) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		said[f] = bytes.NewBuffer(b)
	}

	for _, h := range []struct {
		r    *recorder
		head string
	}{
		{&model, "Bearer " + canaries[ModelKey]}, {&slack.recorder, "Bearer " + space.BotToken()},
		{&blog, "Basic " + base64.StdEncoding.EncodeToString([]byte("koira:"+canaries["KOIRA_BLOG_PASSWORD"]))},
		{&blog, "Basic " + base64.StdEncoding.EncodeToString([]byte("koira:"+canaries["KOIRA_NEWS_PASSWORD"]))},
	} {
		if !h.r.heads[h.head] {
			t.Errorf("no request carried %s: the secret was not in use", h.head)
		}
	}
	if opinions := bytes.Count(said["jsonl"].Bytes(), []byte(`"voice.judged"`)); model.judged == 0 || opinions == 0 || !bytes.Contains(said["jsonl"].Bytes(), []byte(`"score":"0.10"`)) {
		t.Errorf("the model was asked for %d opinions, of which %d are in the log", model.judged, opinions)
	}
	if masked := strings.Count(said["the log"].String(), "***"); masked < 10 {
		t.Errorf("only %d places of the log were masked: nothing gossiped", masked)
	}
	for where, b := range said {
		for name, secret := range canaries {
			for _, form := range forms(secret) {
				if i := bytes.Index(b.Bytes(), []byte(form)); i >= 0 {
					t.Errorf("%s holds the secret %q: …%.200q…", where, name, b.Bytes()[max(0, i-120):])
				}
			}
		}
	}
	if t.Failed() {
		return
	}
	t.Logf("%d places, %d bytes of log, %d model calls, %d blog calls, %d Slack calls", len(said), said["the log"].Len(), model.n, blog.n, slack.n)
}

// forms are the shapes that a secret may take on its way.
func forms(s string) []string {
	quoted, _ := json.Marshal(s)
	return []string{
		s, url.QueryEscape(s), url.PathEscape(s), strings.Trim(string(quoted), `"`), hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(s)),
		base64.StdEncoding.EncodeToString([]byte("koira:" + s)), base64.RawURLEncoding.EncodeToString([]byte(s)),
	}
}

// canaryConfig is the bakery of the scripts with a model and two blogs.
func canaryConfig(t *testing.T, model, blog string) string {
	t.Helper()
	b, err := os.ReadFile("../testdata/bakery.toml")
	if err != nil {
		t.Fatal(err)
	}
	c := strings.ReplaceAll(string(b), `level = "L0"`, `level = "L3"`)
	c = strings.ReplaceAll(c, `per_week = [1, 1]`, `per_week = [5, 7]`)
	c = strings.ReplaceAll(c, `channels = ["social", "newsletter"]`, `channels = ["social", "newsletter", "blog", "news"]`)
	c += "\n[model]\nname = \"house-model\"\nprice_in = \"0.01\"\nprice_out = \"0.01\"\njudge = true\nbase_url = \"" + model + "\"\n"
	for _, name := range []string{"blog", "news"} {
		c += fmt.Sprintf(`
[[channels]]
name = %[1]q
label = %[1]q
type = "wordpress"
url = %[2]q
user = "koira"
password_env = "KOIRA_%[3]s_PASSWORD"
account = "koira"

[[tasks]]
id = "%[1]s-post"
name = "%[1]s post"
channel = %[1]q
segment = "followers"
level = "L3"
per_week = [5, 7]
hours = [12, 18]
frequency = "high"
sensitivity = "low"
`, name, blog, strings.ToUpper(name))
	}
	return c
}
