package app

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"koira/engine"
	"koira/storage"
)

// ExportOptions says what of a log is written, and how.
type ExportOptions struct {
	DB     string
	Since  time.Time // zero: from the first line on
	Until  time.Time // before this; zero: to the last line
	Format string    // "jsonl" or "csv"
	Out    string    // a file, which is replaced once all is written; "" means Stdout
	Stdout io.Writer
}

// Export writes the lines of a store's log, oldest first, and returns how many. Times are UTC, and the columns are always the same ones. It
// changes nothing in the store, and a koira may be running on it. Whoever may read the file may do this: there is no other permission for it.
func Export(ctx context.Context, o ExportOptions) (lines int64, err error) {
	format, ok := exports[o.Format]
	if !ok {
		return 0, engine.Errorf(engine.CodeInvalid, "There is no format %q; there are jsonl and csv.", o.Format)
	}
	if !o.Until.IsZero() && !o.Since.Before(o.Until) {
		return 0, engine.Errorf(engine.CodeInvalid, "--since is not before --until.")
	}
	l, err := storage.OpenLog(ctx, o.DB)
	if err != nil {
		return 0, err
	}
	if o.Out == "" {
		lines, err = pour(ctx, l, o, format, o.Stdout)
		return lines, errors.Join(err, l.Close())
	}
	f, err := os.OpenFile(o.Out+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		l.Close()
		return 0, &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("%s cannot be written.", o.Out), Err: err}
	}
	lines, err = pour(ctx, l, o, format, f)
	if err = errors.Join(err, l.Close(), f.Sync(), f.Close()); err != nil {
		return lines, errors.Join(err, os.Remove(f.Name()))
	}
	return lines, os.Rename(f.Name(), filepath.Clean(o.Out))
}

// exports are the formats. To add one: its function, a row.
var exports = map[string]func(io.Writer) (put func(engine.Event) error, end func() error){"jsonl": jsonLines, "csv": table}

func pour(ctx context.Context, l *storage.Log, o ExportOptions, format func(io.Writer) (func(engine.Event) error, func() error), w io.Writer) (n int64, err error) {
	buffered := bufio.NewWriterSize(w, 1<<16)
	put, end := format(buffered)
	err = l.Events(ctx, o.Since, o.Until, func(e engine.Event) error {
		n++
		return put(e)
	})
	return n, errors.Join(err, end(), buffered.Flush())
}

// exportedTime is a time of the log in an export: UTC, microseconds, always as long.
const exportedTime = "2006-01-02T15:04:05.000000Z"

// jsonLines writes one object a line, with the details as an object in it.
func jsonLines(w io.Writer) (func(engine.Event) error, func() error) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	put := func(e engine.Event) error {
		detail := e.Detail
		if detail == nil {
			detail = map[string]string{}
		}
		return enc.Encode(struct {
			Seq     int64             `json:"seq"`
			At      string            `json:"at"`
			Actor   string            `json:"actor"`
			Surface string            `json:"surface"`
			Action  string            `json:"action"`
			Subject string            `json:"subject"`
			Detail  map[string]string `json:"detail"`
			Prev    string            `json:"prev"`
			Hash    string            `json:"hash"`
		}{e.Seq, e.At.UTC().Format(exportedTime), e.Actor, string(e.Surface), e.Action, e.Subject, detail, e.Prev, e.Hash})
	}
	return put, func() error { return nil }
}

// table writes a heading and one row a line, with the details as JSON in one cell. A cell that a spreadsheet would take for a formula begins
// with a quote.
func table(w io.Writer) (func(engine.Event) error, func() error) {
	c := csv.NewWriter(w)
	first := c.Write([]string{"seq", "at", "actor", "surface", "action", "subject", "detail", "prev", "hash"})
	put := func(e engine.Event) error {
		if first != nil {
			return first
		}
		row := []string{strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(exportedTime), e.Actor, string(e.Surface), e.Action, e.Subject, e.DetailJSON(), e.Prev, e.Hash}
		for i := range row {
			row[i] = inert(row[i])
		}
		return c.Write(row)
	}
	return put, func() error { c.Flush(); return c.Error() }
}

// inert keeps a spreadsheet from running a cell's text. Spreadsheets pass over white space before a formula, so it is looked behind.
func inert(cell string) string {
	if t := strings.TrimLeft(cell, " \t\r\n"); t != "" && strings.ContainsRune("=+-@", rune(t[0])) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	return cell
}

// ParseSince reads how an operator names a time: a day "2025-11-01" of UTC, RFC 3339, or so long before now, "30d" or "12h". A day stands for its
// first moment, or with end for the first one after it. "" is the zero time. Code invalid for anything else.
func ParseSince(s string, now time.Time, end bool) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		if end {
			t = t.AddDate(0, 0, 1)
		}
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	if n, err := strconv.Atoi(s[:len(s)-1]); err == nil && n > 0 && n <= 100_000 {
		switch s[len(s)-1] {
		case 'd':
			return now.UTC().AddDate(0, 0, -n), nil
		case 'h':
			return now.UTC().Add(-time.Duration(n) * time.Hour), nil
		}
	}
	return time.Time{}, engine.Errorf(engine.CodeInvalid, "%q is no time: write a day (2025-11-01), a moment (2025-11-01T08:00:00Z), or how long ago (30d, 12h).", s)
}
