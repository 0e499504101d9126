package workspace

import (
	"fmt"
	"slices"
)

// cellRule takes one cell of a table whose type is among the given ones.
type cellRule struct{ among []string }

func (r cellRule) judge(c *checker, at string, v any) {
	c.judgeKind(at, v, cellRules, r.among, typeOnly)
}

var (
	tableCells     = []string{"raw_text", "raw_number", "rich_text"}
	dataTableCells = slices.Concat(tableCells, []string{"action_cell"})
)

var cellRules = map[string]objectRule{
	"raw_text": {need: []string{"text"}, has: map[string]rule{"text": charsRule{min: 1}}},
	"raw_number": {
		need: []string{"value"},
		has:  map[string]rule{"value": numberRule{}, "text": charsRule{min: 1}},
	},
	"rich_text": {need: []string{"elements"}, has: map[string]rule{"elements": listRule{of: richRule{}}}},
	"action_cell": {
		need: []string{"element"},
		has: map[string]rule{
			"element":  elementRule{[]string{"button"}},
			"fallback": cellRule{[]string{"raw_text", "raw_number"}},
		},
	},
}

// columnRule takes the settings of a column; null leaves it as it is.
type columnRule struct{}

func (columnRule) judge(c *checker, at string, v any) {
	if v == nil {
		return
	}
	objectRule{has: map[string]rule{"align": oneOfRule{"left", "center", "right"}, "is_wrapped": boolRule{}}}.judge(c, at, v)
}

// textWithin reports a block with more than max characters of text in all.
func textWithin(max int) func(c *checker, at string, o map[string]any) {
	return func(c *checker, at string, o map[string]any) {
		if n := textLength(o); n > max {
			c.report(at, faultLong, fmt.Sprintf("all text must be less than %d characters, not %d", max+1, n))
		}
	}
}

func plainHeaderRow(c *checker, at string, o map[string]any) {
	rows, _ := o["rows"].([]any)
	if len(rows) == 0 {
		return
	}
	cells, _ := rows[0].([]any)
	for i, cell := range cells {
		if o, _ := cell.(map[string]any); o["type"] != "raw_text" {
			c.report(pointerTo(at+"/rows/0", i)+"/type", faultValue, "must be raw_text in the header row")
		}
	}
}

// chartRule takes a chart. Newer lists allow 12 slices or series; six is what Slack's reference says.
type chartRule struct{}

func (chartRule) judge(c *checker, at string, v any) { c.judgeKind(at, v, chartRules, nil, typeOnly) }

var chartRules = map[string]objectRule{
	"pie": {
		need: []string{"segments"},
		has: map[string]rule{"segments": listRule{min: 1, max: 6, of: objectRule{
			need: []string{"label", "value"},
			has:  map[string]rule{"label": charsRule{1, 20}, "value": numberRule{positive: true}},
		}}},
	},
	"bar":  axisChartRule,
	"area": axisChartRule,
	"line": axisChartRule,
}

var axisChartRule = objectRule{
	need: []string{"series", "axis_config"},
	has: map[string]rule{
		"series": listRule{min: 1, max: 6, of: objectRule{
			need: []string{"name", "data"},
			has: map[string]rule{
				"name": charsRule{1, 20},
				"data": listRule{min: 1, max: 20, of: objectRule{
					need: []string{"label", "value"},
					has:  map[string]rule{"label": charsRule{1, 20}, "value": numberRule{}},
				}},
			},
		}},
		"axis_config": objectRule{
			need: []string{"categories"},
			has: map[string]rule{
				"categories": listRule{of: charsRule{1, 20}, min: 1, max: 20},
				"x_label":    charsRule{1, 50},
				"y_label":    charsRule{1, 50},
			},
		},
	},
	also: seriesFitAxis,
}

// seriesFitAxis reports series of the same name, and series without exactly one point per category.
func seriesFitAxis(c *checker, at string, o map[string]any) {
	axis, _ := o["axis_config"].(map[string]any)
	categories := words(axis["categories"], "")
	if twice(categories) {
		c.report(at+"/axis_config/categories", faultTwice, "must be unique")
	}
	if twice(words(o["series"], "name")) {
		c.report(at+"/series", faultTwice, "names must be unique")
	}
	slices.Sort(categories)
	series, _ := o["series"].([]any)
	for i, s := range series {
		one, _ := s.(map[string]any)
		labels := words(one["data"], "label")
		slices.Sort(labels)
		if !slices.Equal(labels, categories) {
			c.report(pointerTo(at+"/series", i)+"/data", faultValue, "must hold exactly one point for each category")
		}
	}
}

// words lists the strings of an array, or those in one field of its objects.
func words(v any, field string) (found []string) {
	items, _ := v.([]any)
	for _, item := range items {
		if o, ok := item.(map[string]any); ok && field != "" {
			item = o[field]
		}
		if s, ok := item.(string); ok {
			found = append(found, s)
		}
	}
	return found
}

func twice(list []string) bool {
	sorted := slices.Sorted(slices.Values(list))
	return len(slices.Compact(sorted)) < len(list)
}
