package blocks

import (
	"fmt"
	"strings"
	"testing"

	"koira/engine"
	"koira/engine/desk"
)

// An owner who lets a piece through reads every word that the rule found in it, also where there are many.
func TestTheWindowShowsAllThatItLetsThrough(t *testing.T) {
	b := bakery{}
	p := desk.Once{Output: b.once().Output}
	for _, pack := range []string{"legal", "health"} {
		var words []string
		for i := range 20 {
			words = append(words, fmt.Sprintf("%q (wording B, call to action)", strings.Repeat(string(rune('a'+i)), 78)))
		}
		p.Waives = append(p.Waives, engine.Finding{Rule: "topics", Waivable: true, Evidence: "It says " + strings.Join(words, ", ") + ", which belong to the blocked pack \"" + pack + "\"."})
	}
	shown := strings.Join(strings.Fields(screen(asView("once", OnceWindow(p, b.waiting(), Place{})))), " ")
	for _, f := range p.Waives {
		if !strings.Contains(shown, f.Evidence) {
			t.Errorf("the window does not show %s\nbut\n%s", f.Evidence, shown)
		}
	}
}
