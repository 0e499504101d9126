package blocks

import (
	"fmt"
	"time"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func (b bakery) exception(kind engine.ExceptionKind) report.ExceptionView {
	p := b.row(engine.StateHeld, "stopped, needs you")
	v := report.ExceptionView{Frame: b.frame(), ExceptionItem: report.ExceptionItem{
		Exception: engine.Exception{
			ID: "01K0EXC0000000000000000000", Kind: kind, Output: p.Output, Task: p.Task, Subject: p.Output, OpenedAt: day(24, 9, 30), Due: day(25, 11, 10),
			Reason: b.s("Stopped by a rule: facts.", 200), Evidence: b.s(`It says "20 %", which is not in your facts.`, 2000), Remedy: b.s(`Leave "20 %" out, or add the fact.`, 1000),
		},
		Name: p.Name, Piece: &p, Audience: b.n(2310, 2_310_000), Who: b.who(mari, tomi),
		Choices: []report.Choice{report.ChoiceFix, report.ChoiceReject, report.ChoiceWhy, report.ChoicePause},
		Silence: report.Silence{Does: report.DoesEnd, At: day(25, 11, 10), Text: "If you do nothing, it does not go out; it ends {at}."},
	}}
	switch kind {
	case engine.ExceptionUnsure:
		p.State, v.Due = engine.StateUnconfirmed, time.Time{}
		v.Reason, v.Evidence, v.Remedy = b.s("Not sure it went out.", 200), b.s("The line broke before an answer. I looked three times until 09:41: not there.", 2000), b.s("Look at Bluesky and say whether it is there.", 1000)
		v.Choices = []report.Choice{report.ChoiceLive, report.ChoiceResend, report.ChoiceDrop}
		v.Silence = report.Silence{Does: report.DoesStay, Text: "If you do nothing, I leave it. I never send it again by myself."}
	case engine.ExceptionMissed:
		p.State, v.Due = engine.StateExpired, time.Time{}
		v.Reason, v.Evidence, v.Remedy = b.s("Did not go out.", 200), b.s("It is 2 h 21 min late; the limit is 2 h.", 2000), "Ask for another with /koira draft daily-social."
		v.Choices = []report.Choice{report.ChoiceSlot, report.ChoiceDrop}
		v.Silence = report.Silence{Does: report.DoesStay, At: day(25, 9, 10), Text: "If you do nothing, it stays unpublished; the next one is planned for {at}."}
	case engine.ExceptionTask:
		v.Piece, v.Output, v.Audience, v.Due, v.Subject, v.Who = nil, "", 0, time.Time{}, p.Task, b.who(mari)
		v.Reason, v.Evidence, v.Remedy = b.s("Below your minimum.", 200), b.s("The last 3 posts brought 2 visits each, your minimum is 6.", 2000), b.s("Look at the 3, then resume it one level lower.", 1000)
		v.Choices = []report.Choice{report.ChoiceResume, report.ChoiceShow}
		v.Silence = report.Silence{Does: report.DoesStay, Text: "If you do nothing, it stays paused."}
	case engine.ExceptionSystem:
		v.Piece, v.Output, v.Task, v.Audience, v.Due, v.Name, v.Subject, v.Who = nil, "", "", 0, time.Time{}, "Bluesky", "bluesky", b.who(mari)
		v.Reason, v.Evidence, v.Remedy = b.s("Bluesky refuses my credentials.", 200), b.s("3 pieces wait.", 2000), b.s("Renew the password in the secrets file and start again.", 1000)
		v.Choices = []report.Choice{report.ChoiceHow, report.ChoiceDone}
		v.Silence = report.Silence{Does: report.DoesStay, Text: "If you do nothing, what it holds up is tried again until its time passes, then it ends."}
	}
	return v
}

func (b bakery) resting() report.ExceptionView {
	v := b.exception(engine.ExceptionSystem)
	v.Reason, v.Evidence = b.s("Bluesky is paused: too much failed there.", 200), b.s("3 attempts in a row came to nothing. The last: The channel answered with an error of its own.", 2000)
	v.Remedy = b.s("Look at Bluesky. Once it works, say that it is fixed: then what waits goes out at its time.", 1000)
	v.Resting, v.Waits, v.Who = true, 3, b.who(mari, tomi)
	v.Silence = report.Silence{Does: report.DoesStay, Text: "If you do nothing, nothing goes out there; each piece waits until its time passes, then it ends."}
	return v
}

func (b bakery) stillLive() report.ExceptionView {
	v := b.exception(engine.ExceptionMissed)
	v.Reason, v.Evidence = "Could not take it down: it is still live.", b.s("Bluesky answered: not yours.", 2000)
	v.Remedy, v.Choices = "Remove it by hand at Bluesky, then press Take down here again: I look whether it is gone.", []report.Choice{report.ChoiceGone, report.ChoiceDrop}
	v.Silence = report.Silence{Does: report.DoesStay, Text: "If you do nothing, it stays live."}
	v.Piece.State, v.Piece.URL = engine.StatePublished, "https://bsky.app/profile/leipa.example/post/3lbq"
	return v
}

func (b bakery) who(ids ...string) []string {
	if !b.large {
		return ids
	}
	for i := range 12 {
		ids = append(ids, fmt.Sprintf("U0PERSON%02d", i))
	}
	return ids
}

// waivable is a piece that a rule stops which an owner may set aside.
func (b bakery) waivable() report.ExceptionView {
	v := b.exception(engine.ExceptionOutput)
	v.Reason, v.Evidence = b.s("Stopped by a rule: topics.", 200), b.s(`It says "free" (wording A), which belongs to the blocked pack "promises".`, 2000)
	v.Remedy, v.Limit = b.s(`Leave "free" out, or an owner approves it anyway.`, 1000), "topics"
	v.Choices = []report.Choice{report.ChoiceFix, report.ChoiceReject, report.ChoiceAnyway, report.ChoiceWhy, report.ChoiceRule, report.ChoicePause}
	return v
}

// ranOut is the same, when its time was over.
func (b bakery) ranOut() report.ExceptionView {
	v := b.waivable()
	v.Choices, v.Who, v.Limit, v.ClosedAt, v.ClosedBy, v.Outcome = nil, nil, "", day(25, 11, 10), engine.Koira.ID, engine.OutcomeExpired
	v.Silence = report.Silence{Does: report.DoesNothing, Text: "Nothing is needed."}
	return v
}

// anyway is what an owner sets aside for it.
func (b bakery) anyway() desk.Once {
	p := b.once()
	p.Caps, p.Rise, p.Output.CostMax = nil, engine.Rise{}, 0
	p.Waives = []engine.Finding{{Rule: "topics", Outcome: engine.Block, Waivable: true, Evidence: b.waivable().Evidence}}
	return p
}

func (b bakery) closed() report.ExceptionView {
	v := b.exception(engine.ExceptionOutput)
	v.Choices, v.Who, v.ClosedAt, v.ClosedBy, v.Outcome = nil, nil, day(24, 10, 2), tomi, b.s("edited", 60)
	v.Silence = report.Silence{Does: report.DoesNothing, Text: "Nothing is needed."}
	return v
}
