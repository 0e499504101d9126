package app

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"koira/engine"
)

// TestVerify holds a log to a head that was posted, and to the side file, beside a koira that runs and after it stopped.
func TestVerify(t *testing.T) {
	k := newKennel(t)
	core := k.open(k.config())
	k.must(core.Tick(t.Context()))
	seq, hash, err := core.DB.Head(t.Context())
	k.must(err)
	posted := engine.Head{Seq: seq, Hash: hash}
	k.must(core.DB.Record(t.Context(), engine.Event{At: simStart, Actor: "koira", Action: "later"}))
	check := func(when string, head engine.Head, want string) {
		t.Helper()
		v, err := Verify(t.Context(), VerifyOptions{DB: k.path, Head: head})
		k.must(err)
		switch {
		case want == "" && (v.Found != 0 || head != (engine.Head{}) && !head.Names(v.Kept)):
			t.Errorf("%s, %+v: %+v", when, head, v)
		case want != "" && (v.Found != len(v.Faults) || !strings.Contains(fmt.Sprint(v.Faults), want)):
			t.Errorf("%s, %+v: %+v, want %q", when, head, v.Faults, want)
		}
	}
	for _, when := range []string{"while it runs", "after it stopped"} {
		for _, h := range []engine.Head{{}, posted, {Hash: posted.Short()}, {Hash: hash}, {Seq: seq}, {Seq: 1}, {Seq: seq, Hash: posted.Short()}} {
			check(when, h, "")
		}
		for want, h := range map[string]engine.Head{
			"The log ends at line":        {Seq: seq + 100},
			"The line is not the one":     {Seq: seq, Hash: strings.Repeat("0", 16)},
			"is not the one whose hash":   {Seq: seq - 1, Hash: posted.Short()},
			"No line has the hash":        {Hash: strings.Repeat("0", 16)},
			"was cut, or the store was r": {Seq: seq + 100, Hash: posted.Short()},
		} {
			check(when, h, want)
		}
		if when == "while it runs" {
			k.must(core.Close())
		}
	}
	for _, h := range []engine.Head{{Seq: -1}, {Hash: "3f9a"}, {Hash: "3F9A0C1B3F9A0C1B"}, {Hash: "' OR 1=1 --  -- "}} {
		if _, err := Verify(t.Context(), VerifyOptions{DB: k.path, Head: h}); engine.CodeOf(err) != engine.CodeInvalid {
			t.Errorf("%+v: %v", h, err)
		}
	}
	k.sql(openLog + `INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash)
		SELECT seq + 1, at, 'U0MARI0001', 'slack', 'x', '', '{}', hash, 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee' FROM events ORDER BY seq DESC LIMIT 1`)
	check("a line more", engine.Head{}, "since then 1 line came to it")
	k.must(os.WriteFile(headFile(k.path), []byte("{"), 0o600))
	check("a side file that is rubbish", engine.Head{}, "cannot be read")
}
