package main

import (
	"bytes"
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
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"replace": replace},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// replace writes NEW over OLD, which is as long, wherever it stands in a file.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || len(args[1]) != len(args[2]) {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	name := ts.MkAbs(args[0])
	b, err := os.ReadFile(name)
	ts.Check(err)
	changed := bytes.ReplaceAll(b, []byte(args[1]), []byte(args[2]))
	if bytes.Equal(b, changed) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(name, changed, 0o600))
}
