package app

import (
	"context"
	"time"

	"koira/engine"
)

// drain takes the notices that are due, as a working Slack would, or through a Slack that at times does not work.
func (s *simulation) drain(ctx context.Context) error {
	if s.board != nil {
		return s.board.send(ctx)
	}
	for {
		due, err := s.core.DB.DueNotices(ctx, s.clock.Now(), 100)
		if err != nil {
			return err
		}
		for _, n := range due {
			cards, later, err := s.show(ctx, n)
			if err != nil {
				return err
			}
			if !later.IsZero() {
				s.late[string(n.Kind)+" "+n.Subject] = later
				if err := s.core.DB.DelayNotice(ctx, n, later, "Slack is down"); err != nil {
					return err
				}
				continue
			}
			s.count("notice " + string(n.Kind))
			s.told[string(n.Kind)+" "+n.Subject] = true
			if err := s.core.DB.SentNotice(ctx, n, cards...); err != nil {
				return err
			}
		}
		if len(due) < 100 { // telling makes nothing new to tell
			return nil
		}
	}
}

// show is the card of what goes out unless stopped, which people get in the day, and now and then hours late or never: what is told later, and when.
func (s *simulation) show(ctx context.Context, n engine.Notice) (cards []engine.Card, later time.Time, err error) {
	if n.Kind == engine.NoticeLevel {
		return nil, later, s.oracle.shownFall(ctx, n.Subject)
	}
	if n.Kind != engine.NoticeOutput {
		return nil, later, nil
	}
	v, err := s.core.Report.Piece(ctx, n.Subject)
	if err != nil || !v.Window {
		return nil, later, err
	}
	now, version := s.clock.Now(), string(v.Output.Digest)
	if _, shown := s.oracle.shown[n.Subject+" "+version]; shown {
		return nil, later, nil
	}
	if h := now.In(s.config.zone()).Hour(); h < 8 || h >= 20 || s.dice.IntN(12) == 0 {
		s.count("card comes late")
		return nil, now.Add(time.Duration(1+s.dice.IntN(9)) * time.Hour), nil
	}
	s.oracle.shown[n.Subject+" "+version] = now
	return []engine.Card{{Kind: n.Kind, Subject: n.Subject, Version: version, Channel: "C0DRAFTS", TS: n.ID, PostedAt: now, ShownAt: now}}, later, nil
}
