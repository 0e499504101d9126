package blocks

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata anew")

// Every drawing is kept twice: as the JSON that is sent, and as the screen that people read, for review.
func TestCards(t *testing.T) {
	known := map[string]bool{}
	for _, d := range (bakery{}).drawings() {
		t.Run(d.name, func(t *testing.T) {
			if known[d.name] {
				t.Fatalf("two drawings are named %q", d.name)
			}
			known[d.name] = true
			golden(t, d.name+".json", indented(t, d.raw))
			golden(t, d.name+".txt", screen(d))
		})
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), filepath.Ext(f))
		if filepath.Ext(f) != "" && !known[name] {
			t.Errorf("%s belongs to no drawing", f)
		}
	}
}

func indented(t *testing.T, raw []byte) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-kept +drawn; write anew with -update):\n%s", name, diff)
	}
}
