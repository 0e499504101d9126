package report

import (
	"context"
	"time"

	"koira/engine"
)

func (f *fake) Deeds(_ context.Context, from, to time.Time) ([]engine.Deed, error) {
	return filter(f.deeds, func(d engine.Deed) bool { return !d.At.Before(from) && d.At.Before(to) }), f.fail
}

func (f *fake) Events(_ context.Context, after int64, limit int) ([]engine.Event, error) {
	es := filter(f.events, func(e engine.Event) bool { return e.Seq > after })
	return es[:min(limit, len(es))], f.fail
}

func (f *fake) Absence(_ context.Context, id string) (engine.Absence, error) {
	return find(f.absences, "absence", func(a engine.Absence) bool { return a.ID == id })
}

func (f *fake) Absences(context.Context) ([]engine.Absence, error) {
	return filter(f.absences, func(a engine.Absence) bool { return a.EndedAt.IsZero() }), f.fail
}

func (f *fake) SpentIn(context.Context, time.Time, time.Time) (engine.Money, error) {
	return f.spent, f.fail
}

func (f *fake) Hours(context.Context) (map[string][]engine.Hours, error) { return f.hours, f.fail }

func (f *fake) Setting(_ context.Context, key string) (string, error) { return f.settings[key], f.fail }

func (f *fake) Works(context.Context) ([]engine.Work, error) { return f.works, f.fail }
