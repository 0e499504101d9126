package storage

import (
	"context"
	"slices"
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
	transact := db.inTx
	if by == engine.Koira {
		transact = db.inRelaxedTx // what koira planned and lost with the power, it plans again
	}
	return transact(ctx, func(ctx context.Context, t *tx) error {
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
	err = db.glance(ctx, func(q sqlx.QueryerContext) error {
		o, err = whole(ctx, q, id)
		return err
	})
	return o, err
}

// Outputs returns what f chooses, with variants and findings unless f is Bare.
func (db *DB) Outputs(ctx context.Context, f engine.OutputFilter) ([]engine.Output, error) {
	query, args := outputsQuery(f)
	look := db.snapshot
	if choosesFew(f) {
		look = db.glance
	}
	var outputs []engine.Output
	err := look(ctx, func(q sqlx.QueryerContext) error {
		var rows []outputRow
		if err := all(ctx, q, &rows, query, args...); err != nil {
			return err
		}
		outputs = make([]engine.Output, 0, len(rows))
		for _, r := range rows {
			outputs = append(outputs, r.output())
		}
		switch {
		case f.Bare:
			return nil
		case f.Texts:
			return fillWire(ctx, q, outputs)
		}
		return fillChildren(ctx, q, outputs)
	})
	return outputs, err
}

// Slots returns when koira's own pieces of a task stand in [from, to), whatever became of them: outputs with Slot and Origin alone.
func (db *DB) Slots(ctx context.Context, task string, from, to time.Time) ([]engine.Output, error) {
	var rows []struct {
		Slot stamp `db:"slot"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT slot
		FROM   outputs
		WHERE  task = ? AND slot >= ? AND slot < ? AND origin = 'koira'
		ORDER BY slot`, task, stamp(from), stamp(to)); err != nil {
		return nil, translate(err)
	}
	outputs := make([]engine.Output, 0, len(rows))
	for _, r := range rows {
		outputs = append(outputs, engine.Output{Origin: engine.OriginKoira, Slot: r.Slot.time()})
	}
	return outputs, nil
}

// BareOutputs returns those of these outputs that exist, without variants and findings.
func (db *DB) BareOutputs(ctx context.Context, ids []string) (map[string]engine.Output, error) {
	asked := make([]engine.Output, len(ids))
	for i, id := range ids {
		asked[i].ID = id
	}
	found := make(map[string]engine.Output, len(ids))
	err := inChunks(asked, func(_ []engine.Output, _ map[string]int, list string, ids []any) error {
		var rows []outputRow
		err := all(ctx, db.few(), &rows, `
			SELECT `+outputColumns+`
			FROM   outputs
			WHERE  id IN `+list, ids...)
		for _, r := range rows {
			found[r.ID] = r.output()
		}
		return err
	})
	return found, translate(err)
}

// choosesFew reports whether f finds a few rows: what is due, a few of the newest, one task's within a span, or what is still before its
// publication.
func choosesFew(f engine.OutputFilter) bool {
	ahead := len(f.States) > 0 && !slices.ContainsFunc(f.States, func(s engine.State) bool {
		return s.Final() || s == engine.StatePublished || s == engine.StateSettled
	})
	return ahead || !f.DueBy.IsZero() || f.Limit > 0 && f.Limit <= 100 || f.Task != "" && !f.SlotFrom.IsZero() && !f.SlotTo.IsZero()
}

// CountOutputs returns how many outputs f chooses, by state, ignoring its Limit.
func (db *DB) CountOutputs(ctx context.Context, f engine.OutputFilter) (map[engine.State]int, error) {
	where, args := chosen(f)
	var rows []struct {
		State engine.State `db:"state"`
		N     int          `db:"n"`
	}
	q := sqlx.QueryerContext(db.read)
	if choosesFew(f) {
		q = db.few()
	}
	if err := all(ctx, q, &rows, `
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

// NextDue returns when the next output comes due after t, zero for none.
func (db *DB) NextDue(ctx context.Context, t time.Time) (time.Time, error) {
	var dues []stamp
	err := all(ctx, db.few(), &dues, `
		SELECT due
		FROM   outputs
		WHERE  due > ?
		ORDER BY due LIMIT 1`, stamp(t))
	if err != nil || len(dues) == 0 {
		return time.Time{}, translate(err)
	}
	return dues[0].time(), nil
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
	if f.Channel != "" {
		add(`channel = ?`, f.Channel)
	}
	if f.URL != "" {
		add(`url = ?`, f.URL)
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
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Task, r.Campaign, string(r.Origin), string(r.State), r.Level, r.Channel, r.Account, r.Segment, string(r.Kind), r.Slot, r.Expires, r.Due,
		r.Arms, r.Reason, r.CostMax, r.Audience, string(r.Digest), r.StrategyVersion, r.GuardrailVersion, r.Confidence, r.Line, r.Writer, r.EditedBy, r.Changed,
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
	if len(findings) == 0 {
		return nil
	}
	_, err := t.exec(ctx, `
		INSERT INTO verdicts (output, findings)
		VALUES (?, ?)`, output, doc[[]engine.Finding]{findings})
	return err
}
