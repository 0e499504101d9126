package workspace

import (
	"reflect"
	"regexp"
	"slices"
)

// textRule takes a text object of 1 to max characters: plain_text, or mrkdwn too unless plain is set.
type textRule struct {
	max   int
	plain bool
}

func (r textRule) judge(c *checker, at string, v any) {
	o, kind, ok := c.kindOf(at, v)
	if !ok {
		return
	}
	text := objectRule{need: []string{"text"}, has: map[string]rule{"text": charsRule{1, r.max}}}
	switch {
	case kind == "plain_text":
		text.has["emoji"] = boolRule{}
	case kind == "mrkdwn" && !r.plain:
		text.has["verbatim"] = boolRule{}
	default:
		c.report(at+"/type", faultUnsupported, "unsupported type: "+kind)
		return
	}
	text.judgeFields(c, at, o, typeOnly)
}

var (
	idRule          = charsRule{1, 255}
	placeholderRule = textRule{max: 150, plain: true}
	buttonStyleRule = oneOfRule{"primary", "danger"}
)

var confirmRule = objectRule{
	need: []string{"title", "text", "confirm", "deny"},
	has: map[string]rule{
		"title":   textRule{max: 100, plain: true},
		"text":    textRule{max: 300},
		"confirm": textRule{max: 30, plain: true},
		"deny":    textRule{max: 30, plain: true},
		"style":   buttonStyleRule,
	},
}

// The three kinds of options: menus show plain text, only the overflow menu can open a link, and lists that are always open may use
// markup. Slack's JSDoc limits value to 75 characters, its reference and its validator to 150.
var (
	menuOptionRule = objectRule{
		need: []string{"text", "value"},
		has: map[string]rule{
			"text":        textRule{max: 75, plain: true},
			"value":       charsRule{1, 150},
			"description": textRule{max: 75, plain: true},
		},
	}
	overflowOptionRule = objectRule{
		need: []string{"text", "value"},
		has: map[string]rule{
			"text":        textRule{max: 75, plain: true},
			"value":       charsRule{1, 150},
			"description": textRule{max: 75, plain: true},
			"url":         openLinkRule,
		},
	}
	listedOptionRule = objectRule{
		need: []string{"text", "value"},
		has: map[string]rule{
			"text":        textRule{max: 75},
			"value":       charsRule{1, 150},
			"description": textRule{max: 75},
		},
	}
	optionGroupRule = objectRule{
		need: []string{"label", "options"},
		has: map[string]rule{
			"label":   textRule{max: 75, plain: true},
			"options": listRule{of: menuOptionRule, min: 1, max: 100},
		},
	}
)

// slackFileRule takes a file by id or by URL; whether the file exists is for the files to say.
var slackFileRule = objectRule{
	has: map[string]rule{
		"id":  formRule{regexp.MustCompile(`^F[A-Z0-9]{8,}$`), "a file id"},
		"url": pictureLinkRule,
	},
	also: func(c *checker, at string, o map[string]any) { c.exactlyOne(at, o, "id", "url") },
}

var filterRule = objectRule{
	has: map[string]rule{
		"include":                          listRule{of: oneOfRule{"im", "mpim", "private", "public"}, min: 1},
		"exclude_external_shared_channels": boolRule{},
		"exclude_bot_users":                boolRule{},
	},
	also: func(c *checker, at string, o map[string]any) {
		if len(o) == 0 {
			c.report(at, faultFew, "must define at least one filter")
		}
	},
}

var dispatchRule = objectRule{
	has: map[string]rule{
		"trigger_actions_on": listRule{of: oneOfRule{"on_enter_pressed", "on_character_entered"}, min: 1, max: 2},
	},
}

var workflowRule = objectRule{
	need: []string{"trigger"},
	has: map[string]rule{"trigger": objectRule{
		need: []string{"url"},
		has: map[string]rule{
			"url": secureLinkRule,
			"customizable_input_parameters": listRule{of: objectRule{
				need: []string{"name", "value"},
				has:  map[string]rule{"name": charsRule{min: 1}, "value": anythingRule{}},
			}},
		},
	}},
}

// focusRule takes a boolean; one element of a view at most may have the focus.
type focusRule struct{}

func (focusRule) judge(c *checker, at string, v any) {
	on, ok := v.(bool)
	if !ok {
		c.report(at, faultType, "must be a boolean")
		return
	}
	if on && c.focused {
		c.report(at, faultTwice, "only one element can have `focus_on_load`")
	}
	c.focused = c.focused || on
}

// exactlyOne reports an object that has none of the two fields, or both.
func (c *checker) exactlyOne(at string, o map[string]any, a, b string) {
	_, hasA := o[a]
	_, hasB := o[b]
	if hasA == hasB {
		c.report(at, faultEither, "must define either `"+a+"` or `"+b+"`")
	}
}

// initialInOptions reports what is chosen from the start but is not offered.
func (c *checker) initialInOptions(at string, o map[string]any) {
	offered, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(map[string]any)
		options, _ := group["options"].([]any)
		offered = slices.Concat(offered, options)
	}
	if initial, ok := o["initial_option"]; ok {
		c.oneOffered(at+"/initial_option", initial, offered)
	}
	chosen, _ := o["initial_options"].([]any)
	for i, initial := range chosen {
		c.oneOffered(pointerTo(at+"/initial_options", i), initial, offered)
	}
}

func (c *checker) oneOffered(at string, initial any, offered []any) {
	same := func(option any) bool { return reflect.DeepEqual(option, initial) }
	if !slices.ContainsFunc(offered, same) {
		c.report(at, faultValue, "must exactly match one of the options")
	}
}
