package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// review writes the approval, the rejection or the order to take down that a move carries. An approval of other content than the move leaves has code conflict.
func (t *tx) review(ctx context.Context, before, after outputRow, m engine.Move) error {
	if m.Approval != nil {
		a := stampedApproval(*m.Approval, m, after)
		if a.Digest != after.Digest {
			return engine.Errorf(engine.CodeConflict, "What was approved is not what this piece says now; nothing was changed.")
		}
		if err := t.approve(ctx, a, after.Changed); err != nil {
			return err
		}
	}
	if m.Remark != nil {
		if err := t.remark(ctx, *m.Remark, after); err != nil {
			return err
		}
	}
	if m.Retraction != nil {
		if err := t.retraction(ctx, *m.Retraction, m); err != nil {
			return err
		}
	}
	if m.Rejection == nil {
		return nil
	}
	r := *m.Rejection
	fill(&r.Digest, before.Digest)
	fill(&r.By, m.By.ID)
	fill(&r.From, m.By.Surface)
	if r.Role == engine.RoleNone {
		r.Role = m.By.Role
	}
	if r.At.IsZero() {
		r.At = m.At
	}
	_, err := t.exec(ctx, `
		INSERT INTO rejections (id, output, digest, by_id, role, at, surface, reason, note, severe, from_state, changed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(r.ID), after.ID, string(r.Digest), r.By, int(r.Role), stamp(r.At), string(r.From), r.Reason, r.Note, flag(r.Severe), string(m.From), after.Changed)
	return err
}

func (t *tx) approve(ctx context.Context, a engine.Approval, changed float64) error {
	_, err := t.exec(ctx, `
		INSERT INTO approvals (id, output, digest, by_id, role, at, surface, guardrail_version, audience, whole, looked, own_edit, over_cap, over_task, over_campaign, over_output,
		                       waived, changed, stood, words)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(a.ID), a.Output, string(a.Digest), a.By, int(a.Role), stamp(a.At), string(a.From), a.GuardrailVersion, a.Audience, flag(a.Whole),
		a.Looked.Microseconds(), flag(a.OwnEdit), a.OverCap.Week, a.OverCap.Task, a.OverCap.Campaign, a.OverCap.Output, doc[[]engine.Waiver]{a.Waived}, changed,
		a.Stood.Microseconds(), a.Words)
	return err
}

// stampedApproval fills in what the move that carries an approval knows.
func stampedApproval(a engine.Approval, m engine.Move, after outputRow) engine.Approval {
	a.Output = after.ID
	fill(&a.Digest, after.Digest)
	fill(&a.By, m.By.ID)
	fill(&a.From, m.By.Surface)
	if a.Role == engine.RoleNone {
		a.Role = m.By.Role
	}
	if a.At.IsZero() {
		a.At = m.At
	}
	a.Looked, a.Stood = max(0, a.Looked), max(0, a.Stood)
	return a
}

func fill[T ~string](dest *T, value T) {
	if *dest == "" {
		*dest = value
	}
}

// Approval returns the newest approval of that digest, nil when there is none.
func (db *DB) Approval(ctx context.Context, output string, d engine.Digest) (*engine.Approval, error) {
	a, err := approval(ctx, db.few(), output, d)
	return a, translate(err)
}

func approval(ctx context.Context, q sqlx.QueryerContext, output string, d engine.Digest) (*engine.Approval, error) {
	var r struct {
		ID               string               `db:"id"`
		By               string               `db:"by_id"`
		Role             engine.Role          `db:"role"`
		At               stamp                `db:"at"`
		From             engine.Surface       `db:"surface"`
		GuardrailVersion int                  `db:"guardrail_version"`
		Audience         int                  `db:"audience"`
		Whole            bool                 `db:"whole"`
		Looked           int64                `db:"looked"`
		Stood            int64                `db:"stood"`
		Words            int                  `db:"words"`
		OwnEdit          bool                 `db:"own_edit"`
		OverCap          engine.Money         `db:"over_cap"`
		OverTask         engine.Money         `db:"over_task"`
		OverCampaign     engine.Money         `db:"over_campaign"`
		OverOutput       engine.Money         `db:"over_output"`
		Waived           doc[[]engine.Waiver] `db:"waived"`
	}
	err := get(ctx, q, &r, `
		SELECT id, by_id, role, at, surface, guardrail_version, audience, whole, looked, stood, words, own_edit, over_cap, over_task, over_campaign,
		       over_output, waived
		FROM   approvals
		WHERE  output = ? AND digest = ?
		ORDER BY at DESC, id DESC LIMIT 1`, output, string(d))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &engine.Approval{
		ID: r.ID, Output: output, Digest: d, By: r.By, Role: r.Role, At: r.At.time(), From: r.From, GuardrailVersion: r.GuardrailVersion,
		Audience: r.Audience, Whole: r.Whole, Looked: time.Duration(r.Looked) * time.Microsecond,
		Stood: time.Duration(r.Stood) * time.Microsecond, Words: r.Words, OwnEdit: r.OwnEdit,
		OverCap: engine.Rise{Week: r.OverCap, Task: r.OverTask, Campaign: r.OverCampaign, Output: r.OverOutput}, Waived: r.Waived.V,
	}, nil
}

// hurriedSQL says of the yes x whether its person said another one, of whichever task, less than engine.Hurry away from it. How long a card stood says
// nothing of who presses through a dozen cards that have stood all night. What has the very same time is one press.
const hurriedSQL = `
	       (EXISTS (SELECT 1 FROM approvals y WHERE y.at > strftime('%Y-%m-%dT%H:%M:%f', x.at, '-3 seconds') || '000Z'
	                AND y.at < strftime('%Y-%m-%dT%H:%M:%f', x.at, '+3 seconds') || '000Z' AND y.at <> x.at AND y.output <> x.output AND y.by_id = x.by_id)
	        OR EXISTS (SELECT 1 FROM remarks y WHERE y.at > strftime('%Y-%m-%dT%H:%M:%f', x.at, '-3 seconds') || '000Z'
	                   AND y.at < strftime('%Y-%m-%dT%H:%M:%f', x.at, '+3 seconds') || '000Z' AND y.at <> x.at AND y.output <> x.output AND y.by_id = x.by_id AND y.verdict = 'approved'))`

// standsSQL says of the yes x that nobody took it back: what was taken back is no yes, whatever becomes of the piece. What koira itself let wait again
// is still somebody's yes to what it said. What is taken back at the very moment of the yes came before it: a new time with its yes is one act.
const standsSQL = `
	       NOT EXISTS (SELECT 1 FROM events e WHERE e.subject = x.output AND e.at > x.at AND e.action = 'output.waiting'
	                   AND json_extract(e.detail, '$.from') = 'scheduled' AND e.actor <> 'koira')`

// reviewsSQL lists every judgement of koira's own words: each yes that stands, no, a draft that a person published by hand, and what they said of one
// that goes out unless stopped.
const reviewsSQL = `
	SELECT o.id AS output, o.task AS task, o.level AS level, 'approved' AS verdict, x.changed AS changed, 0 AS severe, '' AS reason, x.by_id AS by_id,
	       x.looked AS looked, x.whole AS whole,` + hurriedSQL + ` AS hurried, x.at AS at
	FROM   approvals x JOIN outputs o ON o.id = x.output
	WHERE  x.at >= ? AND (o.task = ? OR ? = '') AND o.origin IN ('koira', 'asked') AND` + standsSQL + `
	UNION ALL
	SELECT o.id, o.task, o.level, CASE WHEN r.from_state = 'scheduled' THEN 'stopped' ELSE 'rejected' END, r.changed, r.severe, r.reason, r.by_id, 0, 1, 0, r.at
	FROM   rejections r JOIN outputs o ON o.id = r.output
	WHERE  r.at >= ? AND (o.task = ? OR ? = '') AND o.origin IN ('koira', 'asked')
	UNION ALL
	SELECT o.id, o.task, o.level, 'posted', o.changed, 0, '', o.posted_by, 0, 1, 0, o.published_at
	FROM   outputs o
	WHERE  o.published_at >= ? AND (o.task = ? OR ? = '') AND o.posted_by <> '' AND o.origin IN ('koira', 'asked')
	UNION ALL
	SELECT o.id, o.task, o.level, x.verdict, x.changed, 0, '', x.by_id, x.looked, x.whole, x.verdict = 'approved' AND` + hurriedSQL + `, x.at
	FROM   remarks x JOIN outputs o ON o.id = x.output
	WHERE  x.at >= ? AND (o.task = ? OR ? = '') AND o.origin IN ('koira', 'asked')
	ORDER BY at`

type reviewRow struct {
	Output  string       `db:"output"`
	Task    string       `db:"task"`
	Level   engine.Level `db:"level"`
	Verdict string       `db:"verdict"`
	Changed float64      `db:"changed"`
	Severe  bool         `db:"severe"`
	Reason  string       `db:"reason"`
	By      string       `db:"by_id"`
	Looked  int64        `db:"looked"`
	Whole   bool         `db:"whole"`
	Hurried bool         `db:"hurried"`
	At      stamp        `db:"at"`
}

func (r reviewRow) review() engine.Review {
	return engine.Review{
		Output: r.Output, Task: r.Task, Level: r.Level, Verdict: r.Verdict, Changed: r.Changed, Severe: r.Severe, Reason: r.Reason, By: r.By,
		Looked: time.Duration(r.Looked) * time.Microsecond, Whole: r.Whole, Hurried: r.Hurried, At: r.At.time(),
	}
}

// Reviews returns what people said of a task's pieces since then, oldest first; task "" means all. A piece that was judged more than once
// counts once, by the last word on it. People's own words are not reviewed: they say nothing of koira. Whether a yes is known as a reader's is seen
// from all that the log holds now, of every task.
func (db *DB) Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error) {
	reviews, err := reviewsOf(ctx, db.read, task, since)
	return reviews, translate(err)
}

func reviewsOf(ctx context.Context, q sqlx.QueryerContext, task string, since time.Time) ([]engine.Review, error) {
	from := lowest(since)
	var rows []reviewRow
	if err := all(ctx, q, &rows, reviewsSQL, from, task, task, from, task, task, from, task, task, from, task, task); err != nil {
		return nil, err
	}
	last := make(map[string]int, len(rows))
	for i, r := range rows {
		last[r.Output] = i
	}
	reviews := make([]engine.Review, 0, len(last))
	for i, r := range rows {
		if last[r.Output] == i {
			reviews = append(reviews, r.review())
		}
	}
	return slices.Clip(reviews), unread(ctx, q, reviews)
}

// Rejections returns the newest first; task "" means all.
func (db *DB) Rejections(ctx context.Context, task string, limit int) ([]engine.Rejection, error) {
	var rows []struct {
		ID     string         `db:"id"`
		Output string         `db:"output"`
		Digest engine.Digest  `db:"digest"`
		By     string         `db:"by_id"`
		Role   engine.Role    `db:"role"`
		At     stamp          `db:"at"`
		From   engine.Surface `db:"surface"`
		Reason string         `db:"reason"`
		Note   string         `db:"note"`
		Severe bool           `db:"severe"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT r.id, r.output, r.digest, r.by_id, r.role, r.at, r.surface, r.reason, r.note, r.severe
		FROM   rejections r JOIN outputs o ON o.id = r.output
		WHERE  o.task = ? OR ? = ''
		ORDER BY r.at DESC, r.id DESC LIMIT ?`, task, task, limit); err != nil {
		return nil, translate(err)
	}
	rejections := make([]engine.Rejection, 0, len(rows))
	for _, r := range rows {
		rejections = append(rejections, engine.Rejection{
			ID: r.ID, Output: r.Output, Digest: r.Digest, By: r.By, Role: r.Role, At: r.At.time(), From: r.From, Reason: r.Reason, Note: r.Note, Severe: r.Severe,
		})
	}
	return rejections, nil
}
