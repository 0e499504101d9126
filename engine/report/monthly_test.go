package report

import (
	"testing"

	"koira/engine"
)

// TestMonthly: only the month's own pieces are held against what people said; the line rests on the year; what was too short to tell is counted
// and never averaged.
func TestMonthly(t *testing.T) {
	f := bakery()
	estimate := func(id, when string, sure, voice float64, heard bool) {
		o := post(id, when)
		f.outputs = append(f.outputs, o)
		f.estimates = append(f.estimates, engine.Estimate{
			Output: id, Task: o.Task, At: at(when), Confidence: sure, Line: .4, Signs: engine.Signs{Voice: voice}, Heard: heard,
		})
	}
	estimate("october", "2025-10-31 12:00", .9, .9, true)
	estimate("plain", "2025-11-03 12:00", .9, .2, true)
	estimate("far", "2025-11-04 12:00", .9, .5, true)
	estimate("doubted", "2025-11-12 12:00", .3, 0, false)
	estimate("nobody looked", "2025-11-13 12:00", .8, 0, false)
	for id, changed := range map[string]float64{"october": 0, "plain": 0, "far": .2, "doubted": 0} {
		f.reviews = append(f.reviews, engine.Review{Output: id, Task: "daily-social", Verdict: engine.ReviewApproved, Changed: changed, At: at("2025-11-20 12:00")})
	}
	r := reader(f, at("2025-12-01 09:00"))
	v := view(r.Monthly(t.Context(), ""))(t)
	if v.Month != "2025-11" || v.Calibration.N != 3 || v.Asked != 1 || !v.Few || v.Unheard != 2 || !v.NoSamples {
		t.Errorf("%+v", v)
	}
	same(t, "voice", []VoiceRow{{Week: "2025-W45", Channel: "Bluesky", Distance: 35, N: 2}}, v.Voice)
	if len(v.Furthest) != 2 || v.Furthest[0].Output != "far" || v.Furthest[0].Distance != 50 || v.Furthest[0].Quote != "Rye at 10" {
		t.Errorf("furthest %+v", v.Furthest)
	}
	if l := v.Lines[0]; l.Judged != 4 || !l.Early || l.Line != 40 || l.Bad != 20 {
		t.Errorf("line %+v", l)
	}
	if _, err := r.Monthly(t.Context(), "2025-13"); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a month that is none: %v", err)
	}
}
