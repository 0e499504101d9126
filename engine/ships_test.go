package engine_test

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// The hours are worked out by hand: 08–20 in Helsinki, in the week in which summer time ends (Sunday 26 October 2025, at 04:00).
func TestTimeToLook(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2025, 10, day, hour, minute, 0, 0, zone) }
	for name, c := range map[string]struct {
		rule        engine.ReviewRule
		shown, want time.Time
	}{
		"in the morning":            {engine.ReviewRule{}, at(20, 9, 10), at(20, 13, 10)},
		"before people are awake":   {engine.ReviewRule{}, at(20, 3, 0), at(20, 12, 0)},
		"to the end of the day":     {engine.ReviewRule{}, at(20, 16, 0), at(20, 20, 0)},
		"over the night":            {engine.ReviewRule{}, at(20, 18, 30), at(21, 10, 30)},
		"after people went home":    {engine.ReviewRule{}, at(20, 20, 0), at(21, 12, 0)},
		"over the change of clocks": {engine.ReviewRule{}, at(25, 19, 0), at(26, 11, 0)},
		"two days of office hours":  {engine.ReviewRule{Window: 600, From: 9, To: 15}, at(20, 14, 0), at(22, 12, 0)},
		// Lisbon is two hours behind, on both sides of the change; New York, which changes a week later, is 7 hours behind, then 6.
		"where those who look are":          {engine.ReviewRule{Zone: "Europe/Lisbon"}, at(20, 9, 10), at(20, 14, 0)},
		"there, over the change of clocks":  {engine.ReviewRule{Zone: "Europe/Lisbon"}, at(25, 21, 0), at(26, 13, 0)},
		"where the clocks change later":     {engine.ReviewRule{Zone: "America/New_York"}, at(26, 2, 0), at(26, 17, 0)},
		"a night with an hour more":         {engine.ReviewRule{Zone: "Europe/Lisbon", Window: 300, From: 0, To: 4}, at(26, 2, 0), at(26, 6, 0)},
		"a zone that nobody knows any more": {engine.ReviewRule{Zone: "Europe/Atlantis"}, at(20, 9, 10), at(20, 13, 10)},
		"hours that make no sense":          {engine.ReviewRule{From: 20, To: 8}, at(20, 9, 0), at(20, 13, 0)},
	} {
		if got := c.rule.Over(c.shown, zone); !got.Equal(c.want) {
			t.Errorf("%s: over at %s, want %s", name, got.In(zone), c.want)
		}
	}
}

func TestSampleIsOneInSoMany(t *testing.T) {
	for _, share := range []int{0, 1, 5, 20} {
		n, want := 0, 10_000/max(share, 1)
		if share == 0 {
			want = 2_000 // 1 in 5
		}
		for i := range 10_000 {
			o := engine.Output{Variants: []engine.Variant{{Name: "A", Rendered: fmt.Append(nil, i)}}}
			if (engine.ReviewRule{Sample: share}).Samples(engine.DigestOf(o)) {
				n++
			}
		}
		if off := n - want; off < -want/8 || off > want/8 {
			t.Errorf("1 in %d: %d of 10000 were drawn", share, n)
		}
	}
	if !(engine.ReviewRule{}).Samples("") {
		t.Error("what has no digest is not looked at")
	}
}

// What each level lets become of one piece that the gate passes.
func TestShips(t *testing.T) {
	free := engine.ReviewRule{Sample: 1 << 40}
	gone := engine.Traits{Retract: true}
	own := engine.Output{Origin: engine.OriginKoira, Kind: engine.KindSocial, Digest: "0123456789abcdef01"}
	with := func(f func(*engine.Output)) engine.Output { o := own; f(&o); return o }
	edited, asked := with(func(o *engine.Output) { o.EditedBy = "U1" }), with(func(o *engine.Output) { o.Origin = engine.OriginAsked })
	letter := with(func(o *engine.Output) { o.Kind = engine.KindEmail })
	for name, c := range map[string]struct {
		level   engine.Level
		o       engine.Output
		tr      engine.Traits
		missing string
		rule    engine.ReviewRule
		want    engine.Passage
	}{
		"L0":                        {engine.L0, own, gone, "", free, engine.Passage{engine.WayHand, "you publish it by hand (L0)"}},
		"L1":                        {engine.L1, own, gone, "", free, engine.Passage{engine.WayHand, "you publish it by hand (L1)"}},
		"L2":                        {engine.L2, own, gone, "", free, engine.Passage{engine.WayYes, "each waits for your yes (L2)"}},
		"L3":                        {engine.L3, own, gone, "", free, engine.Passage{engine.WayYes, "each waits for your yes (L3)"}},
		"L4":                        {engine.L4, own, gone, "", free, engine.Passage{engine.WayWindow, ""}},
		"L4, to be stopped":         {engine.L4, own, engine.Traits{Halt: true}, "", free, engine.Passage{engine.WayWindow, ""}},
		"L4, a short record":        {engine.L4, own, gone, "3 of 20 reviewed", free, engine.Passage{engine.WayYes, "each waits for your yes while the record is short: 3 of 20 reviewed"}},
		"L4, not to be taken back":  {engine.L4, own, engine.Traits{}, "", free, engine.Passage{engine.WayYes, "it cannot be taken back once it is out"}},
		"L4, a letter":              {engine.L4, letter, engine.Traits{Halt: true}, "", free, engine.Passage{engine.WayYes, "it cannot be taken back once it is out"}},
		"L4, drawn":                 {engine.L4, own, gone, "", engine.ReviewRule{Sample: 1}, engine.Passage{engine.WayYes, "random check (1 in 1)"}},
		"L4, a person's words":      {engine.L4, edited, gone, "", free, engine.Passage{engine.WayYes, "a person had a hand in it, so it waits for a yes"}},
		"L5":                        {engine.L5, own, engine.Traits{}, "", free, engine.Passage{engine.WayAlone, ""}},
		"L5, asked for":             {engine.L5, asked, gone, "", free, engine.Passage{engine.WayYes, "a person had a hand in it, so it waits for a yes"}},
		"L5, taken back":            {engine.L5, with(func(o *engine.Output) { o.WaitsFor = "taken back" }), gone, "", free, engine.Passage{engine.WayYes, "taken back"}},
		"L5 is not drawn":           {engine.L5, own, gone, "3 of 20 reviewed", engine.ReviewRule{Sample: 1}, engine.Passage{engine.WayAlone, ""}},
		"a level that there is not": {engine.Level(9), own, gone, "", free, engine.Passage{engine.WayHand, "you publish it by hand (L9)"}},
	} {
		if got := engine.Ships(c.level, c.o, c.tr, c.missing, c.rule); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
