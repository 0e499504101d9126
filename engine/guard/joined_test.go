package guard

import (
	"strings"
	"testing"

	"koira/engine"
)

// Words that are written together are told apart by their capitals, and a term of several words is found as one word too.
func TestWordsWrittenTogether(t *testing.T) {
	for text, subject := range map[string]string{
		"#PriceWar": "price war", "#pricewar": "price war", "pricewars": "price war", "PRICEWAR": "price war", "#NoPriceWarHere": "price war", "PRICEWar": "price war", "Price#War": "price war",
		"#ElectionResults": "election results", "#electionresults": "election results", "#BigElection results": "election results", "#SummerSale": "sale", "#SummerSALE": "sale",
		"#BIGSaleNow": "sale", "#NoLawsuitHere": "lawsuit", "myLawsuits": "lawsuit", "LawSuit": "lawsuit", "#ЛетняяРаспродажа": "распродажа", "#ÜberSale": "sale", "𝐁𝐢𝐠𝐒𝐚𝐥𝐞": "sale",
		"p-r-i-c-e-w-a-r": "price war", "#Pr1ceWar": "price war", "#BigS4le": "sale", "#PriceWаr": "price war", "#SaLe": "sale", "Price<b></b>War": "price war", "our #price #war": "price war",
		"#nopricewar": "price war", "#pricewarnow": "price war", "#nolawsuithere": "lawsuit", "#summersale": "sale", "#SUMMERSALE": "sale", "#BigSummersale": "sale", "#flash_sale": "sale",
		"#sommerundräumungsale": "", "#nolawsuit": "lawsuit", "#salesweekend": "sale", "#salesaleSALE": "sale", "#bigsales!": "sale",
		// what is no subject
		"wholesale": "", "#wholesale": "", "#salesman": "", "#resale": "", "#salebread": "", "nolawsuithere": "", "summersale": "", "#": "", "# sale": "sale", "##": "", "Wholesaler": "", "SALEsian": "", "#WholesaleOnly": "", "price of the war": "", "priceWarm": "", "election": "", "resultsElection": "", "SAle": "sale", "UNSALEable": "",
	} {
		v := clean()
		v.Guardrails.Topics.Blocked = []string{"price war", "election results", "sale", "lawsuit", "распродажа"}
		body("We say " + text + " today.")(&v)
		got := outcome(Check(v), "topics")
		if want := map[bool]engine.Outcome{true: engine.Block, false: engine.Pass}[subject != ""]; got.Outcome != want || subject != "" && !strings.Contains(got.Evidence, `subject "`+subject+`"`) {
			t.Errorf("%q: %s %s", text, got.Outcome, got.Evidence)
		}
	}
	v := clean()
	v.Guardrails.Topics.Blocked = []string{"price war"}
	body("A price war is a #pricewar.")(&v)
	n := 0
	for _, f := range Check(v).Findings {
		if f.Rule == "topics" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("one subject has %d findings", n)
	}
}

// A word is taken apart where a reader would.
func TestBorders(t *testing.T) {
	for text, want := range map[string]string{
		"PriceWar": "Price War", "priceWar": "price War", "BIGSale": "BIG Sale", "SALE": "SALE", "Sale": "Sale", "sALE": "s ALE", "aB": "a B", "ABc": "A Bc", "iPhone": "i Phone", "ÄBc": "Ä Bc", "éÉ": "é É",
		"A\u0301B\u0301c": "A\u0301 B\u0301c", "战争War": "战争 War",
	} {
		var r reading
		read(text, false, &r)
		var words []string
		for _, p := range r.apart(nil, r.pieces) {
			words = append(words, text[p.at:p.end])
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
		if (len(words) > 1) && len(r.humps) == 0 {
			t.Errorf("nobody sees that %q is several words", text)
		}
	}
}
