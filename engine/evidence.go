package engine

// TrustRule is what a task must have shown before an owner may let it run by itself (L5). A field that is 0 is the default's.
type TrustRule struct {
	Often     int `json:"often,omitzero"`     // reviewed pieces, for frequent social posts; 20
	Usual     int `json:"usual,omitzero"`     // for what is none of the two others; 30
	Sensitive int `json:"sensitive,omitzero"` // where highly sensitive, and for broadcast e-mail; 50

	Low    int `json:"low,omitzero"`    // of 100 that must be proven to pass unchanged, where the sensitivity is low; 80
	Normal int `json:"normal,omitzero"` // 85
	High   int `json:"high,omitzero"`   // 90
}

// Needed is how many reviewed pieces t needs before L5.
func (r TrustRule) Needed(t Task) int {
	switch {
	case t.Sensitivity == High || t.Kind == KindEmail:
		return orElse(r.Sensitive, 50)
	case t.Kind == KindSocial && t.Frequency == High:
		return orElse(r.Often, 20)
	}
	return orElse(r.Usual, 30)
}

// Bar is the share, 0..1, that must be proven before L5.
func (r TrustRule) Bar(t Task) float64 {
	percent := orElse(r.Normal, 85)
	switch t.Sensitivity {
	case High:
		percent = orElse(r.High, 90)
	case Low:
		percent = orElse(r.Low, 80)
	}
	return float64(percent) / 100
}

func orElse(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}

// BaselinePieces is how many measured pieces a channel and segment need before anything goes out on them unasked: fewer are no baseline.
const BaselinePieces = 6

// Exposure is what of a task's surroundings may cap its level, beside its own nature.
type Exposure struct {
	Traits   Traits    // of its channel
	Metered  bool      // something reads the channel's results
	Line     BlastRule // the owner's line: what one piece may touch without a yes
	Audience int       // people whom one piece may reach; 0 when not known
	Measured int       // pieces of its channel and segment that were read at least once, counted up to BaselinePieces
}

// Cappable reports whether the reach of what cannot be taken back can be held down: the channel sends to a part of a segment, and people have
// said to how many at most.
func (x Exposure) Cappable() bool { return x.Traits.Part && x.Line.Permanent > 0 }

// Beyond reports whether one piece of t touches more than the owner's line. A channel that can send to a part of a segment brings the number of
// people down to it instead.
func (x Exposure) Beyond(t Task) bool {
	people := x.Line.People > 0 && x.Audience > x.Line.People
	if !x.Traits.Retract && !x.Traits.Halt {
		people = people || x.Line.Permanent > 0 && x.Audience > x.Line.Permanent
	}
	return people && !x.Traits.Part || x.Line.Money > 0 && t.CostMax > x.Line.Money
}

// BaselineVerdict is what a review of a task's results, 30 days after it began to run with less asking, said of them.
type BaselineVerdict string

const (
	BaselineNone     BaselineVerdict = "" // not reviewed yet
	BaselineHeld     BaselineVerdict = "held"
	BaselineImproved BaselineVerdict = "improved"
	BaselineDeclined BaselineVerdict = "declined"
	BaselineUnknown  BaselineVerdict = "not enough data"
)

// Good reports whether v lets further tasks be offered L5.
func (v BaselineVerdict) Good() bool { return v == BaselineHeld || v == BaselineImproved }

// DecidedBaseline is what a Decision is about that holds such a review: its To is the verdict.
const DecidedBaseline = "baseline"

// BaselineOf returns the newest verdict among one task's decisions, which come newest first.
func BaselineOf(ds []Decision) BaselineVerdict {
	for _, d := range ds {
		if d.What == DecidedBaseline {
			return BaselineVerdict(d.To)
		}
	}
	return BaselineNone
}
