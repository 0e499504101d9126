package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const outputColumns = `id, task, campaign, origin, state, level, channel, account, segment, kind, slot, expires, due, arms, reason, cost_max, audience,
	digest, strategy_version, guardrail_version, confidence, line, writer, edited_by, changed, waits_for, attempts, url, posted_by,
	sketch, title, created_at, updated_at, published_at`

type outputRow struct {
	ID               string           `db:"id"`
	Task             string           `db:"task"`
	Campaign         string           `db:"campaign"`
	Origin           engine.Origin    `db:"origin"`
	State            engine.State     `db:"state"`
	Level            engine.Level     `db:"level"`
	Channel          string           `db:"channel"`
	Account          string           `db:"account"`
	Segment          string           `db:"segment"`
	Kind             engine.Kind      `db:"kind"`
	Slot             stamp            `db:"slot"`
	Expires          stamp            `db:"expires"`
	Due              stamp            `db:"due"`
	Arms             doc[engine.Arms] `db:"arms"`
	Reason           string           `db:"reason"`
	CostMax          engine.Money     `db:"cost_max"`
	Audience         int              `db:"audience"`
	Digest           engine.Digest    `db:"digest"`
	StrategyVersion  int              `db:"strategy_version"`
	GuardrailVersion int              `db:"guardrail_version"`
	Confidence       float64          `db:"confidence"`
	Line             float64          `db:"line"`
	Writer           string           `db:"writer"`
	EditedBy         string           `db:"edited_by"`
	Changed          float64          `db:"changed"`
	WaitsFor         string           `db:"waits_for"`
	Attempts         int              `db:"attempts"`
	URL              string           `db:"url"`
	PostedBy         string           `db:"posted_by"`
	Sketch           string           `db:"sketch"`
	Title            string           `db:"title"`
	CreatedAt        stamp            `db:"created_at"`
	UpdatedAt        stamp            `db:"updated_at"`
	PublishedAt      stamp            `db:"published_at"`
}

// output is the row without its children.
func (r outputRow) output() engine.Output {
	return engine.Output{
		ID: r.ID, Task: r.Task, Campaign: r.Campaign, Origin: r.Origin, State: r.State, Level: r.Level, Channel: r.Channel, Account: r.Account,
		Segment: r.Segment, Kind: r.Kind, Slot: r.Slot.time(), Expires: r.Expires.time(), Due: r.Due.time(), Arms: r.Arms.V, Reason: r.Reason,
		CostMax: r.CostMax, Audience: r.Audience, Digest: r.Digest, StrategyVersion: r.StrategyVersion, GuardrailVersion: r.GuardrailVersion,
		Confidence: r.Confidence, Line: r.Line, Writer: r.Writer, EditedBy: r.EditedBy, Changed: r.Changed, WaitsFor: r.WaitsFor, Attempts: r.Attempts, URL: r.URL,
		Sketch: r.Sketch, CreatedAt: r.CreatedAt.time(), UpdatedAt: r.UpdatedAt.time(), PublishedAt: r.PublishedAt.time(),
	}
}

func rowOf(o engine.Output) outputRow {
	return outputRow{
		ID: o.ID, Task: o.Task, Campaign: o.Campaign, Origin: o.Origin, State: o.State, Level: o.Level, Channel: o.Channel, Account: o.Account,
		Segment: o.Segment, Kind: o.Kind, Slot: stamp(o.Slot), Expires: stamp(o.Expires), Due: stamp(o.Due), Arms: doc[engine.Arms]{o.Arms},
		Reason: o.Reason, CostMax: o.CostMax, Audience: o.Audience, Digest: o.Digest, StrategyVersion: o.StrategyVersion,
		GuardrailVersion: o.GuardrailVersion, Confidence: o.Confidence, Line: o.Line, Writer: o.Writer, EditedBy: o.EditedBy, Changed: o.Changed,
		WaitsFor: o.WaitsFor, Attempts: o.Attempts, URL: o.URL, Sketch: o.Sketch, Title: titleOf(o.Variants), CreatedAt: stamp(o.CreatedAt), UpdatedAt: stamp(o.UpdatedAt),
		PublishedAt: stamp(o.PublishedAt),
	}
}

// draft is the part of r that only new copy, or a new time, changes.
func (r outputRow) draft() outputRow {
	return outputRow{
		Slot: r.Slot, Expires: r.Expires, Arms: r.Arms, CostMax: r.CostMax, Audience: r.Audience, Digest: r.Digest, StrategyVersion: r.StrategyVersion,
		GuardrailVersion: r.GuardrailVersion, Confidence: r.Confidence, Line: r.Line, Writer: r.Writer, EditedBy: r.EditedBy, Changed: r.Changed,
		Sketch: r.Sketch, Title: r.Title,
	}
}

// titleOf is the first words of a piece, for people.
func titleOf(variants []engine.Variant) string {
	const most = 80
	if len(variants) == 0 {
		return ""
	}
	words := []rune(cmp.Or(variants[0].Subject, variants[0].Body))
	return string(words[:min(most, len(words))])
}

// outputByID reads one row, without children.
func outputByID(ctx context.Context, q sqlx.QueryerContext, id string) (outputRow, error) {
	var r outputRow
	err := get(ctx, q, &r, `
		SELECT `+outputColumns+`
		FROM   outputs
		WHERE  id = ?`, id)
	return r, orAbsent(err, "piece", id)
}

// whole reads one output with its children.
func whole(ctx context.Context, q sqlx.QueryerContext, id string) (engine.Output, error) {
	r, err := outputByID(ctx, q, id)
	if err != nil {
		return engine.Output{}, err
	}
	one := []engine.Output{r.output()}
	err = fillChildren(ctx, q, one)
	return one[0], err
}

type variantRow struct {
	Output       string `db:"output"`
	Name         string `db:"name"`
	Subject      string `db:"subject"`
	Body         string `db:"body"`
	CallToAction string `db:"call_to_action"`
	Link         string `db:"link"`
	AltText      string `db:"alt_text"`
	Rendered     []byte `db:"rendered"`
	Shown        string `db:"shown"`
}

func (r variantRow) variant() engine.Variant {
	return engine.Variant{
		Name: r.Name, Subject: r.Subject, Body: r.Body, CallToAction: r.CallToAction, Link: r.Link, AltText: r.AltText, Rendered: r.Rendered, Shown: r.Shown,
	}
}

type verdictRow struct {
	Output   string   `db:"output"`
	Findings findings `db:"findings"`
}

// findings are a doc whose text is decoded once: a piece's are read with it each time, and change with its words only.
type findings struct{ V []engine.Finding }

var decoded = known[[]engine.Finding]{most: 512}

func (f *findings) Scan(v any) (err error) {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("findings cannot be read from %T", v)
	}
	all, err := decoded.of(text, func() ([]engine.Finding, error) {
		var d doc[[]engine.Finding]
		err := d.Scan(text)
		return d.V, err
	})
	f.V = slices.Clone(all) // whoever reads them may change theirs
	return err
}

const (
	variantsSQL = `
	SELECT output, name, subject, body, call_to_action, link, alt_text, rendered, shown
	FROM   variants
	WHERE  output IN `

	plainVariantsSQL = `
	SELECT output, name, subject, body, call_to_action, link, alt_text, NULL AS rendered, shown
	FROM   variants
	WHERE  output IN `

	verdictsSQL = `
	SELECT output, findings
	FROM   verdicts
	WHERE  output IN `

	inOrder = `
	ORDER BY output, ordinal`
)

// fillChildren reads the variants and findings of all outputs with one query each.
func fillChildren(ctx context.Context, q sqlx.QueryerContext, outputs []engine.Output) error {
	return inChunks(outputs, func(part []engine.Output, at map[string]int, list string, ids []any) error {
		if err := fillVariants(ctx, q, variantsSQL, part, at, list, ids); err != nil {
			return err
		}
		var rows []verdictRow
		if err := all(ctx, q, &rows, verdictsSQL+list, ids...); err != nil {
			return err
		}
		for _, r := range rows {
			part[at[r.Output]].Findings = r.Findings.V
		}
		return nil
	})
}

// fillWire reads the variants.
func fillWire(ctx context.Context, q sqlx.QueryerContext, outputs []engine.Output) error {
	return inChunks(outputs, func(part []engine.Output, at map[string]int, list string, ids []any) error {
		return fillVariants(ctx, q, variantsSQL, part, at, list, ids)
	})
}

// fillPlain reads the variants without what goes on the wire.
func fillPlain(ctx context.Context, q sqlx.QueryerContext, outputs []engine.Output) error {
	return inChunks(outputs, func(part []engine.Output, at map[string]int, list string, ids []any) error {
		return fillVariants(ctx, q, plainVariantsSQL, part, at, list, ids)
	})
}

func fillVariants(ctx context.Context, q sqlx.QueryerContext, query string, part []engine.Output, at map[string]int, list string, ids []any) error {
	var rows []variantRow
	if err := all(ctx, q, &rows, query+list+inOrder, ids...); err != nil {
		return err
	}
	for _, r := range rows {
		o := &part[at[r.Output]]
		o.Variants = append(o.Variants, r.variant())
	}
	return nil
}

// inChunks calls fn for at most 1,024 outputs at a time, with where each id stands and an SQL list for the ids. The list's length is a
// power of two, the last id repeated, so that only eleven statement texts exist and the driver finds them prepared.
func inChunks(outputs []engine.Output, fn func(part []engine.Output, at map[string]int, list string, ids []any) error) error {
	const most = 1024
	for len(outputs) > 0 {
		part := outputs[:min(most, len(outputs))]
		outputs = outputs[len(part):]
		at, ids := make(map[string]int, len(part)), make([]any, 0, len(part))
		for i, o := range part {
			at[o.ID] = i
			ids = append(ids, o.ID)
		}
		ids = padded(ids)
		if err := fn(part, at, "(?"+strings.Repeat(", ?", len(ids)-1)+")", ids); err != nil {
			return err
		}
	}
	return nil
}

// padded repeats the last of ids, of which there is at least one, up to the next power of two.
func padded(ids []any) []any {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	for len(ids) < n {
		ids = append(ids, ids[len(ids)-1])
	}
	return ids
}
