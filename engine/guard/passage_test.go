package guard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// unlessStopped is a view of a piece that goes out at its claim at L4: its card came four waking hours before, and the record is long and good.
func unlessStopped() engine.View {
	v := clean()
	v.Approval, v.Task.Level, v.Grant = nil, engine.L4, &engine.Grant{Level: engine.L4, Role: engine.RoleOwner}
	v.Output.Digest, v.Output.Kind = "223456789abcdef0", engine.KindSocial // not one of those that are drawn
	v.Traits = engine.Traits{Retract: true}
	v.Task.Kind, v.Task.Frequency, v.Task.Sensitivity = engine.KindSocial, engine.High, engine.Low
	v.Shown = time.Date(2025, 11, 23, 17, 10, 0, 0, time.UTC) // 2:50 on the evening before, 1:10 in the morning
	for i := range 20 {
		v.Reviews = append(v.Reviews, engine.Review{Verdict: engine.ReviewApproved, Whole: true, At: now.AddDate(0, 0, i-30)})
	}
	return v
}

func TestWhatGoesUnlessStopped(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*engine.View)
		says  string // what authority blocks with, "" for nothing
		held  engine.State
		later bool
	}{
		"people have had their time": {func(*engine.View) {}, "", "", false},
		"a minute too early":         {func(v *engine.View) { v.Shown = v.Shown.Add(time.Minute) }, "not had their time", "", true},
		"no card was delivered":      {func(v *engine.View) { v.Shown, v.Output.Expires = time.Time{}, now.Add(6*time.Hour) }, "not had their time", "", true},
		"the card came too late for it": {func(v *engine.View) { v.Shown = now.Add(-time.Hour) },
			"too little time to look", engine.StateWaiting, false},
		"no card, and no time left":  {func(v *engine.View) { v.Shown = time.Time{} }, "too little time to look", engine.StateWaiting, false},
		"it is drawn":                {func(v *engine.View) { v.Guardrails.Review.Sample = 1 }, "random check (1 in 1)", engine.StateWaiting, false},
		"it cannot be taken back":    {func(v *engine.View) { v.Traits = engine.Traits{} }, "cannot be taken back", engine.StateWaiting, false},
		"it is a letter":             {func(v *engine.View) { v.Output.Kind, v.Traits.Halt = engine.KindEmail, true }, "cannot be taken back", engine.StateWaiting, false},
		"somebody stopped it":        {func(v *engine.View) { v.Output.WaitsFor = "it was stopped" }, "it was stopped", engine.StateWaiting, false},
		"a person changed its words": {func(v *engine.View) { v.Output.EditedBy = "U1" }, "a person had a hand in it", engine.StateWaiting, false},
		"one review short":           {func(v *engine.View) { v.Reviews = v.Reviews[1:] }, "19 of 20 reviewed", engine.StateWaiting, false},
		"nothing shows that anybody reads": {func(v *engine.View) {
			for i := range v.Reviews {
				v.Reviews[i].Unread = true
			}
		}, "0 of 20 reviewed; nothing shows yet that 20 more were read", engine.StateWaiting, false},
		"below the bar": {func(v *engine.View) { // 20 of 23: at least 69 in 100
			for range 3 {
				v.Reviews = append(v.Reviews, engine.Review{Verdict: engine.ReviewStopped})
			}
		}, "at least 69 in 100", engine.StateWaiting, false},
		"no grant":               {func(v *engine.View) { v.Grant = nil }, "no owner's yes to L4", engine.StateWaiting, false},
		"a grant by an approver": {func(v *engine.View) { v.Grant.Role = engine.RoleApprover }, "no owner's yes to L4", engine.StateWaiting, false},
		"a grant of L3":          {func(v *engine.View) { v.Grant.Level = engine.L3 }, "no owner's yes to L4", engine.StateWaiting, false},
		"an approval needs no time": {func(v *engine.View) {
			v.Shown, v.Approval = now, &engine.Approval{Output: "o1", Digest: v.Output.Digest, Role: engine.RoleApprover}
		}, "", "", false},
		"at L5 nobody has to look": {func(v *engine.View) { v.Task.Level, v.Grant.Level, v.Shown = engine.L5, engine.L5, time.Time{} }, "", "", false},
	} {
		v := unlessStopped()
		c.spoil(&v)
		var got engine.Finding
		for _, f := range authority(v) {
			got = f
		}
		if c.says == "" && got.Evidence != "" || !strings.Contains(got.Evidence, c.says) || got.Held != c.held || got.Later != c.later {
			t.Errorf("%s: %+v, want %q, held %q, later %t", name, got, c.says, c.held, c.later)
		}
	}
}

// What goes out unless stopped is as unattended as what goes out by itself.
func TestBlastHoldsWhatGoesUnlessStopped(t *testing.T) {
	v := unlessStopped()
	v.Stage, v.Guardrails.Blast.People, v.Output.Audience, v.Output.State = engine.StageApproval, 100, 2310, engine.StateDrafted
	blocks := func() bool {
		return slices.ContainsFunc(Check(v).Blocks(), func(f engine.Finding) bool { return f.Rule == "blast" })
	}
	if !blocks() {
		t.Error("2310 people are reached without anybody's yes")
	}
	v.Guardrails.Review.Sample = 1
	if blocks() {
		t.Error("it waits for a yes, and the blast rule stops it as well")
	}
}
