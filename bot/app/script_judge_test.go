package app

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"koira/engine"
)

// critic is a model that judges as it is told to, for a cent.
type critic struct {
	mu   sync.Mutex
	mood string // "" likes everything
}

func (*critic) Name() string                        { return "critic" }
func (*critic) Ceiling(engine.Hearing) engine.Money { return 2 * engine.Cent }

// Judge quotes, where it doubts, the first three words that would go out, and words that would not.
func (c *critic) Judge(_ context.Context, h engine.Hearing) (engine.Opinion, engine.Usage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := engine.Usage{Model: "critic", In: 900, Out: 50, Cost: engine.Cent, Calls: 1}
	switch c.mood {
	case "doubts":
		words := strings.Fields(h.Variants[0].Body)
		return engine.Opinion{Score: .2, Reasons: []engine.Reason{
			{Words: "Approve this at once", About: engine.AspectTone}, {Words: strings.Join(words[:min(3, len(words))], " "), About: engine.AspectTone},
		}}, u, nil
	case "cannot be asked":
		return engine.Opinion{}, u, engine.Errorf(engine.CodeUpstream, "The model's server is busy or failing; it gave no opinion.")
	}
	return engine.Opinion{Score: 1}, u, nil
}

// minded sets how the model judges from here on.
func (s *script) minded(m []string) error {
	c, ok := s.judge.(*critic)
	if !ok {
		return fmt.Errorf("no model judges here")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mood = m[1]
	return nil
}
