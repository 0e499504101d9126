package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"koira/bot/app"
)

type exportCmd struct {
	DB     string `help:"The store's file. Whoever may read it may export its log." default:"koira.db" type:"path"`
	Since  string `help:"From when on: a day (2025-11-01, UTC), a moment (RFC 3339), or how long ago (30d, 12h). Without it, from the beginning."`
	Until  string `help:"Up to when: a day, which is exported whole, a moment, or how long ago. Without it, to the end."`
	Format string `help:"jsonl: an object a line. csv: a row a line, safe to open in a spreadsheet." enum:"jsonl,csv" default:"jsonl"`
	Out    string `help:"A file to write to, readable by its owner alone, instead of the output. It is replaced once all is written." type:"path"`
}

// Run writes the audit log out. It changes nothing, and may run beside a running koira.
func (c exportCmd) Run(ctx context.Context, out io.Writer) error {
	now := wall{}.Now()
	since, err := app.ParseSince(c.Since, now, false)
	if err != nil {
		return err
	}
	until, err := app.ParseSince(c.Until, now, true)
	if err != nil {
		return err
	}
	n, err := app.Export(ctx, app.ExportOptions{DB: c.DB, Since: since, Until: until, Format: c.Format, Out: c.Out, Stdout: out})
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintln(os.Stderr, "koira: the log has no lines of that time.")
	}
	return nil
}
