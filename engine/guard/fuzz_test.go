package guard

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"koira/engine"
)

// evasions are the ways of writing a word that a blocked subject is found in all the same.
var evasions = []struct {
	name string
	of   func(word string) string
}{
	{"as it is", func(w string) string { return w }},
	{"capitals", strings.ToUpper},
	{"spaced", between(" ")},
	{"dashed", between("-")},
	{"dotted", between(".")},
	{"underlined", between("_")},
	{"starred", between("*")},
	{"zero-width", between("\u200b")},
	{"joined", between("\u200d")},
	{"soft hyphens", between("\u00ad")},
	{"word joiners", between("\u2060")},
	{"a dot inside", halved(".")},
	{"bold inside", halved("**")},
	{"empty tags", halved("<b></b>")},
	{"a comment", halved("<!-- x -->")},
	{"two links", func(w string) string {
		h := half(w)
		return "[" + w[:h] + "](https://leipa.example)[" + w[h:] + "](https://leipa.example)"
	}},
	{"references", func(w string) string {
		h := half(w)
		r, n := utf8.DecodeRuneInString(w[h:])
		return w[:h] + "&#" + decimal(r) + ";" + w[h+n:]
	}},
	{"accents", func(w string) string { return strings.Map(swap("aàeéiìoòuùnñcç"), w) }},
	{"marks", between("\u0301")},
	{"Cyrillic", func(w string) string { return strings.Map(swap("aаeеoоpрcсxхyуsѕiі"), w) }},
	{"Greek", func(w string) string { return strings.Map(swap("oοvν"), w) }},
	{"small capitals", func(w string) string { return strings.Map(swap("aᴀeᴇoᴏnɴrʀtᴛ"), w) }},
	{"full width", shifted('a', 'ａ')},
	{"mathematical", shifted('a', '𝐚')},
	{"circled", shifted('a', 'ⓐ')},
	{"digits", func(w string) string { return strings.Map(swap("o0i1e3a4s5t7"), w) }},
	{"one for l", func(w string) string { return strings.ReplaceAll(w, "l", "1") }},
	{"signs", func(w string) string { return strings.Map(swap("a@s$"), w) }},
}

// togethers are the ways of writing a whole term, each of whose words begins with a capital, together with other words.
var togethers = []struct {
	name string
	of   func(words string) string
}{
	{"alone", func(w string) string { return "#" + w }},
	{"small", func(w string) string { return "#" + strings.ToLower(w) }},
	{"behind a word", func(w string) string { return "Big" + w }},
	{"before a word", func(w string) string { return "#" + w + "Here" }},
	{"among words", func(w string) string { return "#noMore" + w + "Now" }},
	{"behind capitals", func(w string) string { return "BIG" + w }},
	{"with digits", func(w string) string { return "#Big" + strings.Map(swap("o0e3"), w) + "Now" }},
	{"with letters of others", func(w string) string { return "#Big" + strings.Map(swap("aаeеoо"), w) + "Now" }},
	{"behind a number", func(w string) string { return "#2025" + w }},
}

func capitalised(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[n:]
}

func between(sep string) func(string) string {
	return func(w string) string { return strings.Join(strings.Split(w, ""), sep) }
}

func halved(sep string) func(string) string {
	return func(w string) string { h := half(w); return w[:h] + sep + w[h:] }
}

func half(w string) int {
	h := len(w) / 2
	for !utf8.RuneStart(w[h]) {
		h--
	}
	return h
}

// swap replaces every rune of pairs by the one behind it.
func swap(pairs string) func(rune) rune {
	rs := []rune(pairs)
	return func(r rune) rune {
		for i := 0; i < len(rs); i += 2 {
			if rs[i] == r {
				return rs[i+1]
			}
		}
		return r
	}
}

func shifted(from, to rune) func(string) string {
	return func(w string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return to + r - from
			}
			return r
		}, w)
	}
}

func decimal(r rune) string {
	var b []byte
	for ; r > 0; r /= 10 {
		b = append([]byte{byte('0' + r%10)}, b...)
	}
	return string(b)
}

var terms100 = []string{"sale", "casino", "layoff", "price war", "election results", "party", "crisis", "mortgage", "vote", "distancia", "rosten", "primula"}

// evasion names a way.
func evasion(how int) string {
	if how >= len(evasions) {
		return "together, " + togethers[how-len(evasions)].name
	}
	return evasions[how].name
}

// evaded writes each word of term in a way, or all of them together with others.
func evaded(term string, how int) string {
	words := strings.Fields(term)
	if how >= len(evasions) {
		for i, w := range words {
			words[i] = capitalised(w)
		}
		return togethers[how-len(evasions)].of(strings.Join(words, ""))
	}
	for i, w := range words {
		words[i] = evasions[how].of(w)
	}
	sep := " "
	if evasions[how].name == "spaced" {
		sep = "   "
	}
	return strings.Join(words, sep)
}

// A blocked own subject stays blocked however it is written, wherever it stands.
func TestEvasions(t *testing.T) {
	for _, term := range terms100 {
		for how := range len(evasions) + len(togethers) {
			v := clean()
			v.Guardrails.Topics.Blocked = []string{"other", term}
			text := "Fresh bread, " + evaded(term, how) + ", and more."
			body(text)(&v)
			if got := outcome(Check(v), "topics"); got.Outcome != engine.Block || !strings.Contains(got.Evidence, term) {
				t.Errorf("%s, %s: %q gives %s %q", term, evasion(how), text, got.Outcome, got.Evidence)
			}
		}
	}
}

// FuzzGate holds that no text makes the gate panic or change its mind, that a blocked subject is found in every evasion and a foreign place in every
// way of writing it, whatever stands around them, and that evidence and remedy are there to read.
func FuzzGate(f *testing.F) {
	for _, s := range []string{
		"", "Rye at €6.50", "[x](javascript:alert(1)) <b>&#97;</b> {{x}} @here", "a\u0301\u0302\u0303\u0304 \u202e 𝐬𝐚𝐥𝐞 ５ ½ ² ①", "s 4 l e $ale s@le sa.le",
		"http://[::1]/ http://1.2.3.4:80/ https://a@b evil。example xn--80ak6aa92e.com mailto:x@y.z", "10:00 a.m. 3rd of December 2025-12-03 +358 40 123 4567 20 per cent EUR 6",
		"john.smith@evil.com", "leipa.example+x@evil.com/pay", "e.g/evil.com", "http:evil.com [x](https:evil.com)", "“evil.com”…evil.com。谢谢", "a..evil.com—a.b@c.d@leipa.example",
		"<!-- <!-- &amp &#x1F600; ![](a) [a][b] \\* ~~x~~ `y`", "\xff\xfe\x00 \u2028 \u3164 \U000E0041", "👩‍👩‍👧🇫🇮1️⃣❤️", "Распродажа р а с п р", "...---,,, . . .\n\n- a\n- b",
	} {
		f.Add(s, s, uint8(len(s)), uint8(3))
	}
	for _, s := range sentences(f) {
		f.Add(s.text, "", uint8(len(s.text)), uint8(len(s.label)))
	}
	f.Fuzz(func(t *testing.T, before, after string, term, how uint8) {
		if len(before)+len(after) > 4_000 { // longer ones are TestLongTexts'
			t.Skip()
		}
		v := clean()
		v.Guardrails.Topics = engine.TopicRule{Blocked: []string{"sale", "распродажа"}, Packs: []string{"profanity", "competitors", after}, Competitors: []string{before}}
		v.Guardrails.Voice = engine.VoiceRule{Locked: true, Required: []string{after}, Banned: []string{before}, Grade: 8, Sentence: 20, Emoji: 2, Exclamations: 2, Distance: 50}
		v.Guardrails.Facts.MaxAge, v.Guardrails.Duplicates = 90, engine.DuplicateRule{Percent: 80, Days: 9}
		v.Guardrails.Lines, v.Guardrails.Links.Domains = []engine.LineRule{{Text: after}}, []string{before, after}
		v.Strategy.Voice.Person = "we"
		v.Traits = engine.Traits{Limit: 300, Subject: true}
		v.Output.Variants = []engine.Variant{{Subject: after, Body: before, CallToAction: before, Link: after, AltText: after}, {Body: after}}
		v.Near = []engine.Neighbour{{Output: "n", Channel: v.Output.Channel, At: now, Out: true, Sketch: Sketch(v.Output.Variants, after)}}
		v.Strategy.Facts = append(v.Strategy.Facts, engine.Fact{Text: before})
		got := Check(v)
		if again := Check(v); !reflect.DeepEqual(got, again) {
			t.Fatal("the same view gave two verdicts")
		}
		for _, x := range got.Findings {
			if x.Outcome != engine.Pass && (x.Evidence == "" || x.Remedy == "") {
				t.Fatalf("%s has no evidence or no remedy", x.Rule)
			}
		}
		evading(t, before, after, int(term)%len(terms100), int(how)%(len(evasions)+len(togethers)))
	})
}

// evading puts an evasion of a term between two texts that may be anything, but do not take hold of it.
func evading(t *testing.T, before, after string, term, how int) {
	before, after = plainOf(before), plainOf(after)
	v := clean()
	v.Guardrails.Topics.Blocked = []string{terms100[term]}
	body(before + "\n\n; " + evaded(terms100[term], how) + " ;\n\n" + after)(&v)
	if outcome(Check(v), "topics").Outcome != engine.Block {
		t.Fatalf("%s, %s, is not found in %q", terms100[term], evasion(how), v.Output.Variants[0].Body)
	}
	body(before + "\n\n; " + foreign[(term+how)%len(foreign)].text + " ;\n\n" + after)(&v)
	if outcome(Check(v), "links").Outcome != engine.Block {
		t.Fatalf("%s is not found in %q", foreign[(term+how)%len(foreign)].text, v.Output.Variants[0].Body)
	}
}

// plainOf takes out of a text what would swallow what follows it, as it would for a reader: an open tag, comment or link.
func plainOf(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>[]()&\\!-", r) || unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
}

// Innocent text stays unblocked by subjects that it does not hold.
func TestLettersAloneAreNoSubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := clean()
		v.Guardrails.Topics.Blocked = []string{"sale", "casino"}
		words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("bread rye oven wholesaler salesian casing cashew salad tale ale scale a s we bake and or in at ten 24 6 kg €5")), 1, 30).Draw(t, "words")
		text := strings.Join(words, rapid.SampledFrom([]string{" ", ", ", "\n", " - "}).Draw(t, "sep"))
		body(text)(&v)
		if got := outcome(Check(v), "topics"); got.Outcome != engine.Pass {
			t.Fatalf("%q: %s", text, got.Evidence)
		}
	})
}
