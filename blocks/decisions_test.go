package blocks

import (
	"strings"
	"testing"

	"koira/engine/report"
)

// What a person changed is not told as koira's doing.
func TestWhoChangedIt(t *testing.T) {
	b := bakery{}
	for name, c := range map[string]struct{ lead, want string }{
		"in the weekly report": {"I changed: ", "By @mari: Daily social: level L4 → L5"},
		"in App Home":          {"• ", "• By @mari: Daily social: level L4 → L5"},
		"in its own list":      {"", "Daily social: level L4 → L5"},
	} {
		m := message("", decisionRow(b.allowed(), leads{changed: md(c.lead)}))
		if got := screen(asMessage("", m)); !strings.Contains(got, "\n"+c.want+"\n") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := screen(asMessage("", message("", decisionRow(b.decision(), inReport)))); !strings.Contains(got, "I changed: ") {
		t.Errorf("koira's own: %s", got)
	}
}

// What was proposed and turned down was never changed, wherever it is listed.
func TestWhatWasTurnedDownWasNotChanged(t *testing.T) {
	b := bakery{}
	d := b.decision(func(d *report.DecisionRow) { d.CanUndo, d.Standing = false, "turned down" })
	w := b.weekly()
	w.Decisions = []report.DecisionRow{d}
	for name, c := range map[string]struct {
		m    Message
		want string
	}{
		"in the weekly report": {Weekly(w), "\nI proposed: Weekly newsletter: hour 16–17 → 07–08; "},
		"in its own list":      {Decisions(report.Decisions{Frame: b.frame(), Rows: []report.DecisionRow{d}}), "\nProposed: Weekly newsletter: "},
	} {
		got := screen(asMessage("", c.m))
		if strings.Contains(got, "\nI changed: ") || !strings.Contains(got, c.want) || !strings.Contains(got, "(turned down)") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
