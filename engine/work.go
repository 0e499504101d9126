package engine

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Work is a piece of weekly work on the audit's list: one that people do by hand, or that a task took over.
type Work struct {
	ID          string // for what a task took whole, the task's
	Name        string
	Minutes     int // a week, as people said it takes, or took before a task did it; 0 where nobody said
	Times       int // a week; 0 where nobody said
	Sensitivity Degree
	Nature      []Nature
	Guessed     bool   // Nature was read off the name, and nobody has said otherwise
	Task        string // the task that does it now; "" while people do
	By          string
	At          time.Time // when it was last changed
}

const (
	// SettingMarket is the store's setting of whom the business sells to: a Market.
	SettingMarket = "market"
	// MostWorks is how many pieces of work the audit's list holds.
	MostWorks = 60
	// OftenTimes a week is often.
	OftenTimes = 3

	longestWork = 80
	mostMinutes = 7 * 24 * 60
	mostTimes   = 200
)

// Often reports whether w comes often enough that its record would grow fast.
func (w Work) Often() bool { return w.Times >= OftenTimes }

// Words says in plain words how w stands, without its name.
func (w Work) Words() string {
	says := []string{"hours not said"}
	if w.Minutes > 0 {
		says[0] = strconv.FormatFloat(math.Round(float64(w.Minutes)/6)/10, 'f', -1, 64) + " h a week"
	}
	if w.Times > 0 {
		says = append(says, strconv.Itoa(w.Times)+" a week")
	}
	says = append(says, string(w.Sensitivity)+" sensitivity")
	if w.Task != "" && w.Task != w.ID {
		says = append(says, "done by "+w.Task)
	}
	for _, n := range w.Nature {
		says = append(says, n.Words())
	}
	return strings.Join(says, ", ")
}

// Top is the highest level that such work could ever hold, and why; L5 where its nature caps nothing. What its channel caps is not known yet.
func (w Work) Top() (Level, []string) {
	return Cap(Task{Nature: w.Nature}, Exposure{Measured: BaselinePieces, Metered: true, Traits: Traits{Retract: true}})
}

// Checked is w as it may be kept: its name on one line. Code invalid, with its field, for a name that is missing or too long and for numbers that
// no week holds.
func (w Work) Checked() (Work, error) {
	w.Name = strings.Join(strings.Fields(StripHidden(w.Name)), " ")
	bad := func(field, format string, args ...any) (Work, error) {
		e := Errorf(CodeInvalid, format, args...)
		e.Field = field
		return w, e
	}
	switch {
	case w.Name == "":
		return bad("name", `Work on the list needs a name, such as "Photos for the shop". Nothing changed.`)
	case len([]rune(w.Name)) > longestWork:
		return bad("name", "A name on the list holds %d characters; yours has %d. Nothing changed.", longestWork, len([]rune(w.Name)))
	case w.Minutes < 0 || w.Minutes > mostMinutes:
		return bad("hours", "A week has 168 hours. Nothing changed.")
	case w.Times < 0 || w.Times > mostTimes:
		return bad("times", "How often must be 1 to %d times a week. Nothing changed.", mostTimes)
	case w.Sensitivity != Low && w.Sensitivity != Normal && w.Sensitivity != High:
		return bad("sensitivity", "Sensitivity is low, normal or high. Nothing changed.")
	}
	return w, nil
}

// ParseMinutes reads hours a week as people write them: "3h", "1.5", "1,5 h", "90m", "off" for none. Code invalid for anything else.
func ParseMinutes(s string) (int, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	bad := func() (int, error) {
		e := Errorf(CodeInvalid, "Hours a week look like 3h, 1.5h or 90m, at most 168h; you wrote %q. Nothing changed.", s)
		e.Field = "hours"
		return 0, e
	}
	if t == "off" || t == "none" {
		return 0, nil
	}
	unit := 60.0
	for _, u := range []struct {
		word string
		of   float64
	}{{"hours", 60}, {"hour", 60}, {"minutes", 1}, {"min", 1}, {"h", 60}, {"m", 1}} {
		if x, ok := strings.CutSuffix(t, u.word); ok {
			t, unit = strings.TrimSpace(x), u.of
			break
		}
	}
	v, err := strconv.ParseFloat(strings.Replace(t, ",", ".", 1), 64)
	n := math.Round(v * unit)
	if err != nil || !(n >= 1 && n <= mostMinutes) { // not so for NaN either
		return bad()
	}
	return int(n), nil
}

// ReadWork reads words about a piece of work, in any order, into w: "3h", "5x", "low|normal|high", natures such as "relationship", "none" for no
// nature, and "by <task>" or "by hand". Code invalid for any other word.
func ReadWork(w Work, words []string) (Work, error) {
	natured := false
	for i := 0; i < len(words); i++ {
		s := strings.ToLower(strings.TrimSuffix(words[i], ","))
		times, isTimes := strings.CutSuffix(s, "x")
		switch n, err := strconv.Atoi(times); {
		case isTimes && err == nil:
			if n < 1 {
				n = mostTimes + 1 // refused by Checked
			}
			w.Times = n
		case s == string(Low) || s == string(Normal) || s == string(High):
			w.Sensitivity = Degree(s)
		case slices.Contains(Natures, Nature(s)):
			if !natured {
				w.Nature, natured = nil, true
			}
			w.Nature, w.Guessed = append(w.Nature, Nature(s)), false
		case s == "none":
			w.Nature, w.Guessed, natured = nil, false, true
		case s == "by" && i+1 < len(words):
			i++
			if w.Task = strings.ToLower(strings.TrimSuffix(words[i], ",")); w.Task == "hand" {
				w.Task = ""
			}
		case s != "" && (unicode.IsDigit(rune(s[0])) || s == "off"):
			m, err := ParseMinutes(s)
			if err != nil {
				return w, err
			}
			w.Minutes = m
		default:
			return w, Errorf(CodeInvalid, "I do not know %q. Say hours (3h), how often (5x a week is 5x), low, normal or high, %s, or by <task>. Nothing changed.",
				words[i], joinNatures())
		}
	}
	return w, nil
}

// Natures lists every nature, in the order of the design.
var Natures = []Nature{NaturePeopleKnow, NatureRelationship, NatureBrand, NatureLegal, NatureCrisis, NatureNews, NaturePricing}

// natureWords says each in plain words.
var natureWords = map[Nature]string{
	NaturePeopleKnow: "only people know it", NatureRelationship: "a relationship is at stake", NatureBrand: "a slip would hurt the brand",
	NatureLegal: "somebody looks at it for the law", NatureCrisis: "it speaks when something went wrong", NatureNews: "it speaks on news",
	NaturePricing: "it announces prices",
}

// Words says n in plain words.
func (n Nature) Words() string { return natureWords[n] }

func joinNatures() string {
	all := make([]string, len(Natures))
	for i, n := range Natures {
		all[i] = string(n)
	}
	return strings.Join(all, ", ")
}

// natureSigns are words in the name of a piece of work that speak for a nature, as beginnings of words.
var natureSigns = []struct {
	sign   string
	nature Nature
}{
	{"key account", NatureRelationship}, {"partner", NatureRelationship}, {"sponsor", NatureRelationship}, {"outreach", NatureRelationship},
	{"personal", NatureRelationship}, {"founder", NaturePeopleKnow}, {"product news", NaturePeopleKnow}, {"new product", NaturePeopleKnow},
	{"crisis", NatureCrisis}, {"complaint", NatureCrisis}, {"price", NaturePricing}, {"pricing", NaturePricing}, {"legal", NatureLegal}, {"contract", NatureLegal},
	{"breaking", NatureNews},
}

// GuessNature reads a nature off a name. It is a guess: people can say otherwise.
func GuessNature(name string) []Nature {
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
	var ns []Nature
	for _, s := range natureSigns {
		if strings.Contains(words, " "+s.sign) && !slices.Contains(ns, s.nature) {
			ns = append(ns, s.nature)
		}
	}
	return ns
}

// Market is whom a business sells to.
type Market string

const (
	MarketUnknown    Market = ""
	MarketBusinesses Market = "b2b"
	MarketPeople     Market = "b2c"
	MarketBoth       Market = "both"
)

// ParseMarket reads "b2b", "b2c" or "both". Code invalid otherwise.
func ParseMarket(s string) (Market, error) {
	m := Market(strings.ToLower(strings.TrimSpace(s)))
	if m != MarketBusinesses && m != MarketPeople && m != MarketBoth {
		e := Errorf(CodeInvalid, "You sell to businesses (b2b), to people (b2c) or to both; you wrote %q. Nothing changed.", s)
		e.Field = "market"
		return MarketUnknown, e
	}
	return m, nil
}

// Words says m in plain words.
func (m Market) Words() string {
	switch m {
	case MarketBusinesses:
		return "businesses (B2B)"
	case MarketPeople:
		return "people (B2C)"
	case MarketBoth:
		return "businesses and people (B2B and B2C)"
	}
	return "nobody has said to whom"
}

// ProposedWork is a task that fits many businesses of a market.
type ProposedWork struct {
	Key     string
	Work    Work
	Markets []Market
	Why     string
}

// proposed is common practice, not anything measured here: cards say so. Relationships stay with people on every market.
var proposed = []ProposedWork{
	{"daily-social", Work{Name: "Daily social post", Times: 5, Sensitivity: Low}, []Market{MarketPeople}, "often, short and easily taken down: its record grows fastest"},
	{"weekly-offer", Work{Name: "Weekly offer post", Times: 1, Sensitivity: Normal}, []Market{MarketPeople}, "dated offers from your facts"},
	{"customer-letter", Work{Name: "Customer newsletter", Times: 1, Sensitivity: Normal}, []Market{MarketPeople}, "cannot be unsent, so it needs more reviews"},
	{"welcome", Work{Name: "Welcome e-mail", Times: 1, Sensitivity: Low}, []Market{MarketPeople, MarketBusinesses}, "the same for everybody, so little changes"},
	{"reviews", Work{Name: "Answers to reviews", Times: 3, Sensitivity: High}, []Market{MarketPeople}, "public and personal: each one is read"},
	{"expert-post", Work{Name: "Expert post", Times: 3, Sensitivity: Low}, []Market{MarketBusinesses}, "often and short: its record grows fastest"},
	{"expert-article", Work{Name: "Expert article", Times: 1, Sensitivity: Normal}, []Market{MarketBusinesses}, "found for years; can be taken down"},
	{"client-letter", Work{Name: "Client newsletter", Times: 1, Sensitivity: Normal}, []Market{MarketBusinesses}, "cannot be unsent, so it needs more reviews"},
	{"case-study", Work{Name: "Case study", Times: 1, Sensitivity: High}, []Market{MarketBusinesses}, "names a customer: each one is read"},
	{"key-accounts", Work{Name: "Key account messages", Times: 2, Sensitivity: High, Nature: []Nature{NatureRelationship}}, []Market{MarketBusinesses}, "stays with you: I draft, you send"},
	{"partnerships", Work{Name: "Partnership messages", Times: 1, Sensitivity: High, Nature: []Nature{NatureRelationship}}, []Market{MarketBusinesses, MarketPeople}, "stays with you: I draft, you send"},
}

// Proposed lists the tasks that fit a market; none where nobody has said which.
func Proposed(m Market) []ProposedWork {
	var ps []ProposedWork
	for _, p := range proposed {
		if m == MarketBoth || m != MarketUnknown && slices.Contains(p.Markets, m) {
			ps = append(ps, p)
		}
	}
	return ps
}
