package report

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
)

func TestPieceLive(t *testing.T) {
	f := bakery()
	live := post("live", "2025-11-24 09:10")
	live.Variants[0].Shown = "Ruis 👩‍🍳\nat 10"
	live.Findings = []engine.Finding{{Outcome: engine.Pass}, {Outcome: engine.Warn, Rule: "facts"}, {Outcome: engine.Pass}}
	f.outputs = []engine.Output{live}
	f.brought = []brought{{"live", engine.Engagements, 12, today}, {"live", engine.Clicks, 1, today}, {"live", engine.Impressions, 0, today}}
	f.sends = []engine.Send{{Output: "live", State: engine.SendPublished, Evidence: "read back"}, {Output: "other"}}
	v := view(reader(f, today).Piece(t.Context(), "live"))(t)

	same(t, "readings: in order, only those given", []Reading{
		{Metric: engine.Clicks, Name: "link visit", Value: 1, Simulated: true, Judged: true},
		{Metric: engine.Engagements, Name: "reactions", Value: 12, Simulated: true},
		{Metric: engine.Impressions, Name: "views", Simulated: true},
	}, v.Readings)
	same(t, "characters as readers count them", []int{12}, v.Characters)
	same(t, "title", "Ruis 👩‍🍳", v.Title)
	same(t, "checks", []int{2, 1, 0}, []int{v.Passed, len(v.Warnings), len(v.Blocks)})
	if len(v.Sends) != 1 || v.Sends[0].Words != "live" {
		t.Errorf("deliveries: %+v", v.Sends)
	}
	if v.MayDecide != nil || !v.Deadline.IsZero() || v.LongOrIrreversible() {
		t.Errorf("a live post asks for a decision: %+v", v)
	}
}

func TestPieceWaits(t *testing.T) {
	f := bakery()
	draft := in(engine.StateWaiting, post("draft", "2025-11-25 09:10"))
	f.outputs = []engine.Output{draft}
	f.exceptions = []engine.Exception{{ID: "e", Output: "draft"}}
	f.approvals = []engine.Approval{{Output: "draft", Digest: "an older version", By: "mari"}}
	v := view(reader(f, today).Piece(t.Context(), "draft"))(t)
	same(t, "deadline", at("2025-11-25 11:10"), v.Deadline)
	same(t, "who", []string{"mari", "tomi"}, v.MayDecide)
	same(t, "silence", DoesEnd, v.Silence.Does)
	same(t, "exception", "e", v.Exception.ID)
	if v.Approval != nil {
		t.Error("the yes to an older version is shown for this one")
	}
	same(t, "results before it is out", 0, len(v.Readings))
}

func TestPieceJudged(t *testing.T) {
	f := bakery()
	f.outputs = []engine.Output{in(engine.StateRejected, post("no", "2025-11-25 09:10")), in(engine.StateScheduled, post("yes", "2025-11-25 09:10"))}
	f.rejections = []engine.Rejection{{Output: "other"}, {Output: "no", By: "tomi", Reason: "tone"}}
	f.approvals = []engine.Approval{{Output: "yes", Digest: "digest of yes", By: "mari"}}
	no := view(reader(f, today).Piece(t.Context(), "no"))(t)
	same(t, "who said no", "tomi", no.Rejection.By)
	yes := view(reader(f, today).Piece(t.Context(), "yes"))(t)
	same(t, "who said yes", "mari", yes.Approval.By)
	same(t, "what a model thought, where none was asked", (*engine.Judgement)(nil), yes.Judgement)
	f.judgement = &engine.Judgement{Output: "yes", Digest: "digest of yes", Opinion: engine.Opinion{Score: .5}}
	same(t, "what a model thought", f.judgement, view(reader(f, today).Piece(t.Context(), "yes"))(t).Judgement)
	f.judgement.Digest = "an older version"
	same(t, "what a model thought of an older version", (*engine.Judgement)(nil), view(reader(f, today).Piece(t.Context(), "yes"))(t).Judgement)
	same(t, "silence after a yes", DoesNothing, yes.Silence.Does)
}

// Before people are asked what became of a piece, koira looks by itself.
func TestPieceUnconfirmed(t *testing.T) {
	unsure := engine.Send{Output: "p", State: engine.SendUnconfirmed, QuietUntil: at("2025-11-24 12:30")}
	later, never, live := unsure, unsure, unsure
	later.QuietUntil, never.QuietUntil = at("2025-11-24 12:40"), time.Time{}
	live.State, live.QuietUntil = engine.SendPublished, at("2025-11-24 12:00")
	const leaves = "If you do nothing, I leave it. I never send it again by myself."
	for name, c := range map[string]struct {
		open  []engine.Exception
		sends []engine.Send
		does  Does
		want  string
	}{
		"nobody is asked":            {nil, []engine.Send{live, later, never, unsure}, DoesNothing, "I look again from 12:30; only if it is proved absent do I send it. Nothing is needed."},
		"no time is known":           {nil, []engine.Send{never}, DoesNothing, "I look again; only if it is proved absent do I send it. Nothing is needed."},
		"asked about something else": {[]engine.Exception{{ID: "e", Kind: engine.ExceptionMissed, Output: "p"}}, []engine.Send{unsure}, DoesNothing, "I look again from 12:30; only if it is proved absent do I send it. Nothing is needed."},
		"a person is asked":          {[]engine.Exception{{ID: "e", Kind: engine.ExceptionMissed, Output: "p"}, {ID: "u", Kind: engine.ExceptionUnsure, Output: "p"}}, []engine.Send{unsure}, DoesStay, leaves},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			f.outputs, f.sends, f.exceptions = []engine.Output{in(engine.StateUnconfirmed, post("p", "2025-11-24 09:10"))}, c.sends, c.open
			v := view(reader(f, today).Piece(t.Context(), "p"))(t)
			same(t, "does", c.does, v.Silence.Does)
			same(t, "words", c.want, v.Silence.Words(func(t time.Time) string { return t.In(helsinki).Format("15:04") }))
			same(t, "the exception that it shows", c.does == DoesStay, v.Exception != nil && v.Exception.ID == "u")
		})
	}
}

// A piece that failed is certainly not out, unless a person gave up an unknown outcome.
func TestPieceGivenUp(t *testing.T) {
	refused := engine.Send{Output: "p", State: engine.SendFailed, Evidence: "the channel refuses it"}
	dropped := engine.Send{Output: "p", State: engine.SendFailed, Evidence: engine.Dropped}
	for name, c := range map[string]struct {
		state engine.State
		sends []engine.Send
		want  bool
		words string
	}{
		"refused":                        {engine.StateFailed, []engine.Send{refused}, false, "did not go out"},
		"dropped":                        {engine.StateFailed, []engine.Send{dropped}, true, "given up: nobody knows whether it went out"},
		"a half dropped, a half refused": {engine.StateFailed, []engine.Send{dropped, refused}, true, "given up: nobody knows whether it went out"},
		"a half dropped, a half live":    {engine.StatePublished, []engine.Send{dropped, {Output: "p", State: engine.SendPublished}}, false, "given up: nobody knows whether it went out"},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			f.outputs, f.sends = []engine.Output{in(c.state, post("p", "2025-11-24 09:10"))}, c.sends
			v := view(reader(f, today).Piece(t.Context(), "p"))(t)
			same(t, "given up", c.want, v.GivenUp)
			same(t, "the first delivery", c.words, v.Sends[0].Words)
		})
	}
}

func TestPieceInAWindow(t *testing.T) {
	long := strings.Repeat("ä", wholeOnCard+1)
	for name, c := range map[string]struct {
		channel, text string
		long, final   bool
	}{
		"a short post":            {"bluesky", "Rye at 10", false, false},
		"a post that just fits":   {"bluesky", long[:2*wholeOnCard], false, false},
		"a long post":             {"bluesky", long, true, false},
		"an e-mail":               {"mail", "Rye at 10", false, true},
		"a channel that was left": {"gone", "Rye at 10", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			o := in(engine.StateWaiting, post("p", "2025-11-25 09:10"))
			o.Channel, o.Variants[0].Shown = c.channel, c.text
			f.outputs = []engine.Output{o}
			v := view(reader(f, today).Piece(t.Context(), "p"))(t)
			same(t, "long, final, window", []bool{c.long, c.final, c.long || c.final}, []bool{v.Long, v.Irreversible, v.LongOrIrreversible()})
		})
	}
}

func TestPieceSoon(t *testing.T) {
	for minutes, want := range map[int]bool{-5: true, 14: true, 15: false} {
		v := PieceView{Frame: Frame{AsOf: today}, Row: Row{Slot: today.Add(time.Duration(minutes) * time.Minute)}}
		if v.Soon() != want {
			t.Errorf("%d minutes before: soon is %v", minutes, v.Soon())
		}
	}
}

func TestWhyNot(t *testing.T) {
	block := engine.Finding{Rule: "facts", Outcome: engine.Block, Remedy: "say 15 %"}
	pass := engine.Finding{Outcome: engine.Pass}
	late := engine.Finding{Rule: "stopped", Outcome: engine.Block, Later: true}
	for name, c := range map[string]struct {
		state    engine.State
		now      []engine.Finding
		stage    engine.Stage
		blocks   int
		fresh    bool
		sentence string
	}{
		"held by two rules":          {engine.StateHeld, []engine.Finding{block, pass, block}, engine.StageApproval, 2, true, "2 rules stop it."},
		"held, the rule has gone":    {engine.StateHeld, []engine.Finding{pass}, engine.StageApproval, 0, true, "No rule stops it now; it still needs a person."},
		"waits":                      {engine.StateWaiting, []engine.Finding{pass}, engine.StageApproval, 0, true, "No rule stops it; it waits for your yes."},
		"ready to publish by hand":   {engine.StateHanded, []engine.Finding{pass}, engine.StageApproval, 0, true, "No rule stops it; it is ready for you to publish."},
		"cleared, a rule since":      {engine.StateScheduled, []engine.Finding{block}, engine.StageClaim, 1, true, "1 rule stops it."},
		"cleared":                    {engine.StateScheduled, []engine.Finding{pass}, engine.StageClaim, 0, true, "Nothing stops it; it goes out {at}."},
		"cleared, its time is there": {engine.StateScheduled, []engine.Finding{pass}, engine.StageClaim, 0, true, "Nothing stops it: goes out by itself."},
		"cleared, all is stopped":    {engine.StateScheduled, []engine.Finding{late, late}, engine.StageClaim, 0, true, "No rule stops it, but it waits: stopped."},
		"cleared, and both":          {engine.StateScheduled, []engine.Finding{late, block}, engine.StageClaim, 1, true, "1 rule stops it."},
		"being checked":              {engine.StateDrafted, []engine.Finding{block}, engine.StageDraft, 1, true, "1 rule stops it."},
		"not written":                {engine.StatePlanned, nil, "", 1, false, "It is not written yet."},
		"on the wire":                {engine.StateUnconfirmed, nil, "", 1, false, "It has left: not sure it went out."},
		"live":                       {engine.StateSettled, nil, "", 1, false, "It went out. It is live, results final."},
		"ran out":                    {engine.StateExpired, nil, "", 1, false, "It is final: ran out. When it was last checked, 1 rule stopped it."},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			o := in(c.state, post("p", "2025-11-25 09:10"))
			o.Findings, o.GuardrailVersion = []engine.Finding{block}, 11
			looks := today
			if o.State == engine.StateScheduled { // what is cleared is looked at as its time comes
				looks = o.Slot
			}
			if name == "cleared, its time is there" {
				o.Slot, looks = today, today
			}
			f.outputs = []engine.Output{o}
			r := reader(f, today)
			r.o.Gate = func(v engine.View) engine.Verdict {
				same(t, "stage and time that the gate sees", []any{c.stage, looks}, []any{v.Stage, v.Now})
				return engine.Verdict{Findings: c.now, GuardrailVersion: 12}
			}
			v := view(r.WhyNot(t.Context(), "p"))(t)
			same(t, "answer", c.sentence, v.Answer)
			same(t, "blocks", c.blocks, len(v.Blocks))
			same(t, "fresh", c.fresh, v.Fresh)
			same(t, "version", map[bool]int{true: 12, false: 11}[c.fresh], v.Version)
		})
	}
}
