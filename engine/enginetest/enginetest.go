// Package enginetest holds what every channel, meter and step is tested with: a virtual clock, seeded ids, golden files, a wire that loses
// requests and replies on purpose, and the conformance suites that each channel and each meter must pass.
package enginetest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Golden fails t with a diff unless got is what the file at path holds. With update it writes got there instead.
func Golden(t *testing.T, path string, got []byte, update bool) {
	t.Helper()
	if update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-file +got):\n%s", path, d)
	}
}
