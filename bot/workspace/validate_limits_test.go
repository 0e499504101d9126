package workspace

import (
	"encoding/json"
	commandline "flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateLimits = commandline.Bool("update-limits", false, "rewrite testdata/limits.txt")

// TestEveryFieldIsLimited finds by trial what each field of each full example may hold, and compares it with the list that was read
// against Slack's reference: required or not, fewest and most characters or items, plain text only, the words of an enumeration.
func TestEveryFieldIsLimited(t *testing.T) {
	var lines []string
	add := func(table string, r rule, examples map[string]kind) {
		for _, name := range names(examples) {
			on := examples[name].on
			p := probe{name: name, example: examples[name].json, judge: func(v any) []Problem {
				c := newChecker(on)
				r.judge(c, "", v)
				return c.problems
			}}
			lines = append(lines, table+" "+name)
			p.walk("", p.fresh())
			lines = append(lines, p.found...)
		}
	}
	add("view", viewKindRule{}, map[string]kind{
		"home":  {onHome, `{"type":"home","blocks":[{"type":"divider"}],"private_metadata":"x","callback_id":"x","external_id":"x"}`},
		"modal": {onModal, `{"type":"modal","blocks":[{"type":"divider"}],"private_metadata":"x","callback_id":"x","external_id":"x","clear_on_close":true,"notify_on_close":true,"title":` + labelJSON + `,"submit":` + labelJSON + `,"close":` + labelJSON + `}`},
	})
	add("block", blockRule{}, blockKinds)
	add("element", elementRule{}, bare(elementKinds))
	add("rich", richRule{}, onMessages(richKinds))
	add("inline", inlineRule{}, onMessages(inlineKinds))
	add("cell", cellRule{}, onMessages(cellKinds))
	add("chart", chartRule{}, onMessages(chartKinds))

	got := strings.Join(lines, "\n") + "\n"
	if *updateLimits {
		if err := os.WriteFile("testdata/limits.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/limits.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}

type viewKindRule struct{}

func (viewKindRule) judge(c *checker, at string, v any) { c.judgeKind(at, v, viewRules, nil, typeOnly) }

func bare(framed map[string]framedKind) map[string]kind {
	kinds := map[string]kind{}
	for name, k := range framed {
		kinds[name] = k.kind
	}
	return kinds
}

func onMessages(examples map[string]string) map[string]kind {
	kinds := map[string]kind{}
	for name, json := range examples {
		kinds[name] = kind{onMessage, json}
	}
	return kinds
}

// probe changes one field of an example at a time and notes what is then said about that field.
type probe struct {
	name, example string
	judge         func(v any) []Problem
	found         []string
}

func (p *probe) fresh() any {
	v, err := decodeWhole(json.RawMessage(p.example))
	if err != nil {
		panic(err)
	}
	return v
}

func (p *probe) walk(at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "type" {
				p.note(at, name, v[name])
			}
		}
	case []any:
		if len(v) > 0 {
			p.note(at, "0", v[0])
		}
	}
}

func (p *probe) note(at, name string, v any) {
	here := at + "/" + name
	says := []string{"  " + here}
	if len(p.with(here, nil, true, faultMissing)) > 0 {
		says = append(says, "required")
	}
	switch v := v.(type) {
	case string:
		says = append(says, p.lengths(here, 20_000, func(n int) any { return letters(n) })...)
		says = append(says, p.with(here, "?", false, faultValue)...)
	case []any:
		item := append(slices.Clone(v), "x")[:1]
		says = append(says, p.lengths(here, 300, func(n int) any { return slices.Repeat(item, n) })...)
	case json.Number:
		says = append(says, p.with(here, json.Number("-0.5"), false, faultValue)...)
	case map[string]any:
		if v["type"] == "plain_text" {
			markup := map[string]any{"type": "mrkdwn", "text": "x"}
			if len(p.with(here+"/type", markup, false, faultUnsupported)) > 0 {
				says = append(says, "plain")
			}
		}
	}
	if len(p.with(here, map[string]any{"?": "?"}, false, "")) == 0 {
		says = append(says, "anything")
	}
	p.found = append(p.found, strings.Join(says, " "))
	o, _ := v.(map[string]any)
	kind, typed := o["type"]
	// What stands in a place of its own kind has its own example; confirms are alike everywhere, so the button's speaks for all.
	if name == "confirm" && o["deny"] != nil && p.name != "button" || typed && kind != "plain_text" {
		return
	}
	p.walk(here, v)
}

// lengths finds the fewest and the most of something that are not said to be too few or too many.
func (p *probe) lengths(at string, most int, of func(n int) any) []string {
	wrong := func(n int, codes ...string) bool {
		return slices.ContainsFunc(codes, func(code string) bool { return len(p.with(at, of(n), false, code)) > 0 })
	}
	low := sort.Search(most, func(n int) bool { return !wrong(n, faultShort, faultFew) })
	high := sort.Search(most, func(n int) bool { return wrong(n+1, faultLong, faultMany) })
	switch {
	case high < most:
		return []string{fmt.Sprintf("%d..%d", low, high)}
	case low > 0:
		return []string{fmt.Sprintf("%d..", low)}
	}
	return nil
}

// with puts a value at a place, or takes the place away, and returns what is said there: under that code, or whatever it is. A place
// that ends in /type is that of a whole object, judged by its type.
func (p *probe) with(at string, v any, remove bool, code string) (says []string) {
	place := strings.TrimSuffix(at, "/type")
	root := p.fresh()
	steps := strings.Split(place, "/")[1:]
	parent, last := root, steps[len(steps)-1]
	for _, step := range steps[:len(steps)-1] {
		parent = child(parent, step)
	}
	switch parent := parent.(type) {
	case map[string]any:
		parent[last] = v
		if remove {
			delete(parent, last)
			at = strings.TrimSuffix(place, "/"+last)
		}
	case []any:
		if remove {
			return nil
		}
		parent[0] = v
	}
	for _, problem := range p.judge(root) {
		if problem.Code == code && problem.Pointer == at && (!remove || problem.Field == last) ||
			code == "" && strings.HasPrefix(problem.Pointer, at) {
			says = append(says, problem.Message)
		}
	}
	return says
}

func child(v any, step string) any {
	if o, ok := v.(map[string]any); ok {
		return o[step]
	}
	i, err := strconv.Atoi(step)
	if err != nil {
		panic(err)
	}
	return v.([]any)[i]
}
