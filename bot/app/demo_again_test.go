package app

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"koira/engine"
)

// TestADemoGoesOn keeps a demo's file over an end in the middle of the weekend's waiting, and goes on with a page and without one: what waits for
// somebody is told again on a page that knows none of its cards.
func TestADemoGoesOn(t *testing.T) {
	o := DemoOptions{DB: filepath.Join(t.TempDir(), "demo.db"), Seed: 1, Days: 1, Wall: machine{}, Out: io.Discard, Env: func(string) (string, bool) { return "", false }}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	begin := func() *demo {
		d, err := newDemo(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := begin()
	waits, err := d.core.DB.Outputs(t.Context(), engine.OutputFilter{States: []engine.State{engine.StateWaiting}, Bare: true})
	if err != nil || len(waits) == 0 {
		t.Fatal(len(waits), err)
	}
	o1 := waits[0]
	// A page that was there: its card stands in a room of it, and a look is queued for when a yes is needed.
	if err := d.core.DB.SaveCard(t.Context(), engine.Card{
		Kind: engine.NoticeOutput, Subject: o1.ID, Version: string(o1.Digest), Channel: "C0OLDPAGE", TS: "1.0", PostedAt: d.clock.Now(), ShownAt: d.clock.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.core.DB.AddNotice(t.Context(), engine.Notice{Kind: engine.NoticeOutput, Subject: o1.ID + engine.SubjectNeeded, Due: d.clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := d.keep(); err != nil { // killed: it was kept at its last midnight
		t.Fatal(err)
	}
	if err := d.core.DB.Close(); err != nil {
		t.Fatal(err)
	}

	d = begin()
	if !d.goesOn {
		t.Fatal("it plays its weeks again over a file that was kept")
	}
	if err := d.tellAgain(t.Context()); err != nil {
		t.Fatal(err)
	}
	cards, err := d.core.DB.Cards(t.Context(), engine.NoticeOutput, o1.ID)
	if err != nil || len(cards) != 1 || cards[0].Version == string(o1.Digest) {
		t.Errorf("the card of the page before counts as standing: %+v, %v", cards, err)
	}
	if err := d.forget(t.Context()); err != nil {
		t.Errorf("without a page: %v", err)
	}
	if err := d.headless(context.WithoutCancel(t.Context())); err != nil {
		t.Errorf("without a page: %v", err)
	}
	d.close()
}
