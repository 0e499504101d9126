package loop

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

type createStore interface {
	basics
	judgeStore
	View(ctx context.Context, id string, stage engine.Stage, now time.Time) (engine.View, error)
	Rejections(ctx context.Context, task string, limit int) ([]engine.Rejection, error)
	Ask(ctx context.Context, e engine.Entry) error
	Charge(ctx context.Context, e engine.Entry) error
	SettleCalls(ctx context.Context, e engine.Entry) (engine.Money, error)
	DelayOutput(ctx context.Context, id string, from engine.State, due time.Time, why string) error
}

const (
	// attempts is how often drafting is tried before a person hears of it. It goes on being tried until the piece's time is near.
	attempts = 5
	// drafting is how long one tick may write, wall time: what is due to go out must not wait for a slow model.
	drafting = time.Minute
)

// create writes the copy of what is planned, runs the gate on it, and sends each draft where its level says.
func (l *Loop) create(ctx context.Context) error {
	began := l.Wall.Now()
	write := func(ctx context.Context, o engine.Output) error {
		if l.Wall.Now().Sub(began) > drafting {
			return nil // it is still due at the next tick
		}
		return l.draft(ctx, o)
	}
	if err := l.dueIn(ctx, write, engine.StatePlanned); err != nil {
		return err
	}
	return l.dueIn(ctx, l.route, engine.StateDrafted)
}

// draft writes one planned output; people's own text is never written over. A writer that fails is asked again, later and later; what it cost is charged each time.
func (l *Loop) draft(ctx context.Context, o engine.Output) error {
	t, err := l.Store.Task(ctx, o.Task)
	if err != nil {
		return err
	}
	o.Expires = t.Expires(o.Slot) // who publishes it may have changed since it was planned
	if !l.Clock.Now().Before(o.Expires) {
		_, err := l.move(ctx, o, engine.Move{To: engine.StateCancelled, Why: "Its time passed before it was written."})
		return err
	}
	if o.Origin == engine.OriginCopy || o.Origin == engine.OriginHand {
		return nil
	}
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	ch := l.Channels[o.Channel]
	if ch == nil {
		return l.giveUp(ctx, o, fmt.Sprintf("The channel %q is not configured.", o.Channel))
	}
	if o.Arms.Theme != "" && !s.HasTheme(o.Arms.Theme) { // people took it off after it was planned: another takes its place
		o.Arms.Theme, o.Reason = "", ""
	}
	if m := s.Misfit(t); m != "" {
		_, err := l.move(ctx, o, engine.Move{To: engine.StateCancelled, Why: "The strategy changed: " + m + "."})
		return err
	}
	if o.Arms.SubjectStyle == "" || o.Arms.Theme == "" {
		p, err := l.newPlanner(ctx, s, t)
		if err != nil {
			return err
		}
		p.fill(&o)
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return err
	}
	brief, err := l.brief(ctx, s, g, t, o, ch.Traits())
	if err != nil {
		return err
	}
	call, err := l.mayAsk(ctx, s, o, l.Writer.Ceiling(brief))
	if err != nil {
		return l.again(ctx, o, err)
	}
	l.Crash("asked")
	c, usage, err := l.Writer.Write(ctx, brief)
	stop := ctx
	ctx = context.WithoutCancel(ctx) // it is paid for: a stop of the program loses neither the bill nor the text
	if cerr := l.charge(ctx, call, usage); cerr != nil {
		return cerr
	}
	if err != nil {
		return l.again(ctx, o, err)
	}
	if o.Audience, err = l.reach(ctx, ch, o); err != nil {
		return err
	}
	if o, err = l.clamp(ctx, g, o, c.Variants); err != nil {
		return err
	}
	d, err := l.render(ch, o, c.Variants, brief.CallToAction)
	if err != nil {
		return l.again(ctx, o, err)
	}
	if err := l.judge(ctx, stop, s, g, d); err != nil {
		return err
	}
	d.Writer, d.Sketch = l.Writer.Name(), guard.Sketch(d.Variants, guard.Standing(g, d)...)
	e, err := l.estimate(ctx, &d, c.Doubt)
	if err != nil {
		return err
	}
	d.StrategyVersion, d.GuardrailVersion = s.Version, g.Version
	_, err = l.move(ctx, o, engine.Move{To: engine.StateDrafted, Draft: &d, Estimate: e, Why: "Written."})
	l.Crash("drafted")
	l.due[engine.StateDrafted]++
	return err
}

// render gives o its copy: koira's own links, the exact bytes and the digest.
func (l *Loop) render(ch engine.Channel, o engine.Output, copy []engine.Variant, cta engine.CallToAction) (engine.Output, error) {
	o.Variants = slices.Clone(copy)
	for i := range o.Variants {
		v := &o.Variants[i]
		if v.Name == "" {
			v.Name = string(rune('A' + i))
		}
		if cta.Link == "" {
			continue
		}
		link, err := l.Link(cta.Link, o, *v)
		if err != nil {
			return o, err
		}
		v.Link = link
	}
	r, err := ch.Render(o)
	if err != nil {
		return o, err
	}
	for i := range o.Variants {
		o.Variants[i].Rendered, o.Variants[i].Shown = r.Variants[i].Bytes, r.Variants[i].Shown
	}
	o.Digest = engine.DigestOf(o)
	return o, nil
}

// route runs the gate on a draft and sends it where the task's level says.
func (l *Loop) route(ctx context.Context, o engine.Output) error {
	v, err := l.Store.View(ctx, o.ID, engine.StageDraft, l.Clock.Now())
	if err != nil {
		return err
	}
	verdict := l.Gate(v)
	if verdict.Outcome == engine.Clamp { // less is free than when its digest was made
		v.Stage = engine.StageApproval
		verdict = l.Gate(v)
	}
	if err := l.shadow(ctx, v); err != nil {
		return err
	}
	p := l.passage(v)
	m := engine.Move{}.Finds(verdict, o.Findings)
	switch {
	case len(verdict.Blocks()) > 0:
		return l.turnAway(ctx, o, verdict)
	case p.Way == engine.WayHand:
		m.To, m.WaitsFor = engine.StateHanded, p.Why
	case p.Way == engine.WayYes:
		m.To, m.WaitsFor = engine.StateWaiting, p.Why
	default:
		m.To, m.Gate, m.Stage, m.Why = engine.StateScheduled, l.Gate, engine.StageApproval, "Allowed to go out by itself by "+v.Grant.By+"."
		if p.Way == engine.WayWindow { // the time to look begins with its card
			m.Notices = []engine.Notice{{ID: l.NewID(), Kind: engine.NoticeOutput, Subject: o.ID}}
		}
	}
	verdict, err = l.move(ctx, o, m)
	if engine.CodeOf(err) == engine.CodeBlocked {
		return l.turnAway(ctx, o, verdict)
	}
	return err
}

// passage is how v's piece leaves, should the gate pass it.
func (l *Loop) passage(v engine.View) engine.Passage {
	if ch := l.Channels[v.Output.Channel]; ch != nil {
		v.Traits = ch.Traits()
	}
	return guard.Passage(v)
}

// turnAway puts a draft that the gate blocks where its blocks send it: into the approval queue when a person's yes is all that is missing, else into
// the exception queue.
func (l *Loop) turnAway(ctx context.Context, o engine.Output, v engine.Verdict) error {
	blocks := v.Blocks()
	if slices.ContainsFunc(blocks, func(f engine.Finding) bool { return f.Held != engine.StateWaiting }) || len(blocks) == 0 {
		return l.hold(ctx, o, v)
	}
	m := engine.Move{To: engine.StateWaiting, Why: blocks[0].Rule + ": " + blocks[0].Evidence, WaitsFor: blocks[0].Evidence}
	_, err := l.move(ctx, o, m.Finds(v, o.Findings))
	return err
}

// hold puts an output into the exception queue, with the foremost rule that blocks as the reason.
func (l *Loop) hold(ctx context.Context, o engine.Output, v engine.Verdict) error {
	first := v.Foremost()
	e := l.exception(o, engine.ExceptionOutput, "", first.Reason(), first.Evidence, first.Remedy)
	e.Rule = first.Rule
	m := engine.Move{To: engine.StateHeld, Why: first.Rule + ": " + first.Evidence, Open: e}
	_, err := l.move(ctx, o, m.Finds(v, o.Findings))
	return err
}

// again puts off a draft that could not be written, at most an hour at a time, until there is no time left to look at it. When it has failed
// for a while a person hears of the cause, once for all pieces.
func (l *Loop) again(ctx context.Context, o engine.Output, cause error) error {
	next := l.Clock.Now().Add(min(5*time.Minute<<min(o.Attempts, 4), time.Hour))
	if !next.Before(o.Slot) {
		return l.giveUp(ctx, o, "It could not be written in time: "+sentence(cause))
	}
	if o.Attempts+1 == attempts {
		if err := l.OpenSystem(ctx, "writing", "", "Pieces cannot be written at the moment. I go on trying.", sentence(cause), "See to the cause; nothing is lost until a piece's time comes."); err != nil {
			return err
		}
	}
	return l.Store.DelayOutput(ctx, o.ID, o.State, next, sentence(cause))
}

func (l *Loop) giveUp(ctx context.Context, o engine.Output, why string) error {
	_, err := l.move(ctx, o, engine.Move{
		To: engine.StateFailed, Why: why,
		Open: l.exception(o, engine.ExceptionMissed, engine.TroubleUnwritten, "A piece was not written.", why, "Ask for another with /koira draft "+o.Task+"."),
	})
	return err
}

// sentence is what people may read of an error: never its cause.
func sentence(err error) string {
	if e, ok := asError(err); ok {
		return e.Message
	}
	return "Something failed on my side; the log has the details."
}

// brief gathers what a writer may use: only facts that hold at the slot.
func (l *Loop) brief(ctx context.Context, s engine.Strategy, g engine.Guardrails, t engine.Task, o engine.Output, tr engine.Traits) (engine.Brief, error) {
	b := engine.Brief{
		Seed: seed(o.ID, o.Attempts), Business: s.Business, Voice: s.Voice, Rules: g.Voice, Task: t.Name, Kind: t.Kind, Limit: tr.Limit, Style: o.Arms.SubjectStyle,
		Slot: o.Slot, Date: o.Slot.In(s.Business.Location()).Format("Monday 2 January"), Variants: 1,
	}
	b.Segment = pick(s.Segments, func(x engine.Segment) bool { return x.Key == t.Segment })
	b.Theme = pick(s.Themes, func(x engine.Theme) bool { return x.Key == o.Arms.Theme })
	b.CallToAction = pick(s.CallsToAction, func(x engine.CallToAction) bool { return x.Key == o.Arms.CallToAction })
	if i := slices.IndexFunc(s.Offers, func(x engine.Offer) bool { return x.Key == o.Campaign }); i >= 0 {
		b.Offer = &s.Offers[i]
	}
	for _, f := range s.Facts {
		if f.Holds(o.Slot) && (len(b.Theme.Facts) == 0 || slices.Contains(b.Theme.Facts, f.Key)) {
			b.Facts = append(b.Facts, f)
		}
	}
	recent, err := l.Store.Outputs(ctx, engine.OutputFilter{Task: t.ID, Newest: true, Limit: 10, Texts: true})
	if err != nil {
		return b, err
	}
	for _, r := range recent {
		if len(r.Variants) > 0 && r.ID != o.ID {
			b.Recent = append(b.Recent, r.Variants[0].Subject+"\n"+r.Variants[0].Body)
		}
	}
	no, err := l.Store.Rejections(ctx, t.ID, 5)
	for _, r := range no {
		b.Avoid = append(b.Avoid, engine.Rejected{Reason: r.Reason, Note: r.Note})
	}
	return b, err
}

// seed differs for every output and attempt, and repeats with the same history.
func seed(id string, attempt int) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d", id, attempt)
	return h.Sum64()
}

func pick[T any](items []T, is func(T) bool) (zero T) {
	if i := slices.IndexFunc(items, is); i >= 0 {
		return items[i]
	}
	return zero
}
