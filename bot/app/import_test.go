package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"koira/engine"
)

// office is a machine with a store made from the example, as the first run leaves it.
type office struct {
	t    *testing.T
	path string
	m    Machine
}

func newOffice(t *testing.T) office {
	t.Helper()
	at := standing{time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)}
	return office{t, filepath.Join(t.TempDir(), "koira.db"), Machine{
		Clock: at, Wall: at, Seed: 1, Log: slog.New(slog.DiscardHandler),
		Env: func(k string) (string, bool) { return "abcd", k == "KOIRA_BLOG_PASSWORD" },
	}}
}

func (o office) config(change ...string) Config {
	o.t.Helper()
	c, err := Parse("koira.toml", []byte(strings.NewReplacer(change...).Replace(example(o.t))))
	if err != nil {
		o.t.Fatal(err)
	}
	c.Storage.Path = o.path
	return c
}

// open opens the store as run does; the first time, it is made.
func (o office) open(c Config) *Core {
	o.t.Helper()
	w, err := o.m.world(c)
	if err != nil {
		o.t.Fatal(err)
	}
	w.Team = "T0KOIRA01"
	k, err := Open(o.t.Context(), c, o.path, w)
	if err != nil {
		o.t.Fatal(err)
	}
	return k
}

func (o office) imports(c Config, apply bool) []string {
	o.t.Helper()
	diff, err := Import(o.t.Context(), c, o.m, apply)
	if err != nil {
		o.t.Fatal(err)
	}
	return diff
}

func TestImportShowsThenApplies(t *testing.T) {
	o := newOffice(t)
	o.open(o.config()).Close()
	if diff := o.imports(o.config(), false); len(diff) != 0 {
		t.Errorf("the file that made the store differs from it: %q", diff)
	}
	changed := o.config(
		`weekly_budget = "40"`, `weekly_budget = "60.50"`, `until = 2026-12-23`, `until = 2026-12-22`, `"price war", `, ``,
		`"Cardamom buns cost €3.20."`, `"Cardamom buns cost €3.40."`, `floor = 15`, `floor = 10`, `cost_max = "4.00"`, `cost_max = "4.50"`,
		`normal = 85`, `normal = 88`, `often = 20`, `often = 25`,
	)
	want := []string{
		`strategy.facts.buns.text: Cardamom buns cost €3.20. → Cardamom buns cost €3.40.`,
		`strategy.offers.advent.until: 2026-12-23T22:00:00Z → 2026-12-22T22:00:00Z`,
		`guardrails.budget.weekly: €40.00 → €60.50`,
		`guardrails.thresholds.weekly-newsletter.clicks.floor: 15 → 10`,
		`guardrails.topics.blocked "price war": there → none`,
		`guardrails.trust.normal: 85 → 88`,
		`guardrails.trust.often: 20 → 25`,
		`task weekly-newsletter.costmax: €4.00 → €4.50`,
	}
	for _, step := range []struct {
		name  string
		apply bool
		want  []string
	}{{"shown", false, want}, {"shown again: nothing had changed", false, want}, {"applied", true, want}, {"applied again", true, nil}} {
		if d := cmp.Diff(step.want, o.imports(changed, step.apply)); d != "" {
			t.Errorf("%s: %s", step.name, d)
		}
	}
	k := o.open(changed)
	defer k.Close()
	if g, err := k.DB.Guardrails(t.Context()); err != nil || g.Budget.Weekly != 60*engine.Unit+50*engine.Cent {
		t.Errorf("the budget in force is %v, %v", g.Budget.Weekly, err)
	}
}

// What people clicked in Slack stays, whatever the file's first version of it was.
func TestImportKeepsLevels(t *testing.T) {
	o := newOffice(t)
	k := o.open(o.config())
	mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Role: engine.RoleOwner, Surface: engine.SurfaceSlack}
	if _, err := k.Desk.SetLevel(t.Context(), mari, "daily-social", engine.L3, engine.L1); err != nil {
		t.Fatal(err)
	}
	k.Close()
	if diff := o.imports(o.config(), true); len(diff) != 0 {
		t.Errorf("a level counts as a difference: %q", diff)
	}
	o.imports(o.config(`per_week = [4, 6]`, `per_week = [3, 6]`), true)
	k = o.open(o.config())
	defer k.Close()
	if task, err := k.DB.Task(t.Context(), "daily-social"); err != nil || task.Level != engine.L1 || task.Cadence.Min != 3 {
		t.Errorf("after the import: %s, at least %d a week, %v", task.Level, task.Cadence.Min, err)
	}
}

func TestImportRefuses(t *testing.T) {
	o := newOffice(t)
	if _, err := Import(t.Context(), o.config(), o.m, true); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("without a store: %v", err)
	}
	if _, err := os.Stat(o.path); err == nil {
		t.Error("import made a store")
	}
	k := o.open(o.config())
	defer k.Close()
	if _, err := Import(t.Context(), o.config(), o.m, false); engine.CodeOf(err) != engine.CodeConflict {
		t.Errorf("while koira runs: %v", err)
	}
}

// Every door of the example can be built: a blog is a channel and a meter.
func TestDoorsOfTheExample(t *testing.T) {
	o := newOffice(t)
	channels, meters, world, err := o.config().doors(o.m.Env, o.m.Clock, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"blog", "social", "newsletter"} {
		if channels[name] == nil || meters[name] == nil {
			t.Errorf("%s: channel %v, meter %v", name, channels[name] != nil, meters[name] != nil)
		}
	}
	if world == nil {
		t.Error("two sandboxes have no simulated audience")
	}
}

// What was queued and may not go out any more is held at once, for somebody to see.
func TestImportHoldsWhatNoLongerPasses(t *testing.T) {
	o := newOffice(t)
	k := o.open(o.config())
	tomi := engine.Actor{ID: "U0TOMI0001", Team: "T0KOIRA01", Role: engine.RoleApprover, Surface: engine.SurfaceSlack}
	piece, err := k.Desk.AddCopy(t.Context(), tomi, "daily-social", "Rye bread is out of the oven. Come and see us.")
	if err != nil || piece.State != engine.StateWaiting {
		t.Fatal(piece.State, err)
	}
	k.Close()
	off := o.config(`channels = ["social", "newsletter", "blog"]`, `channels = []`)
	o.imports(off, false)
	for _, step := range []struct {
		name  string
		apply bool
		want  engine.State
	}{{"shown", false, engine.StateWaiting}, {"applied", true, engine.StateHeld}} {
		o.imports(off, step.apply)
		k = o.open(off)
		if p, err := k.DB.Output(t.Context(), piece.ID); err != nil || p.State != step.want {
			t.Errorf("%s: the piece is %s, %v; want %s", step.name, p.State, err, step.want)
		}
		k.Close()
	}
}

// What a file costs is said before it is applied, and is what it costs then: a task that moves to a door which the same file opens is of another door,
// which costs one level, and has all its walls.
func TestImportSaysWhatFalls(t *testing.T) {
	const (
		doors   = "[[channels]]\nname = \"newsletter\""
		evening = "[[channels]]\nname = \"evening\"\nlabel = \"Practice evening\"\ntype = \"sandbox\"\nkind = \"social\"\naudience = 90\naccount = \"@ilta\"\n\n" + doors
		allowed = `channels = ["social", "newsletter", "blog"]`
		moved   = "channel = \"evening\"\nsegment = \"followers\"\nlevel = \"L3\""
		stands  = "channel = \"social\"\nsegment = \"followers\"\nlevel = \"L3\""
	)
	for name, c := range map[string]struct {
		change []string
		level  engine.Level
		want   []string
		to     engine.Level
		cause  engine.Cause
	}{
		"another door": {
			[]string{stands, moved, allowed, `channels = ["social", "newsletter", "blog", "evening"]`}, engine.L5,
			[]string{"task daily-social: falls from L5 to L4 (goes out unless stopped, some wait): its channel or readers changed"}, engine.L4, engine.CauseLapse,
		},
		"another door, which is shut": {
			[]string{stands, moved}, engine.L5, []string{
				"task daily-social: falls from L5 to L3 (each waits for your yes): " +
					"its channel or readers changed, and it lacks what lets a task go out unasked: its channel on the allow-list",
			}, engine.L3, engine.CauseLapse,
		},
		"its door is shut": {
			[]string{allowed, `channels = ["newsletter", "blog"]`}, engine.L5, []string{
				"task daily-social: falls from L5 to L3 (each waits for your yes): it lacks what lets a task go out unasked: its channel on the allow-list",
			}, engine.L3, engine.CauseWalls,
		},
		"another door, below L4": {
			[]string{stands, moved, allowed, `channels = ["social", "newsletter", "blog", "evening"]`}, engine.L3,
			[]string{"task daily-social: its record begins anew: its channel or readers changed"}, engine.L3, "",
		},
		"nothing that it stands on": {[]string{`weekly_budget = "40"`, `weekly_budget = "60"`}, engine.L5, nil, engine.L5, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			k := o.open(o.config(doors, evening))
			mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Role: engine.RoleOwner, Surface: engine.SurfaceSlack}
			if c.level > engine.L3 {
				g := engine.Grant{ID: "g1", Task: "daily-social", Level: c.level, By: mari.ID, Role: mari.Role, At: o.m.Clock.Now(), From: mari.Surface}
				change := engine.TaskChange{Task: "daily-social", From: engine.L3, To: c.level, By: mari, At: o.m.Clock.Now(), Grant: &g}
				if err := k.DB.ChangeTask(t.Context(), change); err != nil {
					t.Fatal(err)
				}
			}
			k.Close()
			file := o.config(append([]string{doors, evening}, c.change...)...)
			for _, apply := range []bool{false, true} {
				said := slices.DeleteFunc(o.imports(file, apply), func(s string) bool { return !strings.Contains(s, "falls") && !strings.Contains(s, "anew") })
				if d := cmp.Diff(c.want, said, cmpopts.EquateEmpty()); d != "" {
					t.Errorf("applied %t: %s", apply, d)
				}
			}
			if again := o.imports(file, true); len(again) > 0 {
				t.Errorf("a second import finds %q", again)
			}
			k = o.open(file)
			defer k.Close()
			fell, err := k.DB.Lowerings(t.Context(), "daily-social", time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			task, err := k.DB.Task(t.Context(), "daily-social")
			if err != nil || task.Level != c.to || (c.cause == "") != (len(fell) == 0) || len(fell) > 1 || len(fell) == 1 && fell[0].Cause != c.cause {
				t.Errorf("it stands at %s for %+v, %v; want %s", task.Level, fell, err, c.to)
			}
			if events, err := k.DB.Events(t.Context(), 0, 1000); err != nil || c.cause == "" && len(c.want) > 0 &&
				!slices.ContainsFunc(events, func(e engine.Event) bool { return e.Action == "task.renewed" && e.Subject == "daily-social" }) {
				t.Errorf("its record does not begin anew: %v", err)
			}
		})
	}
}

// An import that is refused at its end has written nothing of its beginning.
func TestImportIsWhole(t *testing.T) {
	o := newOffice(t)
	k := o.open(o.config())
	defer k.Close()
	before, _, err := k.DB.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := o.config(`"Cardamom buns cost €3.20."`, `"Cardamom buns cost €3.40."`, `per_week = [4, 6]`, `per_week = [3, 6]`)
	g := c.guardrails()
	g.Version = 99
	if err := k.DB.Import(t.Context(), c.strategy(), c.tasks(), g, file, o.m.Clock.Now(), ""); engine.CodeOf(err) != engine.CodeConflict {
		t.Errorf("over a version that is not in force: %v", err)
	}
	after, _, err := k.DB.Head(t.Context())
	if s, serr := k.DB.Strategy(t.Context()); err != nil || serr != nil || after != before || s.Version != 1 {
		t.Errorf("the log went from %d to %d, the strategy stands at version %d: %v, %v", before, after, s.Version, err, serr)
	}
}
