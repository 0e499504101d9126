package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// lateWeek is a koira whose week has come, over a Slack in memory, and an owner who then wants more pieces.
type lateWeek struct {
	*simulation
	t   *testing.T
	ctx context.Context
}

func newLateWeek(t *testing.T) *lateWeek {
	t.Helper()
	c, err := Parse("demo.toml", demoConfig)
	if err != nil {
		t.Fatal(err)
	}
	l := &lateWeek{newSimulation(SimulateOptions{Seed: 11, Calm: true, Slack: true}, c, t.TempDir()+"/koira.db"), t, t.Context()}
	l.must(l.open(l.ctx))
	t.Cleanup(func() { l.core.Close() })
	l.must(l.oracle.learn(l.ctx))
	return l
}

func (l *lateWeek) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// step is the loop, the outbox and a look at what people then see, some time later.
func (l *lateWeek) step(after time.Duration) {
	l.t.Helper()
	l.clock.Advance(after)
	l.must(l.tick(l.ctx))
}

// more has an owner want n pieces a week of a task.
func (l *lateWeek) more(task string, n int) {
	l.t.Helper()
	for i := range l.config.Tasks {
		if t := &l.config.Tasks[i]; t.ID == task {
			t.PerWeek, t.Days = []int{n, n}, nil
		}
	}
	l.must(l.core.put(l.ctx, l.config, l.clock.Now()))
	l.must(l.inForce(l.ctx))
}

// waiting is what waits for a yes.
func (l *lateWeek) waiting() map[string]engine.Output {
	l.t.Helper()
	out, err := l.core.DB.Outputs(l.ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting}, Limit: 1000})
	l.must(err)
	byID := map[string]engine.Output{}
	for _, o := range out {
		byID[o.ID] = o
	}
	return byID
}

// own is how many cards of its own tell of a piece as it is.
func (l *lateWeek) own(o engine.Output) (n int) {
	for _, p := range l.board.posts {
		if p.kind == string(engine.NoticeOutput) && p.subject == o.ID && p.version == string(o.Digest) {
			n++
		}
	}
	return n
}

// listed reports whether the card of its week has a line that begins as it does.
func (l *lateWeek) listed(o engine.Output) bool {
	for _, p := range l.board.posts {
		if p.kind == string(engine.NoticeWeek) && p.subject == engine.Week(o.Slot, l.config.zone()) && strings.Contains(string(p.blocks), strings.Split(o.Variants[0].Shown, "\n")[0][:20]) {
			return true
		}
	}
	return false
}

// TestALatePieceOfAWeek has pieces written within an hour of the card of their week, while others are still to be written: the card waits for those until it
// stands for too long to take anything in. What was promised to it is on it all the same, what came later has a card of its own at once, and a day before its
// time each has one, and no more than one.
func TestALatePieceOfAWeek(t *testing.T) {
	l := newLateWeek(t)
	l.step(70 * time.Minute)
	known := l.waiting()
	l.clock.Advance(52 * time.Minute)
	l.more("shop-notes", 5)
	l.writer.left = 3
	l.step(0)
	promised := l.waiting()
	l.step(16 * time.Minute)
	late, later := 0, 0
	for id, o := range l.waiting() {
		switch {
		case known[id].ID != "":
		case promised[id].ID == "":
			if later++; l.own(o) != 1 {
				t.Errorf("%s %s came after the card of its week, and has %d cards of its own", o.Task, o.Slot, l.own(o))
			}
		default:
			if late++; !l.listed(o) || l.own(o) != 0 {
				t.Errorf("%s %s was promised to the card of its week: it is there %t, and on %d of its own", o.Task, o.Slot, l.listed(o), l.own(o))
			}
		}
	}
	if late != 3 || later == 0 {
		t.Fatalf("%d came with the card, %d after it", late, later)
	}
	for range 6 * 24 {
		l.step(time.Hour)
		for _, o := range l.waiting() {
			if n := l.own(o); n > 1 || n == 0 && l.clock.Now().After(o.Slot.Add(-10*time.Hour)) { // the night before included
				t.Errorf("%s: %s %s has %d cards of its own", l.clock.Now(), o.Task, o.Slot, n)
			}
		}
	}
}
