package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"koira/bot/app"
	"koira/engine"
)

type simulateCmd struct {
	Days int    `help:"Days in each history." default:"90"`
	Runs int    `help:"How many histories; each takes the next seed." default:"1"`
	Seed uint64 `help:"The first seed." default:"1"`
	JSON bool   `help:"One JSON object a history."`
	Jobs int    `help:"How many at the same time." default:"2"`
	Full bool   `help:"Fail too when a move, fault, crash point or act was never reached."`
}

// Run prints a line a history and what the batch reached; a breach prints seed, step and the last events, and fails.
func (c simulateCmd) Run(ctx context.Context, out io.Writer) error {
	if c.Days < 1 || c.Runs < 1 || c.Jobs < 1 {
		return engine.Errorf(engine.CodeInvalid, "--days, --runs and --jobs begin at 1.")
	}
	results := make([]app.Simulated, c.Runs)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(c.Jobs)
	began := time.Now()
	for i := range results {
		g.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			var err error
			results[i], err = app.Simulate(gctx, app.SimulateOptions{Days: c.Days, Seed: c.Seed + uint64(i)})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	reached, breaches := map[string]int{}, 0
	for _, r := range results {
		if err := c.print(out, r); err != nil {
			return err
		}
		for k, n := range r.Reached {
			reached[k] += n
		}
		if r.Breach != "" {
			breaches++
		}
	}
	if !c.JSON {
		fmt.Fprintf(out, "%s\n%d histories of %d days in %s, %d with a breach\n", table(reached), c.Runs, c.Days, time.Since(began).Round(time.Millisecond), breaches)
	}
	if breaches > 0 {
		return engine.Errorf(engine.CodeBlocked, "%d of %d histories broke what must always hold.", breaches, c.Runs)
	}
	if never := app.Unreached(reached); c.Full && len(never) > 0 {
		return engine.Errorf(engine.CodeInvalid, "These histories say nothing about what they never reached: %s. Run more of them.", strings.Join(never, ", "))
	}
	return nil
}

func (c simulateCmd) print(out io.Writer, r app.Simulated) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(r)
	}
	if r.Breach == "" {
		fmt.Fprintf(out, "seed %d: %d pieces, %d published, %d events, %d crashes survived, log %.12s\n", r.Seed, r.Outputs, r.Published, r.Events, r.Crashes, r.Hash)
		return nil
	}
	fmt.Fprintf(out, "seed %d BROKE at %s: %s\n  %s\n", r.Seed, r.Step, r.Breach, strings.Join(r.History, "\n  "))
	return nil
}

// table lists what the batch reached: what was never reached proves nothing.
func table(reached map[string]int) string {
	keys := make([]string, 0, len(reached))
	for k := range reached {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	b.WriteString("reached:")
	for _, k := range keys {
		fmt.Fprintf(&b, "\n  %7d  %s", reached[k], k)
	}
	return b.String()
}
