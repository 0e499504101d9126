package report

import (
	"errors"
	"testing"
	"time"

	"koira/engine"
)

// views is every view, so that what holds for all is asked of all.
var views = map[string]func(*testing.T, *Reader) error{
	"status":       func(t *testing.T, r *Reader) error { _, err := r.Status(t.Context()); return err },
	"stopped":      func(t *testing.T, r *Reader) error { _, err := r.Stopped(t.Context()); return err },
	"queue":        func(t *testing.T, r *Reader) error { _, err := r.Queue(t.Context(), 0, 0); return err },
	"exceptions":   func(t *testing.T, r *Reader) error { _, err := r.Exceptions(t.Context(), 0, 0); return err },
	"output log":   func(t *testing.T, r *Reader) error { _, err := r.OutputLog(t.Context(), "", 0, 0); return err },
	"decision log": func(t *testing.T, r *Reader) error { _, err := r.Decisions(t.Context(), "", 0, 0); return err },
	"budget":       func(t *testing.T, r *Reader) error { _, err := r.Budget(t.Context(), ""); return err },
	"weekly":       func(t *testing.T, r *Reader) error { _, err := r.Weekly(t.Context(), ""); return err },
	"daily":        func(t *testing.T, r *Reader) error { _, err := r.Daily(t.Context(), ""); return err },
	"home":         func(t *testing.T, r *Reader) error { _, err := r.Home(t.Context()); return err },
	"autonomy":     func(t *testing.T, r *Reader) error { _, err := r.Autonomy(t.Context()); return err },
	"rule history": func(t *testing.T, r *Reader) error { _, err := r.RuleHistory(t.Context(), 0, 0); return err },
	"strategy":     func(t *testing.T, r *Reader) error { _, err := r.Strategy(t.Context()); return err },
	"strategies":   func(t *testing.T, r *Reader) error { _, err := r.StrategyHistory(t.Context(), 0, 0); return err },
	"guardrails":   func(t *testing.T, r *Reader) error { _, err := r.Guardrails(t.Context()); return err },
}

// named is every view of one thing.
var named = map[string]func(*testing.T, *Reader, string) error{
	"piece":     func(t *testing.T, r *Reader, id string) error { _, err := r.Piece(t.Context(), id); return err },
	"why not":   func(t *testing.T, r *Reader, id string) error { _, err := r.WhyNot(t.Context(), id); return err },
	"task":      func(t *testing.T, r *Reader, id string) error { _, err := r.Task(t.Context(), id); return err },
	"exception": func(t *testing.T, r *Reader, id string) error { _, err := r.Exception(t.Context(), id); return err },
	"request":   func(t *testing.T, r *Reader, id string) error { _, err := r.Request(t.Context(), id); return err },
	"decision":  func(t *testing.T, r *Reader, id string) error { _, err := r.Decision(t.Context(), id); return err },
}

func TestFirstDay(t *testing.T) {
	for name, read := range views {
		t.Run(name, func(t *testing.T) {
			if err := read(t, New(&fake{}, Options{Clock: clock(today)})); err != nil {
				t.Error(err)
			}
			if err := read(t, reader(bakery(), today)); err != nil {
				t.Error(err)
			}
		})
	}
	home := view(reader(bakery(), today).Home(t.Context()))(t)
	same(t, "who needs you", "Nothing needs you", home.NeedYou.Words())
	same(t, "result", VerdictTooLittle, home.Result.Verdict)
	same(t, "free", 120*engine.Unit, home.Budget.Free)
	same(t, "record", "no reviews yet", home.Tasks[0].Record.Words)
	if home.Next != nil || home.Result.Known || len(home.Drivers) != 0 {
		t.Errorf("an empty store shows something: %+v", home)
	}
}

func TestStoreFails(t *testing.T) {
	f := bakery()
	f.fail = errors.New("disk")
	for name, read := range views {
		if err := read(t, reader(f, today)); !errors.Is(err, f.fail) {
			t.Errorf("%s: error %v hides its cause", name, err)
		}
	}
}

func TestNoSuchThing(t *testing.T) {
	for name, read := range named {
		if err := read(t, reader(bakery(), today), "nothing"); engine.CodeOf(err) != engine.CodeNotFound {
			t.Errorf("%s: error %v, want code not_found", name, err)
		}
	}
}

func TestEverythingHasWords(t *testing.T) {
	for _, st := range engine.States {
		if stateWords[st] == "" {
			t.Errorf("state %s has no words", st)
		}
		s := silence(engine.Output{State: st, Slot: today, Expires: today}, scene{}, false)
		if s.Text == "" || s.Does == "" {
			t.Errorf("state %s does not say what silence does: %+v", st, s)
		}
	}
	for _, st := range []engine.SendState{engine.SendPending, engine.SendPublishing, engine.SendUnconfirmed, engine.SendPublished, engine.SendRetracting, engine.SendRetracted, engine.SendFailed} {
		if sendWords[st] == "" {
			t.Errorf("send state %s has no words", st)
		}
	}
	for _, d := range engine.Dimensions {
		if whatWords[string(d)] == "" {
			t.Errorf("dimension %s has no words", d)
		}
	}
}

func TestNeedYouWords(t *testing.T) {
	for want, n := range map[string]NeedYou{
		"Nothing needs you":                                            {},
		"1 thing needs you: 1 problem":                                 {Problems: 1},
		"1 thing needs you: 1 draft":                                   {Drafts: 1},
		"4 things need you: 1 problem, 3 drafts":                       {Problems: 1, Drafts: 3},
		"5 things need you: 2 problems, 1 draft, 2 to publish by hand": {Problems: 2, Drafts: 1, Hand: 2},
	} {
		same(t, "words", want, n.Words())
	}
}

func TestStatus(t *testing.T) {
	f := bakery()
	paused := f.tasks[1]
	paused.Paused = &engine.Pause{Why: "the last 3 brought 2 visits each."}
	f.tasks[1] = paused
	f.outputs = []engine.Output{
		in(engine.StateScheduled, post("too late", "2025-11-24 07:00")),
		in(engine.StateWaiting, post("draft", "2025-11-24 11:00")),
		in(engine.StateScheduled, post("next", "2025-11-24 13:10")),
	}
	v := view(reader(f, today).Status(t.Context()))(t)
	same(t, "next", "next", v.Next.Output)
	same(t, "next in words", "goes out by itself", v.Next.Words)
	same(t, "running", true, v.Running())
	same(t, "notes", []string{
		"Simulated: Bluesky. Nothing real happens there, and the readings are made up.",
		"Newsletter is paused: the last 3 brought 2 visits each.",
	}, v.Notes)

	f.outputs = f.outputs[:2]
	v = view(reader(f, today).Status(t.Context()))(t)
	same(t, "next where nothing is cleared", "draft", v.Next.Output)
}

func TestStopped(t *testing.T) {
	f := bakery()
	f.control = engine.Control{Stopped: true, StoppedBy: "tomi", StoppedAt: today}
	f.outputs = []engine.Output{
		in(engine.StateScheduled, post("late", "2025-11-24 07:00")), in(engine.StateScheduled, post("waits", "2025-11-24 16:10")),
		in(engine.StatePublishing, post("wire", "2025-11-24 09:40")), in(engine.StateUnconfirmed, post("unsure", "2025-11-23 09:00")),
		post("yesterday", "2025-11-23 23:59"), post("today", "2025-11-24 00:00"),
	}
	v := view(reader(f, today).Stopped(t.Context()))(t)
	same(t, "waits", []string{"waits"}, ids(v.Waits))
	same(t, "too late", []string{"late"}, ids(v.TooLate))
	same(t, "under way", []string{"unsure", "wire"}, ids(v.UnderWay))
	same(t, "out today", []string{"today"}, ids(v.OutToday))
	same(t, "may resume", []string{"mari"}, v.MayResume)
}

func TestDaily(t *testing.T) {
	f := bakery()
	f.outputs = []engine.Output{
		post("y1", "2025-10-26 00:00"), post("y2", "2025-10-26 23:59"), in(engine.StateFailed, post("y3", "2025-10-26 12:00")), post("before", "2025-10-25 23:59"),
		post("done", "2025-10-27 07:00"), in(engine.StateScheduled, post("missed", "2025-10-27 08:00")), in(engine.StateScheduled, post("t1", "2025-10-27 09:10")), in(engine.StateWaiting, post("t2", "2025-10-27 23:59")),
		in(engine.StateScheduled, post("tomorrow", "2025-10-28 00:00")),
	}
	f.approvals = []engine.Approval{{Output: "t1", Digest: "digest of t1", By: "mari"}}
	f.head = engine.Head{Seq: 12, Hash: "3f9a"}
	v := view(reader(f, at("2025-10-27 08:30")).Daily(t.Context(), "2025-10-27"))(t) // yesterday had 25 hours
	same(t, "today", []string{"t1", "t2"}, ids(v.Today))
	same(t, "in words", []string{"approved", "waits for your yes"}, []string{v.Today[0].Words, v.Today[1].Words})
	same(t, "yesterday", DayCounts{Out: 2, Failed: 1}, v.Yesterday)
	same(t, "the log's head", f.head, v.Log)
	if _, err := reader(f, today).Daily(t.Context(), "Monday"); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("error %v", err)
	}
}

func TestSilence(t *testing.T) {
	clockTime := func(t time.Time) string { return t.In(helsinki).Format("15:04") }
	paused := bakery().tasks[0]
	paused.Paused = &engine.Pause{}
	for name, c := range map[string]struct {
		state    engine.State
		s        scene
		approved bool
		does     Does
		want     string
	}{
		"a draft":                   {engine.StateWaiting, scene{}, false, DoesEnd, "If you do nothing, it does not go out; it ends 11:10."},
		"ready to publish by hand":  {engine.StateHanded, scene{}, false, DoesEnd, "If you do nothing, it stays here until 11:10, then I put it aside."},
		"cleared by a level":        {engine.StateScheduled, scene{}, false, DoesGoOut, "If you do nothing, it goes out 09:10."},
		"approved":                  {engine.StateScheduled, scene{}, true, DoesNothing, "It goes out 09:10. Nothing is needed."},
		"approved, all stopped":     {engine.StateScheduled, scene{control: engine.Control{Stopped: true}}, true, DoesEnd, "If you do nothing, it does not go out, because everything is stopped; it ends 11:10."},
		"approved, the task paused": {engine.StateScheduled, scene{tasks: []engine.Task{paused}}, true, DoesEnd, "If you do nothing, it does not go out, because its task is paused; it ends 11:10."},
		"not sure":                  {engine.StateUnconfirmed, scene{}, false, DoesStay, "If you do nothing, I leave it. I never send it again by myself."},
		"live":                      {engine.StatePublished, scene{}, false, DoesNothing, "Nothing is needed."},
	} {
		t.Run(name, func(t *testing.T) {
			o := engine.Output{Task: "daily-social", State: c.state, Slot: at("2025-11-25 09:10"), Expires: at("2025-11-25 11:10")}
			v := silence(o, c.s, c.approved)
			same(t, "does", c.does, v.Does)
			same(t, "words", c.want, v.Words(clockTime))
		})
	}
	endless := silence(engine.Output{State: engine.StateWaiting}, scene{}, false)
	same(t, "without a time", "If you do nothing, it does not go out.", endless.Words(clockTime))
}
