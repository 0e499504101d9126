package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
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
	JSON bool   `help:"One JSON object a history, and one for all."`
	Jobs int    `help:"How many at the same time; 0 means one a processor." default:"0"`
	Full bool   `help:"Fail too when a move, fault, crash point or act was never reached."`
}

// few is up to how many histories have a line each; of more, only those that broke.
const few = 20

// Run prints what each history came to, in the order of the seeds, and what the batch reached; a breach prints seed, step and the last
// events, and fails.
func (c simulateCmd) Run(ctx context.Context, out io.Writer) error {
	if c.Days < 1 || c.Runs < 1 || c.Jobs < 0 {
		return engine.Errorf(engine.CodeInvalid, "--days and --runs begin at 1, --jobs at 0.")
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(800) // little is kept and much is thrown away: collecting rarely costs some megabytes and saves a fifth of the time
	}
	all := batch{Days: c.Days, Reached: map[string]int{}}
	began := time.Now()
	stop := watch(os.Stderr, c.Runs, began, &all)
	err := c.each(ctx, func(r app.Simulated) error {
		all.add(r)
		return c.print(out, r)
	})
	stop()
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(out).Encode(&all)
	} else {
		_, err = fmt.Fprintf(out, "%s\n%d histories of %d days in %s, %d with a breach\n",
			table(all.Reached), c.Runs, c.Days, time.Since(began).Round(time.Millisecond), all.Broken)
	}
	if err != nil {
		return err
	}
	if all.Broken > 0 {
		return engine.Errorf(engine.CodeBlocked, "%d of %d histories broke what must always hold:\n  %s", all.Broken, c.Runs, strings.Join(all.Breaches, "\n  "))
	}
	if never := app.Unreached(all.Reached); c.Full && len(never) > 0 {
		return engine.Errorf(engine.CodeInvalid, "These histories say nothing about what they never reached: %s. Run more of them.", strings.Join(never, ", "))
	}
	return nil
}

// each simulates the histories, several at the same time, and hands them to take one by one in the order of their seeds.
func (c simulateCmd) each(ctx context.Context, take func(app.Simulated) error) error {
	jobs := c.Jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(jobs + 1) // and the one that takes
	results := make(chan chan app.Simulated, 4*jobs)
	g.Go(func() error {
		for one := range results {
			select {
			case r := <-one:
				if err := take(r); err != nil {
					return err
				}
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for i := 0; i < c.Runs && gctx.Err() == nil; i++ {
		one := make(chan app.Simulated, 1)
		select {
		case results <- one:
		case <-gctx.Done():
		}
		g.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			r, err := app.Simulate(gctx, app.SimulateOptions{Days: c.Days, Seed: c.Seed + uint64(i)})
			if err == nil {
				one <- r
			}
			return err
		})
	}
	close(results)
	return g.Wait()
}

func (c simulateCmd) print(out io.Writer, r app.Simulated) error {
	switch {
	case c.JSON:
		return json.NewEncoder(out).Encode(r)
	case r.Breach != "":
		_, err := fmt.Fprintf(out, "seed %d BROKE at %s: %s\n  %s\n", r.Seed, r.Step, r.Breach, strings.Join(r.History, "\n  "))
		return err
	case c.Runs > few:
		return nil
	}
	_, err := fmt.Fprintf(out, "seed %d: %d pieces, %d published, %d events, %d crashes survived, log %.12s\n", r.Seed, r.Outputs, r.Published, r.Events, r.Crashes, r.Hash)
	return err
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
