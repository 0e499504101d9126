package loop

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
	"koira/engine/learn"
)

type planStore interface {
	basics
	AddOutput(ctx context.Context, o engine.Output, by engine.Actor) error
	Slots(ctx context.Context, task string, from, to time.Time) ([]engine.Output, error)
	Beliefs(ctx context.Context, task string) ([]engine.Belief, error)
	Picks(ctx context.Context, task string) ([]engine.Pick, error)
	Breakers(ctx context.Context) ([]engine.Breaker, error)
	OpenException(ctx context.Context, e engine.Exception) error
	OpenExceptions(ctx context.Context) ([]engine.Exception, error)
	CloseException(ctx context.Context, id string, by engine.Actor, at time.Time, outcome string) error
}

const (
	// planEvery is how often plan looks; a change of what people have set makes it look at once.
	planEvery = 3 * time.Hour
	// lead is how long before its slot a piece is planned at the latest, so that a person has time to look.
	lead = 2 * time.Hour
	// ownTaste is the share of a task's choices that, while people apply what was learned (L3), try other arms than the applied ones.
	ownTaste = 0.3
)

// plan fixes theme, slot, arms and the reason for every piece of this week and the next, for each task that koira starts by itself.
func (l *Loop) plan(ctx context.Context) error {
	if l.Closing || !l.every("plan", "", planEvery) {
		return nil
	}
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return err
	}
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	if err := l.sayUnready(ctx, s, tasks); err != nil {
		return err
	}
	broken, err := l.broken(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, func(ctx context.Context, t engine.Task) error {
		if !t.Acting().Rung().Plans || t.Paused != nil || len(engine.Unplanned(s, g, t, t.Channel)) > 0 || slices.Contains(broken, t.Channel) || l.Channels[t.Channel] == nil {
			return nil
		}
		return l.planTask(ctx, s, g, t)
	})
}

// sayUnready asks people for what the strategy lacks while a task would plan by itself, again if they say that it is fixed and it is not, and
// settles that once it lacks nothing. That a channel is
// not allowed is people's own choice: the task says so wherever it is shown.
func (l *Loop) sayUnready(ctx context.Context, s engine.Strategy, tasks []engine.Task) error {
	lacks := s.LacksWords()
	if !slices.ContainsFunc(tasks, func(t engine.Task) bool { return t.Acting().Rung().Plans }) {
		lacks = ""
	}
	said, err := l.setting(ctx, unreadyKey)
	if err != nil || said == "" && lacks == "" {
		return err
	}
	if said != lacks && said != "" {
		open, err := l.Store.OpenExceptions(ctx)
		if err != nil {
			return err
		}
		for _, e := range open {
			if e.Kind != engine.ExceptionSystem || e.Subject != engine.TheStrategy {
				continue
			}
			err := l.Store.CloseException(ctx, e.ID, engine.Koira, l.Clock.Now(), "the strategy changed")
			if err != nil && engine.CodeOf(err) != engine.CodeConflict {
				return err
			}
		}
	}
	if lacks != "" {
		if err := l.Store.OpenException(ctx, *l.system(engine.TheStrategy, "", "I plan nothing: "+lacks+".",
			"You own the what and the why, I do the how: without it I would only guess what for and for whom.",
			"Write it down in /koira strategy, Change…: it counts at once.")); err != nil {
			return err
		}
	}
	if said == lacks {
		return nil
	}
	return l.keep(ctx, unreadyKey, lacks)
}

// unreadyKey is the setting of what people were last asked for of the strategy.
const unreadyKey = "unready"

func (l *Loop) planTask(ctx context.Context, s engine.Strategy, g engine.Guardrails, t engine.Task) error {
	zone, now := s.Business.Location(), l.Clock.Now()
	start := engine.WeekStart(now, zone)
	next := engine.WeekStart(start.AddDate(0, 0, 8), zone)
	end := engine.WeekStart(next.AddDate(0, 0, 8), zone)
	there, err := l.Store.Slots(ctx, t.ID, start, end)
	if err != nil {
		return err
	}
	var p *planner
	for _, w := range [][2]time.Time{{start, next}, {next, end}} {
		slots := loud(g, t, openSlots(t, w[0], w[1], now.Add(lead), zone), zone)
		missing := missing(t, there, w, now, len(loud(g, t, openSlots(t, w[0], w[1], w[0], zone), zone)), len(slots))
		if missing > 0 && p == nil {
			if p, err = l.newPlanner(ctx, s, t); err != nil {
				return err
			}
			if p.rules = g; len(g.Frequency) > 0 {
				if p.near, err = l.near(ctx, g, start, end); err != nil {
					return err
				}
			}
		}
		for ; missing > 0; missing-- {
			o, ok := p.piece(slots, there)
			if !ok {
				break
			}
			if err := l.Store.AddOutput(ctx, o, engine.Koira); err != nil {
				return err
			}
			l.due[engine.StatePlanned]++
			there = append(there, o)
			p.near = append(p.near, neighbour(o))
		}
	}
	return nil
}

// missing is how many pieces the week w still needs: the task's cadence, less for a week that is partly over, and never more than the
// cadence in all, whatever became of the pieces that were planned. whole is how many slots the week has, open how many of them are left.
func missing(t engine.Task, there []engine.Output, w [2]time.Time, now time.Time, whole, open int) int {
	target := (t.Cadence.Min + t.Cadence.Max + 1) / 2
	all, ahead := 0, 0
	for _, o := range there {
		if o.Slot.Before(w[0]) || !o.Slot.Before(w[1]) {
			continue
		}
		all++
		if o.Slot.After(now) {
			ahead++
		}
	}
	if whole == 0 {
		return 0
	}
	share := int(math.Round(float64(target) * float64(open) / float64(whole)))
	return min(share-ahead, target-all)
}

// openSlots lists the full hours at which t may publish in [from, to) and not before earliest, in order. Hours that a daylight-saving change
// skips do not exist; one that it repeats is listed once.
func openSlots(t engine.Task, from, to, earliest time.Time, zone *time.Location) []time.Time {
	var slots []time.Time
	for day := from; day.Before(to); day = engine.DayStart(day.Add(36*time.Hour), zone) {
		if len(t.Cadence.Days) > 0 && !slices.Contains(t.Cadence.Days, day.In(zone).Weekday()) {
			continue
		}
		for h := t.Cadence.From; h < t.Cadence.To; h++ {
			y, m, d := day.In(zone).Date()
			slot := time.Date(y, m, d, h, 0, 0, 0, zone)
			if slot.Hour() == h && !slot.Before(earliest) && slot.Before(to) {
				slots = append(slots, slot)
			}
		}
	}
	return slots
}

// planner chooses the arms of one task's next pieces.
type planner struct {
	l       *Loop
	s       engine.Strategy
	t       engine.Task
	traits  engine.Traits
	zone    *time.Location
	beliefs []engine.Belief
	picks   map[engine.Dimension]string
	adapts  bool               // what was learned is followed without anybody's asking
	rules   engine.Guardrails  // frequency caps, for plan
	near    []engine.Neighbour // the pieces that they count
}

func (l *Loop) newPlanner(ctx context.Context, s engine.Strategy, t engine.Task) (*planner, error) {
	p := &planner{l: l, s: s, t: t, traits: l.Channels[t.Channel].Traits(), zone: s.Business.Location(), picks: map[engine.Dimension]string{}}
	held, err := l.held(ctx, t)
	if err != nil {
		return nil, err
	}
	p.adapts = held.Level.Rung().Adapts
	if p.beliefs, err = l.Store.Beliefs(ctx, t.ID); err != nil {
		return nil, err
	}
	picks, err := l.Store.Picks(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range picks {
		p.picks[k.Dim] = k.Arm
	}
	return p, nil
}

// piece plans one output in the best open slot on a day with the fewest pieces; false when no slot is left.
func (p *planner) piece(slots []time.Time, there []engine.Output) (engine.Output, bool) {
	slot, ok := p.slot(slots, there)
	if !ok {
		return engine.Output{}, false
	}
	o := p.l.newOutput(p.s, p.t, slot, engine.OriginKoira)
	p.fill(&o)
	return o, true
}

// fill chooses the arms that o does not have yet, and says why.
func (p *planner) fill(o *engine.Output) {
	o.Arms.Slot = engine.SlotArm(o.Slot, p.zone)
	for _, c := range []struct {
		dim  engine.Dimension
		arms []string
		arm  *string
	}{
		{engine.DimTheme, p.s.ThemesOf(p.t), &o.Arms.Theme},
		{engine.DimCallToAction, keys(p.s.CallsToAction, func(c engine.CallToAction) string { return c.Key }), &o.Arms.CallToAction},
		{engine.DimSubjectStyle, engine.SubjectStyles, &o.Arms.SubjectStyle},
	} {
		if *c.arm == "" && len(c.arms) > 0 {
			*c.arm = p.choose(c.dim, c.arms)
		}
	}
	if o.Reason == "" {
		o.Reason = p.reason(*o)
	}
}

func (p *planner) choose(dim engine.Dimension, arms []string) string {
	pick := p.picks[dim]
	if !p.adapts && slices.Contains(arms, pick) && p.l.Dice.Float64() >= ownTaste {
		return pick
	}
	arm, _ := learn.Choose(dim, arms, p.beliefs, p.l.Dice)
	return arm
}

// slot scores the open slots on the days with the fewest pieces. An hour that is taken is never used twice.
func (p *planner) slot(slots []time.Time, there []engine.Output) (time.Time, bool) {
	onDay, taken := map[string]int{}, map[int64]bool{}
	for _, o := range there {
		onDay[o.Slot.In(p.zone).Format(time.DateOnly)]++
		taken[o.Slot.Unix()] = true
	}
	free := slices.DeleteFunc(slices.Clone(slots), func(s time.Time) bool {
		return taken[s.Unix()] || !guard.Free(p.rules, p.t.Channel, p.t.Segment, s, p.near, p.zone)
	})
	if len(free) == 0 {
		return time.Time{}, false
	}
	fewest := math.MaxInt
	for _, s := range free {
		fewest = min(fewest, onDay[s.In(p.zone).Format(time.DateOnly)])
	}
	free = slices.DeleteFunc(free, func(s time.Time) bool { return onDay[s.In(p.zone).Format(time.DateOnly)] > fewest })
	arms := make([]string, len(free))
	for i, s := range free {
		arms[i] = engine.SlotArm(s, p.zone)
	}
	best, top := 0, math.Inf(-1)
	for i, x := range learn.Slots(arms, p.beliefs, p.l.Dice) {
		if x > top {
			best, top = i, x
		}
	}
	return free[best], true
}

func (p *planner) reason(o engine.Output) string {
	day := learn.Estimates(engine.DimWeekday, []string{o.Arms.Get(engine.DimWeekday)}, p.beliefs)[0]
	theme := learn.Estimates(engine.DimTheme, []string{o.Arms.Theme}, p.beliefs)[0]
	if day.Outputs == 0 && theme.Outputs == 0 {
		return "There are no results to go by yet, so this is a first try."
	}
	return fmt.Sprintf("%ss: %s. The subject %q: %s. Ranges that overlap make it a guess.",
		o.Slot.In(p.zone).Weekday(), day.Words(), o.Arms.Theme, theme.Words())
}

func keys[T any](items []T, key func(T) string) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = key(it)
	}
	return out
}

// newOutput is a planned output of t at slot, with no arms chosen.
func (l *Loop) newOutput(s engine.Strategy, t engine.Task, slot time.Time, origin engine.Origin) engine.Output {
	now := l.Clock.Now()
	o := engine.Output{
		ID: l.NewID(), Task: t.ID, Origin: origin, State: engine.StatePlanned, Level: t.Level, Channel: t.Channel, Account: t.Account,
		Segment: t.Segment, Kind: t.Kind, Slot: slot.UTC(), Expires: t.Expires(slot), CostMax: t.CostMax,
		CreatedAt: now, UpdatedAt: now,
	}
	for _, offer := range s.Offers {
		if (engine.Fact{From: offer.From, Until: offer.Until}).Holds(slot) {
			o.Campaign = offer.Key
			break
		}
	}
	for _, seg := range s.Segments {
		if seg.Key == t.Segment {
			o.Audience = seg.Size
		}
	}
	return o
}
