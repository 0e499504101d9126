// Package blocks draws engine and report values as Slack's Block Kit: the cards, the answers, App Home and the windows, with the ids and
// values that come back when somebody presses something. It does no I/O and reads no clock: the moment comes in with the value drawn.
package blocks

// ID is the action_id of something that can be pressed. IDs of buttons whose label ends in "…" open a window; the others act at once or
// only show something.
type ID string

// Pieces. Their value is a [Value] of the output's id and the digest that was drawn.
const (
	IDApprove  ID = "approve"   // acts
	IDEdit     ID = "edit"      // opens EditWindow
	IDReject   ID = "reject"    // opens RejectWindow
	IDWhy      ID = "why"       // opens WhyWindow
	IDTime     ID = "time"      // opens TimeWindow; for a piece that ended without going out the time is that of a new piece
	IDNow      ID = "now"       // opens NowWindow
	IDDetails  ID = "details"   // opens DetailsWindow
	IDRule     ID = "rule"      // opens RuleWindow: which rule stops it, and the smallest change
	IDRead     ID = "read"      // opens ReadWindow: the whole text, Approve at its end
	IDTakeBack ID = "take_back" // acts: it waits for a yes again
	IDStopOne  ID = "stop_one"  // acts: the same, for a piece that would go out by itself
	IDGood     ID = "good"      // acts: somebody looked at it; it still goes at its time
	IDPutBack  ID = "put_back"  // acts: what was stopped goes at its time after all
	IDPutAt    ID = "put_at"    // opens PutBackWindow: its time is near or past, so it asks for another
	IDPosted   ID = "posted"    // opens PostedWindow
	IDLive     ID = "live"      // opens LiveWindow
	IDResend   ID = "resend"    // opens ResendWindow
	IDDrop     ID = "drop"      // opens DropWindow: an unknown outcome is given up
	IDPause    ID = "pause"     // opens PauseWindow: of the task that the piece belongs to
	IDRetract  ID = "retract"   // opens RetractWindow
	IDHalt     ID = "halt"      // acts: what is still being delivered is stopped, and what waits after the first readers
	IDSendRest ID = "send_rest" // opens SendRestWindow
	IDOpen     ID = "open"      // shows the piece's card to the one who asked
	IDOnce     ID = "once"      // opens OnceWindow: an owner lets this one version pass a limit
	IDWeek     ID = "week"      // opens WeekWindow; its value is a Value of an ISO week
	IDNext     ID = "next"      // shows the piece behind one in WeekWindow; its value is a Value of that one, or of the week for the first that waits
	IDReadOn   ID = "read_on"   // shows the next page of a piece in WeekWindow; its value is a StepValue
	IDPageBack ID = "page_back" // the same for the page before
	IDMenu     ID = "menu"      // a ⋯ menu: ParseMenu gives the ID that was chosen and its value
)

// Exceptions. Their value is a [Value] of the exception's id.
const (
	IDFixed  ID = "fixed"  // acts: the exception is closed as "fixed"
	IDMissed ID = "missed" // opens DropMissedWindow
	IDHow    ID = "how"    // opens HowWindow
)

// Tasks. Their value is a [Value] of the task's id, but for IDLevel.
const (
	IDTask       ID = "task"        // shows the task and the reviews behind its level
	IDResumeTask ID = "resume_task" // opens ResumeTaskWindow
	IDPauseTask  ID = "pause_task"  // opens PauseTaskWindow
	IDLevel      ID = "level"       // opens LevelWindow for a raise; its value is a LevelValue
	IDLower      ID = "lower"       // the same for a lowering: ids differ within a row of buttons
	IDBenchmark  ID = "benchmark"   // opens GoodWindow
	IDSnooze     ID = "snooze"      // acts: an offer is put off; its value is a Value of the offer's id
	IDSeen       ID = "seen"        // acts: a look is done; its value is a Value of the look's id
)

// Decisions. Their value is a [Value] of the decision's id; both act at once.
const (
	IDUndo  ID = "undo"
	IDApply ID = "apply"
)

// Limits.
const (
	IDRules  ID = "rules"   // opens RulesWindow
	IDLimit  ID = "limit"   // opens LimitWindow; its value is a Value of a report.Rule's key
	IDTurnOn ID = "turn_on" // acts: what tightens of a request is in force; its value is a Value of the request's id, as of those below
	IDLoosen ID = "loosen"  // opens LoosenWindow
	IDSign   ID = "sign"    // opens SignWindow
	IDCancel ID = "cancel"  // acts: a request is taken back

	IDLimitLower ID = "limit_lower" // opens LimitWindow of the budget; its value is as IDLimit's
	IDLimitRaise ID = "limit_raise" // the same for a raise: ids differ within a row of buttons

	IDWallVoice    ID = "wall_voice" // these open LimitWindow of a limit that is missing for a level; their values are as IDLimit's
	IDWallChannels ID = "wall_channels"
	IDWallMinimums ID = "wall_minimums"
	IDWallGood     ID = "wall_good" // opens GoodWindow; its value is as IDBenchmark's
)

// The strategy. The value of the first is a [Value] of StrategyNew, or of a request's id whose texts it goes on with; that of the second of a
// request's id.
const (
	IDStrategy      ID = "strategy"       // opens StrategyWindow
	IDStrategyApply ID = "strategy_apply" // opens StrategyApplyWindow

	// Facts. Their value says which, in which version; see ParseFact.
	IDFactAdd  ID = "fact_add"  // opens FactWindow for a new one
	IDFact     ID = "fact"      // opens FactWindow
	IDFactTrue ID = "fact_true" // acts: it is still so, or all of several are; see ParseFacts
	IDFactOff  ID = "fact_off"  // acts: it goes off the list

	IDFactApply ID = "fact_apply" // acts: a change of the facts, as it was shown, is in force; its value is a Value of the request's id
)

// StrategyNew is what a Value names that opens StrategyWindow with what is in force.
const StrategyNew = "strategy"

// The audit's list. Their value is a [Value] of a proposal's key, or of nothing that there is.
const (
	IDAuditAdd   ID = "audit_add"   // opens WorkWindow, filled in with a proposal
	IDWorkAdd    ID = "work_add"    // opens WorkWindow
	IDWorkChange ID = "work_change" // opens WorkChangeWindow
	IDMarket     ID = "market"      // opens MarketWindow
)

// The first steps. Their value is a [Value] of engine.StepsSubject.
const (
	IDStepAudit ID = "step_audit" // shows the audit
	IDStepGood  ID = "step_good"  // shows what people call good
	IDStepPath  ID = "step_path"  // shows the timeline
	IDStepHelp  ID = "step_help"  // shows what can be typed
	IDStepWhat  ID = "step_what"  // opens WhatWindow
	IDStepFirst ID = "step_first" // opens FirstWindow
	IDStepDraft ID = "step_draft" // opens DraftWindow
)

// The whole program.
const (
	IDStop   ID = "stop"   // opens StopWindow
	IDResume ID = "resume" // opens ResumeWindow
	IDPage   ID = "page"   // shows a page of a list; its value is a PageValue
	IDBack   ID = "back"   // the same for the page before
	IDReturn ID = "return" // acts: an owner is back; its value is a Value of an absence's id
	IDLink   ID = "link"   // a button that opens a web address in the browser: nothing is to be done
)

// IDs lists every action id that can be pressed, for the test that each is handled.
var IDs = []ID{
	IDApprove, IDEdit, IDReject, IDWhy, IDTime, IDNow, IDDetails, IDRule, IDRead, IDTakeBack, IDStopOne, IDGood, IDPutBack, IDPutAt, IDPosted, IDLive, IDResend, IDDrop,
	IDPause, IDRetract, IDHalt, IDOpen, IDMenu, IDFixed, IDMissed, IDHow, IDTask, IDResumeTask, IDPauseTask, IDLevel, IDLower, IDUndo, IDApply, IDRules, IDLimit, IDTurnOn, IDLoosen,
	IDSign, IDCancel, IDStop, IDResume, IDPage, IDBack, IDLink, IDOnce, IDLimitLower, IDLimitRaise,
	IDSnooze, IDSeen, IDWallVoice, IDWallChannels, IDWallMinimums,
	IDReturn, IDWeek, IDNext, IDReadOn, IDPageBack, IDSendRest,
	IDAuditAdd, IDWorkAdd, IDWorkChange, IDMarket,
	IDBenchmark, IDWallGood, IDStrategy, IDStrategyApply, IDFactAdd, IDFact, IDFactTrue, IDFactOff, IDFactApply,
	IDStepAudit, IDStepGood, IDStepPath, IDStepHelp, IDStepWhat, IDStepFirst, IDStepDraft,
}

// Callback is the callback_id of a window that is sent in. What it is about stands in its private_metadata: a [Meta].
type Callback string

const (
	CallbackEdit       Callback = "edit"        // ReadEdit
	CallbackReject     Callback = "reject"      // ReadReject
	CallbackTime       Callback = "time"        // ReadTime
	CallbackNow        Callback = "now"         //
	CallbackSendRest   Callback = "send_rest"   //
	CallbackApprove    Callback = "approve"     // of ReadWindow
	CallbackPosted     Callback = "posted"      // ReadLink
	CallbackLive       Callback = "live"        // ReadLink
	CallbackResend     Callback = "resend"      // ReadChecked
	CallbackDrop       Callback = "drop"        // Meta.ID is the output's
	CallbackRetract    Callback = "retract"     // ReadNote
	CallbackMissed     Callback = "missed"      // Meta.ID is the exception's
	CallbackLevel      Callback = "level"       // Meta.ID is the task's; ReadChecked
	CallbackLimit      Callback = "limit"       // Meta.ID is a report.Rule's key; ReadLimit
	CallbackTurnOn     Callback = "turn_on"     // Meta.ID is the request's
	CallbackLoosen     Callback = "loosen"      // Meta.ID is the request's; ReadNote
	CallbackSign       Callback = "sign"        // Meta.ID is the request's
	CallbackResume     Callback = "resume"      //
	CallbackResumeTask Callback = "resume_task" // Meta.ID is the task's
	CallbackPause      Callback = "pause"       // Meta.ID is the task's; ReadNote
	CallbackStop       Callback = "stop"        // ReadNote
	CallbackPutBack    Callback = "put_back"    // ReadTime
	CallbackAway       Callback = "away"        // ReadAway
	CallbackBenchmarks Callback = "benchmarks"  // Meta.ID is the task's; ReadGood
	CallbackFirst      Callback = "first"       // ReadFirst
	CallbackDraft      Callback = "draft"       // ReadDraft
	CallbackWorkAdd    Callback = "work_add"    // ReadWork
	CallbackWorkChange Callback = "work_change" // ReadWork
	CallbackMarket     Callback = "market"      // ReadMarket
	CallbackStrategy   Callback = "strategy"    // Meta.Version is what it showed; ReadStrategy
	CallbackFact       Callback = "fact"        // Meta.ID says which; ReadFact
	CallbackFactApply  Callback = "fact_apply"  // Meta.ID is the request's
	CallbackApply      Callback = "apply"       // Meta.ID is the request's; ReadNote
	CallbackOnce       Callback = "once"        // Meta.Rise and Meta.Marks give what was shown
)

// Callbacks lists every window that is sent in, for the test that each is handled.
var Callbacks = []Callback{
	CallbackEdit, CallbackReject, CallbackTime, CallbackNow, CallbackSendRest, CallbackApprove, CallbackPosted, CallbackLive, CallbackResend, CallbackDrop,
	CallbackRetract, CallbackMissed, CallbackLevel, CallbackLimit, CallbackTurnOn, CallbackLoosen, CallbackSign, CallbackResume, CallbackResumeTask,
	CallbackPause, CallbackStop, CallbackOnce, CallbackPutBack, CallbackAway,
	CallbackWorkAdd, CallbackWorkChange, CallbackMarket, CallbackBenchmarks, CallbackFirst, CallbackDraft,
	CallbackStrategy, CallbackApply, CallbackFact, CallbackFactApply,
}

// Block ids of a window's fields; errors are shown at them. The fields of EditWindow are named as desk names them: "A.subject", "A.body",
// "A.call_to_action", "A.alt_text"; the further parts of a long text are "A.body.2", "A.body.3", ….
const (
	FieldReason = "reason"
	FieldNote   = "note"
	FieldMarks  = "marks" // the boxes of RejectWindow
	FieldDate   = "date"
	FieldTime   = "time"
	FieldLink   = "link"
	FieldPieces = "pieces" // in LevelWindow: without a yes, at most so many a week
	FieldMoney  = "money"  // in LevelWindow
	FieldLooked = "looked" // "I looked myself; it is not there"
	FieldRead   = "read"   // "I have read what may now happen without asking"

	FieldName        = "name" // the fields of WorkWindow and WorkChangeWindow
	FieldHours       = "hours"
	FieldTimes       = "times"
	FieldSensitivity = "sensitivity"
	FieldNature      = "nature"
	FieldWork        = "work"
	FieldBy          = "by"
	FieldOff         = "off"
	FieldMarket      = "market" // of MarketWindow
	FieldTasks       = "tasks"  // of FirstWindow
	FieldTask        = "task"   // of DraftWindow

	FieldFact   = "fact" // the fields of FactWindow, with FieldUntil and FieldOff
	FieldFrom   = "from"
	FieldThemes = "themes"

	FieldUntil    = "until" // the fields of AwayWindow
	FieldDelegate = "delegate"
	FieldLevel    = "level"
	FieldBudget   = "budget"
)
