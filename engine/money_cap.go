package engine

import "fmt"

// Rise is an owner's one-time yes to a single piece above its caps: by how much it may exceed each. A zero field gives no room.
type Rise struct {
	Week     Money `json:"week,omitempty"`
	Task     Money `json:"task,omitempty"`
	Campaign Money `json:"campaign,omitempty"`
	Output   Money `json:"output,omitempty"`
}

// CapKind names a cap on money.
type CapKind string

const (
	CapWeek     CapKind = "week"     // everything, in the ISO week of the slot
	CapTask     CapKind = "task"     // the task's share of that week
	CapCampaign CapKind = "campaign" // an offer's, over its whole life
	CapOutput   CapKind = "output"   // of one piece
	CapAway     CapKind = "away"     // everything, while an owner is away; nobody allows a piece more
	CapModel    CapKind = "model"    // model calls, in the week in which they are made; no piece is held against it
)

// RuleBudget is the gate's name for the caps on money.
const RuleBudget = "budget"

// MoneyCap is one limit on money as one piece stands against it.
type MoneyCap struct {
	Kind    CapKind
	Limit   Money // as people set it
	Used    Money // without what the piece has set aside
	Held    Money // what the piece has set aside
	Top     Money // the part of Used that owners allowed other pieces on top; what of it is beyond Limit now does not count against Limit
	Cost    Money // what the piece may still cost: the worst case
	Rise    Money // what an owner allows this piece on top
	Ceiling Money // with CapWeek and CapCampaign: of the config file. No rise goes above it
}

// Name says which cap c is, with the task's name.
func (c MoneyCap) Name(task string) string {
	switch c.Kind {
	case CapTask:
		return task + "'s weekly budget"
	case CapCampaign:
		return "the campaign's budget"
	case CapAway:
		return "what may be spent while you are away"
	case CapModel:
		return "what the AI model may cost in a week"
	}
	return "this week's budget"
}

// Says is the evidence of a piece that does not fit, and the smallest change that would let it pass.
func (c MoneyCap) Says(task, currency string) (evidence, remedy string) {
	evidence = fmt.Sprintf("It may cost %s; of %s, %s, %s is free.", c.Cost.Format(currency), c.Name(task), c.Limit.Format(currency), c.Free().Format(currency))
	if c.Kind == CapOutput {
		evidence = fmt.Sprintf("It may cost %s; one piece may cost at most %s.", c.Cost.Format(currency), c.Limit.Format(currency))
	}
	if c.Kind == CapCampaign && c.Limit >= c.Ceiling {
		return evidence, fmt.Sprintf("Let it cost at most %s: no click gives a campaign more than the config file's %s (campaign_ceiling).", c.Free().Format(currency), c.Ceiling.Format(currency))
	}
	if c.Kind == CapAway && c.Free() > 0 {
		return evidence, fmt.Sprintf("Let it cost at most %s, or an owner comes back (/koira back), or says anew how much may be spent (/koira away).", c.Free().Format(currency))
	}
	if c.Kind == CapAway {
		return evidence, "An owner comes back (/koira back), or says anew how much may be spent (/koira away)."
	}
	if c.Free() == 0 {
		return evidence, fmt.Sprintf("An owner raises the limit to %s, or allows this piece alone.", c.enough().Format(currency))
	}
	return evidence, fmt.Sprintf("Let it cost at most %s, or an owner raises the limit.", c.Free().Format(currency))
}

// counts is the part of Used that counts against the limit: all but what is beyond the limit because an owner allowed another piece that much on top. Once
// the limit is raised, or something costs less than was set aside, that piece needs less of it, and nobody else may use what it leaves. What this piece has
// set aside already is part of what brought the sum there: it is not asked for anew.
func (c MoneyCap) counts() Money { return c.Used - onTop(c.Top, c.Used+c.Held, c.Limit) }

// Needs is what counts against Limit once the piece is in it; the largest sum where it does not fit a Money.
func (c MoneyCap) Needs() Money {
	n, err := AddMoney(c.counts(), c.Cost)
	if err != nil {
		return maxMoney
	}
	return n
}

// enough is the limit at which the piece would fit without a rise: then nothing of it is beyond the limit any more, nor of the others.
func (c MoneyCap) enough() Money {
	if c.Cost <= c.Held {
		return c.Needs()
	}
	return c.Total()
}

// Free is what is left of the limit for this piece.
func (c MoneyCap) Free() Money { return max(0, c.Limit-c.counts()) }

// Short is by how much the piece exceeds the limit.
func (c MoneyCap) Short() Money { return max(0, c.Needs()-c.Limit) }

// Fits reports whether the piece is within the limit, or within what an owner allowed it on top: exactly that and, in all, no more than the
// config file's ceiling.
func (c MoneyCap) Fits() bool {
	short := c.Short()
	if short == 0 {
		return true
	}
	return short <= c.Rise && !c.BeyondFile()
}

// BeyondFile reports whether the piece would bring what is used above the config file's ceiling: no yes lets it.
func (c MoneyCap) BeyondFile() bool {
	return (c.Kind == CapWeek || c.Kind == CapCampaign) && c.Total() > c.Ceiling
}

// Total is what is used in all once the piece is in it.
func (c MoneyCap) Total() Money {
	n, err := AddMoney(c.Used, c.Cost)
	if err != nil {
		return maxMoney
	}
	return n
}

// Use is the share of the limit that is used once the piece is in it; 1 where the limit is 0.
func (c MoneyCap) Use() float64 {
	if c.Limit <= 0 {
		return 1
	}
	return float64(c.Needs()) / float64(c.Limit)
}

const maxMoney = Money(1<<63 - 1)

// Caps lists the caps that hold for v's output, in the order in which they are looked at; none for a piece that costs nothing. What the
// output itself has set aside or spent is part of the balances and not counted twice.
func (v View) Caps() []MoneyCap {
	cost := max(0, v.Output.CostMax-v.Spent)
	if cost == 0 {
		return nil
	}
	var rise Rise
	if v.Approval != nil && v.Approval.Digest == v.Output.Digest && v.Approval.Role >= RoleOwner {
		rise = v.Approval.OverCap
	}
	b := v.Guardrails.Budget
	own := func(r Money) Money { return min(r, cost+v.Spent) }
	caps := []MoneyCap{{
		Kind: CapWeek, Limit: b.Weekly, Used: v.Week.Used() - v.Reserved, Held: v.Reserved, Top: v.Week.Top - v.Top.Week, Cost: cost, Rise: own(rise.Week),
		Ceiling: b.Ceiling,
	}}
	if limit := b.Tasks[v.Task.ID]; limit > 0 {
		caps = append(caps, MoneyCap{
			Kind: CapTask, Limit: limit, Used: v.TaskWeek.Used() - v.Reserved, Held: v.Reserved, Top: v.TaskWeek.Top - v.Top.Task, Cost: cost, Rise: own(rise.Task),
		})
	}
	if limit := b.CampaignCap(v.Output.Campaign); limit > 0 {
		caps = append(caps, MoneyCap{
			Kind: CapCampaign, Limit: limit, Used: v.Campaign.Used() - v.Reserved - v.Elsewhere, Held: v.Reserved + v.Elsewhere, Top: v.Campaign.Top - v.Top.Campaign,
			Cost: cost, Rise: own(rise.Campaign), Ceiling: b.CampaignCeiling(),
		})
	}
	if b.Output > 0 {
		caps = append(caps, MoneyCap{Kind: CapOutput, Limit: b.Output, Used: v.Spent, Cost: cost, Rise: own(rise.Output)})
	}
	for _, a := range v.Away.Caps {
		caps = append(caps, MoneyCap{Kind: CapAway, Limit: a.Limit, Used: a.Used, Cost: cost})
	}
	return caps
}

// RiseOf is what an owner would have to allow on top of each of these caps.
func RiseOf(caps []MoneyCap) Rise {
	var r Rise
	for _, c := range caps {
		switch c.Kind {
		case CapWeek:
			r.Week = c.Short()
		case CapTask:
			r.Task = c.Short()
		case CapCampaign:
			r.Campaign = c.Short()
		case CapOutput:
			r.Output = c.Short()
		}
	}
	return r
}
