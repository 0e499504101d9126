package guard

import (
	"fmt"

	"koira/engine"
)

// budget holds what an output may cost against every cap of its window. What the output itself has set aside is part of the balance, so a
// piece that was cleared earlier is not counted twice, and one that was cleared under a higher cap is seen.
func budget(v engine.View) []engine.Finding {
	if v.Output.CostMax == 0 {
		return nil
	}
	offer := campaign(v)
	var found []engine.Finding
	for _, c := range []struct {
		name string
		cap  engine.Money
		set  bool
		used engine.Money
	}{
		{"this week's budget", v.Guardrails.Budget.Weekly, true, v.Week.Used()},
		{v.Task.Name + "'s weekly budget", v.Task.Weekly, v.Task.Weekly > 0, v.TaskWeek.Used()},
		{"the campaign's budget", offer.Budget, offer.Budget > 0, v.Campaign.Used()},
	} {
		if !c.set {
			continue
		}
		needs, err := engine.AddMoney(c.used, v.Output.CostMax-v.Reserved)
		if err == nil && needs <= c.cap {
			continue
		}
		cur := v.Strategy.Business.Currency
		free := max(c.cap-c.used+v.Reserved, 0)
		found = append(found, engine.Finding{
			Outcome: engine.Block,
			Evidence: fmt.Sprintf("It may cost %s; of %s, %s, %s is free.",
				v.Output.CostMax.Format(cur), c.name, c.cap.Format(cur), free.Format(cur)),
			Remedy: fmt.Sprintf("Let it cost at most %s, or an owner raises the limit.", free.Format(cur)),
		})
	}
	return found
}

func campaign(v engine.View) engine.Offer {
	for _, o := range v.Strategy.Offers {
		if o.Key == v.Output.Campaign {
			return o
		}
	}
	return engine.Offer{}
}
