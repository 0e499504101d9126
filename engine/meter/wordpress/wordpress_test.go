package wordpress

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
	"koira/engine/enginetest"
)

var record = flag.Bool("record", false, "write testdata anew from the WordPress that KOIRA_TEST_WORDPRESS names")

// fake is a WordPress with these numbers of comments by post; it answers in the words of testdata.
func fake(t *testing.T, comments map[string]int) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		switch r.URL.Path {
		case "/wp-json/wp/v2/posts":
			var found []string
			for _, id := range strings.Split(r.URL.Query().Get("include"), ",") {
				if _, ok := comments[id]; ok {
					found = append(found, strings.ReplaceAll(fixture(t, "post"), "0", id))
				}
			}
			fmt.Fprintf(w, "[%s]", strings.Join(found, ","))
		case "/wp-json/wp/v2/comments":
			n := comments[r.URL.Query().Get("post")]
			w.Header().Set("X-WP-Total", strconv.Itoa(n))
			if n == 0 {
				fmt.Fprint(w, "[]")
				return
			}
			fmt.Fprint(w, fixture(t, "comments"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func fixture(t *testing.T, name string) string {
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Error(err)
	}
	_, b, _ = bytes.Cut(b, []byte("\n"))
	return strings.TrimSpace(string(b))
}

func TestConformance(t *testing.T) {
	enginetest.TestMeter(t, func(t *testing.T) enginetest.Source {
		s := fake(t, map[string]int{"7": 3, "8": 0, "9": 1})
		m, err := New(Options{Name: "comments", URL: s.URL})
		if err != nil {
			t.Fatal(err)
		}
		return enginetest.Source{Meter: m, Refs: []engine.Ref{{ID: "7"}, {ID: "8"}}}
	})
}

func TestRead(t *testing.T) {
	s := fake(t, map[string]int{"7": 3, "8": 0})
	m, err := New(Options{Name: "comments", URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	obs, err := m.Read(t.Context(), time.Time{}, []engine.Ref{{ID: "7"}, {ID: "8"}, {ID: "7"}, {ID: "6"}, {ID: "https://shop.example/"}, {}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, o := range obs {
		got[o.Ref+" "+string(o.Metric)] += o.Value
	}
	if d := cmp.Diff(map[string]int64{"7 engagements": 3, "8 engagements": 0}, got); d != "" {
		t.Errorf("readings (-want +got):\n%s", d)
	}
}

func TestReadFails(t *testing.T) {
	cases := map[string]struct {
		status int
		body   string
		want   engine.Code
	}{
		"refused":          {403, `{"code":"rest_forbidden"}`, engine.CodeDenied},
		"not found":        {404, ``, engine.CodeUpstream},
		"down":             {503, ``, engine.CodeUpstream},
		"not WordPress":    {200, `<html>`, engine.CodeUpstream},
		"without a number": {200, `[{"id":7}]`, engine.CodeUpstream},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			defer s.Close()
			m, err := New(Options{Name: "comments", URL: s.URL, User: "u", Password: "canary"})
			if err != nil {
				t.Fatal(err)
			}
			obs, err := m.Read(t.Context(), time.Time{}, []engine.Ref{{ID: "7"}})
			if engine.CodeOf(err) != c.want || len(obs) != 0 || strings.Contains(err.Error(), "canary") {
				t.Errorf("%v, %v; want code %s", obs, err, c.want)
			}
		})
	}
}

func TestNew(t *testing.T) {
	for name, c := range map[string]struct {
		o  Options
		ok bool
	}{
		"in the clear, without a password": {Options{Name: "m", URL: "http://shop.example"}, true},
		"in the clear, with a password":    {Options{Name: "m", URL: "http://shop.example", User: "u", Password: "p"}, false},
		"without a name":                   {Options{URL: "https://shop.example"}, false},
		"without an address":               {Options{Name: "m"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := New(c.o); (err == nil) != c.ok {
				t.Errorf("%v, want ok %v", err, c.ok)
			}
		})
	}
}

// TestConformanceReal runs the suite against a real WordPress with posts and comments of its own; .ci/wordpress start gives one.
func TestConformanceReal(t *testing.T) {
	site := realSite(t)
	refs := []engine.Ref{{ID: site.post(t)}, {ID: site.post(t)}}
	site.comment(t, refs[0].ID, "First")
	site.comment(t, refs[0].ID, "Second")
	enginetest.TestMeter(t, func(t *testing.T) enginetest.Source {
		return enginetest.Source{Meter: site.meter(t), Refs: refs}
	})
	obs, err := site.meter(t).Read(t.Context(), time.Time{}, refs)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(obs, func(o engine.Observation) bool { return o.Ref == refs[0].ID })
	if i < 0 || obs[i].Value != 2 {
		t.Errorf("%+v, want 2 comments on the first", obs)
	}
	if *record {
		site.record(t, refs[0].ID)
	}
}

// realWordPress is the site of KOIRA_TEST_WORDPRESS.
type realWordPress struct{ url, user, password string }

func realSite(t *testing.T) realWordPress {
	v := os.Getenv("KOIRA_TEST_WORDPRESS")
	if v == "" {
		t.Skip("KOIRA_TEST_WORDPRESS is not set, so there is no real WordPress to test against; see .ci/wordpress")
	}
	u, err := url.Parse(v)
	if err != nil || u.User == nil {
		t.Fatal("KOIRA_TEST_WORDPRESS must look like http://user:application-password@host:port")
	}
	password, _ := u.User.Password()
	return realWordPress{u.Scheme + "://" + u.Host + u.Path, u.User.Username(), password}
}

func (s realWordPress) meter(t *testing.T) *Meter {
	m, err := New(Options{Name: "comments", URL: s.url, User: s.user, Password: engine.Secret(s.password)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// post publishes one and deletes it with its comments after the test.
func (s realWordPress) post(t *testing.T) string {
	id := s.do(t, http.MethodPost, "posts", url.Values{"title": {"Rye"}, "content": {"Rye."}, "status": {"publish"}})
	t.Cleanup(func() { s.do(t, http.MethodDelete, "posts/"+id, url.Values{"force": {"true"}}) })
	return id
}

func (s realWordPress) comment(t *testing.T, post, text string) {
	s.do(t, http.MethodPost, "comments", url.Values{"post": {post}, "content": {text}})
}

func (s realWordPress) do(t *testing.T, method, path string, q url.Values) string {
	t.Helper()
	req, err := http.NewRequest(method, s.url+"/wp-json/wp/v2/"+path+"?"+q.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(s.user, s.password)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode/100 != 2 {
		t.Fatalf("%s %s: HTTP %d, %v: %s", method, path, res.StatusCode, err, b)
	}
	var made struct{ ID int64 }
	if err := json.Unmarshal(b, &made); err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(made.ID, 10)
}

// record writes the fixtures. The post's number is written as 0, for the fake to fill in.
func (s realWordPress) record(t *testing.T, id string) {
	feed, _ := s.get(t, "/feed/")
	version := regexp.MustCompile(`wordpress\.org/\?v=([0-9.]+)`).FindStringSubmatch(feed)
	if version == nil {
		t.Fatal("the feed does not name WordPress's version")
	}
	for name, path := range map[string]string{"post": "posts?_fields=id&include=" + id, "comments": "comments?_fields=id&per_page=1&post=" + id} {
		body, head := s.get(t, "/wp-json/wp/v2/"+path)
		day, err := http.ParseTime(head.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		if name == "post" {
			body = strings.Replace(strings.Trim(body, "[]"), id, "0", 1)
		}
		origin := fmt.Sprintf("// recorded: WordPress %s, %s; GET %s; X-WP-Total %s\n",
			version[1], day.Format(time.DateOnly), strings.Replace(path, "="+id, "=ID", 1), head.Get("X-WP-Total"))
		if err := os.WriteFile("testdata/"+name+".json", []byte(origin+body+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (s realWordPress) get(t *testing.T, path string) (string, http.Header) {
	t.Helper()
	res, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), res.Header
}
