package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"

	"koira/bot/app"
)

type importCmd struct {
	Config string `help:"The config file." default:"koira.toml" type:"path"`
	Yes    bool   `help:"Apply it; without this the difference is only shown."`
}

// Run shows what the file would change, and changes it with --yes. koira itself must not be running: the store is locked.
func (c importCmd) Run(ctx context.Context, out io.Writer) error {
	cfg, err := app.Load(c.Config)
	if err != nil {
		return err
	}
	diff, err := app.Import(ctx, cfg, app.Machine{
		Clock: wall{}, Wall: wall{}, Seed: rand.Uint64(), Env: os.LookupEnv, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}, c.Yes)
	if err != nil {
		return err
	}
	switch {
	case len(diff) == 0:
		fmt.Fprintln(out, "The file says what the store says. Nothing to do.")
		return nil
	case c.Yes:
		fmt.Fprintln(out, "Changed:")
	default:
		fmt.Fprintln(out, "The file would change:")
	}
	for _, d := range diff {
		fmt.Fprintln(out, "  "+d)
	}
	if !c.Yes {
		fmt.Fprintln(out, "Nothing is changed yet. Apply it with: koira import --yes --config "+c.Config)
	}
	return nil
}
