package storage

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// move does one legal thing to an output.
func (v *vault) move(id string) {
	o, err := v.db.Output(v.Context(), id)
	v.must(err)
	switch o.State {
	case engine.StateWaiting:
		v.schedule(o)
	case engine.StateScheduled:
		if rapid.IntRange(0, 2).Draw(v.T, "back") == 0 {
			_, err := v.db.Move(v.Context(), plain(o, engine.StateWaiting))
			v.must(err)
			v.free(v.of[id])
			return
		}
		v.claim(o)
	case engine.StatePublishing, engine.StateUnconfirmed:
		v.result(o)
	}
}

// free gives back all that is set aside.
func (v *vault) free(f *funds) {
	f.held = 0
	f.top = engine.Rise{Week: min(f.top.Week, f.spent), Task: min(f.top.Task, f.spent), Campaign: min(f.top.Campaign, f.spent)}
	v.seen["released"]++
}

func (v *vault) schedule(o engine.Output) {
	f, m := v.of[o.ID], plain(o, engine.StateScheduled)
	m.Approval = &engine.Approval{Role: engine.RoleOwner}
	if rapid.Bool().Draw(v.T, "rise") {
		m.Approval.OverCap = engine.Rise{Week: v.sum("over week", 0, 6), Task: v.sum("over task", 0, 6), Campaign: v.sum("over campaign", 0, 6), Output: v.sum("over output", 0, 6)}
	}
	if rapid.IntRange(0, 4).Draw(v.T, "approver") == 0 {
		m.Approval.Role = engine.RoleApprover
	}
	m.At = t0.Add(time.Duration(v.n) * time.Second) // the newest yes counts
	v.n++
	rise := m.Approval.OverCap
	if m.Approval.Role < engine.RoleOwner {
		rise = engine.Rise{}
	}
	need := max(0, o.CostMax-f.spent)
	top, why := v.may(o.ID, rise, need)
	verdict, err := v.db.Move(v.Context(), m)
	if (err == nil) != (why == "") {
		v.Fatalf("%s for %d with %+v: %v, but %q\n%s", o.ID, need, rise, err, why, v.words())
	}
	if err != nil {
		wantCode(v.t, err, engine.CodeBlocked)
		if len(verdict.Blocks()) != 1 {
			v.Fatalf("it was refused and nothing says so: %+v", verdict)
		}
		v.seen["refused "+why]++
		if rise != (engine.Rise{}) {
			v.seen["rise refused"]++
		}
		return
	}
	f.rise, f.held, f.top = rise, need, top
	v.seen["reserved"]++
	if top != (engine.Rise{}) {
		v.seen["rise used"]++
	}
}

// may says which cap refuses that an output sets need aside, "" for none, and what would stand on top of each.
func (v *vault) may(id string, rise engine.Rise, need engine.Money) (top engine.Rise, refused string) {
	if need == 0 {
		return v.of[id].top, ""
	}
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	f := v.of[id]
	own := func(allowed, over engine.Money) bool { return over <= min(allowed, need+f.spent) }
	others, onTop := v.week(f.week, id)
	over := max(0, others-onTop+f.spent+need-g.Budget.Weekly)
	if over > 0 && (!own(rise.Week, over) || others+f.spent+need > g.Budget.Ceiling) {
		if own(rise.Week, over) {
			v.seen["ceiling"]++
		}
		return top, "week"
	}
	top.Week = over
	byTask, topTask := v.task(f.task, f.week, id)
	byCampaign, topCampaign := v.campaign(f.campaign, id)
	if most := g.Budget.Tasks[f.task]; most > 0 {
		if top.Task = max(0, byTask-topTask+f.spent+need-most); top.Task > 0 && !own(rise.Task, top.Task) {
			return top, "task"
		}
	}
	if budget := g.Budget.Campaigns[f.campaign]; f.campaign != "" && budget > 0 {
		if top.Campaign = max(0, byCampaign-topCampaign+f.spent+need-budget); top.Campaign > 0 && !own(rise.Campaign, top.Campaign) {
			return top, "campaign"
		}
	}
	if g.Budget.Output > 0 {
		if over := max(0, f.spent+need-g.Budget.Output); over > 0 && !own(rise.Output, over) {
			return top, "output"
		}
	}
	return top, ""
}

func (v *vault) claim(o engine.Output) {
	if _, _, err := v.db.Claim(v.Context(), o.ID, o.Digest, o.Slot, pass); err != nil {
		v.Fatal(err) // what is set aside is enough, and is not set aside anew
	}
}

// result lets one delivery end somehow.
func (v *vault) result(o engine.Output) {
	sends, err := v.db.Sends(v.Context(), o.ID)
	v.must(err)
	i := slices.IndexFunc(sends, func(s engine.Send) bool { return len(outcomes[s.State]) > 0 })
	s, f := sends[i], v.of[o.ID]
	r := engine.Result{Send: s.ID, Fence: s.Fence, State: rapid.SampledFrom(outcomes[s.State]).Draw(v.T, "outcome"), At: t0}
	if r.State == engine.SendPublished {
		r.Spent = v.sum("bill", 0, int64(f.held)+2)
		f.spent += r.Spent
		if over := r.Spent - f.held; over > 0 {
			f.over += over
			v.seen["billed over"]++
		}
		f.held -= min(f.held, r.Spent)
	}
	v.must(v.db.Apply(v.Context(), r))
	if r.State == engine.SendPublished || r.State == engine.SendFailed {
		v.free(f)
	}
}
