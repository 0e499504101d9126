package desk

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // to look at everything that is kept

	"koira/engine"
	"koira/engine/guard"
	"koira/storage"
)

// hall is a world with a piece in every state, kept as a file so that each cell can begin with it.
type hall struct {
	t     *testing.T
	file  []byte
	dir   string
	at    time.Time
	in    map[engine.State]string // the piece in each state
	byWho map[string]string       // a waiting piece by its last editor
	w     *world                  // as the last cell left it; nil when that changed anything
	kept  string
	n     uint64
	fresh string  // what is kept when a cell begins with the file
	look  *sql.DB // what dump reads of the n-th world
}

func newHall(t *testing.T) *hall {
	t.Helper()
	dir, err := os.MkdirTemp(memory(), "koira-hall-")
	must(t, err)
	h := &hall{t: t, dir: dir, in: map[engine.State]string{}, byWho: map[string]string{}}
	t.Cleanup(func() {
		if h.look != nil {
			h.look.Close()
		}
		os.RemoveAll(dir)
	})
	path := filepath.Join(dir, "koira.db")
	w := openWorld(t, storage.Options{Path: path}, 7)
	w.seed(t)
	for i, s := range engine.States {
		h.in[s] = w.inState(t, s, "", start.Add(time.Duration(i+2)*day))
	}
	for i, who := range []string{venla, olli, tomi, mari} {
		h.byWho[who] = w.inState(t, engine.StateWaiting, who, start.Add(time.Duration(i+30)*day))
	}
	h.at = w.clock.Now().Add(7 * time.Minute) // no piece stands at this very moment
	must(t, w.store.Close())
	h.file, err = os.ReadFile(path)
	must(t, err)
	return h
}

// inState brings a new piece into a state, past desk.
func (w *world) inState(t *testing.T, s engine.State, editor string, slot time.Time) string {
	t.Helper()
	task, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	sent := slices.Contains([]engine.State{engine.StatePublishing, engine.StateUnconfirmed, engine.StateRetracting, engine.StateRetracted}, s)
	if sent {
		slot = w.clock.Now().Add(time.Hour)
	}
	o := w.planned(w.ctx, task, engine.OriginKoira, slot, "planned")
	o.CostMax = 0
	must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
	draft := o
	draft.Variants, draft.EditedBy, draft.Audience = []engine.Variant{{Name: "A", Body: "Rye bread sells out."}}, editor, 1240
	draft, err = w.render(draft)
	must(t, err)
	path := map[engine.State][]engine.State{
		engine.StateFailed: {engine.StateFailed}, engine.StateHanded: {engine.StateDrafted, engine.StateHanded},
		engine.StatePublished: {engine.StateDrafted, engine.StateHanded, engine.StatePublished},
	}[s]
	switch {
	case s == engine.StatePlanned || path != nil:
	case s == engine.StateDrafted:
		path = []engine.State{s}
	case s == engine.StateWaiting:
		path = []engine.State{engine.StateDrafted, s}
	case s == engine.StateSettled:
		path = []engine.State{engine.StateDrafted, engine.StateHanded, engine.StatePublished, s}
	case sent:
		path = []engine.State{engine.StateDrafted, engine.StateWaiting, engine.StateScheduled}
	default:
		path = []engine.State{engine.StateDrafted, engine.StateWaiting, s}
	}
	from, digest := engine.StatePlanned, engine.Digest("")
	for _, to := range path {
		if to == engine.StateScheduled {
			must(t, w.Approve(w.ctx, person(tomi), Click{Output: o.ID, Digest: digest, Audience: draft.Audience, Whole: true}))
			continue
		}
		m := engine.Move{Output: o.ID, From: from, To: to, Digest: digest, By: engine.Koira, At: w.clock.Now()}
		if to == engine.StateDrafted {
			m.Draft = &draft
		}
		_, err := w.store.Move(w.ctx, m)
		must(t, err)
		if from = to; to == engine.StateDrafted {
			digest = draft.Digest
		}
	}
	if sent {
		w.clock.Advance(slot.Sub(w.clock.Now()))
		w.send(t, o.ID, digest, s)
	}
	w.wantState(t, o.ID, s)
	return o.ID
}

// send brings a scheduled piece out, and as far as s.
func (w *world) send(t *testing.T, id string, digest engine.Digest, s engine.State) {
	t.Helper()
	intents, _, err := w.store.Claim(w.ctx, id, digest, w.clock.Now(), guard.Check)
	must(t, err)
	came := func(to engine.SendState) {
		t.Helper()
		sends, err := w.store.Sends(w.ctx, id)
		must(t, err)
		must(t, w.store.Apply(w.ctx, engine.Result{
			Send: intents[0].Send, Fence: sends[0].Fence, State: to, Ref: engine.Ref{ID: "x"}, At: w.clock.Now(), By: engine.Koira,
		}))
	}
	switch s {
	case engine.StateUnconfirmed:
		came(engine.SendUnconfirmed)
	case engine.StateRetracting, engine.StateRetracted:
		came(engine.SendPublished)
		_, err := w.store.Move(w.ctx, engine.Move{
			Output: id, From: engine.StatePublished, To: engine.StateRetracting, Digest: digest, By: engine.Koira, At: w.clock.Now(),
		})
		must(t, err)
		if s == engine.StateRetracted {
			came(engine.SendRetracted)
		}
	}
}

// world is the hall as it was, for the next cell.
func (h *hall) world() *world {
	h.t.Helper()
	if h.w == nil {
		h.n++
		path := filepath.Join(h.dir, fmt.Sprint(h.n, ".db"))
		must(h.t, os.WriteFile(path, h.file, 0o600))
		h.w = openWorld(h.t, storage.Options{Path: path}, 100+h.n)
		h.w.clock.Advance(h.at.Sub(start))
		h.lookAt(path)
		if h.fresh == "" {
			h.fresh = h.dump()
		}
		h.kept = h.fresh
	}
	return h.w
}

// lookAt opens a world's file to look at what is kept in it.
func (h *hall) lookAt(path string) {
	h.t.Helper()
	if h.look != nil {
		must(h.t, h.look.Close())
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro&_stmt_cache_size=128")
	must(h.t, err)
	h.look = db
}

// dump is everything that is kept, but for the log.
func (h *hall) dump() string {
	h.t.Helper()
	var tables []string
	rows, err := h.look.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('events', 'goose_db_version') ORDER BY name`)
	must(h.t, err)
	for rows.Next() {
		var name string
		must(h.t, rows.Scan(&name))
		tables = append(tables, name)
	}
	must(h.t, rows.Close())
	var b strings.Builder
	for _, table := range tables {
		rows, err := h.look.Query(`SELECT * FROM ` + table)
		must(h.t, err)
		columns, err := rows.Columns()
		must(h.t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			must(h.t, rows.Scan(values...))
			fmt.Fprint(&b, table)
			for _, v := range values {
				fmt.Fprint(&b, " ", *v.(*any))
			}
			b.WriteString("\n")
		}
		must(h.t, rows.Close())
	}
	return b.String()
}

// cell does one act and holds it against its letter.
func (h *hall) cell(name string, a engine.Actor, letter byte, do func(w *world) error) {
	h.t.Helper()
	w := h.world()
	logged, _, err := w.store.Head(w.ctx)
	must(h.t, err)
	err = do(w)
	if got := engine.CodeOf(err); got != letters[letter] {
		h.t.Errorf("%s: %q (%v), want %c", name, got, err, letter)
	}
	changed := h.dump() != h.kept
	new, nerr := w.store.Events(w.ctx, logged, 100)
	must(h.t, nerr)
	switch {
	case letter == 'y' && (!changed || len(new) == 0):
		h.t.Errorf("%s: it worked, and changed %v with %d lines of the log", name, changed, len(new))
	case letter != 'y' && changed:
		h.t.Errorf("%s: it was refused or only shown, and something changed", name)
	case letter == 's' && len(new) != 0:
		h.t.Errorf("%s: it left nothing, and the log says %+v", name, new)
	case letter == 'd' && (len(new) != 1 || new[0].Action != "denied" || new[0].Actor != a.ID):
		h.t.Errorf("%s: it was denied, and the log says %+v", name, new)
	case letter != 'y' && letter != 'd' && letter != 's' && len(new) != 0:
		h.t.Errorf("%s: it came too late, and the log says %+v", name, new)
	}
	if changed {
		must(h.t, w.store.Close())
		h.w = nil
	}
}
