package loop

import (
	"context"

	"koira/engine"
)

type judgeStore interface {
	Judgement(ctx context.Context, output string, d engine.Digest) (*engine.Judgement, error)
	KeepJudgement(ctx context.Context, j engine.Judgement, bill *engine.Entry) error
}

// judge asks the judge, where there is one, what it thinks of a draft, once for each version, and keeps that. A judge that fails, or that may not be
// asked since it costs too much, is as good as none: why is kept, and the piece goes on. stop ends the asking alone.
func (l *Loop) judge(ctx, stop context.Context, s engine.Strategy, g engine.Guardrails, o engine.Output) error {
	if l.Judge == nil {
		return nil
	}
	if kept, err := l.Store.Judgement(ctx, o.ID, o.Digest); err != nil || kept != nil {
		return err
	}
	h := engine.Hearing{Voice: s.Voice, Rules: g.Voice, Kind: o.Kind, Variants: o.Variants}
	call, err := l.mayAsk(ctx, s, o, l.Judge.Ceiling(h))
	if engine.CodeOf(err) == engine.CodeBlocked {
		return l.Store.KeepJudgement(ctx, l.unheard(ctx, o, err), nil)
	}
	if err != nil {
		return err
	}
	l.Crash("heard")
	said, usage, err := l.Judge.Judge(stop, h)
	if err == nil {
		said, err = said.Checked(o.Variants)
	}
	j := engine.Judgement{Output: o.ID, Digest: o.Digest, At: l.Clock.Now(), Judge: l.Judge.Name(), Opinion: said}
	if err != nil {
		j = l.unheard(ctx, o, err)
	}
	err = l.Store.KeepJudgement(ctx, j, l.bill(call, usage))
	l.Crash("judged")
	return err
}

// unheard is why there is no opinion of o.
func (l *Loop) unheard(ctx context.Context, o engine.Output, cause error) engine.Judgement {
	l.Log.WarnContext(ctx, "the voice was not judged", "output", o.ID, "code", engine.CodeOf(cause), "err", cause)
	return engine.Judgement{Output: o.ID, Digest: o.Digest, At: l.Clock.Now(), Judge: l.Judge.Name(), Missing: sentence(cause)}
}
