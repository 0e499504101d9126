package app

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// mailing is the task whose e-mails go out by themselves from the first day of a history of letters.
const mailing = "weekly-newsletter"

// manyLetters is a file whose newsletter goes out daily.
func (c *Config) manyLetters() {
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.ID == mailing {
			t.PerWeek, t.Days, t.Weekly, t.Level = []int{6, 6}, nil, "60", "L1"
		}
	}
	c.Guardrails.Frequency = nil
}

// allowLetters has an owner let the newsletter run by itself, once enough of it was measured that people posted by hand.
func (s *simulation) allowLetters(ctx context.Context) error {
	for i := range engine.BaselinePieces {
		link := fmt.Sprintf("https://leipa.example/newsletter/before-%d", i)
		if _, err := s.core.Desk.Posted(ctx, s.crowd.approver, mailing, link); err != nil {
			return err
		}
		if err := s.world.PostedByHand(link, "A note from the founder", s.clock.Now()); err != nil {
			return err
		}
	}
	for range 6 { // a meter that fails is asked again
		if err := s.tick(ctx); err != nil {
			return err
		}
		s.clock.Advance(70 * time.Minute)
	}
	t, err := s.core.DB.Task(ctx, mailing)
	if err != nil {
		return err
	}
	now, by := s.clock.Now(), s.crowd.owner
	g := engine.Grant{ID: s.newID(), Task: mailing, Level: engine.L5, By: by.ID, Role: by.Role, At: now, From: by.Surface, Proof: "long ago"}
	err = s.core.DB.ChangeTask(ctx, engine.TaskChange{Task: mailing, From: t.Level, To: engine.L5, By: by, At: now, Why: "long ago", Grant: &g})
	s.oracle.levels[mailing], s.oracle.granted[mailing], s.oracle.records.terms[mailing] = engine.L5, engine.L5, engine.Terms{} // not by its record
	return err
}
