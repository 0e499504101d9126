package engine

import (
	"slices"
	"time"
)

// Cause is why a task was lowered, or paused to resume one level lower.
type Cause string

const (
	CauseSerious   Cause = "serious"    // a piece was rejected as serious
	CauseTakenDown Cause = "taken-down" // a piece that was out was taken down
	CauseBreach    Cause = "breach"     // a rule that held when a piece went out should have stopped it
	CauseAnomaly   Cause = "anomaly"    // results broke off, or people left
	CauseThreshold Cause = "threshold"  // it stood beyond one of its limits
	CauseApprovals Cause = "approvals"  // fewer of its pieces passed unchanged
	CauseLapse     Cause = "lapse"      // who writes, in which voice, through which door or to whom is not what it was allowed for
	CauseIdle      Cause = "idle"       // it has not run for long
	CauseWalls     Cause = "walls"      // a person took away what it must have to go out unasked
)

// Causes lists them all.
var Causes = []Cause{CauseSerious, CauseTakenDown, CauseBreach, CauseAnomaly, CauseThreshold, CauseApprovals, CauseLapse, CauseIdle, CauseWalls}

// Breach reports whether c speaks against the task. A lapse does not: what people proved of it was proved of something else, or long ago. Nor does a
// wall that is gone: what people proved holds, and is enough again once the wall stands.
func (c Cause) Breach() bool { return c != CauseLapse && c != CauseIdle && c != CauseWalls }

// Lowering is what a lowering rests on. It is written down with its Decision, which says the same in words, and never changes.
type Lowering struct {
	Decision string
	Task     string
	At       time.Time
	From, To Level // equal when the task was paused instead; it resumes one level lower
	Cause    Cause
	Pieces   []string // outputs that are the evidence, oldest first; empty where there is none
	Luck     float64  // at most so likely by luck alone, for approvals with each piece anew; 0 where luck has no part in it
}

// Footing is what a level was allowed for: with any of it changed, the record behind the level is of something else, and the level lapses.
type Footing struct {
	Writer                    string // who writes, and with which prompt
	Voice                     Voice
	Locked                    bool
	Required                  []string
	Channel, Account, Segment string
}

// FootingOf is what a task stands on now. Of the voice lock the words that every piece holds are a part; limits that code holds (banned words,
// length, grade) are not, since the gate holds every piece to the newest.
func FootingOf(t Task, s Strategy, g Guardrails, writer string) Footing {
	return Footing{
		Writer: writer, Voice: s.Voice, Locked: g.Voice.Locked, Required: slices.Sorted(slices.Values(g.Voice.Required)),
		Channel: t.Channel, Account: t.Account, Segment: t.Segment,
	}
}

// Same reports whether f and now are the same to the letter, also where a difference costs nothing.
func (f Footing) Same(now Footing) bool {
	return f.Writer == now.Writer && f.Channel == now.Channel && f.Account == now.Account && f.Segment == now.Segment && f.Voice.Same(now.Voice) &&
		f.Locked == now.Locked && slices.Equal(f.Required, now.Required)
}

// Changed says in words what is not the same in now, "" when all is. A writer or a voice that was not known yet says nothing, and a voice that is
// locked meanwhile is the same voice.
func (f Footing) Changed(now Footing) string {
	var what []string
	if f.Channel != now.Channel || f.Account != now.Account || f.Segment != now.Segment {
		what = append(what, "its channel or readers")
	}
	known := f.Voice.Tone != "" || f.Voice.Person != "" || len(f.Voice.Examples) > 0
	if known && !f.Voice.Same(now.Voice) {
		what = append(what, "the voice")
	}
	if f.Locked && (!now.Locked || !slices.Equal(f.Required, now.Required)) {
		what = append(what, "the voice lock")
	}
	if f.Writer != "" && f.Writer != now.Writer {
		what = append(what, "who writes")
	}
	if len(what) == 0 {
		return ""
	}
	return List(what) + " changed"
}
