package engine

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Absence is an owner's word that they are away: until when, who decides meanwhile, and how much koira may do without them. It holds until its
// time has come or they say that they are back. An owner has at most one that runs.
type Absence struct {
	ID       string
	Owner    string // user id
	From     time.Time
	Until    time.Time // exclusive
	Delegate string    // user id of who may approve meanwhile, "" for nobody
	MaxLevel Level     // L3..L5: no task acts above it; none changes its own level
	Capped   bool      // Budget is the most that may be spent in that time; otherwise only the caps of every day hold
	Budget   Money
	Seq      int64 // the log's newest line before it began
	Entry    int64 // the ledger's newest line before it began
	EndedAt  time.Time
	EndedBy  string // the owner, or koira when its time had come
}

// LongestAbsence is how far ahead somebody may say that they are away.
const LongestAbsence = 90 * 24 * time.Hour

// LeastAway is the lowest level that an absence may hold tasks to: each piece waits for a yes. Below it koira would not work at all, and for that
// there is the stop.
const LeastAway = L3

// Holds reports whether a holds at t.
func (a Absence) Holds(t time.Time) bool {
	return a.EndedAt.IsZero() && !t.Before(a.From) && t.Before(a.Until)
}

// Away is what holds while no owner is there; the zero Away is that of a business with an owner present.
type Away struct {
	Until    time.Time // when the first of them is back
	MaxLevel Level     // the lowest that one of them set
	Level    Level     // in a View: the task's own level, which View.Task.Level is held to MaxLevel
	Caps     []AwayCap // in a View
}

// Holds reports whether anything is limited.
func (a Away) Holds() bool { return !a.Until.IsZero() }

// AwayCap is the most that one absence lets be spent, as one piece stands against it.
type AwayCap struct {
	Limit Money
	Used  Money // spent since it began, and what is set aside of pieces that are due before it ends, without the piece's own
}

// AwayAt is what of all holds for what goes out at t. Each owner is away or present for themselves; koira is limited only while none of owners is
// present, and then by the tightest of what they said. An absence of somebody who is no owner any more counts for nothing. With owners unknown
// (none) anybody's counts. holds are the absences that limit.
func AwayAt(owners []string, all []Absence, t time.Time) (away Away, holds []Absence) {
	away.MaxLevel = L5
	for _, a := range all {
		if !a.Holds(t) || len(owners) > 0 && !slices.Contains(owners, a.Owner) {
			continue
		}
		holds = append(holds, a)
		away.MaxLevel = min(away.MaxLevel, a.MaxLevel)
		if away.Until.IsZero() || a.Until.Before(away.Until) {
			away.Until = a.Until
		}
	}
	for _, o := range owners {
		if o != Koira.ID && !slices.ContainsFunc(holds, func(a Absence) bool { return a.Owner == o }) {
			return Away{}, nil
		}
	}
	if len(holds) == 0 {
		return Away{}, nil
	}
	return away, holds
}

// Delegates reports whether one of all lets id decide at t: who gave that is away, and id is not.
func Delegates(all []Absence, id string, t time.Time) bool {
	given := false
	for _, a := range all {
		if !a.Holds(t) {
			continue
		}
		if a.Owner == id {
			return false
		}
		given = given || a.Delegate == id && id != ""
	}
	return given
}

// Permanent reports whether what t's channel sends can neither be taken back nor stopped, or is broadcast by e-mail: it is out for good once it is out.
func (t Task) Permanent(tr Traits) bool { return !tr.Retract && !tr.Halt || t.Kind == KindEmail }

// Withdrawn begins why a draft ended that was written for a date which passed while no owner was there.
const Withdrawn = "Withdrawn"

// DatedUntil is until when o may be said, and what bounds it: the offer that it carries, or the facts of its theme. Zero for a piece without a date.
func (s Strategy) DatedUntil(o Output) (what string, until time.Time) {
	earlier := func(text string, from, end time.Time) {
		if !end.IsZero() && (Fact{From: from, Until: end}).Holds(o.Slot) && (until.IsZero() || end.Before(until)) {
			what, until = text, end
		}
	}
	if offer, ok := s.Offer(o.Campaign); ok {
		earlier(offer.Text, offer.From, offer.Until)
	}
	for _, t := range s.Themes {
		if t.Key != o.Arms.Theme {
			continue
		}
		for _, f := range s.Facts {
			if slices.Contains(t.Facts, f.Key) {
				earlier(f.Text, f.From, f.Until)
			}
		}
	}
	return what, until
}

// silencePrefix begins the subject of the report on a silence; no absence's id holds its colon.
const silencePrefix = "silent:"

// SilenceSubject names the silence of owners that followed the log's line seq.
func SilenceSubject(seq int64) string { return silencePrefix + strconv.FormatInt(seq, 10) }

// ParseSilence reads what SilenceSubject wrote, and false for the id of an absence.
func ParseSilence(subject string) (seq int64, ok bool) {
	n, is := strings.CutPrefix(subject, silencePrefix)
	if !is {
		return 0, false
	}
	seq, err := strconv.ParseInt(n, 10, 64)
	return seq, err == nil && seq >= 0
}
