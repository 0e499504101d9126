package workspace

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// elementRule takes a block element whose type is among the given ones.
type elementRule struct{ among []string }

func (r elementRule) judge(c *checker, at string, v any) {
	c.judgeKind(at, v, elementRules, r.among, typeOnly)
}

// Which elements may stand in which block.
var (
	menuElements = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
		"checkboxes", "radio_buttons", "datepicker", "timepicker",
	}
	accessoryElements      = slices.Concat(menuElements, []string{"button", "image", "overflow", "workflow_button"})
	actionsElements        = slices.Concat(menuElements, []string{"button", "overflow", "workflow_button", "datetimepicker", "rich_text_input"})
	contextActionsElements = []string{"feedback_buttons", "icon_button"}
	inputElements          = slices.Concat(menuElements, []string{
		"datetimepicker", "plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input", "file_input",
	})
)

// elementRules has a row per block element. Surfaces are those of each element's page in Slack's reference; where that and the page
// of the input block disagree, the narrower claim counts.
var elementRules = map[string]objectRule{
	"button": {
		need: []string{"text"},
		has: map[string]rule{
			"text":                textRule{max: 75, plain: true},
			"action_id":           idRule,
			"value":               charsRule{1, 2000},
			"url":                 openLinkRule,
			"style":               buttonStyleRule,
			"confirm":             confirmRule,
			"accessibility_label": charsRule{1, 75},
		},
	},
	"overflow": {
		need: []string{"options"},
		has: map[string]rule{
			"action_id": idRule,
			"options":   listRule{of: overflowOptionRule, min: 1, max: 5},
			"confirm":   confirmRule,
		},
	},
	"image": {need: []string{"alt_text"}, has: pictureFields(nil), also: onePicture},

	"static_select": {
		has:  menuFields(optionFields(map[string]rule{"initial_option": menuOptionRule})),
		also: ownOptions,
	},
	"multi_static_select": {
		has:  multiFields(optionFields(map[string]rule{"initial_options": listRule{of: menuOptionRule, min: 1}})),
		also: ownOptions,
	},
	"external_select": {has: menuFields(map[string]rule{
		"initial_option":   menuOptionRule,
		"min_query_length": wholeRule{0, 3000},
	})},
	"multi_external_select": {has: multiFields(map[string]rule{
		"initial_options":  listRule{of: menuOptionRule, min: 1},
		"min_query_length": wholeRule{0, 3000},
	})},
	"users_select":       {has: menuFields(map[string]rule{"initial_user": charsRule{min: 1}})},
	"multi_users_select": {has: multiFields(map[string]rule{"initial_users": listRule{of: charsRule{min: 1}}})},
	"conversations_select": {has: menuFields(map[string]rule{
		"initial_conversation":            charsRule{min: 1},
		"default_to_current_conversation": boolRule{},
		"response_url_enabled":            boolRule{},
		"filter":                          filterRule,
	})},
	"multi_conversations_select": {has: multiFields(map[string]rule{
		"initial_conversations":           listRule{of: charsRule{min: 1}},
		"default_to_current_conversation": boolRule{},
		"filter":                          filterRule,
	})},
	"channels_select": {has: menuFields(map[string]rule{
		"initial_channel":      charsRule{min: 1},
		"response_url_enabled": boolRule{},
	})},
	"multi_channels_select": {has: multiFields(map[string]rule{"initial_channels": listRule{of: charsRule{min: 1}}})},

	"checkboxes": {
		need: []string{"options"},
		has: pickFields(map[string]rule{
			"options":         listRule{of: listedOptionRule, min: 1, max: 10},
			"initial_options": listRule{of: listedOptionRule, min: 1},
		}),
		also: (*checker).initialInOptions,
	},
	"radio_buttons": {
		need: []string{"options"},
		has: pickFields(map[string]rule{
			"options":        listRule{of: listedOptionRule, min: 1, max: 10},
			"initial_option": listedOptionRule,
		}),
		also: (*checker).initialInOptions,
	},
	"datepicker":     {has: menuFields(map[string]rule{"initial_date": timeRule{time.DateOnly, "a date like 2026-01-31"}})},
	"timepicker":     {has: menuFields(map[string]rule{"initial_time": timeRule{"15:04", "a time like 09:30"}, "timezone": charsRule{min: 1}})},
	"datetimepicker": {on: onMessage | onModal, has: pickFields(map[string]rule{"initial_date_time": wholeRule{1e9, 1e10 - 1}})},

	"plain_text_input": {
		has: typedFields(map[string]rule{
			"initial_value": charsRule{max: 3000},
			"multiline":     boolRule{},
			"min_length":    wholeRule{0, 3000},
			"max_length":    wholeRule{1, 3000},
		}),
		also: func(c *checker, at string, o map[string]any) { c.inOrder(at, o, "min_length", "max_length") },
	},
	"rich_text_input": {
		on: onModal | onHome,
		has: typedFields(map[string]rule{
			"initial_value": blockRule{[]string{"rich_text"}},
			"min_lines":     wholeRule{1, 100},
			"max_lines":     wholeRule{1, 100},
		}),
	},
	"email_text_input": {on: onModal, has: typedFields(map[string]rule{"initial_value": charsRule{}})},
	"url_text_input":   {on: onModal, has: typedFields(map[string]rule{"initial_value": charsRule{}})},
	"number_input": {
		on:   onModal,
		need: []string{"is_decimal_allowed"},
		has: typedFields(map[string]rule{
			"is_decimal_allowed": boolRule{},
			"initial_value":      decimalRule,
			"min_value":          decimalRule,
			"max_value":          decimalRule,
		}),
		also: func(c *checker, at string, o map[string]any) { c.inOrder(at, o, "min_value", "max_value") },
	},
	"file_input": {on: onModal, has: map[string]rule{
		"action_id": idRule,
		"filetypes": listRule{of: charsRule{min: 1}, min: 1},
		"max_files": wholeRule{1, 10},
	}},

	"feedback_buttons": {
		on:   onMessage,
		need: []string{"positive_button", "negative_button"},
		has: map[string]rule{
			"action_id":       idRule,
			"positive_button": feedbackRule,
			"negative_button": feedbackRule,
		},
	},
	"icon_button": {
		on:   onMessage,
		need: []string{"icon", "text"},
		has: map[string]rule{
			"icon":                oneOfRule{"trash"},
			"text":                textRule{max: 75, plain: true},
			"action_id":           idRule,
			"value":               charsRule{1, 2000},
			"confirm":             confirmRule,
			"accessibility_label": charsRule{1, 75},
			"visible_to_user_ids": listRule{of: charsRule{min: 1}},
		},
	},
	"workflow_button": {
		on:   onMessage,
		need: []string{"text", "workflow"},
		has: map[string]rule{
			"text":                textRule{max: 75, plain: true},
			"workflow":            workflowRule,
			"action_id":           idRule,
			"style":               buttonStyleRule,
			"accessibility_label": charsRule{1, 75},
		},
	},
}

var feedbackRule = objectRule{
	need: []string{"text", "value"},
	has: map[string]rule{
		"text":                textRule{max: 75, plain: true},
		"value":               charsRule{1, 2000},
		"accessibility_label": charsRule{1, 75},
	},
}

var decimalRule = formRule{regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`), "a number in digits"}

// timeRule takes a time in one layout.
type timeRule struct{ layout, says string }

func (r timeRule) judge(c *checker, at string, v any) {
	s, _ := v.(string)
	// Parsing alone would also take a one-digit hour; what does not parse is the zero time, which reads otherwise.
	if t, _ := time.Parse(r.layout, s); t.Format(r.layout) != s {
		c.report(at, faultValue, "must be "+r.says)
	}
}

// pickFields are the fields of every element with which something is picked, and has.
func pickFields(has map[string]rule) map[string]rule {
	return withFields(has, map[string]rule{"action_id": idRule, "confirm": confirmRule, "focus_on_load": focusRule{}})
}

func menuFields(has map[string]rule) map[string]rule {
	return withFields(pickFields(has), map[string]rule{"placeholder": placeholderRule})
}

func multiFields(has map[string]rule) map[string]rule {
	return withFields(menuFields(has), map[string]rule{"max_selected_items": wholeRule{1, 1e9}})
}

// optionFields are the fields of every menu that brings its own options, and has.
func optionFields(has map[string]rule) map[string]rule {
	return withFields(has, map[string]rule{
		"options":       listRule{of: menuOptionRule, min: 1, max: 100},
		"option_groups": listRule{of: optionGroupRule, min: 1, max: 100},
	})
}

// typedFields are the fields of every element into which something is typed, and has.
func typedFields(has map[string]rule) map[string]rule {
	return withFields(has, map[string]rule{
		"action_id":              idRule,
		"placeholder":            placeholderRule,
		"dispatch_action_config": dispatchRule,
		"focus_on_load":          focusRule{},
	})
}

// pictureFields are the fields of every picture, and has.
func pictureFields(has map[string]rule) map[string]rule {
	return withFields(has, map[string]rule{"image_url": pictureLinkRule, "slack_file": slackFileRule, "alt_text": charsRule{1, 2000}})
}

func withFields(a, b map[string]rule) map[string]rule {
	both := maps.Clone(b)
	maps.Copy(both, a)
	return both
}

func onePicture(c *checker, at string, o map[string]any) {
	c.exactlyOne(at, o, "image_url", "slack_file")
}

func ownOptions(c *checker, at string, o map[string]any) {
	c.exactlyOne(at, o, "options", "option_groups")
	c.initialInOptions(at, o)
}

// inOrder reports a lower bound above the upper one, both given as numbers or as strings of digits.
func (c *checker) inOrder(at string, o map[string]any, low, high string) {
	l, okLow := boundOf(o[low])
	h, okHigh := boundOf(o[high])
	if okLow && okHigh && l > h {
		c.report(at+"/"+low, faultValue, "cannot be greater than `"+high+"`")
	}
}

func boundOf(v any) (float64, bool) {
	digits, ok := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		digits, ok = n.String(), true
	}
	f, err := strconv.ParseFloat(digits, 64)
	return f, ok && err == nil
}
