package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// StopWindow asks once before everything stops; the command asks nothing.
func StopWindow(v report.Stopped) slack.ModalViewRequest {
	return window("Stop everything?", "Stop everything", CallbackStop, Meta{ID: "everything"},
		section(words("Nothing more goes out until an owner resumes.", holdsBack(v))),
		field(FieldNote, "Why?", "", noteMax, true, true),
	)
}

// ResumeWindow shows what goes out after a resume and what is too late for it.
func ResumeWindow(v report.Stopped, at Place) slack.ModalViewRequest {
	bs := append(waitLists(v), section("If you close this, all stays stopped."))
	return window("Resume?", "Resume", CallbackResume, Meta{ID: "everything", Channel: at.Channel, TS: at.TS}, bs...)
}

// PauseWindow asks before the task of a piece stands still.
func PauseWindow(v report.PieceView, at Place) slack.ModalViewRequest { return pauseWindow(v.Task, at) }

// PauseTaskWindow asks before a task stands still.
func PauseTaskWindow(v report.TaskView, at Place) slack.ModalViewRequest {
	if v.Task.Paused != nil && !v.Task.Paused.ByDrill() {
		return SayWindow("Pause", v.Task.Name+" is paused already. Nothing left to do.")
	}
	return pauseWindow(v.Task, at)
}

func pauseWindow(t engine.Task, at Place) slack.ModalViewRequest {
	return window("Pause the task?", "Pause", CallbackPause, Meta{ID: t.ID, Channel: at.Channel, TS: at.TS},
		section(lines("*"+says(t.Name, nameMax)+"*", "Nothing of it goes out until an owner resumes it; pieces wait, and end when their time is over.")),
		field(FieldNote, "Why?", "", noteMax, true, true),
		note("If you close this, nothing changes."),
	)
}

// ResumeTaskWindow asks before a paused task runs again. What koira paused for cause resumes one level lower.
func ResumeTaskWindow(v report.TaskView, at Place) slack.ModalViewRequest {
	t := v.Task
	m := Meta{ID: t.ID, Channel: at.Channel, TS: at.TS}
	if t.Paused == nil {
		return SayWindow("Resume", t.Name+" is not paused. Nothing left to do.")
	}
	why := md("It resumes at its level, ")
	switch {
	case v.Resumes < t.Level:
		why = "I paused it for cause, so it resumes one level lower, "
	case v.Was > v.Resumes:
		why = md("It went down from " + v.Was.String() + " while it was paused, so it resumes where it stands, ")
	}
	return window("Resume?", "Resume", CallbackResumeTask, m,
		section(lines(
			"*"+says(t.Name, nameMax)+"*",
			"Paused by "+mention(t.Paused.By)+" "+when(t.Paused.At, v.Frame)+": "+says(t.Paused.Why, textMax)+".",
			why+level(v.Resumes)+".",
		)),
		section(taskResults(v)),
		note("If you close this, it stays paused."),
	)
}
