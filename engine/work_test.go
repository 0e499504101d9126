package engine

import (
	"slices"
	"strings"
	"testing"
)

func TestParseMinutes(t *testing.T) {
	for text, want := range map[string]int{"3h": 180, "1.5": 90, "1,5 h": 90, "90m": 90, "45 min": 45, "2 hours": 120, "off": 0, "168h": 10080} {
		if got, err := ParseMinutes(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "h", "-1h", "169h", "NaN", "1e9h", "three", "0", "3x"} {
		if got, err := ParseMinutes(text); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestReadWork(t *testing.T) {
	was := Work{Name: "Photos", Minutes: 60, Times: 2, Nature: []Nature{NatureRelationship}, Guessed: true}
	for text, want := range map[string]Work{
		"":                      was,
		"5x 90m high":           {Name: "Photos", Minutes: 90, Times: 5, Sensitivity: High, Nature: was.Nature, Guessed: true},
		"none":                  {Name: "Photos", Minutes: 60, Times: 2},
		"legal-review pricing":  {Name: "Photos", Minutes: 60, Times: 2, Nature: []Nature{NatureLegal, NaturePricing}},
		"by Daily-Social":       {Name: "Photos", Minutes: 60, Times: 2, Nature: was.Nature, Guessed: true, Task: "daily-social"},
		"off":                   {Name: "Photos", Times: 2, Nature: was.Nature, Guessed: true},
		"by daily-social, 2h, ": {Name: "Photos", Minutes: 120, Times: 2, Nature: was.Nature, Guessed: true, Task: "daily-social"},
	} {
		got, err := ReadWork(was, strings.Fields(text))
		if err != nil || got.Name != want.Name || got.Minutes != want.Minutes || got.Times != want.Times || got.Sensitivity != want.Sensitivity ||
			!slices.Equal(got.Nature, want.Nature) || got.Guessed != want.Guessed || got.Task != want.Task {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"soon", "999h", "by"} {
		if got, err := ReadWork(was, strings.Fields(text)); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestGuessNature(t *testing.T) {
	for name, want := range map[string][]Nature{
		"Messages to key accounts": {NatureRelationship},
		"Partner letters":          {NatureRelationship},
		"A note from the founder":  {NaturePeopleKnow},
		"Departners":               nil, // within a word it says nothing
		"Daily social":             nil,
		"Price list, legal check":  {NaturePricing, NatureLegal},
	} {
		if got := GuessNature(name); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// Key accounts and partnerships stay with people, whoever is sold to.
func TestRelationshipsStayWithPeople(t *testing.T) {
	for _, m := range []Market{MarketBusinesses, MarketPeople, MarketBoth} {
		all, kept := Proposed(m), 0
		for _, p := range all {
			if top, _ := p.Work.Top(); top == L1 {
				kept++
			} else if len(GuessNature(p.Work.Name)) > 0 {
				t.Errorf("%s: %s speaks of a relationship and may rise to %s", m, p.Work.Name, top)
			}
		}
		if kept == 0 || kept == len(all) {
			t.Errorf("%s: %d of %d stay with people", m, kept, len(all))
		}
	}
	if Proposed(MarketUnknown) != nil {
		t.Error("something is proposed to nobody knows whom")
	}
}
