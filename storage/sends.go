package storage

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const sendColumns = `id, output, variant, segment, idem_key, fence, state, ref_id, ref_url, claimed_at, first_at, quiet_until, probes, evidence,
	published_at, next_read, gone_at, looked_at, halt_asked, wave, skip, people`

// sendsSQL reads sends with what came of halting them.
const sendsSQL = `
	SELECT ` + sendColumns + `, halts.at AS halted_at, COALESCE(halts.sent, 0) AS reached, COALESCE(halts.total, 0) AS all_of
	FROM   sends LEFT JOIN halts ON halts.send = sends.id`

type sendRow struct {
	ID          string           `db:"id"`
	Output      string           `db:"output"`
	Variant     string           `db:"variant"`
	Segment     string           `db:"segment"`
	Key         string           `db:"idem_key"`
	Fence       int              `db:"fence"`
	State       engine.SendState `db:"state"`
	RefID       string           `db:"ref_id"`
	RefURL      string           `db:"ref_url"`
	ClaimedAt   stamp            `db:"claimed_at"`
	FirstAt     stamp            `db:"first_at"`
	QuietUntil  stamp            `db:"quiet_until"`
	Probes      int              `db:"probes"`
	Evidence    string           `db:"evidence"`
	PublishedAt stamp            `db:"published_at"`
	NextRead    stamp            `db:"next_read"`
	GoneAt      stamp            `db:"gone_at"`
	LookedAt    stamp            `db:"looked_at"`
	HaltAsked   stamp            `db:"halt_asked"`
	Wave        int              `db:"wave"`
	Skip        int              `db:"skip"`
	People      int              `db:"people"`
	HaltedAt    stamp            `db:"halted_at"`
	Reached     int              `db:"reached"`
	All         int              `db:"all_of"`
}

func (r sendRow) send() engine.Send {
	return engine.Send{
		ID: r.ID, Output: r.Output, Variant: strings.TrimSuffix(r.Variant, restOf), Segment: r.Segment, Key: r.Key, Fence: r.Fence, State: r.State,
		Ref: engine.Ref{ID: r.RefID, URL: r.RefURL}, ClaimedAt: r.ClaimedAt.time(), FirstAt: r.FirstAt.time(), QuietUntil: r.QuietUntil.time(),
		Probes: r.Probes, Evidence: r.Evidence, PublishedAt: r.PublishedAt.time(), NextRead: r.NextRead.time(),
		GoneAt: r.GoneAt.time(), LookedAt: r.LookedAt.time(), HaltAsked: r.HaltAsked.time(), HaltedAt: r.HaltedAt.time(), Reached: r.Reached, All: r.All,
		Wave: r.Wave, Skip: r.Skip, People: r.People,
	}
}

// restOf follows the name of a wording under which the rest of its readers stands: an output has one send under each.
const restOf = "+rest"

func partOf(s engine.Send) string {
	if s.Wave == 2 {
		return s.Variant + restOf
	}
	return s.Variant
}

// Prepared saves the ref of an invisible draft; code conflict when the fence is old.
func (db *DB) Prepared(ctx context.Context, send string, fence int, ref engine.Ref) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		s, err := sendByID(ctx, t, send)
		if err != nil {
			return err
		}
		if s.Fence != fence || s.State != engine.SendPublishing {
			return engine.Errorf(engine.CodeConflict, "This attempt to publish is over; another one has begun, or its outcome is written.")
		}
		_, err = t.exec(ctx, `
			UPDATE sends
			SET    ref_id = ?, ref_url = ?
			WHERE  id = ? AND fence = ?`, ref.ID, ref.URL, send, fence)
		return err
	})
}

// Sends returns an output's sends.
func (db *DB) Sends(ctx context.Context, output string) ([]engine.Send, error) {
	sends, err := sendsOf(ctx, db.few(), output)
	return sends, translate(err)
}

// SendsIn returns all sends in these states, oldest claim first.
func (db *DB) SendsIn(ctx context.Context, states ...engine.SendState) ([]engine.Send, error) {
	if len(states) == 0 {
		return nil, nil
	}
	args := make([]any, 0, len(states))
	for _, s := range states {
		args = append(args, string(s))
	}
	sends, err := readSends(ctx, db.few(), sendsSQL+`
		WHERE  state IN (?`+strings.Repeat(`, ?`, len(states)-1)+`)
		ORDER BY claimed_at, id`, args...)
	return sends, translate(err)
}

// Intent rebuilds the committed intent of a claimed send, with its present fence: for probes and retractions.
func (db *DB) Intent(ctx context.Context, send string) (i engine.Intent, err error) {
	err = db.glance(ctx, func(q sqlx.QueryerContext) error {
		s, err := sendByID(ctx, q, send)
		if err != nil {
			return err
		}
		o, err := whole(ctx, q, s.Output)
		if err != nil {
			return err
		}
		i, err = intentOf(o, s.send())
		return err
	})
	return i, err
}

// intentOf is what goes on the wire for s. Its bytes are the output's own: while a copy may be out they cannot change.
func intentOf(o engine.Output, s engine.Send) (engine.Intent, error) {
	for _, v := range o.Variants {
		if v.Name == s.Variant {
			audience, most := shareOf(o, s)
			return engine.Intent{
				Send: s.ID, Output: o.ID, Task: o.Task, Variant: v.Name, Key: s.Key, Fence: s.Fence, Channel: o.Channel, Account: o.Account,
				Segment: s.Segment, Subject: v.Subject, Bytes: v.Rendered, Digest: o.Digest, Audience: audience, Skip: s.Skip, CostMax: most, Slot: o.Slot,
				FirstAt: s.FirstAt, Ref: s.Ref,
			}, nil
		}
	}
	return engine.Intent{}, engine.Errorf(engine.CodeNotFound, "This piece has no wording %q: it was published by hand.", s.Variant)
}

// shareOf is whom a part of o goes to at most, and what it may cost: the parts together no more than all at once.
func shareOf(o engine.Output, s engine.Send) (people int, most engine.Money) {
	switch s.Wave {
	case 1:
		return s.People, o.CostMax / engine.Money(max(o.Audience, 1)) * engine.Money(s.People)
	case 2:
		return s.People, o.CostMax - o.CostMax/engine.Money(max(o.Audience, 1))*engine.Money(s.Skip)
	}
	return o.Audience, o.CostMax
}

func sendByID(ctx context.Context, q sqlx.QueryerContext, id string) (sendRow, error) {
	var r sendRow
	err := get(ctx, q, &r, sendsSQL+`
		WHERE  id = ?`, id)
	return r, orAbsent(err, "send", id)
}

func sendsOf(ctx context.Context, q sqlx.QueryerContext, output string) ([]engine.Send, error) {
	return readSends(ctx, q, sendsSQL+`
		WHERE  output = ?
		ORDER BY variant, id`, output)
}

func readSends(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]engine.Send, error) {
	var rows []sendRow
	if err := all(ctx, q, &rows, query, args...); err != nil {
		return nil, err
	}
	sends := make([]engine.Send, 0, len(rows))
	for _, r := range rows {
		sends = append(sends, r.send())
	}
	return sends, nil
}

func (t *tx) insertSend(ctx context.Context, s engine.Send) error {
	_, err := t.exec(ctx, `
		INSERT INTO sends (`+sendColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ID, s.Output, partOf(s), s.Segment, s.Key, s.Fence, string(s.State), s.Ref.ID, s.Ref.URL, stamp(s.ClaimedAt), stamp(s.FirstAt),
		stamp(s.QuietUntil), s.Probes, s.Evidence, stamp(s.PublishedAt), stamp(s.NextRead), stamp(s.GoneAt), stamp(s.LookedAt),
		stamp(s.HaltAsked), s.Wave, s.Skip, s.People)
	return err
}

// moveSends brings an output's sends along when a person, not a result, moves it.
func (t *tx) moveSends(ctx context.Context, _, after outputRow, m engine.Move) error {
	if err := t.partlyOut(ctx, after, m); err != nil {
		return err
	}
	switch {
	case m.From == engine.StateHanded && m.To == engine.StatePublished:
		return t.handSend(ctx, after, m)
	case m.To == engine.StatePublished && (m.From == engine.StateScheduled || m.From == engine.StateHeld):
		if err := t.endRest(ctx, after.ID, m.Why); err != nil {
			return err
		}
		return t.derives(ctx, after)
	case m.From == engine.StateUnconfirmed:
		return t.repeatSends(ctx, after, m)
	case m.To == engine.StateRetracting:
		return t.retractSends(ctx, after, m)
	case m.To.Final():
		return t.endPending(ctx, after.ID, m.Why)
	}
	return nil
}

// endPending ends what of an output is not out and will not be sent.
func (t *tx) endPending(ctx context.Context, output, why string) error {
	_, err := t.exec(ctx, `
		UPDATE sends
		SET    state = 'failed', evidence = ?
		WHERE  output = ? AND state = 'pending'`, why, output)
	return err
}

// partlyOut refuses what cannot be done to a piece that some readers have: its rest is sent or it is not, and nothing else. It refuses to end as one
// of which a part is out what is not.
func (t *tx) partlyOut(ctx context.Context, after outputRow, m engine.Move) error {
	if m.From != engine.StateScheduled && m.From != engine.StateHeld {
		return nil
	}
	sends, err := sendsOf(ctx, t, after.ID)
	if err != nil {
		return err
	}
	switch out := engine.Partly(sends); {
	case out && m.To != engine.StateScheduled && m.To != engine.StateHeld && m.To != engine.StatePublished:
		return engine.Errorf(engine.CodeConflict, "A part of its readers has this already: the rest can be sent or stopped, and nothing else.")
	case !out && m.To == engine.StatePublished:
		return engine.Errorf(engine.CodeInternal, "A piece of which nothing is out cannot be published but by a claim.")
	}
	return nil
}

// endRest ends the rest of an output that did not begin.
func (t *tx) endRest(ctx context.Context, output, why string) error {
	_, err := t.exec(ctx, `
		UPDATE sends
		SET    state = 'failed', evidence = ?
		WHERE  output = ? AND wave = 2 AND state = 'pending'`, why, output)
	return err
}

// handSend gives a piece that a person published a send, by which its results are read: all that is known of it is its address. What koira had begun
// itself, and certainly not got out, is over.
func (t *tx) handSend(ctx context.Context, o outputRow, m engine.Move) error {
	const byHand = "published by hand"
	if err := t.endPending(ctx, o.ID, byHand); err != nil {
		return err
	}
	return t.insertSend(ctx, engine.Send{
		ID: t.id(""), Output: o.ID, Segment: o.Segment, Key: o.ID + "-hand", State: engine.SendPublished, Ref: engine.Ref{ID: o.URL, URL: o.URL},
		ClaimedAt: m.At, FirstAt: m.At, Evidence: byHand, PublishedAt: m.At, NextRead: m.At,
	})
}

// repeatSends readies for another attempt what a person looked for and did not find.
func (t *tx) repeatSends(ctx context.Context, o outputRow, m engine.Move) error {
	if _, err := t.exec(ctx, `
		UPDATE sends
		SET    state = 'pending', quiet_until = NULL, evidence = ?
		WHERE  output = ? AND state = 'unconfirmed'`, m.Why, o.ID); err != nil {
		return err
	}
	return t.derives(ctx, o)
}

// retractSends saves the intent to take down what is out. The new fence refuses whatever still comes back from publishing it.
func (t *tx) retractSends(ctx context.Context, o outputRow, m engine.Move) error {
	if _, err := t.exec(ctx, `
		UPDATE sends
		SET    state = 'retracting', fence = fence + 1, claimed_at = ?, gone_at = NULL, looked_at = NULL
		WHERE  output = ? AND state = 'published'`, stamp(m.At), o.ID); err != nil {
		return err
	}
	return t.derives(ctx, o)
}

// derives refuses a move that an output's sends contradict.
func (t *tx) derives(ctx context.Context, o outputRow) error {
	sends, err := sendsOf(ctx, t, o.ID)
	if err != nil {
		return err
	}
	if state, ok := engine.Derive(sends); !ok || state != o.State {
		return engine.Errorf(engine.CodeConflict, "Another part of this piece stands in the way; nothing was changed.")
	}
	return nil
}
