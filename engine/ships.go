package engine

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// Way is how a piece leaves that the gate passes.
type Way string

const (
	WayHand   Way = "hand"   // people publish it
	WayYes    Way = "yes"    // after a person's yes to it
	WayWindow Way = "window" // at its time unless stopped, once people have had time to look at its card
	WayAlone  Way = "alone"  // at its time
)

// Passage is how a piece leaves, and why it waits for a person, in words for its card; "" where it does not.
type Passage struct {
	Way Way
	Why string
}

// Unasked reports whether the piece leaves without anybody's yes.
func (p Passage) Unasked() bool { return p.Way == WayWindow || p.Way == WayAlone }

// Ships says what level l lets become of o, which the gate passes, on a channel with these traits. missing is what the task's record lacks before
// its pieces may go out unasked at L4, "" for nothing. It is the ladder's rule and nothing else: it asks neither for the grant that a level needs
// nor for the time that is left, so that it also tells what another level would have done.
func Ships(l Level, o Output, tr Traits, missing string, r ReviewRule) Passage {
	rung := l.Rung()
	switch {
	case !rung.Publishes:
		return Passage{WayHand, "you publish it by hand (" + l.String() + ")"}
	case !rung.Unasked:
		return Passage{WayYes, cmp.Or(o.WaitsFor, "each waits for your yes ("+l.String()+")")}
	case !o.Unasked():
		return Passage{WayYes, cmp.Or(o.WaitsFor, "a person had a hand in it, so it waits for a yes")}
	case !rung.Checks:
		return Passage{Way: WayAlone}
	case missing != "":
		return Passage{WayYes, "each waits for your yes while the record is short: " + missing}
	case o.Kind == KindEmail || !tr.Retract && !tr.Halt:
		return Passage{WayYes, "it cannot be taken back once it is out"}
	case r.Samples(o.Digest):
		return Passage{WayYes, fmt.Sprintf("random check (1 in %d)", r.Share())}
	}
	return Passage{Way: WayWindow}
}

// ReviewRule is how pieces are looked at that go out unless stopped (L4). A zero field is its default.
type ReviewRule struct {
	Sample int `json:"sample,omitempty"` // 1 in so many waits for a yes; 5 by default, 1 lets each wait
	Window int `json:"window,omitempty"` // minutes that people have to look, counted from when the card was delivered; 240 by default
	From   int `json:"from,omitempty"`   // hours of the day in which they count: 8 and 20 by default
	To     int `json:"to,omitempty"`

	Zone string `json:"zone,omitempty"` // of that day, where those who look live elsewhere than the business: an IANA name
}

// What is usual of a [ReviewRule].
const (
	UsualShare  = 5
	UsualWindow = 240 // minutes
)

// Share is of how many pieces one is checked by chance.
func (r ReviewRule) Share() int { return cmp.Or(r.Sample, UsualShare) }

// Words says r for people: "1 in 5 waits for your yes; 4 h to look at the others, of the hours 08–20 in Europe/Lisbon".
func (r ReviewRule) Words() string {
	share := fmt.Sprintf("1 in %d waits for a yes", r.Share())
	if r.Share() == 1 {
		return "each waits for a yes"
	}
	from, to := r.Hours()
	words := fmt.Sprintf("%s; %s to look at each of the others, of the hours %02d–%02d", share, spanWords(r.Length()), from, to)
	if r.Zone != "" {
		words += " in " + r.Zone
	}
	return words
}

// spanWords writes a length of time as people read it: "1 h 30 min".
func spanWords(d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %d min", h, m)
}

// Samples reports whether the piece with this digest is one of those that are looked at: which, nobody chooses and everybody can work out again.
func (r ReviewRule) Samples(d Digest) bool {
	const digits = 15 // of the hash, which is evenly spread
	n, err := strconv.ParseUint(string(d[:min(digits, len(d))]), 16, 64)
	return err != nil || n%uint64(r.Share()) == 0
}

// Place is the zone of the day in which people's time to look counts: its own, or the business's.
func (r ReviewRule) Place(business *time.Location) *time.Location {
	if l, err := LoadZone(r.Zone); err == nil {
		return l
	}
	return business
}

// Hours is the part of the day that counts as time to look, in hours of the day.
func (r ReviewRule) Hours() (from, to int) {
	if r.To <= r.From {
		return 8, 20
	}
	return r.From, r.To
}

// Length is how long people have to look.
func (r ReviewRule) Length() time.Duration {
	return time.Duration(cmp.Or(r.Window, UsualWindow)) * time.Minute
}

// Over is when people have had their time to look at what was shown then, of which only the hours count in which they are awake.
func (r ReviewRule) Over(shown time.Time, business *time.Location) time.Time {
	from, to := r.Hours()
	zone := r.Place(business)
	left, at := r.Length(), shown
	for {
		y, m, d := at.In(zone).Date()
		opens, closes := time.Date(y, m, d, from, 0, 0, 0, zone), time.Date(y, m, d, to, 0, 0, 0, zone)
		if at.Before(opens) {
			at = opens
		}
		if rest := closes.Sub(at); rest >= left {
			return at.Add(left).UTC()
		} else if rest > 0 {
			left -= rest
		}
		at = time.Date(y, m, d+1, from, 0, 0, 0, zone)
	}
}
