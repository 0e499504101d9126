package bot

import (
	"slices"
	"strings"

	"koira/engine"
)

// ruleForm is how one kind of limits is changed in words. read gives the edits that words mean, and false for words that it cannot take.
type ruleForm struct {
	word, usage, help string
	read              func(words []string) ([]engine.RuleEdit, bool)
}

// ruleForms are commands of /guardrails. To add one: a row, and a conversation script.
var ruleForms = []ruleForm{
	{"budget", "weekly|output|model <sum>, task|campaign <name> <sum>, or pace <percent>", "what may be spent: in a week, on a piece, on the model, by a task or a campaign", budgetForm},
	{"topic", `block|unblock "words", or name|unname "competitor"`, "what no piece may be about, and competitors' names for their pack", topicForm},
	{"pack", "on|off <pack>", "subjects by the pack: crisis, legal, …", ways("pack", "on", "on", "off", "off")},
	{"channel", "on|off <channel>", "where I may publish", ways("channel", "on", "on", "off", "off")},
	{"voice", "lock|unlock, or grade|sentence|emoji|exclamations|distance <number>", "how I may sound", voiceForm},
	{"words", `ban|allow|require|release "words"`, "what is never said, or always", wordForm},
	{"threshold", "<task> <metric> floor|ceiling|sample <number>", "when a task is paused", thresholdForm},
	{"quiet", "add|remove 21:00–08:00 [on sat sun] [for <channel>] [to <segment>]", "when nothing goes out", ways("quiet", "add", "on", "remove", "off")},
	{"frequency", "add|remove 2 a day [for <channel>] [to <segment>]", "how often at most", ways("frequency", "add", "on", "remove", "off")},
	{"facts", "age <days>", "when a fact is looked at again", scalars("facts", "age")},
	{"links", "allow|refuse <host>", "where a piece may link to", ways("link", "allow", "allowed", "refuse", "refused")},
	{"duplicates", "percent <percent>, or days <days>", "what counts as said before", scalars("duplicates", "percent", "days")},
	{"line", `add|remove [social|email|blog|<channel>] "text"`, "a line that must stand", lineForm},
	{"blast", "people|permanent|money <most>", "what may be reached without a yes", scalars("blast", "people", "permanent", "money")},
	{"review", "sample <one in so many>, window <hours>, hours 8–20, or zone <time zone>", "how pieces are looked at that go out unless stopped", scalars("review", "sample", "window", "hours", "zone")},
	{"wave", "percent <first readers>, pause <hours>, or lost <in 1,000>", "how an e-mail goes out that nobody said yes to", scalars("wave", "percent", "pause", "lost")},
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

// budgetForm reads what may be spent in all, or by one task or campaign: its name may be several words, the sum is the last.
func budgetForm(words []string) ([]engine.RuleEdit, bool) {
	if last := len(words) - 1; last > 1 && (strings.EqualFold(words[0], "task") || strings.EqualFold(words[0], "campaign")) {
		rule := "budget." + strings.ToLower(words[0]) + ":" + strings.Join(words[1:last], " ")
		return []engine.RuleEdit{{Rule: rule, To: words[last]}}, true
	}
	return scalars("budget", "weekly", "output", "model", "pace")(words)
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

func topicForm(words []string) ([]engine.RuleEdit, bool) {
	if edits, ok := ways("topic", "block", "blocked", "unblock", "allowed")(words); ok {
		return edits, true
	}
	return ways("competitor", "name", "blocked", "unname", "allowed")(words)
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
