package engine_test

import (
	"strings"
	"testing"

	"koira/engine"
)

func TestReplayFollowsALog(t *testing.T) {
	r := engine.NewReplay()
	for _, e := range life() {
		if wrong := r.Follow(e); wrong != "" {
			t.Errorf("%s %s: %s", e.Action, e.Subject, wrong)
		}
	}
	if o := r.Outputs["o1"]; o != (engine.LoggedOutput{State: engine.StateScheduled, Digest: "3f9a0c1b", Approvals: 1}) {
		t.Errorf("the piece is %+v", o)
	}
	if x := r.Tasks["daily"]; x != (engine.LoggedTask{Level: engine.L4, Levels: true, Paused: true, Granted: true}) {
		t.Errorf("the task is %+v", x)
	}
	if !r.Stopped || !r.Exceptions["e2"] || len(r.Exceptions) != 1 || r.Guardrails.Newest != 2 || r.Guardrails.Sums[2] != "b" || r.Strategy.Newest != 1 {
		t.Errorf("%+v", r)
	}
}

// Evidence against a task at its lowest level leaves the level, and the log says whether the owner's yes is still in force then: a line without a word of it
// says that it is not. A record that begins anew for another reason says nothing of it.
func TestReplayFollowsARecordThatBeganAnew(t *testing.T) {
	for name, c := range map[string]struct {
		detail map[string]string
		want   bool
	}{
		"for cause":                {map[string]string{"why": "untrue", "lowered": "yes"}, false},
		"for cause, the yes holds": {map[string]string{"why": "untrue", "lowered": "yes", "grant": "yes"}, true},
		"another voice":            {map[string]string{"why": "the voice changed"}, true},
	} {
		r := engine.NewReplay()
		for _, e := range append(life(), engine.Event{Action: "task.renewed", Subject: "daily", Detail: c.detail}) {
			r.Follow(e)
		}
		if x := r.Tasks["daily"]; x != (engine.LoggedTask{Level: engine.L4, Levels: true, Paused: true, Granted: c.want}) {
			t.Errorf("%s: the task is %+v", name, x)
		}
	}
}

// life is a log that koira could have written.
func life() []engine.Event {
	d := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	return []engine.Event{
		{Action: "strategy.changed", Detail: d("version", "1", "sum", "s")},
		{Action: "task.added", Subject: "daily", Detail: d("level", "L3")},
		{Action: "guardrails.changed", Detail: d("from", "0", "to", "1", "sum", "a")},
		{Action: "output.planned", Subject: "o1", Detail: d("task", "daily")},
		{Action: "output.drafted", Subject: "o1", Detail: d("from", "planned", "digest", "3f9a0c1b")},
		{Action: "output.waiting", Subject: "o1", Detail: d("from", "drafted", "digest", "3f9a0c1b")},
		{Action: "output.scheduled", Subject: "o1", Detail: d("from", "waiting", "digest", "3f9a0c1b", "approved", "yes")},
		{Action: "denied", Subject: "o1"},
		{Action: "exception.opened", Subject: "e1"},
		{Action: "exception.opened", Subject: "e2"},
		{Action: "exception.closed", Subject: "e1"},
		{Action: "task.level", Subject: "daily", Detail: d("from", "L3", "to", "L4", "grant", "yes")},
		{Action: "task.paused", Subject: "daily"},
		{Action: "control.stopped"},
		{Action: "control.resumed"},
		{Action: "control.stopped"},
		{Action: "guardrails.changed", Detail: d("from", "1", "to", "2", "sum", "b")},
	}
}

// TestReplayDoubts: what cannot follow from the lines before is said, in the words that name it.
func TestReplayDoubts(t *testing.T) {
	for want, e := range map[string]engine.Event{
		"moved from drafted; before, the log had it at":      {Action: "output.waiting", Subject: "o1", Detail: map[string]string{"from": "drafted"}},
		"moved from scheduled to settled, which no":          {Action: "output.settled", Subject: "o1", Detail: map[string]string{"from": "scheduled"}},
		`piece o2 became drafted; before, the log had it`:    {Action: "output.drafted", Subject: "o2", Detail: map[string]string{"from": "planned"}},
		"piece o1 became planned; before, the log had it at": {Action: "output.planned", Subject: "o1"},
		"task daily left L3; before, the log had it at L4":   {Action: "task.level", Subject: "daily", Detail: map[string]string{"from": "L3", "to": "L5"}},
		"task daily was there already":                       {Action: "task.added", Subject: "daily", Detail: map[string]string{"level": "L1"}},
		"exception e1 was closed, and was not open":          {Action: "exception.closed", Subject: "e1"},
		"already":                         {Action: "control.stopped"},
		`version "4" follows version 2`:   {Action: "guardrails.changed", Detail: map[string]string{"to": "4"}},
		`version "two" follows version 1`: {Action: "strategy.changed", Detail: map[string]string{"version": "two"}},
	} {
		r := engine.NewReplay()
		for _, before := range life() {
			r.Follow(before)
		}
		if got := r.Follow(e); !strings.Contains(got, want) {
			t.Errorf("%s %s: %q, want %q", e.Action, e.Subject, got, want)
		}
	}
}

func TestHeadNames(t *testing.T) {
	line := engine.Head{Seq: 7, Hash: "3f9a0c1b3f9a0c1b3f9a"}
	for h, want := range map[engine.Head]bool{
		line: true, {Seq: 7}: true, {Hash: "3f9a0c1b"}: true, {Seq: 7, Hash: "3f9a"}: true,
		{Seq: 8}: false, {Seq: 8, Hash: line.Hash}: false, {Seq: 7, Hash: "9"}: false, {Hash: line.Hash + "0"}: false,
	} {
		if h.Names(line) != want || h.Names(engine.Head{}) {
			t.Errorf("%+v", h)
		}
	}
	if got := line.Short(); got != "3f9a0c1b3f9a0c1b" {
		t.Error(got)
	}
}
