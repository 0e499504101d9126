package app

import (
	"fmt"
	"regexp"
	"strings"
)

// mailed counts the direct messages to somebody that hold words: "mari is told once "You were away"", "never" for none of them.
func (s *script) mailed(m []string) error {
	n := 0
	for _, r := range s.space.Channels() {
		if r.User != id(m[1]) {
			continue
		}
		for _, msg := range s.space.Messages(r.ID) {
			if holds(msg.Text, msg.Blocks, "any", m[3]) {
				n++
			}
		}
	}
	if want := map[string]int{"once": 1, "never": 0}[m[2]]; n != want && !(s.kill.crashing && want == 1 && n > 1) { // a crash may repeat a card
		return fmt.Errorf("%d messages to them hold it", n)
	}
	return nil
}

var givenOffer = regexp.MustCompile(`^given an offer from (\S+) until (\S+)$`)

// offering adds an offer to a config; text that is no such line leaves it as it is.
func offering(config, line string) (string, bool) {
	given := givenOffer.FindStringSubmatch(line)
	if given == nil {
		return config, false
	}
	return strings.Replace(config, "[voice]", fmt.Sprintf("[[strategy.offers]]\nkey = \"rye-week\"\ntext = \"Rye week\"\nfrom = %s\nuntil = %s\n\n[voice]", given[1], given[2]), 1), true
}
