package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"koira/bot/app"
	"koira/engine"
)

type verifyCmd struct {
	DB      string `help:"The store's file, or a copy of it. Whoever may read it may verify its log." default:"koira.db" type:"path"`
	Head    string `help:"A hash that was kept elsewhere, such as one that was posted under a morning note; its first 12 digits will do."`
	HeadSeq int64  `help:"The number of the line whose hash was kept; alone, the log must be at least so long."`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
}

// mostShown is how many faults are printed in words; --json prints all that were kept.
const mostShown = 50

// Run prints what is wrong where, and a line that sums it up. It fails when anything is wrong, writes nothing, and may run beside a running koira.
func (c verifyCmd) Run(ctx context.Context, out io.Writer) error {
	v, err := app.Verify(ctx, app.VerifyOptions{DB: c.DB, Head: engine.Head{Seq: c.HeadSeq, Hash: c.Head}})
	if err != nil {
		return err
	}
	if c.JSON {
		err = c.json(out, v)
	} else {
		c.words(out, v)
	}
	if err == nil && v.Found > 0 {
		err = engine.Errorf(engine.CodeInvalid, "The log is not whole: %d faults.", v.Found)
		if v.Found == 1 {
			err = engine.Errorf(engine.CodeInvalid, "The log is not whole: 1 fault.")
		}
	}
	return err
}

func (c verifyCmd) words(out io.Writer, v app.Verified) {
	for _, f := range v.Faults[:min(mostShown, len(v.Faults))] {
		if f.Seq != 0 {
			fmt.Fprintf(out, "line %d: ", f.Seq)
		}
		fmt.Fprintf(out, "%s\n", f.What)
		if f.Want != "" || f.Got != "" {
			fmt.Fprintf(out, "  expected %q, found %q\n", f.Want, f.Got)
		}
	}
	if more := v.Found - mostShown; more > 0 {
		fmt.Fprintf(out, "and %d more\n", more)
	}
	fmt.Fprintf(out, "%s: %d lines", c.DB, v.Lines)
	if v.Lines > 0 {
		fmt.Fprintf(out, " (%s to %s); line %d is the last, and ends in %s", v.First.UTC().Format(time.DateTime), v.Last.UTC().Format(time.DateTime), v.Head.Seq, v.Head.Hash)
	}
	fmt.Fprintf(out, "\nside file: %s\n", v.Side)
	if v.Kept != (engine.Head{}) {
		fmt.Fprintf(out, "the head that was given is line %d\n", v.Kept.Seq)
	}
	if v.Found == 0 {
		fmt.Fprintf(out, "whole: the chain holds, and %d pieces, the tasks, the rules, what is open and what is stopped are as the log says\n", v.Pieces)
	}
}

func (c verifyCmd) json(out io.Writer, v app.Verified) error {
	type fault struct {
		Line int64  `json:"line,omitempty"`
		What string `json:"what"`
		Want string `json:"expected,omitempty"`
		Got  string `json:"found,omitempty"`
	}
	faults := make([]fault, len(v.Faults))
	for i, f := range v.Faults {
		faults[i] = fault{f.Seq, f.What, f.Want, f.Got}
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		File   string  `json:"file"`
		Whole  bool    `json:"whole"`
		Lines  int64   `json:"lines"`
		Head   int64   `json:"head_seq"`
		Hash   string  `json:"head"`
		Pieces int     `json:"pieces"`
		Side   string  `json:"side_file"`
		Kept   int64   `json:"given_head_is_line,omitempty"`
		Found  int     `json:"faults_found"`
		Faults []fault `json:"faults"`
	}{c.DB, v.Found == 0, v.Lines, v.Head.Seq, v.Head.Hash, v.Pieces, v.Side, v.Kept.Seq, v.Found, faults})
}
