package report

import (
	"testing"

	"koira/engine"
)

func TestAudit(t *testing.T) {
	f := bakery()
	f.tasks = []engine.Task{
		{ID: "daily", Name: "Daily", Frequency: engine.High, Sensitivity: engine.Low, Level: engine.L3},
		{ID: "letter", Name: "Letter", Frequency: engine.Low, Sensitivity: engine.Normal, Level: engine.L1},
		{ID: "runs", Name: "Runs", Frequency: engine.High, Sensitivity: engine.Low, Level: engine.L4},
		{ID: "founder", Name: "Founder", Frequency: engine.High, Nature: []engine.Nature{engine.NaturePeopleKnow}},
	}
	f.works = []engine.Work{
		{ID: "a", Name: "Answers", Times: 5, Sensitivity: engine.High, Minutes: 60},
		{ID: "daily", Task: "daily", Name: "Daily", Minutes: 100},
		{ID: "p", Name: "Photos", Times: 3, Sensitivity: engine.Low, Minutes: 200},
		{ID: "s", Name: "Stories", Task: "daily", Minutes: 20},
		{ID: "x", Name: "Gone", Task: "gone", Minutes: 7, Sensitivity: engine.High},
	}
	v := view(reader(f, at("2025-11-24 10:00")).Audit(t.Context()))(t)
	var got []string
	for _, r := range v.Rows {
		got = append(got, r.Name)
	}
	same(t, "rows", []string{"Photos", "Daily", "Runs", "Answers", "Letter", "Gone", "Founder"}, got)
	var first []string
	for _, r := range v.First {
		first = append(first, r.Name)
	}
	same(t, "first", []string{"Photos", "Daily", "Answers"}, first) // what runs by itself already is no candidate
	same(t, "time", []int{120, 267, 3}, []int{v.Before, v.ByHand, v.Unsaid})
	same(t, "took over", []string{"Stories"}, v.Rows[1].TookOver)
	if w, err := reader(f, at("2025-11-24 10:00")).Work(t.Context(), v.Rows[0].Number); err != nil || w.Name != "Photos" {
		t.Errorf("number %d is %q (%v)", v.Rows[0].Number, w.Name, err)
	}
	f.settings = map[string]string{engine.SettingMarket: "b2b"}
	v = view(reader(f, at("2025-11-24 10:00")).Audit(t.Context()))(t)
	if len(v.Proposed) != len(engine.Proposed(engine.MarketBusinesses)) {
		t.Errorf("%d proposed", len(v.Proposed))
	}
}
