package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func (b *Bot) guardrails(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListRules})
}

func (b *Bot) history(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListHistory})
}

// revert shows what going back to an earlier version would change.
func (b *Bot) revert(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ToLower(first(words)), "v"))
	if len(words) != 1 || err != nil {
		return blocks.Message{}, usage("/guardrails", "revert").wrong()
	}
	return drawn(blocks.Wanted)(b.Desk.Revert(ctx, a.actor, n))
}

// ruleForm is how one kind of limits is changed in words. read gives the edits that words mean, and false for words that it cannot take.
type ruleForm struct {
	word, usage, help string
	read              func(words []string) ([]engine.RuleEdit, bool)
}

// ruleForms are commands of /guardrails. To add one: a row, and a conversation script.
var ruleForms = []ruleForm{
	{"budget", "weekly|output|model <sum>, or pace <percent>", "what may be spent: in a week, on a piece, on the model", scalars("budget", "weekly", "output", "model", "pace")},
	{"topic", `block|unblock "words"`, "what no piece may be about", ways("topic", "block", "blocked", "unblock", "allowed")},
	{"pack", "on|off <pack>", "subjects by the pack: crisis, legal, …", ways("pack", "on", "on", "off", "off")},
	{"channel", "on|off <channel>", "where I may publish", ways("channel", "on", "on", "off", "off")},
	{"voice", "lock|unlock, or grade|sentence|emoji|exclamations|distance <number>", "how I may sound", voiceForm},
	{"words", `ban|allow|require|release "words"`, "what is never said, or always", wordForm},
	{"threshold", "<task> <metric> floor|ceiling|sample <number>", "when a task is paused", thresholdForm},
	{"quiet", "add|remove 21:00–08:00 [on sat sun] [for <channel>]", "when nothing goes out", ways("quiet", "add", "on", "remove", "off")},
	{"frequency", "add|remove 2 a day [for <channel>] [to <segment>]", "how often at most", ways("frequency", "add", "on", "remove", "off")},
	{"facts", "age <days>", "when a fact is looked at again", scalars("facts", "age")},
	{"links", "allow|refuse <host>", "where a piece may link to", ways("link", "allow", "allowed", "refuse", "refused")},
	{"duplicates", "percent <percent>, or days <days>", "what counts as said before", scalars("duplicates", "percent", "days")},
	{"line", `add|remove [social|email|blog|<channel>] "text"`, "a line that must stand", lineForm},
	{"blast", "people|permanent|money <most>", "what may be reached without a yes", scalars("blast", "people", "permanent", "money")},
	{"mentions", "allow|refuse @name", "whom a piece may mention", ways("mention", "allow", "allowed", "refuse", "refused")},
}

// scalars reads the name of a limit that is one value, and the value: "weekly 400", "age 90 days", "pace off".
func scalars(kind string, names ...string) func([]string) ([]engine.RuleEdit, bool) {
	return func(words []string) ([]engine.RuleEdit, bool) {
		if len(words) < 2 || !slices.Contains(names, strings.ToLower(words[0])) {
			return nil, false
		}
		return []engine.RuleEdit{{Rule: kind + "." + strings.ToLower(words[0]), To: strings.Join(words[1:], " ")}}, true
	}
}

// ways reads one of two opposite verbs, and what it is done to. Each verb is followed by the value that it means.
func ways(kind string, verbs ...string) func([]string) ([]engine.RuleEdit, bool) {
	return func(words []string) ([]engine.RuleEdit, bool) {
		for i := 0; i+1 < len(verbs); i += 2 {
			if len(words) > 1 && strings.EqualFold(words[0], verbs[i]) {
				return []engine.RuleEdit{{Rule: kind + ":" + bareLink(strings.Join(words[1:], " ")), To: verbs[i+1]}}, true
			}
		}
		return nil, false
	}
}

func voiceForm(words []string) ([]engine.RuleEdit, bool) {
	if len(words) == 1 && strings.EqualFold(words[0], "lock") {
		return []engine.RuleEdit{{Rule: "voice.lock", To: "on"}}, true
	}
	if len(words) == 1 && strings.EqualFold(words[0], "unlock") {
		return []engine.RuleEdit{{Rule: "voice.lock", To: "off"}}, true
	}
	return scalars("voice", "grade", "sentence", "emoji", "exclamations", "distance")(words)
}

func wordForm(words []string) ([]engine.RuleEdit, bool) {
	if edits, ok := ways("ban", "ban", "never said", "allow", "allowed")(words); ok {
		return edits, true
	}
	return ways("require", "require", "in every piece", "release", "not required")(words)
}

func thresholdForm(words []string) ([]engine.RuleEdit, bool) {
	if len(words) < 4 {
		return nil, false
	}
	of := []string{strings.ToLower(words[0]), strings.ToLower(words[1]), strings.ToLower(words[2])}
	return []engine.RuleEdit{{Rule: "threshold:" + strings.Join(of, ":"), To: strings.Join(words[3:], " ")}}, slices.Contains([]string{"floor", "ceiling", "sample"}, of[2])
}

// lineForm reads where a line stands from the first of several words; one text alone is for every piece.
func lineForm(words []string) ([]engine.RuleEdit, bool) {
	if len(words) < 2 {
		return nil, false
	}
	to, ok := map[string]string{"add": "on", "remove": "off"}[strings.ToLower(words[0])]
	where, text := "", words[1:]
	if len(text) > 1 {
		where, text = strings.ToLower(text[0]), text[1:]
	}
	return []engine.RuleEdit{{Rule: "line:" + where + "|" + strings.Join(text, " "), To: to}}, ok
}

// rule carries out a form: the change is shown, and a press goes on with it. With "now" as its last word, what tightens is in force at once.
func rule(f ruleForm) func(*Bot, context.Context, asker, []string) (blocks.Message, error) {
	return func(b *Bot, ctx context.Context, a asker, words []string) (blocks.Message, error) {
		edits, now := nowForm(f, words)
		if edits == nil {
			if err := b.mayLook(ctx, a, "guardrails"); err != nil {
				return blocks.Message{}, err
			}
			return blocks.Message{}, usage("/guardrails", f.word).wrong()
		}
		if now {
			done, err := b.Desk.Tighten(ctx, a.actor, edits...)
			return b.changed(ctx, done, err)
		}
		return drawn(blocks.Wanted)(b.Desk.Want(ctx, a.actor, edits...))
	}
}

// nowForm reads the words with and without a "now" at their end: a subject may be called that.
func nowForm(f ruleForm, words []string) (edits []engine.RuleEdit, now bool) {
	if last := len(words) - 1; last > 0 && strings.EqualFold(words[last], "now") {
		if edits, ok := f.read(words[:last]); ok {
			return edits, true
		}
	}
	edits, ok := f.read(words)
	if !ok {
		return nil, false
	}
	return edits, false
}

// changed says what came of a change.
func (b *Bot) changed(ctx context.Context, d desk.Done, err error) (blocks.Message, error) {
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(func(v report.Status) blocks.Message { return blocks.RulesChanged(d, v.Frame) })(b.Report.Status(ctx))
}

// rulesWindow lists all rules in a window.
func (b *Bot) rulesWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Your rules", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.GuardrailView) slack.ModalViewRequest { return blocks.RulesWindow(v, c.here()) })(b.Report.Guardrails(ctx))
	})
}

// limitWindow opens the window of one rule, or puts it in the place of the list of rules.
func (b *Bot) limitWindow(ctx context.Context, c click) error {
	return b.window(ctx, c.asker, "Change a rule", func() (slack.ModalViewRequest, error) {
		return drawn(func(v report.GuardrailView) slack.ModalViewRequest { return blocks.LimitWindow(v, c.value, c.here()) })(b.Report.Guardrails(ctx))
	})
}

// sendLimit works out what a rule's window would change and shows it in its place. An answer that comes too late for that is said instead.
func (b *Bot) sendLimit(ctx context.Context, s submission) (blocks.Message, error) {
	v, err := b.Report.Guardrails(ctx)
	if err != nil {
		return nothing, err
	}
	if v.Version != s.meta.Version {
		return nothing, engine.Errorf(engine.CodeConflict, "The rules changed since you opened this window. Open it again. Nothing changed.")
	}
	edits := blocks.ReadLimit(s.view, s.meta.ID, v)
	if len(edits) == 0 {
		return nothing, engine.Errorf(engine.CodeConflict, "You changed nothing in the window, so nothing changed.")
	}
	w, err := b.Desk.Want(ctx, s.actor, edits...)
	if err != nil {
		return nothing, err
	}
	*s.then = blocks.WantedWindow(w, s.here())
	return blocks.Wanted(w), nil
}

func (b *Bot) pressTurnOn(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	done, err := b.Desk.TurnOn(ctx, c.actor, v.ID)
	m, err := b.changed(ctx, done, err)
	if err != nil {
		return err
	}
	return b.show(ctx, c.asker, m)
}

// sendTurnOn is the same from a window.
func (b *Bot) sendTurnOn(ctx context.Context, s submission) (blocks.Message, error) {
	done, err := b.Desk.TurnOn(ctx, s.actor, s.meta.ID)
	return b.changed(ctx, done, err)
}

// pressLoosen opens the window that confirms a change. The change is computed anew, and refused when the rules have moved since it was shown.
func (b *Bot) pressLoosen(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	return b.window(ctx, c.asker, "More room for me?", func() (slack.ModalViewRequest, error) {
		return drawn(func(w desk.Wanted) slack.ModalViewRequest { return blocks.LoosenWindow(w, c.here()) })(b.Desk.Reopen(ctx, c.actor, v.ID))
	})
}

func (b *Bot) sendLoosen(ctx context.Context, s submission) (blocks.Message, error) {
	done, err := b.Desk.Confirm(ctx, s.actor, s.meta.ID, blocks.ReadNote(s.view))
	if err == nil && done.Waits != nil {
		return b.waits(ctx, done.Waits.ID)
	}
	return b.changed(ctx, done, err)
}

// waits says that something waits for a signature, and whose.
func (b *Bot) waits(ctx context.Context, request string) (blocks.Message, error) {
	return drawn(blocks.RequestWaits)(b.Report.Request(ctx, request))
}

// pressSign opens the window for the second person's yes; who may not sign is told why at once.
func (b *Bot) pressSign(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return b.denied(ctx, c.asker, "press", string(c.id), err)
	}
	if _, _, err := b.Desk.MaySign(ctx, c.actor, v.ID); err != nil {
		return err
	}
	return b.window(ctx, c.asker, "Sign more room for me?", func() (slack.ModalViewRequest, error) {
		return drawn(func(r report.RequestView) slack.ModalViewRequest { return blocks.SignWindow(r, c.place) })(b.Report.Request(ctx, v.ID))
	})
}

func (b *Bot) sendSign(ctx context.Context, s submission) (blocks.Message, error) {
	_, err := b.Desk.Sign(ctx, s.actor, s.meta.ID)
	return nothing, err // the card tells it
}

func (b *Bot) pressCancel(ctx context.Context, c click) error {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return err
	}
	return b.Desk.Cancel(ctx, c.actor, v.ID) // the card tells it
}
