package app

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"koira/engine/enginetest"
)

var update = flag.Bool("update", false, "write the story's transcript anew")

// TestStory plays the story and holds what its people would have seen against what stands in testdata. koira runs as it does on a page, through
// slack-go's Socket Mode, in the embedded workspace, over the real store.
func TestStory(t *testing.T) {
	if enginetest.UnderRace {
		t.Skip("ninety days take minutes under the race detector; the gate plays them without it")
	}
	synctest.Test(t, func(t *testing.T) {
		if err := (machine{}).Wait(t.Context(), storyStart.Sub((machine{}).Now())); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		o := DemoOptions{Seed: 1, Speed: 1, Story: true, Headless: true, Wall: machine{}, Env: os.LookupEnv, Out: &got}
		if err := Demo(t.Context(), o); err != nil {
			t.Errorf("%v\n%s", err, lastOf(got.Bytes()))
		}
		if *update {
			if err := os.WriteFile("testdata/story.txt", got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/story.txt")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("the story goes another way (-update writes it anew; read what changed): %s", diff)
		}
	})
}

// lastOf is the end of a text, for a failure's reader.
func lastOf(b []byte) []byte { return b[max(0, len(b)-2000):] }
