package loop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

type awayStore interface {
	basics
	OwnersHere(ctx context.Context) ([]string, error)
	Away(ctx context.Context, t time.Time) (engine.Away, error)
	ExpireAbsences(ctx context.Context, now time.Time) (int, error)
	OwnersLast(ctx context.Context, owner string) (engine.Event, error)
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	AddNotice(ctx context.Context, n engine.Notice) error
}

// comeBack ends the absences whose time has come; each brings its owner one report. What they held goes on, since the rules have changed.
func (l *Loop) comeBack(ctx context.Context) error {
	_, err := l.Store.ExpireAbsences(ctx, l.Clock.Now())
	return err
}

// held is t as it acts while no owner is there: no higher than they allowed. Its own level is as it was.
func (l *Loop) held(ctx context.Context, t engine.Task) (engine.Task, error) {
	away, err := l.Store.Away(ctx, l.Clock.Now())
	if err == nil && away.Holds() {
		t.Level = min(t.Level, away.MaxLevel)
	}
	return t, err
}

// withdrawEvery is how often it is looked, while no owner is there, for drafts of which the date has passed.
const withdrawEvery = 15 * time.Minute

// withdraw ends, while no owner is there, each piece that was written for a date that has passed: an offer that is over, a fact that holds no more.
// What has no date goes on or waits as ever.
func (l *Loop) withdraw(ctx context.Context) error {
	if !l.every("withdraw", "", withdrawEvery) {
		return nil
	}
	now := l.Clock.Now()
	away, err := l.Store.Away(ctx, now)
	if err != nil || !away.Holds() {
		return err
	}
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	open, err := l.Store.Outputs(ctx, engine.OutputFilter{Bare: true, Limit: 10_000, States: []engine.State{
		engine.StateDrafted, engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled,
	}})
	if err != nil {
		return err
	}
	return each(ctx, open, func(ctx context.Context, o engine.Output) error {
		what, until := s.DatedUntil(o)
		if until.IsZero() || now.Before(until) {
			return nil
		}
		m := engine.Move{To: engine.StateCancelled, Outcome: "withdrawn", Why: engine.Withdrawn + fmt.Sprintf(": it was for %q, which ended %s, and no owner was here.",
			what, until.In(s.Business.Location()).Format("Mon 2 Jan 15:04"))}
		if !slices.Contains(engine.Next(o.State), m.To) {
			m.To = engine.StateExpired
		}
		switch rest, err := l.partly(ctx, o); {
		case err != nil:
			return err
		case rest:
			m.To = engine.StatePublished
		}
		_, err := l.move(ctx, o, m)
		return err
	})
}

const (
	// silentAfter is how long no owner may have done anything before they are told what happened, though nobody said that they are away.
	silentAfter = 7 * 24 * time.Hour
	// silenceEvery is how often it is looked for that.
	silenceEvery = time.Hour
)

// silence queues the report of what happened once no owner has done anything for a week: once for each such silence, not each day. Whoever said that
// they are away is told on their return, and only of what came after it again.
func (l *Loop) silence(ctx context.Context) error {
	if !l.every("silence", "", silenceEvery) {
		return nil
	}
	here, err := l.Store.OwnersHere(ctx)
	if err != nil {
		return err
	}
	return each(ctx, here, l.tellSilence)
}

func (l *Loop) tellSilence(ctx context.Context, owner string) error {
	last, err := l.Store.OwnersLast(ctx, owner)
	if err != nil || last.Seq == 0 || l.Clock.Now().Sub(last.At) < silentAfter {
		return err
	}
	key, subject := "silence "+owner, engine.SilenceSubject(last.Seq)
	told, err := l.setting(ctx, key)
	if err != nil || told == subject {
		return err
	}
	if err := l.Store.AddNotice(ctx, engine.Notice{ID: l.NewID(), Kind: engine.NoticeReturn, Subject: subject, Due: l.Clock.Now()}); err != nil {
		return err
	}
	return l.keep(ctx, key, subject)
}
