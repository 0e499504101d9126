package app

import (
	"context"
	"slices"
	"strings"

	"koira/engine"
	"koira/engine/desk"
)

// owned are acts that a batch of histories must have seen of the strategy and the facts.
var owned = []string{
	"readers off", "theme off", "strategy back", "strategy reverted", "fact off", "fact back", "fact still true", "approver changes the strategy → denied", "approver removes a fact → denied",
}

// quotable are the facts of the business that say what no other says, by what pieces then hold.
var quotable = map[string]string{"rye-dough": "24 hours", "rye-keeps": "6 days", "buns": "€3.20", "flour": "2 kg"}

// owns is an owner who takes readers, a theme or a fact away, or looks at a fact again, and an approver who tries to.
func (c *crowd) owns(ctx context.Context) error {
	d := c.s.core.Desk
	s, err := c.s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	if err := c.mustFail(ctx, "approver removes a fact", func() error {
		_, err := d.RemoveFact(ctx, c.approver, desk.FactRef{Version: s.Version, Number: 1})
		return err
	}, ""); err != nil {
		return err
	}
	if err := c.mustFail(ctx, "approver changes the strategy", func() error {
		_, err := d.WantStrategy(ctx, c.approver, s.Version, engine.RuleEdit{Rule: desk.PartThemes, To: ""})
		return err
	}, ""); err != nil {
		return err
	}
	switch c.s.dice.IntN(8) { // what is taken off most often is what pieces quote
	case 0:
		return c.without(ctx, s, desk.PartSegments, "readers off")
	case 1:
		return c.without(ctx, s, desk.PartThemes, "theme off")
	case 2:
		n := 1 + c.s.dice.IntN(len(s.Facts))
		_, err := d.ConfirmFacts(ctx, c.owner, desk.FactRef{Version: s.Version, Number: n})
		return c.changed(ctx, "fact still true", err)
	}
	for _, i := range c.s.dice.Perm(len(s.Facts)) {
		if quotable[s.Facts[i].Key] != "" {
			_, err := d.RemoveFact(ctx, c.owner, desk.FactRef{Version: s.Version, Number: i + 1})
			return c.changed(ctx, "fact off", err)
		}
	}
	return nil
}

// without takes one line out of a part of the strategy.
func (c *crowd) without(ctx context.Context, s engine.Strategy, part, what string) error {
	lines := strings.Split(desk.StrategyText(s, part), "\n")
	n := c.s.dice.IntN(len(lines))
	w, err := c.s.core.Desk.WantStrategy(ctx, c.owner, s.Version, engine.RuleEdit{Rule: part, To: strings.Join(slices.Delete(lines, n, n+1), "\n")})
	if err == nil {
		_, err = c.s.core.Desk.ApplyStrategy(ctx, c.owner, w.ID, "")
	}
	return c.changed(ctx, what, err)
}

// beginAgain is an owner who goes back to how all began: then nothing of it is lacking, facts too.
func (c *crowd) beginAgain(ctx context.Context) error {
	d, o := c.s.core.Desk, c.s.oracle
	if err := c.mustFail(ctx, "approver reverts the strategy", func() error {
		_, err := d.RevertStrategy(ctx, c.approver, o.first.Version)
		return err
	}, ""); err != nil {
		return err
	}
	w, err := d.RevertStrategy(ctx, c.owner, o.first.Version)
	if err == nil {
		_, err = d.ApplyStrategy(ctx, c.owner, w.ID, "as it was")
	}
	if cerr := c.changed(ctx, "strategy reverted", err); cerr != nil || err != nil || !o.thin() {
		return cerr
	}
	return c.s.breach("the strategy went back to version %d, and lacks %v", o.first.Version, o.lacking)
}

// changed takes down what people own now, and when they took something of it away.
func (c *crowd) changed(ctx context.Context, what string, err error) error {
	if err == nil {
		s, err := c.s.core.DB.Strategy(ctx)
		if err != nil {
			return err
		}
		c.s.oracle.owned(s)
		c.thinned = c.s.clock.Now()
	}
	return c.did(ctx, what, err, engine.Output{}, nil)
}

// restore puts back, after a day or two, what was taken away.
func (c *crowd) restore(ctx context.Context) error {
	d, o := c.s.core.Desk, c.s.oracle
	s, err := c.s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	if c.s.dice.IntN(3) == 0 {
		return c.beginAgain(ctx)
	}
	for _, f := range o.first.Facts {
		if o.lacking["fact "+f.Key] { // by its words: it comes back under another short name
			_, err := d.AddFact(ctx, c.owner, desk.FactForm{Text: f.Text, From: f.From, Until: f.Until})
			return c.changed(ctx, "fact back", err)
		}
	}
	var edits []engine.RuleEdit
	for _, part := range desk.StrategyParts {
		edits = append(edits, engine.RuleEdit{Rule: part, To: desk.StrategyText(o.first, part)})
	}
	w, err := d.WantStrategy(ctx, c.owner, s.Version, edits...)
	if err == nil {
		_, err = d.ApplyStrategy(ctx, c.owner, w.ID, "after all")
	}
	return c.changed(ctx, "strategy back", err)
}
