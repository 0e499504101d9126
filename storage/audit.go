package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// mostFaults is how many faults an Audit keeps; the rest are counted.
const mostFaults = 1000

// everyLine is no limit.
const everyLine = -1

// InstallSetting is the setting that holds a store's own id: two files with one id are copies of each other.
const InstallSetting = "install"

// Audit is what a look at a whole log found, and at the tables that it can be held against.
type Audit struct {
	Lines       int64
	First, Last time.Time // of the log's lines; zero when there is none
	Head        engine.Head
	Pieces      int // outputs that were held against the log
	Faults      []engine.Fault
	Found       int // how many faults there are; more than Faults where those are too many
	Install     string
}

func (a *Audit) fault(f engine.Fault) {
	if a.Found++; len(a.Faults) < mostFaults {
		a.Faults = append(a.Faults, f)
	}
}

// Audit reads all of the log in one consistent state of the file: it recomputes the chain, and holds the log, replayed, against the tables.
func (db *DB) Audit(ctx context.Context) (a Audit, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		a, err = audit(ctx, q)
		return err
	})
	return a, err
}

func audit(ctx context.Context, q sqlx.QueryerContext) (Audit, error) {
	var a Audit
	told := engine.NewReplay()
	c := chain{fault: a.fault, event: func(e engine.Event) {
		if a.First.IsZero() {
			a.First = e.At
		}
		a.Last = e.At
		if wrong := told.Follow(e); wrong != "" {
			a.fault(engine.Fault{Seq: e.Seq, What: wrong})
		}
	}}
	if err := c.walk(ctx, q, everyLine); err != nil {
		return a, err
	}
	a.Lines, a.Head, a.Pieces = c.lines, c.at, len(told.Outputs)
	for _, hold := range []func(context.Context, sqlx.QueryerContext, *engine.Replay, func(engine.Fault)) error{
		holdWalls, holdOutputs, holdApprovals, holdTasks, holdRules, holdControl, holdExceptions,
	} {
		if err := hold(ctx, q, told, a.fault); err != nil {
			return a, err
		}
	}
	install, err := setting(ctx, q, InstallSetting)
	a.Install = install
	return a, err
}

// CheckEvents holds at most limit lines after head to the chain, and returns the line that it came to: the same head when there is none
// after it. It calls fault for each fault.
func (db *DB) CheckEvents(ctx context.Context, head engine.Head, limit int, fault func(engine.Fault)) (engine.Head, error) {
	c := chain{at: head, fault: fault}
	err := c.walk(ctx, db.read, limit)
	return c.at, translate(err)
}

// EventHash returns the hash of line seq, "" when there is no such line.
func (db *DB) EventHash(ctx context.Context, seq int64) (string, error) {
	hash, err := eventHash(ctx, db.read, seq)
	return hash, translate(err)
}

func eventHash(ctx context.Context, q sqlx.QueryerContext, seq int64) (string, error) {
	var found []string
	err := all(ctx, q, &found, `
		SELECT hash
		FROM   events
		WHERE  seq = ?`, seq)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// eventByHash returns the number of the newest line whose hash begins with prefix, 0 when there is none.
func eventByHash(ctx context.Context, q sqlx.QueryerContext, prefix string) (int64, error) {
	var seq int64
	err := get(ctx, q, &seq, `
		SELECT COALESCE(MAX(seq), 0)
		FROM   events
		WHERE  substr(hash, 1, ?) = ?`, len(prefix), prefix)
	return seq, err
}

// written is the text of what people set, as it is kept.
func written(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// sumOf stands in the log for a text that is kept elsewhere, so that a change of it shows.
func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
