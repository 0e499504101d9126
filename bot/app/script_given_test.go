package app

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"koira/engine"
)

// newScript reads a script: its "given" lines make the config, the rest are its steps.
func newScript(text string, used *uses) (*script, []line, error) {
	toml, err := os.ReadFile("../testdata/bakery.toml")
	if err != nil {
		return nil, nil, err
	}
	var steps []line
	c, more := string(toml), 0
	var judge engine.Judge
	for i, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		if given := givenEyes.FindStringSubmatch(l); given != nil {
			c = strings.Replace(c, "[people]", "[people]\nfour_eyes = \""+given[1]+"\"", 1)
			continue
		}
		if with, ok := offering(c, l); ok {
			c = with
			continue
		}
		if given := givenMore.FindStringSubmatch(l); given != nil {
			more, _ = strconv.Atoi(given[1])
			continue
		}
		if given := givenSample.FindStringSubmatch(l); given != nil {
			c = strings.Replace(c, "[guardrails]", "[guardrails]\nreview = { sample = "+given[1]+" }", 1)
			continue
		}
		if l == "given a model that judges" {
			judge = &critic{}
			continue
		}
		if given := givenTick.FindStringSubmatch(l); given != nil {
			c = strings.Replace(c, `tick = "1h"`, `tick = "`+given[1]+`"`, 1)
			continue
		}
		if l == "given tomi is an owner too" {
			c = strings.Replace(c, `owners = ["U0MARI0001"]`, `owners = ["U0MARI0001", "U0TOMI0001"]`, 1)
			c = strings.Replace(c, `approvers = ["U0TOMI0001", `, `approvers = [`, 1)
			continue
		}
		if l == "given letters go to all at once" {
			c += "\n[guardrails.wave]\npercent = 100\n"
			continue
		}
		if given := givenLine.FindStringSubmatch(l); given != nil {
			head, tail, ok := strings.Cut(c, `id = "`+given[1]+`"`)
			if !ok {
				return nil, nil, fmt.Errorf("line %d: there is no task %s", i+1, given[1])
			}
			tail = strings.Replace(tail, `level = "L0"`, `level = "`+given[2]+`"`, 1)
			if given[4] != "" {
				tail = strings.Replace(tail, `per_week = [1, 1]`, `per_week = [`+given[4]+`, `+given[4]+`]`, 1)
			}
			if given[6] != "" {
				tail = strings.Replace(tail, "per_week", `cost_max = "`+given[6]+`"`+"\nper_week", 1)
			}
			c = head + `id = "` + given[1] + `"` + tail
			continue
		}
		if l != "" && l != "given no goal" && !strings.HasPrefix(l, "#") {
			steps = append(steps, line{i + 1, l})
		}
	}
	config, err := Parse("bakery.toml", []byte(c))
	if slices.Contains(strings.Split(text, "\n"), "given no goal") {
		config.Strategy.Goals = nil
	}
	for i := range more {
		config.Tasks = append(config.Tasks, config.Tasks[0])
		last := &config.Tasks[len(config.Tasks)-1]
		last.ID, last.Name = fmt.Sprintf("social-%d", i+2), fmt.Sprintf("Social %d", i+2)
	}
	return &script{config: config, judge: judge, used: used, filled: map[string]map[string]map[string]any{}, spoke: map[string]bool{}}, steps, err
}

var givenEyes = regexp.MustCompile(`^given four eyes (auto|always|never)$`)

var givenMore = regexp.MustCompile(`^given (\d) more tasks like daily-social$`)

var givenTick = regexp.MustCompile(`^given a look every (\d+m)$`)

var givenSample = regexp.MustCompile(`^given 1 in (\d+) is checked$`)

var givenLine = regexp.MustCompile(`^given (\S+) at (L[0-3])( with (\d+) a week)?( for (\d+) each)?$`)

// step is one form of line. To add one: a row, and its function.
type step struct {
	form *regexp.Regexp
	do   func(*script, []string) error
}

// steps are tried in this order; the first that fits is done.
var steps []step
