package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// command is one thing that can be typed. run gets the words that follow; the zero Message means that there is nothing to say, because a
// window was opened or a card tells it.
type command struct {
	slash, word string // word "" takes every word: it comes after the others of its slash
	usage       string // what follows the word
	help        string // one line
	least       engine.Role
	run         func(*Bot, context.Context, asker, []string) (blocks.Message, error)
}

// commands is the list, the help text and the tests' checklist. To add one: its function, a row, a conversation script. It is filled by
// init, since help reads it.
var commands []command

func init() {
	commands = []command{
		{"/koira", "status", "", "is it running, and does it need me", engine.RoleViewer, (*Bot).status},
		{"/koira", "queue", "", "drafts that wait for a yes", engine.RoleViewer, (*Bot).queue},
		{"/koira", "exceptions", "", "problems that need a person", engine.RoleViewer, (*Bot).exceptions},
		{"/koira", "log", "[task]", "every piece that was ever made", engine.RoleViewer, (*Bot).log},
		{"/koira", "posted", "<task> <link>", "record what you posted by hand", engine.RoleOperator, (*Bot).posted},
		{"/koira", "copy", `add <task> "text" | list <task> | move <task> <number> to <place> or <date> <time> | remove <task> <number>`, "your own texts, in their order", engine.RoleApprover, (*Bot).copy},
		{"/koira", "draft", "<task>", "ask for a draft", engine.RoleOperator, (*Bot).draft},
		{"/koira", "decisions", "[task]", "what I changed, and why", engine.RoleViewer, (*Bot).decisions},
		{"/koira", "budget", "[2025-W47]", "money: spent, set aside, free", engine.RoleViewer, (*Bot).budget},
		{"/koira", "report", "[2025-W47 | 2025-11]", "how the week went, or how well I knew you in a month", engine.RoleViewer, (*Bot).report},
		{"/koira", "baseline", "<task>", "what a task brings by itself, against what it brought before", engine.RoleViewer, (*Bot).baseline},
		{"/koira", "stop", "[why]", "stop everything, at once", engine.RoleViewer, (*Bot).stop},
		{"/koira", "resume", "[task]", "go on after a stop, or after a task's pause", engine.RoleOwner, (*Bot).resume},
		{"/koira", "why-not", "<piece>", "which rule stops a piece", engine.RoleViewer, (*Bot).whyNot},
		{"/koira", "pause", "<task> [why]", "stop one task", engine.RoleOperator, (*Bot).pause},
		{"/koira", "drill", "[task]", "a made-up breach: does a pause hold, and how fast", engine.RoleOwner, (*Bot).drill},
		{"/koira", "away", "[until <date>] [--delegate @name] [--max-level L4] [--budget 50]", "say that you are away", engine.RoleOwner, (*Bot).away},
		{"/koira", "hours", "09-10 16-17|off", "when you want to read drafts that can wait", engine.RoleOperator, (*Bot).hours},
		{"/koira", "attention", "", "what I take of your time, and what would lower it", engine.RoleViewer, (*Bot).attention},
		{"/koira", "steps", "", "the first steps, and how far you are", engine.RoleViewer, (*Bot).steps},
		{"/koira", "strategy", "[history | revert <version>]", "what I work from: goals, readers, themes, facts, voice", engine.RoleViewer, (*Bot).strategy},
		{"/koira", "facts", `[add "fact" [from <day>] [until <day>] | confirm <number>…|all | remove <number>]`, "what may be said: prices, hours, dates, and when somebody last looked", engine.RoleViewer, (*Bot).facts},
		{"/koira", "timeline", "", "the path of 90 days: where each task stands, the next step and its date", engine.RoleViewer, (*Bot).timeline},
		{"/koira", "good", "[<task> [<metric> <number>|off]]", "what you call good: what a task's results are held against", engine.RoleViewer, (*Bot).good},
		{"/koira", "audit", `[add "work" [3h] [5x] [low|normal|high] | change <number|task> … | remove <number> | market b2b|b2c|both]`, "your weekly work, and what to hand over first", engine.RoleViewer, (*Bot).audit},
		{"/koira", "back", "", "say that you are back", engine.RoleOwner, (*Bot).back},
		{"/koira", "help", "", "this list", engine.RoleViewer, (*Bot).help},
		{"/autonomy", "replay", "<task> <level> [since 30d]", "what would have gone out by itself at that level", engine.RoleViewer, (*Bot).levelReplay},
		{"/autonomy", "", "[task [level]]", "how freely each task runs; with a level, change it", engine.RoleViewer, (*Bot).autonomy},
		{"/guardrails", "list", "", "all limits, to look at and to change", engine.RoleViewer, (*Bot).guardrails},
		{"/guardrails", "history", "", "who changed the limits, when and why", engine.RoleViewer, (*Bot).history},
		{"/guardrails", "revert", "<version>", "back to an earlier version of the limits", engine.RoleOperator, (*Bot).revert},
	}
	for _, f := range ruleForms {
		commands = append(commands, command{"/guardrails", f.word, f.usage, f.help, engine.RoleOperator, rule(f)})
	}
}

// bare is the word that a slash command without words means.
var bare = map[string]string{"/koira": "status", "/guardrails": "list"}

// command carries out what somebody typed.
func (b *Bot) command(ctx context.Context, c slack.SlashCommand) error {
	a := asker{channel: c.ChannelID, reply: c.ResponseURL, trigger: c.TriggerID}
	a.actor, a.doubted = b.actor(ctx, c.UserID, c.TeamID)
	name, m, err := b.obey(ctx, a, c)
	if err != nil {
		b.fail(ctx, a, name, err)
		return err
	}
	return b.whisper(ctx, a, m)
}

func (b *Bot) obey(ctx context.Context, a asker, c slack.SlashCommand) (name string, m blocks.Message, err error) {
	words, err := split(c.Text)
	if err != nil {
		return c.Command, m, err
	}
	cmd, words, err := find(c.Command, words)
	if err != nil {
		return c.Command, m, err
	}
	m, err = cmd.run(b, ctx, a, words)
	return cmd.name(), m, err
}

func (c command) name() string { return strings.TrimSpace(c.slash + " " + c.word) }

// wrong is the error for words that c cannot take.
func (c command) wrong() error {
	return engine.Errorf(engine.CodeInvalid, "Please write it like this: %s. Nothing changed.", strings.TrimSpace(c.name()+" "+c.usage))
}

// find returns the command that the words after slash mean, and the words that are left for it. Code not_found with the nearest word.
func find(slash string, words []string) (command, []string, error) {
	if len(words) == 0 && bare[slash] != "" {
		words = []string{bare[slash]}
	}
	var known []string
	for _, c := range commands {
		switch {
		case c.slash != slash:
			continue
		case c.word == "":
			return c, words, nil
		case len(words) > 0 && strings.EqualFold(c.word, words[0]):
			return c, words[1:], nil
		}
		known = append(known, c.word)
	}
	if len(known) == 0 {
		return command{}, nil, engine.Errorf(engine.CodeNotFound, "I do not know the command %s.", short(slash))
	}
	if near := nearest(words[0], known); near != "" {
		return command{}, nil, engine.Errorf(engine.CodeNotFound, "There is no %s %s. Did you mean %s %s? Nothing changed.", slash, short(words[0]), slash, near)
	}
	return command{}, nil, engine.Errorf(engine.CodeNotFound, "There is no %s %s. /koira help lists what there is. Nothing changed.", slash, short(words[0]))
}

// usage returns the row of a command, for its wrong.
func usage(slash, word string) command {
	for _, c := range commands {
		if c.slash == slash && c.word == word {
			return c
		}
	}
	panic(fmt.Sprintf("bot: no command %s %s", slash, word)) // rows are written down; a test reads all of them
}

// help lists the commands with what the asker may do.
func (b *Bot) help(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "help"); err != nil {
		return blocks.Message{}, err
	}
	return blocks.Help(Commands(), b.Desk.Role(a.actor.ID), b.People), nil
}

// Commands lists what can be typed, in the order of the help text.
func Commands() []blocks.Command {
	rows := make([]blocks.Command, len(commands))
	for i, c := range commands {
		rows[i] = blocks.Command{Usage: strings.TrimSpace(c.name() + " " + c.usage), Help: c.help, Least: c.least}
	}
	return rows
}
