package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// mostNear bounds how many pieces around a slot a gate is shown, the latest first.
const mostNear = 1000

// nearSQL lists what went out or is cleared to in a stretch of time: of one channel or segment, or of all.
const nearSQL = `
	SELECT id, task, channel, segment, out_at, published_at IS NOT NULL AS is_out, sketch, title
	FROM   outputs
	WHERE  out_at >= ? AND out_at < ? AND (channel = ? OR segment = ? OR ?) AND id <> ?
	ORDER BY out_at DESC LIMIT ?`

// near reads the pieces around v's output that a rule compares it with; none where no rule does.
func near(ctx context.Context, q sqlx.QueryerContext, v engine.View) ([]engine.Neighbour, error) {
	days, everywhere := reach(v)
	if days == 0 {
		return nil, nil
	}
	zone := v.Strategy.Business.Location()
	day := v.Output.Slot.In(zone)
	from := time.Date(day.Year(), day.Month(), day.Day()-days, 0, 0, 0, 0, zone)
	to := time.Date(day.Year(), day.Month(), day.Day()+days+1, 0, 0, 0, 0, zone)
	var rows []struct {
		ID      string `db:"id"`
		Task    string `db:"task"`
		Channel string `db:"channel"`
		Segment string `db:"segment"`
		At      stamp  `db:"out_at"`
		Out     bool   `db:"is_out"`
		Sketch  string `db:"sketch"`
		Title   string `db:"title"`
	}
	if err := all(ctx, q, &rows, nearSQL, stamp(from), stamp(to), v.Output.Channel, v.Output.Segment, flag(everywhere), v.Output.ID, mostNear); err != nil {
		return nil, err
	}
	found := make([]engine.Neighbour, 0, len(rows))
	for _, r := range rows {
		found = append(found, engine.Neighbour{
			Output: r.ID, Task: r.Task, Channel: r.Channel, Segment: r.Segment, At: r.At.time(), Out: r.Out, Sketch: r.Sketch, Title: r.Title,
		})
	}
	return found, nil
}

// reach is how many days around its slot a piece is compared with others, and whether with those of all channels and segments.
func reach(v engine.View) (days int, everywhere bool) {
	if d := v.Guardrails.Duplicates; d.Percent > 0 {
		days = d.Days
	}
	for _, f := range v.Guardrails.Frequency {
		if f.Covers(v.Output.Channel, v.Output.Segment) {
			days = max(days, f.Days, 1)
			everywhere = everywhere || f.Channel == "" && f.Segment == ""
		}
	}
	return days, everywhere
}
