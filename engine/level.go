package engine

import "strconv"

// Level is how freely a task may run. The ladder itself is in ladder.go.
type Level int

const (
	L0 Level = iota // by hand: people write and post; koira measures
	L1              // koira drafts, people publish
	L2              // people's own copy, koira's timer
	L3              // koira writes; each piece waits for a yes
	L4              // goes out unless stopped; a sample and what cannot be undone wait
	L5              // runs by itself; only exceptions stop and ask
)

func (l Level) String() string { return "L" + strconv.Itoa(int(l)) }

// Words says what l means, as it stands on cards.
func (l Level) Words() string {
	switch l {
	case L0:
		return "by hand"
	case L1:
		return "I draft, you publish"
	case L2:
		return "your text, my timer"
	case L3:
		return "each waits for your yes"
	case L4:
		return "goes out unless stopped, some wait"
	case L5:
		return "runs by itself, asks when a rule or doubt stops it"
	}
	return "unknown level"
}

// ParseLevel reads "L3", "l3" or "3". Code invalid otherwise.
func ParseLevel(s string) (Level, error) {
	if len(s) == 2 && (s[0] == 'L' || s[0] == 'l') {
		s = s[1:]
	}
	if len(s) == 1 && s[0] >= '0' && s[0] <= '5' {
		return Level(s[0] - '0'), nil
	}
	return 0, Errorf(CodeInvalid, "A level is one of L0 to L5; you wrote %q.", s)
}
