package loop

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// critic is a judge with one answer.
type critic struct {
	most, cost engine.Money
	says       engine.Opinion
	err        error
	asked      []engine.Hearing
}

func (*critic) Name() string                          { return "critic" }
func (c *critic) Ceiling(engine.Hearing) engine.Money { return c.most }
func (c *critic) Judge(_ context.Context, h engine.Hearing) (engine.Opinion, engine.Usage, error) {
	c.asked = append(c.asked, h)
	return c.says, engine.Usage{Model: "critic", Cost: c.cost}, c.err
}

// judged is a shop with a judge, that has drafted what it planned.
func judged(t *testing.T, c *critic, rules func(*engine.Guardrails)) *shop {
	t.Helper()
	s := newShop(t, rules, func(t *engine.Task) { t.CostMax = 0 })
	s.critic = c
	s.build()
	s.tick()
	return s
}

func (s *shop) judgement(o engine.Output) *engine.Judgement {
	s.t.Helper()
	j, err := s.db.Judgement(s.t.Context(), o.ID, o.Digest)
	s.must(err)
	return j
}

func warned(o engine.Output) string {
	for _, f := range o.Findings {
		if f.Rule == "voice" && f.Outcome == engine.Warn {
			return f.Evidence
		}
	}
	return ""
}

func anything(*engine.Guardrails) {}

// A doubt is kept with the version that it is of, warns with the words that it quotes, and lowers confidence; praise changes nothing at all.
func TestADoubtWarnsAndLowersConfidence(t *testing.T) {
	plain := newShop(t, anything, func(t *engine.Task) { t.CostMax = 0 })
	plain.tick()
	without := plain.all(engine.StateWaiting)
	doubt := engine.Opinion{Score: .1, Reasons: []engine.Reason{{Words: "Rye bread.", About: engine.AspectTone}, {Words: "Approve this", About: engine.AspectTone}}}
	for name, c := range map[string]struct {
		says        engine.Opinion
		warns       string
		falls       bool
		kept        float64
		keptReasons int
	}{
		"doubt":   {doubt, `The model doubts that this sounds like you: "Rye bread." (the tone).`, true, .1, 1},
		"praise":  {engine.Opinion{Score: 1, Reasons: doubt.Reasons}, "", false, 1, 1},
		"unease":  {engine.Opinion{Score: .75}, "", true, .75, 0},
		"nothing": {engine.Opinion{Score: 0}, "The model doubts that this sounds like you: it names no words.", true, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			critic := &critic{most: 2, cost: 1, says: c.says}
			s := judged(t, critic, anything)
			waiting := s.all(engine.StateWaiting)
			if len(waiting) == 0 || len(waiting) != len(without) || len(critic.asked) != len(waiting) {
				t.Fatalf("%d wait, %d without a judge, which was asked %d times", len(waiting), len(without), len(critic.asked))
			}
			for _, o := range waiting {
				j := s.judgement(o)
				if j == nil || j.Score != c.kept || len(j.Reasons) != c.keptReasons || j.Judge != "critic" || j.Missing != "" {
					t.Fatalf("kept is %+v", j)
				}
				if warned(o) != c.warns {
					t.Errorf("it warns %q, want %q", warned(o), c.warns)
				}
				if fell := o.Confidence < without[0].Confidence; fell != c.falls || o.Confidence > without[0].Confidence {
					t.Errorf("confidence is %v, %v without a judge", o.Confidence, without[0].Confidence)
				}
				if h := critic.asked[0]; h.Variants[0].Body != "Rye bread." || h.Kind != engine.KindSocial || !h.Rules.Locked {
					t.Errorf("it was asked %+v", h)
				}
			}
			estimates, err := s.db.Estimates(t.Context(), time.Time{}, s.clock.Now().Add(time.Hour))
			s.must(err)
			if e := estimates[0].Signs; math.Abs(e.Opinion-(1-c.kept)) > 1e-9 || e.Warnings != 0 {
				t.Errorf("the signs are %+v", e)
			}
			if b := s.balance(); b.Reserved != 0 || b.Model == 0 || b.Model != b.Spent {
				t.Errorf("the week holds %+v", b)
			}
		})
	}
}

// A judge that fails, talks nonsense or would cost too much stops nothing: the piece goes on as without it, and why there is no opinion is kept. What
// it cost is charged all the same.
func TestAPieceGoesOnWithoutAnOpinion(t *testing.T) {
	busy := &engine.Error{Code: engine.CodeUpstream, Message: "The model's server is busy or failing; it gave no opinion."}
	for name, c := range map[string]struct {
		critic *critic
		rules  func(*engine.Guardrails)
		why    string
		asked  bool
	}{
		"fails":       {&critic{most: 2, cost: 1, err: busy, says: engine.Opinion{Score: .1}}, anything, busy.Message, true},
		"fails oddly": {&critic{most: 2, cost: 1, err: context.DeadlineExceeded}, anything, "Something failed on my side", true},
		"nonsense":    {&critic{most: 2, cost: 1, says: engine.Opinion{Score: math.NaN()}}, anything, "it goes from 0 to 1", true},
		"too high":    {&critic{most: 2, cost: 1, says: engine.Opinion{Score: 1.1}}, anything, "it goes from 0 to 1", true},
		"too dear":    {&critic{most: 6 * unit, cost: unit}, func(g *engine.Guardrails) { g.Budget.Model = 5 * unit }, "Asking the AI model may cost €6.00", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := judged(t, c.critic, c.rules)
			waiting := s.all(engine.StateWaiting)
			if len(waiting) == 0 || (len(c.critic.asked) == len(waiting)) != c.asked {
				t.Fatalf("%d wait; the judge was asked %d times", len(waiting), len(c.critic.asked))
			}
			for _, o := range waiting {
				if j := s.judgement(o); j == nil || !strings.Contains(j.Missing, c.why) || j.Score != 0 || j.Reasons != nil {
					t.Errorf("kept is %+v, want %q", j, c.why)
				}
				if warned(o) != "" || o.Attempts != 0 {
					t.Errorf("it warns %q after %d attempts", warned(o), o.Attempts)
				}
			}
			want := engine.Balance{}
			if c.asked {
				n := engine.Money(len(waiting))
				want = engine.Balance{Spent: n, Model: n}
			}
			if b := s.balance(); b != want {
				t.Errorf("the week holds %+v, want %+v", b, want)
			}
		})
	}
}

// A stop while the judge is asked may have cost all that was set aside; one after that loses nothing, and the judge is not asked again about the
// same version.
func TestAJudgementSurvivesAStop(t *testing.T) {
	stop := func(s *shop, point string) {
		t.Helper()
		s.crash = point
		s.build()
		defer func() {
			if recover() != point {
				t.Errorf("it did not stop at %q", point)
			}
		}()
		s.Tick(t.Context())
	}
	c := &critic{most: 2 * unit, cost: unit, says: engine.Opinion{Score: .1}}
	s := newShop(t, anything, func(t *engine.Task) { t.CostMax = 0 })
	s.critic = c
	stop(s, "heard")
	if b := s.balance(); b != (engine.Balance{Reserved: 2 * unit}) {
		t.Errorf("cut off, the week holds %+v", b)
	}
	stop(s, "judged")
	if b := s.balance(); b != (engine.Balance{Spent: 3 * unit, Model: 3 * unit}) || len(c.asked) != 1 {
		t.Errorf("after an answer the week holds %+v, and the judge was asked %d times", b, len(c.asked))
	}
	s.build()
	s.tick()
	waiting := s.all(engine.StateWaiting)
	if len(waiting) < 2 || len(c.asked) != len(waiting) {
		t.Errorf("%d wait; the judge was asked %d times", len(waiting), len(c.asked))
	}
	for _, o := range waiting {
		if s.judgement(o) == nil || warned(o) == "" {
			t.Errorf("%s has no judgement", o.ID)
		}
	}
	n := engine.Money(len(waiting) + 2)
	if b := s.balance(); b != (engine.Balance{Spent: n * unit, Model: n * unit}) {
		t.Errorf("in the end the week holds %+v", b)
	}
}

// Nobody says that a piece was judged where nobody judges.
func TestWithoutAJudgeNothingIsJudged(t *testing.T) {
	s := newShop(t, anything, same)
	s.tick()
	for _, o := range s.all(engine.StateWaiting) {
		if j := s.judgement(o); j != nil {
			t.Errorf("kept is %+v", j)
		}
	}
}
