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
}

func (a *Audit) fault(f engine.Fault) {
	if a.Found++; len(a.Faults) < mostFaults {
		a.Faults = append(a.Faults, f)
	}
}

// Walk is an audit under way, in steps. Between two steps the log may grow.
type Walk struct {
	Audit Audit
	chain chain
	told  *engine.Replay
}

// NewWalk returns a Walk before the first line.
func NewWalk() *Walk {
	w := &Walk{told: engine.NewReplay()}
	w.chain = chain{fault: w.Audit.fault, event: w.follow}
	return w
}

func (w *Walk) follow(e engine.Event) {
	if w.Audit.First.IsZero() {
		w.Audit.First = e.At
	}
	w.Audit.Last = e.At
	if wrong := w.told.Follow(e); wrong != "" {
		w.Audit.fault(engine.Fault{Seq: e.Seq, What: wrong})
	}
}

// holds are what the log, replayed, is held against. To add one: its function, a row, and a row in TestWhatWasWrittenPastTheLogIsFound.
var holds = []func(context.Context, sqlx.QueryerContext, *engine.Replay, func(engine.Fault)) error{
	holdWalls, holdOutputs, holdApprovals, holdTasks, holdRules, holdControl, holdExceptions,
}

// step reads at most limit lines; with the last one, which is the log's end, the tables are held against it, and it is done.
func (w *Walk) step(ctx context.Context, q sqlx.QueryerContext, limit int) (done bool, err error) {
	before := w.chain.lines
	if err := w.chain.walk(ctx, q, limit); err != nil {
		return false, err
	}
	w.Audit.Lines, w.Audit.Head, w.Audit.Pieces = w.chain.lines, w.chain.at, len(w.told.Outputs)
	if limit != everyLine && w.chain.lines-before == int64(limit) {
		return false, nil
	}
	for _, hold := range holds {
		if err := hold(ctx, q, w.told, w.Audit.fault); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Audit reads all of the log in one consistent state of the file: it recomputes the chain, and holds the log, replayed, against the tables.
func (db *DB) Audit(ctx context.Context) (Audit, error) {
	w := NewWalk()
	_, err := db.Step(ctx, w, everyLine)
	return w.Audit, err
}

// Step takes w at most limit lines further, and says whether it has come to the end. A Walk that is done takes no more steps.
func (db *DB) Step(ctx context.Context, w *Walk, limit int) (done bool, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		done, err = w.step(ctx, q, limit)
		return err
	})
	return done, err
}

// CheckEvents holds the lines after head to the chain, and returns the last one: head itself when there is none after it.
func (db *DB) CheckEvents(ctx context.Context, head engine.Head) (engine.Head, []engine.Fault, error) {
	var a Audit
	c := chain{at: head, fault: a.fault}
	err := db.snapshot(ctx, func(q sqlx.QueryerContext) error { return c.walk(ctx, q, everyLine) })
	return c.at, a.Faults, err
}

// EventLine returns the line with that number, zero when there is none.
func (db *DB) EventLine(ctx context.Context, seq int64) (engine.Head, error) {
	h, err := lineOf(ctx, db.read, engine.Head{Seq: seq})
	return h, translate(err)
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
