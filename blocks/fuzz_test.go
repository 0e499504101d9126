package blocks

import (
	"strings"
	"testing"

	"koira/bot/workspace"
	"koira/engine"
)

// FuzzCard puts one text into every place of every card and window that a writer or a person can fill. Slack takes each; in none does the text
// become a control sequence, a mention or a link of another name; and nothing that a reader cannot see is left in it.
func FuzzCard(f *testing.F) {
	for _, s := range []string{
		"Rye bread sells out.", "<!everyone> <!here|x> <@U0MARI0001> <#C000000001> <!subteam^S1|x>", "<https://paha.example|leipa.example>", "*a* _b_ ~c~ `d` ```e```",
		"a\n> b\n&lt;!channel&gt;", "\u202eevil\u200b\u2066x\u2069\U000E0041", "<!date^0^{date}|x>", "Ääkköset 👩🏽‍🍳🇫🇮", "\xff\xfe\x00\x1b[2J", "|", "https://leipa.example/reserve",
		strings.Repeat("<", 2500), strings.Repeat("&", 700), "{at}", "{", "\u2028\u2029\u0085\r\n\v", "@channel @here U0TOMI0001", ":tada::wave:", " ", "\u3164\u00ad",
		"lowered by U0TOMI0001", "javascript:alert(1)", "a\u0301\u0302\u0303\u0304", "%s %d %!", "<mailto:a@b.example|x> <tel:1|y>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		if len(said) > 3_000 { // longer ones are the largest drawings'
			t.Skip()
		}
		b := bakery{said: said}
		for _, d := range b.drawings() {
			problems := workspace.ValidateMessage(d.raw)
			if d.view {
				problems = workspace.ValidateView(d.raw)
			}
			for _, p := range problems {
				t.Errorf("%s: %s at %s", d.name, p.Message, p.Pointer)
			}
			harmless(t, d)
		}
		v := b.waiting()
		exact(t, v, asMessage("exact", Piece(v)).raw)
	})
}

// harmless holds that what d says is text and nothing else, but for the control sequences that koira writes itself.
func harmless(t *testing.T, d drawing) {
	t.Helper()
	still := func(s string) {
		if rest := own.ReplaceAllString(s, ""); strings.ContainsAny(rest, "<>") {
			t.Errorf("%s: a control sequence is not koira's own: %q", d.name, rest)
		}
	}
	still(d.push)
	seen := func(s string) {
		if hidden := engine.Hidden(s); hidden != nil {
			t.Errorf("%s: nobody can see %v in %q", d.name, hidden, s)
		}
	}
	seen(d.push)
	each(d.raw, func(o map[string]any) {
		if text, ok := o["text"].(string); ok {
			seen(text)
		}
		switch o["type"] {
		case "mrkdwn":
			still(o["text"].(string))
			if o["verbatim"] != true {
				t.Errorf("%s: Slack may make links of its own out of %q", d.name, o["text"])
			}
		case "link":
			url := o["url"].(string)
			if o["text"] != url && o["text"] != shortLink(url) {
				t.Errorf("%s: the link says %q and leads to %q", d.name, o["text"], url)
			}
		case "broadcast", "channel", "usergroup":
			t.Errorf("%s holds a %s", d.name, o["type"])
		}
	})
}
