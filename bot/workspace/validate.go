package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// ValidateMessage returns everything that Slack would refuse in the blocks of a message, in a stable order; nil means that it would
// post them. Pointers begin with "/blocks".
func ValidateMessage(blocks json.RawMessage) []Problem { return validateMessageBlocks(blocks) }

// ValidateView returns everything that Slack would refuse in a modal or an App Home, in a stable order; nil means that it would show
// it. Pointers begin with "/view".
func ValidateView(view json.RawMessage) []Problem { return validateView(view) }

// The codes of a [Problem]. missing_field is Slack's own; the rest name what its message says.
const (
	faultMissing     = "missing_field"
	faultUnknown     = "unknown_field"
	faultUnsupported = "unsupported_type"
	faultType        = "wrong_type"
	faultLong        = "too_long"
	faultShort       = "too_short"
	faultMany        = "too_many"
	faultFew         = "too_few"
	faultValue       = "not_allowed"
	faultTwice       = "duplicate"
	faultEither      = "either_or"

	faultFormat    = "invalid_blocks_format"
	faultTextTotal = "msg_blocks_too_long"
	faultTables    = "only_one_table_allowed"
	faultViewSize  = "view_too_large"
)

// wholeErrors are the faults of a payload as a whole, which Slack answers with an error of their own. They are found last, so they
// name the answer only when nothing inside the blocks is at fault.
var wholeErrors = map[string]string{
	faultFormat:    "invalid_blocks_format",
	faultTextTotal: "msg_blocks_too_long",
	faultTables:    "invalid_attachments",
	faultViewSize:  "view_too_large",
}

// surface is where blocks are shown; a rule holds a set of them.
type surface uint8

const (
	onMessage surface = 1 << iota
	onModal
	onHome
)

// checker gathers the problems of one payload and what its rules must remember across it.
type checker struct {
	on       surface
	blockIDs map[string]bool
	focused  bool
	problems []Problem
}

func newChecker(on surface) *checker {
	return &checker{on: on, blockIDs: map[string]bool{}}
}

func (c *checker) report(at, code, message string) {
	c.problems = append(c.problems, Problem{Code: code, Message: message, Pointer: at})
}

func (c *checker) reportField(at, code, field, message string) {
	c.problems = append(c.problems, Problem{Code: code, Message: message + field, Field: field, Pointer: at})
}

// decodeWhole keeps numbers as they were written and refuses anything after the value.
func decodeWhole(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// invalidBlocks is the body with which Slack refuses a call for these problems, of which there must be at least one: invalid_blocks
// for messages and invalid_arguments for views, or the error that belongs to the payload as a whole.
func invalidBlocks(ps []Problem) map[string]any {
	faults, messages := make([]string, len(ps)), make([]string, len(ps))
	for i, p := range ps {
		faults[i] = p.Message + " [json-pointer:" + p.Pointer + "]"
		messages[i] = "[ERROR] " + faults[i]
	}
	body := map[string]any{
		"ok":                false,
		"error":             "invalid_blocks",
		"errors":            faults,
		"response_metadata": map[string]any{"messages": messages},
	}
	if strings.HasPrefix(ps[0].Pointer, "/view") {
		body["error"] = "invalid_arguments"
		delete(body, "errors")
	}
	if own, ok := wholeErrors[ps[0].Code]; ok {
		body["error"] = own
	}
	return body
}

// validateRoots are the arguments of blocks.validate: the error for each, and the root that its pointers leave out.
var validateRoots = []struct{ prefix, err string }{
	{"/message", "invalid_message"},
	{"/view", "invalid_view"},
	{"/blocks", "invalid_blocks"},
}

// validateAnswer is the body with which blocks.validate answers. Its pointers start at the argument that was given.
func validateAnswer(ps []Problem) map[string]any {
	if len(ps) == 0 {
		return map[string]any{"ok": true}
	}
	body := map[string]any{"ok": false}
	for _, root := range validateRoots {
		if strings.HasPrefix(ps[0].Pointer, root.prefix) {
			body["error"], body["errors"] = root.err, withoutRoot(ps, root.prefix)
			break
		}
	}
	return body
}

func withoutRoot(ps []Problem, root string) []Problem {
	cut := make([]Problem, len(ps))
	for i, p := range ps {
		p.Pointer = strings.TrimPrefix(p.Pointer, root)
		cut[i] = p
	}
	return cut
}
