package storage

import (
	"context"
	"slices"

	"koira/engine"
)

// rewrite replaces variants and findings where m brings new ones. A piece of which a copy is, or may be, out keeps its wording.
func (t *tx) rewrite(ctx context.Context, _, after outputRow, m engine.Move) error {
	if m.Draft == nil && m.Findings == nil {
		return nil
	}
	findings := m.Findings
	var variants []engine.Variant
	if m.Draft != nil {
		variants, findings = m.Draft.Variants, m.Draft.Findings
		if m.Findings != nil {
			findings = m.Findings
		}
		if err := t.keepBefore(ctx, after, m, variants); err != nil {
			return err
		}
		if err := t.clearVariants(ctx, after.ID, variants); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `
		DELETE FROM verdicts
		WHERE  output = ?`, after.ID); err != nil {
		return err
	}
	return t.putChildren(ctx, after.ID, variants, findings)
}

// clearVariants makes room for new copy. Sends that wait to be tried again, or that the channel refused, are certainly not out: those whose
// variant remains take the new wording, under the same key, and the others go.
func (t *tx) clearVariants(ctx context.Context, output string, next []engine.Variant) error {
	sends, err := sendsOf(ctx, t, output)
	if err != nil {
		return err
	}
	for _, s := range sends {
		if s.State != engine.SendPending && s.State != engine.SendFailed {
			return engine.Errorf(engine.CodeConflict, "A part of this piece is out already, or may be; its wording cannot change any more.")
		}
		query := `
			DELETE FROM sends
			WHERE  id = ?`
		if slices.ContainsFunc(next, func(v engine.Variant) bool { return v.Name == s.Variant }) {
			query = `
			UPDATE sends
			SET    state = 'pending'
			WHERE  id = ?`
		}
		if _, err := t.exec(ctx, query, s.ID); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `
		DELETE FROM variants
		WHERE  output = ?`, output)
	return err
}
