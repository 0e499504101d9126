package report

import (
	"math"

	"koira/engine"
	"koira/engine/trust"
)

// Offer is the next rung for a task: what would change, and what is missing. It may be offered when Missing is empty.
type Offer struct {
	Task, Name  string
	From, To    engine.Level
	Missing     []string // in words
	Record      Record
	PerWeek     int          // at most so many pieces
	Money       engine.Money // a week, at most
	Audience    int          // people whom one piece may reach
	MightDiffer int          // of a week's pieces, up to about so many would have been changed by a reviewer
}

// offer is the next rung for t with what is missing for it, nil where its nature or its channel caps it.
func (r *Reader) offer(s scene, t engine.Task, rec trust.Record) *Offer {
	to, ok := t.Level.Above()
	if top, _ := engine.Cap(t, r.o.Channels[t.Channel]); !ok || to > top {
		return nil
	}
	week := t.CostMax * engine.Money(t.Cadence.Max)
	if t.Weekly > 0 {
		week = min(week, t.Weekly)
	}
	return &Offer{
		Task: t.ID, Name: t.Name, From: t.Level, To: to,
		Missing: trust.Missing(t, to, rec, trust.WallsOf(t, s.rules, r.o.Metered[t.Channel])),
		Record:  recordView(rec), PerWeek: t.Cadence.Max, Money: week, Audience: s.segment(t.Segment).Size,
		MightDiffer: int(math.Round(float64(t.Cadence.Max) * (1 - rec.Proven()))),
	}
}
