package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// alone says what keeps a piece from leaving that nobody said yes to; "" for nothing. It works out by itself which pieces are looked at, and how long
// people had before them what goes out unless stopped.
func (o *oracle) alone(ctx context.Context, out engine.Output, t engine.Task) (string, error) {
	switch {
	case t.Level < engine.L4 || o.granted[t.ID] < t.Level:
		return "and nobody allowed it", nil
	case o.asked[out.ID]:
		return "and it was to wait for a yes", nil
	case t.Level == engine.L5:
		return "", nil
	}
	if n, err := strconv.ParseUint(string(out.Digest[:15]), 16, 64); err != nil || n%5 == 0 {
		return "and it is one of those that are looked at", nil
	}
	if out.Kind == engine.KindEmail {
		return "and cannot be taken back", nil
	}
	shown, ok := o.shown[out.ID+" "+string(out.Digest)]
	if !ok {
		return "and nobody was shown it", nil
	}
	if had := o.waking(shown, o.s.clock.Now()); had < 240 {
		return fmt.Sprintf("and people had %d minutes to look", had), nil
	}
	said, err := o.s.core.DB.Reviews(ctx, t.ID, t.Since())
	if err != nil {
		return "", err
	}
	r := trust.Of(said)
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return "", err
	}
	if r.Effective() < g.Trust.Needed(t) || r.Proven() < g.Trust.Bar(t) {
		return fmt.Sprintf("on a record of %s", r.Words()), nil
	}
	return "", nil
}

// waking counts the minutes of a span in which a clock of the business shows 08:00 to 19:59.
func (o *oracle) waking(from, to time.Time) int {
	n := 0
	for at := from.Truncate(time.Minute); at.Before(to); at = at.Add(time.Minute) {
		if h := at.In(o.s.config.zone()).Hour(); h >= 8 && h < 20 {
			n++
		}
	}
	return n
}
