package engine

import "slices"

// Rung is one row of the autonomy ladder: what happens by itself at a level. What becomes of a piece is told by [Ships].
type Rung struct {
	Plans     bool // koira starts cycles
	Writes    bool // koira writes the copy
	Publishes bool // koira may call the channel; below, people post by hand
	Queues    bool // what an approver puts into the task's calendar of their own goes out at its time, without another yes
	Unasked   bool // pieces that the gate passes may go out without a yes
	Checks    bool // of those, a sample and what cannot be taken back wait for one, and the rest go once people have had time to look
	Learns    bool // what results say is followed up
	Adapts    bool // learned changes are applied; otherwise they are proposed
}

var rungs = [...]Rung{
	L0: {},
	L1: {Writes: true},
	L2: {Publishes: true, Queues: true},
	L3: {Plans: true, Writes: true, Publishes: true, Learns: true},
	L4: {Plans: true, Writes: true, Publishes: true, Learns: true, Adapts: true, Unasked: true, Checks: true},
	L5: {Plans: true, Writes: true, Publishes: true, Learns: true, Adapts: true, Unasked: true},
}

// Rung returns l's row of the ladder; an unknown level gets L0's.
func (l Level) Rung() Rung {
	if l < L0 || l > L5 {
		return rungs[L0]
	}
	return rungs[l]
}

// Above returns the next rung on the path L1 → L3 → L4 → L5, and false where there is none. L0 and L2 are choices, not rungs: from L0 a
// task enters at L1, from L2 at L3.
func (l Level) Above() (Level, bool) {
	switch l {
	case L0:
		return L1, true
	case L1, L2:
		return L3, true
	case L3:
		return L4, true
	case L4:
		return L5, true
	}
	return l, false
}

// Below returns the rung to which a lowering leads: L5 → L4 → L3 → L1, and false where there is none.
func (l Level) Below() (Level, bool) {
	switch l {
	case L5:
		return L4, true
	case L4:
		return L3, true
	case L3, L2:
		return L1, true
	}
	return l, false
}

// levelCap is one reason why a task may not stand above a level, however good its record. A cap at L4 means L4 with every piece waiting.
type levelCap struct {
	level Level
	why   string
	hits  func(Task, Exposure) bool
}

func nature(n Nature) func(Task, Exposure) bool {
	return func(t Task, _ Exposure) bool { return slices.Contains(t.Nature, n) }
}

// levelCaps is the design's list, a row each; a test holds it to a table written by hand.
var levelCaps = []levelCap{
	{L1, "only people hold the information it needs", nature(NaturePeopleKnow)},
	{L1, "a relationship is at stake", nature(NatureRelationship)},
	{L4, "it is sensitive for the brand", nature(NatureBrand)},
	{L4, "it needs a legal review", nature(NatureLegal)},
	{L4, "it speaks in a crisis", nature(NatureCrisis)},
	{L4, "it speaks on breaking news", nature(NatureNews)},
	{L4, "it announces prices", nature(NaturePricing)},
	{L4, "too few pieces have been measured on this channel for these readers", func(_ Task, x Exposure) bool { return x.Measured < BaselinePieces }},
	{L4, "one piece touches more than your line for what goes out unasked", func(t Task, x Exposure) bool { return x.Beyond(t) }},
	{L4, "what it sends can neither be taken back, nor stopped, nor held to a few readers", func(_ Task, x Exposure) bool {
		return !x.Traits.Retract && !x.Traits.Halt && !x.Cappable()
	}},
	{L4, "nothing reads the results of its channel", func(_ Task, x Exposure) bool { return !x.Metered }},
}

// Cap returns the highest level that t may ever hold as things are, and why; L5 and no reason when nothing caps it. Below L5, nothing of t goes
// out without a yes, whatever was granted: the gate holds that at every stage.
func Cap(t Task, x Exposure) (Level, []string) {
	top, why := L5, []string(nil)
	for _, c := range levelCaps {
		if c.hits(t, x) {
			top = min(top, c.level)
			why = append(why, c.why)
		}
	}
	return top, why
}

// Acting is the level as which t runs: its own, or L1 where its nature caps it there, whatever was granted. What is capped at L4 keeps its level
// and waits piece by piece.
func (t Task) Acting() Level {
	for _, n := range []Nature{NaturePeopleKnow, NatureRelationship} {
		if slices.Contains(t.Nature, n) {
			return min(t.Level, L1)
		}
	}
	return t.Level
}
