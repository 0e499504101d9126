package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// eventColumns are what one line of the log is made of, in the order in which lineScan reads them.
const eventColumns = `seq, at, actor, surface, action, subject, detail, prev, hash`

// chainSQL reads the log from a line on.
const chainSQL = `
	SELECT ` + eventColumns + `
	FROM   events
	WHERE  seq > ?
	ORDER BY seq LIMIT ?`

// line is one row of the log as it stands in the file.
type line struct {
	seq                                                     int64
	at, actor, surface, action, subject, detail, prev, hash string
}

func (l *line) scan(rows *sql.Rows) error {
	return rows.Scan(&l.seq, &l.at, &l.actor, &l.surface, &l.action, &l.subject, &l.detail, &l.prev, &l.hash)
}

// event reads the row; an error says that koira never wrote it like this.
func (l *line) event() (engine.Event, error) {
	at, err := time.Parse(stampLayout, l.at)
	if err != nil {
		return engine.Event{}, errors.New("its time is no time")
	}
	detail, err := readDetail(l.detail)
	return engine.Event{
		Seq: l.seq, At: at, Actor: l.actor, Surface: engine.Surface(l.surface), Action: l.action, Subject: l.subject,
		Detail: detail, Prev: l.prev, Hash: l.hash,
	}, err
}

// readDetail reads a line's details, and refuses any spelling of them but koira's own: the sum covers the values, not how they are spelt.
func readDetail(s string) (map[string]string, error) {
	if d, ok := plainDetail(s); ok {
		return d, nil
	}
	var d map[string]string
	if json.Unmarshal([]byte(s), &d) != nil {
		return nil, errors.New("its details are not koira's")
	}
	if (engine.Event{Detail: d}).DetailJSON() != s {
		return nil, errors.New("its details are spelt differently")
	}
	return d, nil
}

// plainDetail reads details in which nothing had to be escaped, which are nearly all, many times faster than package json does; false for any
// others.
func plainDetail(s string) (map[string]string, bool) {
	if s == "{}" {
		return nil, true
	}
	if !strings.HasPrefix(s, "{") || !utf8.ValidString(s) || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029") {
		return nil, false
	}
	d := make(map[string]string, 8)
	for last, rest, more := "", s[1:], true; more; {
		key, after, ok := plainString(rest)
		if !ok || len(d) > 0 && key <= last || !strings.HasPrefix(after, ":") {
			return nil, false
		}
		d[key], rest, ok = plainString(after[1:])
		if !ok || rest == "" || rest[0] != ',' && rest != "}" {
			return nil, false
		}
		last, more, rest = key, rest[0] == ',', rest[1:]
	}
	return d, true
}

// plainString takes a quoted string without escapes from the beginning of s.
func plainString(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[1:i], s[i+1:], true
		case c < ' ' || c == '\\' || c == '<' || c == '>' || c == '&': // package json escapes these
			return "", "", false
		}
	}
	return "", "", false
}

// chain is a walk along the log.
type chain struct {
	at    engine.Head // the line that was read last
	lines int64
	fault func(engine.Fault)
	event func(engine.Event) // of each line that can be read; nil for none
}

// walk reads at most limit lines after the one that c stands at and holds each to the one before. A walk goes on after a fault, with the
// row as it is, so that one changed line is one or two faults and not all that follow.
func (c *chain) walk(ctx context.Context, q sqlx.QueryerContext, limit int) error {
	from := c.at.Seq
	if c.lines == 0 && from == 0 {
		from = math.MinInt64 // also what somebody put before the first line is read
	}
	rows, err := q.QueryContext(context.WithoutCancel(ctx), chainSQL, from, limit) // a context that can end slows each row down
	if err != nil {
		return err
	}
	defer rows.Close()
	var l line
	for n := 0; rows.Next(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := l.scan(rows); err != nil {
			return err
		}
		c.next(&l)
	}
	return rows.Err()
}

// next holds one row to the line before it.
func (c *chain) next(l *line) {
	e, err := l.event()
	was := c.at
	c.at = engine.Head{Seq: l.seq, Hash: l.hash}
	c.lines++
	tell := func(what, want, got string) { c.fault(engine.Fault{Seq: l.seq, What: what, Want: want, Got: got}) }
	if l.seq != was.Seq+1 {
		tell("the line before it is missing", fmt.Sprintf("line %d", was.Seq+1), fmt.Sprintf("line %d", l.seq))
	}
	if l.prev != was.Hash {
		tell("it does not point at the line before it", was.Hash, l.prev)
	}
	if err != nil {
		tell(err.Error(), "", "")
		return
	}
	if sum := e.Sum(); sum != e.Hash {
		tell("its hash does not match what it says", sum, e.Hash)
	}
	if c.event != nil {
		c.event(e)
	}
}
