package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// validateMessageBlocks judges the blocks argument of a message; no argument at all is fine.
func validateMessageBlocks(raw json.RawMessage) []Problem {
	if len(raw) == 0 {
		return nil
	}
	return validateMessageAt("/blocks", raw)
}

// validatePayload judges a whole message, which blocks.validate takes too. Pointers begin with "/message".
func validatePayload(raw json.RawMessage) []Problem {
	var message struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &message); err != nil {
		return []Problem{{Code: faultFormat, Message: "must be a message in valid JSON", Pointer: "/message"}}
	}
	if len(message.Blocks) == 0 {
		return nil
	}
	return validateMessageAt("/message/blocks", message.Blocks)
}

func validateMessageAt(at string, raw json.RawMessage) []Problem {
	c := newChecker(onMessage)
	v, err := decodeWhole(raw)
	if err != nil {
		c.report(at, faultFormat, "must be valid JSON")
		return c.problems
	}
	listRule{of: blockRule{}, max: 50}.judge(c, at, v)
	c.judgeWholeMessage(at, v)
	return c.problems
}

// judgeWholeMessage reports what no single block can tell: a second table, a third chart, and too much text in all. That limit keeps
// a data table below its own 20,000 characters too.
func (c *checker) judgeWholeMessage(at string, blocks any) {
	if n := countKinds(blocks, "data_visualization"); n > 2 {
		c.report(at, faultMany, "no more than 2 data_visualization blocks allowed")
	}
	if n := countKinds(blocks, "table", "data_table"); n > 1 {
		c.report(at, faultTables, "only_one_table_allowed")
	}
	if n := textLength(blocks); n > 12_000 {
		c.report(at, faultTextTotal, fmt.Sprintf("all text must be less than 12001 characters, not %d", n))
	}
}

// countKinds counts the objects anywhere in v whose type is one of kinds.
func countKinds(v any, kinds ...string) (n int) {
	eachObject(v, func(o map[string]any) {
		if kind, ok := o["type"].(string); ok && slices.Contains(kinds, kind) {
			n++
		}
	})
	return n
}

// textLength counts the characters of every text in v: text objects, rich text, markdown and cells.
func textLength(v any) (n int) {
	eachObject(v, func(o map[string]any) {
		if s, ok := o["text"].(string); ok {
			n += utf8.RuneCountInString(s)
		}
	})
	return n
}

func eachObject(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			eachObject(item, visit)
		}
	case map[string]any:
		visit(v)
		for _, item := range v {
			eachObject(item, visit)
		}
	}
}
