package guard

import (
	"slices"
	"strings"
	"testing"

	"koira/engine"
)

// gone is a clean piece for a time at which no owner is there, at its task's own level, which is allowed for that time.
func gone(level engine.Level, more ...func(*engine.View)) func(*engine.View) {
	return func(v *engine.View) {
		v.Away = engine.Away{Until: now.AddDate(0, 0, 10), MaxLevel: engine.L5, Level: level}
		v.Task.Level, v.Traits = level, engine.Traits{Retract: true}
		all(more...)(v)
		v.Task.Level = min(v.Away.Level, v.Away.MaxLevel)
	}
}

func TestWhileNoOwnerIsThere(t *testing.T) {
	heldTo := func(l engine.Level) func(*engine.View) { return func(v *engine.View) { v.Away.MaxLevel = l } }
	drafting := func(v *engine.View) { v.Stage = engine.StageDraft }
	forGood := func(v *engine.View) { v.Traits = engine.Traits{} }
	letter := func(v *engine.View) { v.Task.Kind = engine.KindEmail }
	asked := func(v *engine.View) { v.Approval = nil }
	money := func(limit, used engine.Money) func(*engine.View) {
		return func(v *engine.View) {
			v.Away.Caps = []engine.AwayCap{{Limit: limit * engine.Unit, Used: used * engine.Unit}}
		}
	}
	for name, c := range map[string]struct {
		spoil func(*engine.View)
		rules string // that block
	}{
		"approved":                            {gone(engine.L3), ""},
		"approved, for good":                  {gone(engine.L3, forGood), ""},
		"approved, broadcast e-mail":          {gone(engine.L5, letter), ""},
		"approved, held to a lower level":     {gone(engine.L5, heldTo(engine.L3)), ""},
		"unasked at an allowed level":         {gone(engine.L5, unasked), ""},
		"unasked, held to L3":                 {gone(engine.L5, unasked, heldTo(engine.L3)), "away,authority"},
		"unasked, held to L4":                 {gone(engine.L5, unasked, heldTo(engine.L4)), "authority"},
		"unasked, held to L3, while drafting": {gone(engine.L5, unasked, heldTo(engine.L3), drafting), "away"},
		"unasked, for good":                   {gone(engine.L5, unasked, forGood), "away,caps"},
		"unasked, it can at least be stopped": {gone(engine.L5, unasked, func(v *engine.View) { v.Traits = engine.Traits{Halt: true} }), ""},
		"unasked broadcast e-mail":            {gone(engine.L5, unasked, letter), "away"},
		"a draft that will be asked about":    {gone(engine.L3, asked, forGood, drafting), ""},
		"approved by an operator":             {gone(engine.L5, unasked, letter, func(v *engine.View) { v.Approval = &engine.Approval{Digest: "d1", Role: engine.RoleOperator} }), "away"},
		"approved in another version":         {gone(engine.L5, unasked, letter, func(v *engine.View) { v.Approval = &engine.Approval{Digest: "d0", Role: engine.RoleApprover} }), "away"},
		"an owner is there again":             {gone(engine.L5, unasked, letter, func(v *engine.View) { v.Away = engine.Away{MaxLevel: engine.L5, Level: engine.L5} }), ""},
		"its money is used up":                {gone(engine.L3, money(5, 4)), "budget"},
		"its money just lasts":                {gone(engine.L3, money(5, 3)), ""},
		"an owner allowed more before they left": {gone(engine.L3, money(5, 4), func(v *engine.View) {
			v.Approval.Role, v.Approval.OverCap = engine.RoleOwner, engine.Rise{Week: 9 * engine.Unit, Output: 9 * engine.Unit}
		}), "budget"},
	} {
		t.Run(name, func(t *testing.T) {
			v := clean()
			c.spoil(&v)
			var got []string
			for _, f := range Check(v).Blocks() {
				if f.Rule == "away" && (f.Held != engine.StateWaiting || f.Waivable || f.Later || f.Remedy == "") {
					t.Errorf("%+v", f)
				}
				if f.Fixed != (f.Rule == "budget") {
					t.Errorf("an owner's rise lets it pass, or does not: %+v", f)
				}
				if !slices.Contains(got, f.Rule) {
					got = append(got, f.Rule)
				}
			}
			if strings.Join(got, ",") != c.rules {
				t.Errorf("blocked by %v, want %q", got, c.rules)
			}
		})
	}
}
