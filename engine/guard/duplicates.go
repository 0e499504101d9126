package guard

import (
	"fmt"
	"math"
	"time"

	"koira/engine"
)

// duplicates refuses what says nearly the same as a piece that its readers have seen lately, or will have: on the same channel, or to the same people.
// An owner may want it all the same.
func duplicates(l *look) []engine.Finding {
	rule := l.Guardrails.Duplicates
	if rule.Percent <= 0 || rule.Days <= 0 || len(l.Near) == 0 {
		return nil
	}
	own := l.Output.Sketch
	if own == "" {
		own = Sketch(l.Output.Variants, Standing(l.Guardrails, l.Output)...)
	}
	var most float64
	var twin engine.Neighbour
	for _, n := range l.Near {
		if !l.before(n, rule.Days) {
			continue
		}
		if r := resemblance(own, n.Sketch); r > most {
			most, twin = r, n
		}
	}
	percent := most * 100
	use := percent / float64(rule.Percent)
	zone := l.Strategy.Business.Location()
	f := engine.Finding{
		Outcome: engine.Pass, Use: use,
		Evidence: fmt.Sprintf("About %.0f in 100 of its wording stand in %s of %s; your limit is %d.", math.Round(percent), quote(twin.Title), twin.At.In(zone).Format("2 Jan"), rule.Percent),
	}
	switch {
	case use >= 1:
		f.Outcome, f.Waivable, f.Remedy = engine.Block, true, "Say it in other words, or an owner approves it anyway."
		f.What, f.Bar = twin.Output, float64(rule.Percent)
	case use >= engine.NearMiss:
		f.Outcome, f.Remedy = engine.Warn, "See whether readers would mind."
	case most == 0:
		return nil
	}
	return []engine.Finding{f}
}

// before reports whether n came to the same readers within days before this piece; of two at the same time, one is before the other.
func (l *look) before(n engine.Neighbour, days int) bool {
	if n.Output == l.Output.ID || n.Sketch == "" || n.Channel != l.Output.Channel && n.Segment != l.Output.Segment {
		return false
	}
	slot := l.time()
	if n.At.After(slot) || n.At.Equal(slot) && !n.Out && n.Output > l.Output.ID {
		return false
	}
	return slot.Sub(n.At) <= time.Duration(days)*24*time.Hour
}
