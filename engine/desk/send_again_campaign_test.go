package desk

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// advent is a campaign that may cost so much in all.
func advent(t *testing.T, w *world, most engine.Money) {
	s, err := w.store.Strategy(w.ctx)
	must(t, err)
	s.Offers = []engine.Offer{{Key: "advent", From: start.AddDate(0, 0, -1)}}
	_, err = w.store.SetStrategy(w.ctx, s, person(mari), start, "test")
	must(t, err)
	w.setRules(t, func(g *engine.Guardrails) {
		g.Budget.Weekly, g.Budget.Ceiling, g.Budget.PerCampaign = 400*engine.Unit, 400*engine.Unit, 400*engine.Unit
		g.Budget.Campaigns = map[string]engine.Money{"advent": most}
	})
}

// An owner let a piece pass its campaign's cap, which has no week; a week later it is still that piece.
func TestACampaignsRiseHasNoWeek(t *testing.T) {
	for _, days := range []time.Duration{0, 7} {
		t.Run(fmt.Sprint(int(days)), func(t *testing.T) {
			w := newWorld(t)
			advent(t, w, 100*engine.Unit)
			for i, body := range []string{"Rye.", "Oat."} {
				o := w.inCampaign(t, body, start.Add(time.Duration(i+1)*time.Hour))
				must(t, w.Approve(w.ctx, person(tomi), yes(o)))
			}
			o := w.lostOne(t, w.letThrough(t, w.inCampaign(t, "Barley.", start.Add(5*time.Hour))))
			w.clock.Advance(days * day)
			want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeDenied, "An owner let this one pass what stops it (budget)")
			must(t, w.SendAgain(w.ctx, person(mari), yes(o), true))
		})
	}
}

// A piece within its campaign's cap keeps its money while it is sent again in another week, beside one that an owner let cost more.
func TestWhatIsSentAgainNextWeekKeepsItsMoney(t *testing.T) {
	for _, days := range []time.Duration{0, 7} {
		t.Run(fmt.Sprint(int(days)), func(t *testing.T) {
			w := newWorld(t)
			advent(t, w, 80*engine.Unit)
			var all []engine.Output
			for i, body := range []string{"Rye.", "Oat."} {
				o := w.inCampaign(t, body, start.Add(time.Duration(2-i)*time.Hour))
				must(t, w.Approve(w.ctx, person(tomi), yes(o)))
				all = append(all, o)
			}
			w.letThrough(t, w.inCampaign(t, "Spelt.", start.Add(day)))
			o := w.lostOne(t, all[1])
			w.clock.Advance(days * day)
			must(t, w.SendAgain(w.ctx, person(tomi), yes(o), true))
		})
	}
}

// inCampaign is a piece of the campaign of its day that waits.
func (w *world) inCampaign(t testing.TB, body string, slot time.Time) engine.Output {
	t.Helper()
	s, err := w.store.Strategy(w.ctx)
	must(t, err)
	of, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	o := w.planned(w.ctx, of, engine.OriginKoira, slot, "planned")
	o.Campaign = campaign(s, slot)
	must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
	o.Variants = []engine.Variant{{Name: "A", Body: body}}
	draft, err := w.render(o)
	must(t, err)
	draft.Audience, draft.Writer = 1240, "built-in template writer"
	_, err = w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StatePlanned, To: engine.StateDrafted, By: engine.Koira, At: w.clock.Now(), Draft: &draft})
	must(t, err)
	_, err = w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StateDrafted, To: engine.StateWaiting, Digest: draft.Digest, By: engine.Koira, At: w.clock.Now()})
	must(t, err)
	return w.now(t, o.ID)
}
