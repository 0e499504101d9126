package wordpress

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"koira/engine"
	"koira/engine/enginetest"
)

// TestConformance runs the suite against the fake.
func TestConformance(t *testing.T) {
	enginetest.TestChannel(t, func(t *testing.T) enginetest.Door {
		_, s := newFake(t)
		return open(t, Options{URL: s.URL, User: fakeUser, Password: fakePassword}, enginetest.IDs(1))
	})
}

// TestConformanceReal runs the same suite against a real WordPress; .ci/wordpress start gives one.
func TestConformanceReal(t *testing.T) {
	at := site(t)
	enginetest.TestChannel(t, func(t *testing.T) enginetest.Door {
		return open(t, at, fresh(t))
	})
}

// fresh returns keys that no earlier run has used, for a site that remembers: the name of a temporary folder differs from run to run.
func fresh(t *testing.T) engine.NewID {
	h := fnv.New64a()
	h.Write([]byte(t.TempDir()))
	return enginetest.IDs(h.Sum64())
}

// site reads KOIRA_TEST_WORDPRESS, or skips the test.
func site(t *testing.T) Options {
	v := os.Getenv("KOIRA_TEST_WORDPRESS")
	if v == "" {
		t.Skip("KOIRA_TEST_WORDPRESS is not set, so there is no real WordPress to test against; see .ci/wordpress")
	}
	u, err := url.Parse(v)
	if err != nil || u.User == nil {
		t.Fatal("KOIRA_TEST_WORDPRESS must look like http://user:application-password@host:port")
	}
	password, _ := u.User.Password()
	return Options{URL: u.Scheme + "://" + u.Host + u.Path, User: u.User.Username(), Password: engine.Secret(password)}
}

// open makes a door to the site and looks at the site as any visitor does.
func open(t *testing.T, at Options, newID engine.NewID) enginetest.Door {
	wire := &enginetest.Wire{}
	at.Name, at.Label, at.Client = "blog", "Blog", &http.Client{Transport: wire}
	c, err := New(at)
	if err != nil {
		t.Fatal(err)
	}
	wrong := at
	wrong.Password = "wrong"
	denied, err := New(wrong)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	d := enginetest.Door{
		Channel: c, Denied: denied,
		NewID: func() string { keys = append(keys, newID()); return keys[len(keys)-1] },
		Read:  func(t *testing.T, r engine.Ref) []byte { return readBack(t, c, r) },
		Faults: wire.Faults(func() []string {
			var live []string
			for _, k := range keys {
				live = append(live, visible(t, at.URL, k)...)
			}
			return live
		}),
	}
	t.Cleanup(func() { tidy(t, at, keys) })
	return d
}

// visible returns key once for each post of it that a visitor sees.
func visible(t *testing.T, site, key string) []string {
	res, err := http.Get(site + "/wp-json/wp/v2/posts?slug=" + slugs(key))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var posts []struct {
		Content struct{ Rendered string }
	}
	if err := json.NewDecoder(res.Body).Decode(&posts); err != nil {
		t.Fatal(err)
	}
	var live []string
	for _, p := range posts {
		if strings.Contains(p.Content.Rendered, "koira "+key) {
			live = append(live, key)
		}
	}
	return live
}

// readBack returns what stands at r without the marker, as Render's bytes.
func readBack(t *testing.T, c *Channel, r engine.Ref) []byte {
	p, err := c.get(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := text{Title: p.Title.Raw, Content: marker.ReplaceAllString(p.Content.Raw, "")}.encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tidy deletes what the test left, so that a site can be used for many runs. It runs after the test's own context has ended.
func tidy(t *testing.T, at Options, keys []string) {
	at.Client = nil
	c, err := New(at)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	for _, k := range keys {
		posts, err := c.find(ctx, k)
		if err != nil {
			t.Logf("%s is left behind: %v", k, err)
			continue
		}
		for _, p := range posts {
			if err := c.remove(ctx, p.ref().ID, "true"); err != nil {
				t.Logf("%s is left behind: %v", k, err)
			}
		}
	}
}
