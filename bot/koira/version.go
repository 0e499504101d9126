package main

import (
	"fmt"
	"io"
	"runtime/debug"
)

type versionCmd struct{}

func (versionCmd) Run(out io.Writer) error {
	version, revision := "unreleased", ""
	if b, ok := debug.ReadBuildInfo(); ok {
		if b.Main.Version != "" && b.Main.Version != "(devel)" {
			version = b.Main.Version
		}
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
		fmt.Fprintf(out, "koira %s%s %s\n", version, revision, b.GoVersion)
		return nil
	}
	fmt.Fprintf(out, "koira %s\n", version)
	return nil
}
