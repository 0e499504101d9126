package guard

import (
	"fmt"

	"koira/engine"
)

// channels is the allow-list: what is not on it is not allowed.
func channels(v engine.View) []engine.Finding {
	if v.Guardrails.Channels[v.Output.Channel] {
		return nil
	}
	return block(fmt.Sprintf("The channel %q is not allowed.", v.Output.Channel), fmt.Sprintf("An owner allows it: /guardrails channel on %s", v.Output.Channel))
}
