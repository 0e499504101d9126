package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"koira/engine"
)

// moves is one of eight histories: its business has a second social channel, and its owner moves tasks from one to the other in the file.
func (o SimulateOptions) moves() bool {
	return o.Moves || !o.Calm && o.study == nil && !o.Letters && rand.New(rand.NewPCG(o.Seed, 0x6d6f766573)).IntN(8) == 0
}

// movedTasks is what a batch of histories must have seen of tasks that move to another channel.
var movedTasks = []string{"task moved", "moved: falls", "moved: begins anew"}

// twoDoors is a file with a second social channel, of the same readers.
func (c *Config) twoDoors() {
	c.Channels = append(c.Channels, ChannelConfig{Name: "market", Label: "Market", Type: "sandbox", Kind: "social", Audience: 640, Account: "@leipa-market"})
	c.Guardrails.Channels = append(c.Guardrails.Channels, "market")
}

// moveTask is an owner who stops koira, moves a task to the other social channel in the file, reads what that costs, puts the file in force, and starts
// koira again.
func (s *simulation) moveTask(ctx context.Context) error {
	social := []string{"social", "market"}
	var tasks []*TaskConfig
	for i := range s.config.Tasks {
		if t := &s.config.Tasks[i]; slices.Contains(social, t.Channel) && len(t.Nature) == 0 {
			tasks = append(tasks, t)
		}
	}
	t := tasks[s.crowd.upheavals.dice.IntN(len(tasks))]
	t.Channel = social[1-slices.Index(social, t.Channel)]
	before, err := s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	said, err := s.core.difference(ctx, s.config)
	if err != nil {
		return err
	}
	s.at("a task moves")
	if err := s.core.put(ctx, s.config, s.clock.Now()); err != nil {
		return err
	}
	if _, err := s.core.Desk.Recheck(ctx, ""); err != nil {
		return err
	}
	if err := s.inForce(ctx); err != nil {
		return err
	}
	s.oracle.records.anew[t.ID] = s.clock.Now() // whatever koira makes of it
	s.count("task moved")
	if err := s.oracle.touched(ctx); err != nil {
		return err
	}
	return s.oracle.asSaid(ctx, t.ID, said, before)
}

// asSaid: a task that moved falls one level where it ran by itself, and its record begins anew elsewhere, as the owner read before; and nothing falls of
// which they read nothing.
func (o *oracle) asSaid(ctx context.Context, moved string, said []string, before []engine.Task) error {
	for _, was := range before {
		is, err := o.s.core.DB.Task(ctx, was.ID)
		if err != nil {
			return err
		}
		falls := slices.ContainsFunc(said, func(l string) bool {
			return strings.HasPrefix(l, fmt.Sprintf("task %s: falls from %s to %s (", was.ID, was.Level, is.Level))
		})
		anew := slices.ContainsFunc(said, func(l string) bool { return strings.HasPrefix(l, "task "+was.ID+": its record begins anew: ") })
		since := is.Since()
		switch {
		case is.Level != was.Level && !falls:
			return o.s.breach("%s fell from %s to %s as %s moved; the owner had read %q", was.ID, was.Level, is.Level, moved, said)
		case was.ID != moved:
		case is.Level == was.Level && was.Level > engine.L3:
			return o.s.breach("%s moved to another channel and stands at %s still", moved, is.Level)
		case since.Before(o.s.clock.Now()):
			return o.s.breach("%s moved to another channel, and its record counts since %s", moved, since)
		case is.Level < was.Level:
			o.s.count("moved: falls")
		case !anew:
			return o.s.breach("the record of %s begins anew, and the owner had read %q", moved, said)
		default:
			o.s.count("moved: begins anew")
		}
	}
	return nil
}
