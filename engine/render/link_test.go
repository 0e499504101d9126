package render

import (
	"net/url"
	"testing"

	"pgregory.net/rapid"

	"koira/engine"
)

var (
	output  = engine.Output{ID: "01JOUT", Channel: "bluesky", Kind: engine.KindSocial}
	variant = engine.Variant{Name: "A"}
)

func TestLink(t *testing.T) {
	const tags = "utm_source=bluesky&utm_medium=social&utm_campaign=01JOUT&utm_content=A"
	for name, c := range map[string]struct{ base, want string }{
		"plain":                 {"https://leipa.example/reserve", "https://leipa.example/reserve?" + tags},
		"http with a port":      {"http://127.0.0.1:8080", "http://127.0.0.1:8080?" + tags},
		"query kept as it is":   {"https://leipa.example/?b=2&a=%C3%A4+x", "https://leipa.example/?b=2&a=%C3%A4+x&" + tags},
		"fragment kept":         {"https://leipa.example/#hours", "https://leipa.example/?" + tags + "#hours"},
		"earlier tags give way": {"https://leipa.example/?utm_source=flyer&x=1&UTM%5Fcontent=Z", "https://leipa.example/?x=1&" + tags},
		"no link":               {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Link(c.base, output, variant)
			if err != nil || got != c.want {
				t.Fatalf("got %q, %v\nwant %q", got, err, c.want)
			}
			if again, err := Link(got, output, variant); err != nil || again != got {
				t.Errorf("a second time: %q, %v", again, err)
			}
		})
	}
	for name, base := range map[string]string{
		"javascript": "javascript:alert(1)", "data": "data:text/html,x", "ftp": "ftp://leipa.example", "mail": "mailto:mari@leipa.example",
		"no scheme": "leipa.example", "relative": "/reserve", "protocol-relative": "//leipa.example", "no host": "https:///x", "opaque": "https:leipa.example",
		"port alone": "https://:80/", "password": "https://a:b@leipa.example", "space": "https://leipa.example/a b", "new line": "https://leipa.example/\nx",
		"carriage return": "https://leipa.example/\r\nBcc: x", "direction override": "https://leipa.example/\u202egpj", "zero-width": "https://lei\u200bpa.example",
		"quote": `https://leipa.example/"x`, "tag": "https://leipa.example/<b>", "backslash": `https:\\evil.example`, "broken escape": "https://leipa.example/%zz",
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			if got, err := Link(base, output, variant); engine.CodeOf(err) != engine.CodeInvalid {
				t.Errorf("got %q, %v; want code invalid", got, err)
			}
		})
	}
}

func TestLinkEscapesNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := engine.Output{ID: rapid.String().Draw(t, "id"), Channel: rapid.String().Draw(t, "channel"), Kind: engine.KindBlog}
		got, err := Link("https://leipa.example/?keep=1", o, engine.Variant{Name: rapid.String().Draw(t, "variant")})
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if len(q) != 5 || q.Get("utm_campaign") != o.ID || q.Get("utm_source") != o.Channel || q.Get("keep") != "1" || u.Host != "leipa.example" {
			t.Fatalf("%q reads as %v", got, q)
		}
	})
}
