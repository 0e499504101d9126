package report

import (
	"cmp"
	"slices"
	"time"

	"koira/engine"
)

// stage rebuilds what the gate saw of pieces at their time.
type stage struct {
	engine.Past
	scene scene
	moves map[string][]int // places in Moves, by output
	slots map[string]time.Time
}

func newStage(p engine.Past, s scene) *stage {
	st := &stage{Past: p, scene: s, moves: map[string][]int{}, slots: map[string]time.Time{}}
	for i, m := range p.Moves {
		st.moves[m.Output] = append(st.moves[m.Output], i)
	}
	for _, n := range p.Around {
		st.slots[n.Output] = n.At
	}
	for _, o := range p.Pieces {
		st.slots[o.ID] = o.Slot
	}
	return st
}

// view is what the gate saw of o when it was last cleared, else when it last came into a queue; of what is still to go out, what it sees now. days is
// how far around its planned time other pieces count. Guardrails are the caller's.
func (st *stage) view(o engine.Output, days int) engine.View {
	at, line, state := st.moment(o)
	if !o.Expires.IsZero() && !at.Before(o.Expires) {
		at = o.Slot
	}
	v := engine.View{Now: at, Stage: engine.StageApproval, Output: o, Task: st.scene.task(o.Task), Strategy: st.strategy(at), Audience: o.Audience}
	v.Measured = engine.BaselinePieces // how many readings there were then is not kept; a change of the rules does not move it
	v.Output.State = state
	if !ahead(o) {
		v.Task.Level = o.Level
	}
	v.Grant = st.grant(o.Task, v.Task.Level, at)
	if a, ok := st.Approvals[o.ID]; ok && (ahead(o) || state == engine.StateDrafted) {
		v.Approval = &a
	}
	st.money(&v, !ahead(o))
	v.Near = st.near(o, line, days)
	return v
}

// moment is the time as of which o is looked at, its place in the log (moves before it count), and the state from which it was judged.
func (st *stage) moment(o engine.Output) (time.Time, int, engine.State) {
	if ahead(o) {
		return st.scene.now, len(st.Moves), o.State
	}
	last := -1
	rank := func(s engine.State) int {
		switch s {
		case engine.StateScheduled:
			return 3
		case engine.StateWaiting, engine.StateHeld, engine.StateHanded:
			return 2
		case engine.StateDrafted:
			return 1
		}
		return 0
	}
	for _, i := range st.moves[o.ID] {
		if r := rank(st.Moves[i].To); r > 0 && (last < 0 || r >= rank(st.Moves[last].To)) {
			last = i
		}
	}
	if last < 0 { // its move is older than what was read
		return o.Slot, 0, engine.StateDrafted
	}
	m := st.Moves[last]
	if m.To == engine.StateScheduled {
		return m.At, last, engine.StateDrafted
	}
	return m.At, last, m.To
}

// strategy is the version that was in force at t.
func (st *stage) strategy(t time.Time) engine.Strategy {
	if len(st.Strategies) == 0 {
		return st.scene.strategy
	}
	s := st.Strategies[0].Strategy
	for _, x := range st.Strategies {
		if !x.At.After(t) {
			s = x.Strategy
		}
	}
	return s
}

// grant is the one that held for a task at t and allows that level.
func (st *stage) grant(task string, level engine.Level, t time.Time) *engine.Grant {
	for i := range st.Grants {
		g := &st.Grants[i]
		if g.Task == task && g.Level >= level && !g.At.After(t) && (g.EndedAt.IsZero() || g.EndedAt.After(t)) {
			return g
		}
	}
	return nil
}

// money sums the ledger as it stands at v's moment; of a piece that was cleared at that very moment, as it stood before its own line.
func (st *stage) money(v *engine.View, past bool) {
	o, zone := v.Output, v.Strategy.Business.Location()
	week := engine.Week(o.Slot, zone)
	day := later(o.Slot, v.Now).In(zone)
	end := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone)
	for _, e := range st.Ledger {
		if e.At.After(v.Now) || past && e.At.Equal(v.Now) && e.Output == o.ID {
			break
		}
		if e.Week == week {
			add(&v.Week, e, e.Top.Week)
			if e.Task == o.Task {
				add(&v.TaskWeek, e, e.Top.Task)
			}
			belongs, ok := st.slots[e.Output]
			if !ok || e.Kind == engine.LedgerCharge {
				belongs = e.At
			}
			if belongs.Before(end) {
				add(&v.WeekToDate, e, e.Top.Week)
			}
		}
		if e.Campaign != "" && e.Campaign == o.Campaign {
			add(&v.Campaign, e, e.Top.Campaign)
		}
		if e.Output != o.ID || e.Kind == engine.LedgerCharge {
			continue
		}
		if v.Spent += e.Spent; e.Week == week {
			v.Reserved += e.Reserved
			v.Top.Week, v.Top.Task, v.Top.Campaign = v.Top.Week+e.Top.Week, v.Top.Task+e.Top.Task, v.Top.Campaign+e.Top.Campaign
		} else {
			v.Elsewhere += e.Reserved
		}
	}
}

func add(b *engine.Balance, e engine.Entry, top engine.Money) {
	b.Reserved, b.Spent, b.Top = b.Reserved+e.Reserved, b.Spent+e.Spent, b.Top+top
	if e.Kind == engine.LedgerCharge {
		b.Model += e.Spent
	}
}

// near lists the other pieces that were out or cleared before a line of the log, within days of o's planned time.
func (st *stage) near(o engine.Output, line, days int) []engine.Neighbour {
	if days == 0 {
		return nil
	}
	span := time.Duration(days+1) * 24 * time.Hour
	var found []engine.Neighbour
	for _, n := range st.Around {
		if n.Output == o.ID || n.At.Sub(o.Slot).Abs() > span+aWeek {
			continue
		}
		if n, ok := st.stood(n, line); ok && n.At.Sub(o.Slot).Abs() <= span {
			found = append(found, n)
		}
	}
	slices.SortStableFunc(found, func(a, b engine.Neighbour) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Output, a.Output)) })
	return found
}

// aWeek is by how much a piece's time may have been moved, to find those around in one look.
const aWeek = 7 * 24 * time.Hour

// stood is n as it stood before a line of the log; false where it was neither out nor cleared.
func (st *stage) stood(n engine.Neighbour, line int) (engine.Neighbour, bool) {
	moves := st.moves[n.Output]
	if len(moves) == 0 { // all its moves are older than what was read
		return n, n.Out
	}
	slot, state, out, seen := n.At, engine.State(""), time.Time{}, false
	for _, i := range moves {
		if i >= line {
			break
		}
		m := st.Moves[i]
		state, seen = m.To, true
		if !m.Slot.IsZero() {
			slot = m.Slot
		}
		if m.To == engine.StatePublished && out.IsZero() {
			out = m.At
		}
	}
	if !seen {
		return n, false
	}
	if n.Out = !out.IsZero(); n.Out {
		slot = out
	}
	n.At = slot
	return n, clearedOrOut[state]
}

// clearedOrOut are the states of the pieces that rules compare others with.
var clearedOrOut = map[engine.State]bool{
	engine.StateScheduled: true, engine.StatePublishing: true, engine.StateUnconfirmed: true, engine.StatePublished: true,
	engine.StateRetracting: true, engine.StateSettled: true,
}

// reachOf is how many days around a piece g compares it with others.
func reachOf(g engine.Guardrails) int {
	days := 0
	if g.Duplicates.Percent > 0 {
		days = g.Duplicates.Days
	}
	for _, f := range g.Frequency {
		days = max(days, f.Days, 1)
	}
	return days
}
