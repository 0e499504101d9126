package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"koira/bot/app"
	"koira/engine"
)

type doctorCmd struct {
	Config string `help:"The config file." default:"koira.toml" type:"path"`
}

// Run prints a line a part: ok, or what is wrong and what to do about it. Nothing is written and nothing is sent.
func (c doctorCmd) Run(ctx context.Context, out io.Writer) error {
	failed := 0
	app.Doctor(ctx, c.Config, app.Machine{Clock: wall{}, Wall: wall{}, Env: os.LookupEnv}, func(p app.Part) {
		mark := "ok    "
		if p.Err != nil {
			mark = "FAILED"
			failed++
		}
		fmt.Fprintf(out, "%s  %s: %s\n", mark, p.Name, p.Words)
	})
	if failed > 0 {
		return engine.Errorf(engine.CodeInvalid, "%d of the parts failed.", failed)
	}
	fmt.Fprintln(out, "Everything is in order.")
	return nil
}
