package bot

import (
	"slices"
	"strings"
	"testing"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
)

func TestEveryNoticeIsDrawnAndHasItsPlaceInTheOrder(t *testing.T) {
	for _, k := range engine.NoticeKinds {
		if draws[k] == nil {
			t.Errorf("nobody draws a notice of kind %q", k)
		}
		if !slices.Contains(urgency, k) {
			t.Errorf("it is not said how urgent a notice of kind %q is", k)
		}
	}
}

func TestEveryButtonAndWindowIsHandled(t *testing.T) {
	for _, id := range blocks.IDs {
		does, ok := clicks[id]
		if !ok || does.run == nil {
			t.Errorf("blocks draws %q but bot does not handle it", id)
		}
		if !slices.ContainsFunc(desk.Rules, func(r desk.Rule) bool { return r.Action == does.action }) {
			t.Errorf("%q asks for the action %q, which has no rule", id, does.action)
		}
	}
	for _, c := range blocks.Callbacks {
		if submissions[c] == nil {
			t.Errorf("blocks draws the window %q but bot does not take it", c)
		}
	}
	if len(clicks) != len(blocks.IDs) || len(submissions) != len(blocks.Callbacks) {
		t.Errorf("bot handles %d buttons and %d windows; blocks draws %d and %d", len(clicks), len(submissions), len(blocks.IDs), len(blocks.Callbacks))
	}
}

func TestEveryListIsDrawn(t *testing.T) {
	for _, l := range []blocks.List{
		blocks.ListCopy, blocks.ListQueue, blocks.ListExceptions, blocks.ListLog, blocks.ListDecisions, blocks.ListBudget, blocks.ListReport, blocks.ListWaits,
		blocks.ListReviews, blocks.ListAutonomy, blocks.ListRules, blocks.ListWeeks, blocks.ListHistory,
		blocks.ListStrategies, blocks.ListStrategy, blocks.ListFacts,
	} {
		if lists[l] == nil {
			t.Errorf("nobody draws the list %q", l)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range commands { // every row is found by its own words, and says how it is written
		words := []string{c.word, "x"}
		if c.word == "" {
			words = words[1:]
		}
		got, rest, err := find(c.slash, words)
		if err != nil || got.name() != c.name() || !slices.Equal(rest, []string{"x"}) {
			t.Errorf("%v finds %s with %v, %v", words, got.name(), rest, err)
		}
		if usage(c.slash, c.word).help != c.help || c.help == "" || !strings.Contains(c.wrong().Error(), c.usage) {
			t.Errorf("%s does not say what it is", c.name())
		}
	}
	cases := map[string]struct {
		slash string
		words []string
		want  string // name of the command, or words of the error
	}{
		"no word is the status":           {"/koira", nil, "/koira status"},
		"no word is the list of rules":    {"/guardrails", nil, "/guardrails list"},
		"no word is all tasks":            {"/autonomy", nil, "/autonomy"},
		"capitals":                        {"/koira", []string{"STOP"}, "/koira stop"},
		"a slip of the finger":            {"/koira", []string{"quue"}, "Did you mean /koira queue?"},
		"a beginning":                     {"/koira", []string{"exc"}, "Did you mean /koira exceptions?"},
		"nothing near":                    {"/koira", []string{"frobnicate"}, "/koira help lists"},
		"a slash command of another app":  {"/remind", []string{"me"}, "I do not know the command /remind."},
		"a word of another slash command": {"/guardrails", []string{"queue"}, "/koira help lists"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, _, err := find(c.slash, c.words)
			text, _ := explain(t.Context(), err)
			if err == nil && got.name() != c.want || err != nil && !strings.Contains(text, c.want) {
				t.Errorf("got %q, %q", got.name(), text)
			}
		})
	}
}
