package app

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// guardrail is a step that says what comes next: the sentence by which a person reads what a rule said of a piece that is still to go out. The store,
// or the gate as it looks now, must have such a finding, and the expectation that follows must quote it.
func (s *script) guardrail(m []string) error {
	rule, outcome := m[1], engine.Outcome(m[2])
	all, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{})
	if err != nil {
		return err
	}
	s.finding = nil
	for _, o := range all {
		findings := o.Findings
		if stage := map[engine.State]engine.Stage{
			engine.StateWaiting: engine.StageApproval, engine.StateHeld: engine.StageApproval, engine.StateScheduled: engine.StageClaim,
		}[o.State]; stage != "" {
			v, err := s.core.DB.View(s.ctx, o.ID, stage, time.Now())
			if err != nil {
				return err
			}
			findings = append(findings, s.core.Gate(v).Findings...)
		}
		for _, f := range findings {
			if f.Rule == rule && f.Outcome == outcome {
				s.finding = append(s.finding, f.Evidence, f.Remedy)
			}
		}
	}
	if s.finding == nil {
		return fmt.Errorf("no piece has a %s of the rule %s", outcome, rule)
	}
	if outcome == engine.Pass { // a card names no rule that passes: it counts them
		s.finding = []string{"check", "passed", "Nothing stops it", "No rule stops it"}
	}
	return nil
}

// quotes refuses an expectation, right after a guardrail step, that does not name what was found.
func (s *script) quotes(words string) error {
	found := s.finding
	s.finding = nil
	if found == nil || slices.ContainsFunc(found, func(f string) bool {
		return strings.Contains(f, words) || f != "" && len(f) < 20 && strings.Contains(words, f)
	}) {
		return nil
	}
	return fmt.Errorf("it quotes none of %q", found)
}

var guardrailLine = regexp.MustCompile(`^guardrail: (\w+) (block|warn|pass)$`)

// unsaid are the outcomes that a rule does not have, and why that is as it should be.
var unsaid = []struct {
	rule    string
	outcome engine.Outcome
	why     string
}{
	{"stopped", engine.Warn, "everything stands still or does not; nobody is nearly stopped"},
	{"paused", engine.Warn, "a task stands still or does not"},
	{"authority", engine.Block, "a level that falls takes what it had cleared with it in one transaction, and a yes is checked before it is written down: no conversation comes to it; TestChecks does"},
	{"authority", engine.Warn, "a yes of this version is on record or is not"},
	{"away", engine.Warn, "an owner is here or is not"},
	{"late", engine.Warn, "each card says when its time is over"},
	{"audience", engine.Warn, "a list may grow by so much; what is more is a block that asks again, and nobody looks at the moment between"},
	{"wave", engine.Warn, "the rest goes on or waits for a person"},
	{"wave", engine.Pass, "nobody is asked about a letter of which the rest goes on: its card says that all have it"},
	{"strategy", engine.Warn, "readers and themes are part of the strategy or are not"},
	{"channels", engine.Warn, "a channel is on the list or is not"},
	{"alphabets", engine.Block, "letters alone prove nothing: what they spell is read by the other rules as it looks"},
	{"lines", engine.Warn, "a line stands or does not"},
	{"mentions", engine.Warn, "a name is on the list or is not"},
	{"safety", engine.Warn, "what nobody can see, or what another program would act upon, is never nearly right"},
}

// TestEveryGuardrailIsSpokenOf holds the scripts to the gate's own table: each rule blocks, warns and passes in one of them, with the sentence that
// a person reads.
func TestEveryGuardrailIsSpokenOf(t *testing.T) {
	files, err := filepath.Glob("../testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scripts", err)
	}
	spoken := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i, l := range lines {
			m := guardrailLine.FindStringSubmatch(strings.TrimSpace(l))
			if m == nil {
				continue
			}
			if !slices.Contains(guard.Rules(), m[1]) {
				t.Errorf("%s:%d: the gate has no rule %s", f, i+1, m[1])
			}
			if i+1 == len(lines) || !spokenOf.MatchString(lines[i+1]) {
				t.Errorf("%s:%d: no sentence follows", f, i+1)
			}
			spoken[m[1]+" "+m[2]] = true
		}
	}
	for _, x := range unsaid {
		if spoken[x.rule+" "+string(x.outcome)] || x.why == "" || !slices.Contains(guard.Rules(), x.rule) {
			t.Errorf("%s is said not to %s, because %s", x.rule, x.outcome, x.why)
		}
		spoken[x.rule+" "+string(x.outcome)] = true
	}
	for _, r := range guard.Rules() {
		for _, o := range []engine.Outcome{engine.Block, engine.Warn, engine.Pass} {
			if !spoken[r+" "+string(o)] {
				t.Errorf("no script has a %s of the rule %s", o, r)
			}
		}
	}
}

// spokenOf is an expectation of a sentence.
var spokenOf = regexp.MustCompile(`^\S.*(:| sees) (section|context|error|any) "[^"].{7,}"$`)
