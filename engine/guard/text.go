package guard

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// said is everything that a variant says, as it was written and as it reads once its markup is gone: "sa**l**e" says sale. What a channel adds
// of its own, such as the line to unsubscribe, is not the writer's word and is not in it.
func said(v engine.Variant) string {
	return v.Content() + "\n" + bare(v.Subject+"\n"+v.Body+"\n"+v.CallToAction+"\n"+v.AltText)
}

var (
	reference = regexp.MustCompile(`!?\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])`)
	tag       = regexp.MustCompile(`(?s)<!--.*?-->|</?[A-Za-z][^<>]*>`)
	emphasis  = strings.NewReplacer("*", "", "`", "", "~", "", "\\", "")
)

// bare takes Markdown's and HTML's marks out of s and writes character references out. Underscores stay: within a word they are no emphasis,
// and addresses hold them.
func bare(s string) string {
	return html.UnescapeString(emphasis.Replace(tag.ReplaceAllString(reference.ReplaceAllString(s, "$1"), "")))
}

// fold brings text to the form in which rules compare it: compatibility forms joined (NFKC), lower case, accents off, and the Cyrillic and
// Greek letters that look like Latin ones replaced, so that "ѕаle" is "sale".
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			continue
		}
		r = unicode.ToLower(r)
		if l, ok := alike[r]; ok {
			r = l
		}
		b.WriteRune(r)
	}
	return b.String()
}

// alike maps letters of other alphabets to the Latin letter that they are drawn like (a small part of Unicode TR39's confusables).
var alike = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'ѕ': 's', 'і': 'i', 'ј': 'j', 'ԁ': 'd', 'һ': 'h', 'к': 'k', 'м': 'm', 'т': 't', 'в': 'b', 'н': 'h',
	'α': 'a', 'ε': 'e', 'ο': 'o', 'ρ': 'p', 'υ': 'u', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'τ': 't',
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd',
}

// stems splits folded text into word stems (Snowball English), so that "sales" and "sale" are one word.
func stems(s string) []string {
	words := strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		words[i] = english.Stem(w, true)
	}
	return words
}
