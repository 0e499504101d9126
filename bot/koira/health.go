package main

import (
	"context"
	"fmt"
	"io"

	"koira/bot/app"
	"koira/engine"
)

type healthCmd struct {
	Config string `help:"The config file." default:"koira.toml" type:"path"`
}

// Run reads the heartbeat beside the store; it does not open the store, which belongs to the running koira.
func (c healthCmd) Run(_ context.Context, out io.Writer) error {
	cfg, err := app.Load(c.Config)
	if err != nil {
		return err
	}
	h, err := app.Health(cfg, wall{}.Now())
	if err != nil {
		return err
	}
	fmt.Fprintln(out, h.Words)
	if !h.Alive {
		return engine.Errorf(engine.CodeUpstream, "koira is not running, or hangs.")
	}
	return nil
}
