package desk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"koira/engine"
)

// Values of a Change.
const (
	blockedWord, allowedWord = "blocked", "allowed"
	onWord, offWord          = "on", "off"
)

// limit is one kind of limit that people may change from here. set changes g for the key after the colon and returns the canonical key and
// values, and whether the new value gives koira more room.
type limit struct {
	kind string
	set  func(d *Desk, g *engine.Guardrails, key, to string) (Change, error)
}

// changeable lists them. To add one: write its set, add a row, add its rows to TestCompute.
var changeable = []limit{
	{"budget", setBudget},
	{"topic", setTopic},
	{"channel", setChannel},
}

// compute works out what rule's new value means against g and returns the guardrails with it. It is pure.
func (d *Desk) compute(g engine.Guardrails, rule, to string) (Change, engine.Guardrails, error) {
	kind, key, _ := strings.Cut(rule, ":")
	i := slices.IndexFunc(changeable, func(l limit) bool { return l.kind == kind })
	if i < 0 {
		return Change{Rule: rule, From: g.Version}, g, engine.Errorf(engine.CodeNotFound, "There is no limit %q to change. Nothing changed.", cut(rule))
	}
	next := g.Clone()
	c, err := changeable[i].set(d, &next, key, to)
	c.From = g.Version
	if c.Rule == "" {
		c.Rule = rule
	}
	if err == nil && c.Old == c.New {
		err = engine.Errorf(engine.CodeConflict, "That is so already (%s). Nothing left to do.", c.New)
	}
	return c, next, err
}

func setBudget(_ *Desk, g *engine.Guardrails, _, to string) (Change, error) {
	sum, err := engine.ParseMoney(to)
	if err != nil {
		return Change{}, &engine.Error{
			Code: engine.CodeInvalid, Field: "sum", Err: err,
			Message: fmt.Sprintf("The weekly limit must be a sum like 400 or 399.50; you wrote %q. Nothing changed.", cut(to)),
		}
	}
	c := Change{Rule: "budget", Old: plain(g.Budget.Weekly), New: plain(sum), Loosens: sum > g.Budget.Weekly}
	g.Budget.Weekly = sum
	return c, nil
}

// plain writes a sum so that ParseMoney reads it back, whatever the currency.
func plain(m engine.Money) string {
	return fmt.Sprintf("%d.%02d", m/engine.Unit, m%engine.Unit/engine.Cent)
}

// mostTopics bounds the list, since every check reads all of it.
const mostTopics = 500

func setTopic(_ *Desk, g *engine.Guardrails, key, to string) (Change, error) {
	topic, err := field("topic", "The topic", strings.ToLower(strings.Join(strings.Fields(key), " ")), true, maxTopic)
	if err != nil {
		return Change{}, err
	}
	bad := func(code engine.Code, format string, args ...any) (Change, error) {
		e := engine.Errorf(code, format, args...)
		e.Field = "topic"
		return Change{}, e
	}
	i := slices.IndexFunc(g.Topics.Blocked, func(x string) bool { return strings.EqualFold(x, topic) })
	c := Change{Rule: "topic:" + topic, Old: allowedWord, New: to, Loosens: to == allowedWord}
	if i >= 0 {
		c.Old = blockedWord
	}
	switch {
	case to != allowedWord && to != blockedWord:
		return bad(engine.CodeInvalid, "A topic is blocked or allowed; you wrote %q. Nothing changed.", cut(to))
	case !strings.ContainsFunc(topic, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return bad(engine.CodeInvalid, "A topic needs a letter or a number; you wrote %q. Nothing changed.", cut(topic))
	case to == allowedWord && i < 0:
		return Change{}, unknown("blocked topic", topic, slices.Clone(g.Topics.Blocked))
	case to == allowedWord:
		g.Topics.Blocked = slices.Delete(g.Topics.Blocked, i, i+1)
	case i < 0 && len(g.Topics.Blocked) >= mostTopics:
		return bad(engine.CodeInvalid, "There are %d blocked topics already; lift one first. Nothing changed.", mostTopics)
	case i < 0:
		g.Topics.Blocked = append(g.Topics.Blocked, topic)
	}
	return c, nil
}

func setChannel(d *Desk, g *engine.Guardrails, key, to string) (Change, error) {
	if to != onWord && to != offWord {
		return Change{}, engine.Errorf(engine.CodeInvalid, "A channel is on or off; you wrote %q. Nothing changed.", cut(to))
	}
	// A channel may be taken off the list after it left the config, but only a configured one may be put on it.
	if _, err := d.channel(key); err != nil && (to == onWord || !g.Channels[key]) {
		return Change{}, err
	}
	c := Change{Rule: "channel:" + key, Old: offWord, New: to, Loosens: to == onWord}
	if g.Channels[key] {
		c.Old = onWord
	}
	g.Channels[key] = to == onWord
	return c, nil
}
