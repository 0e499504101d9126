package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

func example(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestExampleLoads(t *testing.T) {
	c, err := Load("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.tasks()) != 3 || len(c.strategy().Facts) != 5 || !c.guardrails().Channels["blog"] || c.people().Role("U0MARI0001") != engine.RoleOwner {
		t.Errorf("the example lost something on its way into the engine's nouns: %+v", c)
	}
	g := c.guardrails()
	if b := g.Budget; b.Output != 5*engine.Unit || b.Model != 10*engine.Unit || b.Pace != 150 {
		t.Errorf("the example's money became %+v", b)
	}
	if d := cmp.Diff([]engine.QuietRule{
		{From: 22 * 60, To: 7 * 60, Why: "people sleep"}, {Channel: "newsletter", Days: []time.Weekday{time.Saturday, time.Sunday}, To: 23*60 + 59},
	}, g.Quiet); d != "" {
		t.Errorf("its quiet hours (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]engine.FrequencyRule{{Channel: "social", Most: 3, Days: 1}, {Segment: "regulars", Most: 2, Days: 7}}, g.Frequency); d != "" {
		t.Errorf("its frequency caps (-want +got):\n%s", d)
	}
	if g.Blast != (engine.BlastRule{People: 5000, Permanent: 2500, Money: 5 * engine.Unit}) {
		t.Errorf("its blast radius became %+v", g.Blast)
	}
	until := c.strategy().Offers[0].Until
	if got := until.In(c.zone()).Format("2006-01-02 15:04"); got != "2026-12-24 00:00" {
		t.Errorf("an offer until 23 December ends at %s", got)
	}
	if g.Voice.Grade != 9 || g.Voice.Exclamations != 1 || g.Links.Domains[0] != "leipa.example" || g.Lines[0].Kind != engine.KindEmail || g.Duplicates.Days != 14 || len(g.Topics.Packs) != 4 {
		t.Errorf("the example's limits on texts are lost: %+v", g)
	}
}

func TestDemoLoads(t *testing.T) {
	if _, err := Parse("demo.toml", demoConfig); err != nil {
		t.Fatal(err)
	}
}

func TestBrokenFiles(t *testing.T) {
	good := example(t)
	line := func(text string) string {
		return fmt.Sprintf("line %d,", 1+strings.Count(good[:strings.Index(good, text)], "\n"))
	}
	for name, c := range map[string]struct {
		old, new string
		want     []string // each must stand in the one message
	}{
		"a syntax error names its line":      {"[people]", "[people", []string{"line 16"}},
		"a type error names its line":        {"locked = true", "locked = \"yes\"", []string{line("locked = true")}},
		"a number for a sum":                 {`weekly_budget = "40"`, `weekly_budget = 40`, []string{"guardrails.weekly_budget cannot be this integer", `text in quotes`}},
		"a name for a list":                  {`owners = ["U0MARI0001"]`, `owners = "U0MARI0001"`, []string{"people.owners cannot be this string", "a list"}},
		"seconds without a unit":             {`tick = "1m"`, `tick = 60`, []string{"schedule.tick", `such as "1m"`}},
		"a length of time":                   {`tick = "1m"`, `tick = "soon"`, []string{"soon", "90s or 5m"}},
		"an unknown key":                     {"[storage]", "[storage]\npaht = \"x\"", []string{`no key "storage.paht"`, "1 problem"}},
		"several at once":                    {`level = "L3"`, `level = "L5"` + "\nlevle = 3", []string{"tasks.levle", "level must be L0 to L3", "3 problems"}},
		"nobody owns it":                     {`owners = ["U0MARI0001"]`, `owners = []`, []string{"people.owners is empty"}},
		"a name instead of an id":            {`"U0MARI0001"`, `"mari"`, []string{`people.owners: "mari"`}},
		"eyes without a number":              {`four_eyes = "auto"`, `four_eyes = "two"`, []string{`people.four_eyes: "two" is not one of auto, always, never`}},
		"a time zone":                        {"Europe/Helsinki", "Helsinki", []string{"business.zone"}},
		"a budget above its ceiling":         {`weekly_budget = "40"`, `weekly_budget = "400"`, []string{"above guardrails.weekly_ceiling"}},
		"a campaign above its ceiling":       {`campaign_ceiling = "300"`, `campaign_ceiling = "50"`, []string{"strategy.offers[0].budget is above guardrails.campaign_ceiling"}},
		"a campaign's ceiling of nothing":    {`campaign_ceiling = "300"`, `campaign_ceiling = "0"`, []string{"guardrails.campaign_ceiling must be more than 0"}},
		"a sum":                              {`per_output = "5"`, `per_output = "five"`, []string{"guardrails.per_output", "five"}},
		"a pace below the even part":         {`pace = 150`, `pace = 90`, []string{"guardrails.pace", "90"}},
		"a time of day":                      {`from = "22:00"`, `from = "22"`, []string{"guardrails.quiet[0]", `"22"`}},
		"quiet all day":                      {`to = "07:00"`, `to = "22:00"`, []string{"guardrails.quiet[0]", "all day"}},
		"quiet on no channel":                {`channel = "newsletter"` + "\ndays", `channel = "fax"` + "\ndays", []string{"guardrails.quiet[1]", `no channel "fax"`}},
		"a frequency of nothing":             {"most = 3", "most = 0", []string{"guardrails.frequency[0].most"}},
		"a frequency for nobody":             {`segment = "regulars"` + "\nmost", `segment = "press"` + "\nmost", []string{`no segment "press"`}},
		"less than nobody":                   {"people = 5000", "people = -1", []string{"guardrails.blast"}},
		"a password in the file":             {"KOIRA_BLOG_PASSWORD", "abcd efgh", []string{"not the password"}},
		"a task on no channel":               {`channel = "social"`, `channel = "tiktok"`, []string{`there is no channel "tiktok"`}},
		"a pack that there is not":           {`packs = ["crisis",`, `packs = ["criss",`, []string{`guardrails.packs: "criss" is not one of company, competitors, crisis`}},
		"an address for a host":              {`links = ["leipa.example"]`, `links = ["https://leipa.example/"]`, []string{`guardrails.links: "https://leipa.example/" is not a host`}},
		"a mention of two words":             {`links = ["leipa.example"]`, `links = []` + "\nmentions = [\"Leipä Co\"]", []string{"guardrails.mentions"}},
		"a subject without letters":          {`topics = ["price war"`, `topics = ["?!"`, []string{`guardrails.topics: "?!" holds no letter`}},
		"facts that nobody has checked":      {`links = ["leipa.example"]`, `links = []` + "\nfacts_max_age = 90", []string{"facts[0].checked is missing", "5 problems"}},
		"half a rule on duplicates":          {"percent = 90, days = 14", "percent = 90", []string{"needs both percent and days"}},
		"a line on no channel":               {"kind = \"email\"\ntext = \"Unsubscribe:\"", "channel = \"fax\"\ntext = \" \"", []string{`there is no channel "fax"`, "lines[0].text is missing"}},
		"the zone of those who look":         {`hours = [8, 20]`, `hours = [8, 20]` + "\nzone = \"Lisbon\"", []string{`guardrails.review.zone must be a time zone such as "Europe/Helsinki", or left out for the business's, not "Lisbon"`}},
		"a person that nobody is":            {`person = "we"`, `person = "they"`, []string{`voice.person must be "we" or "I"`}},
		"a sentence of three words":          {"sentence = 30", "sentence = 3", []string{"voice.sentence must be 5 to 200"}},
		"too few reviews":                    {"often = 20", "often = 3", []string{"trust.reviews.often must be 5 to 500"}},
		"fewer reviews for more at stake":    {"sensitive = 50", "sensitive = 25", []string{"trust.reviews: often, usual and sensitive must not fall"}},
		"a bar that nothing passes":          {"high = 90", "high = 100", []string{"trust.bar.high must be 50 to 99"}},
		"a lower bar for more at stake":      {"normal = 85", "normal = 95", []string{"trust.bar: low, normal and high must not fall"}},
		"a level above its nature":           {`themes = ["rye", "weekend"]`, `nature = ["people-know"]`, []string{"a task of this nature stands at L1 at most, not L3"}},
		"an offer that ends before it began": {"until = 2026-12-23", "until = 2026-11-01", []string{"ends before it begins"}},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if name == "several at once" {
			text = strings.Replace(good, c.old, c.new, 2)
			c.want[2] = "4 problems" // two tasks
		}
		_, err := Parse("koira.toml", []byte(text))
		if engine.CodeOf(err) != engine.CodeInvalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is not in\n%v", name, w, err)
			}
		}
	}
}

func TestSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from-file\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		want string
		code engine.Code
	}{
		"from the environment": {map[string]string{"X": "plain"}, "plain", ""},
		"from a file":          {map[string]string{"X_FILE": file}, "from-file", ""},
		"from nowhere":         {nil, "", engine.CodeInvalid},
		"from no such file":    {map[string]string{"X_FILE": file + "x"}, "", engine.CodeInvalid},
	} {
		s, err := Env(func(k string) (string, bool) { v, ok := c.env[k]; return v, ok }).Secret("X")
		if d := cmp.Diff(c.want, s.Reveal()); d != "" || engine.CodeOf(err) != c.code {
			t.Errorf("%s: %s, %v", name, d, err)
		}
	}
}

// Names stand in the list of mentions as they are written behind an "@", each once, however the file has them.
func TestMentionsOfTheFile(t *testing.T) {
	c := Config{Guardrails: GuardrailsConfig{Mentions: []string{"@leipa", "Leipa", "anna@social.example", "@mill "}}}
	if got := c.guardrails().Mentions; !slices.Equal(got, []string{"leipa", "anna@social.example", "mill"}) {
		t.Errorf("the mentions are %q", got)
	}
}
