package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/bot/workspace"
	"koira/engine"
)

// TestForgedValuesDoNothing presses every button, as an owner, with values that no card of koira's holds, in messages that look like a card of
// another piece. Windows may open; nothing that is kept may change.
func TestForgedValuesDoNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := (machine{}).Wait(t.Context(), time.Until(scriptStart)); err != nil {
			t.Fatal(err)
		}
		s, _, err := newScript("given daily-social at L3", newUses())
		if err != nil {
			t.Fatal(err)
		}
		ln := workspace.NewPipeListener()
		st, end := raise(t, ln, workspace.PipeURL, ln.Client(), ln.Dialer(), s.config)
		defer end()
		s.stage = st
		s.settle()
		outs, err := s.core.DB.Outputs(t.Context(), engine.OutputFilter{States: []engine.State{engine.StateWaiting}})
		if err != nil || len(outs) != 2 {
			t.Fatal(len(outs), err)
		}
		under, other := outs[0], outs[1]
		values := map[string]string{
			"nothing":                          "-",
			"another piece in its own version": blocks.Value{ID: other.ID, Digest: other.Digest}.String(),
			"this piece in another's version":  blocks.Value{ID: under.ID, Digest: other.Digest}.String(),
			"a piece that there is not":        blocks.Value{ID: "01JZZZZZZZZZZZZZZZZZZZZZZZ", Digest: under.Digest}.String(),
			"a path":                           "../../etc/passwd|" + string(under.Digest),
			"words":                            "<!channel> | ' OR 1=1 --",
			"as much as fits":                  strings.Repeat("ä", 1000),
			"a level that it has not":          "daily-social|L4|L5",
			"a level two rungs up":             "daily-social|L3|L5",
			"a rule of another version":        "7|400.00|budget",
			"a page far out":                   "log||999999",
		}
		before := s.kept(t)
		api, _ := s.line.clients(machine{})
		for name, value := range values {
			for _, action := range blocks.IDs {
				if err := s.pressForged(api, under, action, value); err != nil {
					t.Fatalf("%s, %s: %v", name, action, err)
				}
				if v := s.space.Modal(id("mari")); v != nil {
					if name == "this piece in another's version" && v.CallbackID != "" && !slices.Contains(whole, action) {
						t.Errorf("%s opens the window %s for a version that its button does not name", action, v.CallbackID)
					}
					if err := s.space.Close(t.Context(), id("mari"), v.ID); err != nil {
						t.Fatal(err)
					}
				}
				if d := cmp.Diff(before, s.kept(t)); d != "" {
					t.Fatalf("%s, %s: %s", name, action, d)
				}
			}
		}
		if err := s.logged([]string{"", "", "denied"}); err != nil {
			t.Error(err)
		}
	})
}

// whole are the buttons about the whole program: their values name nothing.
var whole = []blocks.ID{blocks.IDStop, blocks.IDResume}

// pressForged posts what looks like a card of about with one button, in koira's name and room, and has the owner press it.
func (s *script) pressForged(api *slack.Client, about engine.Output, action blocks.ID, value string) error {
	card := slack.SlackMetadata{EventType: blocks.EventCard, EventPayload: map[string]any{"kind": "output", "subject": about.ID, "digest": string(about.Digest)}}
	label := slack.NewTextBlockObject(slack.PlainTextType, "Forged", false, false)
	var e slack.BlockElement = slack.NewButtonBlockElement(string(action), value, label)
	c := workspace.Click{User: id("mari"), Block: "b", Action: string(action)}
	if action == blocks.IDMenu {
		chosen := "reject|" + value
		if len(chosen) > 75 {
			chosen = chosen[:70]
			chosen = strings.ToValidUTF8(chosen, "")
		}
		e, c.Value = slack.NewOverflowBlockElement(string(action), slack.NewOptionBlockObject(chosen, label, nil)), chosen
	}
	channel, ts, err := api.PostMessageContext(s.ctx, s.room("drafts"), slack.MsgOptionText("forged", false), slack.MsgOptionMetadata(card),
		slack.MsgOptionBlocks(slack.NewActionBlock("b", e)))
	if err != nil {
		return err
	}
	c.Channel, c.TS = channel, ts
	if err := s.space.Click(s.ctx, c); err != nil {
		return err
	}
	s.settle()
	return nil
}

// kept is all that a press could change.
func (s *script) kept(t *testing.T) []string {
	t.Helper()
	outs, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{})
	s.must(err)
	tasks, err := s.core.DB.Tasks(s.ctx)
	s.must(err)
	rules, err := s.core.DB.Guardrails(s.ctx)
	s.must(err)
	control, err := s.core.DB.Control(s.ctx)
	s.must(err)
	var all []string
	for _, o := range outs {
		all = append(all, fmt.Sprint(o.ID, o.State, o.Digest, o.Slot))
	}
	for _, x := range tasks {
		all = append(all, fmt.Sprint(x.ID, x.Level, x.Paused))
	}
	return append(all, fmt.Sprint(rules.Version, control))
}
