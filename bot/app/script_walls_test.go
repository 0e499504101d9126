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
// or the gate as it looks now, must have such a finding, and the expectation that follows must quote it. Nearly every rule passes nearly every piece, so a
// pass proves something only of a piece that is named, which the rule must not speak of otherwise, or of a rule that spoke before.
func (s *script) guardrail(m []string) error {
	rule, outcome, named := m[1], engine.Outcome(m[2]), m[3]
	if outcome == engine.Pass && named == "" && !s.spoke[rule] {
		return fmt.Errorf("the rule %s blocked and warned of nothing so far: name the piece that it passes", rule)
	}
	all, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{})
	if err != nil {
		return err
	}
	s.finding = nil
	for _, o := range all {
		if named != "" && !slices.ContainsFunc(o.Variants, func(v engine.Variant) bool { return strings.Contains(v.Subject+"\n"+v.Body, named) }) {
			continue
		}
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
			switch {
			case f.Rule != rule:
			case f.Outcome == outcome:
				s.finding = append(s.finding, f.Evidence, f.Remedy)
			case named != "" && outcome == engine.Pass:
				return fmt.Errorf("the rule %s says of it: %s", rule, f.Evidence)
			}
		}
	}
	if s.finding == nil {
		return fmt.Errorf("no piece has a %s of the rule %s", outcome, rule)
	}
	if outcome == engine.Pass { // a card names no rule that passes: it counts them
		s.finding = []string{"check", "passed", "Nothing stops it", "No rule stops it"}
	} else {
		s.spoke[rule] = true
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

var guardrailLine = regexp.MustCompile(`^guardrail: (\w+) (block|warn|pass)(?: of "(.+)")?$`)

// guardrails are those of design.md, and the gate's rules that make each of them up.
var guardrails = []struct {
	name  string
	rules []string
}{
	{"budget", []string{"budget", "pace"}},
	{"brand voice", []string{"voice"}},
	{"channel allow-list", []string{"channels"}},
	{"topic blockers", []string{"topics"}},
	{"performance thresholds", []string{"performance"}},
	{"quiet hours and frequency caps", []string{"quiet", "frequency"}},
	{"facts", []string{"facts"}},
	{"links", []string{"links"}},
	{"near-duplicates", []string{"duplicates"}},
	{"a channel's own limits and legal lines", []string{"limits", "lines"}},
	{"blast radius", []string{"blast", "audience"}},
	{"text safety", []string{"safety", "mentions", "alphabets"}},
}

// conditions are the rules that are no guardrail of people's: how things stand, on whose word a piece goes out, and how sure koira is.
var conditions = []string{"stopped", "paused", "interrupted", "away", "authority", engine.RuleWave, "late", "strategy", "caps", "confidence"}

// unsaid are the outcomes that a rule does not have, and why that is as it should be. A guardrail has all three, by whichever of its rules.
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
	{"wave", engine.Warn, "the rest goes on or waits for a person"},
	{"wave", engine.Pass, "nobody is asked about a letter of which the rest goes on: its card says that all have it"},
	{"alphabets", engine.Block, "letters alone prove nothing: what they spell is read by the other rules as it looks"},
	{"mentions", engine.Warn, "a name is on the list or is not"},
	{"safety", engine.Warn, "what nobody can see, or what another program would act upon, is never nearly right"},
}

// TestEveryGuardrailIsSpokenOf holds the scripts to the list of guardrails and to the gate's own table: each guardrail blocks, warns and passes in one of
// them, with the sentence that a person reads, and so does each rule, but for what it does not have.
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
	outcomes := []engine.Outcome{engine.Block, engine.Warn, engine.Pass}
	home := map[string]int{}
	for _, r := range conditions {
		home[r]++
	}
	for _, g := range guardrails {
		for _, r := range g.rules {
			home[r]++
		}
		for _, o := range outcomes {
			if !slices.ContainsFunc(g.rules, func(r string) bool { return spoken[r+" "+string(o)] }) {
				t.Errorf("no script has a %s of the guardrail %s", o, g.name)
			}
		}
	}
	for _, r := range guard.Rules() {
		if home[r] != 1 {
			t.Errorf("the rule %s belongs to %d guardrails or conditions", r, home[r])
		}
		delete(home, r)
	}
	for r := range home {
		t.Errorf("the gate has no rule %s", r)
	}
	for _, x := range unsaid {
		if spoken[x.rule+" "+string(x.outcome)] || x.why == "" || !slices.Contains(guard.Rules(), x.rule) {
			t.Errorf("%s is said not to %s, because %s", x.rule, x.outcome, x.why)
		}
		spoken[x.rule+" "+string(x.outcome)] = true
	}
	for _, r := range guard.Rules() {
		for _, o := range outcomes {
			if !spoken[r+" "+string(o)] {
				t.Errorf("no script has a %s of the rule %s", o, r)
			}
		}
	}
}

// spokenOf is an expectation of a sentence.
var spokenOf = regexp.MustCompile(`^\S.*(:| sees) (section|context|error|any) "[^"].{7,}"$`)
