package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

func (b bakery) auditRow(name string, g report.AuditGroup) report.AuditRow {
	r := report.AuditRow{
		ID: "01K0WORK", Number: b.n(1, 60), Name: b.s(name, 80), Minutes: b.n(90, 10_080), HowOften: "3 a week", Sensitivity: engine.Normal, Group: g, Top: engine.L5,
	}
	return r
}

func (b bakery) audit() report.AuditView {
	daily := b.auditRow("Daily social", report.AuditFirst)
	daily.Mine, daily.Level, daily.Minutes, daily.HowOften, daily.Sensitivity = true, engine.L3, b.n(240, 10_080), "5–7 a week", engine.Low
	daily.TookOver = many(b, 0, 12, b.s("Stories", 80))
	letter := b.auditRow("Newsletter", report.AuditThen)
	letter.Mine, letter.Level, letter.Minutes, letter.HowOften = true, engine.L1, 0, "1 a week"
	accounts := b.auditRow("Messages to key accounts", report.AuditPeople)
	accounts.Number, accounts.Sensitivity, accounts.Top, accounts.Caps, accounts.Guessed = b.n(2, 60), engine.High, engine.L1, []string{"a relationship is at stake"}, true
	v := report.AuditView{
		Frame: b.frame(), Market: engine.MarketBoth, Before: b.n(240, 600_000), ByHand: b.n(180, 600_000), Unsaid: b.n(1, 60), First: []report.AuditRow{daily, letter},
		Proposed: engine.Proposed(engine.MarketBoth),
	}
	v.Rows = append(many(b, 1, 20, daily), b.auditRow("Photos for the shop", report.AuditNext))
	v.Rows = append(append(v.Rows, many(b, 1, 20, letter)...), many(b, 0, 20, b.auditRow("", report.AuditLast))...)
	v.Rows = append(append(v.Rows, many(b, 1, 20, accounts)...), many(b, 0, 20, b.auditRow("", report.AuditNext))...)
	return v
}

func (b bakery) auditDrawings(at Place) []drawing {
	hand := engine.Work{
		ID: "01K0WORK", Name: b.s("Messages to key accounts", 80), Minutes: 90, Times: 2, Sensitivity: engine.High, Nature: []engine.Nature{engine.NatureRelationship}, Guessed: true,
	}
	items := append(many(b, 1, 60, report.AuditItem{Work: hand}), many(b, 1, 60, report.AuditItem{Work: engine.Work{ID: "daily-social", Name: b.s("Daily social", 60)}, Mine: true})...)
	for i := range items {
		if !items[i].Mine {
			items[i].ID += string(rune('A'+i%26)) + string(rune('A'+i/26))
		} else {
			items[i].ID += string(rune('a'+i%26)) + string(rune('a'+i/26))
		}
	}
	tasks := []engine.Task{{ID: "daily-social", Name: b.s("Daily social", 60)}}
	none := report.AuditView{Frame: b.frame()}
	return []drawing{
		asMessage("audit", Audit(b.audit())),
		asMessage("audit-none", Audit(none)),
		asMessage("audited", Audited(hand, "is on the list")),
		asMessage("audited-off", Audited(engine.Work{Name: hand.Name}, "is off the list")),
		asView("window-work", WorkWindow(engine.ProposedWork{}, at)),
		asView("window-work-proposed", WorkWindow(engine.Proposed(engine.MarketBoth)[9], at)),
		asView("window-work-change", WorkChangeWindow(items, tasks, day(24, 9, 41), at)),
		asView("window-work-none", WorkChangeWindow(nil, nil, day(24, 9, 41), at)),
		asView("window-market", MarketWindow(engine.MarketPeople, at)),
	}
}
