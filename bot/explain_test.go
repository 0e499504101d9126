package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"koira/engine"
)

func TestExplain(t *testing.T) {
	secret := errors.New("dial tcp: password hunter2")
	cases := map[string]struct {
		err  error
		want string
	}{
		"a sentence for people":       {engine.Errorf(engine.CodeConflict, "Too late."), "Too late."},
		"wrapped":                     {fmt.Errorf("approving: %w", engine.Errorf(engine.CodeDenied, "Only owners.")), "Only owners."},
		"joined with another fault":   {errors.Join(engine.Errorf(engine.CodeBlocked, "Stopped by a rule."), secret), "Stopped by a rule."},
		"the cause stays in the log":  {&engine.Error{Code: engine.CodeUpstream, Message: "Slack is down.", Err: secret}, "Slack is down."},
		"a fault of ours":             {&engine.Error{Code: engine.CodeInternal, Message: "table x is missing", Err: secret}, unexplained},
		"no sentence at all":          {secret, unexplained},
		"a code without its sentence": {&engine.Error{Code: engine.CodeInvalid, Err: secret}, unexplained},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, _ := explain(t.Context(), c.err)
			if got != c.want || strings.Contains(got, "hunter2") {
				t.Errorf("got %q", got)
			}
		})
	}
	_, who := explain(t.Context(), &engine.Error{Code: engine.CodeDenied, Message: "Ask @U1.", Who: []string{"U1"}})
	if len(who) != 1 {
		t.Errorf("who is named is lost: %v", who)
	}
}

func TestFieldOf(t *testing.T) {
	for _, code := range []engine.Code{engine.CodeInvalid, engine.CodeConflict} {
		if got := fieldOf(fmt.Errorf("x: %w", &engine.Error{Code: code, Field: "link"})); got != "link" {
			t.Errorf("%s: got %q", code, got)
		}
	}
	if got := fieldOf(&engine.Error{Code: engine.CodeDenied, Field: "link"}); got != "" {
		t.Errorf("a denial is shown at the field %q", got)
	}
}
