package guard

import (
	"fmt"

	"koira/engine"
)

// strategy holds that people still want what a piece is for: that its readers are a segment of the strategy, and its theme one of its themes. People's
// own texts have no theme.
func strategy(v engine.View) []engine.Finding {
	var found []engine.Finding
	if k := v.Output.Segment; k != "" && !v.Strategy.HasSegment(k) {
		found = append(found, engine.Finding{
			Outcome: engine.Block, Evidence: fmt.Sprintf("It speaks to %q, who are no segment of your strategy any more.", k),
			Remedy: "Reject it, or take those readers into the strategy again.",
		})
	}
	if k := v.Output.Arms.Theme; k != "" && !v.Strategy.HasTheme(k) {
		found = append(found, engine.Finding{
			Outcome: engine.Block, Evidence: fmt.Sprintf("Its theme %q is not in your strategy any more.", k),
			Remedy: "Reject it, or take the theme into the strategy again.", Waivable: true,
		})
	}
	return found
}
