package app

import (
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"koira/engine"
)

// strategy is the file's strategy, as version 0: the store numbers it.
func (c Config) strategy() engine.Strategy {
	zone := c.zone()
	s := engine.Strategy{
		Business: engine.Business(c.Business),
		Voice:    engine.Voice{Tone: c.Voice.Tone, Examples: c.Voice.Examples, Person: c.Voice.Person},
	}
	for _, g := range c.Strategy.Goals {
		s.Goals = append(s.Goals, engine.Goal{Key: g.Key, Text: g.Text, Metric: engine.Metric(g.Metric)})
	}
	for _, x := range c.Strategy.Segments {
		s.Segments = append(s.Segments, engine.Segment(x))
	}
	for _, x := range c.Strategy.Themes {
		s.Themes = append(s.Themes, engine.Theme(x))
	}
	for _, x := range c.Strategy.CallsToAction {
		s.CallsToAction = append(s.CallsToAction, engine.CallToAction(x))
	}
	for _, o := range c.Strategy.Offers {
		s.Offers = append(s.Offers, engine.Offer{Key: o.Key, Text: o.Text, From: begins(o.From, zone), Until: ends(o.Until, zone)})
	}
	for _, f := range c.Facts {
		s.Facts = append(s.Facts, engine.Fact{Key: f.Key, Text: f.Text, From: begins(f.From, zone), Until: ends(f.Until, zone), Checked: begins(f.Checked, zone)})
	}
	return s
}

func (c Config) guardrails() engine.Guardrails {
	g := engine.Guardrails{
		Budget:   engine.BudgetRule{Weekly: sum(c.Guardrails.WeeklyBudget), Ceiling: sum(c.Guardrails.WeeklyCeiling), PerCampaign: sum(c.Guardrails.CampaignCeiling)},
		Channels: map[string]bool{},
		Topics:   engine.TopicRule{Blocked: c.Guardrails.Topics, Packs: c.Guardrails.Packs, Competitors: c.Guardrails.Competitors},
		Voice: engine.VoiceRule{
			Locked: c.Voice.Locked, Required: c.Voice.Required, Banned: c.Voice.Banned, Grade: c.Voice.Grade, Sentence: c.Voice.Sentence,
			Emoji: c.Voice.Emoji, Exclamations: c.Voice.Exclamations, Distance: c.Voice.Distance,
		},
		Facts:      engine.FactRule{MaxAge: c.Guardrails.FactsMaxAge},
		Links:      engine.LinkRule{Domains: c.Guardrails.Links},
		Duplicates: engine.DuplicateRule(c.Guardrails.Duplicates),
		Mentions:   mentions(c.Guardrails.Mentions),
		Trust: engine.TrustRule{
			Often: c.Trust.Reviews.Often, Usual: c.Trust.Reviews.Usual, Sensitive: c.Trust.Reviews.Sensitive,
			Low: c.Trust.Bar.Low, Normal: c.Trust.Bar.Normal, High: c.Trust.Bar.High,
		},
	}
	for _, l := range c.Guardrails.Lines {
		g.Lines = append(g.Lines, engine.LineRule{Kind: engine.Kind(l.Kind), Channel: l.Channel, Text: l.Text})
	}
	for _, name := range c.Guardrails.Channels {
		g.Channels[name] = true
	}
	c.moneyWalls(&g)
	g.Thresholds = map[string][]engine.Threshold{}
	for _, t := range c.Tasks {
		for _, b := range t.Benchmarks {
			if b.Floor > 0 || b.Ceiling > 0 {
				g.Thresholds[t.ID] = append(g.Thresholds[t.ID], engine.Threshold{Metric: engine.Metric(b.Metric), Floor: b.Floor, Ceiling: b.Ceiling})
			}
		}
	}
	return g
}

// mentions are the names of accounts as the list of mentions has them: without the "@", each once.
func mentions(written []string) []string {
	var all []string
	for _, w := range written {
		n := strings.TrimPrefix(strings.TrimSpace(w), "@")
		if !slices.ContainsFunc(all, func(x string) bool { return strings.EqualFold(x, n) }) {
			all = append(all, n)
		}
	}
	return all
}

// moneyWalls fills in the walls that are not about text.
func (c Config) moneyWalls(g *engine.Guardrails) {
	f := c.Guardrails
	g.Budget.Output, g.Budget.Model, g.Budget.Pace = sum(f.PerOutput), sum(f.ModelBudget), f.Pace
	share := func(of *map[string]engine.Money, key, most string) {
		if sum(most) == 0 {
			return
		}
		if *of == nil {
			*of = map[string]engine.Money{}
		}
		(*of)[key] = sum(most)
	}
	for _, t := range c.Tasks {
		share(&g.Budget.Tasks, t.ID, t.Weekly)
	}
	for _, o := range c.Strategy.Offers {
		share(&g.Budget.Campaigns, o.Key, o.Budget)
	}
	for _, q := range f.Quiet {
		rule := engine.QuietRule{Channel: q.Channel, Segment: q.Segment, Why: q.Why}
		rule.From, _ = minutes(q.From)
		rule.To, _ = minutes(q.To)
		for _, d := range q.Days {
			w, _ := weekday(d)
			rule.Days = append(rule.Days, w)
		}
		g.Quiet = append(g.Quiet, rule)
	}
	for _, x := range f.Frequency {
		g.Frequency = append(g.Frequency, engine.FrequencyRule(x))
	}
	g.Review = engine.ReviewRule{Sample: f.Review.Sample, Window: int(time.Duration(f.Review.Window) / time.Minute), Zone: f.Review.Zone}
	if len(f.Review.Hours) == 2 {
		g.Review.From, g.Review.To = f.Review.Hours[0], f.Review.Hours[1]
	}
	g.Wave = engine.WaveRule{Percent: f.Wave.Percent, Pause: int(time.Duration(f.Wave.Pause) / time.Minute), Lost: f.Wave.Lost}
	g.Blast = engine.BlastRule{People: f.Blast.People, Permanent: f.Blast.Permanent, Money: sum(f.Blast.Money)}
}

func (c Config) tasks() []engine.Task {
	accounts, kinds := map[string]string{}, map[string]engine.Kind{}
	for _, ch := range c.Channels {
		accounts[ch.Name], kinds[ch.Name] = ch.Account, ch.kind()
	}
	out := make([]engine.Task, len(c.Tasks))
	for i, t := range c.Tasks {
		level, _ := engine.ParseLevel(t.Level)
		out[i] = engine.Task{
			ID: t.ID, Name: t.Name, Channel: t.Channel, Account: accounts[t.Channel], Segment: t.Segment, Kind: kinds[t.Channel],
			Cadence:   engine.Cadence{Min: t.PerWeek[0], Max: t.PerWeek[1], From: t.Hours[0], To: t.Hours[1]},
			Frequency: degree(t.Frequency, engine.Low), Sensitivity: degree(t.Sensitivity, engine.Normal), Themes: t.Themes,
			CostMax: sum(t.CostMax), Level: level,
		}
		for _, d := range t.Days {
			w, _ := weekday(d)
			out[i].Cadence.Days = append(out[i].Cadence.Days, w)
		}
		out[i].Nature = t.natures()
		for _, b := range t.Benchmarks {
			out[i].Benchmarks = append(out[i].Benchmarks, engine.Benchmark{Metric: engine.Metric(b.Metric), Good: b.Good})
		}
	}
	return out
}

func (t TaskConfig) natures() []engine.Nature {
	var all []engine.Nature
	for _, n := range t.Nature {
		all = append(all, engine.Nature(n))
	}
	return all
}

func (c Config) people() engine.People {
	p := c.People
	return engine.People{Owners: p.Owners, Approvers: p.Approvers, Operators: p.Operators, Viewers: p.Viewers, Team: p.Team, FourEyes: engine.FourEyes(p.FourEyes)}
}

func (c Config) zone() *time.Location { return engine.Business{Zone: c.Business.Zone}.Location() }

// kind is what a channel of this type carries.
func (c ChannelConfig) kind() engine.Kind {
	if c.Type == "wordpress" {
		return engine.KindBlog
	}
	return engine.Kind(c.Kind)
}

func degree(s string, or engine.Degree) engine.Degree {
	if s == "" {
		return or
	}
	return engine.Degree(s)
}

// begins is the first moment of a day in zone, ends the first after it; no day is open-ended.
func begins(d *toml.LocalDate, zone *time.Location) time.Time {
	if d == nil {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, zone).UTC()
}

func ends(d *toml.LocalDate, zone *time.Location) time.Time {
	if d == nil {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day+1, 0, 0, 0, 0, zone).UTC()
}
