package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"koira/engine"
)

const (
	// longestLook is the most that one look counts: a card that stood open over lunch was not read all that time.
	longestLook = 10 * time.Minute
	// untimedLook is what a decision counts of which nobody knows how long it was looked at: in a window, or on a card whose place was not known.
	untimedLook = time.Minute
	// oneAct is within what time of each other what one person changed is one act: it changes several things one after the other.
	oneAct = 2 * time.Second
	// AttentionLine is the most of people's time that koira should take in a week.
	AttentionLine = 3 * time.Hour
)

// Attention is the time that people gave in a week. It is an estimate: how long each card stood before its click, at most 10 minutes each, and a
// minute for each decision that was not timed.
type Attention struct {
	Minutes   int
	Decisions int     // yeses, noes, hand-published pieces, and Others
	Others    int     // what else people did, of no task alone: problems settled, levels and limits, texts of their own, changes applied
	Before    int     // decisions in the week before
	Timed     int     // how many of Decisions were timed
	Stated    float64 // hours a week that people said it took before koira; 0 where nobody said
	Most      TaskAttention
}

// TaskAttention is what one task took of it.
type TaskAttention struct {
	Task, Name         string
	Minutes, Decisions int
}

// Over reports whether it was more than the line.
func (a Attention) Over() bool { return time.Duration(a.Minutes)*time.Minute > AttentionLine }

// AttentionView is the answer to what koira takes of people's time, and what would lower it.
type AttentionView struct {
	Frame
	Week string
	Attention
	Tasks []TaskAttention // most first
	Lower []string        // whole sentences: what would lower it
	Hand  int             // minutes a week that people said they do by hand, of work that no task does
	Offer *Offer          // of the task that asks most, where an owner could allow it more
}

// Attention reads the people's time of the last seven days.
func (r *Reader) Attention(ctx context.Context) (AttentionView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return AttentionView{}, err
	}
	v := AttentionView{Frame: s.Frame, Week: engine.Week(s.now, s.Zone)}
	from := addDays(s.now, -7, s.Zone)
	if v.Attention, v.Tasks, err = r.attention(ctx, s, addDays(from, -7, s.Zone), from, s.now.Add(1)); err != nil {
		return v, err
	}
	works, err := r.store.Works(ctx)
	if err != nil {
		return v, fmt.Errorf("reading the audit's list: %w", err)
	}
	for _, w := range works {
		if w.Task == "" {
			v.Hand += w.Minutes
		}
	}
	if v.Decisions == 0 {
		return v, nil
	}
	offers, err := r.offers(ctx, s)
	if err != nil {
		return v, err
	}
	if i := slices.IndexFunc(offers, func(o Offer) bool { return o.Task == v.Most.Task }); i >= 0 {
		v.Offer = &offers[i]
	}
	chosen, err := r.store.Hours(ctx)
	if err != nil {
		return v, fmt.Errorf("reading the hours that people chose: %w", err)
	}
	if v.Most.Task != "" {
		v.Lower = append(v.Lower, fmt.Sprintf("%s asks most: %s, about %s.", v.Most.Name, plural(v.Most.Decisions, "decision", "decisions"), plural(v.Most.Minutes, "minute", "minutes")))
	}
	if v.Offer == nil {
		v.Lower = append(v.Lower, "Reading a week's drafts at once takes less than one at a time.")
	}
	if len(chosen) == 0 {
		v.Lower = append(v.Lower, "Drafts that can wait come together in the hours that you choose, such as /koira hours 09-10 16-17.")
	}
	return v, nil
}

// attention estimates people's time in [from, to), in all and by task.
func (r *Reader) attention(ctx context.Context, s scene, before, from, to time.Time) (Attention, []TaskAttention, error) {
	var a Attention
	reviews, err := r.store.Reviews(ctx, "", before)
	if err != nil {
		return a, nil, fmt.Errorf("reading the week's reviews: %w", err)
	}
	stated, err := r.store.Setting(ctx, engine.SettingHoursBefore)
	if err != nil {
		return a, nil, fmt.Errorf("reading what it took before: %w", err)
	}
	if n, err := strconv.ParseFloat(stated, 64); err == nil && n > 0 {
		a.Stated = n
	}
	deeds, err := r.store.Deeds(ctx, before, to)
	if err != nil {
		return a, nil, fmt.Errorf("reading what people did: %w", err)
	}
	var all time.Duration
	spent, asked, told := map[string]time.Duration{}, map[string]int{}, map[string][]time.Time{}
	for _, v := range reviews {
		told[v.By] = append(told[v.By], v.At)
		switch {
		case !v.At.Before(to):
		case v.At.Before(from):
			a.Before++
		default:
			look := untimedLook
			if v.Looked > 0 {
				a.Timed++
				look = min(v.Looked, longestLook)
			}
			a.Decisions++
			all += look
			spent[v.Task] += look
			asked[v.Task]++
		}
	}
	for _, d := range deeds {
		if slices.ContainsFunc(told[d.By], func(at time.Time) bool { return d.At.Sub(at).Abs() < oneAct }) {
			continue
		}
		told[d.By] = append(told[d.By], d.At)
		if d.At.Before(from) {
			a.Before++
			continue
		}
		a.Decisions++
		a.Others++
		all += untimedLook
	}
	if a.Decisions == 0 {
		return a, nil, nil
	}
	a.Minutes = minutes(all)
	var by []TaskAttention
	for id, d := range spent {
		by = append(by, TaskAttention{Task: id, Name: s.task(id).Name, Minutes: minutes(d), Decisions: asked[id]})
	}
	slices.SortFunc(by, func(x, y TaskAttention) int {
		return cmp.Or(cmp.Compare(spent[y.Task], spent[x.Task]), cmp.Compare(x.Task, y.Task))
	})
	if len(by) > 0 {
		a.Most = by[0]
	}
	return a, by, nil
}

// minutes rounds, and makes at least one of anything.
func minutes(d time.Duration) int { return max(1, int((d+30*time.Second)/time.Minute)) }

// DraftHours are the hours in which drafts that can wait are posted: those that anybody chose who may decide and is there. None where nobody chose:
// then they come at once, in the day. A room rings for everybody, so who did not choose goes by those who did.
func (r *Reader) DraftHours(ctx context.Context) ([]engine.Hours, error) {
	chosen, err := r.store.Hours(ctx)
	if err != nil || len(chosen) == 0 {
		return nil, err
	}
	absences, err := r.store.Absences(ctx)
	if err != nil {
		return nil, err
	}
	now := r.o.Clock.Now()
	var all []engine.Hours
	for _, id := range r.o.People.With(engine.RoleOperator) {
		decides := r.o.People.Role(id) >= engine.RoleApprover || engine.Delegates(absences, id, now)
		away := slices.ContainsFunc(absences, func(a engine.Absence) bool { return a.Owner == id && a.Holds(now) })
		if decides && !away {
			all = append(all, chosen[id]...)
		}
	}
	return all, nil
}
