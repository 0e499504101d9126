package blocks

import (
	"time"

	"koira/engine"
	"koira/engine/report"
)

// Drill answers what a drill showed: how long the pause took, and that the next piece was refused.
// What somebody paused in earnest meanwhile stays so.
func Drill(task string, took time.Duration, piece *engine.Output, stays bool, f report.Frame) Message {
	held := md("It has no cleared piece at the moment, so there was nothing to refuse.")
	if piece != nil {
		held = "Its next piece, planned " + onDay(piece.Slot, f) + ", was refused at the last check while it stood."
	}
	after := md("It runs again as before. Nothing went out, and nothing counts against it. Nothing is needed.")
	if stays {
		after = "It stays paused: somebody paused it meanwhile. Nothing went out, and nothing counts against it. Nothing is needed."
	}
	return message("Drill: the pause held.", section(lines(
		"*Drill on "+says(task, nameMax)+".* A made-up breach paused it in "+md(milliseconds(took))+".",
		held,
		after,
	)))
}

// milliseconds writes a short span; what is shorter than one is said so.
func milliseconds(d time.Duration) string {
	if d < time.Millisecond {
		return "under 1 ms"
	}
	return number(d.Milliseconds()) + " ms"
}
