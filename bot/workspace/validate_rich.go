package workspace

import "regexp"

// richRule takes one part of a rich_text block: a section, a list, a quote or preformatted text. Those nest no further.
type richRule struct{ among []string }

func (r richRule) judge(c *checker, at string, v any) {
	c.judgeKind(at, v, richRules, r.among, typeOnly)
}

var richRules = map[string]objectRule{
	"rich_text_section": {
		need: []string{"elements"},
		has:  map[string]rule{"elements": listRule{of: inlineRule{}}},
	},
	"rich_text_quote": {
		need: []string{"elements"},
		has:  map[string]rule{"elements": listRule{of: inlineRule{}}, "border": wholeRule{0, 1}},
	},
	"rich_text_preformatted": {
		need: []string{"elements"},
		has: map[string]rule{
			"elements": listRule{of: inlineRule{[]string{"text", "link"}}},
			"border":   wholeRule{0, 1},
			"language": charsRule{min: 1},
		},
	},
	"rich_text_list": {
		need: []string{"elements", "style"},
		has: map[string]rule{
			"elements": listRule{of: richRule{[]string{"rich_text_section"}}, min: 1},
			"style":    oneOfRule{"bullet", "ordered"},
			"indent":   wholeRule{0, 8},
			"offset":   wholeRule{0, 1e9},
			"border":   wholeRule{0, 1},
		},
	},
}

// inlineRule takes one piece of a line of rich text.
type inlineRule struct{ among []string }

func (r inlineRule) judge(c *checker, at string, v any) {
	c.judgeKind(at, v, inlineRules, r.among, typeOnly)
}

// A style says how a piece looks; mentions can also be highlighted or not be links.
var (
	textStyleRule    = objectRule{has: styleFlags("bold", "italic", "strike", "underline", "code")}
	mentionStyleRule = objectRule{has: styleFlags("bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink")}
)

func styleFlags(names ...string) map[string]rule {
	flags := map[string]rule{}
	for _, name := range names {
		flags[name] = boolRule{}
	}
	return flags
}

// inlineRules has a row per inline element that an app may send; those that only ever come from Slack (citations, canvases, records)
// have none.
var inlineRules = map[string]objectRule{
	"text": {
		need: []string{"text"},
		has:  map[string]rule{"text": charsRule{min: 1}, "style": textStyleRule},
	},
	"link": {
		need: []string{"url"},
		has: map[string]rule{
			"url":    openLinkRule,
			"text":   charsRule{min: 1},
			"unsafe": boolRule{},
			"style":  textStyleRule,
		},
	},
	"user":      mention("user_id", `^[UW][A-Z0-9]+$`, "a user id"),
	"usergroup": mention("usergroup_id", `^S[A-Z0-9]+$`, "a usergroup id"),
	"channel":   mention("channel_id", `^[CDG][A-Z0-9]+$`, "a channel id"),
	"team":      mention("team_id", `^[TE][A-Z0-9]+$`, "a team id"),
	"emoji": {
		need: []string{"name"},
		has: map[string]rule{
			"name":      formRule{regexp.MustCompile(`^[^:\s]+$`), "an emoji name without colons"},
			"unicode":   formRule{regexp.MustCompile(`^[0-9a-f]+(-[0-9a-f]+)*$`), "lowercase hexadecimal"},
			"url":       pictureLinkRule,
			"skin_tone": wholeRule{1, 6},
			"style":     textStyleRule,
		},
	},
	"date": {
		need: []string{"timestamp", "format"},
		has: map[string]rule{
			"timestamp": wholeRule{0, 1e11},
			"format":    dateFormatRule{},
			"timezone":  charsRule{min: 1},
			"url":       openLinkRule,
			"fallback":  charsRule{min: 1},
			"style":     textStyleRule,
		},
	},
	"broadcast": {
		need: []string{"range"},
		has:  map[string]rule{"range": oneOfRule{"here", "channel", "everyone"}, "style": textStyleRule},
	},
	"color": {
		need: []string{"value"},
		has: map[string]rule{
			"value": formRule{regexp.MustCompile(`^#?[0-9A-Fa-f]{6}$`), "a color like #f4a261"},
			"style": textStyleRule,
		},
	},
}

func mention(field, form, says string) objectRule {
	return objectRule{
		need: []string{field},
		has:  map[string]rule{field: formRule{regexp.MustCompile(form), says}, "style": mentionStyleRule},
	}
}

// dateFormatRule takes a template in which everything in braces is one of dateTokens.
type dateFormatRule struct{}

var braces = regexp.MustCompile(`\{[^}]*\}?`)

func (dateFormatRule) judge(c *checker, at string, v any) {
	format, _ := v.(string)
	tokens := braces.FindAllString(format, -1)
	if len(tokens) == 0 {
		c.report(at, faultValue, "must hold at least one date token")
	}
	for _, token := range tokens {
		if _, known := dateTokens[token]; !known {
			c.report(at, faultValue, "unknown date token: "+token)
		}
	}
}
