package sandbox

import (
	"cmp"
	"context"
	"math"
	"time"

	"koira/engine"
)

// Meter returns the world's own meter. It counts what stands behind all doors, also what people posted by hand and what was taken down.
func (w *World) Meter() engine.Meter { return meter{w} }

type meter struct{ w *World }

func (meter) Name() string { return "sandbox" }

// Read returns all metrics of each ref that has landed, found by its id or else its address, as counted at this moment of the clock.
func (m meter) Read(ctx context.Context, _ time.Time, refs []engine.Ref) ([]engine.Observation, error) {
	f, err := m.w.enter(ctx, "read", "")
	if err == nil {
		err = f.leave()
	}
	if err != nil {
		return nil, err
	}
	now := m.w.clock.Now()
	m.w.mu.Lock()
	defer m.w.mu.Unlock()
	var obs []engine.Observation
	for _, r := range refs {
		c := m.w.find(r)
		if c == nil || c.Landed.After(now) {
			continue
		}
		for _, metric := range engine.Metrics {
			if _, ok := c.Response.Totals[metric]; ok {
				obs = append(obs, engine.Observation{
					Ref: cmp.Or(r.ID, r.URL), Metric: metric, Value: m.w.value(c, metric, now), At: now, Source: m.Name(), Simulated: true,
				})
			}
		}
	}
	return obs, nil
}

func (w *World) find(r engine.Ref) *Copy {
	if c := w.byID[r.ID]; c != nil {
		return c
	}
	return w.byID[r.URL] // by hand, the address is the id
}

// value is what metric of c has come to at t: its total, as far as c was delivered and people have got round to it. It never falls.
func (w *World) value(c *Copy, metric engine.Metric, t time.Time) int64 {
	d := w.doors[c.Door]
	if !c.Gone.IsZero() && c.Gone.Before(t) {
		t = c.Gone
	}
	share := delivered(d.Kind, c, t)
	switch {
	case metric == engine.Impressions && d.Kind == engine.KindEmail: // counted as it is sent
	case metric == engine.Leads:
		share *= arrived(d.Kind, c, t, 2)
	default:
		share *= arrived(d.Kind, c, t, 1)
	}
	if share >= 1 {
		return c.Response.Totals[metric]
	}
	return min(c.Response.Totals[metric], int64(float64(c.Response.Totals[metric])*share+c.Response.Round))
}

// deliverySpan is how long an e-mail of any size is being sent.
const deliverySpan = 10 * time.Minute

// delivered is the share of c's people that it was sent to by t.
func delivered(k engine.Kind, c *Copy, t time.Time) float64 {
	if k != engine.KindEmail {
		return 1
	}
	if !c.Halted.IsZero() && c.Halted.Before(t) {
		t = c.Halted
	}
	return max(0, min(1, float64(t.Sub(c.Landed))/float64(deliverySpan)))
}

// sent counts the people that out was sent to by t.
func (c *channel) sent(out *Copy, t time.Time) int {
	return int(float64(out.Audience) * delivered(c.Kind, out, t))
}

// arrived is the share of the responses that have come by t: log-normal in the time since landing, slower by slow.
func arrived(k engine.Kind, c *Copy, t time.Time, slow float64) float64 {
	age := t.Sub(c.Landed)
	if age <= 0 {
		return 0
	}
	h := habitsOf[k]
	z := math.Log(float64(age)/(float64(h.median)*c.Response.Speed*slow)) / h.spread
	return 0.5 * math.Erfc(-z/math.Sqrt2)
}
