package wordpress

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var record = flag.Bool("record", false, "write testdata anew from the WordPress that KOIRA_TEST_WORDPRESS names")

// steps is the conversation that is recorded, in this order; ID stands for the post that "create" made. With wrong, the password is wrong.
var steps = []struct {
	name, method, path, body string
	wrong                    bool
}{
	{"create", "POST", "?_fields=" + fields, `{"title":"Rye","content":"<p>Rye.</p>","slug":"koira-recorded","status":"draft"}`, false},
	{"list", "GET", "?slug=koira-recorded&status=any&context=edit&_fields=" + fields, "", false},
	{"get", "GET", "/ID?context=edit&_fields=" + fields, "", false},
	{"publish", "POST", "/ID?_fields=" + fields, `{"title":"Rye","content":"<p>Rye.</p>","status":"publish"}`, false},
	{"view", "GET", "?slug=koira-recorded", "", false},
	{"denied-create", "POST", "", `{"title":"Rye","status":"draft"}`, true},
	{"denied-list", "GET", "?slug=koira-recorded&status=any&context=edit", "", true},
	{"denied-get", "GET", "/ID?context=edit", "", true},
	{"denied-change", "POST", "/ID", `{"status":"publish"}`, true},
	{"denied-delete", "DELETE", "/ID", "", true},
	{"invalid", "POST", "", `{"title":"Rye","status":"nonsense"}`, false},
	{"trash", "DELETE", "/ID?force=false", "", false},
	{"trashed", "DELETE", "/ID?force=false", "", false},
	{"deleted", "DELETE", "/ID?force=true", "", false},
	{"missing", "GET", "/ID?context=edit", "", false},
}

// TestRecord writes the fixtures that the fake WordPress answers with. Run it after .ci/wordpress start, with -record.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	at := site(t)
	version := versionOf(t, at)
	id := ""
	for _, s := range steps {
		path := strings.Replace(s.path, "/ID", "/"+id, 1)
		req, err := http.NewRequestWithContext(t.Context(), s.method, at.URL+"/wp-json/wp/v2/posts"+path, strings.NewReader(s.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.SetBasicAuth(at.User, at.Password.Reveal())
		if s.wrong {
			req.SetBasicAuth(at.User, "wrong")
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if s.name == "create" {
			var p post
			if err := json.Unmarshal(body, &p); err != nil {
				t.Fatal(err)
			}
			id = p.ref().ID
		}
		day, err := http.ParseTime(res.Header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, body, "", "  "); err != nil {
			t.Fatalf("%s: %v: %s", s.name, err, body)
		}
		head := fmt.Sprintf("// recorded: WordPress %s, %s; %s posts%s; %d\n", version, day.Format(time.DateOnly), s.method, s.path, res.StatusCode)
		if err := os.WriteFile(filepath.Join("testdata", s.name+".json"), []byte(head+pretty.String()+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// versionOf asks the site's feed, the only public place that names it.
func versionOf(t *testing.T, at Options) string {
	res, err := http.Get(at.URL + "/feed/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`wordpress\.org/\?v=([0-9.]+)`).FindSubmatch(b)
	if m == nil {
		t.Fatal("the feed does not name WordPress's version")
	}
	return string(m[1])
}

// TestFixtures holds that each fixture says where it comes from, and lists those that no server has said.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < len(steps) {
		t.Fatalf("%d fixtures for %d steps (%v)", len(files), len(steps), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case bytes.HasPrefix(b, []byte("// recorded: WordPress ")):
		case bytes.HasPrefix(b, []byte("// written from documentation")):
			t.Logf("%s was written from documentation", f)
		default:
			t.Errorf("%s does not say where it comes from", f)
		}
	}
}
