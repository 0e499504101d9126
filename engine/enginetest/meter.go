package enginetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"koira/engine"
)

// Source is one meter under test with things that it can count.
type Source struct {
	Meter engine.Meter
	Refs  []engine.Ref // at least two, each with at least one reading
	Since time.Time
}

// TestMeter runs the conformance suite for meters. source is called once for each row.
func TestMeter(t *testing.T, source func(t *testing.T) Source) {
	rows := []struct {
		name string
		test func(*testing.T, Source)
	}{
		{"every reading says what, when and by whom", wholeReadings},
		{"reading twice or in another order reads the same", readTwice},
		{"one ref at a time reads the same as all at once", readApart},
		{"an unknown ref is ignored", readUnknown},
		{"no refs, no readings", readNothing},
		{"an ended context is an error", readEnded},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := source(t)
			if len(s.Refs) < 2 {
				t.Fatal("Source.Refs needs at least two")
			}
			row.test(t, s)
		})
	}
}

// reading is an observation without its time, which may move between two readings of the same number.
type reading struct {
	Ref    string
	Metric engine.Metric
	Value  int64
}

func (s Source) read(t *testing.T, refs []engine.Ref) []engine.Observation {
	t.Helper()
	obs, err := s.Meter.Read(t.Context(), s.Since, refs)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return obs
}

func readings(obs []engine.Observation) []reading {
	var r []reading
	for _, o := range obs {
		r = append(r, reading{o.Ref, o.Metric, o.Value})
	}
	slices.SortFunc(r, func(a, b reading) int { return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Metric, b.Metric)) })
	return r
}

func wholeReadings(t *testing.T, s Source) {
	if s.Meter.Name() == "" {
		t.Error("the meter has no name")
	}
	obs := s.read(t, s.Refs)
	seen := map[string]bool{}
	for _, o := range obs {
		if !slices.ContainsFunc(s.Refs, func(r engine.Ref) bool { return r.ID == o.Ref }) {
			t.Errorf("a reading of %q, which was not asked for", o.Ref)
		}
		if o.At.IsZero() || o.Source != s.Meter.Name() || !slices.Contains(engine.Metrics, o.Metric) || o.Value < 0 {
			t.Errorf("a reading without time, source, known metric or sensible value: %+v", o)
		}
		if key := o.Ref + " " + string(o.Metric); seen[key] {
			t.Errorf("%s is read twice in one answer", key)
		} else {
			seen[key] = true
		}
	}
	for _, r := range s.Refs {
		if !slices.ContainsFunc(obs, func(o engine.Observation) bool { return o.Ref == r.ID }) {
			t.Errorf("no reading of %q", r.ID)
		}
	}
}

func readTwice(t *testing.T, s Source) {
	first := readings(s.read(t, s.Refs))
	turned := slices.Clone(s.Refs)
	slices.Reverse(turned)
	if d := gocmp.Diff(first, readings(s.read(t, turned))); d != "" {
		t.Errorf("the second reading differs (-first +second):\n%s", d)
	}
}

func readApart(t *testing.T, s Source) {
	var apart []engine.Observation
	for _, r := range s.Refs {
		apart = append(apart, s.read(t, []engine.Ref{r})...)
	}
	if d := gocmp.Diff(readings(s.read(t, s.Refs)), readings(apart)); d != "" {
		t.Errorf("one by one reads otherwise (-together +apart):\n%s", d)
	}
}

func readUnknown(t *testing.T, s Source) {
	with := append(slices.Clone(s.Refs), engine.Ref{ID: "999999999", URL: "https://nobody.example/999999999"})
	if d := gocmp.Diff(readings(s.read(t, s.Refs)), readings(s.read(t, with))); d != "" {
		t.Errorf("an unknown ref changes the readings (-without +with):\n%s", d)
	}
}

func readNothing(t *testing.T, s Source) {
	if obs := s.read(t, nil); len(obs) != 0 {
		t.Errorf("readings of nothing: %v", obs)
	}
}

func readEnded(t *testing.T, s Source) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Meter.Read(ctx, s.Since, s.Refs); err == nil {
		t.Error("Read ignores that its context has ended")
	}
}
