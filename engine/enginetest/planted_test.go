package enginetest

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// plantedEnv names the bug that TestPlanted's channel has; it is set only by TestTheSuitesFindPlantedBugs.
const plantedEnv = "KOIRA_PLANTED_BUG"

// planted are bugs, each with a row of a suite that must find it.
var planted = map[string]string{
	"":                              "",
	"render depends on the id":      "rendering_is_pure",
	"length is not checked":         "an_over-long_text_is_invalid",
	"hidden characters go out":      "hostile_text_comes_out_inert",
	"a draft is public":             "a_draft_made_twice_leaves_nothing_public",
	"another text goes out":         "publishing_shows_the_intent's_bytes_once",
	"every publish is a new copy":   "the_same_intent_twice_is_published_once",
	"probe finds nothing":           "probe_finds_what_is_live",
	"probe finds everything":        "probe_proves_an_absent_key_absent",
	"probe takes a draft as live":   "a_draft_is_not_found_as_published",
	"an ended context is ignored":   "an_ended_context_is_an_error_and_sends_nothing",
	"a hanging call never ends":     "a_context_that_ends_ends_the_call",
	"refused is called unknown":     "refused_before_a_byte_is_not_sent",
	"a lost reply is called unsent": "a_lost_reply_is_never_called_unsent",
	"strangers are welcome":         "bad_credentials_are_denied",
	"retract does nothing":          "retract_takes_it_down,_twice_is_safe",
	"retract twice is an error":     "retract_takes_it_down,_twice_is_safe",
	"halt claims what it cannot":    "without_halt,_nothing_is_called_halted",
	"readings grow when read":       "reading_twice_or_in_another_order_reads_the_same",
	"an unknown ref is counted":     "an_unknown_ref_is_ignored",
	"readings have no time":         "every_reading_says_what,_when_and_by_whom",
}

// TestTheSuitesFindPlantedBugs runs this test binary once for each bug and expects the row that is there for it to fail, and with no bug all to pass.
func TestTheSuitesFindPlantedBugs(t *testing.T) {
	for bug, row := range planted {
		t.Run(bug, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestPlanted$", "-test.v")
			cmd.Env = append(os.Environ(), plantedEnv+"="+bug+"!")
			out, err := cmd.CombinedOutput()
			switch {
			case bug == "" && err != nil:
				t.Errorf("the suites find a bug where none is:\n%s", out)
			case bug != "" && !strings.Contains(string(out), "--- FAIL: TestPlanted/"+row):
				t.Errorf("no row %q has failed (%v):\n%s", row, err, out)
			}
		})
	}
}

func TestPlanted(t *testing.T) {
	bug, ok := strings.CutSuffix(os.Getenv(plantedEnv), "!")
	if !ok {
		t.Skip("run by TestTheSuitesFindPlantedBugs")
	}
	patience = 50 * time.Millisecond
	TestChannel(t, func(*testing.T) Door {
		c := &buggy{bug: bug, user: "me", drafts: map[string]string{}, live: map[string][]byte{}}
		stranger := *c
		stranger.user = "stranger"
		return Door{Channel: c, Denied: &stranger, Read: func(_ *testing.T, r engine.Ref) []byte { return c.live[r.ID] }, Faults: Faults{
			LoseRequest: func() { c.fault = "refuse" }, LoseReply: func() { c.fault = "lose" }, Live: c.keys,
			Hang: func() <-chan struct{} { c.fault, c.arrived = "hang", make(chan struct{}); return c.arrived },
		}}
	})
	TestMeter(t, func(*testing.T) Source {
		return Source{Meter: &buggyMeter{bug: bug}, Refs: []engine.Ref{{ID: "1"}, {ID: "2"}}}
	})
}

// buggy is a small two-step channel with at most one bug.
type buggy struct {
	bug, user string
	drafts    map[string]string // id to key
	live      map[string][]byte // id to bytes
	fault     string
	arrived   chan struct{}
}

func (c *buggy) Traits() engine.Traits {
	return engine.Traits{Name: "buggy", Label: "Buggy", Kind: engine.KindSocial, Prepare: true, Dedupe: true, Probe: true, Retract: true, Limit: 300}
}

func (c *buggy) keys() []string {
	var keys []string
	for id := range c.live {
		keys = append(keys, key(id))
	}
	return keys
}

// key is the part of an id that says whose it is.
func key(id string) string { return strings.TrimRight(id, "+") }

func (c *buggy) Render(o engine.Output) (engine.Rendering, error) {
	s := o.Variants[0].Body + " " + o.Variants[0].Link
	if c.bug == "render depends on the id" {
		s += o.ID
	}
	if len(s) > 300 && c.bug != "length is not checked" {
		return engine.Rendering{}, engine.Errorf(engine.CodeInvalid, "Too long.")
	}
	if c.bug != "hidden characters go out" {
		s = engine.StripHidden(s)
	}
	return engine.Rendering{Variants: []engine.Rendered{{Bytes: []byte(s), Shown: s, Count: len(s)}}}, nil
}

// write begins a call that changes something.
func (c *buggy) write(ctx context.Context) (lost error, err error) {
	fault := c.fault
	c.fault = ""
	switch {
	case ctx.Err() != nil && c.bug != "an ended context is ignored":
		return nil, &engine.Error{Code: engine.CodeNotSent, Message: "Too late.", Err: ctx.Err()}
	case c.user != "me" && c.bug != "strangers are welcome":
		return nil, engine.Errorf(engine.CodeDenied, "Who are you?")
	case fault == "refuse" && c.bug == "refused is called unknown":
		return nil, engine.Errorf(engine.CodeUpstream, "Refused.")
	case fault == "refuse":
		return nil, engine.Errorf(engine.CodeNotSent, "Refused.")
	case fault == "lose" && c.bug == "a lost reply is called unsent":
		return engine.Errorf(engine.CodeNotSent, "Lost."), nil
	case fault == "lose":
		return &engine.Error{Code: engine.CodeUpstream, Message: "Lost.", Err: io.ErrUnexpectedEOF}, nil
	case fault == "hang":
		close(c.arrived)
		if c.bug == "a hanging call never ends" {
			ctx = context.Background()
		}
		<-ctx.Done()
		return nil, &engine.Error{Code: engine.CodeUpstream, Message: "No answer.", Err: ctx.Err()}
	}
	return nil, nil
}

func (c *buggy) Prepare(ctx context.Context, i engine.Intent) (engine.Ref, error) {
	lost, err := c.write(ctx)
	if err != nil {
		return engine.Ref{}, err
	}
	c.drafts[i.Key] = i.Key
	if c.bug == "a draft is public" {
		c.live[i.Key] = i.Bytes
	}
	return engine.Ref{ID: i.Key}, lost
}

func (c *buggy) Publish(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error) {
	lost, err := c.write(ctx)
	if err != nil {
		return engine.Receipt{}, err
	}
	if c.bug == "another text goes out" {
		i.Bytes = append([]byte("Buy! "), i.Bytes...)
	}
	for c.bug == "every publish is a new copy" && c.live[r.ID] != nil {
		r.ID += "+"
	}
	c.live[r.ID] = i.Bytes
	return engine.Receipt{Ref: r, At: Monday}, lost
}

func (c *buggy) Probe(_ context.Context, i engine.Intent, _ engine.Ref) (engine.Receipt, error) {
	found := c.live[i.Key] != nil && c.bug != "probe finds nothing" || c.bug == "probe finds everything" ||
		c.bug == "probe takes a draft as live" && c.drafts[i.Key] != ""
	switch {
	case c.user != "me":
		return engine.Receipt{}, engine.Errorf(engine.CodeDenied, "Who are you?")
	case !found:
		return engine.Receipt{}, engine.Errorf(engine.CodeNotFound, "Nothing there.")
	}
	return engine.Receipt{Ref: engine.Ref{ID: i.Key}, At: Monday}, nil
}

func (c *buggy) Halt(context.Context, engine.Receipt) (engine.Progress, error) {
	if c.bug == "halt claims what it cannot" {
		return engine.Progress{Halted: true}, nil
	}
	return engine.Progress{}, errors.ErrUnsupported
}

func (c *buggy) Retract(_ context.Context, r engine.Receipt) (engine.Removal, error) {
	already := c.live[r.ID] == nil
	switch {
	case c.user != "me":
		return engine.Removal{}, engine.Errorf(engine.CodeDenied, "Who are you?")
	case already && c.bug == "retract twice is an error":
		return engine.Removal{}, engine.Errorf(engine.CodeNotFound, "Nothing there.")
	case c.bug != "retract does nothing":
		delete(c.live, r.ID)
	}
	return engine.Removal{Gone: true, Already: already}, nil
}

// buggyMeter counts 10 for each of the refs 1 and 2, unless it has a bug.
type buggyMeter struct {
	bug   string
	times int64
}

func (*buggyMeter) Name() string { return "buggy" }

func (m *buggyMeter) Read(ctx context.Context, _ time.Time, refs []engine.Ref) ([]engine.Observation, error) {
	m.times++
	var obs []engine.Observation
	for _, r := range refs {
		o := engine.Observation{Ref: r.ID, Metric: engine.Clicks, Value: 10, At: Monday, Source: "buggy"}
		switch {
		case m.bug == "readings grow when read":
			o.Value += m.times
		case m.bug == "readings have no time":
			o.At = time.Time{}
		}
		if len(r.ID) == 1 || m.bug == "an unknown ref is counted" {
			obs = append(obs, o)
		}
	}
	return obs, ctx.Err()
}
