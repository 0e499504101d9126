package blocks

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// drawing is one thing that package blocks draws.
type drawing struct {
	name string
	push string          // of a message
	raw  json.RawMessage // of the blocks of a message, or of a view
	view bool
	card bool // a message that stands in a room and carries metadata
	msg  Message
}

func asMessage(name string, m Message) drawing {
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		panic(err)
	}
	return drawing{name: name, push: m.Text, raw: raw, card: m.Metadata.EventType != "", msg: m}
}

func asView(name string, v any) drawing {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return drawing{name: name, raw: raw, view: true}
}

// drawings draws everything once with b's values. To add a drawing: add a row.
func (b bakery) drawings() []drawing {
	at := Place{Channel: "C000000001", TS: "1764000000.000100"}
	reason := func(v report.PieceView, s string) report.PieceView { v.Output.WaitsFor = s; return v }
	copied := ToCopy(b.piece(engine.StateHanded, ""))
	people := engine.People{Owners: b.who(mari), Approvers: []string{tomi}}
	none := report.Frame{AsOf: day(24, 9, 41), Zone: helsinki, Currency: "EUR"}
	ds := []drawing{
		asMessage("draft", Piece(b.waiting())),
		asMessage("draft-long", Piece(b.newsletter())),
		asMessage("draft-soon", Piece(b.piece(engine.StateWaiting, "", func(v *report.PieceView) { v.Slot = day(24, 9, 50) }))),
		asMessage("draft-edited", Piece(reason(b.edited(engine.StateWaiting), "edited: the new words wait for a yes"))),
		asMessage("draft-edited-much", Piece(much(b.edited(engine.StateWaiting)))),
		asMessage("held-edited", Piece(b.edited(engine.StateHeld))),
		asMessage("draft-two-wordings", Piece(b.piece(engine.StateWaiting, "", func(v *report.PieceView) {
			v.Output.Variants = append(v.Output.Variants, engine.Variant{Name: "B", Shown: "Rye on Saturday? " + link, Link: link})
		}))),
		asMessage("planned", Piece(b.piece(engine.StatePlanned, "", func(v *report.PieceView) { v.Output.Variants, v.Output.Digest = nil, "" }))),
		asMessage("held", Piece(b.piece(engine.StateHeld, "", func(v *report.PieceView) {
			if !b.large {
				v.Blocks = b.findings(1, engine.Block)
			}
		}))),
		asMessage("handed", Piece(b.piece(engine.StateHanded, "", func(v *report.PieceView) {
			v.Silence.Text = "If you do nothing, it stays here until {at}, then I put it aside."
		}))),
		asMessage("approved", Piece(b.approved())),
		asMessage("by-itself", Piece(b.byItself())),
		asMessage("unless-stopped", Piece(b.unlessStopped())),
		asMessage("unless-stopped-elsewhere", Piece(b.lookedAtElsewhere())),
		asMessage("found-good", Piece(b.unlessStopped(engine.Remark{Verdict: engine.ReviewApproved, By: tomi, At: day(24, 11, 5)}))),
		asMessage("stopped-one", Piece(b.stoppedOne(day(24, 11, 6)))),
		asMessage("stopped-one-late", Piece(b.stoppedOne(day(24, 13, 20)))),
		asMessage("held-back", Piece(b.piece(engine.StateScheduled, "", func(v *report.PieceView) {
			v.Silence.Text = "If you do nothing, it does not go out, because everything is stopped; it ends {at}."
		}))),
		asMessage("leaving", Piece(b.ended(engine.StatePublishing, ""))),
		asMessage("unconfirmed", Piece(b.unsure())),
		asMessage("unconfirmed-first", Piece(b.unsureFirst(engine.StateUnconfirmed))),
		asMessage("unconfirmed-looking", Piece(b.looking())),
		asMessage("live", Piece(b.live())),
		asMessage("result", Result(b.live())),
		asMessage("result-none", Result(b.piece(engine.StatePublished, "", func(v *report.PieceView) { v.PublishedAt = day(24, 9, 40) }))),
		asMessage("live-few", Piece(few(b.live()))),
		asMessage("live-by-hand", Piece(b.piece(engine.StatePublished, "", func(v *report.PieceView) {
			v.PublishedAt, v.Output.Origin = day(24, 9, 10), engine.OriginHand
		}))),
		asMessage("live-letter", Piece(b.letter(func(v *report.PieceView) { v.CanHalt = true }))),
		asMessage("live-letter-out", Piece(b.letter(func(*report.PieceView) {}))),
		asMessage("live-letter-stopping", Piece(b.letter(func(v *report.PieceView) { v.Halt = &report.Halt{AskedAt: day(24, 9, 20)} }))),
		asMessage("live-letter-stopped", Piece(b.letter(b.halted(231, 2310)))),
		asMessage("live-letter-too-late", Piece(b.letter(b.halted(2310, 2310)))),
		asMessage("live-letter-not-stopped", Piece(b.letter(b.halted(0, 0)))),
		asMessage("not-removed", Piece(b.notRemoved())),
		asMessage("live-letter-in-breach", Piece(b.letter(func(v *report.PieceView) {
			b.halted(0, 0)(v)
			v.Exception = &engine.Exception{ID: "x", Kind: engine.ExceptionMissed, Reason: "It is out, and a rule should have stopped it.",
				Evidence: b.s("It says \"€3.20\", which is out of date.", 600), Remedy: "It cannot be taken back: say what is right in another one, /koira draft weekly-newsletter, or leave it."}
			v.Silence = report.Silence{Does: report.DoesStay, Text: "If you do nothing, it stays live."}
		}))),
		asMessage("rest-follows", Piece(b.firstReaders(engine.StateScheduled))),
		asMessage("rest-held", Piece(b.firstReaders(engine.StateHeld))),
		asMessage("live-rest-stopped", Piece(b.firstReaders(engine.StatePublished))),
		asMessage("exception-rest", Exception(b.restWaits())),
		asMessage("retracting", Piece(b.takenDown(engine.StateRetracting, 0))),
		asMessage("retracted", Piece(b.takenDown(engine.StateRetracted, time.Minute))),
		asMessage("retracted-not-there", Piece(b.takenDown(engine.StateRetracted, 0))),
		asMessage("retracted-unseen", Piece(b.takenDown(engine.StateRetracted, -1))),
		asMessage("result-retracted", Result(b.takenDown(engine.StateRetracted, time.Minute))),
		asMessage("rejected", Piece(b.rejected())),
		asMessage("expired", Piece(b.ranOutPiece(engine.Ending{By: "koira", Why: b.s("Nobody decided in time.", 400)}))),
		asMessage("expired-put-aside", Piece(b.ranOutPiece(engine.Ending{By: mari, Why: "dropped"}))),
		asMessage("dropped", Piece(b.ended(engine.StateCancelled, ""))),
		asMessage("failed", Piece(b.ended(engine.StateFailed, ""))),
		asMessage("given-up", Piece(b.givenUp())),
		asMessage("given-up-first", Piece(b.unsureFirst(engine.StateFailed))),
		asMessage("given-up-rest", Piece(b.unsureRest())),
		asMessage("superseded", Superseded(b.piece(engine.StateWaiting, "", func(v *report.PieceView) { v.Output.EditedBy = tomi }))),
		asMessage("copy", copied[len(copied)-1]),

		asMessage("exception-output", Exception(b.exception(engine.ExceptionOutput))),
		asMessage("exception-unsure", Exception(b.exception(engine.ExceptionUnsure))),
		asMessage("exception-missed", Exception(b.exception(engine.ExceptionMissed))),
		asMessage("exception-still-live", Exception(b.stillLive())),
		asMessage("exception-task", Exception(b.exception(engine.ExceptionTask))),
		asMessage("exception-system", Exception(b.exception(engine.ExceptionSystem))),
		asMessage("exception-resting", Exception(b.resting())),
		asMessage("reminder", Reminder(b.exception(engine.ExceptionOutput))),
		asMessage("reminder-task", Reminder(b.exception(engine.ExceptionTask))),
		asMessage("storm", Storm(b.storm(9))),
		asMessage("storm-missed", Storm(b.storm(4, func(v *report.Storm) { v.Kind, v.Rule, v.Closed, v.Others = engine.ExceptionMissed, "", 2, 3 }))),
		asMessage("storm-settled", Storm(b.storm(0, func(v *report.Storm) { v.Closed = 12 }))),
		asMessage("exception-closed", Exception(b.closed())),

		asMessage("level-raised", Level(b.raised(), b.taskView())),
		asMessage("level-lowered", Level(b.lowered(), b.loweredTask())),
		asMessage("level-fell-to-l4", Level(b.fell(), b.fellTask())),
		asMessage("level-lowest", Level(b.lowest(), b.lowestTask())),
		asMessage("level-without-wall", Level(b.unwalled(), b.unwalledTask())),
		asMessage("level-paused", Level(b.paused("paused"), b.pausedTask())),
		asMessage("level-was-paused", Level(b.paused("paused"), b.taskView())),
		asMessage("level-resumed", Level(b.ranAgain(engine.L4, engine.L4), b.taskView())),
		asMessage("level-resumed-lower", Level(b.ranAgain(engine.L4, engine.L3), b.resumedTask())),
		asMessage("level-lowered-capped", Level(b.lowered(), b.cappedTask())),
		asMessage("offer", Offer(b.raise(engine.OfferOpen))),
		asMessage("offer-capped", Offer(b.raise(engine.OfferOpen, func(v *report.OfferView) {
			v.From, v.To, v.Task.Offer.From, v.Task.Offer.To, v.Task.Offer.Bar = engine.L3, engine.L4, engine.L3, engine.L4, 0
			v.Task.Top, v.Task.Caps = engine.L4, []string{b.s("it announces prices", 200)}
		}))),
		asMessage("offer-snoozed", Offer(b.raise(engine.OfferSnoozed))),
		asMessage("offer-withdrawn", Offer(b.raise(engine.OfferWithdrawn))),
		asMessage("offer-allowed", Offer(b.raise(engine.OfferClosed, func(v *report.OfferView) {
			v.Why, v.By, v.Task.Task.Level = "allowed", mari, engine.L5
		}))),
		asMessage("offer-over", Offer(b.raise(engine.OfferClosed))),
		asMessage("look", Look(b.look())),
		asMessage("look-seen", Look(b.look(func(v *report.LookView) { v.SeenAt, v.SeenBy, v.Decisions = day(24, 9, 40), tomi, nil }))),
		asMessage("not-yet", NotYet(b.task(), engine.L3, engine.L4, many(b, 4, 9, b.s("a voice lock", 200)), nil, []string{"voice", "channels", "minimums", "good"})),
		asMessage("daily-fresh", Daily(b.fresh(0))),
		asMessage("daily-fresh-needs", Daily(b.fresh(2))),
		asMessage("task-snoozed", Task(b.snoozedTask(), engine.RoleOwner)),
		asMessage("stopped", Stopped(b.stopped())),
		asMessage("resumed", Stopped(b.runs())),
		asMessage("weekly", Weekly(b.weekly())),
		asMessage("weekly-near", NearLimits(b.weekly())),
		asMessage("weekly-chart", WeeklyWithChart(b.weekly(), Picture{Alt: chart{v: b.weekly()}.words()}, "F0CHART001")),
		asMessage("weekly-first", Weekly(b.firstWeek())),
		asMessage("renewed", Renewed(b.renewed(1), "2025-11-24T09:00:00Z")),
		asMessage("renewed-many", Renewed(b.renewed(20), "2025-11-24T09:00:00Z")),
		asMessage("baseline", BaselineCard(b.baseline(engine.BaselineHeld), "daily-social|2025-12-24")),
		asMessage("baseline-declined", Baseline(b.baseline(engine.BaselineDeclined))),
		asMessage("baseline-unknown", Baseline(b.baseline(engine.BaselineUnknown))),
		asMessage("baseline-young", Baseline(b.youngBaseline())),
		asMessage("baseline-none", Baseline(report.Baseline{Frame: b.frame(), Task: "blog", Name: "Blog", Level: engine.L3})),
		asMessage("monthly", Monthly(b.monthly())),
		asMessage("monthly-first", Monthly(b.firstMonth())),
		asMessage("daily", Daily(b.daily())),
		asMessage("daily-log", DailyLog(b.daily())),

		asMessage("status", Status(b.status())),
		asMessage("status-stopped", Status(b.stoppedStatus())),
		asMessage("waits", Waits(b.stopped())),
		asMessage("stop-answer", StopAnswer(b.stopped())),
		asMessage("drill", Drill("Daily social", 12*time.Millisecond, &engine.Output{Slot: day(25, 9, 10)}, false, none)),
		asMessage("drill-nothing-cleared", Drill(b.s("Daily social", 200), 0, nil, false, none)),
		asMessage("drill-taken-over", Drill(b.s("Daily social", 200), 12*time.Millisecond, nil, true, none)),
		asMessage("queue", Queue(b.queue())),
		asMessage("week", Week(b.week(9))),
		asMessage("week-under-way", Week(b.week(7))),
		asMessage("week-decided", Week(b.week(0))),
		asMessage("week-unasked", Week(b.unaskedWeek(0))),
		asMessage("week-held", Week(b.unaskedWeek(3))),
		asMessage("week-all-held", Week(b.unaskedWeek(len(b.week(0).Items)))),
		asMessage("copies", Copies(b.copies())),
		asMessage("copies-empty", Copies(report.Copies{Frame: none, Task: engine.Task{ID: "daily-social", Name: "Daily social"}})),
		asMessage("queue-empty", Queue(report.Queue{Frame: none})),
		asMessage("exceptions", Exceptions(b.exceptions())),
		asMessage("exceptions-empty", Exceptions(report.Exceptions{Frame: none})),
		asMessage("log", Log(b.log())),
		asMessage("log-empty", Log(report.OutputLog{Frame: none})),
		asMessage("decisions", Decisions(report.Decisions{Frame: b.frame(), Rows: b.decisions(), Page: report.Page{Size: 10, More: true}})),
		asMessage("decisions-empty", Decisions(report.Decisions{Frame: none})),
		asMessage("budget", Budget(b.budget(), engine.RoleOwner)),
		asMessage("budget-viewer", Budget(b.overBudget(), engine.RoleViewer)),
		asMessage("budget-weeks", BudgetWeeks(b.budget())),
		asMessage("alert-80", Alert(b.alert(80))),
		asMessage("alert-100", Alert(b.alert(100))),
		asMessage("exception-budget", Exception(b.overCap())),
		asMessage("exception-waivable", Exception(b.waivable())),
		asMessage("exception-ran-out", Exception(b.ranOut())),
		asMessage("budget-before", Budget(b.budgetBefore(), engine.RoleOwner)),
		asMessage("autonomy", Autonomy(report.Autonomy{Frame: b.frame(), Tasks: many(b, 2, 30, b.taskRow())})),
		asMessage("autonomy-empty", Autonomy(report.Autonomy{Frame: none})),
		asMessage("task-owner", Task(b.taskView(), engine.RoleOwner)),
		asMessage("task-fell-to-l4", Task(b.fellTask(), engine.RoleOwner)),
		asMessage("task-without-yes", Task(b.ungrantedTask(), engine.RoleOwner)),
		asMessage("task-viewer", Task(b.loweredTask(), engine.RoleViewer)),
		asMessage("guardrails", Guardrails(b.rules())),
		asMessage("why-not", WhyNot(b.whyNot())),
		asMessage("why-not-passed", WhyNot(b.passedAll())),
		asMessage("level-replay", LevelReplay(b.levelReplay())),
		asMessage("help", Help(commands(b), engine.RoleOwner, people)),
		asMessage("say", Say(b.s("Only owners can raise a limit. Owners here: @"+mari+". Nothing changed.", 4000), mari)),
	}
	return slices.Concat(ds, b.ruleDrawings(at), b.views(at), b.awayDrawings(at), b.auditDrawings(at), b.goodDrawings(at), b.timelineDrawings(at), b.strategyDrawings(at))
}

func (b bakery) views(at Place) []drawing {
	w := func(name string, v slack.ModalViewRequest) drawing { return asView("window-"+name, v) }
	paused := b.pausedTask()
	return []drawing{
		asView("home-owner", Home(b.home(), engine.RoleOwner)),
		asView("home-viewer", Home(b.home(), engine.RoleViewer)),
		asView("home-empty", Home(b.emptyHome(), engine.RoleViewer)),
		asView("home-nobody", Home(b.home(), engine.RoleNone)),
		w("opening", OpeningWindow("Edit")),
		w("say", SayWindow("Not approved", b.s("@"+tomi+" approved this at 14:02. Nothing left to do.", 4000), tomi)),
		w("edit", EditWindow(b.waiting(), at)),
		w("week", WeekWindow(b.week(7), b.waiting(), b.atWeek(at, 0))),
		w("week-newsletter", WeekWindow(b.week(7), b.newsletter(), b.atWeek(at, 0))),
		w("week-approved", WeekWindow(b.week(7), b.approved(), b.atWeek(at, 0))),
		w("week-page-1", WeekWindow(b.week(7), b.book(), b.atWeek(at, 0))),
		w("week-page-last", WeekWindow(b.week(7), b.book(), b.atWeek(at, 99))),
		w("week-too-quick", WeekWindow(b.week(7), b.waiting(), AtWeek{Place: at, Viewer: mari, Said: b.s("This came up less than a second before that tap, so it does not count as a yes. Not approved.", 600)})),
		w("week-own-edit", WeekWindow(b.week(7), b.ownEdit(), b.atWeek(at, 0))),
		w("week-stopped", WeekWindow(b.week(7), b.piece(engine.StateHeld, "stopped, needs you"), b.atWeek(at, 0))),
		w("week-over", WeekOverWindow(b.week(2), b.atWeek(at, 0))),
		w("week-over-unasked", WeekOverWindow(b.unaskedWeek(1), b.atWeek(at, 0))),
		w("week-unless-stopped", WeekWindow(b.unaskedWeek(0), b.unlessStopped(), b.atWeek(at, 0))),
		w("week-all-decided", WeekOverWindow(b.week(0), b.atWeek(at, 0))),
		w("edit-long", EditWindow(b.newsletter(), at)),
		w("reject", RejectWindow(b.waiting(), at)),
		w("reject-lowest", RejectWindow(b.lowestWaiting(), at)),
		w("reject-again", RejectWindow(b.fallenWaiting(), at)),
		w("time", TimeWindow(b.waiting(), at)),
		w("put-back", PutBackWindow(b.stoppedOne(day(24, 13, 20)), at)),
		w("time-reuse", TimeWindow(b.rejected(), at)),
		w("now", NowWindow(b.waiting(), at)),
		w("read", ReadWindow(b.newsletter(), at)),
		w("read-edited", ReadWindow(b.edited(engine.StateWaiting), at)),
		w("why", WhyWindow(b.waiting())),
		w("details", DetailsWindow(b.approved())),
		w("details-doubted", DetailsWindow(b.doubted())),
		w("details-not-judged", DetailsWindow(b.notJudged())),
		w("rule", RuleWindow(b.whyNot())),
		w("posted", PostedWindow(b.piece(engine.StateHanded, ""), at)),
		w("live", LiveWindow(b.unsure(), at)),
		w("live-first", LiveWindow(b.unsureFirst(engine.StateUnconfirmed), at)),
		w("send-rest", SendRestWindow(b.firstReaders(engine.StateHeld), at)),
		w("resend", ResendWindow(b.unsure(), at)),
		w("resend-let-through", ResendWindow(b.letThrough(), at)),
		w("resend-first", ResendWindow(b.unsureFirst(engine.StateUnconfirmed), at)),
		w("drop", DropWindow(b.unsure(), at)),
		w("drop-first", DropWindow(b.unsureFirst(engine.StateUnconfirmed), at)),
		w("missed", DropMissedWindow(b.exception(engine.ExceptionMissed), at)),
		w("missed-still-live", DropMissedWindow(b.stillLive(), at)),
		w("pause", PauseWindow(b.waiting(), at)),
		w("retract", RetractWindow(b.live(), at)),
		w("retract-lowest", RetractWindow(lowest(b.live()), at)),
		w("retract-not", RetractWindow(b.takenDown(engine.StateRetracting, 0), at)),
		w("how", HowWindow(b.exception(engine.ExceptionSystem))),
		w("allow", LevelWindow(b.proposal(engine.L4), b.taskView(), at)),
		w("allow-not-yet", LevelWindow(b.proposal(engine.L4, many(b, 2, 9, b.s("a voice lock", 200))...), b.taskView(), at)),
		w("lower", LevelWindow(b.proposal(engine.L1), b.taskView(), at)),
		w("lower-to-l4", LevelWindow(b.down(engine.L5, engine.L4), b.taskView(), at)),
		w("lower-to-l4-short", LevelWindow(b.down(engine.L5, engine.L4), b.fellTask(), at)),
		w("resume", ResumeWindow(b.stopped(), at)),
		w("resume-task", ResumeTaskWindow(paused, at)),
		w("resume-task-fallen", ResumeTaskWindow(b.pausedAndFallen(), at)),
		w("resume-task-running", ResumeTaskWindow(b.taskView(), at)),
		w("stop", StopWindow(b.runs())),
		w("once", OnceWindow(b.once(), b.piece(engine.StateHeld, ""), at)),
		w("anyway", OnceWindow(b.anyway(), b.piece(engine.StateHeld, ""), at)),
	}
}

// few is v without enough earlier pieces to hold it against.
func few(v report.PieceView) report.PieceView {
	v.Readings[0].Usual = report.Range{}
	return v
}

// lowest is v of a task that cannot be lowered.
func lowest(v report.PieceView) report.PieceView {
	v.Task.Level = engine.L1
	return v
}

// much is v with words before the change that do not fit beside those after it.
func much(v report.PieceView) report.PieceView {
	v.Before = map[string]string{"A": strings.Repeat("Our oat bread is gone by noon. ", 100)}
	return v
}
