package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
	"koira/engine/desk"
)

// owned are acts that a batch of histories must have seen of the strategy and the facts.
var owned = []string{
	"another voice", "readers off", "theme off", "strategy back", "strategy reverted", "fact off", "fact back", "fact true again", "fact still true", "approver changes the strategy → denied", "approver removes a fact → denied",
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
	case 3:
		return c.goBack(ctx, s)
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

// sounds is an owner who wants another voice: what people approved before it was something else, so that every record begins anew.
func (c *crowd) sounds(ctx context.Context) error {
	s, err := c.s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	c.voices++
	s.Voice.Tone = fmt.Sprintf("as friendly as in letter %d", c.voices)
	_, err = c.s.core.DB.SetStrategy(ctx, s, engine.Actor{ID: c.owner.ID, Role: engine.RoleOwner, Surface: engine.SurfaceFile}, c.s.clock.Now(), "another voice")
	return c.changed(ctx, "another voice", err)
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

// goBack is an owner who goes back to some earlier version of the strategy: what it said is said again, but for who the business is.
func (c *crowd) goBack(ctx context.Context, s engine.Strategy) error {
	if s.Version < 2 {
		return nil
	}
	version := 1 + c.s.dice.IntN(s.Version-1)
	was, err := c.s.core.DB.StrategyAt(ctx, version)
	if err != nil {
		return err
	}
	w, err := c.s.core.Desk.RevertStrategy(ctx, c.owner, version)
	if err == nil {
		_, err = c.s.core.Desk.ApplyStrategy(ctx, c.owner, w.ID, "as it was then")
	}
	if cerr := c.changed(ctx, "strategy of some version", err); cerr != nil || err != nil {
		return cerr
	}
	is, err := c.s.core.DB.Strategy(ctx)
	if err != nil {
		return err
	}
	for _, part := range desk.StrategyParts {
		if a, b := desk.StrategyText(is, part), desk.StrategyText(was, part); a != b {
			return c.s.breach("the strategy went back to version %d, and its %s are %q instead of %q", version, part, a, b)
		}
	}
	same := func(a, b engine.Fact) bool {
		return a.Key == b.Key && a.Text == b.Text && a.From.Equal(b.From) && a.Until.Equal(b.Until)
	}
	if !slices.EqualFunc(is.Facts, was.Facts, same) {
		return c.s.breach("the strategy went back to version %d, and its facts are %v instead of %v", version, is.Facts, was.Facts)
	}
	return nil
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

// fact has the owner say of a fact what f says, new or where they saw it, and press twice.
func (c *crowd) fact(ctx context.Context, f engine.Fact, seen ...desk.FactRef) error {
	d := c.s.core.Desk
	w, err := d.WantFact(ctx, c.owner, desk.FactEdit{Refs: seen, Form: desk.FactForm{Text: f.Text, From: f.From, Until: f.Until}})
	if err == nil {
		_, err = d.ApplyFact(ctx, c.owner, w.ID)
	}
	return err
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
		if !o.lacking["fact "+f.Key] {
			continue
		}
		if i := slices.IndexFunc(s.Facts, func(x engine.Fact) bool { return x.Text == f.Text }); i >= 0 { // its dates are others
			return c.changed(ctx, "fact true again", c.fact(ctx, f, desk.FactRef{Version: s.Version, Number: i + 1}))
		}
		return c.changed(ctx, "fact back", c.fact(ctx, f)) // by its words: it comes back under another short name
	}
	var edits []engine.RuleEdit
	for _, part := range desk.StrategyParts {
		edits = append(edits, engine.RuleEdit{Rule: part, To: desk.StrategyText(o.first, part)})
	}
	w, err := d.WantStrategy(ctx, c.owner, s.Version, edits...)
	if err == nil {
		_, err = d.ApplyStrategy(ctx, c.owner, w.ID, "after all")
	}
	if cerr := c.changed(ctx, "strategy back", err); cerr != nil || engine.CodeOf(err) != engine.CodeInvalid {
		return cerr
	}
	return c.beginAgain(ctx) // readers to whom a task speaks come back by their history alone, as the answer says
}
