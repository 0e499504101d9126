package main

import (
	"context"
	"io"
	"os"

	"koira/bot/app"
)

type demoCmd struct {
	Addr     string  `help:"Where the page is served; loopback only." default:"127.0.0.1:8321"`
	Speed    float64 `help:"Simulated seconds in a second; the default shows about a day in ten seconds." default:"8640"`
	Seed     uint64  `help:"The same seed gives the same audience." default:"1"`
	DB       string  `help:"Keep the demo in this file instead of a temporary one." type:"path"`
	Days     int     `help:"Stop after so many simulated days; 0 means go on." default:"0"`
	Config   string  `help:"A config file whose [model] writes instead of the built-in template writer." type:"path"`
	Story    bool    `help:"The scripted story: 90 days, from the first draft to the return from two weeks away."`
	Headless bool    `help:"No page: run --days (or the whole --story, whose transcript is printed) as fast as it goes, print a summary, and end."`
}

// Run serves the demo until a signal ends ctx.
func (c demoCmd) Run(ctx context.Context, out io.Writer) error {
	return app.Demo(ctx, app.DemoOptions{
		Addr: c.Addr, Speed: c.Speed, Seed: c.Seed, DB: c.DB, Days: c.Days, Headless: c.Headless, Story: c.Story, Wall: wall{}, Out: out,
		Config: c.Config, Env: os.LookupEnv,
	})
}
