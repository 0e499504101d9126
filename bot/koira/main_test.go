package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this very program as koira.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"koira": main})
}

// TestScripts runs every command as an operator types it. To add one: a file in testdata/script.
func TestScripts(t *testing.T) {
	example, err := filepath.Abs("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			b, err := os.ReadFile(example)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "koira.toml"), b, 0o600)
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
