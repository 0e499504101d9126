package blocks

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"koira/bot/workspace"
)

// Slack takes every drawing, also with the largest plausible value of everything.
func TestSlackTakesEveryDrawing(t *testing.T) {
	for size, b := range map[string]bakery{"plausible": {}, "largest": {large: true}} {
		for _, d := range b.drawings() {
			problems := workspace.ValidateMessage(d.raw)
			if d.view {
				problems = workspace.ValidateView(d.raw)
			}
			for _, p := range problems {
				t.Errorf("%s values: %s: %s at %s", size, d.name, p.Message, p.Pointer)
			}
			if n := textSize(d.raw); !d.view && n > 10_000 {
				t.Errorf("%s values: %s holds %d characters; above about 11,000 Slack has refused messages", size, d.name, n)
			}
			if n := utf8.RuneCountInString(d.push); !d.view && (n == 0 || n > 1000) && d.name != "say" {
				t.Errorf("%s values: %s has a push text of %d characters", size, d.name, n)
			}
		}
	}
}

func textSize(raw json.RawMessage) (n int) {
	each(raw, func(o map[string]any) {
		if s, ok := o["text"].(string); ok {
			n += utf8.RuneCountInString(s)
		}
	})
	return n
}

// each visits every object of a drawing.
func each(raw json.RawMessage, visit func(map[string]any)) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		panic(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			visit(v)
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(v[k])
			}
		}
	}
	walk(v)
}

// opens are the ids behind which a window stands: nothing has happened when it is pressed.
var opens = []ID{
	IDEdit, IDReject, IDWhy, IDTime, IDNow, IDDetails, IDRule, IDRead, IDPosted, IDLive, IDResend, IDDrop, IDMissed, IDHow, IDResumeTask, IDPauseTask,
	IDRetract, IDLevel, IDLower, IDStop, IDResume, IDLoosen, IDRules, IDLimit, IDSign, IDPause, IDOnce, IDLimitLower, IDLimitRaise, IDWallVoice,
	IDWallChannels, IDWallMinimums, IDPutAt, IDWeek, IDSendRest, IDAuditAdd, IDWorkAdd, IDWorkChange, IDMarket, IDBenchmark, IDWallGood,
	IDStepWhat, IDStepFirst, IDStepDraft, IDStrategy, IDStrategyApply, IDFact, IDFactAdd,
}

// A label that ends in … opens a window; one without acts or shows at once. No label says OK, Yes or Stop alone.
func TestLabelsSayWhatAPressDoes(t *testing.T) {
	pressed := map[ID]bool{}
	check := func(name string, id ID, text string) {
		pressed[id] = true
		if !slices.Contains(IDs, id) {
			t.Errorf("%s: %q is not in IDs", name, id)
		}
		if window := strings.HasSuffix(text, "…"); window != slices.Contains(opens, id) {
			t.Errorf("%s: the label %q of %q says the wrong thing about a window", name, text, id)
		}
		if n := utf8.RuneCountInString(text); n > 20 {
			t.Errorf("%s: the label %q has %d characters", name, text, n)
		}
		if slices.Contains([]string{"OK", "Yes", "Stop", "Submit"}, text) {
			t.Errorf("%s: the label %q says nothing", name, text)
		}
	}
	for _, size := range []bakery{{}, {large: true}} {
		for _, d := range size.drawings() {
			each(d.raw, func(o map[string]any) {
				switch o["type"] {
				case "button":
					check(d.name, ID(o["action_id"].(string)), o["text"].(map[string]any)["text"].(string))
				case "overflow":
					pressed[IDMenu] = true
					for _, x := range o["options"].([]any) {
						option := x.(map[string]any)
						id, _, err := ParseMenu(option["value"].(string))
						if err != nil {
							t.Errorf("%s: %v", d.name, err)
						}
						if n := len(option["value"].(string)); n > 75 {
							t.Errorf("%s: the option %s has a value of %d characters", d.name, id, n)
						}
						check(d.name, id, option["text"].(map[string]any)["text"].(string))
					}
				}
			})
		}
	}
	for _, id := range IDs {
		if !pressed[id] {
			t.Errorf("nothing draws %q", id)
		}
	}
}

// Every row holds at most three buttons and one ⋯, a card begins with at most one mark, and its header fits a phone.
func TestPhone(t *testing.T) {
	marks := regexp.MustCompile("🔎|⏳|⚠️|⏸|✅")
	for _, size := range []bakery{{}, {large: true}} {
		for _, d := range size.drawings() {
			headers := 0
			each(d.raw, func(o map[string]any) {
				switch o["type"] {
				case "header":
					headers++
					text := o["text"].(map[string]any)["text"].(string)
					if n := utf8.RuneCountInString(text); n > 60 {
						t.Errorf("%s: the header has %d characters: %s", d.name, n, text)
					}
					if strings.ContainsAny(text, "`<>") && !size.large {
						t.Errorf("%s: the header shows markup: %s", d.name, text)
					}
				case "actions":
					buttons, menus := 0, 0
					for _, e := range o["elements"].([]any) {
						if e.(map[string]any)["type"] == "overflow" {
							menus++
						} else {
							buttons++
						}
					}
					if buttons > 3 || menus > 1 {
						t.Errorf("%s: a row holds %d buttons and %d menus", d.name, buttons, menus)
					}
				}
			})
			if n := len(marks.FindAllString(string(d.raw), -1)); n > 1 {
				t.Errorf("%s: %d marks", d.name, n)
			}
			if headers > 1 {
				t.Errorf("%s: %d headers", d.name, headers)
			}
		}
	}
}

// Every card says what can be done, what silence does, or that nothing is needed.
func TestEveryCardSaysWhatIsNeeded(t *testing.T) {
	for _, d := range (bakery{}).drawings() {
		if !d.card {
			continue
		}
		s := screen(d)
		if !strings.Contains(s, "If you do nothing") && !strings.Contains(s, "othing is needed") && !strings.Contains(s, "needs you") && !strings.Contains(s, "need you") {
			t.Errorf("%s does not say what is needed:\n%s", d.name, s)
		}
	}
}

// What a lock screen shows: the first 80 characters name the ask, the channel and, where one runs out, the time.
func TestPush(t *testing.T) {
	cases := map[string][]string{
		"draft":            {"Approve for Tue 09:10?", "Bluesky", "“Rye bread"},
		"draft-long":       {"Approve for Thu 07:30?", "Newsletter", "“Advent hours"},
		"by-itself":        {"Goes out 13:10 unless stopped", "Bluesky", "“Rye bread"},
		"handed":           {"Publish by Tue 09:10", "Bluesky", "“Rye bread"},
		"exception-output": {"Needs you by Tue 11:10", "Stopped by a rule: facts"},
		"exception-system": {"Needs you", "Bluesky refuses my credentials"},
		"stopped":          {"Everything is stopped", "@tomi", "13:05"},
		"weekly":           {"Week 47", "112 link visits"},
		"daily":            {"Running", "4 things need you"},
	}
	for _, d := range (bakery{}).drawings() {
		first := []rune(shown(d.push))
		first = first[:min(80, len(first))]
		for _, w := range cases[d.name] {
			if !strings.Contains(string(first), w) {
				t.Errorf("%s: the first 80 characters do not say %q: %s", d.name, w, string(first))
			}
		}
		delete(cases, d.name)
	}
	for name := range cases {
		t.Errorf("there is no drawing %q", name)
	}
}

// The weekly report is at most twelve lines.
func TestWeeklyIsShort(t *testing.T) {
	for _, size := range []bakery{{}, {large: true}} {
		d := asMessage("weekly", Weekly(size.weekly()))
		if n := strings.Count(screen(d), "\n") - 1; n > 12 { // without the push
			t.Errorf("%d lines:\n%s", n, screen(d))
		}
	}
}
