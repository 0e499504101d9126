package storage

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestStampsAreTheLayouts holds the quick ways to write and read a stamp to the time package's own.
func TestStampsAreTheLayouts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(-62_000_000_000_000_000, 250_000_000_000_000_000).Draw(t, "at")).In(time.FixedZone("", 7200))
		v, err := stamp(at).Value()
		if want := at.UTC().Format(stampLayout); err != nil || v != want {
			t.Fatalf("wrote %v (%v), want %s", v, err, want)
		}
		var back stamp
		if err := back.Scan(v); err != nil || !back.time().Equal(at) || back.time().Location() != time.UTC {
			t.Fatalf("read %v (%v), want %v", back.time(), err, at)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		text := []byte("2025-11-17T08:00:00.000000Z")
		text[rapid.IntRange(0, len(text)-1).Draw(t, "place")] = rapid.SampledFrom([]byte("0123456789-:.TZ +")).Draw(t, "byte")
		var got stamp
		err := got.Scan(string(text))
		want, wantErr := time.Parse(stampLayout, string(text))
		if (err == nil) != (wantErr == nil) || err == nil && !got.time().Equal(want) {
			t.Fatalf("%s: %v (%v), want %v (%v)", text, got.time(), err, want, wantErr)
		}
	})
}
