package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"

	"koira/bot/app"
)

type runCmd struct {
	Config string `help:"The config file." default:"koira.toml" type:"path"`
	Debug  bool   `help:"Log more."`
}

// Run runs until a signal ends ctx.
func (c runCmd) Run(ctx context.Context) error {
	cfg, err := app.Load(c.Config)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if c.Debug {
		level = slog.LevelDebug
	}
	return app.Run(ctx, cfg, app.Machine{
		Clock: wall{}, Wall: wall{}, Seed: rand.Uint64(), Env: os.LookupEnv,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})),
	})
}
