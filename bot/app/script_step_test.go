package app

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing/synctest"
	"time"

	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/channel/sandbox"
)

// script is one conversation under way.
type script struct {
	*stage
	config Config
	judge  engine.Judge // of drafts' voice, where the script has one
	down   bool         // koira does not run
	// slackIsDown keeps koira from being crashed: without Slack it does not start.
	slackIsDown bool
	used        *uses
	actor       string                               // who acted last: for "fill" and "submit"
	filled      map[string]map[string]map[string]any // by user, what they typed into their window
	finding     []string                             // what the next expectation is to quote one of
	spoke       map[string]bool                      // the rules that blocked or warned of something so far
}

// line is one step of a script.
type line struct {
	line int
	text string
}

func init() {
	steps = []step{
		{form(`(twice|redeliver|at once|unseen): (.*)`), (*script).special},
		{form(`wait until (\S+) before (\S+) is planned`), (*script).waitUntil},
		{form(`wait (\S+)`), (*script).pass},
		{form(`the model (doubts|cannot be asked|has no doubt)`), (*script).minded},
		{form(`fill (\S+) = ?(.*)`), func(s *script, m []string) error { return s.fill(s.actor, m[1], m[2]) }},
		{form(`submit`), func(s *script, _ []string) error { return s.submit(s.actor) }},
		{form(`USER submits`), func(s *script, m []string) error { return s.submit(m[1]) }},
		{form(`USER fills (\S+) = ?(.*)`), func(s *script, m []string) error { return s.fill(m[1], m[2], m[3]) }},
		{form(`USER opens home`), func(s *script, m []string) error { s.actor = m[1]; return s.space.OpenHome(s.ctx, id(m[1])) }},
		{form(`USER closes the window`), (*script).shut},
		{form(`USER changes the rule (\S+)`), func(s *script, m []string) error {
			return s.inWindow(m[1], func(c control) bool { return c.value == m[2] })
		}},
		{form(`USER taps (.+?) twice in the window`), func(s *script, m []string) error {
			is := func(c control) bool { return c.label == m[2] }
			if err := s.inWindow(m[1], is); err != nil {
				return err
			}
			s.inWindow(m[1], is) // where the window has changed already, the second tap meets nothing
			return nil
		}},
		{form(`USER clicks (.+?) in the window`), func(s *script, m []string) error {
			return s.inWindow(m[1], func(c control) bool { return c.label == m[2] })
		}},
		{form(`USER clicks (the first )?(.+?)(?: in (drafts|exceptions|reports|home|the answer))?(?: on "(.*)")?`), (*script).click},
		{form(`USER: (/.*)`), (*script).command},
		{form(`channel: (\S+) (\S+)`), (*script).fault},
		{form(`people: (\S+) (\d+)`), (*script).people},
		{form(`mood: (\S+) clicks (\S+) leaves (\S+)`), (*script).mood},
		{form(`voice: (.*)`), (*script).voice},
		{form(`facts until (\S+)`), (*script).factsUntil},
		{form(`goal: (\S+)`), (*script).goal},
		{form(`fact: (\d+) (.*)`), (*script).fact},
		{form(`approved: (\S+)`), (*script).approveAll},
		{form(`(rejected|stopped): (\S+) (\d+)`), (*script).refuse},
		{form(`allowed: (\S+) (L\d)(?: within (\S+) a week)?`), (*script).allow},
		{form(`earned: (\S+) (\d+)`), (*script).earn},
		{form(`by hand: (\S+)`), func(s *script, m []string) error {
			return s.world.PostedByHand(m[1], "A note from the founder", time.Now())
		}},
		{form(`(learned|proposed): (\S+) (\S+) (\S*) -> (\S+)`), (*script).learn},
		{form(`doubted: (\S+)`), (*script).doubt},
		{form(`forge: (\S+) in (drafts|exceptions|reports)`), (*script).forge},
		{form(`slack: (healthy|(\S+) (\S+) (\d+)(?: with (\w+))?)`), (*script).slackFault},
		{form(`(drafts|exceptions|reports) is (open|gone|archived|read-only|private|left)`), (*script).roomIs},
		{form(`cut the sockets`), func(s *script, _ []string) error { s.space.CutSockets(); return nil }},
		{form(`koira (stops|starts)(?: without (\S+))?`), (*script).turn},
		{form(`lose the side file`), func(s *script, _ []string) error { return os.Remove(headFile(s.core.watch.path)) }},
		{form(`remove the newest card in (drafts|exceptions|reports)`), (*script).remove},
		{form(`(\S+ )?(pieces|live): (.*)`), (*script).count},
		{form(`reviews of (\S+): (.*)`), (*script).reviewed},
		{form(`log has( no)? (\S+)`), (*script).logged},
		{form(`USER's window: (closed|error|no error)(?: "(.*)")?`), (*script).windowIs},
		{form(`(bot:|some draft:|some exception:|some report:|some thread:|drafts:|exceptions:|reports:|thread:|thread in drafts:|USER sees|USER's window:|USER's home:) (no )?(\w+) "(.*)"`), (*script).expect},
		{guardrailLine, (*script).guardrail},
		{form(`standing: (\S+) (\S+) (fine|near|beyond)`), (*script).standing},
		{form(`threads hold (\d+) files?`), (*script).files},
		{form(`USER is told (once|never) "(.*)"`), (*script).mailed},
		{form(`rings in (drafts|exceptions|reports): (\d+)`), (*script).rings},
	}
}

func form(s string) *regexp.Regexp {
	names := make([]string, len(cast))
	for i, p := range cast {
		names[i] = p.Name
	}
	return regexp.MustCompile("^" + strings.ReplaceAll(s, "USER", "("+strings.Join(names, "|")+")") + "$")
}

func id(name string) string {
	return cast[slices.IndexFunc(cast, func(p workspace.Person) bool { return p.Name == name })].ID
}

// do does one step and waits until nothing is left to do.
func (s *script) do(text string) error {
	if err := s.begin(text); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(text, "at once:") || s.down:
	case strings.HasPrefix(text, "unseen:"):
		synctest.Wait()
	default:
		s.settle()
	}
	return nil
}

// begin does one step.
func (s *script) begin(text string) error {
	for _, st := range steps {
		if m := st.form.FindStringSubmatch(text); m != nil {
			return st.do(s, m)
		}
	}
	return fmt.Errorf("no step looks like this")
}

// special does a step so that its envelope goes out twice, or is delivered again because its acknowledgement was lost; so that the next one is
// begun at the same moment ("at once"), or after it was done but before any time passed in which slowed cards could show it ("unseen").
func (s *script) special(m []string) error {
	switch m[1] {
	case "twice":
		s.space.SetFaults(workspace.Faults{DeliverTwice: true})
		defer s.space.SetFaults(workspace.Faults{})
		if err := s.begin(m[2]); err != nil {
			return err
		}
		s.settle()
	case "redeliver":
		s.space.SetFaults(workspace.Faults{NewEnvelopeOnRetry: true})
		s.deaf.set(true)
		if err := s.begin(m[2]); err != nil {
			return err
		}
		s.wait(2 * time.Second)
		s.deaf.set(false)
		s.wait(2 * time.Minute)
		s.settle()
		s.space.SetFaults(workspace.Faults{})
	default:
		return s.begin(m[2])
	}
	return nil
}

// pass lets time go by, tick by tick.
func (s *script) pass(m []string) error {
	d, err := time.ParseDuration(m[1])
	if err != nil {
		return err
	}
	for end := time.Now().Add(d); time.Now().Before(end); {
		pause := 5 * time.Minute
		if d > 24*time.Hour {
			pause = time.Hour
		}
		s.wait(min(pause, time.Until(end)))
		s.settle()
	}
	return nil
}

// waitUntil lets time go by up to so long before the next planned time of a task's cleared pieces.
func (s *script) waitUntil(m []string) error {
	d, err := time.ParseDuration(m[1])
	if err != nil {
		return err
	}
	next, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{Task: m[2], States: []engine.State{engine.StateScheduled}, SlotFrom: time.Now(), SlotTo: time.Now().AddDate(1, 0, 0), Limit: 1})
	if err != nil || len(next) == 0 {
		return fmt.Errorf("nothing of %s is cleared: %w", m[2], err)
	}
	return s.pass([]string{"", time.Until(next[0].Slot.Add(-d)).String()})
}

func (s *script) command(m []string) error {
	s.actor = m[1]
	s.used.command(m[2])
	return s.space.Command(s.ctx, id(m[1]), s.room("drafts"), m[2])
}

func (s *script) room(name string) string { return s.space.Channels()[slices.Index(rooms, name)].ID }

// fault makes the next call of one kind at the channels fail in one way; "healthy" ends all faults.
func (s *script) fault(m []string) error {
	if m[2] == "healthy" {
		s.world.Fault(nil)
		return nil
	}
	faults := map[string]sandbox.FaultKind{}
	for _, op := range strings.Split(m[1], "+") {
		faults[op] = sandbox.FaultKind(m[2])
	}
	s.world.Fault(func(op, _ string) sandbox.Fault { return sandbox.Fault{Kind: faults[op]} })
	return nil
}

// people lets so many stand before a channel.
func (s *script) people(m []string) error {
	n, err := strconv.Atoi(m[2])
	s.world.Grow(m[1], n)
	return err
}

// slackFault spoils the next calls of one Web API method, or of all ("*"): refused for now, failed, or done with the answer lost. "slows" makes
// each take so many seconds.
func (s *script) slackFault(m []string) error {
	s.slackIsDown = m[1] != "healthy"
	if m[1] == "healthy" {
		s.space.SetFaults(workspace.Faults{})
		return nil
	}
	n, err := strconv.Atoi(m[4])
	if err != nil {
		return err
	}
	calls := map[string]int{}
	for _, call := range strings.Split(m[3], "+") {
		calls[call] = n
	}
	switch m[2] {
	case "rate-limits":
		s.space.SetFaults(workspace.Faults{RateLimit: calls, RetryAfter: 30 * time.Second})
	case "refuses":
		s.space.SetFaults(workspace.Faults{Refuse: calls, RefuseWith: m[5]})
	case "fails":
		s.space.SetFaults(workspace.Faults{ServerError: calls})
	case "slows":
		s.space.SetFaults(workspace.Faults{Slow: map[string]time.Duration{m[3]: time.Duration(n) * time.Second}})
	case "loses-the-reply":
		s.space.SetFaults(workspace.Faults{DropReply: calls})
	default:
		return fmt.Errorf("no such fault")
	}
	return nil
}

// roomIs changes how a channel stands to koira.
func (s *script) roomIs(m []string) error {
	states := map[string]workspace.RoomState{
		"gone": {Gone: true}, "archived": {Archived: true}, "read-only": {ReadOnly: true}, "private": {Private: true, NotMember: true}, "left": {NotMember: true},
	}
	s.space.SetRoom(s.room(m[1]), states[m[2]])
	return nil
}

// turn stops or starts the program, with all channels or without one.
func (s *script) turn(m []string) error {
	if m[1] == "stops" {
		s.halt()
		s.down = true
		return nil
	}
	s.lacks = m[2]
	s.start()
	s.down = false
	return nil
}

// allow gives a task a level and the grant that goes with it, as an owner did long ago.
func (s *script) allow(m []string) error {
	t, err := s.core.DB.Task(s.ctx, m[1])
	if err != nil {
		return err
	}
	to, err := engine.ParseLevel(m[2])
	if err != nil {
		return err
	}
	if to >= engine.L4 { // nothing goes out unasked where nothing was measured
		if err := s.wentOut(m[1], engine.BaselinePieces, engine.OriginHand, 9*time.Hour, engine.Engagements); err != nil {
			return err
		}
		if err := s.wall(t); err != nil {
			return err
		}
	}
	by := engine.Actor{ID: id("mari"), Role: engine.RoleOwner, Surface: engine.SurfaceFile}
	g := engine.Grant{ID: "grant-" + m[1] + time.Now().String(), Task: m[1], Level: to, By: by.ID, Role: by.Role, At: time.Now(), From: by.Surface, Proof: "long ago"}
	if m[3] != "" {
		if g.Terms.Money, err = engine.ParseMoney(m[3]); err != nil {
			return err
		}
	}
	if err := s.core.DB.ChangeTask(s.ctx, engine.TaskChange{Task: m[1], From: t.Level, To: to, By: by, At: time.Now(), Why: "long ago", Grant: &g}); err != nil {
		return err
	}
	return s.pass([]string{"", "65m"})
}

// wall gives a task the minimum and the benchmark without which it may not stand at L4, where it has none: so low that nothing falls below.
func (s *script) wall(t engine.Task) error {
	file := engine.Actor{ID: id("mari"), Role: engine.RoleOwner, Surface: engine.SurfaceFile}
	g, err := s.core.DB.Guardrails(s.ctx)
	if err != nil {
		return err
	}
	if len(g.Thresholds[t.ID]) == 0 {
		g.Thresholds = maps.Clone(g.Thresholds)
		if g.Thresholds == nil {
			g.Thresholds = map[string][]engine.Threshold{}
		}
		g.Thresholds[t.ID] = []engine.Threshold{{Metric: engine.Clicks, Floor: .01}}
		if err := s.core.DB.SetGuardrails(s.ctx, g.Version, g, file, time.Now(), "long ago"); err != nil {
			return err
		}
	}
	if len(t.Benchmarks) > 0 {
		return nil
	}
	t.Benchmarks = []engine.Benchmark{{Metric: engine.Clicks, Good: 1}}
	return s.core.DB.PutTask(s.ctx, t, file, time.Now(), "long ago")
}

// learn lets koira have changed a choice of a task's, or propose to.
func (s *script) learn(m []string) error {
	d := engine.Decision{
		ID: "decision-" + m[3], Task: m[2], At: time.Now(), What: m[3], From: m[4], To: m[5], Signal: "14 visits over 6, against 9 over 8",
		Expected: "4 more visits a piece", Chance: .6, Reversible: true, Proposed: m[1] == "proposed",
	}
	p := engine.Pick{Task: m[2], Dim: engine.Dimension(m[3]), Arm: m[5], At: time.Now()}
	if d.Proposed {
		p.Arm = m[4]
	}
	return s.core.DB.Learn(s.ctx, m[2], nil, []engine.Pick{p}, []engine.Decision{d})
}

// standing lets a task be measured as it would stand against one of its thresholds.
func (s *script) standing(m []string) error {
	is := engine.Standing{Task: m[1], Metric: engine.Metric(m[2]), Verdict: m[3], Pieces: 9, At: time.Now()}
	switch is.Verdict { // of a minimum of 5
	case engine.StandingBeyond:
		is.Value, is.Low, is.High = 2, 1.5, 2.6
	case engine.StandingNear:
		is.Value, is.Low, is.High = 4, 2, 7
	case engine.StandingFine:
		is.Value, is.Low, is.High = 9, 6, 12
	}
	return s.core.DB.SetStandings(s.ctx, m[1], []engine.Standing{is})
}

// doubt lets koira have learned, until its next daily look, that people seldom take a task's pieces as they are.
func (s *script) doubt(m []string) error {
	return s.core.DB.SetSetting(s.ctx, "confidence", fmt.Sprintf(`{"at":%q,"model":{"base":-1,"tasks":{%q:0}}}`, time.Now().Format(time.RFC3339), m[1]))
}

// count counts pieces by state as the store has them, or live copies at the simulated channels.
func (s *script) count(m []string) error {
	if m[2] == "live" {
		n := 0
		for _, c := range s.world.Copies() {
			if c.Gone.IsZero() && !c.Landed.After(time.Now()) {
				n++
			}
		}
		if got := fmt.Sprint(n); got != m[3] {
			return fmt.Errorf("%s copies are live", got)
		}
		return nil
	}
	n, err := s.core.DB.CountOutputs(s.ctx, engine.OutputFilter{})
	if err != nil {
		return err
	}
	if got := fmt.Sprint(n[engine.State(strings.TrimSpace(m[1]))]); got != m[3] {
		open, _ := s.core.DB.OpenExceptions(s.ctx)
		var why []string
		for _, e := range open {
			why = append(why, e.Reason+" "+e.Evidence)
		}
		return fmt.Errorf("%s pieces are; all: %v; open: %s", got, n, strings.Join(why, " | "))
	}
	return nil
}

// reviewed holds a task's reviews, oldest first, against their verdicts, how long people looked, and whether they saw all of it.
func (s *script) reviewed(m []string) error {
	reviews, err := s.core.DB.Reviews(s.ctx, m[1], time.Time{})
	if err != nil {
		return err
	}
	var all []string
	for _, r := range reviews {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s after %s %s", r.Verdict, r.Looked.Round(time.Minute), map[bool]string{true: "whole"}[r.Whole])))
	}
	if got := strings.Join(all, ", "); got != m[2] {
		return fmt.Errorf("reviews are: %s", got)
	}
	return nil
}

// logged looks for an action in the audit log, and verifies the log's chain.
func (s *script) logged(m []string) error {
	if _, err := s.core.DB.VerifyEvents(s.ctx); err != nil {
		return err
	}
	events, err := s.core.DB.Events(s.ctx, 0, 10_000)
	if err != nil {
		return err
	}
	if got := slices.ContainsFunc(events, func(e engine.Event) bool { return e.Action == m[2] }); got == (m[1] != "") {
		return fmt.Errorf("the log has %q: %v", m[2], got)
	}
	return nil
}
