package storage

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"sync"
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
	y, month, d := t.Date()
	if y < 0 || y > 9999 {
		return nil, fmt.Errorf("year %d does not fit a stamp", y)
	}
	h, m, sec := t.Clock()
	text := []byte("0000-00-00T00:00:00.000000Z")
	for _, n := range [...]struct{ at, n int }{{3, y}, {6, int(month)}, {9, d}, {12, h}, {15, m}, {18, sec}, {25, t.Nanosecond() / 1000}} {
		for i, left := n.at, n.n; left > 0; i, left = i-1, left/10 {
			text[i] = byte('0' + left%10)
		}
	}
	return string(text), nil
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
	if t, ok := plainStamp(text); ok {
		*s = stamp(t)
		return nil
	}
	t, err := time.Parse(stampLayout, text) // says what is wrong with it
	if err != nil {
		return err
	}
	*s = stamp(t)
	return nil
}

// plainStamp reads a stamp by its places: rows hold many, and time.Parse takes far longer.
func plainStamp(text string) (t time.Time, ok bool) {
	if len(text) != len(stampLayout) || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
		text[19] != '.' || text[26] != 'Z' {
		return t, false
	}
	var n [7]int
	for i, part := range [...]string{text[:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19], text[20:26]} {
		for j := range len(part) {
			if part[j] < '0' || part[j] > '9' {
				return t, false
			}
			n[i] = 10*n[i] + int(part[j]-'0')
		}
	}
	t = time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 1000*n[6], time.UTC)
	_, month, day := t.Date()
	return t, n[1] == int(month) && n[2] == day && n[3] < 24 && n[4] < 60 && n[5] < 60
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

// known keeps what texts mean that are read again and again. When it is full it forgets all of them.
type known[T any] struct {
	most int

	mu    sync.Mutex
	texts map[string]T
}

// of returns what text means, from what is kept or by decode. The value is shared: whoever gets it changes nothing in it.
func (k *known[T]) of(text string, decode func() (T, error)) (T, error) {
	k.mu.Lock()
	v, ok := k.texts[text]
	k.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := decode()
	if err != nil {
		return v, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.texts == nil || len(k.texts) >= k.most {
		k.texts = make(map[string]T, k.most)
	}
	k.texts[text] = v
	return v, nil
}
