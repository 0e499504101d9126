package engine

// Came is how a piece came before people, as koira left it before anybody had a hand in it. It tells what their judgement says of the task's other pieces.
type Came string

const (
	CameAsked   Came = "asked"   // they see it whatever koira thinks of it: each waits, it is a random check, it cannot be taken back, a limit lets it wait
	CameDoubted Came = "doubted" // koira doubted it; else it would have gone out by itself
	CameAlone   Came = "alone"   // it was to go out by itself: nobody was asked, and whoever spoke up did so unbidden
	CameBarred  Came = "barred"  // a rule held it, and they decided with that before them
)

// Showing is one piece as it came before people, and what they said of it. Of a piece that went out by itself while nobody said a word the Verdict is "", and
// At is when it went out.
type Showing struct {
	Review
	Came Came
	Sure float64 // koira's confidence that it would pass unchanged, as the piece was drafted; 0 where it gave none
}
