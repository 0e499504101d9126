package storage

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// AddOutput writes a planned output and its event. Code conflict when a koira-planned output that is not rejected, expired, cancelled or failed
// already stands at that task and slot, so that planning twice plans once.
func (db *DB) AddOutput(ctx context.Context, o engine.Output, by engine.Actor) error {
	if o.State == "" {
		o.State = engine.StatePlanned
	}
	if o.State != engine.StatePlanned {
		return engine.Errorf(engine.CodeInvalid, "A new piece is planned; this one is %s.", o.State)
	}
	if o.UpdatedAt.IsZero() {
		o.UpdatedAt = o.CreatedAt
	}
	o.Due = o.CreatedAt
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if err := t.insertOutput(ctx, rowOf(o)); err != nil {
			if isUnique(err) {
				return &engine.Error{Code: engine.CodeConflict, Message: "Another piece of this task already stands at that time.", Err: err}
			}
			return err
		}
		if err := t.putChildren(ctx, o.ID, o.Variants, o.Findings); err != nil {
			return err
		}
		return t.record(ctx, engine.Event{
			At: o.CreatedAt, Actor: by.ID, Surface: by.Surface, Action: "output.planned", Subject: o.ID,
			Detail: map[string]string{"task": o.Task, "slot": o.Slot.UTC().Format(time.RFC3339), "origin": string(o.Origin), "why": o.Reason},
		})
	})
}

// Output returns it with variants and findings; code not_found.
func (db *DB) Output(ctx context.Context, id string) (o engine.Output, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		o, err = whole(ctx, q, id)
		return err
	})
	return o, err
}

// Outputs returns what f chooses, with variants and findings unless f is Bare.
func (db *DB) Outputs(ctx context.Context, f engine.OutputFilter) ([]engine.Output, error) {
	query, args := outputsQuery(f)
	var outputs []engine.Output
	err := db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		var rows []outputRow
		if err := all(ctx, q, &rows, query, args...); err != nil {
			return err
		}
		outputs = make([]engine.Output, 0, len(rows))
		for _, r := range rows {
			outputs = append(outputs, r.output())
		}
		if f.Bare {
			return nil
		}
		return fillChildren(ctx, q, outputs)
	})
	return outputs, err
}

// CountOutputs returns how many outputs f chooses, by state, ignoring its Limit.
func (db *DB) CountOutputs(ctx context.Context, f engine.OutputFilter) (map[engine.State]int, error) {
	where, args := chosen(f)
	var rows []struct {
		State engine.State `db:"state"`
		N     int          `db:"n"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT state, COUNT(*) AS n
		FROM   outputs
		WHERE  `+where+`
		GROUP BY state`, args...); err != nil {
		return nil, translate(err)
	}
	n := make(map[engine.State]int, len(rows))
	for _, r := range rows {
		n[r.State] = r.N
	}
	return n, nil
}

// outputsQuery is the statement for one filter.
func outputsQuery(f engine.OutputFilter) (string, []any) {
	where, args := chosen(f)
	order := `slot, id`
	if f.Newest {
		order = `slot DESC, id DESC`
	}
	limit := f.Limit
	if limit == 0 {
		limit = 1000
	}
	return `
		SELECT ` + outputColumns + `
		FROM   outputs
		WHERE  ` + where + `
		ORDER BY ` + order + ` LIMIT ? OFFSET ?`, append(args, limit, f.Offset)
}

// chosen gives f's conditions.
func chosen(f engine.OutputFilter) (where string, args []any) {
	conditions := []string{"1 = 1"}
	add := func(condition string, values ...any) {
		conditions = append(conditions, condition)
		args = append(args, values...)
	}
	if f.Task != "" {
		add(`task = ?`, f.Task)
	}
	if len(f.States) == 0 && !f.DueBy.IsZero() {
		f.States = engine.States // the index on due begins with the state
	}
	if len(f.States) > 0 {
		states := make([]any, 0, len(f.States))
		for _, s := range f.States {
			states = append(states, string(s))
		}
		add(`state IN (?`+strings.Repeat(`, ?`, len(states)-1)+`)`, states...)
	}
	if !f.DueBy.IsZero() {
		add(`due IS NOT NULL AND due <= ?`, stamp(f.DueBy))
	}
	for _, bound := range []struct {
		condition string
		t         time.Time
	}{
		{`slot >= ?`, f.SlotFrom}, {`slot < ?`, f.SlotTo}, {`created_at >= ?`, f.Since}, {`created_at < ?`, f.Until},
	} {
		if !bound.t.IsZero() {
			add(bound.condition, stamp(bound.t))
		}
	}
	return strings.Join(conditions, ` AND `), args
}

func (t *tx) insertOutput(ctx context.Context, r outputRow) error {
	_, err := t.exec(ctx, `
		INSERT INTO outputs (`+outputColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Task, r.Campaign, string(r.Origin), string(r.State), r.Level, r.Channel, r.Account, r.Segment, string(r.Kind), r.Slot, r.Expires, r.Due,
		r.Arms, r.Reason, r.CostMax, r.Audience, string(r.Digest), r.StrategyVersion, r.GuardrailVersion, r.Confidence, r.Writer, r.EditedBy, r.Changed,
		r.WaitsFor, r.Attempts, r.URL, r.PostedBy, r.Sketch, r.Title, r.CreatedAt, r.UpdatedAt, r.PublishedAt)
	return err
}

// putChildren writes variants and findings where there are none.
func (t *tx) putChildren(ctx context.Context, output string, variants []engine.Variant, findings []engine.Finding) error {
	for i, v := range variants {
		if _, err := t.exec(ctx, `
			INSERT INTO variants (output, ordinal, name, subject, body, call_to_action, link, alt_text, rendered, shown)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			output, i, v.Name, v.Subject, v.Body, v.CallToAction, v.Link, v.AltText, v.Rendered, v.Shown); err != nil {
			return err
		}
	}
	for i, f := range findings {
		if _, err := t.exec(ctx, `
			INSERT INTO findings (output, ordinal, rule, outcome, evidence, remedy, held, later, waivable, share, limit_audience, limit_cost)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			output, i, f.Rule, string(f.Outcome), f.Evidence, f.Remedy, string(f.Held), flag(f.Later), flag(f.Waivable), f.Use,
			clampAudience(f), clampCost(f)); err != nil {
			return err
		}
	}
	return nil
}

// clampAudience and clampCost are what a finding brings its piece down to, NULL for one that does not.
func clampAudience(f engine.Finding) any {
	if f.Limit == nil {
		return nil
	}
	return f.Limit.Audience
}

func clampCost(f engine.Finding) any {
	if f.Limit == nil {
		return nil
	}
	return int64(f.Limit.CostMax)
}
