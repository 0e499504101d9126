package blocks

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/report"
)

// sent is a window as Slack sends it in: read back from JSON, with what its fields hold, changed by edits.
func sent(t interface{ Fatal(...any) }, w slack.ModalViewRequest, edits map[string]slack.BlockAction) slack.View {
	raw, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var v slack.View
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	v.State = &slack.ViewState{Values: map[string]map[string]slack.BlockAction{}}
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		a := edits[in.BlockID]
		if e, ok := in.Element.(*slack.PlainTextInputBlockElement); ok && a.Value == "" {
			a.Value = e.InitialValue
		}
		if a.Value == "\x00" { // emptied
			a.Value = ""
		}
		v.State.Values[in.BlockID] = map[string]slack.BlockAction{in.BlockID: a}
	}
	return v
}

func editable(b bakery, vs ...engine.Variant) report.PieceView {
	v := b.waiting()
	v.Traits.Subject, v.Output.Variants = true, vs
	return v
}

// A text that nobody changed comes back as it was, however long, whatever stands where it is cut.
func TestEditKeepsWhatNobodyChanged(t *testing.T) {
	word := rapid.SampledFrom([]string{"rye", "bread", "Ääkköset", "👩🏽‍🍳", "\n\n", "\n", " ", "  ", "<!here>", strings.Repeat("x", 700), strings.Repeat("\n", 30), strings.Repeat("pitkä ", 300)})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 120).Draw(t, "words"), " ") })
	rapid.Check(t, func(t *rapid.T) {
		want := []engine.Variant{
			{Name: "A", Subject: "One", Body: text.Draw(t, "a"), CallToAction: "Reserve yours", AltText: "A loaf"},
			{Name: "B", Subject: "Two", Body: text.Draw(t, "b")},
		}
		got, err := ReadEdit(sent(t, EditWindow(editable(bakery{}, want...), Place{}), nil))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-was +came back)\n%s", diff)
		}
	})
}

func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("ab \n\tä👩🏽")), 0, 9000, -1).Draw(t, "s")
		parts, joins := split(s)
		if got := join(parts, joins); got != s && !strings.HasPrefix(s, parts[0]) {
			t.Fatal("the parts are not the text")
		}
		whole := ""
		for i, p := range parts {
			if size(p, units) > fieldMax {
				t.Fatalf("part %d has %d characters", i, size(p, units))
			}
			whole += p
			if i < len(joins) {
				whole += joins[i]
				if joins[i] != "" && strings.TrimRightFunc(p, unicode.IsSpace) != p {
					t.Fatalf("part %d ends with white space, which a field may lose", i)
				}
			}
		}
		if whole != s {
			t.Fatal("the parts with what stood between them are not the text")
		}
	})
}

func TestEditTakesWhatWasChanged(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("Rye bread, baked by hand. ", 200))
	v := editable(bakery{}, engine.Variant{Name: "A", Subject: "Rye", Body: long, CallToAction: "Reserve"})
	parts, joins := split(long)
	if len(parts) != 2 {
		t.Fatalf("%d parts", len(parts))
	}
	for name, c := range map[string]struct {
		edits map[string]slack.BlockAction
		want  engine.Variant
	}{
		"a new subject":  {map[string]slack.BlockAction{"A.subject": {Value: "Wheat"}}, engine.Variant{Name: "A", Subject: "Wheat", Body: long, CallToAction: "Reserve"}},
		"a new part":     {map[string]slack.BlockAction{"A.body.2": {Value: "The end."}}, engine.Variant{Name: "A", Subject: "Rye", Body: parts[0] + joins[0] + "The end.", CallToAction: "Reserve"}},
		"a part emptied": {map[string]slack.BlockAction{"A.body.2": {Value: "\x00"}}, engine.Variant{Name: "A", Subject: "Rye", Body: parts[0], CallToAction: "Reserve"}},
		"the first part": {map[string]slack.BlockAction{"A.body": {Value: "\x00"}}, engine.Variant{Name: "A", Subject: "Rye", Body: parts[1], CallToAction: "Reserve"}},
		"the ask taken":  {map[string]slack.BlockAction{"A.call_to_action": {Value: "\x00"}}, engine.Variant{Name: "A", Subject: "Rye", Body: long}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadEdit(sent(t, EditWindow(v, Place{}), c.edits))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]engine.Variant{c.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := ReadEdit(slack.View{PrivateMetadata: "{}"}); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a window that is not EditWindow's gave %v", err)
	}
}

func TestReadWindows(t *testing.T) {
	b := bakery{}
	no := sent(t, RejectWindow(b.waiting(), Place{}), map[string]slack.BlockAction{
		FieldReason: {SelectedOption: slack.OptionBlockObject{Value: "tone"}}, FieldNote: {Value: "Plainer."},
		FieldMarks: {SelectedOptions: []slack.OptionBlockObject{{Value: markSerious}, {Value: markAgain}}},
	})
	if diff := cmp.Diff(Rejecting{"tone", "Plainer.", true, true}, ReadReject(no)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Rejecting{}, ReadReject(sent(t, RejectWindow(b.waiting(), Place{}), nil))); diff != "" {
		t.Error(diff)
	}
	at := sent(t, TimeWindow(b.waiting(), Place{}), map[string]slack.BlockAction{FieldDate: {SelectedDate: "2025-11-26"}, FieldTime: {SelectedTime: "08:15"}})
	if got, err := ReadTime(at, helsinki); err != nil || !got.Equal(day(26, 8, 15)) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := ReadTime(sent(t, TimeWindow(b.waiting(), Place{}), nil), helsinki); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("no time gave %v", err)
	}
	posted := sent(t, PostedWindow(b.waiting(), Place{}), map[string]slack.BlockAction{FieldLink: {Value: "https://leipa.example/a"}})
	if got := ReadLink(posted); got != "https://leipa.example/a" {
		t.Errorf("got %q", got)
	}
	for name, w := range map[string]slack.ModalViewRequest{
		FieldLooked: ResendWindow(b.unsure(), Place{}), FieldRead: LevelWindow(b.proposal(engine.L4), b.taskView(), Place{}),
	} {
		if ReadChecked(sent(t, w, nil)) {
			t.Errorf("%s counts as ticked", name)
		}
		if !ReadChecked(sent(t, w, map[string]slack.BlockAction{name: {SelectedOptions: []slack.OptionBlockObject{{Value: "x"}}}})) {
			t.Errorf("%s does not count as ticked", name)
		}
	}
	if got := ReadNote(slack.View{}); got != "" {
		t.Errorf("a window that was not sent in gave %q", got)
	}
}
