package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/bot/workspace"
	"koira/engine"
)

// standing is a clock that stands.
type standing struct{ at time.Time }

func (s standing) Now() time.Time { return s.at }

func (s standing) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// examined runs doctor over the example, changed, and returns which parts failed and all that was said.
func examined(t *testing.T, at time.Time, env map[string]string, change ...string) (failed []string, said string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "koira.toml")
	// The first of two replacements for the same words counts.
	elsewhere := []string{`path = "koira.db"`, `path = "` + filepath.Join(filepath.Dir(path), "koira.db") + `"`}
	text := strings.NewReplacer(append(change, elsewhere...)...).Replace(example(t))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m := Machine{Clock: standing{at}, Wall: standing{at}, Env: func(k string) (string, bool) { v, ok := env[k]; return v, ok }}
	m.Slack.URL = env["SLACK_URL"]
	Doctor(t.Context(), path, m, func(p Part) {
		if p.Err != nil {
			failed = append(failed, p.Name)
		}
		said += p.Name + ": " + p.Words + "\n"
	})
	return failed, said
}

func TestDoctorSaysWhatToDo(t *testing.T) {
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		at     time.Time
		change []string
		failed []string
		says   string
	}{
		"the example lacks only secrets": {now, nil, []string{"slack", "channel blog"}, "it is Monday 24 November 10:00 in Europe/Helsinki"},
		"a broken file ends it":          {now, []string{`zone = "Europe/Helsinki"`, `zone = "Helsinki"`}, []string{"config"}, "business.zone must be a time zone"},
		"a clock that was never set":     {time.Unix(0, 0), nil, []string{"clock", "slack", "channel blog"}, "Set it."},
		"a folder that is not there":     {now, []string{`path = "koira.db"`, `path = "nowhere/koira.db"`}, []string{"storage", "slack", "channel blog"}, "chmod 700"},
		"a model that needs a key":       {now, []string{"[model]", "[model]\nbase_url = \"https://api.openai.com/v1\"\nname = \"m\"\nprice_in = \"0\"\nprice_out = \"0\""}, []string{"slack", "model", "channel blog"}, "The secret KOIRA_MODEL_KEY is not set"},
		"a model that judges":            {now, []string{"[model]", "[model]\nbase_url = \"https://m.example/v1\"\nname = \"m\"\nprice_in = \"0\"\nprice_out = \"0\"\njudge = true"}, []string{"slack", "channel blog"}, "says of each draft whether that sounds like you"},
		"a model that does not":          {now, []string{"[model]", "[model]\nbase_url = \"https://m.example/v1\"\nname = \"m\"\nprice_in = \"0\"\nprice_out = \"0\""}, []string{"slack", "channel blog"}, "does not judge drafts (model.judge is off)"},
		"nobody who could judge":         {now, []string{"[model]", "[model]\njudge = true"}, []string{"config"}, "model.judge needs model.name"},
		"a model without a key":          {now, []string{"[model]", "[model]\nbase_url = \"https://m.example/v1\"\nname = \"m\"\nprice_in = \"0\"\nprice_out = \"0\""}, []string{"slack", "channel blog"}, "without a key"},
	} {
		failed, said := examined(t, c.at, nil, c.change...)
		if d := cmp.Diff(c.failed, failed); d != "" || !strings.Contains(said, c.says) {
			t.Errorf("%s: failed parts %s\nsaid:\n%s", name, d, said)
		}
	}
}

// A blog is logged in to by reading alone.
func TestDoctorReadsTheBlog(t *testing.T) {
	password := "abcd efgh ijkl"
	var wrote bool
	blog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wrote = wrote || r.Method != http.MethodGet
		w.Header().Set("Content-Type", "application/json")
		if _, p, _ := r.BasicAuth(); p != password {
			w.WriteHeader(http.StatusUnauthorized)
			w.Write([]byte(`{"code":"rest_forbidden","message":"Sorry."}`))
			return
		}
		w.Write([]byte(`[]`))
	}))
	defer blog.Close()
	for name, c := range map[string]struct {
		password string
		failed   []string
		says     string
	}{
		"the right password": {password, []string{"slack"}, "channel blog: reached and logged in to " + blog.URL},
		"a wrong one":        {"wrong", []string{"slack", "channel blog"}, "check url, user and KOIRA_BLOG_PASSWORD"},
	} {
		failed, said := examined(t, time.Unix(1764000000, 0), map[string]string{"KOIRA_BLOG_PASSWORD": c.password}, `"https://blog.leipa.example"`, `"`+blog.URL+`"`)
		if d := cmp.Diff(c.failed, failed); d != "" || !strings.Contains(said, c.says) {
			t.Errorf("%s: failed parts %s\nsaid:\n%s", name, d, said)
		}
		if strings.Contains(said, c.password) && c.password == password {
			t.Errorf("%s: the password is in what doctor says", name)
		}
	}
	if wrote {
		t.Error("doctor wrote to the blog")
	}
}

// inWorkspace is a workspace on this machine with the channels that cards go to, and the environment in which koira finds it.
func inWorkspace(t *testing.T, manifest []byte) (space *workspace.Workspace, ids []string, env map[string]string) {
	t.Helper()
	space, err := workspace.New(workspace.Options{Wall: machine{}, Seed: 7, TeamID: "T0KOIRA01", Manifest: manifest, Channels: rooms})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(space.API())
	t.Cleanup(srv.Close)
	space.SetBaseURL(srv.URL)
	for _, c := range space.Channels() {
		ids = append(ids, c.ID)
	}
	return space, ids, map[string]string{SlackBotToken: space.BotToken(), SlackAppToken: space.AppToken(), "SLACK_URL": srv.URL + "/api/"}
}

func TestDoctorLooksAtTheChannels(t *testing.T) {
	for name, c := range map[string]struct {
		state  workspace.RoomState
		old    bool // the app has the scopes of an older manifest
		failed []string
		says   string
	}{
		"in order":          {says: "slack drafts: I am in #drafts and may post there"},
		"private, invited":  {state: workspace.RoomState{Private: true}, says: "slack drafts: I am in #drafts and may post there"},
		"private, a secret": {state: workspace.RoomState{Private: true, NotMember: true}, failed: []string{"slack drafts"}, says: "/invite @koira"},
		"gone":              {state: workspace.RoomState{Gone: true}, failed: []string{"slack drafts"}, says: "Check slack.drafts in the config file"},
		"archived":          {state: workspace.RoomState{Archived: true}, failed: []string{"slack drafts"}, says: "#drafts, the channel for drafts, is archived."},
		"never invited":     {state: workspace.RoomState{NotMember: true}, failed: []string{"slack drafts"}, says: "I am not in #drafts"},
		"read-only":         {state: workspace.RoomState{ReadOnly: true}, failed: []string{"slack drafts"}, says: "I may not post in #drafts"},
		"an older manifest": {old: true, failed: []string{"slack drafts", "slack exceptions", "slack reports"}, says: "Slack wants one of the scopes channels:read, groups:read"},
	} {
		t.Run(name, func(t *testing.T) {
			manifest := Manifest()
			if c.old {
				manifest = []byte(strings.NewReplacer("channels:read", "bookmarks:read", "groups:read", "bookmarks:write").Replace(string(manifest)))
			}
			space, ids, env := inWorkspace(t, manifest)
			space.SetRoom(ids[0], c.state)
			failed, said := examined(t, time.Unix(1764000000, 0), env, channelsOf(t, ids)...)
			if d := cmp.Diff(append(c.failed, "channel blog"), failed); d != "" || !strings.Contains(said, c.says) {
				t.Errorf("failed parts %s\nsaid:\n%s", d, said)
			}
			for _, id := range ids {
				if n := len(space.Messages(id)); n > 0 {
					t.Errorf("doctor posted %d messages to %s", n, id)
				}
			}
		})
	}
}

// channelsOf replaces the example's channels by ids.
func channelsOf(t *testing.T, ids []string) (change []string) {
	t.Helper()
	c, err := Parse("example", []byte(example(t)))
	if err != nil {
		t.Fatal(err)
	}
	for i, was := range []string{c.Slack.Drafts, c.Slack.Exceptions, c.Slack.Reports} {
		change = append(change, was, ids[i])
	}
	return change
}

// Where koira can post nowhere it does not start, and makes no store; one channel is enough to say what is wrong with the others.
func TestRunRefusesToStartWithoutAChannel(t *testing.T) {
	space, ids, env := inWorkspace(t, Manifest())
	for _, id := range ids {
		space.SetRoom(id, workspace.RoomState{Archived: true})
	}
	c, err := Parse("example", []byte(strings.NewReplacer(channelsOf(t, ids)...).Replace(example(t))))
	if err != nil {
		t.Fatal(err)
	}
	c.Storage.Path = filepath.Join(t.TempDir(), "koira.db")
	env["KOIRA_BLOG_PASSWORD"] = "abcd"
	m := Machine{Clock: machine{}, Wall: machine{}, Env: func(k string) (string, bool) { v, ok := env[k]; return v, ok }, Log: slog.New(slog.DiscardHandler)}
	m.Slack.URL = env["SLACK_URL"]
	err = Run(t.Context(), c, m)
	if engine.CodeOf(err) != engine.CodeDenied || !strings.Contains(message(err), "I can post in none of my channels, so I do not start. #drafts, the channel for drafts, is archived.") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(c.Storage.Path); err == nil {
		t.Error("it made a store")
	}
}
