package writer

import (
	"context"

	"koira/engine"
)

// Judge says what a model thinks of how copy sounds.
type Judge struct{ *client }

var _ engine.Judge = Judge{}

// NewJudge checks o and makes no call. Code invalid.
func NewJudge(o Options) (Judge, error) {
	c, err := newClient(o)
	return Judge{c}, err
}

// Judge asks the model how well h's copy sounds like the business. It returns an opinion and can do nothing else. Codes and usage as with
// [OpenAI.Write].
func (j Judge) Judge(ctx context.Context, h engine.Hearing) (engine.Opinion, engine.Usage, error) {
	var o engine.Opinion
	u := engine.Usage{Model: j.model}
	q := question{system: judgePrompt, user: hearingMessage(h), shape: opinionShape, undone: "it gave no opinion"}
	q.accept = func(answer string) (err error) {
		var a opinionAnswer
		if err = opinionShape.read(answer, &a); err == nil {
			o, err = opinionFrom(a, h.Variants)
		}
		return err
	}
	err := j.ask(ctx, q, &u)
	return o, u, err
}

// Ceiling is the most that one Judge of h can cost.
func (j Judge) Ceiling(h engine.Hearing) engine.Money {
	return j.ceiling(len(judgePrompt) + len(hearingMessage(h)))
}
