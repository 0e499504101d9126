package engine

import "time"

// Signs is what is known of a piece before anybody has looked at it: what its confidence is estimated from. Each is a share from 0 to 1,
// where more means more doubt, so that a weight reads the same for all.
type Signs struct {
	Margin   float64 `json:"margin"`   // how near its nearest limit it stands: 0 up to half of the limit, 1 at it
	Warnings float64 `json:"warnings"` // what rules warned of: a third each
	Untried  float64 `json:"untried"`  // how many of its choices have hardly been tried
	Voice    float64 `json:"voice"`    // how far it sounds from the approved texts; 0 where a text is too short to tell
	Refused  float64 `json:"refused"`  // how many of the task's last pieces people changed or refused
	Doubt    float64 `json:"doubt"`    // 1 where its writer doubts it
	Opinion  float64 `json:"opinion"`  // how much a model doubts that it sounds like the business; 0 where none gave an opinion
}

// Estimate is what koira thought of a piece when it was drafted. It is kept as it was, whatever becomes of the piece.
type Estimate struct {
	Output     string
	Task       string
	At         time.Time
	Signs      Signs
	Confidence float64 // probability that a reviewer approves it unchanged
	Line       float64 // below it the piece asks a person, at every level; 0 for none
	Heard      bool    // whether Signs.Voice was measured
	Alone      bool    // it was to go out by itself but for a doubt: no level, limit or random check had it wait for a person
}

// Doubted reports whether a doubt of koira's, and nothing else, put the piece before people. Such pieces pass more seldom than the others of their task do,
// and are no sample of them.
func (e Estimate) Doubted() bool { return e.Alone && e.Confidence < e.Line }

// Unsought reports whether nobody was asked about the piece. Where somebody speaks up all the same it is mostly to say no, since a piece that is fine is
// let go in silence: what they said tells nothing of how many are fine.
func (e Estimate) Unsought() bool { return e.Alone && e.Confidence >= e.Line }

// Judged is an estimate with what people then said.
type Judged struct {
	Estimate
	Unchanged bool // approved, or published by hand, exactly as it was drafted
	Reviewed  time.Time
}

// JudgedOf joins estimates with what people said of the same pieces, in the order of the estimates. A piece that nobody has judged is left out.
func JudgedOf(estimates []Estimate, reviews []Review) []Judged {
	said := make(map[string]Review, len(reviews))
	for _, r := range reviews {
		said[r.Output] = r
	}
	var judged []Judged
	for _, e := range estimates {
		if r, ok := said[e.Output]; ok {
			judged = append(judged, Judged{Estimate: e, Unchanged: r.Unchanged(), Reviewed: r.At})
		}
	}
	return judged
}
