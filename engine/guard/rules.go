package guard

import (
	"slices"
	"strings"
	"sync"

	"koira/engine"
)

// rules is one version of the guardrails, made ready to be held against texts.
type rules struct {
	of      engine.Guardrails
	terms   *terms
	packs   []Pack   // those in force, in the order of their groups
	unknown []string // packs that this program does not have
}

// units are the words that make a number word before them a claim.
var units = []string{"percent", "per cent", "euro", "dollar", "half price", "half off"}

func newRules(g *engine.Guardrails) *rules {
	r := &rules{of: g.Clone(), terms: newTerms()}
	for _, x := range []struct {
		group int32
		texts []string
	}{{ofTopics, g.Topics.Blocked}, {ofBanned, g.Voice.Banned}, {ofRequired, g.Voice.Required}, {ofUnits, units}} {
		for _, t := range x.texts {
			r.terms.add(strings.TrimLeft(t, "= "), x.group)
		}
	}
	for _, name := range g.Topics.Packs {
		p, ok := pack(name)
		if !ok {
			r.unknown = append(r.unknown, name)
			continue
		}
		group := ofPacks + int32(len(r.packs))
		r.packs = append(r.packs, p)
		for _, t := range p.Terms {
			r.terms.add(t, group)
		}
		for _, t := range p.plain {
			r.terms.add(t, ofPlain)
		}
	}
	named := ofNamed
	if slices.Contains(g.Topics.Packs, Competitors) {
		named = ofCompetitors
	}
	for _, t := range g.Topics.Competitors {
		r.terms.add(strings.TrimLeft(t, "= "), named)
	}
	r.terms.build()
	return r
}

// same reports whether r was made of g. Strings that are shared are compared by their place, so this costs little.
func (r *rules) same(g *engine.Guardrails) bool {
	return r.of.Version == g.Version && slices.Equal(r.of.Topics.Blocked, g.Topics.Blocked) && slices.Equal(r.of.Topics.Packs, g.Topics.Packs) && slices.Equal(r.of.Topics.Competitors, g.Topics.Competitors) &&
		slices.Equal(r.of.Voice.Banned, g.Voice.Banned) && slices.Equal(r.of.Voice.Required, g.Voice.Required)
}

// kept is how many versions are kept ready: the one in force, one that is tried out, and what tests come with.
const kept = 8

// shelf keeps what was made ready, the newest first. A view alone decides what comes of it: the shelf only saves making it again.
type shelf[K any, V any] struct {
	mu   sync.Mutex
	all  []V
	same func(V, K) bool
	make func(K) V
}

// get returns what k makes.
func (s *shelf[K, V]) get(k K) V {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.all, func(v V) bool { return s.same(v, k) })
	if i == 0 {
		return s.all[0]
	}
	var v V
	if i > 0 {
		v = s.all[i]
		s.all = slices.Delete(s.all, i, i+1)
	} else {
		v = s.make(k)
	}
	s.all = slices.Insert(s.all, 0, v)
	s.all = s.all[:min(len(s.all), kept)]
	return v
}
