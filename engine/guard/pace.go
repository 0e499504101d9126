package guard

import (
	"fmt"
	"time"

	"koira/engine"
)

// pace keeps a week's money from being used up in its first days. By the end of day d of the ISO week (1 is Monday), at most
//
//	Weekly · d · Pace ÷ 700
//
// is used, and never more than Weekly: Pace is the percentage of the even part. Days are the business's, so a day of 23 or 25 hours counts as one.
// At the claim it waits where tomorrow would let it pass and its time still allows that.
func pace(v engine.View) []engine.Finding {
	b, cost := v.Guardrails.Budget, max(0, v.Output.CostMax-v.Spent)
	if b.Pace <= 0 || cost == 0 {
		return nil
	}
	zone, cur := v.Strategy.Business.Location(), v.Strategy.Business.Currency
	c := engine.MoneyCap{
		Used: v.WeekToDate.Used() - v.Reserved, Held: v.Reserved, Top: v.WeekToDate.Top - v.Top.Week, Cost: cost,
	}
	day := dayOfWeek(v, zone)
	c.Limit = EvenPart(b, day)
	f := engine.Finding{Outcome: engine.Pass, Use: c.Use()}
	if c.Fits() {
		if f.Use >= engine.NearMiss {
			f.Outcome = engine.Warn
			f.Evidence = fmt.Sprintf("With it, %s of the %s that may be used by the end of its day is used.", c.Needs().Format(cur), c.Limit.Format(cur))
		}
		return []engine.Finding{f}
	}
	f.Outcome, f.Waivable, f.What, f.Bar = engine.Block, true, "pace", float64(c.Limit)
	f.Evidence = fmt.Sprintf("By the end of its day at most %s of this week's %s is used (%d %% of the even part); with this piece it would be %s.",
		c.Limit.Format(cur), b.Weekly.Format(cur), b.Pace, c.Needs().Format(cur))
	f.Remedy = "An owner lets this one pass, or raises the limit."
	for d := day + 1; d <= 7; d++ {
		if c.Limit = EvenPart(b, d); c.Fits() {
			f.Remedy = fmt.Sprintf("Give it a time on %s, or an owner lets this one pass.", time.Weekday(d%7))
			f.Later = d == day+1 && v.Stage == engine.StageClaim && dayAfter(v, zone).Before(v.Output.Expires)
			break
		}
	}
	return []engine.Finding{f}
}

// EvenPart is what may be used by the end of a day of the week, 1 for Monday: the formula of pace. Without a pace it is all of it.
func EvenPart(b engine.BudgetRule, day int) engine.Money {
	share := int64(day) * int64(b.Pace)
	if share >= 700 || b.Weekly <= 0 || b.Pace <= 0 {
		return b.Weekly
	}
	return b.Weekly/700*engine.Money(share) + b.Weekly%700*engine.Money(share)/700
}

// goesOut is when a piece goes out: its slot, or now where it is late.
func goesOut(v engine.View) time.Time {
	if v.Stage == engine.StageClaim && v.Now.After(v.Output.Slot) {
		return v.Now
	}
	return v.Output.Slot
}

// dayOfWeek is the day of the slot's ISO week on which the piece goes out, 1 for Monday; the last one where that week is over.
func dayOfWeek(v engine.View, zone *time.Location) int {
	t := goesOut(v).In(zone)
	if engine.Week(t, zone) != engine.Week(v.Output.Slot, zone) {
		return 7
	}
	return (int(t.Weekday())+6)%7 + 1
}

// dayAfter is the first moment of the day after the one on which the piece would go out now.
func dayAfter(v engine.View, zone *time.Location) time.Time {
	l := goesOut(v).In(zone)
	return time.Date(l.Year(), l.Month(), l.Day()+1, 0, 0, 0, 0, zone)
}
