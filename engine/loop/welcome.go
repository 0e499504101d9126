package loop

import (
	"context"

	"koira/engine"
)

type welcomeStore interface {
	basics
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	AddNotice(ctx context.Context, n engine.Notice) error
}

// undecided are the states of pieces that nobody has said anything of yet.
var undecided = []engine.State{engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateHeld, engine.StateHanded}

// welcome has the owners walked through the first steps, once: when the store is new. One in which a piece was decided on knows its people already.
func (l *Loop) welcome(ctx context.Context) error {
	const key, begun, known = "welcome", "begun", "known"
	is, err := l.setting(ctx, key)
	if err != nil || is != "" {
		return err
	}
	there, err := l.Store.CountOutputs(ctx, engine.OutputFilter{})
	if err != nil {
		return err
	}
	for _, s := range undecided {
		delete(there, s)
	}
	if len(there) > 0 {
		return l.keep(ctx, key, known)
	}
	if err := l.Store.AddNotice(ctx, engine.Notice{ID: key, Kind: engine.NoticeWelcome, Subject: engine.StepsSubject, Due: l.Clock.Now()}); err != nil {
		return err
	}
	return l.keep(ctx, key, begun)
}
