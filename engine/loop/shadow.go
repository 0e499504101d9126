package loop

import (
	"context"

	"koira/engine"
)

type shadowStore interface {
	KeepShadows(ctx context.Context, s []engine.Shadow) error
}

// shadow writes down what the levels above a task's own would have done with a draft that is being routed. For the same draft it is written once.
func (l *Loop) shadow(ctx context.Context, v engine.View) error {
	ch := l.Channels[v.Output.Channel]
	if ch == nil {
		return nil
	}
	v.Traits = ch.Traits()
	return l.Store.KeepShadows(ctx, engine.Shadows(l.Gate, v))
}
