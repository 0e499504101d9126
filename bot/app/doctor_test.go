package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
