package guard

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"koira/engine"
)

// samePlainly holds one text to the slow way: what is read of it, in both manners, what is found in it, and whether it has another form. The rooms
// are used again, as the gate does.
func samePlainly(t interface{ Fatalf(string, ...any) }, text string, r *reading, room *[]hit, all ...*terms) {
	for _, signs := range []bool{true, false} {
		var want reading
		read(text, signs, r)
		readPlainly(text, signs, &want)
		slices.Sort(r.tricky) // lookAgain does
		slices.Sort(want.tricky)
		switch {
		case !slices.Equal(r.pieces, want.pieces):
			t.Fatalf("%q (%v) has the pieces\n%v, plainly\n%v", text, signs, r.pieces, want.pieces)
		case !slices.Equal(r.tricky, want.tricky) || !slices.Equal(r.dots, want.dots) || !slices.Equal(r.colons, want.colons) || !slices.Equal(r.ats, want.ats):
			t.Fatalf("%q (%v) has other signs than plainly:\n%v\n%v", text, signs, r, want)
		case r.is != want.is || r.scripts != want.scripts || r.marked != want.marked || r.zalgo != want.zalgo || r.text != text:
			t.Fatalf("%q (%v) is something else plainly:\n%v\n%v", text, signs, r, want)
		}
		var digits []int32
		for i, p := range want.pieces {
			if p.is&isDigit != 0 {
				digits = append(digits, int32(i))
			}
		}
		if !slices.Equal(r.digits, digits) {
			t.Fatalf("%q (%v) has its digits at %v, plainly at %v", text, signs, r.digits, digits)
		}
	}
	if normal := norm.NFKC.IsNormalString(text); !normal && r.is&isForm == 0 {
		t.Fatalf("%q has another form, and nobody sees it", text)
	}
	var plain reading
	readPlainly(text, false, &plain)
	for _, x := range all {
		if got, want := x.find(nil, r, room), x.findPlainly(&plain); !slices.Equal(got, want) {
			t.Fatalf("%q speaks of %v, plainly of %v", text, got, want)
		}
	}
}

// vocabularies are what texts are held against: the subjects of the benchmark, all packs, and words that begin with odd or few letters.
func vocabularies(t testing.TB) []*terms {
	packed, many := strict(), newsletter(t)
	few := clean()
	few.Guardrails.Topics.Blocked = append(slices.Clone(terms100), "x", "ab", "die", "tie", "=fined", "été", "24", "b2b", "3d", "s a l e", "ß", "Œuvre", "hope", "cry", "战争", "セール", "ลดราคา", "größe")
	var all []*terms
	for _, v := range []engine.View{packed, many, few} {
		all = append(all, newRules(&v.Guardrails).terms)
	}
	return all
}

// shards are what odd texts are put together from: each that reads in a way of its own.
var shards = []string{
	" ", " ", " ", "  ", "\n", "\t", "\r\n", ", ", ". ", "! ", ".", "-", "_", "*", "**", "<b>", "</b>", "&amp;", "&#97;", "[a](b)", "\\", "`", "@", "$", ":", "://", "/", "'", "’", "\"", "(", ")", "{{",
	"a", "I", "we", "the", "and", "bread", "Rye", "BAKE", "wholesaler", "internationalisation", strings.Repeat("abcdefgh", 9), "0", "1", "5", "24", "2025", "10:00", "€6.50", "s4le", "10am", "v2",
	"sale", "sales", "casino", "price", "war", "price war", "layoff", "mergers", "lawsuit", "distancia", "s a l e", "s-a-l-e", "PriceWar", "priceWar", "BIGSale", "SA", "Le", "É", "SummerS", "pricewar", "electionRESULTS", "ЦеныРаспродажа", "#", "#nosale", "#bigsalenow", "#pricewarsale", "c.a.s.i.n.o", "fined", "died", "tying", "hoping", "cries",
	"é", "ä", "leipä", "crème", "ß", "æ", "ﬁ", "ｓａｌｅ", "𝐬𝐚𝐥𝐞", "ⓢⓐⓛⓔ", "🅂", "🇸", "Sаle", "ѕаlе", "распродажа", "р а с", "хлеб", "й", "ᴀ", "ŀ", "½", "²", "①", "٣", "５", "Ⅷ",
	"\u0301", "a\u0301\u0302\u0303\u0304", "\u200b", "\u200d", "\u00ad", "\u2060", "\u202e", "\u3164", "\u00a0", "\u2028", "\u1160", "\u1161", "\uac00", "\U000E0041", "\ufffd", "\xff", "\xc3", "\xe2\x82", "\x00", "\x7f",
	"。", "．", "＠", "…", "！", "👩‍👩‍👧", "🥖", "1️⃣", "日本", "战争", "战", "争", "セール", "ลดราคา", "GRÖSSE", "ไทย", "\u0e33", "가", "\u09be", "K", "Å",
}

// What is read and found in texts put together from odd shards, short and long, is what the slow way reads and finds.
func TestReadsAsPlainly(t *testing.T) {
	all := vocabularies(t)
	var r reading
	var room []hit
	one := rapid.OneOf(rapid.SampledFrom(shards), rapid.SampledFrom(shards), rapid.SampledFrom(shards), rapid.String(), rapid.StringMatching(`[ -~]{0,70}`))
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(one, 0, 60).Draw(t, "texts")
		samePlainly(t, strings.Join(texts, rapid.SampledFrom([]string{"", " ", " "}).Draw(t, "between")), &r, &room, all...)
	})
}

// The same for every labelled sentence, alone and in a letter of all, and for every evasion of a subject at every place of a stretch.
func TestSentencesReadAsPlainly(t *testing.T) {
	all := vocabularies(t)
	var r reading
	var room []hit
	var letter strings.Builder
	for i, s := range sentences(t) {
		samePlainly(t, s.text, &r, &room, all...)
		letter.WriteString(s.text + [...]string{" ", " ", "\n\n", " – "}[i%4])
	}
	samePlainly(t, letter.String(), &r, &room, all...)
	const words = "Our bread is good and we bake it by hand, from rye that grows near here; it keeps for many days. "
	for c := range 256 { // every byte between two words, with a space before it, behind it, and without
		for _, between := range []string{string([]byte{byte(c)}), string([]byte{byte(c), ' '}), string([]byte{' ', byte(c)}), string([]byte{byte(c), byte(c), ' '})} {
			for at := 0; at < atOnce; at += 5 {
				samePlainly(t, words[at:]+words[:40]+between+words, &r, &room, all[2])
			}
		}
	}
	for term := range terms100 {
		for how := range len(evasions) + len(togethers) {
			for at := 0; at < atOnce; at += 7 {
				samePlainly(t, words[at:]+evaded(terms100[term], how)+" "+words, &r, &room, all...)
			}
		}
	}
}

// Every byte at every place of a stretch is told from every other as a letter or none.
func TestLettersAtOnce(t *testing.T) {
	for _, around := range []byte{'a', 'Z', ' ', 0xFF, 0} {
		b := []byte(strings.Repeat(string([]byte{around}), atOnce))
		for at := range b {
			for c := range 256 {
				b[at] = byte(c)
				got, capital := lettersOf(string(b))
				inner := false
				for i, x := range b {
					inner = inner || i > 0 && 'A' <= x && x <= 'Z' && ascii[b[i-1]] == isLetter
					if want := ascii[x] == isLetter; got>>i&1 == 1 != want {
						t.Fatalf("byte %d of %q is taken for a letter: %v", i, b, !want)
					}
				}
				if capital != inner {
					t.Fatalf("%q has a capital inside a word: %v", b, capital)
				}
			}
			b[at] = around
		}
	}
}

// A link that is read at a glance says what the parser of addresses says of it: all that can be put together of three of these parts.
func TestLinkKeysAsPlainly(t *testing.T) {
	parts := []string{
		"", "https://", "http://", "HTTPS://", "mailto:", "www.", "leipa.example", "Leipa.example", "/", "//", "?", "?a=b", "?utm_source=a", "&utm_b", "&", "#", "utm_", "utm_a=b=c", "UTM_a=b",
		"a=b", "=", ";", "%41", "%2F", "+", ":80", ":", "@", "..", ".", "-", "_", "~", "é", " ", ",", "*", "\\",
	}
	for _, before := range []string{"", "https://leipa.example", "http://www.leipa.example/reserve", "https://leipa.example/?utm_a=b"} {
		for _, a := range parts {
			for _, b := range parts {
				for _, c := range parts {
					if s := before + a + b + c; linkKey(s) != linkKeyPlainly(s) {
						t.Fatalf("the link %q is %q, plainly %q", s, linkKey(s), linkKeyPlainly(s))
					}
				}
			}
		}
	}
}

// FuzzReading holds any text to the slow way.
func FuzzReading(f *testing.F) {
	all := vocabularies(f)
	for _, s := range sentences(f) {
		f.Add(s.text)
	}
	for _, s := range shards {
		f.Add("Our bread is good " + s + " and we bake it by hand, from rye that grows near here; it keeps for many days." + s + "Buns.")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4_000 {
			t.Skip()
		}
		var r reading
		var room []hit
		samePlainly(t, text, &r, &room, all...)
		if got, want := linkKey(text), linkKeyPlainly(text); got != want {
			t.Fatalf("the link %q is %q, plainly %q", text, got, want)
		}
	})
}
