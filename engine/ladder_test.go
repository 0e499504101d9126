package engine

import (
	"slices"
	"testing"
)

// TestCaps is the design's list of caps, written by hand: a row each.
func TestCaps(t *testing.T) {
	open := Exposure{Traits: Traits{Retract: true}, Metered: true, Measured: BaselinePieces, Audience: 1000}
	of := func(n Nature) func(*Task, *Exposure) { return func(t *Task, _ *Exposure) { t.Nature = []Nature{n} } }
	for name, c := range map[string]struct {
		spoil func(*Task, *Exposure)
		top   Level
	}{
		"nothing caps it":                          {func(*Task, *Exposure) {}, L5},
		"founder stories, new products, strategy":  {of(NaturePeopleKnow), L1},
		"outreach, partnerships, key accounts":     {of(NatureRelationship), L1},
		"brand-sensitive":                          {of(NatureBrand), L4},
		"legally reviewed":                         {of(NatureLegal), L4},
		"crisis":                                   {of(NatureCrisis), L4},
		"breaking news":                            {of(NatureNews), L4},
		"pricing change":                           {of(NaturePricing), L4},
		"channel or segment without a baseline":    {func(_ *Task, x *Exposure) { x.Measured = BaselinePieces - 1 }, L4},
		"no meter":                                 {func(_ *Task, x *Exposure) { x.Metered = false }, L4},
		"one reader above the owner's line":        {func(_ *Task, x *Exposure) { x.Line.People = 999 }, L4},
		"to the owner's line":                      {func(_ *Task, x *Exposure) { x.Line.People = 1000 }, L5},
		"above it, where fewer can be sent to":     {func(_ *Task, x *Exposure) { x.Line.People, x.Traits.Part = 999, true }, L5},
		"dearer than the owner's line":             {func(t *Task, x *Exposure) { t.CostMax, x.Line.Money = Unit+1, Unit }, L4},
		"as dear as the owner's line":              {func(t *Task, x *Exposure) { t.CostMax, x.Line.Money = Unit, Unit }, L5},
		"neither deletable, pausable nor cappable": {func(_ *Task, x *Exposure) { x.Traits.Retract = false }, L4},
		"pausable":                                 {func(_ *Task, x *Exposure) { x.Traits = Traits{Halt: true} }, L5},
		"could be capped, but no line is set":      {func(_ *Task, x *Exposure) { x.Traits = Traits{Part: true} }, L4},
		"cappable":                                 {func(_ *Task, x *Exposure) { x.Traits, x.Line.Permanent = Traits{Part: true}, 100 }, L5},
		"for good, to more than the owner's line":  {func(_ *Task, x *Exposure) { x.Traits, x.Line.Permanent = Traits{}, 999 }, L4},
		"the lowest of several counts": {func(t *Task, x *Exposure) {
			t.Nature, x.Metered = []Nature{NaturePricing, NatureRelationship}, false
		}, L1},
	} {
		task, x := Task{Level: L5}, open
		c.spoil(&task, &x)
		top, why := Cap(task, x)
		if top != c.top || (top < L5) != (len(why) > 0) {
			t.Errorf("%s: %s, %v; want %s", name, top, why, c.top)
		}
		if acts := task.Acting(); (acts == L1) != (c.top == L1) {
			t.Errorf("%s: it acts at %s", name, acts)
		}
	}
}

func TestTrustRule(t *testing.T) {
	own := TrustRule{Often: 12, Usual: 24, Sensitive: 40, Low: 70, Normal: 75, High: 95}
	for name, c := range map[string]struct {
		task   Task
		rule   TrustRule
		needed int
		bar    float64
	}{
		"frequent social":        {Task{Kind: KindSocial, Frequency: High, Sensitivity: Low}, TrustRule{}, 20, .80},
		"rare social":            {Task{Kind: KindSocial, Sensitivity: Normal}, TrustRule{}, 30, .85},
		"blog":                   {Task{Kind: KindBlog, Sensitivity: Normal}, TrustRule{}, 30, .85},
		"e-mail":                 {Task{Kind: KindEmail, Sensitivity: Low}, TrustRule{}, 50, .80},
		"sensitive social":       {Task{Kind: KindSocial, Frequency: High, Sensitivity: High}, TrustRule{}, 50, .90},
		"frequent social, own":   {Task{Kind: KindSocial, Frequency: High, Sensitivity: Low}, own, 12, .70},
		"blog, own":              {Task{Kind: KindBlog, Sensitivity: Normal}, own, 24, .75},
		"sensitive, own":         {Task{Kind: KindBlog, Sensitivity: High}, own, 40, .95},
		"only the bar is of own": {Task{Kind: KindBlog}, TrustRule{Normal: 60}, 30, .60},
	} {
		if n, b := c.rule.Needed(c.task), c.rule.Bar(c.task); n != c.needed || b != c.bar {
			t.Errorf("%s: %d reviews and %.2f, want %d and %.2f", name, n, b, c.needed, c.bar)
		}
	}
}

func TestBaselineOf(t *testing.T) {
	ds := []Decision{{What: "level", To: "L5"}, {What: DecidedBaseline, To: "declined"}, {What: DecidedBaseline, To: "held"}}
	if got := BaselineOf(ds); got != BaselineDeclined || got.Good() {
		t.Errorf("the newest is %q", got)
	}
	slices.Reverse(ds)
	if got := BaselineOf(ds); got != BaselineHeld || !got.Good() {
		t.Errorf("the newest is %q", got)
	}
	if got := BaselineOf(nil); got != BaselineNone || got.Good() || BaselineUnknown.Good() {
		t.Errorf("none is %q", got)
	}
}
