package storage

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

const stampLayout = "2006-01-02T15:04:05.000000Z"

// stamp is a time as it stands in the file: UTC text of fixed width, so that text order is time order; microseconds. The zero time is NULL.
type stamp time.Time

// resolution is how finely a stamp keeps time.
const resolution = time.Microsecond

func (s stamp) time() time.Time { return time.Time(s) }

func (s stamp) Value() (driver.Value, error) {
	t := time.Time(s)
	if t.IsZero() {
		return nil, nil
	}
	t = t.UTC()
	if y := t.Year(); y < 0 || y > 9999 {
		return nil, fmt.Errorf("year %d does not fit a stamp", y)
	}
	return t.Format(stampLayout), nil
}

func (s *stamp) Scan(v any) error {
	var text string
	switch v := v.(type) {
	case nil:
		*s = stamp{}
		return nil
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return fmt.Errorf("a stamp cannot be read from %T", v)
	}
	t, err := time.Parse(stampLayout, text)
	if err != nil {
		return err
	}
	*s = stamp(t)
	return nil
}

// flag is a bool as 0 or 1, which every dialect takes.
type flag bool

func (f flag) Value() (driver.Value, error) {
	if f {
		return int64(1), nil
	}
	return int64(0), nil
}

// maybe is text whose "" is NULL: an optional foreign key.
type maybe string

func (m maybe) Value() (driver.Value, error) {
	if m == "" {
		return nil, nil
	}
	return string(m), nil
}

func (m *maybe) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*m = ""
	case string:
		*m = maybe(v)
	case []byte:
		*m = maybe(v)
	default:
		return fmt.Errorf("text cannot be read from %T", v)
	}
	return nil
}

// doc is a value kept as JSON text.
type doc[T any] struct{ V T }

func (d doc[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(d.V)
	return string(b), err
}

func (d *doc[T]) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), &d.V)
	case []byte:
		return json.Unmarshal(v, &d.V)
	}
	return fmt.Errorf("a document cannot be read from %T", v)
}
