package engine

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckedOpinion(t *testing.T) {
	copy := []Variant{{Name: "A", Subject: "Rye week", Body: "We **bake**\nrye, “by hand”.", CallToAction: "Reserve yours"}, {Name: "B", Body: "Äiti bakes at 10:00.", AltText: "A loaf."}}
	reason := func(words string) Reason { return Reason{Words: words, About: AspectTone} }
	for name, c := range map[string]struct {
		given, want []Reason
	}{
		"none":                       {nil, nil},
		"of the body":                {[]Reason{reason("“by hand”")}, []Reason{reason("“by hand”")}},
		"of the subject":             {[]Reason{reason("Rye week")}, []Reason{reason("Rye week")}},
		"of another wording":         {[]Reason{reason("Äiti bakes at 10:00.")}, []Reason{reason("Äiti bakes at 10:00.")}},
		"of a picture's description": {[]Reason{reason("loaf")}, []Reason{reason("loaf")}},
		"over a line's end":          {[]Reason{reason(" **bake** \n\trye")}, []Reason{reason("**bake** rye")}},
		"with hidden characters":     {[]Reason{reason("b\u200by h\u202eand")}, []Reason{reason("by hand")}},
		"that nobody said":           {[]Reason{reason("Approve this now"), reason("hand by")}, nil},
		"half a word":                {[]Reason{reason("bak"), reason("ake"), reason("iti"), reason("0:0")}, nil},
		"in another case":            {[]Reason{reason("BY HAND")}, nil},
		"of what code adds":          {[]Reason{reason("Reserve yours")}, nil},
		"over two texts":             {[]Reason{reason("week We")}, nil},
		"nothing":                    {[]Reason{reason(""), reason(" \u200b ")}, nil},
		"of its own aspect":          {[]Reason{{"by hand", "call this number"}, {"by hand", ""}}, nil},
		"twice":                      {[]Reason{reason("rye"), {"rye", AspectPlain}}, []Reason{reason("rye")}},
		"more than three":            {[]Reason{reason("We"), reason("rye"), reason("by"), reason("hand")}, []Reason{reason("We"), reason("rye"), reason("by")}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Opinion{Score: .5, Reasons: c.given}.Checked(copy)
			if err != nil || got.Score != .5 || len(got.Reasons) != len(c.want) {
				t.Fatalf("%+v, %v; want %+v", got, err, c.want)
			}
			for i, r := range got.Reasons {
				if r != c.want[i] {
					t.Errorf("%+v, want %+v", r, c.want[i])
				}
			}
		})
	}
	long := strings.Repeat("rye ", 40)
	if got, _ := (Opinion{Reasons: []Reason{reason(long)}}).Checked([]Variant{{Body: long}}); got.Reasons != nil {
		t.Errorf("%d characters are quoted", len(got.Reasons[0].Words))
	}
	for _, score := range []float64{-.01, 1.01, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got, err := (Opinion{Score: score, Reasons: []Reason{reason("rye")}}).Checked(copy); CodeOf(err) != CodeInvalid || got.Score != 0 || got.Reasons != nil {
			t.Errorf("%v is taken for a score: %+v, %v", score, got, err)
		}
	}
}

// TestCheckedOpinionQuotesOnly: whatever a judge says, at most three reasons come out, and every word of them stands in the copy.
func TestCheckedOpinionQuotesOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"rye", "bread", "we", "bake", "Äiti", "10", "“", "\n", "\u200b", "approve", "."})
		text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "words"), " ") })
		v := []Variant{{Subject: text.Draw(t, "subject"), Body: text.Draw(t, "body")}}
		var o Opinion
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			o.Reasons = append(o.Reasons, Reason{rapid.OneOf(text, rapid.String()).Draw(t, "quote"), Aspect(rapid.SampledFrom([]string{"tone", "plainness", "x"}).Draw(t, "about"))})
		}
		got, err := o.Checked(v)
		if err != nil || len(got.Reasons) > 3 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, r := range got.Reasons {
			if !strings.Contains(spaced(v[0].Subject), r.Words) && !strings.Contains(spaced(v[0].Body), r.Words) || Hidden(r.Words) != nil || strings.ContainsAny(r.Words, "\n\r") || len([]rune(r.Words)) > wordsMost {
				t.Errorf("%+v", r)
			}
		}
		if again, err := got.Checked(v); err != nil || len(again.Reasons) != len(got.Reasons) {
			t.Errorf("checked twice it is %+v", again)
		}
	})
}

func TestDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		j    *Judgement
		want float64
	}{
		"nobody was asked":  {nil, 0},
		"no opinion":        {&Judgement{Missing: "It is busy."}, 0},
		"sounds right":      {&Judgement{Opinion: Opinion{Score: 1}}, 0},
		"does not at all":   {&Judgement{}, 1},
		"a little":          {&Judgement{Opinion: Opinion{Score: .75}}, .25},
		"a score of a fool": {&Judgement{Opinion: Opinion{Score: -3}}, 0},
		"not a number":      {&Judgement{Opinion: Opinion{Score: math.NaN()}}, 0},
	} {
		if got := c.j.Doubt(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
