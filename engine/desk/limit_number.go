package desk

import (
	"fmt"
	"strconv"
	"strings"

	"koira/engine"
)

// sum is a limit that is a sum of money.
type sum struct {
	rule, name string
	at         func(*engine.Guardrails) *engine.Money
	capless    string // what 0 means in words, where it is no limit; "" where it lets nothing be spent
}

var sumRows = []sum{
	{"budget.weekly", "Money a week", func(g *engine.Guardrails) *engine.Money { return &g.Budget.Weekly }, ""},
	{"budget.output", "Money a piece", func(g *engine.Guardrails) *engine.Money { return &g.Budget.Output }, "no limit of its own"},
	{"budget.model", "Money a week for the AI model", func(g *engine.Guardrails) *engine.Money { return &g.Budget.Model }, "no limit of its own"},
	{"blast.money", "Money a piece without a yes", func(g *engine.Guardrails) *engine.Money { return &g.Blast.Money }, "no limit"},
}

func sums() []limit {
	var ls []limit
	for _, r := range sumRows {
		ls = append(ls, limit{r.rule, r.set, func(g engine.Guardrails) []engine.RuleEdit {
			return []engine.RuleEdit{{Rule: r.rule, To: r.value(*r.at(&g))}}
		}, offWord})
	}
	return ls
}

func (r sum) set(s scene, g *engine.Guardrails, _, to string) (Change, error) {
	m, err := engine.ParseMoney(to)
	if r.capless != "" && isOff(to) {
		m, err = 0, nil
	}
	if err != nil {
		or := ""
		if r.capless != "" {
			or = `, or "off"`
		}
		return Change{}, &engine.Error{
			Code: engine.CodeInvalid, Err: err,
			Message: fmt.Sprintf("%s must be a sum like 400 or 399.50%s; you wrote %q. Nothing changed.", r.name, or, cut(to)),
		}
	}
	at := r.at(g)
	c := Change{Rule: r.rule, To: r.value(m), Name: r.name, Old: r.words(*at, s.currency), New: r.words(m, s.currency), Loosens: r.looser(m, *at)}
	*at = m
	return c, nil
}

// looser reports whether a gives more room than b.
func (r sum) looser(a, b engine.Money) bool {
	if r.capless == "" || a != 0 && b != 0 {
		return a > b
	}
	return a == 0 && b != 0
}

func (r sum) words(m engine.Money, currency string) string {
	if m == 0 && r.capless != "" {
		return r.capless
	}
	return m.Format(currency)
}

func (r sum) value(m engine.Money) string {
	if m == 0 && r.capless != "" {
		return offWord
	}
	return plain(m)
}

// plain writes a sum so that ParseMoney reads it back, whatever the currency.
func plain(m engine.Money) string {
	return fmt.Sprintf("%d.%02d", m/engine.Unit, m%engine.Unit/engine.Cent)
}

func isOff(s string) bool {
	switch strings.ToLower(s) {
	case "off", "no limit", "unlimited":
		return true
	}
	return false
}

// number is a limit that is a whole number. 0 is no limit, or the usual one where there is one, and −1, where it can be, not a single one; else the
// higher, the more room.
type number struct {
	rule, name  string
	at          func(*engine.Guardrails) *int
	words       string // of a value: "at most %d days"
	capless     string // of 0
	units       string // what people may write after it, one word each
	least, most int
	none        bool // 0, as people write it, is −1
	less        bool // the higher, the less room
	usual       int  // what 0 stands for, where that is not "no limit"
	time        bool // it is minutes, which people also write and read in hours
}

var numberRows = []number{
	{rule: "budget.pace", name: "The pace of spending", at: func(g *engine.Guardrails) *int { return &g.Budget.Pace },
		words: "at most %d %% of an even pace", capless: "as it comes", units: "% percent", least: 1, most: 1000},
	{rule: "voice.grade", name: "The reading grade", at: func(g *engine.Guardrails) *int { return &g.Voice.Grade },
		words: "at most %d", capless: "no limit", units: "grade", least: 1, most: 20},
	{rule: "voice.sentence", name: "Words in a sentence", at: func(g *engine.Guardrails) *int { return &g.Voice.Sentence },
		words: "at most %d", capless: "no limit", units: "word words", least: 3, most: 200},
	{rule: "voice.emoji", name: "Emoji in a piece", at: func(g *engine.Guardrails) *int { return &g.Voice.Emoji },
		words: "at most %d", capless: "no limit", units: "emoji", least: 1, most: 100, none: true},
	{rule: "voice.exclamations", name: "Exclamation marks in a piece", at: func(g *engine.Guardrails) *int { return &g.Voice.Exclamations },
		words: "at most %d", capless: "no limit", units: "mark marks", least: 1, most: 100, none: true},
	{rule: "voice.distance", name: "Distance from the approved pieces", at: func(g *engine.Guardrails) *int { return &g.Voice.Distance },
		words: "warned of above %d %%", capless: "not measured", units: "% percent", least: 1, most: 100},
	{rule: "facts.age", name: "The age of a fact", at: func(g *engine.Guardrails) *int { return &g.Facts.MaxAge },
		words: "at most %d days", capless: "no limit", units: "day days", least: 1, most: 3650},
	{rule: "duplicates.percent", name: "Wording shared with an earlier piece", at: func(g *engine.Guardrails) *int { return &g.Duplicates.Percent },
		words: "refused from %d %%", capless: "not compared", units: "% percent", least: 1, most: 100},
	{rule: "duplicates.days", name: "Earlier pieces that are compared", at: func(g *engine.Guardrails) *int { return &g.Duplicates.Days },
		words: "of the last %d days", capless: "none", units: "day days", least: 1, most: 3650, less: true},
	{rule: "blast.people", name: "People reached without a yes", at: func(g *engine.Guardrails) *int { return &g.Blast.People },
		words: "at most %d", capless: "no limit", units: "people person", least: 1, most: 1_000_000_000},
	{rule: "blast.permanent", name: "People reached without a yes, for good", at: func(g *engine.Guardrails) *int { return &g.Blast.Permanent },
		words: "at most %d", capless: "no limit", units: "people person", least: 1, most: 1_000_000_000},
	{rule: "review.sample", name: "Pieces that wait for a yes, of those that go out unless stopped", at: func(g *engine.Guardrails) *int { return &g.Review.Sample },
		words: "1 in %d", least: 1, most: 1000, usual: engine.UsualShare},
	{rule: "review.window", name: "Time to look at a piece that goes out unless stopped", at: func(g *engine.Guardrails) *int { return &g.Review.Window },
		units: "min minute minutes", least: 1, most: 72 * 60, less: true, usual: engine.UsualWindow, time: true},
	{rule: "wave.percent", name: "First readers of an e-mail that nobody said yes to", at: func(g *engine.Guardrails) *int { return &g.Wave.Percent },
		words: "%d %%", units: "% percent", least: 1, most: 100, usual: engine.UsualFirst},
	{rule: "wave.pause", name: "Time between them and the rest", at: func(g *engine.Guardrails) *int { return &g.Wave.Pause },
		units: "min minute minutes", least: 60, most: 5 * 60, less: true, usual: engine.UsualPause, time: true}, // results come in within the first hour
	{rule: "wave.lost", name: "First readers who may leave before the rest waits, in 1,000", at: func(g *engine.Guardrails) *int { return &g.Wave.Lost },
		words: "%d", least: 1, most: 1000, usual: engine.UsualLost},
}

func numbers() []limit {
	var ls []limit
	for _, r := range numberRows {
		ls = append(ls, limit{r.rule, r.set, func(g engine.Guardrails) []engine.RuleEdit {
			return []engine.RuleEdit{{Rule: r.rule, To: r.value(*r.at(&g))}}
		}, r.value(0)})
	}
	return ls
}

func (r number) set(_ scene, g *engine.Guardrails, _, to string) (Change, error) {
	n, ok := r.read(to)
	if !ok {
		or := `or "off"`
		switch {
		case r.none:
			or = `"none" or "off"`
		case r.usual > 0:
			or = fmt.Sprintf("or %q for %s", usualWord, strings.TrimSuffix(r.say(0), " ("+usualWord+")"))
		}
		what := fmt.Sprintf("a number from %d to %d", r.least, r.most)
		if r.time {
			what = "from " + timeWords(r.least) + " to " + timeWords(r.most)
		}
		return Change{}, engine.Errorf(engine.CodeInvalid, "%s must be %s, %s; you wrote %q. Nothing changed.", r.name, what, or, cut(to))
	}
	at := r.at(g)
	c := Change{Rule: r.rule, To: r.value(n), Name: r.name, Old: r.say(*at), New: r.say(n), Loosens: r.room(n) > r.room(*at)}
	*at = n
	return c, nil
}

// read takes a number with or without its unit: "90", "90 days", "80%".
func (r number) read(s string) (int, bool) {
	s = strings.ToLower(s)
	switch {
	case r.usual > 0 && s == usualWord:
		return 0, true
	case isOff(s):
		return 0, r.usual == 0
	case r.none && (s == noneWord || s == "0"):
		return -1, true
	}
	n, ok := whole(s, r.units)
	if h, hours := whole(s, "h hour hours"); r.time && !ok && hours {
		n, ok = h*60, h <= r.most/60
	}
	return n, ok && n >= r.least && n <= r.most
}

// whole reads a whole number that one of the given words may follow.
func whole(s, units string) (int, bool) {
	digits := strings.TrimLeft(s, "0123456789")
	n, err := strconv.Atoi(s[:len(s)-len(digits)])
	unit := strings.TrimSpace(digits)
	if unit == "" {
		return n, err == nil
	}
	for _, u := range strings.Fields(units) {
		if u == unit {
			return n, err == nil
		}
	}
	return 0, false
}

// room orders values by how much room they give.
func (r number) room(n int) int {
	const boundless = 1 << 40
	if n == 0 && r.usual > 0 {
		n = r.usual
	}
	switch {
	case r.less:
		return -n
	case n == 0:
		return boundless
	}
	return n
}

func (r number) say(n int) string {
	switch {
	case n == 0 && r.usual > 0:
		return r.say(r.usual) + " (" + usualWord + ")"
	case r.time:
		return timeWords(n)
	case n == 0:
		return r.capless
	case n < 0:
		return noneWord
	}
	return fmt.Sprintf(r.words, n)
}

// timeWords writes minutes as people read them: "1 h 30 min".
func timeWords(n int) string {
	switch {
	case n < 60:
		return fmt.Sprintf("%d min", n)
	case n%60 == 0:
		return fmt.Sprintf("%d h", n/60)
	}
	return fmt.Sprintf("%d h %d min", n/60, n%60)
}

func (r number) value(n int) string {
	switch {
	case n == 0 && r.usual > 0:
		return usualWord
	case r.time && n%60 == 0:
		return fmt.Sprintf("%d hours", n/60)
	case r.time:
		return fmt.Sprintf("%d minutes", n)
	case n == 0:
		return offWord
	case n < 0:
		return noneWord
	}
	return strconv.Itoa(n)
}
