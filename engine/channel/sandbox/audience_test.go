package sandbox

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/engine"
)

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func TestDayAndHour(t *testing.T) {
	w, _ := shop(1, nil)
	at := func(day, hour int) float64 { // November 2025: the 3rd is a Monday
		return logit(w.Expect("letter", []byte(rye), time.Date(2025, 11, day, hour, 30, 0, 0, time.UTC)))
	}
	for _, c := range []struct {
		name            string
		better, worse   float64
		atLeast, atMost float64
	}{
		{"Thursday beats Friday", at(6, 10), at(7, 10), 0.70, 0.78},
		{"Wednesday beats Sunday", at(5, 10), at(9, 10), 0.50, 0.68},
		{"ten beats four at night", at(6, 10), at(6, 4), 0.55, 0.65},
	} {
		if d := c.better - c.worse; d < c.atLeast || d > c.atMost {
			t.Errorf("%s by %.2f logits, want %.2f to %.2f", c.name, d, c.atLeast, c.atMost)
		}
	}
}

func TestTheAudienceLivesInItsZone(t *testing.T) {
	east := New(Options{Seed: 1, Zone: time.FixedZone("east", 6*3600), Doors: []Door{{Name: "letter", Kind: engine.KindEmail, Audience: 1000}}})
	west, _ := shop(1, nil)
	at := time.Date(2025, 11, 6, 4, 30, 0, 0, time.UTC) // 10:30 in the east
	if e, w := east.Expect("letter", []byte(rye), at), west.Expect("letter", []byte(rye), at); e <= w {
		t.Errorf("%.4f in the east at ten, %.4f in the west at four", e, w)
	}
}

// TestWordsMatter holds that each kind of choice moves the audience, and that most seeds disagree on what is best.
func TestWordsMatter(t *testing.T) {
	variants := map[string][]string{
		"style": {"Rye bread\n\nhttps://a.example/x", "Rye bread?\n\nhttps://a.example/x", "7 rye breads\n\nhttps://a.example/x", "Come and see rye bread\n\nhttps://a.example/x"},
		"theme": {"Hello\n\nsourdough starter https://a.example/x", "Hello\n\nopening hours Tuesday https://a.example/x", "Hello\n\nbirch oven https://a.example/x"},
		"ask":   {"Hello\n\nhttps://a.example/reserve?utm_content=A", "Hello\n\nhttps://a.example/visit?utm_content=A", "Hello\n\nno link"},
	}
	for name, texts := range variants {
		best := map[string]int{}
		for seed := range uint64(40) {
			w, clock := shop(seed, nil)
			top, choice := 0.0, ""
			for _, text := range texts {
				if p := w.Expect("social", []byte(text), clock.Now()); p > top {
					top, choice = p, text
				}
			}
			best[choice]++
		}
		for choice, n := range best {
			if n > 36 {
				t.Errorf("%s: %q is best in %d of 40 worlds", name, choice, n)
			}
		}
		if len(best) < 2 {
			t.Errorf("%s makes no difference", name)
		}
	}
	w, clock := shop(1, nil)
	a := w.Expect("social", []byte(rye), clock.Now())
	b := w.Expect("social", []byte(strings.Replace(rye, "utm_content=A", "utm_content=B", 1)), clock.Now())
	if a != b {
		t.Error("the audience reads UTM tags")
	}
}

func TestNumbersAreThoseOfASmallShop(t *testing.T) {
	for _, c := range []struct {
		door           string
		metric         engine.Metric
		least, atMost  float64 // of the mean over many pieces
		afterwards     time.Duration
		betweenTwoSent time.Duration
	}{
		{"social", engine.Clicks, 6, 25, 7 * 24 * time.Hour, 24 * time.Hour},
		{"social", engine.Engagements, 5, 25, 7 * 24 * time.Hour, 24 * time.Hour},
		{"letter", engine.Opens, 450, 850, 7 * 24 * time.Hour, 7 * 24 * time.Hour},
		{"letter", engine.Clicks, 40, 120, 7 * 24 * time.Hour, 7 * 24 * time.Hour},
		{"letter", engine.Unsubscribed, 1, 10, 7 * 24 * time.Hour, 7 * 24 * time.Hour},
		{"blog", engine.Clicks, 3, 15, 28 * 24 * time.Hour, 7 * 24 * time.Hour},
	} {
		var sum float64
		const worlds, pieces = 20, 10
		for seed := range uint64(worlds) {
			w, clock := shop(seed, nil)
			for n := range pieces {
				ref := publish(t, w, c.door, fmt.Sprint("KEY", n), rye).Ref
				clock.Advance(c.afterwards)
				sum += float64(read(t, w, ref)[c.metric])
				clock.Advance(c.betweenTwoSent)
			}
		}
		if mean := sum / (worlds * pieces); mean < c.least || mean > c.atMost {
			t.Errorf("%s brings %.1f %s a piece, want %g to %g", c.door, mean, c.metric, c.least, c.atMost)
		}
	}
}

func TestPostingOftenTires(t *testing.T) {
	clicks := func(every time.Duration) (sum int64) {
		for seed := range uint64(30) {
			w, clock := shop(seed, nil)
			var refs []engine.Ref
			for n := range 14 {
				refs = append(refs, publish(t, w, "social", fmt.Sprint("KEY", n), rye).Ref)
				clock.Advance(every)
			}
			clock.Advance(30 * 24 * time.Hour)
			for _, r := range refs {
				sum += read(t, w, r)[engine.Clicks]
			}
		}
		return sum
	}
	rested, tired := clicks(7*24*time.Hour), clicks(time.Hour)
	if ratio := float64(tired) / float64(rested); ratio > 0.8 || ratio < 0.2 {
		t.Errorf("hourly posts bring %.2f of the clicks of weekly ones, want 0.2 to 0.8", ratio)
	}
}

func TestReadingsNeverFallAndDoNotDependOnReading(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		door := rapid.SampledFrom([]string{"social", "letter", "blog"}).Draw(rt, "door")
		steps := rapid.SliceOfN(rapid.Int64Range(0, int64(12*time.Hour)), 1, 12).Draw(rt, "steps")
		end := rapid.SampledFrom([]string{"nothing", "retract", "halt"}).Draw(rt, "end")
		at := rapid.IntRange(0, len(steps)-1).Draw(rt, "when")
		often, clock := shop(seed, nil)
		rarely, other := shop(seed, nil)
		r := publish(t, often, door, "KEY1", rye)
		publish(t, rarely, door, "KEY1", rye)
		before := map[engine.Metric]int64{}
		for n, d := range steps {
			clock.Advance(time.Duration(d))
			other.Advance(time.Duration(d))
			if n == at {
				change(t, often, door, end, r)
				change(t, rarely, door, end, r)
			}
			now := read(t, often, r.Ref)
			for m, v := range now {
				if v < before[m] {
					rt.Errorf("%s fell from %d to %d", m, before[m], v)
				}
			}
			if now[engine.Clicks] > now[engine.Impressions] || now[engine.Leads] > now[engine.Clicks] {
				rt.Errorf("more clicks than views, or more leads than clicks: %v", now)
			}
			before = now
		}
		if d := cmp.Diff(before, read(t, rarely, r.Ref)); d != "" {
			rt.Errorf("reading often changes what is read (-often +rarely):\n%s", d)
		}
	})
}

func change(t *testing.T, w *World, door, what string, r engine.Receipt) {
	switch ch := w.Channel(door); {
	case what == "retract" && ch.Traits().Retract:
		if _, err := ch.Retract(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	case what == "halt" && ch.Traits().Halt:
		if _, err := ch.Halt(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestResultsArriveSlowly(t *testing.T) {
	w, clock := shop(1, nil)
	r := publish(t, w, "letter", "KEY1", rye)
	if got := read(t, w, r.Ref); got[engine.Clicks] != 0 || got[engine.Spend] != 0 {
		t.Errorf("results at once: %v", got)
	}
	clock.Advance(time.Hour)
	first := read(t, w, r.Ref)[engine.Opens]
	clock.Advance(7 * 24 * time.Hour)
	last := read(t, w, r.Ref)
	if share := float64(first) / float64(last[engine.Opens]); share < 0.05 || share > 0.7 {
		t.Errorf("%.2f of the opens within an hour", share)
	}
	if got := last[engine.Spend]; got < int64(395*engine.Cent) || got > int64(4*engine.Unit) {
		t.Errorf("%d spent after a week, want nearly %d", got, 4*engine.Unit)
	}
}

func TestTakenDownCountsNoMore(t *testing.T) {
	w, clock := shop(1, nil)
	r := publish(t, w, "social", "KEY1", rye)
	clock.Advance(2 * time.Hour)
	if _, err := w.Channel("social").Retract(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	then := read(t, w, r.Ref)
	clock.Advance(48 * time.Hour)
	if d := cmp.Diff(then, read(t, w, r.Ref)); d != "" || then[engine.Impressions] == 0 {
		t.Errorf("it goes on counting (-then +later):\n%s", d)
	}
}

func TestDraw(t *testing.T) {
	w, _ := shop(1, nil)
	for _, c := range []struct {
		n int
		p float64
	}{{1000, 0.03}, {1000, 0.5}, {1000, 0.9}, {40, 0.002}, {10, 0}, {10, 1}, {0, 0.5}} {
		rng := w.rand("draw", fmt.Sprint(c))
		const times = 4000
		var sum float64
		for range times {
			k := draw(rng, c.n, c.p)
			if k < 0 || k > c.n {
				t.Fatalf("%d of %d", k, c.n)
			}
			sum += float64(k)
		}
		mean, want := sum/times, float64(c.n)*c.p
		if se := math.Sqrt(want * (1 - c.p) / times); math.Abs(mean-want) > 5*se {
			t.Errorf("n %d, p %g: mean %.3f, want %.3f ± %.3f", c.n, c.p, mean, want, 5*se)
		}
	}
}
