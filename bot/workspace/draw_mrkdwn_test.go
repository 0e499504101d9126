package workspace

import (
	"regexp"
	"testing"
	"time"
)

const anchorAttrs = ` target="_blank" rel="noopener noreferrer"`

func TestMrkdwn(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"plain words":                     {`Rye & <rye`, `Rye &amp; &lt;rye`},
		"the three escapes":               {`a &lt;b&gt; &amp; c &quot;`, `a &lt;b&gt; &amp; c &amp;quot;`},
		"escaped twice stays escaped":     {`&amp;lt;b&amp;gt;`, `&amp;lt;b&amp;gt;`},
		"bold":                            {`so *very* good`, `so <strong>very</strong> good`},
		"italic, strike, code":            {"_i_ ~s~ `c *x*`", `<em>i</em> <s>s</s> <code>c *x*</code>`},
		"styles nest":                     {`*_both_*`, `<strong><em>both</em></strong>`},
		"style around a link":             {`*<https://a.example|a *b*>*`, `<strong><a href="https://a.example"` + anchorAttrs + `>a *b*</a></strong>`},
		"no style inside words":           {`snake_case_name 2*3*4`, `snake_case_name 2*3*4`},
		"no style beside spaces":          {`a * b * c`, `a * b * c`},
		"no style over lines":             {"*a\nb*", `*a<br>b*`},
		"letters of any script are words": {`ä*b*ö`, `ä*b*ö`},
		"style before punctuation":        {`(*a*).`, `(<strong>a</strong>).`},
		"line breaks":                     {"a\nb", `a<br>b`},
		"quote":                           {"&gt; one\n> two\nthree", `<blockquote>one<br>two</blockquote>three`},
		"quote to the end":                {"a\n&gt;&gt;&gt; b\nc", `a<blockquote>b<br>c</blockquote>`},
		"preformatted":                    {"a\n```\nx *y*\n<b>```\nz", "a<pre>x *y*\nb</pre>z"},
		"preformatted without an end":     {"a ``` b", "a ``` b"},
		"link with words":                 {`<https://a.example/?a=1&amp;b=2|see>`, `<a href="https://a.example/?a=1&amp;b=2"` + anchorAttrs + `>see</a>`},
		"bare link in brackets":           {`<https://a.example>`, `<a href="https://a.example"` + anchorAttrs + `>https://a.example</a>`},
		"bare link ends before the dot":   {`see https://a.example/x.`, `see <a href="https://a.example/x"` + anchorAttrs + `>https://a.example/x</a>.`},
		"mail link":                       {`<mailto:a@b.example|a>`, `<a href="mailto:a@b.example"` + anchorAttrs + `>a</a>`},
		"link that runs a script":         {`<javascript:alert(1)|x>`, `x`},
		"person":                          {`<@U0TOMI0001> and <@U0TOMI0001|ignored>`, `<span class="mention">@tomi</span> and <span class="mention">@tomi</span>`},
		"the reader":                      {`<@U0MARI0001>`, `<span class="mention me">@mari</span>`},
		"person nobody knows":             {`<@U9>`, `<span class="mention">@U9</span>`},
		"channel":                         {`<#C000000001>`, `<span class="mention">#marketing</span>`},
		"everyone here":                   {`<!here|here> <!channel>`, `<span class="mention">@here</span> <span class="mention">@channel</span>`},
		"group":                           {`<!subteam^S1|@bakers>`, `<span class="mention">@bakers</span>`},
		"emoji":                           {`:white_check_mark: :nosuch: 09:10:11 :wave::skin-tone-3:`, `✅ :nosuch: 09:10:11 👋`},
		"date":                            {`<!date^1764054600^{date_short_pretty} {time}|fb>`, `<time>tomorrow 09:10</time>`},
		"date with a link":                {`<!date^1764054600^{time}^https://a.example|fb>`, `<a href="https://a.example"` + anchorAttrs + `><time>09:10</time></a>`},
		"date without a moment":           {`<!date^soon^{time}|Tue &amp; Wed>`, `Tue &amp; Wed`},
		"date without a format":           {`<!date^1764054600|fb>`, `fb`},
		"bracket without an end":          {`a < b`, `a &lt; b`},
		"empty bracket":                   {`<>`, `&lt;&gt;`},
		"nothing":                         {``, ``},
	}
	details := regexp.MustCompile(`<time datetime="[^"]*" title="[^"]*">`)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := testPen()
			p.mrkdwn(c.in)
			if got := details.ReplaceAllString(p.b.String(), "<time>"); got != c.want {
				t.Errorf("mrkdwn(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestPlainTextHasNoMarkup(t *testing.T) {
	p := testPen()
	no := false
	p.words(textObject{Type: "plain_text", Text: "*a* <@U0TOMI0001> :tada:\n"})
	p.words(textObject{Type: "plain_text", Text: ":tada:", Emoji: &no})
	if got, want := p.b.String(), "*a* &lt;@U0TOMI0001&gt; 🎉<br>:tada:"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDates(t *testing.T) {
	now := testPen().now
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2025, month, day, hour, minute, 5, 0, now.Location())
	}
	cases := map[string]struct {
		t            time.Time
		format, want string
	}{
		"today":                       {at(11, 24, 23, 59), "{date_short_pretty} {time}", "today 23:59"},
		"tomorrow":                    {at(11, 25, 0, 0), "{date_pretty}", "tomorrow"},
		"yesterday":                   {at(11, 23, 23, 59), "{date_long_pretty}", "yesterday"},
		"the day after tomorrow":      {at(11, 26, 9, 0), "{date_short_pretty}", "Nov 26, 2025"},
		"short":                       {at(11, 3, 9, 0), "{date_short}", "Nov 3, 2025"},
		"long":                        {at(11, 3, 9, 0), "{date_long}", "Monday, November 3rd, 2025"},
		"long without weekday":        {at(11, 3, 9, 0), "{date_long_full}", "November 3, 2025"},
		"within six months":           {at(8, 22, 9, 0), "{date}", "August 22nd"},
		"beyond six months":           {at(4, 11, 9, 0), "{date}", "April 11th, 2025"},
		"divider":                     {at(11, 21, 9, 0), "{day_divider_pretty}", "Friday, November 21st"},
		"numbers":                     {at(1, 2, 3, 4), "{date_num} {date_slash} {time_secs}", "2025-01-02 02/01/2025 03:04:05"},
		"a zone away":                 {time.Date(2025, 11, 24, 22, 30, 0, 0, time.UTC), "{date_pretty} {time}", "tomorrow 00:30"},
		"minutes ago":                 {now.Add(-3 * time.Minute), "{ago}", "3 minutes ago"},
		"in a day":                    {now.Add(25 * time.Hour), "{ago}", "in 1 day"},
		"just now":                    {now, "{ago}", "just now"},
		"words around":                {at(11, 25, 9, 10), "on {date_num} at {time}!", "on 2025-11-25 at 09:10!"},
		"unknown token falls back":    {at(11, 25, 9, 10), "{date_odd} {time}", "fb"},
		"nothing to show falls back":  {at(11, 25, 9, 10), " ", "fb"},
		"words without any token too": {at(11, 25, 9, 10), "soon", "soon"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := formatDate(c.t, now, c.format, "fb"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOrdinals(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 22: "22nd", 30: "30th"} {
		if got := ordinal(n); got != want {
			t.Errorf("ordinal(%d) = %s, want %s", n, got, want)
		}
	}
}
