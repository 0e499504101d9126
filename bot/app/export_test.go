package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

func TestExportsAreComparableAndInert(t *testing.T) {
	k := newKennel(t)
	core := k.open(k.config())
	defer core.Close()
	k.clock.Advance(time.Hour)
	hostile := []string{"=1+1", "+1", "-1", "@sum", "\t=1", " =1", "\r\n@x", "a,b\n\"c\"", "plain", ""}
	for i, h := range hostile {
		k.must(core.DB.Record(t.Context(), engine.Event{
			At: k.clock.Now().Add(time.Duration(i) * time.Second), Actor: h, Surface: engine.Surface(h), Action: "x" + h, Subject: h, Detail: map[string]string{"=1": h},
		}))
	}
	since := k.clock.Now()
	want, err := core.DB.Events(t.Context(), 0, 1000)
	k.must(err)
	want = want[len(want)-len(hostile):]

	var lines, rows bytes.Buffer
	for format, w := range map[string]*bytes.Buffer{"jsonl": &lines, "csv": &rows} {
		n, err := Export(t.Context(), ExportOptions{DB: k.path, Since: since, Format: format, Stdout: w})
		if err != nil || n != int64(len(hostile)) {
			t.Fatalf("%s: %d lines, %v", format, n, err)
		}
	}
	var back []engine.Event
	for line := range strings.Lines(lines.String()) {
		var e struct {
			engine.Event
			Detail map[string]string
		}
		k.must(json.Unmarshal([]byte(line), &e))
		e.Event.Detail = e.Detail
		if len(e.Detail) == 0 {
			e.Event.Detail = nil
		}
		back = append(back, e.Event)
	}
	if d := cmp.Diff(want, back); d != "" {
		t.Errorf("what is exported is not what is logged: %s", d)
	}
	for _, e := range back {
		if e.Sum() != e.Hash {
			t.Errorf("line %d of the export does not prove itself", e.Seq)
		}
	}
	table, err := csv.NewReader(&rows).ReadAll()
	k.must(err)
	for _, row := range table[1:] {
		for _, cell := range row {
			if s := strings.TrimSpace(cell); s != "" && strings.ContainsAny(s[:1], "=+-@") {
				t.Errorf("a spreadsheet runs %q", cell)
			}
		}
	}
	if got := table[1][2]; got != "'=1+1" {
		t.Errorf("%q", got)
	}
}

func TestAnExportThatFailsLeavesTheOldOne(t *testing.T) {
	k := newKennel(t)
	out := filepath.Join(t.TempDir(), "log.csv")
	k.must(os.WriteFile(out, []byte("old"), 0o644))
	o := ExportOptions{DB: k.path, Format: "csv", Out: out}
	k.sql(openLog + `UPDATE events SET detail = 'x' WHERE seq = 3`)
	if _, err := Export(t.Context(), o); engine.CodeOf(err) != engine.CodeInternal || !strings.Contains(err.Error(), "Line 3") {
		t.Errorf("a line that koira never wrote: %v", err)
	}
	if b := k.read(out); string(b) != "old" {
		t.Errorf("it holds %q", b)
	}
	k.sql(`UPDATE events SET detail = '{}' WHERE seq = 3`)
	_, err := Export(t.Context(), o)
	k.must(err)
	i, err := os.Stat(out)
	k.must(err)
	if i.Mode().Perm() != 0o600 || !bytes.HasPrefix(k.read(out), []byte("seq,at,")) {
		t.Errorf("mode %04o: %.20q", i.Mode().Perm(), k.read(out))
	}
	if left, _ := filepath.Glob(out + ".*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestParseSince(t *testing.T) {
	now := time.Date(2025, 11, 24, 9, 41, 0, 0, time.FixedZone("", 7200))
	day := func(d, h, m int) time.Time { return time.Date(2025, 11, d, h, m, 0, 0, time.UTC) }
	for s, want := range map[string]struct{ since, until time.Time }{
		"":                          {},
		"2025-11-01":                {day(1, 0, 0), day(2, 0, 0)},
		"2025-11-01T08:30:00Z":      {day(1, 8, 30), day(1, 8, 30)},
		"2025-11-01T08:30:00+02:00": {day(1, 6, 30), day(1, 6, 30)},
		"3d":                        {day(21, 7, 41), day(21, 7, 41)},
		"12h":                       {day(23, 19, 41), day(23, 19, 41)},
	} {
		since, err := ParseSince(s, now, false)
		until, err2 := ParseSince(s, now, true)
		if err != nil || err2 != nil || !since.Equal(want.since) || !until.Equal(want.until) {
			t.Errorf("%q: %s, %s, %v, %v", s, since, until, err, err2)
		}
	}
	for _, s := range []string{"d", "0d", "-3d", "3w", "30", "2025-13-01", "ä", "999999999999d", "2025-11-01 08:00"} {
		if got, err := ParseSince(s, now, false); engine.CodeOf(err) != engine.CodeInvalid {
			t.Errorf("%q is taken for %s", s, got)
		}
	}
}
