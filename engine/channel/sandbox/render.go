package sandbox

import (
	"strings"

	"koira/engine"
	"koira/engine/render"
)

// Render gives plain text as this kind of channel would carry it. Code invalid when it is empty, too long, or its link is none.
func (c *channel) Render(o engine.Output) (engine.Rendering, error) {
	var r engine.Rendering
	for _, v := range o.Variants {
		s, err := c.text(o, v)
		if err != nil {
			return engine.Rendering{}, err
		}
		n := render.Graphemes(s)
		if c.traits.Limit > 0 && n > c.traits.Limit {
			return engine.Rendering{}, engine.Errorf(engine.CodeInvalid, "%s takes %d characters; this text has %d.", c.traits.Label, c.traits.Limit, n)
		}
		r.Variants = append(r.Variants, engine.Rendered{Bytes: []byte(s), Shown: s, Count: n})
	}
	return r, nil
}

func (c *channel) text(o engine.Output, v engine.Variant) (string, error) {
	if _, err := render.Link(v.Link, o, v); err != nil { // the link is tagged already; this only asks whether it is one
		return "", err
	}
	subject, body := line(v.Subject), render.Plain(v.Body)
	if body == "" {
		return "", engine.Errorf(engine.CodeInvalid, "There is no text.")
	}
	if c.traits.Subject && subject == "" {
		return "", engine.Errorf(engine.CodeInvalid, "%s needs a subject or title.", c.traits.Label)
	}
	var parts []string
	switch c.Kind {
	case engine.KindEmail:
		parts = []string{subjectMark + subject, body, ask(v), "Unsubscribe: https://sandbox.example/" + c.Name + "/unsubscribe"}
	case engine.KindBlog:
		parts = []string{subject, body, ask(v)}
	default:
		parts = []string{body, ask(v)}
	}
	s := strings.Join(parts, "\n\n")
	if c.Kind == engine.KindEmail {
		s = strings.ReplaceAll(s, "{{", "{ {") // mail senders read templates there
	}
	return strings.ReplaceAll(s, "\n\n\n\n", "\n\n"), nil // a missing ask leaves no gap
}

const subjectMark = "Subject: "

// ask is the call to action with its link, "" when there is neither.
func ask(v engine.Variant) string {
	words := line(v.CallToAction)
	if words != "" && v.Link != "" {
		return words + " → " + v.Link
	}
	return words + v.Link
}

// line makes s one line.
func line(s string) string { return strings.Join(strings.Fields(render.Clean(s)), " ") }
