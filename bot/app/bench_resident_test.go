package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/writer"
)

// residentEnv, when set, makes the test binary be koira: what serve does, in a process of its own.
const residentEnv = "KOIRA_BENCHMARK_RESIDENT"

// errand is what the benchmark writes to its child. The child ends when its standard input does.
type errand struct {
	Path, URL, Bot, App string
	Now                 time.Time // of the business
}

// BenchmarkResident is the resident memory of the service over a year's store: after it connected, drew the weekly report, App Home and
// the longest lists, and ticked after each. The workspace is this process, not that one. "idle-MB" is the same binary, with all its
// libraries, before it does anything.
func BenchmarkResident(b *testing.B) {
	store, now := aYear(b)
	var idle, busy memory
	for b.Loop() {
		idle, busy = reside(b, store, now)
	}
	b.ReportMetric(idle.resident, "idle-MB")
	b.ReportMetric(idle.anonymous, "idle-anonymous-MB")
	b.ReportMetric(busy.resident, "resident-MB")
	b.ReportMetric(busy.anonymous, "anonymous-MB")
	b.ReportMetric(busy.peak, "peak-MB")
	b.ReportMetric(busy.resident/idle.resident, "ratio")
}

// aYear returns a store that has seen 52 weeks, and the Monday morning after them. It is made in memory: its disk is not what is measured.
func aYear(b *testing.B) (store []byte, now time.Time) {
	dir, err := os.MkdirTemp(memoryDir(""), "koira-year-")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	k := openBakery(b, dir, 1)
	k.days(b, 52*7)
	if err := k.Close(); err != nil { // so that the file stands alone, without its write-ahead log
		b.Fatal(err)
	}
	if store, err = os.ReadFile(k.path); err != nil {
		b.Fatal(err)
	}
	return store, k.clock.Now().Add(5 * time.Hour)
}

// reside runs the service once over a copy of store, has it do what costs memory, and reads what it holds before and after.
func reside(b *testing.B, store []byte, now time.Time) (idle, busy memory) {
	path := filepath.Join(b.TempDir(), "koira.db")
	if err := os.WriteFile(path, store, 0o600); err != nil {
		b.Fatal(err)
	}
	s := openSpace(b)
	me, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	child := exec.Command(me)
	child.Env = append(os.Environ(), residentEnv+"=1")
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	defer child.Wait()
	defer in.Close()
	if _, err := io.ReadFull(out, make([]byte, len(ready))); err != nil {
		b.Fatal("the child did not start: ", err)
	}
	idle = memoryOf(b, child.Process.Pid)
	e := errand{Path: path, URL: s.line.URL, Bot: s.line.Bot.Reveal(), App: s.line.App.Reveal(), Now: now}
	if err := json.NewEncoder(in).Encode(e); err != nil {
		b.Fatal(err)
	}
	s.exercise(b)
	return idle, memoryOf(b, child.Process.Pid)
}

// exercise has everything drawn that reads much.
func (s space) exercise(b *testing.B) {
	b.Helper()
	s.await(b, "the morning note and the weekly report", func() bool { return len(s.Messages(reports)) >= 2 })
	if err := s.OpenHome(b.Context(), mari); err != nil {
		b.Fatal(err)
	}
	s.await(b, "App Home", func() bool { return s.Home(mari) != nil })
	for i, line := range []string{"/koira status", "/koira log", "/koira decisions", "/koira budget", "/koira report", "/autonomy", "/guardrails list", "/koira log"} {
		if err := s.Command(b.Context(), mari, drafts, line); err != nil {
			b.Fatal(err)
		}
		s.await(b, line, func() bool { return len(s.Ephemerals(mari, drafts)) > i })
	}
}

// memory is what a process holds, in MB of 2^20 bytes.
type memory struct{ resident, anonymous, peak float64 }

func memoryOf(b *testing.B, pid int) (m memory) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[2] != "kB" {
			continue
		}
		kb, _ := strconv.ParseFloat(words[1], 64)
		switch words[0] {
		case "VmRSS:":
			m.resident = kb / 1024
		case "RssAnon:":
			m.anonymous = kb / 1024
		case "VmHWM:":
			m.peak = kb / 1024
		}
	}
	return m
}

// ready is what the child says once its packages are initialised.
const ready = "ready"

// resident is the child.
func resident() int {
	fmt.Print(ready)
	in := json.NewDecoder(os.Stdin)
	var e errand
	if err := in.Decode(&e); err != nil {
		return 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		in.Decode(&e) // there is no second errand: it returns when the parent is done
		cancel()
	}()
	if err := run(ctx, e); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// run is Run but for the clock, which stands where the year ended, and for the line to Slack.
func run(ctx context.Context, e errand) error {
	c, err := Parse("demo.toml", demoConfig)
	if err != nil {
		return err
	}
	c.Storage.Path, c.Schedule.Tick = e.Path, Duration(time.Second)
	clock := shifted{by: time.Until(e.Now)}
	channels, meters, _, err := c.doors(nil, clock, 7)
	if err != nil {
		return err
	}
	w := World{
		Clock: clock, Wall: machine{}, NewID: IDs(clock, 8), Dice: rand.New(rand.NewPCG(8, 8)), Writer: writer.Template{},
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), Channels: channels, Meters: meters, Team: demoTeam,
	}
	k, err := Open(ctx, c, c.Storage.Path, w)
	if err != nil {
		return err
	}
	defer k.Close()
	return serve(ctx, k, c, w, Line{Bot: engine.Secret(e.Bot), App: engine.Secret(e.App), URL: e.URL})
}

// shifted is the machine's clock, so much ahead.
type shifted struct {
	machine
	by time.Duration
}

func (s shifted) Now() time.Time { return s.machine.Now().Add(s.by) }
