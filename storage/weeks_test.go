package storage

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// TestEachWeekHasACapOfItsOwn: windows are the business's ISO weeks, also those of 167 and 169 hours and those that two years share. A piece a
// minute before midnight and one at midnight never share a cap; two of one week do.
func TestEachWeekHasACapOfItsOwn(t *testing.T) {
	zone := helsinki()
	at := func(y int, m time.Month, d, h, min int) time.Time {
		return time.Date(y, m, d, h, min, 0, 0, zone).UTC()
	}
	for name, c := range map[string]struct {
		first, last, after time.Time
		week, next         string
		hours              time.Duration
	}{
		"summer time begins":         {at(2026, 3, 23, 0, 0), at(2026, 3, 29, 23, 59), at(2026, 3, 30, 0, 0), "2026-W13", "2026-W14", 167},
		"winter time begins":         {at(2026, 10, 19, 0, 0), at(2026, 10, 25, 23, 59), at(2026, 10, 26, 0, 0), "2026-W43", "2026-W44", 169},
		"a year ends in its week":    {at(2026, 12, 28, 0, 0), at(2027, 1, 3, 23, 59), at(2027, 1, 4, 0, 0), "2026-W53", "2027-W01", 168},
		"a year begins before 1/1":   {at(2025, 12, 29, 0, 0), at(2026, 1, 4, 23, 59), at(2026, 1, 5, 0, 0), "2026-W01", "2026-W02", 168},
		"an ordinary week of a year": {at(2026, 6, 8, 0, 0), at(2026, 6, 14, 23, 59), at(2026, 6, 15, 0, 0), "2026-W24", "2026-W25", 168},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			setRules(t, db, func(g *engine.Guardrails) { g.Budget.Weekly = 9 * engine.Unit }) // each piece may cost 5
			if got := c.after.Sub(c.first); got != c.hours*time.Hour {
				t.Fatalf("the week has %s", got)
			}
			schedule := func(i int, slot time.Time) error {
				o := anOutput(fmt.Sprintf("o%d", i), i)
				o.Slot, o.Expires = slot, slot.Add(2*time.Hour)
				add(t, db, o, engine.StateDrafted, engine.StateWaiting)
				o, err := db.Output(t.Context(), o.ID)
				ok(t, err)
				_, err = db.Move(t.Context(), plain(o, engine.StateScheduled))
				return err
			}
			ok(t, schedule(1, c.first))
			wantCode(t, schedule(2, c.last), engine.CodeBlocked)
			ok(t, schedule(3, c.after))
			for week, want := range map[string]engine.Money{c.week: 5 * engine.Unit, c.next: 5 * engine.Unit} {
				b, err := db.Balance(t.Context(), week)
				ok(t, err)
				equal(t, b.Reserved, want)
			}
		})
	}
}

// A bill above what was set aside is spent, told of by an exception, and counts against the cap from then on.
func TestABillAboveIsTold(t *testing.T) {
	db := world(t)
	setRules(t, db, func(g *engine.Guardrails) { g.Budget.Weekly = 10 * engine.Unit })
	r := result(claimed(t, db, "o1", 1, "A")[0], engine.SendPublished, 1)
	r.Spent = 7 * engine.Unit
	ok(t, db.Apply(t.Context(), r))
	open, err := db.OpenExceptions(t.Context())
	ok(t, err)
	if len(open) != 1 || open[0].Subject != "bill:o1" || open[0].Evidence != "A piece on bluesky cost €7.00; €5.00 was set aside for it. The rest counts against your limits all the same." {
		t.Fatalf("open: %+v", open)
	}
	add(t, db, anOutput("o2", 2), engine.StateDrafted, engine.StateWaiting)
	o, err := db.Output(t.Context(), "o2")
	ok(t, err)
	_, err = db.Move(t.Context(), plain(o, engine.StateScheduled))
	wantCode(t, err, engine.CodeBlocked)
}
