package guard

import (
	"fmt"

	"koira/engine"
)

// channels is the allow-list: what is not on it is not allowed. What is on it, and was taken out of the config file since, is no way out either: whoever
// is asked for a yes reads that it alone gets nothing out there.
func channels(v engine.View) []engine.Finding {
	switch name := v.Output.Channel; {
	case !v.Guardrails.Channels[name]:
		return block(fmt.Sprintf("The channel %q is not allowed.", name), fmt.Sprintf("An owner allows it: /guardrails channel on %s", name))
	case v.Stage != engine.StageDraft && v.Traits.Name == "":
		return []engine.Finding{{
			Outcome: engine.Warn, Evidence: fmt.Sprintf("The channel %q is allowed, but it is not set up any more: nothing goes out there, with a yes or without.", name),
			Remedy: "Add it to the config file again and start me anew, or reject the piece.",
		}}
	}
	return nil
}
