package guard

import (
	"strings"
	"testing"

	"koira/engine"
)

// A subject is found in every form of its letters, and in scripts without spaces wherever it stands in a sentence.
func TestSubjectsOfOtherAlphabets(t *testing.T) {
	for subject, texts := range map[string]struct{ says, not []string }{
		"größe":    {[]string{"Die GRÖSSE", "Die Größe", "GRÖẞE", "die grösse"}, []string{"Die Grüße", "gros"}},
		"strasse":  {[]string{"Straße", "STRASSE", "STRAẞE"}, []string{"Strafe"}},
		"πόλεμος":  {[]string{"ΠΌΛΕΜΟΣ", "πολεμος"}, nil},
		"satış":    {[]string{"SATIŞ", "satış"}, nil},
		"战争":       {[]string{"战争", "我们反对战争今天", "他们说战争。", "2025年战争", "战\u200b争", "战-争", "战.争", "和 战 争 的", "战**争**", "价格战争War", "[战争](https://leipa.example)"}, []string{"停战。争取", "停战，争取", "停战 争取", "战斗与争吵", "战\n争取"}},
		"セール":      {[]string{"本日セール開催", "サマーセール", "ｾｰﾙ中"}, []string{"セル", "セーター"}},
		"バーゲン":     {[]string{"大バーゲン市", "ﾊﾞｰｹﾞﾝ市"}, []string{"ハーケン"}},
		"ลดราคา":   {[]string{"วันนี้ลดราคาทุกอย่าง", "ลด ราคา ลดราคา"}, []string{"ราคาลด"}},
		"ป่า":      {[]string{"ในป่าใหญ่"}, []string{"คุณป้าใหญ่", "มาปาใหญ่"}},
		"សង្គ្រាម": {[]string{"គ្មានសង្គ្រាមទេ"}, []string{"សង្គម"}},
		"စစ်ပွဲ":   {[]string{"ဒီစစ်ပွဲကို"}, []string{"စစ်"}},
	} {
		v := clean()
		v.Guardrails.Topics.Blocked = []string{"other", subject}
		v.Guardrails.Voice.Banned = []string{subject}
		for want, all := range map[engine.Outcome][]string{engine.Block: texts.says, engine.Pass: texts.not} {
			for _, text := range all {
				body(text)(&v)
				if got := outcome(Check(v), "topics"); got.Outcome != want || want == engine.Block && !strings.Contains(got.Evidence, subject) {
					t.Errorf("%s in %q: %s %s", subject, text, got.Outcome, got.Evidence)
				}
			}
		}
		if !Finds(subject) {
			t.Errorf("%s can never be found", subject)
		}
	}
}

// What no text can be found to say is no term.
func TestFinds(t *testing.T) {
	for term, want := range map[string]bool{
		"sale": true, "=fined": true, "price war": true, "a": true, "24/7": true, "c++": true, "naïve": true, "हिंसा": true, "전쟁": true, "½": true, strings.Repeat("word ", 20): true,
		"": false, "=": false, "🥖": false, "!?": false, "\u0301": false, "\u3164": false,
	} {
		if got := Finds(term); got != want {
			t.Errorf("%q can be found: %v", term, got)
		}
	}
}
