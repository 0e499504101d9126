package workspace

import (
	"fmt"
	"strings"
)

// The methods here draw from the seed, so their caller holds Workspace.mu (New, which nobody else sees yet, does not).

func (w *Workspace) draw(n int, from string) string {
	var b strings.Builder
	for range n {
		b.WriteByte(from[w.dice.IntN(len(from))])
	}
	return b.String()
}

func (w *Workspace) letters(n int) string {
	return w.draw(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
}

// id returns an id in Slack's form: a letter for the kind, then capitals and digits.
func (w *Workspace) id(kind string) string {
	return kind + "0" + w.draw(9, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

func (w *Workspace) hex(n int) string { return w.draw(n, "0123456789abcdef") }

func (w *Workspace) envelopeID() string {
	return fmt.Sprintf("%s-%s-4%s-8%s-%s", w.hex(8), w.hex(4), w.hex(3), w.hex(3), w.hex(12))
}

// hash returns a view's new hash: when it was drawn, and a mark that no other drawing has.
func (w *Workspace) hash() string {
	return fmt.Sprintf("%d.%s", w.o.Stamp().Unix(), w.letters(8))
}

// stamp returns the ts of a new message: later than all before it, even when the stamp clock stands still or is set back.
func (w *Workspace) stamp() string {
	w.lastTS = max(w.o.Stamp().UnixMicro(), w.lastTS+1)
	return fmt.Sprintf("%d.%06d", w.lastTS/1e6, w.lastTS%1e6)
}
