package workspace

import "encoding/json"

// maxView is the size of a view in bytes above which Slack answers view_too_large.
const maxView = 250_000

// viewRules has a row per kind of view.
var viewRules = map[string]objectRule{
	"modal": {
		need: []string{"title", "blocks"},
		has: withFields(viewFields, map[string]rule{
			"title":           viewLabelRule,
			"close":           viewLabelRule,
			"submit":          viewLabelRule,
			"clear_on_close":  boolRule{},
			"notify_on_close": boolRule{},
		}),
		also: submitForInput,
	},
	"home": {need: []string{"blocks"}, has: viewFields},
}

var viewFields = map[string]rule{
	"blocks":           listRule{of: blockRule{}, max: 100},
	"private_metadata": charsRule{max: 3000},
	"callback_id":      charsRule{max: 255},
	"external_id":      charsRule{max: 255},
}

var viewLabelRule = textRule{max: 24, plain: true}

// viewSurfaces says where the blocks of each kind of view stand.
var viewSurfaces = map[string]surface{"modal": onModal, "home": onHome}

// validateView judges the view argument of views.* and of a view_submission answer.
func validateView(raw json.RawMessage) []Problem {
	c := newChecker(0)
	v, err := decodeWhole(raw)
	if err != nil {
		c.report("/view", faultType, "must be valid JSON")
		return c.problems
	}
	if o, ok := v.(map[string]any); ok {
		kind, _ := o["type"].(string)
		c.on = viewSurfaces[kind]
	}
	c.judgeKind("/view", v, viewRules, nil, typeOnly)
	if len(raw) > maxView {
		c.report("/view", faultViewSize, "must be less than 250001 bytes")
	}
	return c.problems
}

// submitForInput reports the first input of a modal that has no submit button.
func submitForInput(c *checker, at string, o map[string]any) {
	if _, ok := o["submit"]; ok {
		return
	}
	blocks, _ := o["blocks"].([]any)
	for i, b := range blocks {
		if block, _ := b.(map[string]any); block["type"] == "input" {
			c.report(pointerTo(at+"/blocks", i)+"/input", faultMissing, "must define `submit` to use an `input` block in modals")
			return
		}
	}
}
