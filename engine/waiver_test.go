package engine_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

// A yes that was written down as the name of a rule can still be read, and lets nothing through: nobody knows what of the rule it was for.
func TestWaiversAsTheyWereKeptOnce(t *testing.T) {
	var ws []engine.Waiver
	if err := json.Unmarshal([]byte(`["topics", {"rule": "pace", "what": "pace", "bar": 7}]`), &ws); err != nil {
		t.Fatal(err)
	}
	if want := []engine.Waiver{{Rule: "topics"}, {Rule: "pace", What: "pace", Bar: 7}}; !cmp.Equal(ws, want) {
		t.Errorf("read %+v", ws)
	}
	for _, f := range []engine.Finding{{Rule: "topics", Waivable: true, What: "health"}, {Rule: "topics", Waivable: true}} {
		if ws[0].Covers(f) {
			t.Errorf("it covers %+v", f)
		}
	}
	for name, c := range map[string]struct {
		finding engine.Finding
		covers  bool
	}{
		"itself":           {engine.Finding{Rule: "pace", Waivable: true, What: "pace", Bar: 7}, true},
		"a higher limit":   {engine.Finding{Rule: "pace", Waivable: true, What: "pace", Bar: 8}, true},
		"a lower limit":    {engine.Finding{Rule: "pace", Waivable: true, What: "pace", Bar: 6}, false},
		"another rule":     {engine.Finding{Rule: "frequency", Waivable: true, What: "pace", Bar: 7}, false},
		"something else":   {engine.Finding{Rule: "pace", Waivable: true, What: "other", Bar: 7}, false},
		"what nobody lets": {engine.Finding{Rule: "pace", What: "pace", Bar: 7}, false},
	} {
		if ws[1].Covers(c.finding) != c.covers {
			t.Errorf("%s: covers %t", name, !c.covers)
		}
	}
}
