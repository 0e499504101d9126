package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"koira/engine"
)

// Change is one limit, old → new, in words for people.
type Change struct {
	Rule     string // "budget.weekly", "topic:sale", "threshold:daily-social:clicks:floor"
	To       string // the new value, as compute reads it
	Name     string // "Money a week", "The subject “sale”"
	Old, New string // "€120.00" or "blocked"
	Loosens  bool   // gives koira more room
	Together bool   // tightens, but makes no sense or does not fit without what loosens beside it: a floor above what is still the ceiling, an entry on a full list
}

// AtOnce reports whether c needs nobody's confirmation: it is in force when it is turned on.
func (c Change) AtOnce() bool { return !c.Loosens && !c.Together }

func (c Change) String() string { return c.Name + ": " + c.Old + " → " + c.New }

// scene is what the values of limits may name.
type scene struct {
	currency, zone  string // of the business
	tasks, segments []string
	offers          []engine.Offer
	channels, packs []string
	names           map[string]string // of tasks, as people call them
}

// taskName is what people call a task; its id where it is gone.
func (s scene) taskName(id string) string { return cmp.Or(s.names[id], id) }

// campaignName is what people call a campaign; its key where it is gone.
func (s scene) campaignName(key string) string {
	for _, o := range s.offers {
		if o.Key == key && o.Text != "" {
			return "“" + o.Text + "”"
		}
	}
	return key
}

// limit is one kind of limit that people may change from here. set changes g for the key after the first colon of a rule and returns the
// change with its canonical rule and value; it returns the same words as Old and New where nothing differs. all lists every rule of the kind
// whose value is not off, so that two versions can be compared.
type limit struct {
	kind string
	set  func(s scene, g *engine.Guardrails, key, to string) (Change, error)
	all  func(g engine.Guardrails) []engine.RuleEdit
	off  string
}

// changeable lists them. To add one: its row, with a set and an all, and its rows in TestCompute.
var changeable = slices.Concat(
	sums(), shares(), numbers(), lists(),
	[]limit{
		{"channel", setChannel, allChannels, offWord},
		{"voice.lock", setLock, allLocks, offWord},
		{"threshold", setThreshold, allThresholds, offWord},
		{"quiet", setQuiet, allQuiet, offWord},
		{"frequency", setFrequency, allFrequencies, offWord},
		{"line", setLine, allLines, offWord},
		{"review.hours", setLookHours, allLookHours, usualWord},
		{"review.zone", setLookZone, allLookZones, usualWord},
	},
)

// Values of a limit.
const (
	blockedWord, allowedWord = "blocked", "allowed"
	onWord, offWord          = "on", "off"
	noneWord                 = "none"  // not a single one, where "off" is no limit
	usualWord                = "usual" // koira's own, where there is no "no limit"
)

func kindOf(rule string) (limit, string, bool) {
	kind, key, _ := strings.Cut(rule, ":")
	i := slices.IndexFunc(changeable, func(l limit) bool { return l.kind == kind })
	if i < 0 {
		return limit{}, "", false
	}
	return changeable[i], key, true
}

// scene reads what the values of limits may name; before the first strategy there is little.
func (d *Desk) scene(ctx context.Context) (scene, error) {
	s := scene{packs: d.packs, names: map[string]string{}}
	for n := range d.channels {
		s.channels = append(s.channels, n)
	}
	slices.Sort(s.channels)
	is, err := d.store.Strategy(ctx)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return s, failed("reading", "the strategy", err)
	}
	s.currency, s.zone, s.offers = is.Business.Currency, is.Business.Zone, is.Offers
	for _, x := range is.Segments {
		s.segments = append(s.segments, x.Key)
	}
	all, err := d.store.Tasks(ctx)
	if err != nil {
		return s, failed("reading", "tasks", err)
	}
	for _, t := range all {
		s.tasks = append(s.tasks, t.ID)
		s.names[t.ID] = t.Name
	}
	return s, nil
}

// ValueOf returns a limit's value in g, as an edit would set it: "400.00", "off".
func ValueOf(g engine.Guardrails, rule string) string {
	l, _, ok := kindOf(rule)
	if !ok {
		return ""
	}
	for _, e := range l.all(g) {
		if strings.EqualFold(e.Rule, rule) {
			return e.To
		}
	}
	return l.off
}

// Entry is one entry of a kind of limits that is a list, in words, and the edit that takes it off.
type Entry struct {
	Words string
	Off   engine.RuleEdit
}

// Entries lists what stands in g of one kind of limits: "topic", "quiet".
func Entries(g engine.Guardrails, kind string) []Entry {
	l, _, ok := kindOf(kind)
	if !ok {
		return nil
	}
	var entries []Entry
	for _, e := range l.all(g) {
		words := strings.TrimPrefix(e.Rule, kind+":")
		switch kind {
		case "frequency":
			words = e.To + " " + words
		case "line":
			where, text, _ := strings.Cut(words, "|")
			words = strings.TrimPrefix(where, "channel=") + ": " + text
		}
		entries = append(entries, Entry{Words: words, Off: engine.RuleEdit{Rule: e.Rule, To: l.off}})
	}
	return entries
}

// compute works out what edits mean against g: the changes that they are, without those that stand so already, and the guardrails with them.
// Code conflict when nothing differs. It is pure.
func compute(s scene, g engine.Guardrails, edits []engine.RuleEdit) ([]Change, engine.Guardrails, error) {
	next := g.Clone()
	var changes []Change
	so := ""
	for _, e := range edits {
		l, key, ok := kindOf(e.Rule)
		if !ok {
			return nil, g, engine.Errorf(engine.CodeNotFound, "There is no limit %q to change. Nothing changed.", cut(e.Rule))
		}
		c, err := l.set(s, &next, key, strings.TrimSpace(e.To))
		if err != nil {
			return nil, g, inField(err, e.Rule)
		}
		if c.Old == c.New {
			so = c.Name + ": " + c.New
			continue
		}
		// What a limit is to be must be one thing: else its parts could not be held against the ceiling, or be told apart as tighter and looser.
		if slices.ContainsFunc(changes, func(x Change) bool { return x.Rule == c.Rule }) {
			return nil, g, inField(engine.Errorf(engine.CodeInvalid, "%s is named twice. Nothing changed.", c.Name), e.Rule)
		}
		changes = append(changes, c)
	}
	if len(changes) == 0 && so != "" {
		return nil, g, engine.Errorf(engine.CodeConflict, "That is so already (%s). Nothing left to do.", so)
	}
	if len(changes) == 0 {
		return nil, g, engine.Errorf(engine.CodeConflict, "That is how it stands already. Nothing left to do.")
	}
	if err := sensible(s, next); err != nil {
		return changes, next, err
	}
	together(s, g, changes)
	return changes, next, nil
}

// together marks what is to be in force at once and cannot be; see [Change].Together.
func together(s scene, g engine.Guardrails, changes []Change) {
	fits := func(edits []engine.RuleEdit) bool {
		_, _, err := compute(s, g, edits)
		return err == nil
	}
	tight := part(changes, false)
	if len(tight) == 0 || len(tight) == len(changes) || fits(tight) {
		return
	}
	alone := g.Clone()
	for i, c := range changes {
		if c.Loosens {
			continue
		}
		l, key, _ := kindOf(c.Rule)
		with := alone.Clone()
		if _, err := l.set(s, &with, key, c.To); err != nil || sensible(s, with) != nil {
			changes[i].Together = true
			continue
		}
		alone = with
	}
}

// inField lets an error name the input that it is about: the rule's kind, and for a threshold which of its numbers.
func inField(err error, rule string) error {
	e, ok := err.(*engine.Error)
	if !ok || e.Code != engine.CodeInvalid || e.Field != "" {
		return err
	}
	kind, key, _ := strings.Cut(rule, ":")
	e.Field = kind
	if kind == "threshold" {
		e.Field += "." + key[strings.LastIndex(key, ":")+1:]
	}
	return e
}

// ceilings refuses what the config file's ceiling forbids, whoever asks.
func ceilings(s scene, was, next engine.Guardrails) error {
	b := next.Budget
	type sum struct{ was, is, top engine.Money }
	week := was.Budget.Ceiling
	all := []sum{{was.Budget.Weekly, b.Weekly, week}, {was.Budget.Output, b.Output, week}, {was.Budget.Model, b.Model, week}}
	for id, m := range b.Tasks {
		all = append(all, sum{was.Budget.Tasks[id], m, week})
	}
	for _, m := range all {
		if m.is > m.top && m.is > m.was {
			return engine.Errorf(engine.CodeDenied, "The ceiling in the config file is %s; nobody can go above it from here. Nothing changed.", m.top.Format(s.currency))
		}
	}
	for key, m := range b.Campaigns {
		if top := was.Budget.CampaignCeiling(); m > top && m > was.Budget.Campaigns[key] {
			return engine.Errorf(engine.CodeDenied, "What one campaign may cost in all is at most %s, by the config file%s; nobody can go above it from here. Nothing changed.",
				top.Format(s.currency), campaignCeilingFrom(was.Budget))
		}
	}
	return nil
}

// campaignCeilingFrom says which line of the file it is, where it is not the one that people would look for.
func campaignCeilingFrom(b engine.BudgetRule) string {
	if b.PerCampaign > 0 {
		return ""
	}
	return " (it names no campaign_ceiling, so that of a week holds)"
}

// difference lists the edits that make to of from, in the order of the table. The config file's ceiling is no part of it.
func difference(from, to engine.Guardrails) []engine.RuleEdit {
	var edits []engine.RuleEdit
	for _, l := range changeable {
		was, is := l.all(from), l.all(to)
		for _, e := range was { // what goes makes room for what comes
			if !slices.ContainsFunc(is, func(x engine.RuleEdit) bool { return x.Rule == e.Rule }) {
				edits = append(edits, engine.RuleEdit{Rule: e.Rule, To: l.off})
			}
		}
		for _, e := range is {
			if !slices.Contains(was, e) {
				edits = append(edits, e)
			}
		}
	}
	return edits
}

// wayBack is the difference without what names something that is gone, which is told apart in words: a limit each, as to says it.
func wayBack(s scene, from, to engine.Guardrails) (edits []engine.RuleEdit, left []string, err error) {
	next, then := from.Clone(), s.with(to)
	for _, e := range difference(from, to) {
		l, key, _ := kindOf(e.Rule)
		if _, err = l.set(s, &next, key, e.To); engine.CodeOf(err) != engine.CodeNotFound {
			edits = append(edits, e)
			continue
		}
		scratch := engine.Guardrails{}.Clone()
		c, err := l.set(then, &scratch, key, e.To)
		if err != nil {
			return nil, nil, err
		}
		left = append(left, c.Name+": "+c.New)
	}
	return edits, left, nil
}

// with is s as if all that g names were still there.
func (s scene) with(g engine.Guardrails) scene {
	s.channels, s.tasks, s.segments = slices.Clone(s.channels), slices.Clone(s.tasks), slices.Clone(s.segments)
	s.packs, s.offers = slices.Concat(s.packs, g.Topics.Packs), slices.Clone(s.offers)
	s.channels = slices.AppendSeq(s.channels, maps.Keys(g.Channels))
	s.tasks = slices.AppendSeq(slices.AppendSeq(s.tasks, maps.Keys(g.Budget.Tasks)), maps.Keys(g.Thresholds))
	for key := range g.Budget.Campaigns {
		s.offers = append(s.offers, engine.Offer{Key: key})
	}
	for _, q := range g.Quiet {
		s.channels, s.segments = append(s.channels, q.Channel), append(s.segments, q.Segment)
	}
	for _, f := range g.Frequency {
		s.channels, s.segments = append(s.channels, f.Channel), append(s.segments, f.Segment)
	}
	for _, l := range g.Lines {
		s.channels = append(s.channels, l.Channel)
	}
	return s
}

// part returns the changes that are in force at once, or those that an owner confirms, as edits.
func part(changes []Change, confirmed bool) []engine.RuleEdit {
	var edits []engine.RuleEdit
	for _, c := range changes {
		if c.AtOnce() != confirmed {
			edits = append(edits, engine.RuleEdit{Rule: c.Rule, To: c.To})
		}
	}
	return edits
}

func setChannel(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	if to != onWord && to != offWord {
		return Change{}, engine.Errorf(engine.CodeInvalid, "A channel is on or off; you wrote %q. Nothing changed.", cut(to))
	}
	// A channel may be taken off the list after it left the config, but only a configured one may be put on it.
	if !slices.Contains(s.channels, key) && (to == onWord || !g.Channels[key]) {
		return Change{}, unknown("channel", key, s.channels)
	}
	c := Change{Rule: "channel:" + key, To: to, Name: "The channel " + key, Old: offWord, New: to, Loosens: to == onWord}
	if g.Channels[key] {
		c.Old = onWord
	}
	g.Channels[key] = to == onWord
	return c, nil
}

func allChannels(g engine.Guardrails) []engine.RuleEdit {
	var all []engine.RuleEdit
	for name, on := range g.Channels {
		if on {
			all = append(all, engine.RuleEdit{Rule: "channel:" + name, To: onWord})
		}
	}
	slices.SortFunc(all, func(a, b engine.RuleEdit) int { return strings.Compare(a.Rule, b.Rule) })
	return all
}

func setLock(_ scene, g *engine.Guardrails, _, to string) (Change, error) {
	if to != onWord && to != offWord {
		return Change{}, engine.Errorf(engine.CodeInvalid, "The voice lock is on or off; you wrote %q. Nothing changed.", cut(to))
	}
	c := Change{Rule: "voice.lock", To: to, Name: "The voice lock", Old: offWord, New: to, Loosens: to == offWord}
	if g.Voice.Locked {
		c.Old = onWord
	}
	g.Voice.Locked = to == onWord
	return c, nil
}

func allLocks(g engine.Guardrails) []engine.RuleEdit {
	if !g.Voice.Locked {
		return nil
	}
	return []engine.RuleEdit{{Rule: "voice.lock", To: onWord}}
}

// quoted puts words of people's between quotation marks.
func quoted(s string) string { return fmt.Sprintf("“%s”", s) }
