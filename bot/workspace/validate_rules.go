package workspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// rule judges one value of a payload at a JSON pointer and reports what Slack would refuse. Rules are struct values so that tables
// of them can name each other in a circle.
type rule interface {
	judge(c *checker, at string, v any)
}

// anythingRule takes every value: it marks a field whose name alone is checked, or that has been judged already.
type anythingRule struct{}

func (anythingRule) judge(*checker, string, any) {}

// charsRule takes a string of min to max characters (not bytes); max 0 means no limit.
type charsRule struct{ min, max int }

func (r charsRule) judge(c *checker, at string, v any) {
	s, ok := v.(string)
	if !ok {
		c.report(at, faultType, "must be a string")
		return
	}
	n := utf8.RuneCountInString(s)
	if n < r.min {
		c.report(at, faultShort, fmt.Sprintf("must be more than %d characters", r.min-1))
	}
	if r.max > 0 && n > r.max {
		c.report(at, faultLong, fmt.Sprintf("must be less than %d characters", r.max+1))
	}
}

// formRule takes a string of one form, which says names for people.
type formRule struct {
	form *regexp.Regexp
	says string
}

func (r formRule) judge(c *checker, at string, v any) {
	if s, ok := v.(string); !ok || !r.form.MatchString(s) {
		c.report(at, faultValue, "must be "+r.says)
	}
}

// oneOfRule takes one of its words.
type oneOfRule []string

func (r oneOfRule) judge(c *checker, at string, v any) {
	if s, ok := v.(string); !ok || !slices.Contains(r, s) {
		c.report(at, faultValue, "must be one of: "+strings.Join(r, ", "))
	}
}

type boolRule struct{}

func (boolRule) judge(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.report(at, faultType, "must be a boolean")
	}
}

// wholeRule takes an integer from min to max.
type wholeRule struct{ min, max int64 }

func (r wholeRule) judge(c *checker, at string, v any) {
	n, ok := v.(json.Number)
	if !ok {
		c.report(at, faultType, "must be an integer")
		return
	}
	i, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil || i < r.min || i > r.max {
		c.report(at, faultValue, fmt.Sprintf("must be an integer from %d to %d", r.min, r.max))
	}
}

// numberRule takes any number, or only those above zero.
type numberRule struct{ positive bool }

func (r numberRule) judge(c *checker, at string, v any) {
	n, ok := v.(json.Number)
	if !ok {
		c.report(at, faultType, "must be a number")
		return
	}
	f, err := n.Float64()
	if err != nil {
		c.report(at, faultValue, "must be a finite number")
	} else if r.positive && f <= 0 {
		c.report(at, faultValue, "must be more than 0")
	}
}

// linkRule takes an absolute URL of one of the schemes, of at most 3,000 characters.
type linkRule struct{ schemes []string }

// Slack opens links in the reader's browser or hands them to the device, but fetches pictures and embeds players itself.
var (
	openLinkRule    = linkRule{[]string{"https", "http", "mailto", "tel", "slack"}}
	pictureLinkRule = linkRule{[]string{"https", "http"}}
	secureLinkRule  = linkRule{[]string{"https"}}
)

func (r linkRule) judge(c *checker, at string, v any) {
	before := len(c.problems)
	charsRule{1, 3000}.judge(c, at, v)
	if len(c.problems) > before {
		return
	}
	u, err := url.Parse(v.(string))
	switch {
	case err != nil || strings.ContainsAny(v.(string), " \t\r\n<>\""):
		c.report(at, faultValue, "must be a valid URL")
	case !slices.Contains(r.schemes, u.Scheme):
		c.report(at, faultValue, "must be a URL that starts with one of: "+strings.Join(r.schemes, ", "))
	case strings.HasPrefix(u.Scheme, "http") && u.Host == "":
		c.report(at, faultValue, "must be a URL with a host")
	}
}

// listRule takes an array of min to max values that each keep a rule; max 0 means no limit.
type listRule struct {
	of       rule
	min, max int
}

func (r listRule) judge(c *checker, at string, v any) {
	items, ok := v.([]any)
	if !ok {
		c.report(at, faultType, "must be an array")
		return
	}
	if len(items) < r.min {
		c.report(at, faultFew, fmt.Sprintf("must provide at least %d items", r.min))
	}
	if r.max > 0 && len(items) > r.max {
		c.report(at, faultMany, fmt.Sprintf("no more than %d items allowed", r.max))
	}
	for i, item := range items {
		r.of.judge(c, pointerTo(at, i), item)
	}
}

// objectRule takes an object that has at least the fields in need, none but those in has, and keeps what also says about them together.
type objectRule struct {
	on   surface // where it may stand; zero means everywhere
	need []string
	has  map[string]rule
	also func(c *checker, at string, o map[string]any)
}

func (r objectRule) judge(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.report(at, faultType, "must be an object")
		return
	}
	r.judgeFields(c, at, o, nil)
}

// judgeFields judges an object whose further fields in common are allowed whatever its kind.
func (r objectRule) judgeFields(c *checker, at string, o map[string]any, common map[string]rule) {
	for _, name := range r.need {
		if _, ok := o[name]; !ok {
			c.reportField(at, faultMissing, name, "missing required field: ")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		field, ok := r.has[name]
		if !ok {
			field, ok = common[name]
		}
		if !ok {
			c.reportField(at, faultUnknown, name, "invalid additional property: ")
			continue
		}
		field.judge(c, at+"/"+name, o[name])
	}
	if r.also != nil {
		r.also(c, at, o)
	}
}

var typeOnly = map[string]rule{"type": anythingRule{}}

// judgeKind judges an object by the row of table that its type names. The type must be among the given ones, unless those are nil,
// and may stand on this surface.
func (c *checker) judgeKind(at string, v any, table map[string]objectRule, among []string, common map[string]rule) {
	o, kind, ok := c.kindOf(at, v)
	if !ok {
		return
	}
	r, known := table[kind]
	if !known || among != nil && !slices.Contains(among, kind) || r.on != 0 && r.on&c.on == 0 {
		c.report(at+"/type", faultUnsupported, "unsupported type: "+kind)
		return
	}
	r.judgeFields(c, at, o, common)
}

func (c *checker) kindOf(at string, v any) (o map[string]any, kind string, ok bool) {
	o, ok = v.(map[string]any)
	if !ok {
		c.report(at, faultType, "must be an object")
		return nil, "", false
	}
	t, ok := o["type"]
	if !ok {
		c.reportField(at, faultMissing, "type", "missing required field: ")
		return nil, "", false
	}
	kind, ok = t.(string)
	if !ok {
		c.report(at+"/type", faultType, "must be a string")
	}
	return o, kind, ok
}

func pointerTo(at string, i int) string { return at + "/" + strconv.Itoa(i) }
