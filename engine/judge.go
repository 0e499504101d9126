package engine

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Judge says what it thinks of how copy sounds. It may only add a warning or lower confidence: nothing passes, and nothing is stopped, for what it
// says. Its answer is a stranger's input; its usage is charged even when it fails.
type Judge interface {
	// Name is how Details name the judge.
	Name() string
	Judge(ctx context.Context, h Hearing) (Opinion, Usage, error)
	// Ceiling is the most that one Judge of h can cost, all its attempts together.
	Ceiling(h Hearing) Money
}

// Hearing is everything that a judge is given: how the business sounds, and what would go out.
type Hearing struct {
	Voice    Voice // its examples are the approved texts
	Rules    VoiceRule
	Kind     Kind
	Variants []Variant
}

// Opinion is what a judge thinks of copy: 0 (does not sound like the business at all) to 1 (could have been written by it).
type Opinion struct {
	Score   float64
	Reasons []Reason
}

// Reason is words of the copy, and what about them is not like the business. A judge chooses both, and has no words of its own: whatever it was talked
// into, it cannot speak to people.
type Reason struct {
	Words string `json:"words"`
	About Aspect `json:"about"`
}

// Aspect is what of a voice words can miss.
type Aspect string

const (
	AspectTone     Aspect = "tone"
	AspectPerson   Aspect = "person"
	AspectPlain    Aspect = "plainness"
	AspectConcrete Aspect = "concreteness"
)

// Aspects lists them all.
var Aspects = []Aspect{AspectTone, AspectPerson, AspectPlain, AspectConcrete}

const (
	// reasonsMost is how many reasons of an opinion are kept.
	reasonsMost = 3
	// wordsMost is how many characters of the copy a reason may quote.
	wordsMost = 60
)

// Checked is o as it may be kept: at most three reasons, each of a known aspect, with words that stand in the copy as whole words. What else it says is
// left out. Code invalid for a score that is none.
func (o Opinion) Checked(variants []Variant) (Opinion, error) {
	if !(o.Score >= 0 && o.Score <= 1) { // NaN is neither
		return Opinion{}, Errorf(CodeInvalid, "The score is %v; it goes from 0 to 1.", o.Score)
	}
	c := Opinion{Score: o.Score}
	for _, r := range o.Reasons {
		r.Words = spaced(r.Words)
		if len(c.Reasons) < reasonsMost && slices.Contains(Aspects, r.About) && said(variants, r.Words) && !slices.ContainsFunc(c.Reasons, func(x Reason) bool { return x.Words == r.Words }) {
			c.Reasons = append(c.Reasons, r)
		}
	}
	return c, nil
}

// said reports whether words that are short enough to be quoted stand, as whole words, in a text of one of the variants that somebody wrote.
func said(variants []Variant, words string) bool {
	if words == "" || utf8.RuneCountInString(words) > wordsMost {
		return false
	}
	return slices.ContainsFunc(variants, func(v Variant) bool {
		return slices.ContainsFunc([]string{v.Subject, v.Body, v.AltText}, func(text string) bool { return holds(spaced(text), words) })
	})
}

func holds(text, words string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(words)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		first, n := utf8.DecodeRuneInString(words)
		last, _ := utf8.DecodeLastRuneInString(words)
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !(lettered(before) && lettered(first)) && !(lettered(last) && lettered(after)) {
			return true
		}
		from = start + n
	}
}

func lettered(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spaced is s on one line, without what nobody can see.
func spaced(s string) string { return strings.Join(strings.Fields(StripHidden(s)), " ") }

// Judgement is a judge's opinion of one version of a piece, made while it was drafted and kept by its digest; or why there is none.
type Judgement struct {
	Output  string
	Digest  Digest
	At      time.Time
	Judge   string // its name
	Opinion        // zero where Missing says why
	Missing string // why the voice was not judged, as a sentence; "" where it was
}

// Doubt is how much the judge doubts that the piece sounds like the business, 0 to 1: nothing where there is no opinion.
func (j *Judgement) Doubt() float64 {
	if j == nil || j.Missing != "" || !(j.Score >= 0 && j.Score <= 1) {
		return 0
	}
	return 1 - j.Score
}
