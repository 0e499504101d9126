package app

import (
	"context"

	"koira/engine"
	"koira/storage"
)

// ledger is the oracle's own copy of the ledger, line by line as it is written, and what it comes to.
type ledger struct {
	last     int64
	byOutput map[string][]engine.Entry
	used     map[string]map[string]engine.Money // by week, and there by task; all of the week under ""
}

func newLedger() ledger {
	return ledger{byOutput: map[string][]engine.Entry{}, used: map[string]map[string]engine.Money{}}
}

// read takes in the lines that are new.
func (l *ledger) read(ctx context.Context, db *storage.DB) error {
	for {
		lines, last, err := db.Lines(ctx, l.last)
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, e := range lines {
			l.byOutput[e.Output] = append(l.byOutput[e.Output], e)
			if l.used[e.Week] == nil {
				l.used[e.Week] = map[string]engine.Money{}
			}
			l.used[e.Week][""] += e.Reserved + e.Spent
			l.used[e.Week][e.Task] += e.Reserved + e.Spent
		}
		l.last = last
	}
}

// reread takes in the whole ledger anew and reports whether it is what was taken in as it was written: no line was changed or removed.
func (l *ledger) reread(ctx context.Context, db *storage.DB) (same bool, err error) {
	if err := l.read(ctx, db); err != nil {
		return false, err
	}
	all, err := db.Entries(ctx, "")
	n := map[string]int{}
	for _, e := range all {
		was := l.byOutput[e.Output]
		if i := n[e.Output]; i >= len(was) || was[i] != e {
			return false, err
		}
		n[e.Output]++
	}
	kept := 0
	for _, lines := range l.byOutput {
		kept += len(lines)
	}
	return kept == len(all), err
}
