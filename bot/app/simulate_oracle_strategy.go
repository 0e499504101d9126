package app

import (
	"bytes"
	"slices"

	"koira/engine"
)

// owned takes down the strategy as people have just left it.
func (o *oracle) owned(s engine.Strategy) {
	o.version = s.Version
	o.lacking = map[string]bool{}
	for _, x := range o.first.Segments {
		if !slices.ContainsFunc(s.Segments, func(y engine.Segment) bool { return y.Key == x.Key }) {
			o.lacking["readers "+x.Key] = true
		}
	}
	for _, x := range o.first.Themes {
		if !slices.ContainsFunc(s.Themes, func(y engine.Theme) bool { return y.Key == x.Key }) {
			o.lacking["theme "+x.Key] = true
		}
	}
	for _, x := range o.first.Facts {
		if !slices.ContainsFunc(s.Facts, func(y engine.Fact) bool { return y.Text == x.Text && y.From.Equal(x.From) && y.Until.Equal(x.Until) }) {
			o.lacking["fact "+x.Key] = true
		}
	}
}

// thin reports whether people have taken something away that they had at the beginning.
func (o *oracle) thin() bool { return len(o.lacking) > 0 }

// disowned says what of the strategy a piece that leaves is for, or quotes, and people took away; "" for nothing. It does not ask the gate.
func (o *oracle) disowned(i engine.Intent) string {
	if o.lacking["readers "+i.Segment] {
		return "to " + i.Segment + ", who are no readers any more"
	}
	for key, words := range quotable {
		if o.lacking["fact "+key] && bytes.Contains(i.Bytes, []byte(words)) {
			return "quoting " + words + ", of a fact that was taken off"
		}
	}
	return ""
}
