package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

// taskWeeks is what one task's pieces brought in two weeks: those that went out in that week, and those of before.
type taskWeeks struct {
	fresh, earlier learn.Driver
}

// drivers splits the change of metric m from the week of before to the week of after exactly over the tasks. mid is where the weeks meet.
func (s scene) drivers(before, after []engine.Performance, m engine.Metric, from, mid, to time.Time) []Driver {
	tasks := map[string]*taskWeeks{}
	count := func(week int, ps []engine.Performance, from, to time.Time) {
		for _, p := range ps {
			value, ok := p.Metrics[m]
			if !ok {
				continue
			}
			t := tasks[p.Output.Task]
			if t == nil {
				t = &taskWeeks{fresh: learn.Driver{Key: p.Output.Task}, earlier: learn.Driver{Key: p.Output.Task}}
				tasks[p.Output.Task] = t
			}
			if at := p.Output.PublishedAt; at.Before(from) || !at.Before(to) {
				t.earlier.Total[week] += float64(value)
				continue
			}
			t.fresh.Units[week]++
			t.fresh.Total[week] += float64(value)
		}
	}
	count(0, before, from, mid)
	count(1, after, mid, to)

	var fresh, earlier []learn.Driver
	for _, t := range tasks {
		fresh, earlier = append(fresh, t.fresh), append(earlier, t.earlier)
	}
	byKey := func(a, b learn.Driver) int { return cmp.Compare(a.Key, b.Key) }
	slices.SortFunc(fresh, byKey)
	slices.SortFunc(earlier, byKey)

	var v []Driver
	for i, p := range learn.Decompose(fresh) {
		t := s.task(p.Key)
		if fresh[i].Units[0] != fresh[i].Units[1] { // else what is left of Pieces is the last bit of a float
			v = append(v, Driver{Task: p.Key, Name: t.Name, Why: WhyPieces, Amount: p.Pieces(), Words: piecesWords(t, fresh[i])})
		}
		v = append(v, Driver{Task: p.Key, Name: t.Name, Why: WhyRate, Amount: p.Rate, Words: rateWords(t, fresh[i], m, s.Currency)})
	}
	for _, d := range earlier {
		t := s.task(d.Key)
		v = append(v, Driver{Task: d.Key, Name: t.Name, Why: WhyEarlier, Amount: d.Total[1] - d.Total[0], Words: earlierWords(t, d)})
	}
	v = slices.DeleteFunc(v, func(d Driver) bool { return math.Abs(d.Amount) < 1e-9 })
	showWhole(v)
	slices.SortStableFunc(v, func(a, b Driver) int { return cmp.Compare(math.Abs(b.Amount), math.Abs(a.Amount)) })
	return v
}

func piecesWords(t engine.Task, d learn.Driver) string {
	n := int(d.Units[1] - d.Units[0])
	if n > 0 {
		return fmt.Sprintf("%d more %s (%s)", n, pieceWord(t.Kind, n), t.Name)
	}
	return fmt.Sprintf("%d fewer %s (%s)", -n, pieceWord(t.Kind, -n), t.Name)
}

func rateWords(t engine.Task, d learn.Driver, m engine.Metric, currency string) string {
	if d.Units[0] == 0 || d.Units[1] == 0 {
		return ""
	}
	was, is := d.Total[0]/d.Units[0], d.Total[1]/d.Units[1]
	how := "more"
	if is < was {
		how = "less"
	}
	return fmt.Sprintf("each %s by %s brought %s (%s, before %s)", pieceWord(t.Kind, 1), t.Name, how, m.Amount(is, currency), m.Amount(was, currency))
}

func earlierWords(t engine.Task, d learn.Driver) string {
	how := "more"
	if d.Total[1] < d.Total[0] {
		how = "less"
	}
	return fmt.Sprintf("earlier %s by %s brought %s", pieceWord(t.Kind, 2), t.Name, how)
}

// showWhole sets each Shown so that they sum to the rounded sum of the amounts: all are rounded down, and what is missing goes to the
// largest fractions (largest remainder, Hamilton 1792). Each is less than 1 from its amount.
func showWhole(ds []Driver) {
	sum, shown := 0.0, int64(0)
	order := make([]int, len(ds))
	for i := range ds {
		ds[i].Shown = int64(math.Floor(ds[i].Amount))
		sum += ds[i].Amount
		shown += ds[i].Shown
		order[i] = i
	}
	fraction := func(i int) float64 { return ds[i].Amount - math.Floor(ds[i].Amount) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(fraction(b), fraction(a)) })
	for _, i := range order[:int(int64(math.Round(sum))-shown)] {
		ds[i].Shown++
	}
}
