package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A configured model writes in the demo, and the page says which; nothing is asked of it before the page opens.
func TestTheDemoNamesItsModel(t *testing.T) {
	b, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "koira.toml")
	model := "[model]\nbase_url = \"http://127.0.0.1:1/v1\"\nname = \"house-model\"\nprice_in = \"0\"\nprice_out = \"0\"\n"
	if err := os.WriteFile(file, bytes.Replace(b, []byte("[model]\n"), []byte(model), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for config, want := range map[string]string{"": "built-in template writer", file: "house-model"} {
		d, err := newDemo(t.Context(), DemoOptions{Seed: 1, Speed: 1, Wall: NewSimClock(demoStart), Config: config, Env: os.LookupEnv, Out: &bytes.Buffer{}})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(d.notices(), " · "); !strings.Contains(got, want) {
			t.Errorf("the page says %q, want %q in it", got, want)
		}
		d.close()
	}
}
