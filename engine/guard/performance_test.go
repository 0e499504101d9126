package guard

import (
	"testing"

	"koira/engine"
)

func TestPerformance(t *testing.T) {
	stand := func(verdict string) func(*engine.View) {
		return func(v *engine.View) {
			v.Approval, v.Task.Level, v.Grant = nil, engine.L5, &engine.Grant{Level: engine.L5, Role: engine.RoleOwner}
			v.Guardrails.Thresholds = map[string][]engine.Threshold{"daily": {{Metric: engine.Clicks, Floor: 6}}}
			s := engine.Standing{Task: "daily", Metric: engine.Clicks, Verdict: verdict, Value: 2, Low: 1, High: 3, Pieces: 9}
			switch verdict {
			case engine.StandingNear:
				s.Value, s.High = 5, 9
			case engine.StandingFine:
				s.Value, s.Low, s.High = 9, 7, 11
			}
			v.Standings = []engine.Standing{s}
		}
	}
	now := func(limit engine.Threshold) func(*engine.View) {
		return func(v *engine.View) {
			limit.Metric = engine.Clicks
			v.Guardrails.Thresholds = map[string][]engine.Threshold{"daily": {limit}}
		}
	}
	both := func(fs ...func(*engine.View)) func(*engine.View) {
		return func(v *engine.View) {
			for _, f := range fs {
				f(v)
			}
		}
	}
	for name, c := range map[string]struct {
		spoil func(*engine.View)
		want  engine.Outcome
	}{
		"no threshold":                    {func(*engine.View) {}, engine.Pass},
		"too little data":                 {stand(engine.StandingUnknown), engine.Pass},
		"fine":                            {stand(engine.StandingFine), engine.Pass},
		"near":                            {stand(engine.StandingNear), engine.Warn},
		"beyond, unasked":                 {stand(engine.StandingBeyond), engine.Block},
		"beyond, while drafting":          {both(stand(engine.StandingBeyond), func(v *engine.View) { v.Stage = engine.StageDraft }), engine.Warn},
		"beyond, a person approved it":    {both(stand(engine.StandingBeyond), func(v *engine.View) { v.Approval = clean().Approval }), engine.Warn},
		"beyond a limit that is gone":     {both(stand(engine.StandingBeyond), func(v *engine.View) { v.Guardrails.Thresholds = nil }), engine.Pass},
		"beyond, and the limit is lower":  {both(stand(engine.StandingBeyond), now(engine.Threshold{Floor: 1})), engine.Pass},
		"beyond, and it is a bit lower":   {both(stand(engine.StandingBeyond), now(engine.Threshold{Floor: 2.5})), engine.Warn},
		"beyond, and more must be seen":   {both(stand(engine.StandingBeyond), now(engine.Threshold{Floor: 6, Sample: 10})), engine.Pass},
		"beyond, and it is a ceiling now": {both(stand(engine.StandingBeyond), now(engine.Threshold{Ceiling: 4})), engine.Pass},
		"fine, and the limit is higher":   {both(stand(engine.StandingFine), now(engine.Threshold{Floor: 12})), engine.Block},
		"fine, and there is a ceiling":    {both(stand(engine.StandingFine), now(engine.Threshold{Floor: 6, Ceiling: 6.5})), engine.Block},
		"too little, and it is higher":    {both(stand(engine.StandingUnknown), now(engine.Threshold{Floor: 12})), engine.Pass},
		"beyond, of a metric not limited": {both(stand(engine.StandingBeyond), func(v *engine.View) { v.Standings[0].Metric = engine.Leads }), engine.Pass},
	} {
		v := clean()
		c.spoil(&v)
		got := engine.Pass
		for _, f := range performance(v) {
			got = worse(got, f.Outcome)
			if f.Evidence == "" || f.Remedy == "" || f.Outcome == engine.Block && f.Held != engine.StateWaiting {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
