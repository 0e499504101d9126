package app

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

var (
	slug    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,40}$`)
	userID  = regexp.MustCompile(`^[UW][A-Z0-9]{5,20}$`)
	roomID  = regexp.MustCompile(`^[CG][A-Z0-9]{5,20}$`)
	envName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	host    = regexp.MustCompile(`^(?:[\pL\pN](?:[\pL\pN-]*[\pL\pN])?\.)+\pL[\pL\pN-]*$`)
)

// rules collects what is wrong, each with its key's path.
type rules []string

func (r *rules) must(ok bool, format string, args ...any) {
	if !ok {
		*r = append(*r, fmt.Sprintf(format, args...))
	}
}

// broken lists every rule that c breaks, in the order of the file's sections.
func (c Config) broken() []string {
	var r rules
	c.checkBusiness(&r)
	c.checkPeople(&r)
	c.checkMachinery(&r)
	c.checkStrategy(&r)
	c.checkChannels(&r)
	c.checkTasks(&r)
	c.checkGuardrails(&r)
	return r
}

func (c Config) checkBusiness(r *rules) {
	b := c.Business
	r.must(b.Name != "", "business.name is missing")
	_, err := engine.LoadZone(b.Zone)
	r.must(err == nil, "business.zone must be a time zone such as \"Europe/Helsinki\", not %q", b.Zone)
	r.must(regexp.MustCompile(`^[A-Z]{3}$`).MatchString(b.Currency), "business.currency must be a code such as \"EUR\", not %q", b.Currency)
	r.must(isLink(b.Link), "business.link must be an http(s) address, not %q", b.Link)
}

func (c Config) checkPeople(r *rules) {
	p := c.People
	for _, l := range []struct {
		name string
		ids  []string
	}{{"owners", p.Owners}, {"approvers", p.Approvers}, {"operators", p.Operators}, {"viewers", p.Viewers}} {
		for _, id := range l.ids {
			r.must(userID.MatchString(id), "people.%s: %q is not a Slack member id such as U012AB3CD (profile → ⋮ → Copy member ID)", l.name, id)
		}
	}
	r.must(len(p.Owners) > 0, "people.owners is empty: nobody could resume, allow or raise anything")
	r.must(slices.Contains([]engine.FourEyes{engine.FourEyesAuto, engine.FourEyesAlways, engine.FourEyesNever}, engine.FourEyes(p.FourEyes)),
		"people.four_eyes: %q is not one of auto, always, never", p.FourEyes)
	for _, room := range []struct{ name, id string }{{"drafts", c.Slack.Drafts}, {"exceptions", c.Slack.Exceptions}, {"reports", c.Slack.Reports}} {
		r.must(roomID.MatchString(room.id), "slack.%s must be a channel id such as C012AB3CD, not %q", room.name, room.id)
	}
}

func (c Config) checkMachinery(r *rules) {
	m := c.Model
	r.must(m.Name == "" || isLink(m.BaseURL), "model.base_url must be an http(s) address, not %q", m.BaseURL)
	r.money("model.price_in", m.PriceIn)
	r.money("model.price_out", m.PriceOut)
	r.must(m.Name == "" || m.PriceIn != "" && m.PriceOut != "", "model.price_in and model.price_out are needed (\"0\" for a model of your own): calls are charged to the budget")
	r.must(m.Name != "" || !m.Judge, "model.judge needs model.name: the built-in template writer judges nothing")
	r.must(time.Duration(m.Timeout) >= time.Second, "model.timeout must be at least 1s; write it in quotes, such as \"60s\"")
	r.must(c.Storage.Path != "", "storage.path is missing")
	t := time.Duration(c.Schedule.Tick)
	r.must(t >= time.Second && t <= time.Hour, "schedule.tick must be between 1s and 1h, in quotes, such as \"1m\", not %s", t)
}

func (c Config) checkStrategy(r *rules) {
	s := c.Strategy
	r.unique("strategy.segments", len(s.Segments), func(i int) string { return s.Segments[i].Key })
	r.unique("strategy.themes", len(s.Themes), func(i int) string { return s.Themes[i].Key })
	r.unique("strategy.calls_to_action", len(s.CallsToAction), func(i int) string { return s.CallsToAction[i].Key })
	r.unique("strategy.offers", len(s.Offers), func(i int) string { return s.Offers[i].Key })
	r.unique("facts", len(c.Facts), func(i int) string { return c.Facts[i].Key })
	for i, g := range s.Goals {
		r.must(strings.TrimSpace(g.Text) != "", "strategy.goals[%d].text is missing", i)
		r.must(isMetric(g.Metric), "strategy.goals[%d].metric: %q is not one of %s", i, g.Metric, metricNames())
	}
	for i, x := range s.Segments {
		r.must(strings.TrimSpace(x.Name) != "", "strategy.segments[%d].name is missing", i)
		r.must(x.Size > 0, "strategy.segments[%d].size must be above 0", i)
	}
	for i, th := range s.Themes {
		r.must(strings.TrimSpace(th.Text) != "", "strategy.themes[%d].text is missing", i)
		for _, f := range th.Facts {
			r.must(slices.ContainsFunc(c.Facts, func(x FactConfig) bool { return x.Key == f }), "strategy.themes[%d].facts: there is no fact %q", i, f)
		}
	}
	for i, x := range s.CallsToAction {
		r.must(strings.TrimSpace(x.Text) != "", "strategy.calls_to_action[%d].text is missing", i)
		r.must(isLink(x.Link), "strategy.calls_to_action[%d].link must be an http(s) address, not %q", i, x.Link)
	}
	for i, o := range s.Offers {
		r.must(strings.TrimSpace(o.Text) != "", "strategy.offers[%d].text is missing", i)
		r.money(fmt.Sprintf("strategy.offers[%d].budget", i), o.Budget)
		r.must(o.From == nil || o.Until == nil || !o.Until.AsTime(time.UTC).Before(o.From.AsTime(time.UTC)), "strategy.offers[%d] ends before it begins", i)
	}
	for i, f := range c.Facts {
		r.must(f.Text != "", "facts[%d].text is missing", i)
		r.must(f.From == nil || f.Until == nil || !f.Until.AsTime(time.UTC).Before(f.From.AsTime(time.UTC)), "facts[%d] ends before it begins", i)
	}
}

func (c Config) checkChannels(r *rules) {
	r.unique("channels", len(c.Channels), func(i int) string { return c.Channels[i].Name })
	for i, ch := range c.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		switch ch.Type {
		case "wordpress":
			r.must(isLink(ch.URL), "%s.url must be an http(s) address, not %q", at, ch.URL)
			r.must(ch.User != "", "%s.user is missing", at)
			r.must(envName.MatchString(ch.Password), "%s.password_env must be the NAME of an environment variable, not the password", at)
		case "sandbox":
			r.must(isKind(ch.Kind), "%s.kind: %q is not one of social, email, blog", at, ch.Kind)
			r.must(ch.Audience > 0, "%s.audience must be above 0", at)
		default:
			r.must(false, "%s.type: %q is not one of wordpress, sandbox", at, ch.Type)
		}
	}
}

func (c Config) checkTasks(r *rules) {
	r.unique("tasks", len(c.Tasks), func(i int) string { return c.Tasks[i].ID })
	for i, t := range c.Tasks {
		c.checkTask(r, fmt.Sprintf("tasks[%d]", i), t)
	}
}

func (c Config) checkTask(r *rules, at string, t TaskConfig) {
	r.must(t.Name != "", "%s.name is missing", at)
	r.must(slices.ContainsFunc(c.Channels, func(x ChannelConfig) bool { return x.Name == t.Channel }), "%s.channel: there is no channel %q", at, t.Channel)
	r.must(slices.ContainsFunc(c.Strategy.Segments, func(x SegmentConfig) bool { return x.Key == t.Segment }), "%s.segment: there is no segment %q", at, t.Segment)
	l, err := engine.ParseLevel(t.Level)
	r.must(err == nil && l <= engine.L3, "%s.level must be L0 to L3 (higher levels are earned, and an owner allows them in Slack), not %q", at, t.Level)
	r.must(len(t.PerWeek) == 2 && t.PerWeek[0] >= 0 && t.PerWeek[0] <= t.PerWeek[1] && t.PerWeek[1] <= 50, "%s.per_week must be [least, most], at most 50", at)
	r.must(len(t.Hours) == 2 && 0 <= t.Hours[0] && t.Hours[0] < t.Hours[1] && t.Hours[1] <= 24, "%s.hours must be [from, to] such as [9, 17]", at)
	for _, d := range t.Days {
		_, ok := weekday(d)
		r.must(ok, "%s.days: %q is not one of mon, tue, wed, thu, fri, sat, sun", at, d)
	}
	r.must(slices.Contains([]string{"", "low", "high"}, t.Frequency), "%s.frequency must be low or high, not %q", at, t.Frequency)
	r.must(slices.Contains([]string{"", "low", "normal", "high"}, t.Sensitivity), "%s.sensitivity must be low, normal or high, not %q", at, t.Sensitivity)
	for _, k := range t.Themes {
		r.must(slices.ContainsFunc(c.Strategy.Themes, func(x ThemeConfig) bool { return x.Key == k }), "%s.themes: there is no theme %q", at, k)
	}
	for _, n := range t.Nature {
		r.must(slices.Contains(engine.Natures, engine.Nature(n)), "%s.nature: %q is not one of %v", at, n, engine.Natures)
	}
	if capped := (engine.Task{Level: l, Nature: t.natures()}); err == nil && capped.Acting() < l {
		r.must(false, "%s.level: a task of this nature stands at L1 at most, not %s", at, t.Level)
	}
	for j, b := range t.Benchmarks {
		r.must(isMetric(b.Metric), "%s.benchmarks[%d].metric: %q is not one of %s", at, j, b.Metric, metricNames())
		r.must(b.Floor == 0 || b.Good == 0 || engine.Metric(b.Metric).Less() || b.Floor <= b.Good, "%s.benchmarks[%d]: the floor %v, at which the task stops, is above %v, which is good", at, j, b.Floor, b.Good)
		r.must(b.Ceiling == 0 || b.Good == 0 || !engine.Metric(b.Metric).Less() || b.Ceiling >= b.Good, "%s.benchmarks[%d]: the ceiling %v, at which the task stops, is below %v, which is good", at, j, b.Ceiling, b.Good)
	}
	r.money(at+".cost_max", t.CostMax)
	r.money(at+".weekly", t.Weekly)
}

func (c Config) checkGuardrails(r *rules) {
	g := c.Guardrails
	r.must(g.WeeklyBudget != "", "guardrails.weekly_budget is missing (\"0\" lets nothing cost money)")
	r.must(g.WeeklyCeiling != "", "guardrails.weekly_ceiling is missing")
	r.money("guardrails.weekly_budget", g.WeeklyBudget)
	r.money("guardrails.weekly_ceiling", g.WeeklyCeiling)
	r.must(sum(g.WeeklyBudget) <= sum(g.WeeklyCeiling), "guardrails.weekly_budget is above guardrails.weekly_ceiling")
	if g.CampaignCeiling != "" {
		r.money("guardrails.campaign_ceiling", g.CampaignCeiling)
		r.must(sum(g.CampaignCeiling) > 0, "guardrails.campaign_ceiling must be more than 0; leave it out for that of a week")
		for i, o := range c.Strategy.Offers {
			r.must(sum(o.Budget) <= sum(g.CampaignCeiling), "strategy.offers[%d].budget is above guardrails.campaign_ceiling", i)
		}
	}
	for _, name := range g.Channels {
		r.must(c.channel(name), "guardrails.channels: there is no channel %q", name)
	}
	c.checkMoneyWalls(r)
	c.checkTextRules(r)
	c.checkTrust(r)
}

// checkTrust checks what a task must show: more where more is at stake.
func (c Config) checkTrust(r *rules) {
	n, bar := c.Trust.Reviews, c.Trust.Bar
	for _, x := range []struct {
		name  string
		value int
	}{{"often", n.Often}, {"usual", n.Usual}, {"sensitive", n.Sensitive}} {
		r.must(x.value >= 5 && x.value <= 500, "trust.reviews.%s must be 5 to 500 reviewed pieces, not %d", x.name, x.value)
	}
	r.must(n.Often <= n.Usual && n.Usual <= n.Sensitive, "trust.reviews: often, usual and sensitive must not fall: what is more sensitive needs at least as many")
	for _, x := range []struct {
		name  string
		value int
	}{{"low", bar.Low}, {"normal", bar.Normal}, {"high", bar.High}} {
		r.must(x.value >= 50 && x.value <= 99, "trust.bar.%s must be 50 to 99 of 100, not %d", x.name, x.value)
	}
	r.must(bar.Low <= bar.Normal && bar.Normal <= bar.High, "trust.bar: low, normal and high must not fall: what is more sensitive needs at least as much proof")
}

// checkMoneyWalls checks the walls that are not about text.
func (c Config) checkMoneyWalls(r *rules) {
	g := c.Guardrails
	r.money("guardrails.per_output", g.PerOutput)
	r.money("guardrails.model_budget", g.ModelBudget)
	r.must(g.Pace == 0 || g.Pace >= 100 && g.Pace <= 700, "guardrails.pace must be 0 (off) or a percentage from 100 to 700, not %d", g.Pace)
	known := func(at, channel, segment string) {
		r.must(channel == "" || slices.ContainsFunc(c.Channels, func(x ChannelConfig) bool { return x.Name == channel }), "%s.channel: there is no channel %q", at, channel)
		r.must(segment == "" || slices.ContainsFunc(c.Strategy.Segments, func(x SegmentConfig) bool { return x.Key == segment }), "%s.segment: there is no segment %q", at, segment)
	}
	for i, q := range g.Quiet {
		at := fmt.Sprintf("guardrails.quiet[%d]", i)
		known(at, q.Channel, q.Segment)
		from, okFrom := minutes(q.From)
		to, okTo := minutes(q.To)
		r.must(okFrom && okTo, "%s: from and to must be times such as \"22:00\", not %q and %q", at, q.From, q.To)
		r.must(!okFrom || !okTo || from != to, "%s: it would be quiet all day; take the channel off the list instead", at)
		for _, d := range q.Days {
			_, ok := weekday(d)
			r.must(ok, "%s.days: %q is not one of mon, tue, wed, thu, fri, sat, sun", at, d)
		}
	}
	for i, f := range g.Frequency {
		at := fmt.Sprintf("guardrails.frequency[%d]", i)
		known(at, f.Channel, f.Segment)
		r.must(f.Most >= 1 && f.Most <= 1000, "%s.most must be from 1 to 1000, not %d", at, f.Most)
		r.must(f.Days >= 1 && f.Days <= 60, "%s.days must be from 1 to 60, not %d", at, f.Days)
	}
	r.must(g.Blast.People >= 0 && g.Blast.Permanent >= 0, "guardrails.blast.people and permanent must not be below 0")
	r.money("guardrails.blast.money", g.Blast.Money)
	w, h := time.Duration(g.Review.Window), g.Review.Hours
	r.must(g.Review.Sample >= 0 && g.Review.Sample <= 1000, "guardrails.review.sample must be from 1 (each waits) to 1000, not %d", g.Review.Sample)
	r.must(w == 0 || w >= time.Minute && w <= 72*time.Hour, "guardrails.review.window must be between 1m and 72h, in quotes, such as \"4h\", not %s", w)
	r.must(len(h) == 0 || len(h) == 2 && 0 <= h[0] && h[0] < h[1] && h[1] <= 24, "guardrails.review.hours must be [from, to] such as [8, 20]")
	_, err := engine.LoadZone(g.Review.Zone)
	r.must(g.Review.Zone == "" || err == nil, "guardrails.review.zone must be a time zone such as \"Europe/Helsinki\", or left out for the business's, not %q", g.Review.Zone)
	p := time.Duration(g.Wave.Pause)
	r.must(g.Wave.Percent >= 0 && g.Wave.Percent <= 100, "guardrails.wave.percent must be from 1 to 100 (all at once), not %d", g.Wave.Percent)
	r.must(p == 0 || p >= time.Hour && p <= 5*time.Hour, "guardrails.wave.pause must be between 1h, in which results come in, and 5h, not %s", p)
	r.must(g.Wave.Lost >= 0 && g.Wave.Lost <= 1000, "guardrails.wave.lost must be from 1 to 1000 in 1,000, not %d", g.Wave.Lost)
}

// minutes reads a time of day, "22:00", as minutes from midnight.
func minutes(s string) (int, bool) {
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil
}

// checkTextRules checks what the gate holds texts to.
func (c Config) checkTextRules(r *rules) {
	g := c.Guardrails
	for _, name := range g.Packs {
		r.must(slices.ContainsFunc(guard.Packs(), func(p guard.Pack) bool { return p.Name == name }), "guardrails.packs: %q is not one of %s", name, strings.Join(packNames(), ", "))
	}
	for _, l := range []struct {
		name  string
		words []string
	}{{"guardrails.topics", g.Topics}, {"guardrails.competitors", g.Competitors}, {"voice.required", c.Voice.Required}, {"voice.banned", c.Voice.Banned}} {
		for _, w := range l.words {
			r.must(guard.Finds(w), "%s: %q holds no letter and no number", l.name, w)
		}
	}
	r.must(g.FactsMaxAge >= 0 && g.FactsMaxAge <= 3650, "guardrails.facts_max_age must be 0 to 3650 days, not %d", g.FactsMaxAge)
	for i, f := range c.Facts {
		r.must(g.FactsMaxAge == 0 || f.Checked != nil, "facts[%d].checked is missing: with guardrails.facts_max_age, a fact that nobody has checked is too old", i)
	}
	for _, h := range g.Links {
		r.must(host.MatchString(h), "guardrails.links: %q is not a host such as \"leipa.example\"", h)
	}
	for _, m := range g.Mentions {
		r.must(strings.TrimPrefix(m, "@") != "" && !strings.ContainsAny(m, " \t"), "guardrails.mentions: %q is not a name such as \"@leipa\"", m)
	}
	d := g.Duplicates
	r.must(d.Percent >= 0 && d.Percent <= 100 && d.Days >= 0 && d.Days <= 365, "guardrails.duplicates must be percent = 0 to 100 and days = 0 to 365")
	r.must((d.Percent > 0) == (d.Days > 0), "guardrails.duplicates needs both percent and days, or neither")
	for i, l := range g.Lines {
		r.must(strings.TrimSpace(l.Text) != "", "guardrails.lines[%d].text is missing", i)
		r.must(l.Kind == "" || isKind(l.Kind), "guardrails.lines[%d].kind: %q is not one of social, email, blog", i, l.Kind)
		r.must(l.Channel == "" || c.channel(l.Channel), "guardrails.lines[%d].channel: there is no channel %q", i, l.Channel)
	}
	c.checkVoice(r)
}

func (c Config) checkVoice(r *rules) {
	v := c.Voice
	r.must(v.Person == "" || v.Person == "we" || v.Person == "I", "voice.person must be \"we\" or \"I\", not %q", v.Person)
	r.must(v.Grade >= 0 && v.Grade <= 20, "voice.grade must be 0 to 20, not %d", v.Grade)
	r.must(v.Sentence == 0 || v.Sentence >= 5 && v.Sentence <= 200, "voice.sentence must be 5 to 200 words, or 0 for no limit, not %d", v.Sentence)
	r.must(v.Emoji >= -1 && v.Emoji <= 100, "voice.emoji must be -1 (none) to 100, not %d", v.Emoji)
	r.must(v.Exclamations >= -1 && v.Exclamations <= 100, "voice.exclamations must be -1 (none) to 100, not %d", v.Exclamations)
	r.must(v.Distance >= 0 && v.Distance <= 100, "voice.distance must be 0 to 100 percent, not %d", v.Distance)
}

// channel reports whether there is a channel of that name.
func (c Config) channel(name string) bool {
	return slices.ContainsFunc(c.Channels, func(x ChannelConfig) bool { return x.Name == name })
}

func packNames() []string {
	var names []string
	for _, p := range guard.Packs() {
		names = append(names, p.Name)
	}
	return names
}

func (r *rules) money(at, s string) {
	if _, err := engine.ParseMoney(s); s != "" && err != nil {
		r.must(false, "%s must be a sum such as \"400\" or \"38.50\", not %q", at, s)
	}
}

// unique holds that the n keys of a list are slugs and all differ.
func (r *rules) unique(at string, n int, key func(int) string) {
	seen := map[string]bool{}
	for i := range n {
		k := key(i)
		r.must(slug.MatchString(k), "%s[%d]: its key must be small letters, digits and dashes, not %q", at, i, k)
		r.must(!seen[k], "%s[%d]: %q stands twice", at, i, k)
		seen[k] = true
	}
}

func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

func isKind(s string) bool {
	return slices.Contains([]engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog}, engine.Kind(s))
}

func isMetric(s string) bool { return slices.Contains(engine.Metrics, engine.Metric(s)) }

func metricNames() string {
	names := make([]string, len(engine.Metrics))
	for i, m := range engine.Metrics {
		names[i] = string(m)
	}
	return strings.Join(names, ", ")
}

// sum is a sum that the rules have checked; "" is nothing.
func sum(s string) engine.Money {
	m, _ := engine.ParseMoney(s)
	return m
}

func weekday(s string) (time.Weekday, bool) {
	i := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, s)
	return time.Weekday(i), i >= 0
}
