package loop

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/learn"
	"koira/engine/trust"
)

type anomalyStore interface {
	basics
	Tracks(ctx context.Context, task string, since time.Time, metrics ...engine.Metric) (map[engine.Metric][]engine.Track, error)
	Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error)
	Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error)
	ChangeTask(ctx context.Context, c engine.TaskChange) error
	OpenException(ctx context.Context, e engine.Exception) error
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

const (
	// anomalyAnyway is how often results are looked at for what is out of the ordinary when nothing new was read: what was spent is held against a day.
	anomalyAnyway = 24 * time.Hour
	// youngest and oldest are the ages at which a piece says something: before, little has come; after, what comes is a trickle.
	youngest, oldest = 6 * time.Hour, 48 * time.Hour
	// inARow is how many of the newest pieces are looked at together.
	inARow = 3
	// leastLost and leastComplaints are what one piece must cost before it can be a surge.
	leastLost, leastComplaints = 8, 3
)

// anomaly looks at each task's results for what is out of the ordinary. What touches people or money (readers lost, complaints, spending) pauses the task, with
// an exception that says how to resume. What may be a fault of the link or the meter (results that break off) lowers one level above L3, where
// pieces go out unasked; at L3 and below it only warns.
func (l *Loop) anomaly(ctx context.Context) error {
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, func(ctx context.Context, t engine.Task) error {
		if t.Paused != nil || l.Meters[t.Channel] == nil {
			return nil
		}
		return l.look("anomaly", t.ID, l.news.read[t.ID], anomalyAnyway, func() error { return l.extraordinary(ctx, t, g) })
	})
}

func (l *Loop) extraordinary(ctx context.Context, t engine.Task, g engine.Guardrails) error {
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	brought, err := l.Store.Tracks(ctx, t.ID, l.Clock.Now().Add(-watched), engine.Spend, engine.Complaints, engine.Unsubscribed, engine.Clicks)
	if err != nil || len(brought) == 0 {
		return err
	}
	for _, tracks := range brought { // a weekday is the business's
		for i := range tracks {
			tracks[i].Published = tracks[i].Published.In(s.Business.Location())
		}
	}
	since, err := l.anew(ctx, t)
	if err != nil {
		return err
	}
	for _, see := range []func(context.Context, engine.Task, engine.Guardrails, tracks, time.Time) (bool, error){l.spending, l.leaving, l.collapse} {
		if found, err := see(ctx, t, g, brought, since); found || err != nil {
			return err
		}
	}
	return nil
}

// tracks is what a task's pieces brought, by metric, oldest publication first.
type tracks map[engine.Metric][]engine.Track

// beside is what piece i brought up to the last look at it, and what earlier ones had brought at the same age: those of the same weekday where
// there are enough of them.
func beside(tracks []engine.Track, i int) learn.Beside {
	k := tracks[i]
	age := k.Seen.Sub(k.Published)
	b := learn.Beside{Now: float64(k.By(k.Seen))}
	var same []float64
	for _, e := range tracks[:i] {
		if e.Seen.Sub(e.Published) < age {
			continue
		}
		v := float64(e.By(e.Published.Add(age)))
		b.Before = append(b.Before, v)
		if e.Published.Weekday() == k.Published.Weekday() {
			same = append(same, v)
		}
	}
	if len(same) >= learn.CollapseSample {
		b.Before = same
	}
	return b
}

// telling are the newest pieces that went out after since and are of an age that says something, the newest first, at most as many as are looked at together.
func telling(tracks []engine.Track, since time.Time) []int {
	var found []int
	for i := len(tracks) - 1; i >= 0 && len(found) < inARow; i-- {
		k := tracks[i]
		if age := k.Seen.Sub(k.Published); age < youngest {
			continue
		}
		if !k.Published.After(since) {
			break
		}
		found = append(found, i)
	}
	return found
}

// collapse sees results that break off.
func (l *Loop) collapse(ctx context.Context, t engine.Task, _ engine.Guardrails, brought tracks, since time.Time) (bool, error) {
	now, tracks := l.Clock.Now(), brought[engine.Clicks]
	newest := telling(tracks, since)
	if len(newest) == 0 || now.Sub(tracks[newest[0]].Published) > oldest {
		return false, nil
	}
	var looked []learn.Beside
	for _, i := range newest {
		looked = append(looked, beside(tracks, i))
	}
	n, luck := learn.Collapsed(looked)
	if n == 0 {
		return false, nil
	}
	var pieces []string
	for _, i := range newest[:n] {
		pieces = append([]string{tracks[i].Output}, pieces...)
	}
	why := fmt.Sprintf("the last piece brought %.0f link visits after %s", looked[0].Now, hours(tracks[newest[0]]))
	if n > 1 {
		why = fmt.Sprintf("the last %d pieces brought as good as no link visits", n)
	}
	e := trust.Grounds{Cause: engine.CauseAnomaly, Pieces: pieces, Luck: luck, Why: fmt.Sprintf("%s; usual by then is %.0f", why, learn.Usually(looked[0].Before))}
	if t.Level > engine.L3 {
		return true, l.lowerFor(ctx, t, e)
	}
	return true, l.warn(ctx, t, e, "Its results broke off.", "Look whether its link opens and whether visits are counted.")
}

// warn opens one exception about a task for its newest piece that is out of the ordinary.
func (l *Loop) warn(ctx context.Context, t engine.Task, e trust.Grounds, reason, remedy string) error {
	key, newest := "warned "+t.ID, e.Pieces[len(e.Pieces)-1]
	if last, err := l.setting(ctx, key); err != nil || last == newest {
		return err
	}
	err := l.Store.OpenException(ctx, engine.Exception{
		ID: l.NewID(), Kind: engine.ExceptionTask, Task: t.ID, Subject: t.ID, Trouble: engine.TroubleBrokeOff, OpenedAt: l.Clock.Now(),
		Reason: reason, Evidence: upper(e.Why) + ".", Remedy: remedy,
	})
	if err != nil && engine.CodeOf(err) != engine.CodeConflict {
		return err
	}
	return l.keep(ctx, key, newest)
}

// leaving sees readers who leave, or complain, in numbers.
func (l *Loop) leaving(ctx context.Context, t engine.Task, _ engine.Guardrails, brought tracks, since time.Time) (bool, error) {
	for _, m := range []struct {
		metric engine.Metric
		least  float64
	}{{engine.Complaints, leastComplaints}, {engine.Unsubscribed, leastLost}} {
		tracks := brought[m.metric]
		for i := len(tracks) - 1; i >= 0 && tracks[i].Published.After(since); i-- {
			b := beside(tracks, i)
			if !learn.Surged(b, m.least) {
				continue
			}
			why := fmt.Sprintf("one piece brought %.0f %s within %s; usual by then is %.0f", b.Now, m.metric.Words(int64(b.Now)), hours(tracks[i]), learn.Usually(b.Before))
			return true, l.pauseFor(ctx, t, trust.Grounds{
				Cause: engine.CauseAnomaly, Why: why, Pieces: []string{tracks[i].Output}, Remedy: "Before that, look at what the piece said and to whom it went.",
			})
		}
	}
	return false, nil
}

// spending sees money that runs away.
func (l *Loop) spending(ctx context.Context, t engine.Task, g engine.Guardrails, brought tracks, since time.Time) (bool, error) {
	now, tracks := l.Clock.Now(), brought[engine.Spend]
	if len(tracks) == 0 {
		return false, nil
	}
	const day = 24 * time.Hour
	spent := func(from, to time.Time) (sum float64) {
		for _, k := range tracks {
			sum += float64(k.By(to) - k.By(from))
		}
		return sum
	}
	from := now.Add(-day)
	if since.After(from) {
		from = since // what it was paused for is not counted twice
	}
	var days []float64
	for to := now.Add(-day); to.After(tracks[0].Published); to = to.Add(-day) {
		days = append(days, spent(to.Add(-day), to))
	}
	limit := g.Budget.Tasks[t.ID]
	if limit == 0 {
		limit = g.Budget.Weekly
	}
	today := spent(from, now)
	if !learn.OutOfPace(today, days, float64(limit)) {
		return false, nil
	}
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return false, err
	}
	var pieces []string
	for _, k := range tracks {
		if k.By(now) > k.By(from) {
			pieces = append(pieces, k.Output)
		}
	}
	amount := func(m engine.Money) string { return m.Format(s.Business.Currency) }
	return true, l.pauseFor(ctx, t, trust.Grounds{
		Cause: engine.CauseAnomaly, Why: fmt.Sprintf("it spent %s in a day, of %s for a week", amount(engine.Money(today)), amount(limit)), Pieces: pieces,
		Remedy: "Before that, look at what the channel charged.",
	})
}

func (l *Loop) pauseFor(ctx context.Context, t engine.Task, e trust.Grounds) error {
	return l.Store.ChangeTask(ctx, trust.Pause(t, e, engine.Koira, l.Clock.Now(), l.NewID))
}

// heard keeps count of how long a channel's meter has told nothing. When it is silent its tasks above L3 go down one level, since they go out and nobody sees what comes
// of it, and a person is asked; once, until it is heard again. That koira is refused there is asked about already.
func (l *Loop) heard(ctx context.Context, channel string, anything, refused bool) error {
	key := "silent " + channel
	kept, err := l.setting(ctx, key)
	if err != nil || anything && kept == "" {
		return err
	}
	if anything {
		return l.keep(ctx, key, "")
	}
	now := l.Clock.Now()
	asks, at, _ := strings.Cut(kept, " ")
	s := learn.Silence{Since: now}
	s.Asks, _ = strconv.Atoi(asks)
	if since, err := time.Parse(time.RFC3339, at); err == nil {
		s.Since = since
	}
	if s.Asks < 0 { // told already
		return nil
	}
	if s.Asks++; s.Silent(now) {
		if err := l.silent(ctx, channel, s, refused); err != nil {
			return err
		}
		s.Asks = -1
	}
	return l.keep(ctx, key, fmt.Sprintf("%d %s", s.Asks, s.Since.UTC().Format(time.RFC3339)))
}

func (l *Loop) silent(ctx context.Context, channel string, s learn.Silence, refused bool) error {
	why := fmt.Sprintf("%s has told no results for %.0f hours", l.label(channel), l.Clock.Now().Sub(s.Since).Hours())
	if !refused {
		if err := l.OpenSystem(ctx, channel, engine.TroubleSilent, l.label(channel)+" tells no results.", upper(why)+fmt.Sprintf(", asked %d times about pieces that are out.", s.Asks),
			"Look whether results are counted there, and whether its password still holds."); err != nil {
			return err
		}
	}
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, func(ctx context.Context, t engine.Task) error {
		if t.Channel != channel || t.Level <= engine.L3 {
			return nil
		}
		return l.lowerFor(ctx, t, trust.Grounds{Cause: engine.CauseAnomaly, Why: why})
	})
}

// hours is how old the piece was when it was last looked at, in words.
func hours(k engine.Track) string {
	if n := int(math.Round(k.Seen.Sub(k.Published).Hours())); n > 1 {
		return fmt.Sprintf("%d hours", n)
	}
	return "1 hour"
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
