package loop

import (
	"context"
	"fmt"
	"strings"
	"time"

	"koira/engine"
)

type startStore interface {
	basics
	SendsIn(ctx context.Context, states ...engine.SendState) ([]engine.Send, error)
	Apply(ctx context.Context, r engine.Result) error
	Doubt(ctx context.Context, id string, digest engine.Digest, r engine.Result) error
	SetControl(ctx context.Context, c engine.Control, by engine.Actor, at time.Time) error
	OpenException(ctx context.Context, e engine.Exception) error
	SetWriter(ctx context.Context, writer string, at time.Time) error
}

// Start is what comes before anything else that the program does, people's clicks included: what was on the wire when it last ended has an
// unknown outcome, after too many crashes in a row everything is stopped, and what was allowed for another writer lapses. Calling it twice is harmless.
func (l *Loop) Start(ctx context.Context, s engine.Start) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(s.Crashed) >= engine.CrashLimit {
		if err := l.stopCrashing(ctx, s); err != nil {
			return err
		}
	}
	if err := l.Store.SetWriter(ctx, identity(l.Writer), l.Clock.Now()); err != nil {
		return err
	}
	return l.cutOffs(ctx)
}

// identity is who writes, and with which prompt where the writer has one.
func identity(w engine.Writer) string {
	if i, ok := w.(interface{ Identity() string }); ok {
		return i.Identity()
	}
	return w.Name()
}

func (l *Loop) stopCrashing(ctx context.Context, s engine.Start) error {
	var at []string
	for _, c := range s.Crashed {
		at = append(at, c.UTC().Format("15:04:05"))
	}
	n := len(s.Crashed)
	return l.stop(ctx, engine.TroubleCrashes, fmt.Sprintf("%d starts within %.0f minutes ended in a crash", n, engine.CrashWindow.Minutes()),
		fmt.Sprintf("I crashed %d times in a row, so everything is stopped.", n),
		fmt.Sprintf("The starts at %s UTC ended in a crash.", strings.Join(at, ", ")),
		"Look into the log and mend the cause. Then an owner resumes: /koira resume.")
}

// PauseRestored is for a store that is older than what is known to have happened, because it was restored from a backup. Everything is stopped
// until an owner resumes. What was cleared and whose time has come since may have gone out: its outcome is unknown, and it is looked for as
// any other such piece; nothing of it is sent on hope. why says how it was found out, as a whole sentence. Calling it twice is harmless.
func (l *Loop) PauseRestored(ctx context.Context, why string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Clock.Now()
	past, err := l.Store.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StateScheduled, engine.StateWaiting, engine.StateHeld}, SlotTo: now.Add(time.Second), Limit: 100_000,
	})
	if err != nil {
		return err
	}
	cleared := 0
	for _, o := range past {
		if o.State == engine.StateScheduled {
			cleared++
		}
	}
	err = l.stop(ctx, engine.TroubleRestored, "the store is an older copy of itself", "My store is an older copy, so everything is stopped.",
		fmt.Sprintf("%s What went out since that copy was made is not in it. %d cleared pieces of that time may be out; I look for them where I can, and ask of the others. "+
			"%d more waited for somebody, and may have been approved and sent.", why, cleared, len(past)-cleared),
		"Look at each channel for what went out since, and settle what is not sure. Then an owner resumes: /koira resume.")
	if err != nil {
		return err
	}
	if err := each(ctx, past, l.doubt); err != nil {
		return err
	}
	return l.cutOffs(ctx)
}

func (l *Loop) doubt(ctx context.Context, o engine.Output) error {
	ch := l.Channels[o.Channel]
	if o.State != engine.StateScheduled || ch == nil { // without its channel nothing of it leaves, and nobody can look
		return nil
	}
	r := l.unknown(ch.Traits(), o, 0, 0, engine.Result{
		At: l.Clock.Now(), By: engine.Koira, Evidence: "My store is an older copy; it may have gone out since that was made.",
	})
	r.Why, r.Breaks = "It may have gone out: the store is an older copy.", nil
	return l.Store.Doubt(ctx, o.ID, o.Digest, r)
}

// stop stops everything, as koira, and asks a person. It comes first, and stays when anybody stopped everything already.
func (l *Loop) stop(ctx context.Context, trouble engine.Trouble, why, reason, evidence, remedy string) error {
	now := l.Clock.Now()
	err := l.Store.SetControl(ctx, engine.Control{Stopped: true, StoppedBy: engine.Koira.ID, StoppedAt: now, Why: why}, engine.Koira, now)
	if err != nil && engine.CodeOf(err) != engine.CodeConflict {
		return err
	}
	return l.OpenSystem(ctx, engine.Everything, trouble, reason, evidence, remedy)
}
