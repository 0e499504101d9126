package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"koira/engine"
)

// share is a cap of its own that people may give to one of several, on top of the week's: a rule's key says which.
type share struct {
	rule, what string
	name       string // of the limit, with what it is of
	at         func(*engine.Guardrails) *map[string]engine.Money
	known      func(scene) []called
	call       func(scene, string) string // by its key, as people call it
}

// called is something that people may name by its key or by words.
type called struct {
	key   string
	words []string
}

var shareRows = []share{
	{"budget.task", "task", "Money a week of %s", func(g *engine.Guardrails) *map[string]engine.Money { return &g.Budget.Tasks }, func(s scene) (all []called) {
		for _, id := range s.tasks {
			all = append(all, called{id, []string{strings.ReplaceAll(id, "-", " "), s.taskName(id)}})
		}
		return all
	}, scene.taskName},
	{"budget.campaign", "campaign", "Money in all of the campaign %s", func(g *engine.Guardrails) *map[string]engine.Money { return &g.Budget.Campaigns }, func(s scene) (all []called) {
		for _, o := range s.offers {
			all = append(all, called{o.Key, []string{o.Text}})
		}
		return all
	}, scene.campaignName},
}

func shares() []limit {
	var ls []limit
	for _, r := range shareRows {
		ls = append(ls, limit{r.rule, r.set, r.all, offWord})
	}
	return ls
}

const ownNone = "no limit of its own"

func (r share) set(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	at := r.at(g)
	if key == "" {
		return Change{}, engine.Errorf(engine.CodeInvalid, "Say which %s the sum is for. Nothing changed.", r.what)
	}
	key, err := r.find(s, *at, key, isOff(to))
	if err != nil {
		return Change{}, err
	}
	var m engine.Money
	name := fmt.Sprintf(r.name, r.call(s, key))
	if !isOff(to) {
		// 0 is refused: to one it is "nothing", to another "no limit".
		if m, err = engine.ParseMoney(to); err != nil || m == 0 {
			return Change{}, engine.Errorf(engine.CodeInvalid, `%s must be a sum like 400 or 399.50, or "off" for %s; you wrote %q. Nothing changed.`,
				name, ownNone, cut(to))
		}
	}
	was := (*at)[key]
	c := Change{
		Rule: r.rule + ":" + key, To: shareValue(m), Name: name, Old: shareWords(was, s.currency), New: shareWords(m, s.currency),
		Loosens: was != 0 && (m == 0 || m > was),
	}
	next := map[string]engine.Money{}
	maps.Copy(next, *at)
	if next[key] = m; m == 0 {
		delete(next, key)
	}
	if *at = next; len(next) == 0 {
		*at = nil
	}
	return c, nil
}

// find is the key of what people name. What is gone is known only where its limit is taken off.
func (r share) find(s scene, set map[string]engine.Money, name string, off bool) (string, error) {
	var keys []string
	for _, k := range r.known(s) {
		if slices.ContainsFunc(append(k.words, k.key), func(w string) bool { return strings.EqualFold(w, name) }) {
			return k.key, nil
		}
		keys = append(keys, k.key)
	}
	if _, ok := set[name]; ok && off {
		return name, nil
	}
	return "", unknown(r.what, name, keys)
}

func (r share) all(g engine.Guardrails) []engine.RuleEdit {
	var all []engine.RuleEdit
	set := *r.at(&g)
	for _, key := range slices.Sorted(maps.Keys(set)) {
		all = append(all, engine.RuleEdit{Rule: r.rule + ":" + key, To: shareValue(set[key])})
	}
	return all
}

func shareWords(m engine.Money, currency string) string {
	if m == 0 {
		return ownNone
	}
	return m.Format(currency)
}

func shareValue(m engine.Money) string {
	if m == 0 {
		return offWord
	}
	return plain(m)
}
