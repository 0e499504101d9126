package loop

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

type measureStore interface {
	basics
	DueReads(ctx context.Context, t time.Time) ([]engine.Send, error)
	BareOutputs(ctx context.Context, ids []string) (map[string]engine.Output, error)
	SaveReadings(ctx context.Context, obs []engine.Observation, next map[string]time.Time) error
}

// measure reads what is due: hourly for 48 hours, then daily, until the output settles. A meter that fails is asked again in an hour.
func (l *Loop) measure(ctx context.Context) error {
	now := l.Clock.Now()
	sends, err := l.Store.DueReads(ctx, now)
	if err != nil || len(sends) == 0 {
		return err
	}
	ids := make([]string, len(sends))
	for i, s := range sends {
		ids[i] = s.Output
	}
	outputs, err := l.Store.BareOutputs(ctx, ids)
	if err != nil {
		return err
	}
	byChannel := map[string][]engine.Send{}
	var order []string
	for _, s := range sends {
		o := outputs[s.Output]
		if byChannel[o.Channel] == nil {
			order = append(order, o.Channel)
		}
		byChannel[o.Channel] = append(byChannel[o.Channel], s)
	}
	return each(ctx, order, func(ctx context.Context, channel string) error {
		return l.read(ctx, channel, byChannel[channel], outputs)
	})
}

func (l *Loop) read(ctx context.Context, channel string, sends []engine.Send, outputs map[string]engine.Output) error {
	now := l.Clock.Now()
	next, settled := map[string]time.Time{}, map[string]bool{}
	var refs []engine.Ref
	of := map[string]engine.Send{}
	since := now
	for _, s := range sends {
		at, done := nextRead(outputs[s.Output].Kind, s.PublishedAt, now)
		next[s.ID] = at
		if done {
			settled[s.Output] = true
		}
		refs, of[s.Ref.ID] = append(refs, s.Ref), s
		if s.PublishedAt.Before(since) {
			since = s.PublishedAt
		}
	}
	var obs []engine.Observation
	if m := l.Meters[channel]; m != nil {
		found, err := m.Read(ctx, since, refs)
		if err != nil {
			l.Log.WarnContext(ctx, "a meter could not be read", "channel", channel, "code", engine.CodeOf(err), "err", err)
			for id := range next {
				next[id] = now.Add(time.Hour)
			}
			if engine.CodeOf(err) == engine.CodeDenied { // nobody would see that its numbers stand still
				if err := l.OpenSystem(ctx, channel, engine.TroubleUnread, fmt.Sprintf("%s refuses to tell its results.", l.label(channel)), sentence(err)+" They are not read.",
					"Renew the password in the secrets file and start again."); err != nil {
					return err
				}
			}
			if err := l.heard(ctx, channel, false, engine.CodeOf(err) == engine.CodeDenied); err != nil {
				return err
			}
			return l.Store.SaveReadings(ctx, nil, next)
		}
		if err := l.heard(ctx, channel, len(found) > 0, false); err != nil {
			return err
		}
		for _, x := range found {
			if s, ok := of[x.Ref]; ok {
				x.Send, x.Output, x.Variant, x.Source = s.ID, s.Output, s.Variant, m.Name()
				obs = append(obs, x)
			}
		}
	}
	if err := l.Store.SaveReadings(ctx, obs, next); err != nil {
		return err
	}
	for _, s := range sends {
		l.news.read[outputs[s.Output].Task]++
	}
	for _, s := range sends {
		if o := outputs[s.Output]; settled[s.Output] && o.State == engine.StatePublished {
			if _, err := l.move(ctx, o, engine.Move{To: engine.StateSettled, Why: "Its last measurement is taken."}); err != nil && engine.CodeOf(err) != engine.CodeConflict {
				return err
			}
			settled[s.Output] = false
		}
	}
	return nil
}

// nextRead is when an output of this kind is read after now, and whether now was the last time (then it is zero).
func nextRead(k engine.Kind, published, now time.Time) (at time.Time, done bool) {
	step := time.Hour
	if now.Sub(published) >= 48*time.Hour {
		step = 24 * time.Hour
	}
	last := published.Add(k.SettledAfter())
	if !now.Before(last) {
		return time.Time{}, true
	}
	at = published.Add(now.Sub(published).Truncate(step) + step)
	if at.After(last) {
		at = last
	}
	return at, false
}

// label is a channel's name as people read it.
func (l *Loop) label(channel string) string {
	if ch := l.Channels[channel]; ch != nil {
		return ch.Traits().Label
	}
	return channel
}
