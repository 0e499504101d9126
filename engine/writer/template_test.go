package writer

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/engine"
)

func write(t *testing.T, b engine.Brief) engine.Copy {
	t.Helper()
	c, u, err := Template{}.Write(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	if u != (engine.Usage{}) {
		t.Fatalf("a template costs nothing, got %+v", u)
	}
	return c
}

// TestTemplateReads keeps thirty texts where people can read them.
func TestTemplateReads(t *testing.T) {
	var b strings.Builder
	for i := range 30 {
		kind := []engine.Kind{engine.KindSocial, engine.KindSocial, engine.KindEmail, engine.KindBlog}[i%4]
		brief := bakery(kind, engine.SubjectStyles[i/4%4], uint64(i))
		if i%5 == 0 {
			brief.Offer = &engine.Offer{Key: "regulars", Text: "15 % off rye for regulars until 30 November"}
		}
		if i%7 == 3 {
			brief.Voice.Person = "I"
			brief.Theme.Text = "Rye bread, from starter to slice"
		}
		v := write(t, brief).Variants[0]
		fmt.Fprintf(&b, "== %s, %s\n", kind, brief.Style)
		if v.Subject != "" {
			fmt.Fprintf(&b, "Subject: %s\n\n", v.Subject)
		}
		fmt.Fprintf(&b, "%s\n[%s]\n\n", v.Body, v.CallToAction)
	}
	golden(t, "template.golden", b.String())
}

func TestTemplateUsesOnlyTheBrief(t *testing.T) {
	numbers := regexp.MustCompile(`\d+`)
	rapid.Check(t, func(t *rapid.T) {
		b := drawBrief(t)
		c, _, err := Template{}.Write(context.Background(), b)
		if err != nil {
			if engine.CodeOf(err) != engine.CodeInvalid {
				t.Fatal(err)
			}
			return
		}
		var mayBeSaid []string
		for _, f := range b.Facts {
			if f.Holds(b.Slot) {
				mayBeSaid = append(mayBeSaid, f.Text)
			}
		}
		if b.Offer != nil {
			mayBeSaid = append(mayBeSaid, b.Offer.Text)
		}
		all := strings.Join(mayBeSaid, "\n")
		most, _ := room(b)
		for _, v := range c.Variants {
			text := v.Subject + "\n" + v.Body
			for _, n := range numbers.FindAllString(text, -1) {
				if !slices.Contains(numbers.FindAllString(all, -1), n) {
					t.Fatalf("%q holds %s, which is nobody's fact", text, n)
				}
			}
			if got := addresses(text); got != nil {
				t.Fatalf("%q holds addresses: %v", text, got)
			}
			if strings.ContainsAny(text, "{}|") || engine.Hidden(text) != nil {
				t.Fatalf("%q is not filled or hides something", text)
			}
			if v.Link != "" || v.CallToAction != b.CallToAction.Text {
				t.Fatalf("link %q, ask %q", v.Link, v.CallToAction)
			}
			if most > 0 && characters(v.Body) > most {
				t.Fatalf("%d characters of %d: %q", characters(v.Body), most, v.Body)
			}
			if (v.Subject == "") != (b.Kind == engine.KindSocial) {
				t.Fatalf("subject %q of %s", v.Subject, b.Kind)
			}
			for _, w := range b.Rules.Banned {
				if says(text, w) {
					t.Fatalf("%q says %q", text, w)
				}
			}
		}
		again, _, _ := Template{}.Write(context.Background(), b)
		if d := cmp.Diff(c, again); d != "" {
			t.Fatal(d)
		}
	})
}

func drawBrief(t *rapid.T) engine.Brief {
	pool := []string{
		"On Saturdays we bake a second batch at 10", "A loaf costs €4.20", "15 % for regulars", "Call 040 1234567", "24. joulukuuta suljettu", "# 1 in town",
		"Order at leipa.example/order", "Our oven is old", "We bake * with * stars_and_[brackets]", "sale of the week 48", "Kahvi &amp; pulla 5 €", "1 < 2",
	}
	b := bakery(rapid.SampledFrom([]engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog}).Draw(t, "kind"),
		rapid.SampledFrom(append(engine.SubjectStyles, "unknown")).Draw(t, "style"), rapid.Uint64().Draw(t, "seed"))
	b.Facts, b.Theme.Facts = nil, nil
	for i, text := range rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 0, 6, rapid.ID).Draw(t, "facts") {
		f := engine.Fact{Key: fmt.Sprint(i), Text: text}
		if rapid.IntRange(0, 4).Draw(t, "stale") == 0 {
			f.Until = b.Slot.Add(-time.Hour)
		}
		b.Facts = append(b.Facts, f)
	}
	b.Theme.Text = rapid.SampledFrom([]string{"rye bread", "Rye bread", "3 recipes", "How we bake: a series", "", "leipa.example"}).Draw(t, "theme")
	b.Limit = rapid.SampledFrom([]int{0, 170, 200, 300, 500}).Draw(t, "limit")
	b.Rules.Banned = rapid.SampledFrom([][]string{nil, {"sale"}, {"good to know", "hello"}}).Draw(t, "banned")
	b.Variants = rapid.IntRange(0, 3).Draw(t, "variants")
	if rapid.Bool().Draw(t, "offered") {
		b.Offer = &engine.Offer{Text: "2 for 1 on buns"}
	}
	return b
}

func TestTemplateStylesDiffer(t *testing.T) {
	for _, kind := range []engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog} {
		for seed := range uint64(40) {
			first := map[string]string{}
			for _, style := range engine.SubjectStyles {
				b := bakery(kind, style, seed)
				if seed%2 == 1 { // no number to begin with
					b.Facts = []engine.Fact{{Key: "oven", Text: "The oven is heated with birch wood."}}
				}
				v := write(t, b).Variants[0]
				line := v.Subject
				if kind == engine.KindSocial {
					line, _, _ = strings.Cut(v.Body, "\n")
				}
				if other, ok := first[line]; ok || line == "" {
					t.Errorf("%s, seed %d: %s and %s both begin with %q", kind, seed, other, style, line)
				}
				first[line] = style
			}
		}
	}
}

func TestTemplateSeedsDiffer(t *testing.T) {
	for _, kind := range []engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog} {
		texts := map[string]bool{}
		for seed := range uint64(100) {
			texts[write(t, bakery(kind, "plain", seed)).Variants[0].Body] = true
		}
		if len(texts) < 80 {
			t.Errorf("%s: 100 seeds gave %d texts", kind, len(texts))
		}
	}
}

func TestTemplateAvoidsRecentTexts(t *testing.T) {
	b := bakery(engine.KindSocial, "plain", 1)
	var fresh, blind float64
	for day := range uint64(6) {
		b.Seed = day
		v := write(t, b).Variants[0]
		if slices.Contains(b.Recent, v.Body) {
			t.Fatalf("day %d repeats %q", day, v.Body)
		}
		fresh += repeated(v.Body, runsOf(b.Recent))
		forgetful := b
		forgetful.Recent = nil
		blind += repeated(write(t, forgetful).Variants[0].Body, runsOf(b.Recent))
		b.Recent = append([]string{v.Body}, b.Recent...)
	}
	if fresh >= blind {
		t.Errorf("share repeated over six days: %.2f with, %.2f without looking at recent texts", fresh, blind)
	}
	b.Facts = b.Facts[:1]
	for b.Seed = range 60 { // everything that can be said with one fact
		b.Recent = append(b.Recent, write(t, b).Variants[0].Body)
	}
	if c := write(t, b); !strings.Contains(c.Doubt, "said in a recent piece") {
		t.Errorf("with its only fact said before, its doubt is %q", c.Doubt)
	}
}

func TestTemplateVariants(t *testing.T) {
	b := bakery(engine.KindEmail, "question", 5)
	b.Variants = 3
	c := write(t, b)
	var names, subjects []string
	for _, v := range c.Variants {
		names, subjects = append(names, v.Name), append(subjects, v.Subject)
	}
	if d := cmp.Diff([]string{"A", "B", "C"}, names); d != "" {
		t.Error(d)
	}
	if slices.Sort(subjects); len(slices.Compact(subjects)) != 3 {
		t.Errorf("subjects %q repeat", subjects)
	}
}

func TestTemplateFollowsTheBrief(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*engine.Brief)
		holds   string
		without string
		code    engine.Code
	}{
		"only the theme's facts":   {change: func(b *engine.Brief) { b.Theme.Facts = []string{"oven"} }, holds: "birch", without: "€"},
		"no stale fact":            {change: func(b *engine.Brief) { b.Facts[0].Until = b.Slot }, without: "second batch"},
		"the offer":                {change: func(b *engine.Brief) { b.Offer = &engine.Offer{Text: "a bun for free"} }, holds: "A bun for free."},
		"no offer of last week":    {change: func(b *engine.Brief) { b.Offer = &engine.Offer{Text: "a bun for free", Until: b.Slot} }, without: "free"},
		"an offer alone":           {change: func(b *engine.Brief) { b.Facts, b.Offer = nil, &engine.Offer{Text: "a bun for free"} }, holds: "A bun for free."},
		"a required word":          {change: func(b *engine.Brief) { b.Rules.Required = []string{"#leipä"} }, holds: "\n\n#leipä"},
		"a required word once":     {change: func(b *engine.Brief) { b.Rules.Required = []string{"Reserve your loaf"} }, without: "Reserve"},
		"speaking as one person":   {change: func(b *engine.Brief) { b.Voice.Person, b.Facts = "I", b.Facts[4:5] }, without: " we "},
		"a fact with markup":       {change: func(b *engine.Brief) { b.Facts[0].Text = "2 *rye* rolls"; b.Facts = b.Facts[:1] }, holds: `2 \*rye\* rolls`},
		"a tight limit":            {change: func(b *engine.Brief) { b.Limit = 190 }, holds: "."},
		"no fact":                  {change: func(b *engine.Brief) { b.Facts = nil }, code: engine.CodeInvalid},
		"facts banned":             {change: func(b *engine.Brief) { b.Facts, b.Rules.Banned = b.Facts[4:5], []string{"oven"} }, code: engine.CodeInvalid},
		"facts too long":           {change: func(b *engine.Brief) { b.Facts = []engine.Fact{{Key: "oven", Text: strings.Repeat("rye ", 90)}} }, code: engine.CodeInvalid},
		"more wordings than names": {change: func(b *engine.Brief) { b.Variants = 11 }, code: engine.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(25) {
				b := bakery(engine.KindSocial, engine.SubjectStyles[seed%4], seed)
				c.change(&b)
				got, _, err := Template{}.Write(context.Background(), b)
				if engine.CodeOf(err) != c.code {
					t.Fatalf("seed %d: %v, want code %q", seed, err, c.code)
				}
				if err != nil {
					continue
				}
				body := got.Variants[0].Body
				if !strings.Contains(body, c.holds) || c.without != "" && strings.Contains(body, c.without) {
					t.Errorf("seed %d: %q, want with %q and without %q", seed, body, c.holds, c.without)
				}
			}
		})
	}
}

func TestTemplateEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := (Template{}).Write(ctx, bakery(engine.KindSocial, "plain", 1)); err == nil {
		t.Error("wrote after its context ended")
	}
}

func BenchmarkTemplate(b *testing.B) {
	brief := bakery(engine.KindSocial, "plain", 1)
	for range 20 {
		brief.Recent = append(brief.Recent, "On Saturdays we bake a second batch of rye at 10. The oven is heated with birch wood.")
	}
	for b.Loop() {
		if _, _, err := (Template{}).Write(context.Background(), brief); err != nil {
			b.Fatal(err)
		}
	}
}
