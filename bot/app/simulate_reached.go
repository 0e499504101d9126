package app

import (
	"slices"

	"koira/engine"
	"koira/engine/channel/sandbox"
)

// acts are what a batch of histories must have seen besides moves, crashes and faults.
var acts = []string{
	"approve", "approve twice → conflict", "approve an old version → conflict", "approve with nobody listed → denied", "stranger approves → denied",
	"publish now", "edit", "reslot", "drop", "take back", "reject waiting", "reject held", "reject handed", "published by hand", "posted", "ask", "copy",
	"it is there", "send again", "send again → blocked", "drop unsure", "stop", "resume", "stranger resumes → denied", "approver resumes → denied",
	"koira resumes → denied", "pause task", "resume task", "raise to L3", "raise to L4", "raise to L5", "raise to L5 → blocked",
	"raise two levels → invalid", "approver raises → denied", "lower", "budget", "channel off", "channel on", "topic blocked", "topic unblocked",
	"allow once", "approver allows once → denied", "unasked", "unasked at L4", "looks good", "looks good → conflict", "put back", "card comes late",
	"raise to L2", "copy into a calendar", "repeat", "absence", "fault write", "channel paused", "channel goes on",
	"fault judge", "nonsense of the judge", "the judge says what it was not asked", "the judge doubts",
	"stranger lets a channel go on → denied",
	"a paused channel is noted → invalid", "recounted", "send again too soon → blocked", "stopped after crashes", "storm deny", "storm server-error", "storm lose-reply",
}

// Unreached lists what a batch of histories never came to, by the sum of their Reached. What was never reached, the batch says nothing about.
// The moves of a retraction stand in takenDown.
func Unreached(reached map[string]int) []string {
	want := slices.Clone(acts)
	for _, from := range engine.States {
		for _, to := range engine.Next(from) {
			move := string(from) + " → " + string(to)
			parts := to == engine.StatePublished && (from == engine.StateScheduled || from == engine.StateHeld) // histories of letters come to these
			if from != engine.StateRetracting && to != engine.StateRetracting && !parts {
				want = append(want, move)
			}
		}
	}
	for _, p := range crashPoints {
		want = append(want, "crash "+p)
	}
	for _, op := range []string{"prepare", "publish", "probe", "read", "count"} {
		for _, k := range faultKinds {
			want = append(want, "fault "+op+" "+string(k.kind))
		}
	}
	want = append(want, "fault prepare "+string(sandbox.Reject), "fault publish "+string(sandbox.Reject))
	for _, k := range []engine.NoticeKind{
		engine.NoticeOutput, engine.NoticeResult, engine.NoticeException, engine.NoticeStorm, engine.NoticeReminder, engine.NoticeLevel, engine.NoticeControl,
		engine.NoticeBudget, engine.NoticeWeekly, engine.NoticeMonthly, engine.NoticeDaily,
	} {
		want = append(want, "notice "+string(k))
	}
	want = append(want, takenDown...)
	want = append(want, wentAway...)
	want = append(want, rulings...)
	want = append(want, owned...)
	want = append(want, offerActs...)
	want = append(want, earned...)
	want = append(want, falls...)
	want = append(want, unsettled...)
	want = append(want, spoken...)
	want = append(want, movedTasks...)
	return slices.DeleteFunc(want, func(w string) bool { return reached[w] > 0 })
}
