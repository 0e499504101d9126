package render

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// picture writes a picture's description in its place: koira's outputs carry no pictures, and a remote one could track its readers.
type picture struct{}

func (picture) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkContinue, nil })
}

// allowed is everything that HTML may hold; what is not named here goes.
var allowed = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	for _, s := range schemes {
		p.AllowURLSchemeWithCustomPolicy(s, reachable)
	}
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
}()

// bareMark is a combining mark that begins a text. Normal form could melt it into the ">" before it ("≯") and so open the tag again.
var bareMark = regexp.MustCompile(`>\pM`)

// HTML returns md as an HTML fragment of plain structure: paragraphs, headings, lists, quotes, tables, code and links to http, https and
// mailto. HTML written inside md is left out. Code invalid when nothing of a text that is not blank would be left.
func HTML(md string) (string, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(Clean(md)), &b); err != nil {
		return "", &engine.Error{Code: engine.CodeInternal, Message: "The text could not be turned into a web page.", Err: err}
	}
	out := strings.TrimSpace(normal(allowed.Sanitize(b.String())))
	if out == "" && strings.TrimSpace(md) != "" {
		return "", engine.Errorf(engine.CodeInvalid, "Nothing of the text is left once the HTML in it is taken away; write it in Markdown.")
	}
	return out, nil
}

// normal cleans sanitised HTML once more, because character references can spell what Clean had removed. A mark without a letter gets the
// dotted circle that stands for one.
func normal(page string) string {
	page = engine.StripHidden(page)
	page = bareMark.ReplaceAllStringFunc(page, func(s string) string { return ">\u25cc" + s[1:] })
	return norm.NFC.String(page)
}
