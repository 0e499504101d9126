package engine

// BreakAfter is how many attempts in a row may fail at a channel, or stay of unknown outcome, before the channel is paused.
const BreakAfter = 3

// Breaker is how a channel has fared since its last success, or since a person let it go on. While it is paused nothing new is begun there:
// what is cleared waits, and only a person ends the pause. What is certainly not out and worth another try, such as a line that could not
// be opened, counts neither way.
type Breaker struct {
	Channel     string
	Failed      int    // attempts in a row that the channel refused: the piece, or koira's credentials
	Unconfirmed int    // attempts in a row of which nobody knew what became; a failed one between them does not end the row
	Pause       *Pause // nil while the channel is used
}

// Full reports whether the channel is to be paused.
func (b Breaker) Full() bool { return b.Failed >= BreakAfter || b.Unconfirmed >= BreakAfter }
