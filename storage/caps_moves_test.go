package storage

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// move does one legal thing to an output, as often as not to one that is under way already, where there is one.
func (v *vault) move() {
	under, err := v.db.Outputs(v.Context(), engine.OutputFilter{States: []engine.State{engine.StateScheduled, engine.StatePublishing, engine.StateUnconfirmed}})
	v.must(err)
	ids := v.ids
	if rapid.Bool().Draw(v.T, "under way") && len(under) > 0 {
		ids = nil
		for _, o := range under {
			ids = append(ids, o.ID)
		}
	}
	o, err := v.db.Output(v.Context(), rapid.SampledFrom(ids).Draw(v.T, "which"))
	v.must(err)
	switch o.State {
	case engine.StateWaiting:
		v.schedule(o)
	case engine.StateScheduled:
		if rapid.IntRange(0, 2).Draw(v.T, "back") == 0 {
			_, err := v.db.Move(v.Context(), plain(o, engine.StateWaiting))
			v.must(err)
			v.free(v.of[o.ID])
			return
		}
		v.claim(o)
	case engine.StateUnconfirmed:
		if rapid.Bool().Draw(v.T, "again") {
			v.sendAgain(o)
			return
		}
		v.result(o)
	case engine.StatePublishing:
		v.result(o)
	}
}

// sendAgain is a person's new yes to what is not there, at another time. In the week of the old one it keeps what it holds, whatever the caps say by now.
func (v *vault) sendAgain(o engine.Output) {
	f, m := v.of[o.ID], plain(o, engine.StateScheduled)
	draft := o
	draft.Slot = o.Slot.Add(time.Duration(v.n+1) * time.Millisecond)
	if rapid.Bool().Draw(v.T, "another week") {
		draft.Slot = draft.Slot.Add(time.Duration(1-2*(v.n%2)) * 7 * 24 * time.Hour)
	}
	draft.Expires, draft.Digest = draft.Slot.Add(2*time.Hour), engine.DigestOf(draft)
	rise := v.yes(&m)
	m.Draft, m.Slot = &draft, draft.Slot
	was, week := *f, engine.Week(draft.Slot, v.zone)
	top, why := f.top, ""
	if week != f.week {
		v.free(f)
		f.week = week
		top, why = v.may(o.ID, rise, was.held)
	}
	_, err := v.db.Move(v.Context(), m)
	if (err == nil) != (why == "") {
		v.Fatalf("%s again for %d in %s with %+v: %v, but %q\n%s", o.ID, was.held, week, rise, err, why, v.words())
	}
	if err != nil {
		wantCode(v.t, err, engine.CodeBlocked)
		*f = was
		v.seen["not sent again"]++
		return
	}
	f.held, f.top, f.rise = was.held, top, rise
	if week != was.week {
		v.passes(o.ID, rise, was.held)
	}
	v.seen["sent again"]++
}

// free gives back all that is set aside.
func (v *vault) free(f *funds) {
	f.held = 0
	f.top = engine.Rise{Week: min(f.top.Week, f.spent), Task: min(f.top.Task, f.spent), Campaign: min(f.top.Campaign, f.spent)}
	v.seen["released"]++
}

func (v *vault) schedule(o engine.Output) {
	f, m := v.of[o.ID], plain(o, engine.StateScheduled)
	rise := v.yes(&m)
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
	v.passes(o.ID, rise, need)
	v.seen["reserved"]++
	if top != (engine.Rise{}) {
		v.seen["rise used"]++
	}
}

// yes lets somebody say yes with m, and returns what that allows on top.
func (v *vault) yes(m *engine.Move) engine.Rise {
	m.Approval = &engine.Approval{Role: engine.RoleOwner}
	if rapid.Bool().Draw(v.T, "rise") {
		m.Approval.OverCap = engine.Rise{Week: v.sum("over week", 0, 6), Task: v.sum("over task", 0, 6), Campaign: v.sum("over campaign", 0, 6), Output: v.sum("over output", 0, 6)}
	}
	if rapid.IntRange(0, 4).Draw(v.T, "approver") == 0 {
		m.Approval.Role = engine.RoleApprover
	}
	m.At = t0.Add(time.Duration(v.n) * time.Second) // the newest yes counts
	v.n++
	if m.Approval.Role < engine.RoleOwner {
		return engine.Rise{}
	}
	return m.Approval.OverCap
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
	over := v.beyond(others+f.spent, onTop, need, g.Budget.Weekly)
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
		if top.Task = v.beyond(byTask+f.spent, topTask, need, most); top.Task > 0 && !own(rise.Task, top.Task) {
			return top, "task"
		}
	}
	if budget, ceiling := lifetime(g.Budget, f.campaign); budget > 0 {
		top.Campaign = v.beyond(byCampaign+f.spent, topCampaign, need, budget)
		tooHigh := byCampaign+f.spent+need > ceiling
		if top.Campaign > 0 && own(rise.Campaign, top.Campaign) && tooHigh {
			v.seen["campaign's ceiling"]++
		}
		if top.Campaign > 0 && (!own(rise.Campaign, top.Campaign) || tooHigh) {
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

// beyond is what of need stands above a limit of which so much is used. A sum within its limit leaves what is free, whatever was allowed on top; one beyond
// it leaves nothing, and stands above it too by what nobody allowed.
func (v *vault) beyond(used, onTop, need, limit engine.Money) engine.Money {
	if used <= limit {
		if onTop > 0 && used+need > limit && used+need-onTop <= limit {
			v.seen["what is not needed on top is free for nobody"]++
		}
		return max(0, used+need-limit)
	}
	return need + max(0, used-onTop-limit)
}

// passes holds what was set aside for an output to the sums alone: it brings none above its limit, or further above it, but by what its own yes allows.
func (v *vault) passes(id string, rise engine.Rise, need engine.Money) {
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	f := v.of[id]
	week, _ := v.week(f.week, "")
	task, _ := v.task(f.task, f.week, "")
	campaign, _ := v.campaign(f.campaign, "")
	budget, _ := lifetime(g.Budget, f.campaign)
	for _, c := range []struct {
		name                string
		used, limit, allows engine.Money
	}{{"week", week, g.Budget.Weekly, rise.Week}, {"task", task, g.Budget.Tasks[f.task], rise.Task}, {"campaign", campaign, budget, rise.Campaign}} {
		if c.limit == 0 && c.name != "week" {
			continue
		}
		if c.used > max(c.limit, c.used-need)+c.allows {
			v.Fatalf("%s took %d and brought its %s to %d of %d; its own yes allows %d\n%s", id, need, c.name, c.used, c.limit, c.allows, v.words())
		}
		if c.used > c.limit && c.used-need <= c.limit && c.allows > 0 {
			v.seen["brought above"]++
		}
	}
}

// lifetime is what a campaign may cost in all, 0 for no limit, and what no rise brings it above.
func lifetime(b engine.BudgetRule, campaign string) (most, ceiling engine.Money) {
	most, ceiling = b.Campaigns[campaign], b.Ceiling
	if file := b.PerCampaign; campaign != "" && file > 0 {
		if ceiling = file; most == 0 || most > file {
			most = file
		}
	}
	return most, ceiling
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
		if r.Spent = v.sum("bill", 0, int64(f.held)); rapid.IntRange(0, 3).Draw(v.T, "too high") == 0 {
			r.Spent = f.held + v.sum("above", 1, 2)
		}
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
