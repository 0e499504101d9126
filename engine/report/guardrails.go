package report

import (
	"cmp"
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
	Limits                engine.Guardrails        // the same as values, for the windows that change them
	Tasks                 []engine.Task
	Segments              []engine.Segment
	Offers                []engine.Offer
	Doors                 []Door   // configured channels, by name
	Packs                 []string // of blocked subjects that there are
}

// Door is a configured channel's name, and how people call it.
type Door struct{ Name, Label string }

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
		Frame: s.Frame, Version: s.rules.Version, Limits: s.rules, Tasks: s.tasks, Segments: s.strategy.Segments, Offers: s.strategy.Offers, Packs: r.o.Packs,
		MayLoosen: r.o.People.With(engine.RoleOwner), MayTighten: r.o.People.With(engine.RoleOperator),
	}
	for _, name := range slices.Sorted(maps.Keys(r.o.Channels)) {
		v.Doors = append(v.Doors, Door{name, r.label(name)})
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
	{"words", "Words", wordWords},
	{"minimums", "Your minimums", minimumWords},
	{"quiet", "Quiet hours", quietWords},
	{"frequency", "How often at most", frequencyWords},
	{"facts", "Facts", factWords},
	{"links", "Links", linkWords},
	{"duplicates", "Repetition", duplicateWords},
	{"lines", "Lines that must stand", lineWords},
	{"blast", "Reach without a yes", blastWords},
	{"mentions", "Mentions", mentionWords},
	{"review", "What goes out unless stopped", checkWords},
	{"wave", "E-mails that nobody said yes to", waveWords},
}

func budgetWords(_ *Reader, s scene) (string, bool) {
	b := s.rules.Budget
	ceiling := ". The config file's ceiling is " + b.Ceiling.Format(s.Currency)
	if b.Weekly == 0 {
		return "nothing may be spent" + ceiling, false
	}
	words := "at most " + b.Weekly.Format(s.Currency) + ", the AI model included"
	if b.Model > 0 {
		words += ", of it at most " + b.Model.Format(s.Currency) + " for the model"
	}
	if b.Output > 0 {
		words += "; a piece at most " + b.Output.Format(s.Currency)
	}
	if b.Pace > 0 {
		words += fmt.Sprintf("; at most %d %% of an even pace", b.Pace)
	}
	for _, t := range s.tasks {
		if most := b.Tasks[t.ID]; most > 0 {
			words += "; " + t.Name + " at most " + most.Format(s.Currency) + " a week"
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b.Campaigns)) {
		o, _ := s.strategy.Offer(key)
		words += "; the campaign “" + cmp.Or(o.Text, key) + "” at most " + b.CampaignCap(key).Format(s.Currency) + " in all"
	}
	if b.PerCampaign > 0 {
		ceiling += " a week, and " + b.PerCampaign.Format(s.Currency) + " for one campaign in all"
	}
	return words + ceiling, true
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
		words = "allowed: " + engine.List(on)
	}
	if len(off) > 0 {
		words += "; not allowed: " + engine.List(off)
	}
	return words, len(on) > 0
}

func topicWords(_ *Reader, s scene) (string, bool) {
	t := s.rules.Topics
	switch {
	case len(t.Blocked)+len(t.Packs) == 0:
		return "no word is blocked", false
	case len(t.Blocked) == 0:
		return "blocked: the packs " + strings.Join(t.Packs, ", "), true
	case len(t.Packs) == 0:
		return "blocked: " + strings.Join(t.Blocked, ", "), true
	}
	return "blocked: " + strings.Join(t.Blocked, ", ") + "; and the packs " + strings.Join(t.Packs, ", "), true
}

func voiceWords(_ *Reader, s scene) (string, bool) {
	v, r := s.strategy.Voice, s.rules.Voice
	words := "not locked"
	if r.Locked {
		words = "locked"
		if v.Tone != "" {
			words += ": " + strings.TrimSuffix(v.Tone, ".")
		}
	}
	for _, l := range []struct {
		n    int
		what string
	}{
		{r.Grade, "reading grade"}, {r.Sentence, "words in a sentence"}, {r.Emoji, "emoji"}, {r.Exclamations, "exclamation marks"},
	} {
		switch {
		case l.n < 0:
			words += "; no " + l.what
		case l.n > 0:
			words += fmt.Sprintf("; %s at most %d", l.what, l.n)
		}
	}
	if r.Distance > 0 {
		words += fmt.Sprintf("; a warning above %d %% distance from the approved pieces", r.Distance)
	}
	return words, r.Locked
}

func wordWords(_ *Reader, s scene) (string, bool) {
	v := s.rules.Voice
	var parts []string
	if len(v.Banned) > 0 {
		parts = append(parts, "never: "+strings.Join(v.Banned, ", "))
	}
	if len(v.Required) > 0 {
		parts = append(parts, "in every piece: "+strings.Join(v.Required, ", "))
	}
	if len(parts) == 0 {
		return "none is banned or required", false
	}
	return strings.Join(parts, "; "), true
}

// all says each of xs; none where there are none.
func all[T any](xs []T, words func(T) string, none string) (string, bool) {
	var parts []string
	for _, x := range xs {
		parts = append(parts, words(x))
	}
	if len(parts) == 0 {
		return none, false
	}
	return strings.Join(parts, "; "), true
}

func quietWords(_ *Reader, s scene) (string, bool) {
	return all(s.rules.Quiet, func(q engine.QuietRule) string {
		if q.Why != "" {
			return q.Words() + " (" + q.Why + ")"
		}
		return q.Words()
	}, "there are none")
}

func frequencyWords(_ *Reader, s scene) (string, bool) {
	return all(s.rules.Frequency, engine.FrequencyRule.Words, "no limit")
}

func factWords(_ *Reader, s scene) (string, bool) {
	if n := s.rules.Facts.MaxAge; n > 0 {
		return fmt.Sprintf("looked at again after %d days; until then a piece that needs one is stopped", n), true
	}
	return "no age limit", false
}

func linkWords(_ *Reader, s scene) (string, bool) {
	return all(s.rules.Links.Domains, func(d string) string { return d }, "only your own, and those of your calls to action")
}

func duplicateWords(_ *Reader, s scene) (string, bool) {
	d := s.rules.Duplicates
	if d.Percent == 0 {
		return "not compared", false
	}
	return fmt.Sprintf("refused from %d %% shared wording with a piece of the last %d days", d.Percent, d.Days), true
}

func lineWords(_ *Reader, s scene) (string, bool) {
	return all(s.rules.Lines, func(l engine.LineRule) string { return "“" + l.Text + "” in " + l.Scope() }, "there are none")
}

func blastWords(_ *Reader, s scene) (string, bool) {
	b := s.rules.Blast
	var parts []string
	if b.People > 0 {
		parts = append(parts, fmt.Sprintf("at most %d people", b.People))
	}
	if b.Permanent > 0 {
		parts = append(parts, fmt.Sprintf("at most %d where it cannot be taken back", b.Permanent))
	}
	if b.Money > 0 {
		parts = append(parts, "at most "+b.Money.Format(s.Currency)+" a piece")
	}
	if len(parts) == 0 {
		return "no limit", false
	}
	return strings.Join(parts, ", "), true
}

func mentionWords(_ *Reader, s scene) (string, bool) {
	return all(s.rules.Mentions, func(m string) string { return "@" + strings.TrimPrefix(m, "@") }, "nobody is mentioned")
}

func checkWords(_ *Reader, s scene) (string, bool) {
	return s.rules.Review.Words(), s.rules.Review != engine.ReviewRule{}
}

func waveWords(_ *Reader, s scene) (string, bool) {
	return s.rules.Wave.Words(), s.rules.Wave != engine.WaveRule{}
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
			tasks = append(tasks, t.Name+" "+engine.List(limits)+" for each "+pieceWord(t.Kind, 1))
		}
	}
	if len(tasks) == 0 {
		return "none is set", false
	}
	return strings.Join(tasks, "; "), true
}
