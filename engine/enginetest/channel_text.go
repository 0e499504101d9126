package enginetest

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

func wholeTraits(t *testing.T, v *visit) {
	tr := v.Channel.Traits()
	if tr.Name == "" || tr.Label == "" || tr.Kind == "" {
		t.Errorf("a name, label or kind is missing: %+v", tr)
	}
	if tr.Flight < 0 || tr.Lag < 0 || tr.Limit < 0 {
		t.Errorf("a flight, lag or limit is negative: %+v", tr)
	}
	if d := cmp.Diff(tr, v.Channel.Traits()); d != "" {
		t.Errorf("traits change by themselves: %s", d)
	}
}

func pureRender(t *testing.T, v *visit) {
	o := v.output(t)
	first, err := v.Channel.Render(o)
	if err != nil {
		t.Fatal(err)
	}
	o.ID, o.State, o.Attempts = "another", engine.StateWaiting, 7 // what a person does not see must not change what goes out
	second, err := v.Channel.Render(o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first, second); d != "" {
		t.Errorf("equal texts render differently: %s", d)
	}
	if len(first.Variants) != len(o.Variants) {
		t.Fatalf("%d variants rendered, want %d", len(first.Variants), len(o.Variants))
	}
	r := first.Variants[0]
	if len(r.Bytes) == 0 || r.Shown == "" || r.Count == 0 {
		t.Errorf("bytes, shown text or count is missing: %+v", r)
	}
	if w := "second batch"; !strings.Contains(r.Shown, w) || !bytes.Contains(r.Bytes, []byte(w)) {
		t.Errorf("%q is lost in rendering", w)
	}
	if !strings.Contains(r.Shown, "utm_content=A") {
		t.Errorf("a person does not see the link: %q", r.Shown)
	}
	o.Variants[0].Body += " Today."
	third, err := v.Channel.Render(o)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(third.Variants[0].Bytes, r.Bytes) {
		t.Error("another text renders to the same bytes")
	}
	v.live(t, "", 0)
}

func overlong(t *testing.T, v *visit) {
	o := v.output(t)
	o.Variants[0].Body = strings.Repeat("rye ", v.Channel.Traits().Limit)
	_, err := v.Channel.Render(o)
	wantCode(t, "Render of a text that is too long", err, engine.CodeInvalid)
}

// attacks are texts that try to become more than text. A channel may refuse one with code invalid; else what it renders holds no match of must-not.
var attacks = []struct {
	name    string
	attack  func(*engine.Variant)
	kinds   []engine.Kind // where it would bite; nil means everywhere
	markup  bool          // it is markup, so plain text carries it without harm
	mustNot *regexp.Regexp
}{
	{"a script", func(v *engine.Variant) { v.Body += "\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>" }, html, true,
		regexp.MustCompile(`(?i)(<|\\u003c)\s*script|(<|\\u003c)img[^>]*onerror`)},
	{"a script in the subject", func(v *engine.Variant) { v.Subject = "Rye <script>alert(1)</script>" }, []engine.Kind{engine.KindBlog}, true,
		regexp.MustCompile(`(?i)(<|\\u003c)\s*script`)},
	{"a script in the call to action", func(v *engine.Variant) { v.CallToAction = "Buy <script>alert(1)</script>" }, html, true,
		regexp.MustCompile(`(?i)(<|\\u003c)\s*script`)},
	{"a link that runs code", func(v *engine.Variant) { v.Body += " [rye](javascript:alert(1))" }, html, true,
		regexp.MustCompile(`(?i)href=\\?["']?\s*javascript:`)},
	{"a link that breaks out of its quotes", func(v *engine.Variant) { v.Link = `https://leipa.example/"onmouseover="alert(1)` }, html, true,
		regexp.MustCompile(`/\\?"onmouseover`)},
	{"a template", func(v *engine.Variant) { v.Body += " {{ .Secret }}" }, []engine.Kind{engine.KindEmail}, false,
		regexp.MustCompile(`\{\{ *\.Secret`)},
	{"a template in the subject", func(v *engine.Variant) { v.Subject = "Rye {{ .Secret }}" }, []engine.Kind{engine.KindEmail}, false,
		regexp.MustCompile(`\{\{ *\.Secret`)},
	{"a header in the subject", func(v *engine.Variant) { v.Subject = "Rye\r\nBcc: all@leipa.example" }, nil, false,
		regexp.MustCompile(`(?m)^Bcc:|\r\nBcc|\\r\\nBcc|\\nBcc`)},
	{"text that is turned around", func(v *engine.Variant) { v.Body += " \u202eeyr" }, nil, false,
		regexp.MustCompile("\u202e" + `|\\u202e`)},
}

var html = []engine.Kind{engine.KindBlog, engine.KindEmail}

func hostile(t *testing.T, v *visit) {
	tr := v.Channel.Traits()
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			o := v.output(t)
			plain := o.Variants[0].Subject
			a.attack(&o.Variants[0])
			if a.markup && v.Plain || a.kinds != nil && !slices.Contains(a.kinds, tr.Kind) || !tr.Subject && o.Variants[0].Subject != plain {
				t.Skip("does not bite here")
			}
			r, err := v.Channel.Render(o)
			if err != nil {
				wantCode(t, "refusing it", err, engine.CodeInvalid)
				return
			}
			for what, text := range map[string]string{"bytes": string(r.Variants[0].Bytes), "shown": r.Variants[0].Shown} {
				if what == "shown" && a.kinds != nil {
					continue // people are shown plain text, in which markup is only characters
				}
				if m := a.mustNot.FindString(text); m != "" {
					t.Errorf("%s hold %q: %s", what, m, text)
				}
			}
			v.publishAsRendered(t, o)
		})
	}
}

// publishAsRendered publishes o and asserts that the channel's own filters leave it as it was rendered and approved.
func (v *visit) publishAsRendered(t *testing.T, o engine.Output) {
	if v.Read == nil {
		return
	}
	i, err := IntentOf(v.Channel, o, v.NewID())
	if err != nil {
		t.Fatal(err)
	}
	i, r := v.publish(t, i)
	if got := v.Read(t, r.Ref); !bytes.Equal(got, i.Bytes) {
		t.Errorf("what went out is not what was approved.\nread back: %s\napproved:  %s", got, i.Bytes)
	}
}
