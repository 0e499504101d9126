package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"koira/engine"
)

// Config is the config file. It seeds the first version of everything and holds what no click may pass: people, ceilings, and the names
// of secrets. Money is written as people write it ("120" or "38.50").
type Config struct {
	Business   BusinessConfig   `toml:"business"`
	People     PeopleConfig     `toml:"people"`
	Slack      SlackConfig      `toml:"slack"`
	Model      ModelConfig      `toml:"model"`
	Storage    StorageConfig    `toml:"storage"`
	Schedule   ScheduleConfig   `toml:"schedule"`
	Strategy   StrategyConfig   `toml:"strategy"`
	Voice      VoiceConfig      `toml:"voice"`
	Facts      []FactConfig     `toml:"facts"`
	Tasks      []TaskConfig     `toml:"tasks"`
	Guardrails GuardrailsConfig `toml:"guardrails"`
	Trust      TrustConfig      `toml:"trust"`
	Channels   []ChannelConfig  `toml:"channels"`
}

type BusinessConfig struct {
	Name     string `toml:"name"`
	About    string `toml:"about"`
	Zone     string `toml:"zone"`
	Currency string `toml:"currency"`
	Link     string `toml:"link"`
}

// PeopleConfig lists Slack user ids. An empty list means nobody.
type PeopleConfig struct {
	Team      string   `toml:"team"`
	Owners    []string `toml:"owners"`
	Approvers []string `toml:"approvers"`
	Operators []string `toml:"operators"`
	Viewers   []string `toml:"viewers"`
	FourEyes  string   `toml:"four_eyes"` // "auto", "always" or "never": whether more room, which an owner starts, is signed by a second person
}

// SlackConfig names the channels, by id, that cards go to. The tokens come from SLACK_BOT_TOKEN and SLACK_APP_TOKEN.
type SlackConfig struct {
	Drafts     string `toml:"drafts"`
	Exceptions string `toml:"exceptions"`
	Reports    string `toml:"reports"`
}

// ModelConfig is any server that speaks OpenAI's chat completions. Without a name the built-in template writer writes. The key comes from
// KOIRA_MODEL_KEY; a local server needs none.
type ModelConfig struct {
	BaseURL  string   `toml:"base_url"`
	Name     string   `toml:"name"`
	PriceIn  string   `toml:"price_in"`  // per million tokens, in the business's currency
	PriceOut string   `toml:"price_out"` // per million tokens
	Timeout  Duration `toml:"timeout"`
	Judge    bool     `toml:"judge"` // it also says, of each draft, whether that sounds like the business; a call more for each
}

type StorageConfig struct {
	Path string `toml:"path"`
}

// ScheduleConfig says how often the loop looks for what is due.
type ScheduleConfig struct {
	Tick Duration `toml:"tick"`
}

type StrategyConfig struct {
	Goals         []GoalConfig    `toml:"goals"`
	Segments      []SegmentConfig `toml:"segments"`
	Themes        []ThemeConfig   `toml:"themes"`
	CallsToAction []CallConfig    `toml:"calls_to_action"`
	Offers        []OfferConfig   `toml:"offers"`
}

type GoalConfig struct {
	Key    string `toml:"key"`
	Text   string `toml:"text"`
	Metric string `toml:"metric"`
}

type SegmentConfig struct {
	Key  string `toml:"key"`
	Name string `toml:"name"`
	Size int    `toml:"size"`
}

type ThemeConfig struct {
	Key   string   `toml:"key"`
	Text  string   `toml:"text"`
	Facts []string `toml:"facts"`
}

type CallConfig struct {
	Key  string `toml:"key"`
	Text string `toml:"text"`
	Link string `toml:"link"`
}

type OfferConfig struct {
	Key    string          `toml:"key"`
	Text   string          `toml:"text"`
	From   *toml.LocalDate `toml:"from"`
	Until  *toml.LocalDate `toml:"until"` // the last day on which it holds
	Budget string          `toml:"budget"`
}

type VoiceConfig struct {
	Tone     string   `toml:"tone"`
	Examples []string `toml:"examples"`
	Required []string `toml:"required"`
	Banned   []string `toml:"banned"`
	Person   string   `toml:"person"`
	Locked   bool     `toml:"locked"`

	// Limits that code holds; 0 is none.
	Grade        int `toml:"grade"`
	Sentence     int `toml:"sentence"`
	Emoji        int `toml:"emoji"`        // -1 for none in a piece
	Exclamations int `toml:"exclamations"` // -1 for none in a piece
	Distance     int `toml:"distance"`
}

type FactConfig struct {
	Key     string          `toml:"key"`
	Text    string          `toml:"text"`
	From    *toml.LocalDate `toml:"from"`
	Until   *toml.LocalDate `toml:"until"`   // the last day on which it holds
	Checked *toml.LocalDate `toml:"checked"` // the day on which somebody last saw that it is so
}

type TaskConfig struct {
	ID          string            `toml:"id"`
	Name        string            `toml:"name"`
	Channel     string            `toml:"channel"`
	Segment     string            `toml:"segment"`
	Level       string            `toml:"level"`
	PerWeek     []int             `toml:"per_week"` // least, most
	Days        []string          `toml:"days"`
	Hours       []int             `toml:"hours"` // from, to
	Frequency   string            `toml:"frequency"`
	Sensitivity string            `toml:"sensitivity"`
	Themes      []string          `toml:"themes"`
	CostMax     string            `toml:"cost_max"`
	Weekly      string            `toml:"weekly"`
	Nature      []string          `toml:"nature"`
	Benchmarks  []BenchmarkConfig `toml:"benchmarks"`
}

type BenchmarkConfig struct {
	Metric  string  `toml:"metric"`
	Good    float64 `toml:"good"`
	Floor   float64 `toml:"floor"`
	Ceiling float64 `toml:"ceiling"`
}

type GuardrailsConfig struct {
	WeeklyBudget  string   `toml:"weekly_budget"`
	WeeklyCeiling string   `toml:"weekly_ceiling"` // no click sets the weekly budget above it
	Channels      []string `toml:"channels"`       // the allow-list; an empty list allows none
	Topics        []string `toml:"topics"`

	CampaignCeiling string `toml:"campaign_ceiling"` // the most that one campaign may cost in all; "" has no click set more than a week's ceiling

	PerOutput   string            `toml:"per_output"`   // the most that one piece may cost; "" is no limit of its own
	ModelBudget string            `toml:"model_budget"` // the most that model calls may cost in a week; "" is no limit of its own
	Pace        int               `toml:"pace"`         // percent of the even part of the week's money that may be used by the end of a day; 0 is off
	Quiet       []QuietConfig     `toml:"quiet"`
	Frequency   []FrequencyConfig `toml:"frequency"`
	Blast       BlastConfig       `toml:"blast"`
	Review      ReviewConfig      `toml:"review"`
	Wave        WaveConfig        `toml:"wave"`
	Packs       []string          `toml:"packs"`
	Competitors []string          `toml:"competitors"`   // the names that the pack "competitors" stands for
	FactsMaxAge int               `toml:"facts_max_age"` // days since a fact was checked; 0 is no limit
	Links       []string          `toml:"links"`         // hosts that a piece may link to, each with its subdomains
	Mentions    []string          `toml:"mentions"`      // names that a piece may mention with "@"
	Duplicates  DuplicatesConfig  `toml:"duplicates"`
	Lines       []LineConfig      `toml:"lines"`
}

// QuietConfig is a stretch of the day in which nothing goes out; where From is after To it runs over midnight.
type QuietConfig struct {
	Channel string   `toml:"channel"` // "" for every channel
	Segment string   `toml:"segment"` // "" for every segment
	Days    []string `toml:"days"`    // on which it begins; empty for every day
	From    string   `toml:"from"`    // "22:00"
	To      string   `toml:"to"`
	Why     string   `toml:"why"`
}

// FrequencyConfig caps how many pieces go out in so many days.
type FrequencyConfig struct {
	Channel string `toml:"channel"` // "" for all channels together
	Segment string `toml:"segment"` // "" for all segments together
	Most    int    `toml:"most"`
	Days    int    `toml:"days"`
}

// BlastConfig is the most that one piece may touch without a person's yes; 0 and "" are no limit.
type BlastConfig struct {
	People    int    `toml:"people"`
	Permanent int    `toml:"permanent"` // the same, where it can be neither taken down nor stopped
	Money     string `toml:"money"`
}

// ReviewConfig is how pieces are looked at that go out unless stopped (L4).
type ReviewConfig struct {
	Sample int      `toml:"sample"` // 1 in so many waits for a yes
	Window Duration `toml:"window"` // how long people have to look at the others, from when the card came
	Hours  []int    `toml:"hours"`  // from, to: the part of the day in which that time counts
	Zone   string   `toml:"zone"`   // of that day; "" for the business's
}

// WaveConfig is how an e-mail goes out that nobody said yes to: to some of its readers first. What is left out is a default.
type WaveConfig struct {
	Percent int      `toml:"percent"` // of the readers; 100 for all at once
	Pause   Duration `toml:"pause"`   // between the first readers and the rest
	Lost    int      `toml:"lost"`    // in 1,000 of the first readers who may leave or complain before the rest waits for a person
}

// TrustConfig is what a task must have shown before an owner may let it run by itself.
type TrustConfig struct {
	Reviews struct {
		Often     int `toml:"often"`     // frequent social posts
		Usual     int `toml:"usual"`     // what is none of the two others
		Sensitive int `toml:"sensitive"` // highly sensitive, and broadcast e-mail
	} `toml:"reviews"` // reviewed pieces
	Bar struct {
		Low    int `toml:"low"`
		Normal int `toml:"normal"`
		High   int `toml:"high"`
	} `toml:"bar"` // of 100 that must be proven to pass unchanged, by a task's sensitivity
}

// DuplicatesConfig refuses a piece that shares so much of its wording with one of the last days; 0 percent is off.
type DuplicatesConfig struct {
	Percent int `toml:"percent"`
	Days    int `toml:"days"`
}

// LineConfig is a line that each piece of a kind, or on a channel, must carry.
type LineConfig struct {
	Kind    string `toml:"kind"`
	Channel string `toml:"channel"`
	Text    string `toml:"text"`
}

// ChannelConfig is one door to the outside.
type ChannelConfig struct {
	Name     string `toml:"name"`
	Label    string `toml:"label"`
	Type     string `toml:"type"` // "wordpress" or "sandbox"
	Kind     string `toml:"kind"` // of a sandbox: social, email or blog
	Account  string `toml:"account"`
	URL      string `toml:"url"`
	User     string `toml:"user"`
	Password string `toml:"password_env"` // the NAME of an environment variable (or NAME_FILE, a file) that holds the password
	Audience int    `toml:"audience"`     // of a sandbox
}

// Duration is a time.Duration written as "90s" or "5m".
type Duration time.Duration

func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q is not a length of time such as 90s or 5m", b)
	}
	*d = Duration(v)
	return nil
}

// defaults are what a file need not say.
func defaults() Config {
	c := Config{
		People:   PeopleConfig{FourEyes: string(engine.FourEyesAuto)},
		Model:    ModelConfig{Timeout: Duration(60 * time.Second)},
		Storage:  StorageConfig{Path: "koira.db"},
		Schedule: ScheduleConfig{Tick: Duration(time.Minute)},
	}
	c.Trust.Reviews.Often, c.Trust.Reviews.Usual, c.Trust.Reviews.Sensitive = 20, 30, 50
	c.Trust.Bar.Low, c.Trust.Bar.Normal, c.Trust.Bar.High = 80, 85, 90
	return c
}

// Load reads and checks the file at path. It fails whole: a syntax or type error names its line; otherwise one error of code invalid lists
// every unknown key and every broken rule.
func Load(path string) (Config, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Config{}, &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("The config file %s cannot be read. Copy config.example.toml and edit it.", path), Err: err}
	}
	return Parse(path, b)
}

// Parse is Load for the bytes of a file; name stands in its messages.
func Parse(name string, b []byte) (Config, error) {
	c := defaults()
	d := toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).DisallowUnknownFields()
	err := d.Decode(&c)
	var problems []string
	var unknown *toml.StrictMissingError
	var bad *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		for _, e := range unknown.Errors {
			row, _ := e.Position()
			problems = append(problems, fmt.Sprintf("line %d: there is no key %q", row, strings.Join(e.Key(), ".")))
		}
	case errors.As(err, &bad):
		row, col := bad.Position()
		return Config{}, engine.Errorf(engine.CodeInvalid, "%s, line %d, column %d: %s", name, row, col, Mask(wrongType(bad)))
	case err != nil:
		return Config{}, &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("%s: %v", name, err), Err: err}
	}
	problems = append(problems, c.broken()...)
	if len(problems) > 0 {
		return Config{}, engine.Errorf(engine.CodeInvalid, "%s has %s:\n  %s", name, plural(len(problems), "problem", "problems"), Mask(strings.Join(problems, "\n  ")))
	}
	return c, nil
}

var decoding = regexp.MustCompile(`cannot decode TOML (\S+) into .*of type (\S+)$`)

// wrongType says what stands at a key and what belongs there, in the file's words.
func wrongType(bad *toml.DecodeError) string {
	said := strings.TrimPrefix(bad.Error(), "toml: ")
	m := decoding.FindStringSubmatch(said)
	if m == nil {
		return said
	}
	want := "another kind of value"
	switch t := m[2]; {
	case strings.HasPrefix(t, "[]"):
		want = `a list, such as ["one", "two"] or [4, 6]`
	case t == "string":
		want = `text in quotes, such as "40"`
	case t == "bool":
		want = "true or false"
	case strings.HasPrefix(t, "int"), strings.HasPrefix(t, "uint"):
		want = "a whole number without quotes"
	case strings.HasPrefix(t, "float"):
		want = "a number without quotes"
	case strings.HasSuffix(t, "Duration"):
		want = `a length of time in quotes, such as "60s"`
	}
	return fmt.Sprintf("%s cannot be this %s: write %s", strings.Join(bad.Key(), "."), m[1], want)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
