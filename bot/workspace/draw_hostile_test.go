package workspace

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hostile are texts that try to leave the place they are written to.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `" onfocus="alert(1)" autofocus="`,
	`</textarea><script>alert(1)</script>`, `</dialog></form><script>`, `javascript:alert(1)`, `data:text/html,<script>alert(1)</script>`,
	`<javascript:alert(1)|click>`, `<https://a.example/"onclick="alert(1)|x>`, `<https://a.example|"><b onclick=x>>`, `<@U1"><script>|<b>>`,
	`<#C1|</span><script>>`, `<!date^1764054600^{date}^javascript:alert(1)|x>`, `<!date^1764054600^<b onclick=x>|"><i>>`, `&lt;script&gt;alert(1)&lt;/script&gt;`,
	"`</code><script>`", "```</pre><script>```", `*"><b onclick=x>*`, `[x](javascript:alert(1))`, `[x](https://a.example/"onclick="x)`, `<!--`, `]]>`, `//evil.example/x.png`,
	`http://127.0.0.1//evil.example/x.png`, `JaVaScRiPt:alert(1)`, " javascript:alert(1)", "java\nscript:alert(1)", `vbscript:x`,
}

// mayStand are the attributes that a drawing may have, by which nothing runs.
var mayStand = strings.Fields("class id href target rel src alt loading type value title datetime name checked selected required placeholder maxlength minlength step min max" +
	" inputmode rows for role tabindex start label hidden novalidate autocomplete" +
	" aria-label aria-hidden aria-labelledby aria-describedby aria-invalid data-block data-action data-type data-sends data-confirm data-value data-key data-answer" +
	" data-field data-invalid data-count data-max data-max-selected data-focus data-each-character data-view data-close data-digest data-ts data-in data-go")

func TestHostileTextStaysText(t *testing.T) {
	for _, s := range hostile {
		t.Run(s, func(t *testing.T) {
			p := testPen()
			for _, sample := range blockSamples {
				p.blocks(json.RawMessage("[" + poisoned(t, sample.json, s) + "]"))
			}
			for kind, sample := range controlSamples {
				p.blocks(json.RawMessage(poisoned(t, sectionWith(kind, sample.json), s)))
			}
			view := poisoned(t, `{"title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"S"},"close":{"type":"plain_text","text":"C"},"blocks":[]}`, s)
			p.modal(View{ID: s, Raw: json.RawMessage(view), Notice: s})
			p.home(&View{ID: s, Raw: json.RawMessage(view)})
			p.conversation(conversation{
				messages: []Message{{Channel: s, TS: "1." + s, User: s, Text: s, Files: []File{{ID: s, Name: s, MIME: "image/png", AltText: s, URL: s}, {ID: s, MIME: "text/plain"}}}},
				file:     func(string) ([]byte, bool) { return []byte(s), true },
			})
			p.markdown(s)
			if err := harmless(p.b.String()); err != nil {
				t.Errorf("%v in\n%s", err, p.b.String())
			}
		})
	}
}

// poisoned puts s into every text of a JSON value, types left as they are so that everything is still drawn.
func poisoned(t *testing.T, raw, s string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err, raw)
	}
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			return s
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				if k != "type" && k != "style" {
					v[k] = walk(v[k])
				}
			}
		}
		return v
	}
	return string(encode(walk(v)))
}

var void = regexp.MustCompile(`<(br|hr|img|input)\b[^<>]*>`)

// harmless reads markup strictly and refuses whatever could run, leaves this server or is not closed.
func harmless(markup string) error {
	d := xml.NewDecoder(strings.NewReader("<div>" + void.ReplaceAllString(markup, "$0</$1>") + "</div>"))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.Comment, xml.Directive, xml.ProcInst:
			return fmt.Errorf("%T", e)
		case xml.StartElement:
			if err := harmlessElement(e); err != nil {
				return err
			}
		}
	}
}

func harmlessElement(e xml.StartElement) error {
	if slices.Contains([]string{"script", "style", "iframe", "object", "link", "base", "b:script"}, e.Name.Local) {
		return fmt.Errorf("element %s", e.Name.Local)
	}
	for _, a := range e.Attr {
		scheme, _, _ := strings.Cut(a.Value, ":")
		switch {
		case !slices.Contains(mayStand, a.Name.Local):
			return fmt.Errorf("attribute %s", a.Name.Local)
		case a.Name.Local == "href" && !strings.HasPrefix(a.Value, "/file/") && !slices.Contains([]string{"http", "https", "mailto", "tel"}, scheme):
			return fmt.Errorf("link to %s", a.Value)
		case a.Name.Local == "src" && !strings.HasPrefix(a.Value, "/file/"):
			return fmt.Errorf("picture from %s", a.Value)
		}
	}
	return nil
}

func TestHarmlessFindsHarm(t *testing.T) {
	for _, harm := range []string{`<script>x</script>`, `<a href="javascript:x">x</a>`, `<p onclick="x">x</p>`, `<img src="https://a.example">`, `<!-- x -->`, `<p>x`} {
		if harmless(harm) == nil {
			t.Errorf("nothing found wrong with %s", harm)
		}
	}
}
