package enginetest

import (
	"bytes"
	"testing"

	"koira/engine"
)

func prepareTwice(t *testing.T, v *visit) {
	i := v.intent(t)
	first := v.prepare(t, i)
	if first.Ref.ID == "" {
		t.Error("a draft has no id")
	}
	second := v.prepare(t, i)
	v.live(t, i.Key, 0)
	if _, err := v.Channel.Publish(v.ctx, second, second.Ref); err != nil {
		t.Fatalf("Publish of the second draft: %v", err)
	}
	v.live(t, i.Key, 1)
}

func prepareNothing(t *testing.T, v *visit) {
	i := v.prepare(t, v.intent(t))
	if i.Ref != (engine.Ref{}) {
		t.Errorf("a channel without drafts gave the draft %+v", i.Ref)
	}
	v.live(t, i.Key, 0)
}

func publishOnce(t *testing.T, v *visit) {
	other := v.intent(t)
	v.publish(t, other)
	i, r := v.publish(t, v.intent(t))
	if r.ID == "" || r.At.IsZero() {
		t.Errorf("a receipt without id or time: %+v", r)
	}
	if r.Spent < 0 || r.Spent > i.CostMax {
		t.Errorf("spent %d of at most %d", r.Spent, i.CostMax)
	}
	v.live(t, i.Key, 1)
	v.live(t, other.Key, 1)
	if v.Read == nil {
		return
	}
	if got := v.Read(t, r.Ref); !bytes.Equal(got, i.Bytes) {
		t.Errorf("what went out is not what was approved.\nread back: %s\napproved:  %s", got, i.Bytes)
	}
}

func publishTwice(t *testing.T, v *visit) {
	i, first := v.publish(t, v.intent(t))
	again := v.prepare(t, i)
	second, err := v.Channel.Publish(v.ctx, again, again.Ref)
	if err == nil && second.ID != first.ID {
		t.Errorf("the repeat has the id %s, the first %s", second.ID, first.ID)
	}
	v.live(t, i.Key, 1)
}

func loseRequest(t *testing.T, v *visit) {
	i := v.prepare(t, v.intent(t))
	v.LoseRequest()
	_, err := v.Channel.Publish(v.ctx, i, i.Ref)
	wantCode(t, "Publish that is refused before a byte", err, engine.CodeNotSent)
	v.live(t, i.Key, 0)
	if _, err := v.Channel.Publish(v.ctx, i, i.Ref); err != nil {
		t.Errorf("Publish again: %v", err)
	}
	v.live(t, i.Key, 1)
}

func loseReply(t *testing.T, v *visit) {
	tr := v.Channel.Traits()
	i := v.prepare(t, v.intent(t))
	v.LoseReply()
	r, err := v.Channel.Publish(v.ctx, i, i.Ref)
	if err == nil && r.ID == "" {
		t.Error("neither an error nor a receipt")
	}
	switch c := engine.CodeOf(err); c {
	case engine.CodeNotSent, engine.CodeInvalid, engine.CodeDenied:
		t.Errorf("the piece is out, and the error says that it certainly is not: code %q (%v)", c, err)
	}
	v.live(t, i.Key, 1)
	if tr.Probe {
		found, err := v.Channel.Probe(v.ctx, i, i.Ref)
		if err != nil {
			t.Errorf("Probe after a lost reply: %v", err)
		} else if found.ID == "" {
			t.Error("Probe found a piece without an id")
		}
	}
	if tr.Dedupe {
		if _, err := v.Channel.Publish(v.ctx, i, i.Ref); err != nil && engine.CodeOf(err) == engine.CodeNotSent {
			t.Errorf("the repeat says that the piece is not out: %v", err)
		}
		v.live(t, i.Key, 1)
	}
}

func loseDraft(t *testing.T, v *visit) {
	i := v.intent(t)
	v.LoseReply()
	if _, err := v.Channel.Prepare(v.ctx, i); err == nil {
		t.Error("Prepare hides that its answer was lost")
	}
	v.live(t, i.Key, 0)
	i, _ = v.publish(t, i)
	v.live(t, i.Key, 1)
}

func denied(t *testing.T, v *visit) {
	i := v.intent(t)
	i, good := v.publish(t, i)
	fresh := v.intent(t)
	ref, err := v.Denied.Prepare(v.ctx, fresh)
	if v.Denied.Traits().Prepare {
		wantCode(t, "Prepare", err, engine.CodeDenied)
		ref = good.Ref // so that Publish speaks of a post that exists
	}
	_, err = v.Denied.Publish(v.ctx, fresh, ref)
	wantCode(t, "Publish", err, engine.CodeDenied)
	if v.Denied.Traits().Probe {
		_, err = v.Denied.Probe(v.ctx, i, i.Ref)
		wantCode(t, "Probe", err, engine.CodeDenied)
	}
	if v.Denied.Traits().Retract {
		if rm, err := v.Denied.Retract(v.ctx, good); err == nil && rm.Gone {
			t.Error("a stranger took the piece down")
		}
	}
	v.live(t, i.Key, 1)
	v.live(t, fresh.Key, 0)
}
