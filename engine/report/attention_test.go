package report

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

func TestAttention(t *testing.T) {
	f := bakery()
	now := today
	review := func(task string, days int, looked time.Duration) engine.Review {
		return engine.Review{Output: task, Task: task, At: now.AddDate(0, 0, -days), Looked: looked}
	}
	f.reviews = []engine.Review{review("daily-social", 9, time.Hour), review("daily-social", 2, 0), review("newsletter", 1, time.Hour), review("newsletter", 3, 2*time.Minute)}
	f.settings = map[string]string{engine.SettingHoursBefore: "6.5"}
	v := view(reader(f, now).Attention(t.Context()))(t)
	same(t, "attention", Attention{
		Minutes: 13, Decisions: 3, Before: 1, Timed: 2, Stated: 6.5, Most: TaskAttention{"newsletter", v.Most.Name, 12, 2},
	}, v.Attention)
	if len(v.Tasks) != 2 || v.Tasks[1].Minutes != 1 || len(v.Lower) < 2 || v.Over() {
		t.Errorf("%+v", v)
	}
	f.deeds = []engine.Deed{ // a yes, told by its review, and what else was done, before and in these days
		{By: f.reviews[1].By, At: f.reviews[1].At}, {By: "U1", At: now.AddDate(0, 0, -8)}, {By: "U1", At: now.AddDate(0, 0, -2)}, {By: "U2", At: now.AddDate(0, 0, -2)},
		{By: f.reviews[1].By, At: f.reviews[1].At.Add(time.Millisecond)}, {By: "U2", At: now.AddDate(0, 0, -2).Add(time.Second)}, // the same acts go on
	}
	if more := view(reader(f, now).Attention(t.Context()))(t); more.Others != 2 || more.Decisions != 5 || more.Minutes != 15 || more.Before != 2 {
		t.Errorf("with other acts: %+v", more.Attention)
	}
	f.deeds = nil
	f.hours = map[string][]engine.Hours{"U1": {{From: 540, To: 600}}}
	if less := view(reader(f, now).Attention(t.Context()))(t); len(less.Lower) != len(v.Lower)-1 {
		t.Errorf("who chose hours is told to choose some: %v", less.Lower)
	}
	f.reviews = nil
	for range 19 {
		f.reviews = append(f.reviews, review("newsletter", 1, 10*time.Minute))
	}
	if v := view(reader(f, now).Attention(t.Context()))(t); v.Minutes != 190 || !v.Over() {
		t.Errorf("%d minutes, over the line: %t", v.Minutes, v.Over())
	}
	f.reviews, f.settings = nil, map[string]string{engine.SettingHoursBefore: "many"}
	if v := view(reader(f, now).Attention(t.Context()))(t); v.Minutes != 0 || v.Stated != 0 || len(v.Lower) > 0 {
		t.Errorf("%+v", v)
	}
}

// Drafts come in the hours of those who decide and are there.
func TestDraftHours(t *testing.T) {
	const owner, approver, operator = "U0OWNER", "U0APPROVER", "U0OPERATOR"
	nine, four, six := engine.Hours{From: 540, To: 600}, engine.Hours{From: 960, To: 1020}, engine.Hours{From: 360, To: 420}
	away := func(delegate string) []engine.Absence {
		return []engine.Absence{{ID: "a", Owner: owner, From: today.AddDate(0, 0, -1), Until: today.AddDate(0, 0, 1), Delegate: delegate}}
	}
	for name, c := range map[string]struct {
		chosen   map[string][]engine.Hours
		absences []engine.Absence
		want     []engine.Hours
	}{
		"nobody chose":                     {},
		"one chose, the other goes along":  {map[string][]engine.Hours{owner: {nine}}, nil, []engine.Hours{nine}},
		"both chose":                       {map[string][]engine.Hours{owner: {nine}, approver: {four}}, nil, []engine.Hours{nine, four}},
		"an operator does not decide":      {map[string][]engine.Hours{operator: {six}}, nil, nil},
		"an operator decides meanwhile":    {map[string][]engine.Hours{operator: {six}, owner: {nine}}, away(operator), []engine.Hours{six}},
		"who is away is not waited for":    {map[string][]engine.Hours{owner: {nine}, approver: {four}}, away(""), []engine.Hours{four}},
		"who is off the list does not ask": {map[string][]engine.Hours{"U0GONE": {nine}}, nil, nil},
	} {
		f := bakery()
		f.hours, f.absences = c.chosen, c.absences
		r := reader(f, today)
		r.o.People = engine.People{Owners: []string{owner}, Approvers: []string{approver}, Operators: []string{operator}}
		got, err := r.DraftHours(t.Context())
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
}
