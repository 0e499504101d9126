package engine

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

// levelCap is one reason why a task may not stand above a level, however good its record.
type levelCap struct {
	level Level
	why   string
	hits  func(Task, Traits) bool
}

func nature(n Nature) func(Task, Traits) bool {
	return func(t Task, _ Traits) bool {
		for _, x := range t.Nature {
			if x == n {
				return true
			}
		}
		return false
	}
}

var levelCaps = []levelCap{
	{L1, "only people hold the information it needs", nature(NaturePeopleKnow)},
	{L1, "a relationship is at stake", nature(NatureRelationship)},
	{L4, "it is sensitive for the brand or legally reviewed", nature(NatureBrand)},
	{L4, "it speaks in a crisis or on breaking news", nature(NatureCrisis)},
	{L4, "it announces prices", nature(NaturePricing)},
	{L4, "what it sends can neither be taken back nor stopped", func(_ Task, t Traits) bool { return !t.Retract && !t.Halt }},
}

// Cap returns the highest level that t may ever hold on a channel with these traits, and why; L5 and no reason when nothing caps it.
func Cap(t Task, tr Traits) (Level, []string) {
	top, why := L5, []string(nil)
	for _, c := range levelCaps {
		if c.hits(t, tr) {
			top = min(top, c.level)
			why = append(why, c.why)
		}
	}
	return top, why
}
