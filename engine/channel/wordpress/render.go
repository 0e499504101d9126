package wordpress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"koira/engine"
	"koira/engine/render"
)

// text is what a person approves of a post, and what goes on the wire: the title and the content as WordPress stores them.
type text struct {
	Title   string `json:"title"`
	Content string `json:"content"`
}

// Render gives the JSON of title and HTML content for each variant. It is written so that WordPress stores it unchanged also for users
// whose HTML it filters, and so that nothing in it is a shortcode. Code invalid without a title or a text, or with a link that is none.
func (c *Channel) Render(o engine.Output) (engine.Rendering, error) {
	var r engine.Rendering
	for _, v := range o.Variants {
		t, err := compose(o, v)
		if err != nil {
			return engine.Rendering{}, err
		}
		b, err := t.encode()
		if err != nil {
			return engine.Rendering{}, err
		}
		shown := show(v)
		r.Variants = append(r.Variants, engine.Rendered{Bytes: b, Shown: shown, Count: render.Graphemes(shown)})
	}
	return r, nil
}

func compose(o engine.Output, v engine.Variant) (text, error) {
	title := line(v.Subject)
	if title == "" {
		return text{}, engine.Errorf(engine.CodeInvalid, "A blog post needs a title.")
	}
	body, err := render.HTML(v.Body)
	if err != nil {
		return text{}, err
	}
	if body == "" {
		return text{}, engine.Errorf(engine.CodeInvalid, "A blog post needs a text.")
	}
	if _, err := render.Link(v.Link, o, v); err != nil { // the link is tagged already; this only asks whether it is one
		return text{}, err
	}
	ask := html.EscapeString(line(v.CallToAction))
	switch {
	case v.Link != "":
		if ask == "" {
			ask = html.EscapeString(v.Link)
		}
		body += fmt.Sprintf("\n<p><a href=\"%s\">%s</a></p>", html.EscapeString(v.Link), ask)
	case ask != "":
		body += "\n<p>" + ask + "</p>"
	}
	// A title is HTML to WordPress, but a quote in it is only a quote.
	return text{Title: brackets.Replace(escapeTitle.Replace(title)), Content: stored(body)}, nil
}

// show is the post for a person to read: title, text, the ask and where it leads.
func show(v engine.Variant) string {
	parts := []string{line(v.Subject), render.Plain(v.Body)}
	if ask := strings.TrimSpace(line(v.CallToAction) + " " + v.Link); ask != "" {
		parts = append(parts, ask)
	}
	return strings.Join(parts, "\n\n")
}

// line makes s one line: a title has no second one.
func line(s string) string { return strings.Join(strings.Fields(render.Clean(s)), " ") }

var (
	escapeTitle = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	brackets    = strings.NewReplacer("[", "&#091;", "]", "&#093;") // [gallery] would run; this is only read
	shortRef    = regexp.MustCompile(`&#(\d{1,2});`)
)

// stored is content in the form in which WordPress keeps it: its filter writes character references with at least three digits.
func stored(content string) string {
	content = shortRef.ReplaceAllStringFunc(content, func(ref string) string {
		return "&#" + strings.Repeat("0", 6-len(ref)) + ref[2:]
	})
	return brackets.Replace(content)
}

// encode keeps < > & as they are, so that the bytes can be read by a person.
func (t text) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(t); err != nil {
		return nil, &engine.Error{Code: engine.CodeInternal, Message: "The post could not be written down.", Err: err}
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// decode reads an intent's bytes back.
func decode(b []byte) (text, error) {
	var t text
	if err := json.Unmarshal(b, &t); err != nil || t.Title == "" || t.Content == "" {
		return t, &engine.Error{Code: engine.CodeInvalid, Message: "This is not a post that was made for WordPress.", Err: err}
	}
	return t, nil
}
