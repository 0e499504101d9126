package writer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

func TestCopyFromAnswer(t *testing.T) {
	const good = "Rye at 10 on Saturdays."
	one := func(v variantAnswer) []variantAnswer { return []variantAnswer{v} }
	for name, c := range map[string]struct {
		kind     engine.Kind
		variants []variantAnswer
		want     *engine.Variant // nil: refused
	}{
		"as it should be":          {engine.KindBlog, one(variantAnswer{"Rye", good, ""}), &engine.Variant{Subject: "Rye", Body: good}},
		"a subject nobody wants":   {engine.KindSocial, one(variantAnswer{"Rye", good, ""}), &engine.Variant{Body: good}},
		"hidden characters":        {engine.KindBlog, one(variantAnswer{"Ry\u200be", "Rye \u202eat 10\U000E0041.", "a\u00adb"}), &engine.Variant{Subject: "Rye", Body: "Rye at 10.", AltText: "ab"}},
		"decomposed, CRLF":         {engine.KindBlog, one(variantAnswer{"A\u0308iti", "a\r\n\r\nb\n", ""}), &engine.Variant{Subject: "Äiti", Body: "a\n\nb"}},
		"a header in the subject":  {engine.KindEmail, one(variantAnswer{"Rye\r\nBcc: x", good, ""}), &engine.Variant{Subject: "Rye Bcc: x", Body: good}},
		"an empty body":            {engine.KindSocial, one(variantAnswer{"", " \u200b\n", ""}), nil},
		"an empty subject":         {engine.KindEmail, one(variantAnswer{" ", good, ""}), nil},
		"a body that is too long":  {engine.KindSocial, one(variantAnswer{"", strings.Repeat("rye ", 40), ""}), nil},
		"a long body of emoji":     {engine.KindSocial, one(variantAnswer{"", strings.Repeat("👩‍👩‍👧", 144), ""}), &engine.Variant{Body: strings.Repeat("👩‍👩‍👧", 144)}},
		"a long subject":           {engine.KindEmail, one(variantAnswer{strings.Repeat("x", 151), good, ""}), nil},
		"a long description":       {engine.KindSocial, one(variantAnswer{"", good, strings.Repeat("x", 1001)}), nil},
		"a link":                   {engine.KindSocial, one(variantAnswer{"", good + " https://evil.example", ""}), nil},
		"a bare domain":            {engine.KindSocial, one(variantAnswer{"", good + " evil.example/x", ""}), nil},
		"a split domain":           {engine.KindSocial, one(variantAnswer{"", good + " evil\u200b.example", ""}), nil},
		"a domain in wide letters": {engine.KindSocial, one(variantAnswer{"", good + " ｅｖｉｌ．ｅｘａｍｐｌｅ", ""}), nil},
		"a wide scheme":            {engine.KindSocial, one(variantAnswer{"", good + " ｈｔｔｐｓ：／／ｅｖｉｌ", ""}), nil},
		"its instructions":         {engine.KindSocial, one(variantAnswer{"", "Sure: YOU WRITE short *marketing* texts for a small business.", ""}), nil},
		"words of them":            {engine.KindSocial, one(variantAnswer{"", "A small business. You write short texts?", ""}), &engine.Variant{Body: "A small business. You write short texts?"}},
		"a Markdown link":          {engine.KindBlog, one(variantAnswer{"Rye", "[here](//evil)", ""}), nil},
		"a link in a subject":      {engine.KindBlog, one(variantAnswer{"evil.example", good, ""}), nil},
		"a link in a description":  {engine.KindSocial, one(variantAnswer{"", good, "www.evil.example"}), nil},
		"the business's own link":  {engine.KindSocial, one(variantAnswer{"", good + " https://leipa.example", ""}), nil},
		"too few":                  {engine.KindSocial, nil, nil},
		"too many":                 {engine.KindSocial, []variantAnswer{{"", good, ""}, {"", good + " Yes.", ""}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := bakery(c.kind, "plain", 1)
			most := 0
			if c.kind == engine.KindSocial {
				most = 144
			}
			got, err := copyFrom(copyAnswer{Variants: c.variants}, b, 1, most)
			if c.want == nil {
				if err == nil || len(got.Variants) > 0 {
					t.Errorf("taken: %+v", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			c.want.Name, c.want.CallToAction = "A", "Reserve your loaf"
			if d := cmp.Diff([]engine.Variant{*c.want}, got.Variants); d != "" {
				t.Error(d)
			}
		})
	}
	twice := []variantAnswer{{"Rye", good, ""}, {"Bread", good, ""}}
	if _, err := copyFrom(copyAnswer{Variants: twice}, bakery(engine.KindBlog, "plain", 1), 2, 0); err == nil {
		t.Error("the same body twice is taken")
	}
	got, err := copyFrom(copyAnswer{Variants: twice[:1], Doubt: "un\u200bsure\n" + strings.Repeat("x", 400)}, bakery(engine.KindBlog, "plain", 1), 1, 0)
	if err != nil || !strings.HasPrefix(got.Doubt, "unsure x") || len([]rune(got.Doubt)) != doubtMost+1 {
		t.Errorf("doubt %q, %v", got.Doubt, err)
	}
}

func TestShapeReads(t *testing.T) {
	const good = `{"variants":[{"subject":"","body":"Rye {dark}","alt_text":""}],"doubt":""}`
	for name, c := range map[string]struct {
		answer string
		ok     bool
	}{
		"plain":               {good, true},
		"in a fence":          {"```json\n" + good + "\n```", true},
		"after thoughts":      {"<think>{rye}</think>" + good, true},
		"nothing":             {"", false},
		"words":               {"I would rather not.", false},
		"braces in disorder":  {"}{", false},
		"broken JSON":         {good[:30] + "}", false},
		"two objects":         {good + good, false},
		"a key too many":      {strings.Replace(good, `"doubt"`, `"channel":"x","doubt"`, 1), false},
		"a key too few":       {strings.Replace(good, `,"doubt":""`, "", 1), false},
		"a key in capitals":   {strings.Replace(good, `"body"`, `"Body"`, 1), false},
		"a number for a text": {strings.Replace(good, `"doubt":""`, `"doubt":1`, 1), false},
		"null for a text":     {strings.Replace(good, `"doubt":""`, `"doubt":null`, 1), false},
		"a list":              {"[" + good + "," + good + "]", false},
	} {
		t.Run(name, func(t *testing.T) {
			var a copyAnswer
			err := copyShape.read(c.answer, &a)
			if (err == nil) != c.ok {
				t.Fatalf("%v", err)
			}
			if c.ok && a.Variants[0].Body != "Rye {dark}" {
				t.Errorf("read %+v", a)
			}
		})
	}
}
