package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
)

// Command is one command as help lists it.
type Command struct {
	Usage string // "/koira draft <task>"
	Help  string // one line
	Least engine.Role
}

// Help answers what can be typed: only to the asker, and only what works for them.
func Help(commands []Command, asker engine.Role, people engine.People) Message {
	var bs []slack.Block
	var ls []md
	for _, c := range commands {
		if c.Least > asker {
			continue
		}
		ls = append(ls, "`"+says(c.Usage, 100)+"` "+says(c.Help, 120))
		if len(ls) == 10 {
			bs, ls = append(bs, section(lines(ls...))), nil
		}
	}
	bs = append(bs, section(lines(ls...)))
	you := md("Tapping twice is safe: one card, one decision. You are: " + strings.ReplaceAll(asker.String(), "nobody", "not on the list, so nothing here works for you") + ".")
	if who := people.With(engine.RoleApprover); len(who) > 0 {
		you += " Approvers: " + mentions(who[:min(10, len(who))], "and") + "."
	}
	return message("What you can type", append(bs, note(you))...)
}
