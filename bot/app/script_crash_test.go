package app

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"koira/blocks"
	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/enginetest"
)

// TestScriptsAcrossCrashes plays every conversation, and so every command, button and window that there is, with a koira that dies after each act
// before it has marked the act's delivery as done. It starts again and finds the delivery in its inbox: no person may come to have done anything
// twice, and who asked is told what they were told the first time.
func TestScriptsAcrossCrashes(t *testing.T) {
	files, err := filepath.Glob("../testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scripts", err)
	}
	for i, f := range files {
		if !enginetest.Sampled(i, racing) {
			continue
		}
		if slices.Contains(measured, strings.TrimSuffix(filepath.Base(f), ".txt")) {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { play(t, string(text), newUses(), true) })
		})
	}
}

// racing: under the race detector every sixth of what is long runs.
const racing = 6

// measured are scripts that set how a task stands against its minimums, which each start measures anew.
var measured = []string{"walls-reach", "walls-unasked"}

// killing ends koira between an act and its mark.
type killing struct {
	mu          sync.Mutex
	crashing    bool // the whole script is played with crashes
	armed, dead bool
	told        int // answers so far, when the act began
}

func (k *killing) arm(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed = on && k.crashing
}

// point ends the worker that comes to it, as a crash does.
func (k *killing) point(name string) {
	k.mu.Lock()
	hit := k.armed && strings.HasPrefix(name, "bot:")
	k.dead = k.dead || hit
	k.mu.Unlock()
	if hit {
		runtime.Goexit()
	}
}

// struck reports whether koira died since it was asked last.
func (k *killing) struck() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	dead := k.dead
	k.dead = false
	return dead
}

// rise starts koira again, and holds what comes of the act that it finds in its inbox against what had come of it.
func (s *stage) rise() {
	s.t.Helper()
	s.kill.arm(false)
	left, err := s.core.DB.PendingDeliveries(s.ctx, 10)
	s.must(err)
	if len(left) == 0 {
		s.t.Fatal("koira died, and nothing is left in its inbox")
	}
	before, first := s.doneByPeople(), s.told()
	s.halt()
	s.start()
	s.settle()
	again := s.told()[len(first):]
	if first = first[s.kill.told:]; len(first) > 0 && !slices.Contains(first, late) && !slices.Equal(first, again) {
		s.t.Errorf("the first time: %q\nafter the crash: %q", first, again)
	}
	if d := cmp.Diff(before, s.doneByPeople()); d != "" {
		s.t.Fatalf("done again after a crash: %s\n%s", left[0].Payload, d)
	}
	s.kill.arm(true)
}

// late is what somebody is told for whom no window could be opened.
const late = "Slack did not open the window in time. Nothing changed; please press it again."

// told is every answer of koira's that anybody got for themselves alone, oldest first.
func (s *stage) told() (texts []string) {
	var ms []workspace.Message
	for _, r := range s.space.Channels() {
		if r.User != "" {
			ms = append(ms, s.space.Messages(r.ID)...)
		}
		for _, p := range cast {
			ms = append(ms, s.space.Ephemerals(p.ID, r.ID)...)
		}
	}
	slices.SortStableFunc(ms, func(a, b workspace.Message) int { return strings.Compare(a.TS, b.TS) })
	for _, m := range ms {
		card := strings.Contains(string(m.Metadata), blocks.EventCard) // it is told by the outbox, whenever that comes to it
		if m.User == s.space.BotUserID() && !card {                    // the workspace says by itself that nobody answered
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// doneByPeople is every line of the log that is not koira's own.
func (s *stage) doneByPeople() (lines []string) {
	events, err := s.core.DB.Events(s.ctx, 0, 100_000)
	s.must(err)
	for _, e := range slices.DeleteFunc(events, func(e engine.Event) bool { return e.Actor == engine.Koira.ID }) {
		lines = append(lines, fmt.Sprint(e.At.Format("02 15:04:05"), " ", e.Actor, " ", e.Action, " ", e.Subject, " ", e.DetailJSON()))
	}
	return lines
}
