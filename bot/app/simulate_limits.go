package app

import (
	"context"
	"slices"
	"strings"

	"koira/engine"
	"koira/engine/desk"
)

// whims are the limits that people change in a simulated history, besides the budget, the channels and the topics that they have acts of their own
// for: whichever value is drawn, some tighten and some give more room.
var whims = []struct {
	what  string // for what was reached
	edits []engine.RuleEdit
}{
	{"quiet hours", ruled("quiet:21-8 on", "quiet:21-8 off", "quiet:12-13 for social on", "quiet:12-13 for social off", "quiet:22-7 on")},
	{"frequency", ruled("frequency:1 a day for social on", "frequency:3 a day for social on", "frequency:a day for social off", "frequency:4 a week for social on", "frequency:a week for social off")},
	{"links", ruled("link:leipa.example refused", "link:leipa.example allowed", "link:mill.example allowed", "link:mill.example refused")},
	{"voice words", ruled("ban:oven never said", "ban:oven allowed", "ban:loaf never said", "ban:loaf allowed")},
	{"voice numbers", ruled("voice.sentence 12", "voice.sentence 30", "voice.emoji 0", "voice.emoji 2", "voice.grade 5", "voice.grade 9")},
	{"blast", ruled("blast.people 1000", "blast.people 5000", "blast.permanent 800", "blast.permanent 2500", "blast.money 1", "blast.money 5")},
	{"thresholds", ruled("threshold:shop-notes:clicks:floor 5", "threshold:shop-notes:clicks:floor 3", "threshold:daily-social:clicks:sample 4", "threshold:daily-social:clicks:sample 8")},
	{"shares", ruled("budget.task:daily-social 2", "budget.task:daily-social 8", "budget.task:daily-social off", "budget.task:shop-notes 1", "budget.task:shop-notes off")},
	{"caps", ruled("budget.output 3", "budget.output 5", "budget.model 4", "budget.model 10", "budget.weekly 20", "budget.weekly 40")},
}

// ruled are edits written as "rule value".
func ruled(lines ...string) (edits []engine.RuleEdit) {
	for _, l := range lines {
		i := strings.LastIndexByte(l, ' ')
		if strings.HasSuffix(l, " never said") {
			i = strings.LastIndex(l, " never said")
		}
		edits = append(edits, engine.RuleEdit{Rule: l[:i], To: l[i+1:]})
	}
	return edits
}

// rulings are acts that a batch of histories must have seen of limits and roles.
var rulings = []string{
	"limit quiet hours", "limit frequency", "limit links", "limit voice words", "limit voice numbers", "limit blast", "limit thresholds", "limit caps", "limit shares",
	"revert", "stranger reverts → denied", "people changed", "removed approver approves → denied",
}

// whim is somebody changing one limit, or going back to an earlier version of all of them.
func (c *crowd) whim(ctx context.Context) error {
	if c.s.dice.IntN(6) == 0 {
		return c.revert(ctx)
	}
	w := whims[c.s.dice.IntN(len(whims))]
	by := []engine.Actor{c.owner, c.approver}[c.s.dice.IntN(2)]
	return c.did(ctx, "limit "+w.what, c.change(ctx, by, w.edits[c.s.dice.IntN(len(w.edits))].Rule, w.edits[c.s.dice.IntN(len(w.edits))].To), engine.Output{}, nil)
}

// revert is an owner going back to an earlier version of the limits, and a stranger who tries.
func (c *crowd) revert(ctx context.Context) error {
	d := c.s.core.Desk
	g, err := c.s.core.DB.Guardrails(ctx)
	if err != nil || g.Version < 2 {
		return err
	}
	to := 1 + c.s.dice.IntN(g.Version-1)
	if err := c.mustFail(ctx, "stranger reverts", func() error { _, err := d.Revert(ctx, c.stranger, to); return err }, ""); err != nil {
		return err
	}
	w, err := d.Revert(ctx, c.owner, to)
	if err == nil && w.Tightens() {
		var done desk.Done
		if done, err = d.TurnOn(ctx, c.owner, w.ID); err == nil {
			if err := c.s.oracle.back(ctx, to); err != nil { // what tightens is in force already
				return err
			}
			err = c.finish(ctx, c.owner, done)
		}
	} else if err == nil {
		err = c.finish(ctx, c.owner, desk.Done{Rest: &w})
	}
	if serr := c.s.oracle.reverted(ctx, to, err); serr != nil {
		return serr
	}
	return c.did(ctx, "revert", err, engine.Output{}, nil)
}

// hire gives the program another config file at a start: the approver is on the list or is not. What they had before them stays on their screen.
func (s *simulation) hire() {
	if s.opened < 2 || s.o.study != nil || s.dice.IntN(5) > 0 {
		return
	}
	p := &s.config.People
	if p.Approvers = []string{s.crowd.approver.ID}; s.dice.IntN(3) == 0 {
		p.Approvers = nil
	}
	s.count("people changed")
}

// gone is somebody who is not on the list any more and presses what they still see.
func (c *crowd) gone(ctx context.Context, a engine.Actor, o engine.Output) error {
	return c.mustFail(ctx, "removed approver approves", func() error { return c.s.core.Desk.Approve(ctx, a, click(o)) }, o.ID)
}

// listed reports whether a stands in the file that the program runs with.
func (c *crowd) listed(a engine.Actor) bool {
	p := c.s.config.People
	return slices.Contains(slices.Concat(p.Owners, p.Approvers, p.Operators, p.Viewers), a.ID)
}
