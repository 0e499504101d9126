package desk

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

// shows are the acts that the machine does not play: they put something before people and change nothing, of which the tables hold every cell.
var shows = map[string]string{
	"FactNow":        "where a fact stands now; confirm, remove and apply look themselves",
	"MaySign":        "what a signature is for; Sign begins with it",
	"ProposeAway":    "what going away means; GoAway begins with it",
	"ProposeLevel":   "what a level means; SetLevel and WishLevel begin with it",
	"ProposeOnce":    "what a piece needs to pass; AllowOnce and ApproveAnyway begin with it",
	"Reopen":         "a change of the limits that was asked for; Confirm works it out anew",
	"ReopenStrategy": "a change of the strategy that was asked for; ApplyStrategy works it out anew",
	"Request":        "how a request stands",
	"TryFacts":       "what a change of the facts would do; ApplyFact works it out anew",
}

// TestTheMachinePlaysEveryAct: whatever of a desk takes somebody who acts is played by the machine, or only shows: a new act comes to this test first,
// and one that has come to change something may not stay unplayed.
func TestTheMachinePlaysEveryAct(t *testing.T) {
	played, changes := map[string]bool{}, map[string]bool{}
	for _, file := range parsed(t, "machine_*test.go") {
		maps.Copy(played, actsIn(file, "m"))
	}
	for _, file := range parsed(t, "matrix_*test.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			row, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			if _, ok := row.Value.(*ast.CompositeLit); ok && worksIn(row) {
				maps.Copy(changes, actsIn(row, "w"))
			}
			return true
		})
	}
	for _, name := range deskActs() {
		why := shows[name]
		switch {
		case played[name] && why != "":
			t.Errorf("%s is played; a reason says why not: %s", name, why)
		case !played[name] && why == "":
			t.Errorf("%s is not played by the machine, and no reason says why", name)
		case why != "" && changes[name]:
			t.Errorf("%s changes something in a row of the tables, and is not played: %s", name, why)
		}
	}
	for name := range shows {
		if !slices.Contains(deskActs(), name) {
			t.Errorf("there is no act %s", name)
		}
	}
	t.Logf("%d acts are played", len(played))
}

// worksIn reports whether a cell of a row of the tables says that the act works.
func worksIn(row ast.Node) (works bool) {
	ast.Inspect(row, func(n ast.Node) bool {
		cells, ok := n.(*ast.CompositeLit)
		if !ok || cells.Type == nil || types.ExprString(cells.Type) != "rows" {
			return true
		}
		for _, line := range cells.Elts {
			works = works || strings.Contains(types.ExprString(line), "y")
		}
		return false
	})
	return works
}
