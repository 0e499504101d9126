package blocks

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"koira/engine"
)

// Value is what a button carries: which thing it stands under, and which version was drawn there. It is looked up, never trusted.
type Value struct {
	ID       string        // of the output, exception, task or decision
	Digest   engine.Digest // of the drawn version of an output; "" for everything else
	Audience int           // how many people the card said that it reaches, on a button that is a yes; 0 for every other
}

func (v Value) String() string {
	switch {
	case v.Digest == "":
		return v.ID
	case v.Audience == 0:
		return v.ID + "|" + string(v.Digest)
	}
	return v.ID + "|" + string(v.Digest) + "|" + strconv.Itoa(v.Audience)
}

// ParseValue reads what String wrote. Code invalid for anything else.
func ParseValue(s string) (Value, error) {
	parts := strings.Split(s, "|")
	v := Value{ID: parts[0]}
	ok := isID(v.ID) && len(parts) <= 3
	if len(parts) > 1 {
		v.Digest = engine.Digest(parts[1])
		ok = ok && isDigest(parts[1])
	}
	if len(parts) > 2 {
		v.Audience, _ = strconv.Atoi(parts[2])
		ok = ok && v.Audience > 0 && v.String() == s
	}
	if !ok {
		return Value{}, malformed(s)
	}
	return v, nil
}

// ids are what koira makes and what people name tasks: never longer than this, and of these characters.
var ids = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$`)

func isID(s string) bool { return ids.MatchString(s) }

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && s == strings.ToLower(s)
}

func malformed(s string) error {
	const most = 60
	if len(s) > most {
		s = s[:most] + "…"
	}
	return &engine.Error{
		Code: engine.CodeInvalid, Message: "That button is not one of mine. Nothing changed.", Err: fmt.Errorf("malformed value %q", s),
	}
}

// menuValue is an option of a ⋯ menu. Slack gives an option 75 characters, so the digest's bytes are in base64.
func menuValue(code string, v Value) string {
	if v.Digest == "" {
		return code + "|" + v.ID
	}
	b, err := hex.DecodeString(string(v.Digest))
	if err != nil { // not a digest of ours: it will match nothing
		return code + "|" + v.ID
	}
	return code + "|" + v.ID + "|" + base64.RawURLEncoding.EncodeToString(b)
}

// ParseMenu reads the option that was chosen in a ⋯ menu: which ID it stands for, and the value that its button would carry. Code invalid
// for anything that no menu of koira's holds.
func ParseMenu(s string) (ID, Value, error) {
	parts := strings.Split(s, "|")
	if len(parts) < 2 || len(parts) > 3 || !isID(parts[1]) {
		return "", Value{}, malformed(s)
	}
	v := Value{ID: parts[1]}
	if len(parts) == 3 {
		b, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
		if err != nil || len(b) != 32 {
			return "", Value{}, malformed(s)
		}
		v.Digest = engine.Digest(hex.EncodeToString(b))
	}
	for _, m := range menuRows {
		if m.code == parts[0] {
			return m.id, v, nil
		}
	}
	return "", Value{}, malformed(s)
}

// LevelValue is a wanted change of a task's level.
type LevelValue struct {
	Task     string
	From, To engine.Level
}

func (v LevelValue) String() string { return v.Task + "|" + v.From.String() + "|" + v.To.String() }

// ParseLevelValue reads what String wrote. Code invalid for anything else.
func ParseLevelValue(s string) (LevelValue, error) {
	parts := strings.Split(s, "|")
	if len(parts) != 3 || !isID(parts[0]) {
		return LevelValue{}, malformed(s)
	}
	from, err := engine.ParseLevel(parts[1])
	if err != nil {
		return LevelValue{}, malformed(s)
	}
	to, err := engine.ParseLevel(parts[2])
	v := LevelValue{Task: parts[0], From: from, To: to}
	if err != nil || v.String() != s {
		return LevelValue{}, malformed(s)
	}
	return v, nil
}

// List names what can be paged.
type List string

const (
	ListQueue      List = "queue"
	ListExceptions List = "exceptions"
	ListLog        List = "log"
	ListDecisions  List = "decisions"
	ListBudget     List = "budget"
	ListReport     List = "report"
	ListWaits      List = "waits"   // what a stop holds back
	ListReviews    List = "reviews" // with Task: the task and its reviews
	ListCopy       List = "copy"    // with Task: people's own copy in its calendar
	ListAutonomy   List = "autonomy"
	ListRules      List = "rules"
	ListWeeks      List = "weeks"      // what the last weeks cost
	ListHistory    List = "history"    // who changed the rules
	ListStrategies List = "strategies" // who changed the strategy
	ListFacts      List = "facts"
	ListStrategy   List = "strategy"
)

var lists = []List{
	ListCopy, ListQueue, ListExceptions, ListLog, ListDecisions, ListBudget, ListReport, ListWaits, ListReviews, ListAutonomy, ListRules, ListWeeks,
	ListHistory, ListStrategies, ListStrategy, ListFacts,
}

// PageValue is one page of a list.
type PageValue struct {
	List   List
	Task   string // "" for all tasks
	Offset int
}

func (v PageValue) String() string {
	return string(v.List) + "|" + v.Task + "|" + strconv.Itoa(v.Offset)
}

// ParsePageValue reads what String wrote. Code invalid for anything else.
func ParsePageValue(s string) (PageValue, error) {
	parts := strings.Split(s, "|")
	if len(parts) != 3 || parts[1] != "" && !isID(parts[1]) {
		return PageValue{}, malformed(s)
	}
	n, err := strconv.Atoi(parts[2])
	v := PageValue{List: List(parts[0]), Task: parts[1], Offset: n}
	if err != nil || n < 0 || n > 1_000_000 || v.String() != s {
		return PageValue{}, malformed(s)
	}
	for _, l := range lists {
		if v.List == l {
			return v, nil
		}
	}
	return PageValue{}, malformed(s)
}

// StepValue is one page of a piece, in a version, in the window of a week.
type StepValue struct {
	Output string
	Digest engine.Digest
	Page   int
}

func (v StepValue) String() string {
	return v.Output + "|" + string(v.Digest) + "|" + strconv.Itoa(v.Page)
}

// ParseStepValue reads what String wrote. Code invalid for anything else.
func ParseStepValue(s string) (StepValue, error) {
	parts := strings.Split(s, "|")
	if len(parts) != 3 || !isID(parts[0]) || !isDigest(parts[1]) {
		return StepValue{}, malformed(s)
	}
	n, err := strconv.Atoi(parts[2])
	v := StepValue{parts[0], engine.Digest(parts[1]), n}
	if err != nil || n < 0 || n > 10_000 || v.String() != s {
		return StepValue{}, malformed(s)
	}
	return v, nil
}

// Place is where a card stands in Slack. Week is set where it was left for the window of a week, which comes back.
type Place struct {
	Channel, TS, Week string
	Began             int64 // of a window for reading: when it first showed this version, in Unix milliseconds of the wall's clock
}

// Meta is what a window carries from its opening to its sending in.
type Meta struct {
	ID      string                   `json:"id"`                // of what it is about
	Digest  engine.Digest            `json:"digest,omitempty"`  // of the version that it shows
	Reaches int                      `json:"reaches,omitempty"` // people, as it says; 0 where it says none
	Channel string                   `json:"channel,omitempty"` // of the card that it was opened from; "" when it was opened by a command
	TS      string                   `json:"ts,omitempty"`
	From    string                   `json:"from,omitempty"` // a level "L3"
	To      string                   `json:"to,omitempty"`
	Version int                      `json:"version,omitempty"` // of the guardrails, or of the strategy
	Rise    *engine.Rise             `json:"rise,omitempty"`    // in OnceWindow: what it showed on top of each cap
	Marks   []string                 `json:"marks,omitempty"`   // in OnceWindow: what else it lets pass, as it was shown
	Week    string                   `json:"week,omitempty"`    // in WeekWindow, and in those that lead back to it
	Page    int                      `json:"page,omitempty"`    // in WeekWindow
	Began   int64                    `json:"began,omitempty"`   // in WeekWindow and ReadWindow: Place.Began
	Seen    int64                    `json:"seen,omitempty"`    // in WorkChangeWindow: when what it lists was read, in Unix nanoseconds of the business's clock
	Good    map[engine.Metric]string `json:"good,omitempty"`    // in GoodWindow: what it showed as said
	Joins   []string                 `json:"joins,omitempty"`   // in EditWindow: what stood between the parts of split texts, in their order
}

// Place returns where the card stands.
func (m Meta) Place() Place { return Place{Channel: m.Channel, TS: m.TS, Week: m.Week} }

// Value returns what the card's buttons carry.
func (m Meta) Value() Value { return Value{ID: m.ID, Digest: m.Digest} }

// Levels returns the change of level that LevelWindow showed. Code invalid when it showed none.
func (m Meta) Levels() (from, to engine.Level, err error) {
	if from, err = engine.ParseLevel(m.From); err == nil {
		to, err = engine.ParseLevel(m.To)
	}
	return from, to, err
}

func (m Meta) String() string {
	b, err := json.Marshal(m)
	if err != nil { // strings and numbers always marshal
		return "{}"
	}
	return string(b)
}

var timestamps = regexp.MustCompile(`^[0-9]{1,20}\.[0-9]{1,10}$`)

// ParseMeta reads a window's private_metadata. Code invalid for anything that String did not write.
func ParseMeta(s string) (Meta, error) {
	var m Meta
	d := json.NewDecoder(strings.NewReader(s))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || d.More() {
		return Meta{}, malformed(s)
	}
	ok := m.ID != "" && len(m.ID) <= 300 && (m.Digest == "" || isDigest(string(m.Digest))) &&
		(m.Channel == "" || isID(m.Channel)) && (m.TS == "" || timestamps.MatchString(m.TS)) && m.Version >= 0 && m.Reaches >= 0 &&
		(m.Week == "" || isID(m.Week)) && m.Page >= 0 && m.Began >= 0
	if !ok {
		return Meta{}, malformed(s)
	}
	return m, nil
}
