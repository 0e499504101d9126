package guard

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// letter is an e-mail that an owner lets go by itself, of whose 1,000 readers the first 100 have it for two hours.
func letter() engine.View {
	v := clean()
	v.Approval = nil
	v.Task.Level = engine.L5
	v.Grant = &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
	v.Output.Kind, v.Output.Audience, v.Output.State, v.Audience = engine.KindEmail, 1000, engine.StateScheduled, 1000
	v.Traits = engine.Traits{Kind: engine.KindEmail, Halt: true, Part: true}
	v.Wave = &engine.Wave{Reached: 100, Of: 1000, Until: v.Now, Read: true}
	return v
}

func TestTheRestFollowsOnlyWhenNothingIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*engine.View)
		says  string // what stops it; "" for nothing
		later bool
	}{
		"nothing is wrong":             {func(*engine.View) {}, "", false},
		"one or two left":              {func(v *engine.View) { v.Wave.Lost = 2 }, "", false},
		"three of a hundred left":      {func(v *engine.View) { v.Wave.Lost = 3 }, "3 of the first 100 readers", false},
		"ten of a thousand left":       {func(v *engine.View) { v.Wave.Reached, v.Wave.Lost = 1000, 10 }, "", false},
		"eleven of a thousand left":    {func(v *engine.View) { v.Wave.Reached, v.Wave.Lost = 1000, 11 }, "11 of the first 1,000", false},
		"a minute too early":           {func(v *engine.View) { v.Wave.Until = v.Now.Add(time.Minute) }, "long enough", true},
		"nothing was read":             {func(v *engine.View) { v.Wave.Read = false }, "Nothing is known yet", false},
		"something needs a person":     {func(v *engine.View) { v.Wave.Question = "Its channel is silent." }, "Its channel is silent", false},
		"its task was lowered":         {func(v *engine.View) { v.Task.Level = engine.L4 }, "without a yes", false},
		"its grant ended":              {func(v *engine.View) { v.Grant = nil }, "without a yes", false},
		"a person decides":             {func(v *engine.View) { v.Output.State = engine.StateHeld }, "A person decides", false},
		"a person said yes":            {yes, "", false},
		"a person said yes, many left": {func(v *engine.View) { yes(v); v.Wave.Lost = 50 }, "", false},
		"a yes to all, sent again":     {before, "", false},
		"a yes to all, many left":      {func(v *engine.View) { before(v); v.Wave.Lost = 50 }, "50 of the first 100", false},
		"a yes to all, a minute early": {func(v *engine.View) { before(v); v.Wave.Until = v.Now.Add(time.Minute) }, "long enough", true},
		"a yes to all, nothing read":   {func(v *engine.View) { before(v); v.Wave.Read = false }, "Nothing is known yet", false},
		"a yes to all, at L4 by now":   {func(v *engine.View) { before(v); v.Task.Level = engine.L4 }, "", false},
	} {
		v := letter()
		c.spoil(&v)
		found := wave(v)
		switch {
		case c.says == "" && len(found) == 0:
		case len(found) != 1 || c.says == "" || !strings.Contains(found[0].Evidence, c.says) || found[0].Later != c.later || found[0].Outcome != engine.Block:
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func yes(v *engine.View) {
	v.Approval = &engine.Approval{Output: v.Output.ID, Digest: v.Output.Digest, Role: engine.RoleApprover, At: v.Now}
}

// before is a yes from before the first readers had it.
func before(v *engine.View) {
	yes(v)
	v.Wave.Since = v.Now.Add(-time.Hour)
	v.Approval.At = v.Wave.Since.Add(-time.Minute)
}

func TestWhoGetsItFirst(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*engine.View)
		want   int
	}{
		"a tenth":                        {func(*engine.View) {}, 100},
		"rounded up":                     {func(v *engine.View) { v.Output.Audience = 231 }, 24},
		"a quarter by the file":          {func(v *engine.View) { v.Guardrails.Wave.Percent = 25 }, 250},
		"all by the file":                {func(v *engine.View) { v.Guardrails.Wave.Percent = 100 }, 0},
		"too few to say anything":        {func(v *engine.View) { v.Output.Audience = 19 }, 0},
		"a person said yes":              {yes, 0},
		"no e-mail":                      {func(v *engine.View) { v.Output.Kind = engine.KindSocial }, 0},
		"a channel that sends to all":    {func(v *engine.View) { v.Traits.Part = false }, 0},
		"the first have it":              {func(v *engine.View) { v.Wave = &engine.Wave{} }, 0},
		"before the claim nobody counts": {func(v *engine.View) { v.Stage = engine.StageApproval }, 0},
	} {
		v := letter()
		v.Wave = nil
		c.change(&v)
		if got := Check(v).Wave; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
