package blocks

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// exceptionMarks says what is the matter before any word is read. A kind without a row is drawn as something that is wrong.
var exceptionMarks = map[engine.ExceptionKind]string{engine.ExceptionTask: "⏸"}

// Exception is the card of something that needs a person, or of how it ended.
func Exception(v report.ExceptionView) Message {
	m := openException(v)
	if !v.ClosedAt.IsZero() {
		m = closedException(v)
	}
	m = m.about(string(engine.NoticeException), v.ID)
	if v.ClosedAt.IsZero() {
		m = m.until(v.Due)
	}
	if v.Output != "" {
		m.Metadata.EventPayload["output"] = v.Output
	}
	return m
}

func openException(v report.ExceptionView) Message {
	mark := exceptionMarks[v.Kind]
	if mark == "" {
		mark = "⚠️"
	}
	reason := strings.TrimSuffix(v.Reason, ".")
	push := md("Needs you: ")
	if !v.Due.IsZero() && v.Due.After(v.AsOf) {
		push = md("Needs you by " + clock(v.Due, v.Frame) + ": ")
	}
	push += says(reason, nameMax)
	if v.Piece != nil {
		push += ". " + channel(*v.Piece) + " " + title(*v.Piece)
	} else if v.Kind == engine.ExceptionTask {
		push += ". " + says(v.Name, nameMax)
	}
	return message(push,
		header(mark+" "+reason),
		note(exceptionFacts(v)),
		section(lines(says(v.Evidence, textMax), heldUp(v), remedy(v.ExceptionItem)), look(v.Piece)),
		section(words(silence(v.Silence, v.Frame), where(len(v.Who) > 0, "For "+mentions(v.Who, "or")+"."))),
		exceptionActions(v),
	)
}

// heldUp says how much waits for a channel.
func heldUp(v report.ExceptionView) md {
	return where(v.Waits > 0, md(plural(v.Waits, "cleared piece waits", "cleared pieces wait"))+".")
}

// look opens a piece that can be seen somewhere; nil where it cannot.
func look(r *report.Row) slack.BlockElement {
	if r == nil {
		return nil
	}
	return web("Open it", r.URL)
}

// remedy says the smallest thing that would end an exception.
func remedy(e report.ExceptionItem) md {
	switch {
	case e.Remedy == "":
		return ""
	case e.Kind == engine.ExceptionOutput:
		return "Smallest change: " + says(e.Remedy, textMax)
	}
	return "What you can do: " + says(e.Remedy, textMax)
}

// exceptionFacts is the line of what an exception is about.
func exceptionFacts(v report.ExceptionView) md {
	p := v.Piece
	if p == nil {
		return where(v.Name != "", md("*"+says(v.Name, nameMax)+"*"))
	}
	return dots(
		md("*"+says(p.Name, nameMax)+"*"),
		channel(*p),
		title(*p),
		where(!p.Slot.IsZero(), "planned "+onDay(p.Slot, v.Frame)),
		where(v.Audience > 0, "at most "+md(number(int64(v.Audience)))+" people"),
	)
}

// exceptionActions are the choices that the exception offers: those of its piece carry the piece's id, the others its own or its task's.
func exceptionActions(v report.ExceptionView) slack.Block {
	var es []slack.BlockElement
	var rows []menuRow
	for _, c := range v.Choices {
		switch piece := (Value{ID: v.Output}); c {
		case report.ChoiceApprove:
			es = append(es, button(IDRead, "Read and approve…", piece))
		case report.ChoiceStopRest:
			es = append(es, button(IDHalt, "Stop the rest", piece))
		case report.ChoiceSendRest:
			es = append(es, button(IDSendRest, "Send the rest…", piece))
		case report.ChoiceFix:
			es = append(es, button(IDEdit, "Fix the text…", piece))
		case report.ChoiceReject:
			es = append(es, button(IDReject, "Reject…", piece))
		case report.ChoiceOnce:
			es = append(es, button(IDOnce, "Allow this one…", piece))
		case report.ChoiceAnyway:
			es = append(es, button(IDOnce, "Approve anyway…", piece))
		case report.ChoiceWhy:
			rows = append(rows, menuRow{IDRule, piece})
		case report.ChoiceRule:
			rows = append(rows, menuRow{IDLimit, Value{ID: v.Limit}})
		case report.ChoicePause:
			rows = append(rows, menuRow{IDPause, piece})
		case report.ChoiceLive:
			es = append(es, button(IDLive, "It is there…", piece))
		case report.ChoiceResend:
			es = append(es, button(IDResend, "Send again…", piece))
		case report.ChoiceGone:
			es = append(es, button(IDRetract, "Take down…", piece))
		case report.ChoiceDrop:
			es = append(es, dropButton(v))
		case report.ChoiceSlot:
			if reusable(v.Piece) {
				es = append(es, button(IDTime, "Another time…", piece))
			}
		case report.ChoiceResume:
			es = append(es, button(IDResumeTask, "Resume…", Value{ID: v.Task}))
		case report.ChoiceShow:
			es = append(es, button(IDTask, "Show the reviews", Value{ID: v.Task}))
		case report.ChoiceHow:
			es = append(es, button(IDHow, "How to fix…", Value{ID: v.ID}))
		case report.ChoiceStrategy:
			es = append(es, button(IDStrategy, "Write it down…", Value{ID: StrategyNew}))
		case report.ChoiceDone:
			es = append(es, button(IDFixed, fixedLabel(v), Value{ID: v.ID}))
		}
	}
	if len(rows) > 0 {
		es = append(es, menuOf(append(rows, menuRow{IDDetails, Value{ID: v.Output}})...))
	}
	return actions(es...)
}

// fixedLabel says that a channel which rests goes on with it.
func fixedLabel(v report.ExceptionView) string {
	if v.Resting {
		return "It is fixed: go on"
	}
	return "It is fixed"
}

// dropButton gives up an unknown outcome, which is settled by its piece, or puts a missed piece aside, which is closed by itself.
func dropButton(v report.ExceptionView) slack.BlockElement {
	if v.Kind == engine.ExceptionUnsure {
		return button(IDDrop, "Drop it…", Value{ID: v.Output})
	}
	if stillLive(v) {
		return button(IDMissed, "Leave it live…", Value{ID: v.ID})
	}
	return button(IDMissed, "Drop it…", Value{ID: v.ID})
}

// stillLive reports whether an exception is about a piece that is out, because it could not be taken down.
func stillLive(v report.ExceptionView) bool {
	return v.Piece != nil && (v.Piece.State == engine.StatePublished || v.Piece.State == engine.StateSettled)
}

// reusable reports whether the words of a piece that ended can be used at another time.
func reusable(r *report.Row) bool {
	ended := []engine.State{engine.StateRejected, engine.StateExpired, engine.StateCancelled}
	return r != nil && r.Written && slices.Contains(ended, r.State)
}

// closedException says how it ended. What ran out is settled by nobody: that was no yes and no no.
func closedException(v report.ExceptionView) Message {
	reason := strings.TrimSuffix(v.Reason, ".")
	if v.Outcome == engine.OutcomeExpired {
		what := md("it did not go out")
		if v.Rule == engine.RuleWave {
			what = "the rest of its readers do not get it"
		}
		return message("Ran out, undecided: "+says(reason, nameMax),
			header("⏸ Ran out, undecided: "+reason),
			note(exceptionFacts(v)),
			section("Nobody had decided by "+when(v.ClosedAt, v.Frame)+", so "+what+": that is neither a yes nor a no. Nothing is needed."),
		)
	}
	return message("Settled: "+says(reason, nameMax),
		header("✅ Settled: "+reason),
		note(exceptionFacts(v)),
		section(dots("Settled by "+mention(v.ClosedBy)+" "+when(v.ClosedAt, v.Frame), says(v.Outcome, nameMax))+". Nothing is needed."),
	)
}
