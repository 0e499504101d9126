package wordpress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fake is a WordPress that answers with recorded replies. It keeps what the real one keeps: ids, slugs that never repeat, the bin.
type fake struct {
	t  *testing.T
	mu sync.Mutex

	posts map[int64]*post
	last  int64
	wild  func(*post) // what a plugin does to each post that is stored; nil for nothing
	noBin bool        // as with EMPTY_TRASH_DAYS 0
}

const fakeUser, fakePassword = "koira", "fake fake fake"

func newFake(t *testing.T) (*fake, *httptest.Server) {
	f := &fake{t: t, posts: map[int64]*post{}, last: 40}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return f, s
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	user, password, _ := r.BasicAuth()
	known := user == fakeUser && password == fakePassword
	rest, ok := strings.CutPrefix(r.URL.Path, "/wp-json/wp/v2/posts")
	if !ok {
		http.NotFound(w, r)
		return
	}
	id, _ := strconv.ParseInt(strings.TrimPrefix(rest, "/"), 10, 64)
	p := f.posts[id]
	switch {
	case rest == "" && r.Method == http.MethodPost:
		f.create(w, r, known)
	case rest == "" && r.URL.Query().Get("context") != "edit":
		f.list(w, r, "view", "publish")
	case rest == "" && !known:
		f.say(w, http.StatusBadRequest, "denied-list", nil)
	case rest == "":
		f.list(w, r, "list", "publish", "draft", "pending", "future", "private")
	case p == nil:
		f.say(w, http.StatusNotFound, "missing", nil)
	case !known:
		f.say(w, http.StatusUnauthorized, map[string]string{"GET": "denied-get", "POST": "denied-change", "DELETE": "denied-delete"}[r.Method], nil)
	case r.Method == http.MethodGet:
		f.say(w, http.StatusOK, "get", p)
	case r.Method == http.MethodPost:
		f.change(w, r, p)
	default:
		f.remove(w, r, p)
	}
}

func (f *fake) create(w http.ResponseWriter, r *http.Request, known bool) {
	in := f.read(r)
	switch {
	case !known:
		f.say(w, http.StatusUnauthorized, "denied-create", nil)
		return
	case in.Status != "draft":
		f.say(w, http.StatusBadRequest, "invalid", nil)
		return
	}
	f.last++
	p := &post{ID: f.last, Slug: f.free(in.Slug), Status: "draft", DateGMT: "2025-11-24T07:10:00", Title: raw{in.Title}, Content: raw{in.Content}}
	p.Link = fmt.Sprintf("http://%s/?p=%d", r.Host, p.ID)
	if f.wild != nil {
		f.wild(p)
	}
	f.posts[p.ID] = p
	f.say(w, http.StatusCreated, "create", p)
}

func (f *fake) change(w http.ResponseWriter, r *http.Request, p *post) {
	in := f.read(r)
	p.Title, p.Content, p.Status = raw{in.Title}, raw{in.Content}, in.Status
	p.Link = fmt.Sprintf("http://%s/%s/", r.Host, p.Slug)
	if f.wild != nil {
		f.wild(p)
	}
	f.say(w, http.StatusOK, "publish", p)
}

func (f *fake) remove(w http.ResponseWriter, r *http.Request, p *post) {
	switch {
	case r.URL.Query().Get("force") == "true":
		delete(f.posts, p.ID)
		f.say(w, http.StatusOK, "deleted", nil)
	case f.noBin:
		w.WriteHeader(http.StatusNotImplemented)
		fmt.Fprint(w, `{"code":"rest_trash_not_supported","message":"The post does not support trashing.","data":{"status":501}}`)
	case p.Status == "trash":
		f.say(w, http.StatusGone, "trashed", nil)
	default:
		p.Status, p.Slug = "trash", p.Slug+"__trashed"
		f.say(w, http.StatusOK, "trash", p)
	}
}

func (f *fake) list(w http.ResponseWriter, r *http.Request, fixture string, states ...string) {
	out := []any{}
	slugs := strings.Split(r.URL.Query().Get("slug"), ",")
	for _, id := range slices.Sorted(maps.Keys(f.posts)) {
		if p := f.posts[id]; slices.Contains(slugs, p.Slug) && slices.Contains(states, p.Status) {
			like := f.fixture(fixture).([]any)[0].(map[string]any)
			put(like, p)
			out = append(out, like)
		}
	}
	f.write(w, http.StatusOK, out)
}

// say answers with a fixture, in which p's own values stand in place of the recorded ones.
func (f *fake) say(w http.ResponseWriter, status int, fixture string, p *post) {
	out := f.fixture(fixture)
	if p != nil {
		put(out.(map[string]any), p)
	}
	f.write(w, status, out)
}

func put(out map[string]any, p *post) {
	out["id"], out["slug"], out["status"], out["link"], out["date_gmt"] = p.ID, p.Slug, p.Status, p.Link, p.DateGMT
	for name, v := range map[string]string{"title": p.Title.Raw, "content": p.Content.Raw} {
		part := out[name].(map[string]any)
		part["rendered"] = v
		if _, edit := part["raw"]; edit {
			part["raw"] = v
		}
	}
}

func (f *fake) fixture(name string) any {
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		f.t.Error(err)
		return map[string]any{}
	}
	_, b, _ = bytes.Cut(b, []byte("\n"))
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		f.t.Errorf("%s: %v", name, err)
	}
	return v
}

func (f *fake) write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		f.t.Error(err)
	}
}

func (f *fake) read(r *http.Request) write {
	var in write
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		f.t.Error(err)
	}
	return in
}

// free makes a slug that no post has, as wp_unique_post_slug does.
func (f *fake) free(slug string) string {
	taken := func(s string) bool {
		for _, p := range f.posts {
			if p.Slug == s {
				return true
			}
		}
		return false
	}
	s := slug
	for n := 2; taken(s); n++ {
		s = fmt.Sprintf("%s-%d", slug, n)
	}
	return s
}
