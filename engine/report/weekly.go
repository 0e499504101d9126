package report

import "time"

// Weekly is the report of one week that has ended.
type Weekly struct {
	Frame
	Week     string    // "2025-W47"
	From, To time.Time // Monday 00:00 in Zone to the next one; 167 or 169 hours where the clocks change
	Result   Change
	Drivers  []Driver    // largest first; none in the first week
	Series   []WeekPoint // up to 12 weeks, this one last; from the week in which the first piece went out

	Counts    WeekCounts
	Decisions []DecisionRow // made in the week, newest first
	Forecasts Forecasts     // of the 12 weeks to its end
	Budget    Budget        // of the week
	Attention Attention
	NeedYou   NeedYou     // at AsOf
	Offers    []Offer     // tasks that an owner could allow more, at AsOf
	Next      []KindCount // pieces planned for the week after
}

// WeekCounts is what became of the pieces that were planned for the week.
type WeekCounts struct {
	Shipped   int // went out, also when taken down later
	TakenDown int // the part of Shipped that is not out any more
	Stopped   int // held by a rule, still
	Rejected  int
	Expired   int // ran out
	Failed    int
	Dropped   int
}

// Attention is the time that people gave. It is an estimate: how long each card stood before its click, at most 10 minutes each.
type Attention struct {
	Minutes   int
	Decisions int // yeses, noes and hand-published pieces
	Before    int // decisions in the week before
	Timed     int // how many of Decisions the minutes rest on
}
