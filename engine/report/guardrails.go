package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// GuardrailView is all rules in words.
type GuardrailView struct {
	Frame
	Version               int
	By                    string // user id, or "koira" for the config file's first version; "" when not known
	At                    time.Time
	Why                   string
	Rules                 []Rule
	History               []engine.GuardrailChange // newest first, ten at most
	MayLoosen, MayTighten []string                 // user ids
}

// Rule is one guardrail as people read it.
type Rule struct {
	Key   string // "budget"
	Name  string // "Money a week"
	Words string // "at most €120.00, the AI model included; never above €200.00"
	Set   bool   // false: people have not set it, so it is as strict as can be, or there is none, as Words says
}

// Guardrails reads all rules in words. Before the first version every rule says that nothing is allowed.
func (r *Reader) Guardrails(ctx context.Context) (GuardrailView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return GuardrailView{}, err
	}
	v := GuardrailView{
		Frame: s.Frame, Version: s.rules.Version,
		MayLoosen: r.o.People.With(engine.RoleOwner), MayTighten: r.o.People.With(engine.RoleOperator),
	}
	for _, rule := range ruleWords {
		words, set := rule.words(r, s)
		v.Rules = append(v.Rules, Rule{Key: rule.key, Name: rule.name, Words: words, Set: set})
	}
	if v.History, err = r.store.GuardrailChanges(ctx, pageSize); err != nil {
		return v, fmt.Errorf("reading the history of the rules: %w", err)
	}
	for _, c := range v.History {
		if c.Version == v.Version {
			v.By, v.At, v.Why = c.By, c.At, c.Why
		}
	}
	return v, nil
}

// ruleWords says each guardrail in words, in the order in which people read them. To add one: a row here and a row in TestGuardrails.
var ruleWords = []struct {
	key, name string
	words     func(*Reader, scene) (words string, set bool)
}{
	{"budget", "Money a week", budgetWords},
	{"channels", "Channels", channelWords},
	{"topics", "Topics", topicWords},
	{"voice", "Voice", voiceWords},
	{"minimums", "Your minimums", minimumWords},
}

func budgetWords(_ *Reader, s scene) (string, bool) {
	b := s.rules.Budget
	ceiling := ". The config file's ceiling is " + b.Ceiling.Format(s.Currency)
	if b.Weekly == 0 {
		return "nothing may be spent" + ceiling, false
	}
	return "at most " + b.Weekly.Format(s.Currency) + ", the AI model included" + ceiling, true
}

func channelWords(r *Reader, s scene) (string, bool) {
	var on, off []string
	names := maps.Clone(s.rules.Channels)
	if names == nil {
		names = map[string]bool{}
	}
	for name := range r.o.Channels {
		names[name] = s.rules.Channels[name]
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if names[name] {
			on = append(on, r.label(name))
		} else {
			off = append(off, r.label(name))
		}
	}
	words := "none is allowed"
	if len(on) > 0 {
		words = "allowed: " + list(on)
	}
	if len(off) > 0 {
		words += "; not allowed: " + list(off)
	}
	return words, len(on) > 0
}

func topicWords(_ *Reader, s scene) (string, bool) {
	t := s.rules.Topics.Blocked
	if len(t) == 0 {
		return "no word is blocked", false
	}
	return "blocked: " + strings.Join(t, ", "), true
}

func voiceWords(_ *Reader, s scene) (string, bool) {
	v, r := s.strategy.Voice, s.rules.Voice
	if !r.Locked {
		return "not locked", false
	}
	words := "locked"
	if v.Tone != "" {
		words += ": " + strings.TrimSuffix(v.Tone, ".")
	}
	if len(r.Banned) > 0 {
		words += "; never: " + strings.Join(r.Banned, ", ")
	}
	return words, true
}

func minimumWords(_ *Reader, s scene) (string, bool) {
	var tasks []string
	for _, t := range s.tasks {
		var limits []string
		for _, b := range s.rules.Thresholds[t.ID] {
			name := b.Metric.Words(2)
			if b.Floor > 0 {
				limits = append(limits, fmt.Sprintf("at least %s %s", b.Metric.Amount(b.Floor, s.Currency), name))
			}
			if b.Ceiling > 0 {
				limits = append(limits, fmt.Sprintf("at most %s %s", b.Metric.Amount(b.Ceiling, s.Currency), name))
			}
		}
		if len(limits) > 0 {
			tasks = append(tasks, t.Name+" "+list(limits)+" for each "+pieceWord(t.Kind, 1))
		}
	}
	if len(tasks) == 0 {
		return "none is set", false
	}
	return strings.Join(tasks, "; "), true
}
