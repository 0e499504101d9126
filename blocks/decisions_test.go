package blocks

import (
	"strings"
	"testing"
)

// What a person changed is not told as koira's doing.
func TestWhoChangedIt(t *testing.T) {
	b := bakery{}
	for name, c := range map[string]struct{ lead, want string }{
		"in the weekly report": {"I changed: ", "By @mari: Daily social: level L4 → L5"},
		"in App Home":          {"• ", "• By @mari: Daily social: level L4 → L5"},
		"in its own list":      {"", "Daily social: level L4 → L5"},
	} {
		m := message("", decisionRow(b.allowed(), md(c.lead), "I propose: "))
		if got := screen(asMessage("", m)); !strings.Contains(got, "\n"+c.want+"\n") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := screen(asMessage("", message("", decisionRow(b.decision(), "I changed: ", "")))); !strings.Contains(got, "I changed: ") {
		t.Errorf("koira's own: %s", got)
	}
}
