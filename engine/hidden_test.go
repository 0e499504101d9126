package engine

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHidden(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		hidden   []string
	}{
		"plain text":                      {"Rye at 10.\n\tÄiti & Co", "Rye at 10.\n\tÄiti & Co", nil},
		"carriage returns":                {"a\r\nb\rc\u0085d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", nil},
		"carriage return before nothing":  {"a\r", "a\n", nil},
		"zero-width space inside a word":  {"sa\u200ble", "sale", []string{"zero-width space U+200B"}},
		"joiner inside a Latin word":      {"sa\u200dle", "sale", []string{"zero-width joiner U+200D"}},
		"non-joiner inside a Latin word":  {"sa\u200cle", "sale", []string{"zero-width non-joiner U+200C"}},
		"soft hyphen":                     {"sa\u00adle", "sale", []string{"soft hyphen U+00AD"}},
		"right-to-left override":          {"moc.\u202elive", "moc.live", []string{"direction override U+202E"}},
		"isolates, once each":             {"\u2066a\u2069\u2066", "a", []string{"direction override U+2066", "direction override U+2069"}},
		"escape and null":                 {"a\x1b[0m\x00", "a[0m", []string{"control character U+001B", "control character U+0000"}},
		"tag letters":                     {"hi\U000E0069\U000E0067", "hi", []string{"tag character U+E0069", "tag character U+E0067"}},
		"selector behind a letter":        {"a\ufe01b\ufe0f", "ab", []string{"variation selector U+FE01", "variation selector U+FE0F"}},
		"supplementary selector":          {"a\U000E0100", "a", []string{"tag character U+E0100"}},
		"byte order mark":                 {"\ufeffa", "a", []string{"zero-width character U+FEFF"}},
		"filler letter":                   {"a\u3164b", "ab", []string{"blank letter U+3164"}},
		"not UTF-8":                       {"a\xffb\xc3", "ab", []string{"bytes that are not UTF-8"}},
		"a replacement character written": {"a\ufffdb", "a\ufffdb", nil},
		"non-character":                   {"a\U0001FFFE", "a", []string{"non-character U+1FFFE"}},
		"red heart":                       {"❤\ufe0f", "❤\ufe0f", nil},
		"family":                          {"👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧", nil},
		"cook with a skin tone":           {"👩🏽\u200d🍳", "👩🏽\u200d🍳", nil},
		"rainbow flag":                    {"🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈", nil},
		"keycap":                          {"1\ufe0f\u20e3", "1\ufe0f\u20e3", nil},
		"joiner after the last emoji":     {"👩\u200d.", "👩.", []string{"zero-width joiner U+200D"}},
		"Persian non-joiner":              {"می\u200cخواهم", "می\u200cخواهم", nil},
		"Devanagari joiner":               {"क\u094d\u200dष", "क\u094d\u200dष", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := StripHidden(c.in); got != c.want {
				t.Errorf("StripHidden = %q, want %q", got, c.want)
			}
			if d := cmp.Diff(c.hidden, Hidden(c.in)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestConcealedIsComplete holds the table to Unicode's own lists. Left out are the few format characters that have ink.
func TestConcealedIsComplete(t *testing.T) {
	inked := func(r rune) bool {
		return r >= 0x0600 && r <= 0x0605 || r == 0x06DD || r == 0x070F || r >= 0x0890 && r <= 0x0891 || r == 0x08E2 || r == 0x110BD || r == 0x110CD
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		invisible := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Bidi_Control)
		if !invisible || inked(r) || strings.ContainsRune("\n\t\r\u0085", r) {
			continue
		}
		if concealedName(r) == "" {
			t.Errorf("U+%04X is not in the table", r)
		}
	}
}

func TestStripHiddenTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("a1*👩❤🏽می\u200b\u200c\u200d\ufe0f\u20e3\u202e\ufeff\r\n\u094dक\U000E0069")))).Draw(t, "s")
		once := StripHidden(s)
		if h := Hidden(once); h != nil {
			t.Fatalf("%q still hides %v", once, h)
		}
		if twice := StripHidden(once); twice != once {
			t.Fatalf("%q becomes %q", once, twice)
		}
	})
}
