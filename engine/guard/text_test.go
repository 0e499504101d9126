package guard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// outcome is the worst that rule says in v, and what it says.
func outcome(v engine.Verdict, rule string) (worst engine.Finding) {
	worst.Outcome = engine.Pass
	for _, f := range v.Findings {
		if f.Rule == rule && (rank(f.Outcome) > rank(worst.Outcome) || worst.Evidence == "" && f.Outcome == worst.Outcome) {
			worst = f
		}
	}
	return worst
}

// TestTextRules has a block, a warning where there is one, and a pass of every rule that reads texts, with the sentence that a person reads.
func TestTextRules(t *testing.T) {
	voiced := func(r engine.VoiceRule, text string) func(*engine.View) {
		return func(v *engine.View) { v.Guardrails.Voice = r; body(text)(v) }
	}
	packed := func(pack, text string) func(*engine.View) {
		return func(v *engine.View) { v.Guardrails.Topics.Packs = []string{pack}; body(text)(v) }
	}
	aged := func(days int) func(*engine.View) {
		return func(v *engine.View) {
			v.Guardrails.Facts.MaxAge = 100
			for i := range v.Strategy.Facts {
				v.Strategy.Facts[i].Checked = now.AddDate(0, 0, -days)
			}
		}
	}
	allowing := func(domain, text string) func(*engine.View) {
		return func(v *engine.View) { v.Guardrails.Links.Domains = []string{domain}; body(text)(v) }
	}
	near := func(percent int, text string, at time.Duration) func(*engine.View) {
		return func(v *engine.View) {
			v.Guardrails.Duplicates = engine.DuplicateRule{Percent: percent, Days: 14}
			v.Near = []engine.Neighbour{{Output: "o0", Channel: "bluesky", At: now.Add(at), Out: at < 0, Title: "Rye bread", Sketch: Sketch([]engine.Variant{{Body: text}})}}
		}
	}
	channel := func(tr engine.Traits, text string) func(*engine.View) {
		return func(v *engine.View) { v.Traits = tr; body(text)(v); v.Output.Variants[0].Link = "" }
	}
	lined := func(line, shown string) func(*engine.View) {
		return func(v *engine.View) {
			v.Guardrails.Lines = []engine.LineRule{{Kind: engine.KindEmail, Text: line}}
			v.Output.Kind, v.Output.Variants[0].Shown = engine.KindEmail, shown
		}
	}
	const rye = "Rye bread at €6.50, fresh at 10:00."
	for name, c := range map[string]struct {
		spoil   func(*engine.View)
		rule    string
		outcome engine.Outcome
		says    string // is in the evidence
		waive   bool
	}{
		"own subject":            {body("All Sаles end."), "topics", engine.Block, `It says "Sаles" (body), which is the blocked subject "sale".`, false},
		"own subject in subject": {func(v *engine.View) { v.Output.Variants[0].Subject = "Sale!" }, "topics", engine.Block, `It says "Sale" (subject)`, false},
		"own subject in B": {func(v *engine.View) {
			v.Output.Variants[0].Name = "A"
			v.Output.Variants = append(v.Output.Variants, engine.Variant{Name: "B", Body: "A s a l e"})
		}, "topics", engine.Block, `It says "s a l e" (body of wording B)`, false},
		"own subject in tags":              {body("Our sa<b></b>le."), "topics", engine.Block, `It says "sa<b></b>le" (body)`, false},
		"own subject in a link":            {body("See [our sale](https://leipa.example)."), "topics", engine.Block, `"sale"`, false},
		"own subject in an href":           {body("See [more](https://leipa.example/sale)."), "topics", engine.Block, `"sale"`, false},
		"a phrase across a link":           {body("The price [war](https://leipa.example)."), "topics", engine.Block, `"price war"`, false},
		"a pack":                           {packed("legal", "Our lawyer bakes."), "topics", engine.Block, `It says "lawyer" (body), which belongs to the blocked pack "legal"`, true},
		"a pack, twice":                    {packed("legal", "Our lawyer and the attorney, a LAWYER."), "topics", engine.Block, `It says "lawyer" (body) and "attorney" (body), which belong to the blocked pack "legal"`, true},
		"a pack, too often to let through": {packed("legal", manyWords("legal")), "topics", engine.Block, `and more, which belong to the blocked pack "legal"`, false},
		"a pack's plain phrase":            {packed("legal", "Patent leather shoes."), "topics", engine.Pass, "", false},
		"a pack that is not there":         {packed("nonesuch", rye), "topics", engine.Warn, `"nonesuch"`, false},
		"a competitor": {func(v *engine.View) {
			v.Guardrails.Topics.Packs, v.Guardrails.Topics.Competitors = []string{"competitors"}, []string{"Rosten"}
			body("Better than Rosten's.")(v)
		}, "topics", engine.Block, `names the competitor "Rosten"`, true},
		"a competitor without the pack": {func(v *engine.View) {
			v.Guardrails.Topics.Competitors = []string{"Rosten"}
			body("Better than Rosten's.")(v)
		}, "topics", engine.Warn, "the pack that would stop it", false},
		"a Cyrillic subject": {func(v *engine.View) {
			v.Guardrails.Topics.Blocked = []string{"распродажа"}
			body("Все распродажи.")(v)
		}, "topics", engine.Block, `"распродажи"`, false},

		"another alphabet": {body("Rye хлеб today."), "alphabets", engine.Warn, "Cyrillic", false},
		"an own alphabet": {func(v *engine.View) {
			v.Strategy.Voice.Examples = []string{"Свежий хлеб."}
			body("Rye хлеб today.")(v)
		}, "alphabets", engine.Pass, "", false},
		"accents are no alphabet": {body("Leipä and crème."), "alphabets", engine.Pass, "", false},

		"banned word":        {voiced(engine.VoiceRule{Locked: true, Banned: []string{"yummy"}}, "Yummy rye."), "voice", engine.Block, `"yummy" is a word that your voice never uses`, false},
		"banned word, open":  {voiced(engine.VoiceRule{Banned: []string{"yummy"}}, "Yummy rye."), "voice", engine.Warn, `"Yummy"`, false},
		"required word":      {voiced(engine.VoiceRule{Locked: true, Required: []string{"oven"}}, rye), "voice", engine.Block, `It does not say "oven"`, true},
		"required and there": {voiced(engine.VoiceRule{Locked: true, Required: []string{"oven"}}, "From our ovens."), "voice", engine.Pass, "", false},
		"long sentence":      {voiced(engine.VoiceRule{Locked: true, Sentence: 5}, "One two three four five six."), "voice", engine.Block, "A sentence has 6 words (body)", true},
		"short sentences":    {voiced(engine.VoiceRule{Locked: true, Sentence: 5}, "One two three. Four five six."), "voice", engine.Pass, "", false},
		"a list of lines":    {voiced(engine.VoiceRule{Locked: true, Sentence: 4}, "We bake:\n- rye and wheat bread\n- buns with cardamom\n\nCome and see us"), "voice", engine.Pass, "", false},
		"grade": {voiced(engine.VoiceRule{Locked: true, Grade: 6}, strings.Repeat("Unquestionably extraordinary characteristics distinguish internationally acknowledged confectionery manufacturing organisations nowadays everywhere. ", 4)),
			"voice", engine.Block, "Its reading grade is", true},
		"grade of a plain text": {voiced(engine.VoiceRule{Locked: true, Grade: 6}, strings.Repeat("We bake rye bread by hand. It keeps for days. ", 6)), "voice", engine.Pass, "", false},
		"emoji":                 {voiced(engine.VoiceRule{Locked: true, Emoji: 1}, "Rye 🥖🥖"), "voice", engine.Block, "It has 2 emoji; your limit is 1.", true},
		"a family is one":       {voiced(engine.VoiceRule{Locked: true, Emoji: 1}, "Rye 👩‍👩‍👧"), "voice", engine.Pass, "", false},
		"no emoji at all":       {voiced(engine.VoiceRule{Locked: true, Emoji: -1}, "Rye 🥖"), "voice", engine.Block, "your limit is 0", true},
		"exclamation marks":     {voiced(engine.VoiceRule{Locked: true, Exclamations: 1}, "Rye!!"), "voice", engine.Block, "It has 2 exclamation marks; your limit is 1.", true},
		"exclamations, open":    {voiced(engine.VoiceRule{Exclamations: 1}, "Rye!!"), "voice", engine.Warn, "exclamation", false},
		"speaks as I": {func(v *engine.View) {
			v.Guardrails.Voice.Locked, v.Strategy.Voice.Person = true, "we"
			body("Today I bake.")(v)
		}, "voice", engine.Block, `your voice speaks as "we"`, true},
		"speaks as we": {func(v *engine.View) {
			v.Guardrails.Voice.Locked, v.Strategy.Voice.Person = true, "I"
			body("Our bread.")(v)
		}, "voice", engine.Block, `It says "Our bread" (body)`, true},
		"a customer's words": {func(v *engine.View) {
			v.Guardrails.Voice.Locked, v.Strategy.Voice.Person = true, "we"
			body(`"I love it," says Anna.`)(v)
		}, "voice", engine.Pass, "", false},
		"sounds different": {func(v *engine.View) {
			v.Guardrails.Voice = engine.VoiceRule{Locked: true, Distance: 30}
			v.Strategy.Voice.Examples = []string{strings.Repeat("Rye bread is out of the oven. It keeps for days. ", 6)}
			body(strings.Repeat("Synergies leverage omnichannel paradigms: disruption! ", 6))(v)
		}, "voice", engine.Warn, "away from your approved texts", false},

		"a price that is not a fact": {body("Only €5!"), "facts", engine.Block, `It says "Only €5" (body). Your facts: "A rye loaf costs €6.50.".`, false},
		"an offer in other numbers": {func(v *engine.View) {
			v.Strategy.Facts = append(v.Strategy.Facts, engine.Fact{Key: "regulars", Text: "15 % for regulars", Until: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)})
			body("20 % off all rye.")(v)
		}, "facts", engine.Block, `It says "20 % off all rye" (body). Your facts: "15 % for regulars", until 30 Nov.`, false},
		"nothing like it in the facts": {body("We took 20 % off."), "facts", engine.Block, `, which is not in your facts.`, false},
		"numbers in words":             {body("Twenty-five percent more rye."), "facts", engine.Block, "Twenty-five percent", false},
		"half price":                   {body("All at half price."), "facts", engine.Block, "half price", false},
		"other numerals":               {body("Only €５!"), "facts", engine.Block, "€5", false},
		"another currency":             {body("Rye at $6.50."), "facts", engine.Block, "$6.50", false},
		"cents are no euros":           {func(v *engine.View) { body("Rye at 6 cents.")(v); v.Strategy.Facts[0].Text = "Rye is €6." }, "facts", engine.Block, "6 cents", false},
		"a fact too old":               {aged(101), "facts", engine.Block, `that fact was last looked at on 15 Aug 2025: "A rye loaf costs €6.50.". Your limit is 100 days.`, false},
		"a fact never looked at": {func(v *engine.View) {
			aged(1)(v)
			v.Strategy.Facts[0].Checked = time.Time{}
		}, "facts", engine.Block, "was never confirmed", false},
		"a fact nearly too old": {aged(95), "facts", engine.Warn, "Your limit is 100 days.", false},
		"a fact that is young":  {aged(50), "facts", engine.Pass, "", false},
		"words are no claims":   {body("It sells out, is free and always warm."), "facts", engine.Pass, "", false},

		"a foreign link":            {body("See [this](https://evil.example/x)."), "links", engine.Block, `It links to "https://evil.example/x" (body), which is not on your list of links.`, false},
		"a link on the list":        {allowing("evil.example", "See evil.example/x"), "links", engine.Pass, "", false},
		"a subdomain":               {allowing("evil.example", "See https://a.b.evil.example"), "links", engine.Pass, "", false},
		"a subdomain, unencrypted":  {allowing("evil.example", "See http://a.b.evil.example"), "links", engine.Warn, "without encryption", false},
		"a link in wide letters":    {body("See ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ／ｗｉｎ"), "links", engine.Block, "ｅｖｉｌ．ｅｘａｍｐｌｅ", false},
		"a wide host in a word":     {body("See evil．ｅｘａｍｐｌｅ now"), "links", engine.Block, "not on your list", false},
		"a wide link on the list":   {allowing("evil.example", "See ｅｖｉｌ．ｅｘａｍｐｌｅ／ｘ"), "links", engine.Pass, "", false},
		"three dots in one sign":    {body("Bread…and butter at 5 °C™"), "links", engine.Pass, "", false},
		"a mathematical script":     {body("𝐣𝐚𝐯𝐚𝐬𝐜𝐫𝐢𝐩𝐭:alert(1)"), "links", engine.Block, "javascript", false},
		"a wide template":           {body("Hello ｛｛ name ｝｝"), "safety", engine.Block, "template", false},
		"wide HTML":                 {body("Hello ＜script＞"), "safety", engine.Block, "HTML", false},
		"a tag that no browser has": {body("<function_call>publish()</function_call>"), "safety", engine.Block, "HTML", false},
		"a longer name":             {allowing("evil.example", "See notevil.example"), "links", engine.Block, "notevil.example", false},
		"a longer ending":           {allowing("leipa.example", "See leipa.example.evil.test"), "links", engine.Block, "", false},
		"a look-alike host":         {body("See https://leіpa.example/reserve"), "links", engine.Block, "which only looks like leipa.example", false},
		"a look-alike in punycode":  {body("See https://xn--lepa-q4d.example"), "links", engine.Block, "", false},
		"an own name with umlauts":  {allowing("leipä.example", "See https://leipä.example/x"), "links", engine.Pass, "", false},
		"a name before the host":    {allowing("evil.example", "See https://leipa.example@evil.example"), "links", engine.Block, "hides its host", false},
		"a port":                    {allowing("evil.example", "See https://evil.example:8080/"), "links", engine.Block, "names a port", false},
		"a number":                  {body("See http://127.0.0.1/"), "links", engine.Block, "the number of a machine", false},
		"a number in one":           {body("See http://2130706433/"), "links", engine.Block, "the number of a machine", false},
		"a number in hex":           {body("See http://0x7f.0.0.1/"), "links", engine.Block, "the number of a machine", false},
		"a shortener":               {body("See bit.ly/3xyz"), "links", engine.Block, "hides where it leads", false},
		"a shortener on the list":   {allowing("bit.ly", "See bit.ly/3xyz"), "links", engine.Pass, "", false},
		"javascript":                {body("[x](javascript:alert(1))"), "links", engine.Block, "not a web address", false},
		"data":                      {body("[x](data:text/html,y)"), "links", engine.Block, "not a web address", false},
		"a backslash":               {body(`See https:\\evil.example`), "links", engine.Block, "", false},
		"a host that a dot begins":  {body("See evil。example/x"), "links", engine.Block, "", false},
		"a mail address of our own": {body("Ask news@leipa.example"), "links", engine.Pass, "", false},
		"another's mail address":    {body("Ask mari@evil.example"), "links", engine.Block, "mari@evil.example", false},
		"a full stop without a gap": {body("Fresh today.Come early."), "links", engine.Pass, "", false},
		"numbers in links are none": {allowing("leipa.example", "See leipa.example/400/2025"), "facts", engine.Pass, "", false},
		"a link that is a fact": {func(v *engine.View) {
			v.Strategy.Facts = append(v.Strategy.Facts, engine.Fact{Key: "map", Text: "Our way: https://maps.test/leipa"})
			body("Find us: maps.test/leipa")(v)
		}, "links", engine.Pass, "", false},

		"the same again":     {near(80, rye+" We bake it in our old oven, by hand, every morning.", -24*time.Hour), "duplicates", engine.Pass, "", false},
		"a near-duplicate":   {near(80, rye, -24*time.Hour), "duplicates", engine.Block, `About 100 in 100 of its wording stand in "Rye bread" of 23 Nov; your limit is 80.`, true},
		"a far duplicate":    {near(80, rye, -15*24*time.Hour), "duplicates", engine.Pass, "", false},
		"a later duplicate":  {near(80, rye, 24*time.Hour), "duplicates", engine.Pass, "", false},
		"nearly a duplicate": {near(101, rye, -24*time.Hour), "duplicates", engine.Warn, "your limit is 101", false},

		"too long":             {channel(engine.Traits{Label: "Bluesky", Limit: 20}, "Rye bread is ready now."), "limits", engine.Block, "Bluesky takes 20", false},
		"as long as may be":    {channel(engine.Traits{Label: "Bluesky", Limit: 20}, "Rye ü 👩‍👩‍👧"), "limits", engine.Pass, "", false},
		"no subject":           {channel(engine.Traits{Label: "Letter", Subject: true}, rye), "limits", engine.Block, "It has no subject, and Letter shows one.", false},
		"an undescribed image": {body("![](https://leipa.example)"), "limits", engine.Block, "nobody describes", false},
		"a described image":    {body("![A loaf](https://leipa.example)"), "limits", engine.Pass, "", false},

		"a line that is missing": {lined("Unsubscribe:", rye), "lines", engine.Block, `It does not carry the line "Unsubscribe:".`, false},
		"a line that is there":   {lined("Unsubscribe: ", rye+"\n\nUnsubscribe: here"), "lines", engine.Pass, "", false},
		"a line that was broken": {lined("Made in  Turku.", rye+"\n\nMade in\nTurku."), "lines", engine.Pass, "", false},
		"a line, other letters":  {lined("Unsubscribe: ", rye+"\n\nUNSUBSCRIBE: here"), "lines", engine.Warn, "in other letters or spacing", false},
		"a line, run together":   {lined("Made in Turku.", rye+"\n\nMadein Turku."), "lines", engine.Warn, "in other letters or spacing", false},

		"a mention":             {body("Thanks @anna!"), "mentions", engine.Block, `It mentions "@anna" (body)`, false},
		"a mention on the list": {func(v *engine.View) { v.Guardrails.Mentions = []string{"@Anna"}; body("Thanks @anna!")(v) }, "mentions", engine.Pass, "", false},
		"our own account":       {func(v *engine.View) { v.Output.Account = "@leipa"; body("We are @leipa.")(v) }, "mentions", engine.Pass, "", false},
		"a mention, full-width": {body("Thanks ＠anna!"), "mentions", engine.Block, "", false},

		"hidden character":      {body("Rye\u200bbread"), "safety", engine.Block, "zero-width space U+200B", false},
		"a family is not":       {body("Rye 👩‍👩‍👧"), "safety", engine.Pass, "", false},
		"heaped marks":          {body("R\u0300\u0301\u0302\u0303\u0304ye"), "safety", engine.Block, "marks heaped", false},
		"a call to everybody":   {body("Hello @everyone"), "safety", engine.Block, "@everyone, which calls everybody", false},
		"Slack's here":          {body("Hello <!here>"), "safety", engine.Block, "control sequence of Slack", false},
		"Slack's link":          {body("<https://leipa.example|bank.example>"), "safety", engine.Block, "control sequence of Slack", false},
		"a template":            {body("Dear {{ .Name }}"), "safety", engine.Block, "template", false},
		"a merge tag":           {body("Dear *|FNAME|*"), "safety", engine.Block, "template", false},
		"a shortcode":           {body(`See [gallery ids="1"]`), "safety", engine.Block, "shortcode", false},
		"brackets are fine":     {body("Rye [fresh] and a [link](https://leipa.example)."), "safety", engine.Pass, "", false},
		"a script":              {body("Hi <script>alert(1)</script>"), "safety", engine.Block, "HTML", false},
		"smaller than is fine":  {body("Love <3 and a < b > c"), "safety", engine.Pass, "", false},
		"an address in pointed": {body("<https://leipa.example>"), "safety", engine.Pass, "", false},
	} {
		v := clean()
		c.spoil(&v)
		got := outcome(Check(v), c.rule)
		if got.Waivable && got.What == "" {
			t.Errorf("%s: nobody can let through %q and nothing else", name, got.Evidence)
		}
		if got.Outcome != c.outcome || !strings.Contains(got.Evidence, c.says) || got.Waivable != c.waive {
			t.Errorf("%s: %s says %s %q (waivable: %v), want %s %q (%v)", name, c.rule, got.Outcome, got.Evidence, got.Waivable, c.outcome, c.says, c.waive)
		}
		if got.Outcome != engine.Pass && got.Remedy == "" {
			t.Errorf("%s: no remedy", name)
		}
	}
}

// manyWords is a text of every term of a pack.
func manyWords(pack string) string {
	i := slices.IndexFunc(Packs(), func(p Pack) bool { return p.Name == pack })
	return strings.ReplaceAll(strings.Join(Packs()[i].Terms, ". "), "=", "")
}

// An owner's yes to a pack is to the words that it named: what the pack stops besides, as where it has learned a word since, it does not let through.
func TestAYesToAPackIsToItsWords(t *testing.T) {
	packed := func(text string) engine.View {
		v := clean()
		v.Guardrails.Topics.Packs = []string{"legal", "health"}
		body(text)(&v)
		return v
	}
	yesTo := func(v engine.View) []engine.Waiver {
		letThrough("topics")(&v)
		return v.Approval.Waived
	}
	for name, c := range map[string]struct {
		to, text string
		passes   bool
	}{
		"the same":                  {"Our lawyer bakes.", "Our lawyer bakes.", true},
		"the same, twice":           {"Our lawyer and a lawyer.", "Our lawyer and a lawyer.", true},
		"two words":                 {"Our lawyer and the attorney.", "Our lawyer and the attorney.", true},
		"one more word":             {"Our lawyer bakes.", "Our lawyer bakes. So does the attorney.", false},
		"one more word before":      {"Our lawyer bakes.", "The attorney bakes. So does our lawyer.", false},
		"another word":              {"Our lawyer bakes.", "The attorney bakes.", false},
		"a word of another pack":    {"Our lawyer bakes.", "Our lawyer bakes. It cures cancer.", false},
		"both packs":                {"Our lawyer bakes. It cures cancer.", "Our lawyer bakes. It cures cancer.", true},
		"both packs, one word more": {"Our lawyer bakes. It cures cancer.", "Our lawyer bakes. It cures cancer and diabetes.", false},
	} {
		v := packed(c.text)
		v.Approval.Role, v.Approval.Waived = engine.RoleOwner, yesTo(packed(c.to))
		if len(v.Approval.Waived) == 0 {
			t.Errorf("%s: nothing is let through", name)
		}
		passes := true
		for _, f := range Check(v).Blocks() {
			passes = passes && f.Rule != "topics"
		}
		if passes != c.passes {
			t.Errorf("%s: passes %t", name, passes)
		}
	}
}

// A rule that measures says how much of its limit a piece uses, also when it passes: near misses are listed from it.
func TestUse(t *testing.T) {
	v := clean()
	v.Traits = engine.Traits{Label: "Bluesky", Limit: 100}
	v.Guardrails.Voice = engine.VoiceRule{Locked: true, Sentence: 10}
	v.Guardrails.Facts.MaxAge = 100
	for i := range v.Strategy.Facts {
		v.Strategy.Facts[i].Checked = now.AddDate(0, 0, -80)
	}
	v.Guardrails.Duplicates = engine.DuplicateRule{Percent: 100, Days: 10}
	v.Near = []engine.Neighbour{{Output: "n", Channel: "bluesky", At: now.AddDate(0, 0, -1), Out: true, Sketch: Sketch([]engine.Variant{{Body: "Rye bread at €6.50, warm and dark, by hand."}})}}
	v.Output.Variants[0].Shown = strings.Repeat("x", 85)
	for rule, want := range map[string]float64{"limits": 0.85, "voice": 0.7, "facts": 0.8} {
		if got := outcome(Check(v), rule); got.Outcome != engine.Pass || got.Use < want-0.001 || got.Use > want+0.001 || got.Evidence == "" {
			t.Errorf("%s: %s, use %.3f (%s), want %.2f", rule, got.Outcome, got.Use, got.Evidence, want)
		}
	}
	if got := outcome(Check(v), "duplicates"); got.Outcome != engine.Pass || got.Use <= 0 || got.Use >= engine.NearMiss {
		t.Errorf("duplicates: %s, use %.3f", got.Outcome, got.Use)
	}
}

// New fills in what the channel of each piece can do.
func TestNewKnowsTheChannel(t *testing.T) {
	gate := New(func(channel string) engine.Traits {
		if channel == "bluesky" {
			return engine.Traits{Label: "Bluesky", Limit: 10}
		}
		return engine.Traits{}
	}, func(channel string) bool { return channel == "bluesky" })
	v := clean()
	if got := outcome(gate(v), "limits"); got.Outcome != engine.Block || !strings.Contains(got.Evidence, "Bluesky takes 10") {
		t.Errorf("%s %q", got.Outcome, got.Evidence)
	}
	v.Output.Channel = "news"
	if got := outcome(gate(v), "limits"); got.Outcome != engine.Pass {
		t.Errorf("a channel that is not configured: %q", got.Evidence)
	}
}

// What passes by little, or only because a wall is off, is warned of in words that help whoever reads the card.
func TestNearTheWall(t *testing.T) {
	for name, c := range map[string]struct {
		spoil      func(*engine.View)
		rule, says string // "" for no warning
	}{
		"a competitor, and the pack is off": {all(body("Better than the Old Mill."), named("old mill")), "topics", "names the competitor"},
		"no competitor":                     {all(body("Better than new."), named("old mill")), "topics", ""},
		"in the clear":                      {body("See http://leipa.example/reserve"), "links", "without encryption"},
		"encrypted":                         {body("See https://leipa.example/reserve"), "links", ""},
		"the business itself writes it so": {all(body("See http://leipa.example"), func(v *engine.View) {
			v.Strategy.Business.Link = "http://leipa.example"
		}), "links", ""},
		"nine tenths of the length": {long(270), "limits", "It has 270 characters; Bluesky takes 300."},
		"less than that":            {long(269), "limits", ""},
	} {
		v := clean()
		c.spoil(&v)
		got := ""
		for _, f := range Check(v).Findings {
			if f.Rule == c.rule && f.Outcome != engine.Pass {
				got = f.Evidence
				if f.Outcome != engine.Warn || f.Remedy == "" {
					t.Errorf("%s: %+v", name, f)
				}
			}
		}
		if (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func named(competitor string) func(*engine.View) {
	return func(v *engine.View) { v.Guardrails.Topics.Competitors = []string{competitor} }
}

// long makes a piece of n characters for a channel that takes 300.
func long(n int) func(*engine.View) {
	return func(v *engine.View) {
		v.Traits.Limit, v.Traits.Label = 300, "Bluesky"
		v.Output.Variants[0].Shown = strings.Repeat("a", n)
	}
}
