package engine

import (
	"slices"
	"sync"
	"time"
)

// Strategy is what people own: the what and the why. It is versioned; koira reads it and never edits it.
type Strategy struct {
	Version       int            `json:"version"`
	Business      Business       `json:"business"`
	Goals         []Goal         `json:"goals"`
	Segments      []Segment      `json:"segments"`
	Themes        []Theme        `json:"themes"`
	CallsToAction []CallToAction `json:"calls_to_action"`
	Offers        []Offer        `json:"offers"`
	Facts         []Fact         `json:"facts"`
	Voice         Voice          `json:"voice"`
}

// Business is who speaks.
type Business struct {
	Name     string `json:"name"`
	About    string `json:"about"` // one sentence
	Zone     string `json:"zone"`  // IANA name, such as "Europe/Helsinki"
	Currency string `json:"currency"`
	Link     string `json:"link"`
}

// zones keeps the time zones that were read: name → *time.Location. LoadLocation reads its file anew each time.
var zones sync.Map

// Location returns the business's time zone; an unknown name, which config refuses, gives UTC.
func (b Business) Location() *time.Location {
	l, err := LoadZone(b.Zone)
	if err != nil {
		return time.UTC
	}
	return l
}

// LoadZone returns the time zone with an IANA name, code invalid where there is none. What the machine calls its own is not one: it would be another
// elsewhere.
func LoadZone(name string) (*time.Location, error) {
	if l, ok := zones.Load(name); ok {
		return l.(*time.Location), nil
	}
	l, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, Errorf(CodeInvalid, "There is no time zone %q.", name)
	}
	zones.Store(name, l)
	return l, nil
}

// Goal is what the marketing is for.
type Goal struct {
	Key    string `json:"key"`
	Text   string `json:"text"`
	Metric Metric `json:"metric"`
}

// Segment is an audience that tasks speak to. Size is the number of people; the count that a channel reports wins at sending.
type Segment struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Size int    `json:"size"`
}

// Theme is a subject that tasks may write about.
type Theme struct {
	Key   string   `json:"key"`
	Text  string   `json:"text"`
	Facts []string `json:"facts"` // keys of the facts that a piece on this theme may use
}

// CallToAction is one allowed ask, with the only link that may stand beside it.
type CallToAction struct {
	Key  string `json:"key"`
	Text string `json:"text"`
	Link string `json:"link"`
}

// Offer is a dated promise, and the campaign that carries it. What it may cost in all is a [BudgetRule].
type Offer struct {
	Key   string    `json:"key"`
	Text  string    `json:"text"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Offer returns the offer with that key, and false where there is none.
func (s Strategy) Offer(key string) (Offer, bool) {
	for _, o := range s.Offers {
		if o.Key == key && key != "" {
			return o, true
		}
	}
	return Offer{}, false
}

// Fact is one true statement about the business with the dates between which it may be said. A zero time is open-ended.
type Fact struct {
	Key     string    `json:"key"`
	Text    string    `json:"text"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Checked time.Time `json:"checked"` // when a person last saw that it is so; zero means never, which is too old wherever facts age
}

// Holds reports whether f may be said at t. Until is exclusive.
func (f Fact) Holds(t time.Time) bool {
	return (f.From.IsZero() || !t.Before(f.From)) && (f.Until.IsZero() || t.Before(f.Until))
}

// Voice is how the business sounds. The limits that code holds are a [VoiceRule].
type Voice struct {
	Tone     string   `json:"tone"`
	Examples []string `json:"examples"`
	Person   string   `json:"person"` // "we" or "I"
}

// Same reports whether v and o are the same voice.
func (v Voice) Same(o Voice) bool {
	return v.Tone == o.Tone && v.Person == o.Person && slices.Equal(v.Examples, o.Examples)
}

// Reach is how many people a segment has as people set it; 0 for an unknown one.
func (s Strategy) Reach(segment string) int {
	for _, x := range s.Segments {
		if x.Key == segment {
			return x.Size
		}
	}
	return 0
}
