// Package render turns the Markdown of an output's variants into each channel's own syntax, without I/O. What comes out holds no hidden
// characters, no script and no address but http, https and mailto.
package render

import (
	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// Clean returns the normal form of outgoing text: NFC, one kind of line break, and none of the characters that [engine.StripHidden]
// removes (its table says which and why). Calling it twice changes nothing more.
func Clean(s string) string { return norm.NFC.String(engine.StripHidden(s)) }

// Hidden names what Clean would strip from s, such as "zero-width space U+200B"; nil when there is nothing.
func Hidden(s string) []string { return engine.Hidden(s) }

// Graphemes counts s in characters as people see them (UAX #29): a family emoji is 1. Channels with a limit count like this.
func Graphemes(s string) int { return uniseg.GraphemeClusterCount(s) }
