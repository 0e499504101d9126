package guard

import (
	"fmt"

	"koira/engine"
)

// stopped and paused hold at the claim only: people may prepare work while everything stands still.
func stopped(v engine.View) []engine.Finding {
	if v.Stage != engine.StageClaim || !v.Control.Stopped {
		return nil
	}
	return later("Everything is stopped.", "An owner resumes.")
}

func paused(v engine.View) []engine.Finding {
	if v.Stage != engine.StageClaim || v.Task.Paused == nil {
		return nil
	}
	return later(fmt.Sprintf("%s is paused: %s", v.Task.Name, v.Task.Paused.Why), "Resume the task.")
}
