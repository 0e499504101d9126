package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"koira/engine"
)

// Fields of the terms of a grant, as errors name them.
const (
	FieldPieces = "pieces"
	FieldMoney  = "money"
	FieldLook   = "date"
)

// checkTerms refuses terms that would give more than the task's own limits: they can only tighten. Code invalid, with the field.
func (d *Desk) checkTerms(ctx context.Context, t engine.Task, m engine.Terms) error {
	wrong := func(field, format string, args ...any) error {
		e := engine.Errorf(engine.CodeInvalid, format, args...)
		e.Field = field
		return e
	}
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return failed("reading", "the rules", err)
	}
	now, most := d.clock.Now(), g.Budget.Tasks[t.ID]
	switch {
	case m.PerWeek < 0 || m.PerWeek > t.Cadence.Max:
		return wrong(FieldPieces, "It must be a number from 1 to %d, which is the most that the task may make in a week. Nothing changed.", t.Cadence.Max)
	case m.Money < 0 || m.Money > 0 && most > 0 && m.Money > most:
		return wrong(FieldMoney, "The task's own limit is lower, so it would not count. Nothing changed.")
	case !m.LookOn.IsZero() && (!m.LookOn.After(now) || m.LookOn.After(now.AddDate(1, 0, 0))):
		return wrong(FieldLook, "Choose a day between tomorrow and a year from now, not %s. Nothing changed.", d.when(ctx, m.LookOn))
	}
	return nil
}

// Rules of the edits that carry a grant's terms while it waits for a signature.
const (
	termPieces = "terms.pieces"
	termMoney  = "terms.money"
	termLook   = "terms.look"
)

func termEdits(m engine.Terms) []engine.RuleEdit {
	var edits []engine.RuleEdit
	if m.PerWeek > 0 {
		edits = append(edits, engine.RuleEdit{Rule: termPieces, To: strconv.Itoa(m.PerWeek)})
	}
	if m.Money > 0 {
		edits = append(edits, engine.RuleEdit{Rule: termMoney, To: strconv.FormatInt(int64(m.Money), 10)})
	}
	if !m.LookOn.IsZero() {
		edits = append(edits, engine.RuleEdit{Rule: termLook, To: m.LookOn.UTC().Format(time.RFC3339)})
	}
	return edits
}

// termsOf reads what termEdits wrote.
func termsOf(edits []engine.RuleEdit) (engine.Terms, error) {
	var m engine.Terms
	var err error
	for _, e := range edits {
		switch e.Rule {
		case termPieces:
			m.PerWeek, err = strconv.Atoi(e.To)
		case termMoney:
			var sum int64
			sum, err = strconv.ParseInt(e.To, 10, 64)
			m.Money = engine.Money(sum)
		case termLook:
			m.LookOn, err = time.Parse(time.RFC3339, e.To)
		default:
			err = fmt.Errorf("no such term")
		}
		if err != nil {
			return m, fmt.Errorf("reading the terms %q: %w", e, err)
		}
	}
	return m, nil
}
