package loop

import (
	"context"
	"strings"
	"time"

	"koira/engine"
)

type newsStore interface {
	Head(ctx context.Context) (seq int64, hash string, err error)
	Events(ctx context.Context, after int64, limit int) ([]engine.Event, error)
}

// news is what has come in about each task since the loop began, so that a step that would find what it found before need not look. It is forgotten at a
// stop, since looking twice is harmless, and each step looks after a while anyhow: nothing depends on it but how soon something is seen.
type news struct {
	upTo int64            // the event up to which it was heard; −1 before the first
	said map[string]count // by task, "" for what is about all of them: what people did, and what changed what it may do
	read map[string]count // by task: readings of its pieces
	out  count            // pieces that went out
}

// count only ever grows.
type count int

// page is how many events are read at once.
const page = 200

func noNews() news { return news{upTo: -1, said: map[string]count{}, read: map[string]count{}} }

// hear reads what was written down since it last did.
func (l *Loop) hear(ctx context.Context) error {
	if l.news.upTo < 0 { // nothing has looked at anything yet
		head, _, err := l.Store.Head(ctx)
		if err == nil {
			l.news.upTo = head
		}
		return err
	}
	for {
		events, err := l.Store.Events(ctx, l.news.upTo, page)
		if err != nil {
			return err
		}
		for _, e := range events {
			l.news.add(e)
			l.news.upTo = e.Seq
		}
		if len(events) < page {
			return nil
		}
	}
}

func (n *news) add(e engine.Event) {
	own := e.Actor == engine.Koira.ID
	switch {
	case e.Action == "output."+string(engine.StatePublished):
		n.out++
		if own {
			return
		}
	case strings.HasPrefix(e.Action, "task."), strings.HasPrefix(e.Action, "decision."): // how the others stand is asked for each
		n.said[""]++
		return
	case own:
		return
	}
	n.said[e.Detail["task"]]++
}

// about is how much was said of a task.
func (n *news) about(task string) count { return n.said[task] + n.said[""] }

// glance is when a step last looked at a task, and what it knew then.
type glance struct {
	at    time.Time
	heard count
}

// look runs fn when step is to look at task: what it would look at has changed since it last did, or that is a while ago. After a failure it looks
// again at once.
func (l *Loop) look(step, task string, heard count, while time.Duration, fn func() error) error {
	key, now := lookedAt(step, task), l.Clock.Now()
	if last, ok := l.glances[key]; ok && last.heard == heard && now.Sub(last.at) < while {
		return nil
	}
	err := fn()
	if err == nil {
		l.glances[key] = glance{now, heard}
	}
	return err
}
