package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// unread notes of each yes whether anything shows that its person reads what koira writes, of whichever task; see engine.Reader.
func unread(ctx context.Context, q sqlx.QueryerContext, reviews []engine.Review) error {
	by := map[string]*engine.Reader{}
	for i := range reviews { // oldest first
		r := &reviews[i]
		if r.Verdict != engine.ReviewApproved {
			continue
		}
		if by[r.By] == nil {
			s, err := readerOf(ctx, q, r.By, r.At.Add(-engine.SignHolds))
			if err != nil {
				return err
			}
			by[r.By] = &s
		}
		r.Unread = !by[r.By].Known(r.At)
	}
	return nil
}

// readerOf reads what shows of a person since then.
func readerOf(ctx context.Context, q sqlx.QueryerContext, by string, since time.Time) (engine.Reader, error) {
	var s engine.Reader
	var judged []struct {
		At stamp `db:"at"`
	}
	from := lowest(since)
	if err := all(ctx, q, &judged, `
		SELECT x.at AS at FROM edits x JOIN outputs o ON o.id = x.output
		WHERE  x.by_id = ? AND x.at >= ? AND o.origin IN ('koira', 'asked')
		UNION ALL
		SELECT x.at FROM rejections x JOIN outputs o ON o.id = x.output
		WHERE  x.by_id = ? AND x.at >= ? AND o.origin IN ('koira', 'asked')
		UNION ALL
		SELECT x.at FROM remarks x JOIN outputs o ON o.id = x.output
		WHERE  x.by_id = ? AND x.at >= ? AND x.verdict = 'stopped' AND o.origin IN ('koira', 'asked')
		UNION ALL
		SELECT x.at FROM retractions x JOIN outputs o ON o.id = x.output
		WHERE  x.by_id = ? AND x.at >= ? AND o.origin IN ('koira', 'asked')
		ORDER BY at`, by, from, by, from, by, from, by, from); err != nil {
		return s, err
	}
	for _, x := range judged {
		s.Judged = append(s.Judged, x.At.time())
	}
	var read []struct {
		Output string `db:"output"`
		At     stamp  `db:"at"`
		Stood  int64  `db:"stood"`
		Words  int    `db:"words"`
	}
	if err := all(ctx, q, &read, `
		SELECT x.output, x.at, x.stood, x.words
		FROM   approvals x JOIN outputs o ON o.id = x.output
		WHERE  x.by_id = ? AND x.at >= ? AND x.stood > 0 AND o.origin IN ('koira', 'asked')
		ORDER BY x.at`, by, from); err != nil {
		return s, err
	}
	once := map[string]bool{}
	for _, x := range read {
		if !once[x.Output] && time.Duration(x.Stood)*time.Microsecond >= engine.ReadingTime(x.Words) {
			once[x.Output] = true
			s.Read = append(s.Read, x.At.time())
		}
	}
	return s, nil
}
