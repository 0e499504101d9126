package guard

import (
	"fmt"
	"strings"
	"time"

	"koira/engine"
)

// facts holds that every price, percentage, date, time, number, link and phone number stands in the fact sheet, in a fact that may be said when
// the piece goes out. The texts of offers and calls to action, and the business's own link, are facts too.
func facts(v engine.View) []engine.Finding {
	good, stale := sheet(v.Strategy, v.Output.Slot)
	var found []engine.Finding
	seen := map[string]bool{}
	for _, variant := range v.Output.Variants {
		for _, c := range claims(said(variant)) {
			if good[c.key] || seen[c.key] {
				continue
			}
			seen[c.key] = true
			if old, ok := stale[c.key]; ok {
				found = append(found, engine.Finding{
					Outcome:  engine.Block,
					Evidence: fmt.Sprintf("It says %q; that fact is out of date: %q.", c.text, old.Text),
					Remedy:   fmt.Sprintf("Bring the fact %q up to date, or leave it out.", old.Key),
				})
				continue
			}
			found = append(found, engine.Finding{
				Outcome:  engine.Block,
				Evidence: fmt.Sprintf("It says %q, which is not in your facts.", c.text),
				Remedy:   fmt.Sprintf("Leave %q out, or add the fact.", c.text),
			})
		}
	}
	return found
}

// sheet gives the keys of all claims that hold at t, and for those that do not, a fact that once said them.
func sheet(s engine.Strategy, t time.Time) (good map[string]bool, stale map[string]engine.Fact) {
	good, stale = map[string]bool{}, map[string]engine.Fact{}
	say := func(text string) {
		for _, c := range claims(text) {
			good[c.key] = true
		}
	}
	for _, f := range s.Facts {
		if f.Holds(t) {
			say(f.Text)
			continue
		}
		for _, c := range claims(f.Text) {
			stale[c.key] = f
		}
	}
	for _, o := range s.Offers {
		if (engine.Fact{From: o.From, Until: o.Until}).Holds(t) {
			say(o.Text)
			continue
		}
		for _, c := range claims(o.Text) {
			stale[c.key] = engine.Fact{Key: o.Key, Text: o.Text}
		}
	}
	for _, c := range s.CallsToAction {
		say(c.Text + " " + c.Link)
	}
	say(s.Business.Name + " " + s.Business.Link)
	return good, stale
}

func containsFold(s, word string) bool { return strings.Contains(strings.ToLower(s), word) }
