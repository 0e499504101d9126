package render

import (
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// Plain returns md as plain text for channels that know no markup: paragraphs stay apart by an empty line, line breaks stay, list items
// get "• " or their number, a link becomes its text and its bare address, a picture its description. HTML is left out, and so is an
// address that is not http, https or mailto. The result is Clean, and is not escaped for any other syntax.
func Plain(md string) string {
	source := []byte(Clean(md))
	p := plain{source: source}
	return strings.TrimSpace(Clean(p.block(markdown.Parser().Parse(text.NewReader(source)))))
}

type plain struct{ source []byte }

// block returns the text of n, a block; "" when there is none.
func (p plain) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		return ""
	case *ast.ThematicBreak:
		return "—"
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return strings.TrimRight(string(n.Lines().Value(p.source)), "\n")
	case *ast.List:
		return p.list(n)
	case *extast.TableHeader, *extast.TableRow:
		return p.join(n, " | ")
	case *extast.Table:
		return p.join(n, "\n")
	}
	if n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeInline {
		return strings.TrimSpace(p.inlines(n))
	}
	return p.join(n, "\n\n")
}

// join puts the blocks in n one after the other.
func (p plain) join(n ast.Node, between string) string {
	var parts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := p.block(c); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, between)
}

func (p plain) list(l *ast.List) string {
	between := "\n"
	if !l.IsTight {
		between = "\n\n"
	}
	var items []string
	number := l.Start
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		mark := "• "
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		if s := p.join(c, between); s != "" {
			items = append(items, mark+s)
		}
	}
	return strings.Join(items, between)
}

// inlines returns the text of n's inline children.
func (p plain) inlines(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b.WriteString(p.inline(c))
	}
	return b.String()
}

func (p plain) inline(n ast.Node) string {
	switch n := n.(type) {
	case *ast.RawHTML:
		return ""
	case *ast.String:
		return string(n.Value)
	case *ast.Text:
		s := unescape(n.Value(p.source))
		if n.IsRaw() {
			s = string(n.Value(p.source))
		}
		if n.SoftLineBreak() || n.HardLineBreak() {
			s += "\n"
		}
		return s
	case *ast.AutoLink:
		return string(n.Label(p.source))
	case *ast.Link:
		return linked(p.inlines(n), unescape(n.Destination))
	}
	return p.inlines(n)
}

// linked is the plain form of a link: its text, then its address unless the text is the address already.
func linked(label, address string) string {
	if !safe(address) || strings.TrimSuffix(label, "/") == strings.TrimSuffix(address, "/") || "mailto:"+label == address {
		return label
	}
	return strings.TrimSpace(label + " " + address)
}

// unescape resolves backslash escapes and character references as goldmark does when it writes HTML, and takes the HTML away again.
func unescape(raw []byte) string {
	var b bytes.Buffer
	w := writer{&b}
	goldhtml.DefaultWriter.Write(w, raw)
	return html.UnescapeString(b.String())
}

// writer makes a bytes.Buffer the buffered writer that goldmark writes to.
type writer struct{ *bytes.Buffer }

func (w writer) Available() int { return w.Buffer.Available() }
func (w writer) Buffered() int  { return w.Len() }
func (w writer) Flush() error   { return nil }
