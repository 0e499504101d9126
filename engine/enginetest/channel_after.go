package enginetest

import (
	"context"
	"testing"
	"time"

	"koira/engine"
)

func probeFinds(t *testing.T, v *visit) {
	i, r := v.publish(t, v.intent(t))
	v.settle()
	found, err := v.Channel.Probe(v.ctx, i, i.Ref)
	if err != nil {
		t.Fatalf("Probe: %v", err)
	}
	if found.ID != r.ID || found.URL != r.URL {
		t.Errorf("Probe found %+v, published was %+v", found.Ref, r.Ref)
	}
	if found.At.IsZero() {
		t.Error("Probe does not say since when it is live")
	}
	blind, err := v.Channel.Probe(v.ctx, i, engine.Ref{}) // as after a crash that lost the ref
	if err != nil || blind.ID != r.ID {
		t.Errorf("Probe by key alone: %+v, %v", blind.Ref, err)
	}
	v.live(t, i.Key, 1)
}

func probeAbsent(t *testing.T, v *visit) {
	v.publish(t, v.intent(t)) // something else is there
	_, err := v.Channel.Probe(v.ctx, v.intent(t), engine.Ref{})
	wantCode(t, "Probe of a key that was never published", err, engine.CodeNotFound)
}

func probeDraft(t *testing.T, v *visit) {
	i := v.prepare(t, v.intent(t))
	v.settle()
	_, err := v.Channel.Probe(v.ctx, i, i.Ref)
	wantCode(t, "Probe of a draft", err, engine.CodeNotFound)
}

func probeCannot(t *testing.T, v *visit) {
	i := v.intent(t)
	_, err := v.Channel.Probe(v.ctx, i, engine.Ref{})
	if c := engine.CodeOf(err); c == "" || c == engine.CodeNotFound {
		t.Errorf("a channel that cannot be asked says %q (%v)", c, err)
	}
}

func endedContext(t *testing.T, v *visit) {
	i := v.prepare(t, v.intent(t))
	ctx, cancel := context.WithCancel(v.ctx)
	cancel()
	if _, err := v.Channel.Publish(ctx, i, i.Ref); err == nil {
		t.Error("Publish ignores that its context has ended")
	}
	if _, err := v.Channel.Prepare(ctx, v.intent(t)); err == nil && v.Channel.Traits().Prepare {
		t.Error("Prepare ignores that its context has ended")
	}
	v.live(t, i.Key, 0)
}

// patience is how long a call may go on after its context has ended before the suite calls it stuck. The suite's own test
// shortens it.
var patience = 10 * time.Second

func endingContext(t *testing.T, v *visit) {
	i := v.prepare(t, v.intent(t))
	arrived := v.Hang()
	ctx, cancel := context.WithCancel(v.ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := v.Channel.Publish(ctx, i, i.Ref)
		ended <- err
	}()
	watch, stop := context.WithTimeout(v.ctx, patience)
	defer stop()
	select {
	case <-arrived:
	case <-watch.Done():
		t.Fatal("Publish never wrote")
	}
	cancel()
	select {
	case err := <-ended:
		switch c := engine.CodeOf(err); c {
		case "", engine.CodeNotSent, engine.CodeInvalid, engine.CodeDenied:
			t.Errorf("the request was on the wire, and the outcome is called certain: code %q (%v)", c, err)
		}
	case <-watch.Done():
		t.Fatal("Publish does not return when its context ends")
	}
}

func retract(t *testing.T, v *visit) {
	other, _ := v.publish(t, v.intent(t))
	i, r := v.publish(t, v.intent(t))
	v.settle()
	first, err := v.Channel.Retract(v.ctx, r)
	if err != nil {
		t.Fatalf("Retract: %v", err)
	}
	if !first.Gone || first.Already {
		t.Errorf("the first retract: %+v, want gone and not already", first)
	}
	v.live(t, i.Key, 0)
	v.live(t, other.Key, 1)
	second, err := v.Channel.Retract(v.ctx, r)
	if err != nil {
		t.Fatalf("Retract again: %v", err)
	}
	if !second.Gone || !second.Already {
		t.Errorf("the second retract: %+v, want gone already", second)
	}
	if v.Channel.Traits().Probe {
		_, err := v.Channel.Probe(v.ctx, i, i.Ref)
		wantCode(t, "Probe of what was taken down", err, engine.CodeNotFound)
	}
}

func retractCannot(t *testing.T, v *visit) {
	i, r := v.publish(t, v.intent(t))
	rm, err := v.Channel.Retract(v.ctx, r)
	if rm.Gone {
		t.Errorf("a channel that cannot take down says gone: %+v", rm)
	}
	if err == nil && rm.Note == "" {
		t.Error("neither an error nor a note says what is still live")
	}
	v.live(t, i.Key, 1)
}

func halt(t *testing.T, v *visit) {
	_, r := v.publish(t, v.intent(t))
	first, err := v.Channel.Halt(v.ctx, r)
	if err != nil {
		t.Fatalf("Halt: %v", err)
	}
	second, err := v.Channel.Halt(v.ctx, r)
	if err != nil {
		t.Fatalf("Halt again: %v", err)
	}
	if second != first {
		t.Errorf("halting again changes what is told: %+v, then %+v", first, second)
	}
	if first.Sent < 0 || first.Sent > first.Of || first.Of == 0 {
		t.Errorf("sent %d of %d", first.Sent, first.Of)
	}
}

func haltCannot(t *testing.T, v *visit) {
	_, r := v.publish(t, v.intent(t))
	if p, err := v.Channel.Halt(v.ctx, r); err == nil || p.Halted {
		t.Errorf("a channel that cannot be halted says %+v, %v", p, err)
	}
}
