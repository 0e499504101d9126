package blocks

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
	"koira/engine/report"
)

// ids are what can be pressed in a drawing, in its order; those in a ⋯ menu stand behind IDMenu.
func pressable(t *testing.T, d drawing) (found []ID) {
	t.Helper()
	each(d.raw, func(o map[string]any) {
		if id, ok := o["action_id"].(string); ok && (o["type"] == "button" || o["type"] == "overflow") {
			found = append(found, ID(id))
		}
		options, _ := o["options"].([]any)
		for _, x := range options {
			if id, _, err := ParseMenu(x.(map[string]any)["value"].(string)); err == nil && o["type"] == "overflow" {
				found = append(found, id)
			}
		}
	})
	return found
}

func TestEveryStateHasACard(t *testing.T) {
	for _, s := range engine.States {
		if pieces[s] == nil {
			t.Errorf("nobody draws a piece that is %s", s)
		}
	}
}

// Only a card that shows the whole of what can be taken back, in good time, holds Approve itself; else a window stands between.
func TestApproveStandsOnTheCardOnlyWhereItMay(t *testing.T) {
	cases := map[string]struct {
		change func(*report.PieceView)
		want   ID
	}{
		"short, in good time":       {func(*report.PieceView) {}, IDApprove},
		"cannot be taken back":      {func(v *report.PieceView) { v.Irreversible = true }, IDRead},
		"long for a phone":          {func(v *report.PieceView) { v.Long = true }, IDRead},
		"longer than the card":      {func(v *report.PieceView) { v.Output.Variants[0].Shown = strings.Repeat("rye ", 700) }, IDRead},
		"due in fourteen minutes":   {func(v *report.PieceView) { v.Slot = v.AsOf.Add(14 * time.Minute) }, IDRead},
		"due in a quarter":          {func(v *report.PieceView) { v.Slot = v.AsOf.Add(15 * time.Minute) }, IDApprove},
		"its time has passed":       {func(v *report.PieceView) { v.Slot = v.AsOf.Add(-time.Minute) }, IDRead},
		"long in its wordings only": {func(v *report.PieceView) { v.Output.Variants = many(bakery{large: true}, 0, 40, v.Output.Variants[0]) }, IDRead},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := pressable(t, asMessage(name, Piece(bakery{}.piece(engine.StateWaiting, "", c.change))))
			for _, id := range []ID{IDApprove, IDRead} {
				if slices.Contains(found, id) != (id == c.want) {
					t.Errorf("%q is there: %t", id, id != c.want)
				}
			}
		})
	}
}

// What can be pressed in each state, besides the ⋯ menu: no more than desk would do.
func TestPressableByState(t *testing.T) {
	b := bakery{}
	cases := map[string]struct {
		v    report.PieceView
		want []ID
	}{
		"being written":         {b.piece(engine.StatePlanned, ""), nil},
		"handed":                {b.piece(engine.StateHanded, ""), []ID{IDPosted, IDReject, IDMenu, IDWhy, IDDetails}},
		"held":                  {b.piece(engine.StateHeld, ""), []ID{IDEdit, IDReject, IDMenu, IDRule, IDTime, IDDetails}},
		"approved":              {b.approved(), []ID{IDTakeBack, IDMenu, IDWhy, IDDetails}},
		"by itself":             {b.byItself(), []ID{IDStopOne, IDEdit, IDMenu, IDWhy, IDTime, IDDetails}},
		"unless stopped":        {b.unlessStopped(), []ID{IDStopOne, IDEdit, IDGood, IDMenu, IDWhy, IDTime, IDDetails}},
		"found good":            {b.unlessStopped(engine.Remark{Verdict: engine.ReviewApproved, By: tomi, At: day(24, 11, 5)}), []ID{IDStopOne, IDEdit, IDMenu, IDWhy, IDTime, IDDetails}},
		"stopped":               {b.stoppedOne(day(24, 11, 6)), []ID{IDPutBack, IDEdit, IDReject, IDMenu, IDWhy, IDTime, IDDetails}},
		"stopped, and late":     {b.stoppedOne(day(24, 13, 20)), []ID{IDPutAt, IDEdit, IDReject, IDMenu, IDWhy, IDTime, IDDetails}},
		"on its way":            {b.ended(engine.StatePublishing, ""), nil},
		"unsure, still looking": {b.looking(), nil},
		"unsure":                {b.unsure(), []ID{IDLive, IDResend, IDDrop}},
		"live":                  {b.live(), []ID{IDRetract, IDMenu, IDWhy, IDDetails}},
		"a letter on its way":   {b.letter(func(v *report.PieceView) { v.CanHalt = true }), []ID{IDHalt, IDMenu, IDWhy, IDDetails}},
		"a letter, stopped":     {b.letter(b.halted(231, 2310)), []ID{IDMenu, IDWhy, IDDetails}},
		"could not be removed":  {b.notRemoved(), []ID{IDRetract, IDMenu, IDWhy, IDDetails}},
		"being taken down":      {b.takenDown(engine.StateRetracting, 0), []ID{IDMenu, IDWhy, IDDetails}},
		"rejected":              {b.rejected(), []ID{IDTime, IDMenu, IDWhy, IDDetails}},
		"ended without words":   {b.piece(engine.StateExpired, "", func(v *report.PieceView) { v.Output.Variants = nil }), nil},
		"taken down":            {b.takenDown(engine.StateRetracted, 0), []ID{IDMenu, IDWhy, IDDetails}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, pressable(t, asMessage(name, Piece(c.v)))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := pressable(t, asMessage("old", Superseded(b.waiting()))); got != nil {
		t.Errorf("an older version can be pressed: %v", got)
	}
}

func TestExceptionOffersOnlyWhatCanBeDone(t *testing.T) {
	b := bakery{}
	unwritten := b.exception(engine.ExceptionMissed)
	unwritten.Piece.Written = false
	failed := b.exception(engine.ExceptionMissed)
	failed.Piece.State = engine.StateFailed
	for name, c := range map[string]struct {
		v    report.ExceptionView
		want []ID
	}{
		"stopped by a rule":     {b.exception(engine.ExceptionOutput), []ID{IDEdit, IDReject, IDMenu, IDRule, IDPause, IDDetails}},
		"an owner may pass it":  {b.waivable(), []ID{IDEdit, IDReject, IDOnce, IDMenu, IDRule, IDLimit, IDPause, IDDetails}},
		"ran out":               {b.ranOut(), nil},
		"unsure":                {b.exception(engine.ExceptionUnsure), []ID{IDLive, IDResend, IDDrop}},
		"missed":                {b.exception(engine.ExceptionMissed), []ID{IDTime, IDMissed}},
		"still live":            {b.stillLive(), []ID{IDLink, IDRetract, IDMissed}},
		"missed before writing": {unwritten, []ID{IDMissed}},
		"missed for good":       {failed, []ID{IDMissed}},
		"a task":                {b.exception(engine.ExceptionTask), []ID{IDResumeTask, IDTask}},
		"a channel":             {b.exception(engine.ExceptionSystem), []ID{IDHow, IDFixed}},
		"a channel that rests":  {b.resting(), []ID{IDHow, IDFixed}},
		"settled":               {b.closed(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, pressable(t, asMessage(name, Exception(c.v)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Each viewer sees only buttons that work for them.
func TestViewersSeeWhatWorksForThem(t *testing.T) {
	b := bakery{}
	stopped := b.home()
	stopped.Control = b.control()
	for name, c := range map[string]struct {
		d       drawing
		id      ID
		visible bool
	}{
		"a viewer stops":               {asView("", Home(b.home(), engine.RoleViewer)), IDStop, true},
		"a stranger does not":          {asView("", Home(b.home(), engine.RoleNone)), IDStop, false},
		"nobody stops what is stopped": {asView("", Home(stopped, engine.RoleOwner)), IDStop, false},
		"an owner resumes":             {asView("", Home(stopped, engine.RoleOwner)), IDResume, true},
		"an approver does not":         {asView("", Home(stopped, engine.RoleApprover)), IDResume, false},
		"an operator undoes":           {asView("", Home(b.home(), engine.RoleOperator)), IDUndo, true},
		"a viewer does not undo":       {asView("", Home(b.home(), engine.RoleViewer)), IDUndo, false},
		"an approver applies":          {asView("", Home(b.home(), engine.RoleApprover)), IDApply, true},
		"an operator does not apply":   {asView("", Home(b.home(), engine.RoleOperator)), IDApply, false},
		"an owner allows":              {asMessage("", Task(b.taskView(), engine.RoleOwner)), IDLevel, true},
		"an approver does not allow":   {asMessage("", Task(b.taskView(), engine.RoleApprover)), IDLevel, false},
		"an owner lacks the record":    {asMessage("", Task(b.loweredTask(), engine.RoleOwner)), IDLevel, false},
		"an operator lowers":           {asMessage("", Task(b.taskView(), engine.RoleOperator)), IDLower, true},
		"a viewer does not lower":      {asMessage("", Task(b.taskView(), engine.RoleViewer)), IDLower, false},
		"an owner resumes a task":      {asMessage("", Task(b.pausedTask(), engine.RoleOwner)), IDResumeTask, true},
		"an operator does not":         {asMessage("", Task(b.pausedTask(), engine.RoleOperator)), IDResumeTask, false},
	} {
		if got := slices.Contains(pressable(t, c.d), c.id); got != c.visible {
			t.Errorf("%s: %q is there: %t", name, c.id, got)
		}
	}
	if s := screen(asMessage("", Help([]Command{{Usage: "/koira resume", Least: engine.RoleOwner}, {Usage: "/koira stop", Least: engine.RoleViewer}}, engine.RoleViewer, engine.People{}))); strings.Contains(s, "resume") || !strings.Contains(s, "/koira stop") {
		t.Errorf("help for a viewer:\n%s", s)
	}
}

// A raise for which something is missing cannot be sent in, and a window that only says something has nothing to send.
func TestWindowsThatCannotBeSentIn(t *testing.T) {
	b := bakery{}
	if w := LevelWindow(b.proposal(engine.L4, "a voice lock"), b.taskView(), Place{}); w.Submit != nil || w.CallbackID != "" {
		t.Error("a raise without its record can be sent in")
	}
	if w := ResumeTaskWindow(b.taskView(), Place{}); w.Submit != nil {
		t.Error("a task that runs can be resumed")
	}
	long := b.waiting()
	long.Output.Variants[0].Body = strings.Repeat("ä", 100_000)
	if w := EditWindow(long, Place{}); w.Submit != nil {
		t.Error("a text that no window holds can be edited")
	}
}

// Every window that can be sent in is one of Callbacks, and each of those is drawn.
func TestCallbacks(t *testing.T) {
	drawn := map[Callback]bool{}
	for _, d := range (bakery{}).drawings() {
		if !d.view {
			continue
		}
		each(d.raw, func(o map[string]any) {
			if o["type"] != "modal" {
				return
			}
			id, _ := o["callback_id"].(string)
			if _, sends := o["submit"]; sends != slices.Contains(Callbacks, Callback(id)) {
				t.Errorf("%s: callback %q, can be sent in: %t", d.name, id, sends)
			}
			drawn[Callback(id)] = true
		})
	}
	for _, c := range Callbacks {
		if !drawn[c] {
			t.Errorf("nothing draws %q", c)
		}
	}
}

func TestMetadata(t *testing.T) {
	v := bakery{}.waiting()
	for name, c := range map[string]struct {
		got  Message
		want map[string]any
	}{
		"a draft":                      {Piece(v), map[string]any{"kind": "output", "subject": v.Output.ID, "digest": string(v.Output.Digest), "deadline": day(25, 11, 10).Unix()}},
		"a live piece has no deadline": {Piece(bakery{}.live()), map[string]any{"kind": "output", "subject": v.Output.ID, "digest": string(v.Output.Digest)}},
		"an exception names its piece": {Exception(bakery{}.exception(engine.ExceptionOutput)), map[string]any{
			"kind": "exception", "subject": "01K0EXC0000000000000000000", "output": v.Output.ID, "deadline": day(25, 11, 10).Unix(),
		}},
		"a settled one has none": {Exception(bakery{}.closed()), map[string]any{"kind": "exception", "subject": "01K0EXC0000000000000000000", "output": v.Output.ID}},
		"a week":                 {Weekly(bakery{}.weekly()), map[string]any{"kind": "weekly", "subject": "2025-W47"}},
		"a day":                  {Daily(bakery{}.daily()), map[string]any{"kind": "daily", "subject": "2025-11-24"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.got.Metadata.EventPayload); diff != "" || c.got.Metadata.EventType != EventCard {
				t.Errorf("%q %s", c.got.Metadata.EventType, diff)
			}
		})
	}
}

// The file in the thread and the card name the same version, and the file holds everything.
func TestWholeText(t *testing.T) {
	v := bakery{}.newsletter()
	if Whole(v) || !WholeInWindow(v) {
		t.Fatalf("whole on the card: %t, in the window: %t", Whole(v), WholeInWindow(v))
	}
	name, title, text := WholeText(v)
	if name != "koira-3f2a9c1b.txt" || title != "Whole text, version 3f2a9c1b" || text != v.Output.Variants[0].Shown+"\n" {
		t.Errorf("%s, %s, %d characters", name, title, len(text))
	}
	if s := screen(asMessage("", Piece(v))); !strings.Contains(s, "version 3f2a9c1b") || !strings.Contains(s, "The first 600 of") {
		t.Errorf("the card does not say where the rest is:\n%s", s)
	}
	exact(t, v, asMessage("", Piece(v)).raw)
	exact(t, bakery{}.waiting(), asView("", ReadWindow(bakery{}.waiting(), Place{})).raw)
	v.Output.Variants = many(bakery{large: true}, 0, 100, v.Output.Variants[0])
	if _, _, text = WholeText(v); !strings.Contains(text, "Wording A") || WholeInWindow(v) {
		t.Error("many wordings are not told apart, or count as whole in a window")
	}
}

// A simulated reading or channel says so wherever it is shown.
func TestSimulatedIsSaid(t *testing.T) {
	b := bakery{}
	v := b.waiting()
	v.Simulated = true
	for name, d := range map[string]drawing{
		"draft": asMessage("", Piece(v)), "live": asMessage("", Piece(b.live())), "result": asMessage("", Result(b.live())), "weekly": asMessage("", Weekly(b.weekly())),
		"task": asMessage("", Task(b.taskView(), engine.RoleOwner)), "home": asView("", Home(b.home(), engine.RoleOwner)),
	} {
		if s := screen(d); !strings.Contains(s, "(simulated)") {
			t.Errorf("%s does not say it:\n%s", name, s)
		}
	}
}

// TestAPieceThatRanOutSaysWhatRanOut: a person reads why, as it was written down when it ran out, whether or not a question about it is still open.
func TestAPieceThatRanOutSaysWhatRanOut(t *testing.T) {
	b := bakery{}
	cases := map[string]struct {
		change func(*report.PieceView)
		want   string
	}{
		"nobody decided": {func(v *report.PieceView) { v.Ending = engine.Ending{By: "koira", Why: "Nobody decided in time."} }, "nobody decided in time."},
		"a yes, too late": {func(v *report.PieceView) {
			v.Approval, v.Ending = &engine.Approval{By: mari}, engine.Ending{By: "koira", Why: "Its planned time passed, and it is too late for it now."}
		}, "its planned time passed, and it is too late for it now."},
		"a question about it is open": {func(v *report.PieceView) {
			v.Exception, v.Ending = &engine.Exception{Kind: engine.ExceptionMissed}, engine.Ending{By: "koira", Why: "Its planned time passed, and this kept it back: Everything is stopped."}
		}, "its planned time passed, and this kept it back: Everything is stopped."},
		"put aside":   {func(v *report.PieceView) { v.Ending = engine.Ending{By: mari, Why: "dropped"} }, "<@" + mari + "> put it aside."},
		"not known":   {func(*report.PieceView) {}, "its time passed."},
		"other words": {func(v *report.PieceView) { v.Ending = engine.Ending{By: "koira", Why: "It said <!here>."} }, "it said &lt;!here&gt;."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			v := b.ended(engine.StateExpired, "")
			v.Approval, v.Exception = nil, nil
			c.change(&v)
			var said []string
			each(asMessage("expired", Piece(v)).raw, func(o map[string]any) {
				if text, ok := o["text"].(string); ok {
					said = append(said, text)
				}
			})
			if want := "It did not go out: " + c.want + " Nothing is needed."; !slices.Contains(said, want) {
				t.Errorf("wanted %q: %q", want, said)
			}
		})
	}
}

// TestARestThatRanOutSaysWhoDoesNotGetIt: of an e-mail that its first readers have, nothing says that it did not go out.
func TestARestThatRanOutSaysWhoDoesNotGetIt(t *testing.T) {
	v := bakery{}.ranOut()
	v.Rule = engine.RuleWave
	var said []string
	each(asMessage("rest-ran-out", Exception(v)).raw, func(o map[string]any) {
		if text, ok := o["text"].(string); ok {
			said = append(said, text)
		}
	})
	all := strings.Join(said, "\n")
	if strings.Contains(all, "it did not go out") || !strings.Contains(all, "the rest of its readers do not get it") {
		t.Error(all)
	}
}
