package app

import "time"

// storyScene is one thing that happens in the story. What people do is written here; what koira does is its own: a scene that has sees waits until
// koira shows such a card, and the story fails where none has come by the last day.
type storyScene struct {
	from, to int    // days of the story, the first is 1; to is from where it is 0
	at       string // "09:30" in the business's zone: from then on, until eight in the evening
	days     string // "mon tue …": only on these; every day where it is ""
	sees     string // plays when a message stands there whose push line holds these words
	button   string // and that has such a button; the first act presses it
	each     bool   // a habit: plays on each of the days, for every such message
	say      string // the line for who watches
	show     bool   // the message that it waits for is shown whole
	acts     []act
}

// act is one step of a scene.
type act struct {
	who  string
	kind actKind
	what string            // a command, a button's label, the name of a channel
	with map[string]string // fields of a window, by action
	mood [2]float64        // see sandbox.Mood
}

type actKind string

const (
	actTypes  actKind = "types"
	actClicks actKind = "clicks" // on the message that the scene is about, or on the newest with that button
	actReads  actKind = "reads"  // all of a window that shows one piece after the other
	actSends  actKind = "sends"  // a window, with its fields filled in
	actPosts  actKind = "posts"  // the text of the card by hand, and says where
	actFeels  actKind = "feels"  // the simulated audience of a channel changes its mood
)

func types(who, command string) act { return act{who: who, kind: actTypes, what: command} }
func clicks(who, label string) act  { return act{who: who, kind: actClicks, what: label} }

// sends submits the window that a click opened; fields are pairs of name and value.
func sends(who string, fields ...string) act {
	with := map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		with[fields[i]] = fields[i+1]
	}
	return act{who: who, kind: actSends, with: with}
}

// audience puts those before a channel into a mood.
func audience(channel string, click, leave float64) act {
	return act{kind: actFeels, what: channel, mood: [2]float64{click, leave}}
}

// byHand posts a drafted text where people post, and tells koira where it stands.
func byHand(who string) []act {
	return []act{{who: who, kind: actPosts}, clicks(who, "I published it…"), sends(who, "link", "")}
}

// allows is the owner's confirmed click in an offer's window, and a second person's signature where the rules ask for one.
func allows() []act {
	return []act{clicks("mari", "Allow…"), sends("mari", "read", "read"), clicks("tomi", "Sign…"), sends("tomi")}
}

// storyDays is how long the story is.
const storyDays = 90

// storyStart is its first morning: a Monday, eight o'clock in the business's zone.
var storyStart = time.Date(2025, 11, 24, 6, 0, 0, 0, time.UTC)

const workdays = "mon tue wed thu fri sat"

// story is what people do, and what the simulated audience does to them. Scenes of the same time play in this order.
var story = []storyScene{
	{from: 1, at: "08:30", say: "Mari owns the bakery, Tomi approves. koira has just come: it may draft, and publish nothing.",
		acts: []act{types("mari", "/autonomy")}},

	// Days 1 to 14: people ask, koira drafts, people publish by hand.
	{from: 1, at: "08:40", say: "Two weeks by hand: Tomi asks for a draft, posts it himself, and tells koira where it stands."},
	{from: 1, to: 14, at: "09:00", days: workdays, each: true, acts: []act{types("tomi", "/koira draft daily-social")}},
	{from: 1, to: 14, at: "09:05", days: workdays, each: true, acts: []act{types("tomi", "/koira draft shop-notes")}},
	{from: 1, to: 14, at: "09:10", days: workdays, each: true, acts: []act{types("tomi", "/koira draft baking-tips")}},
	{from: 1, to: storyDays, at: "09:20", days: workdays, each: true, button: "I published it…", acts: byHand("tomi")},

	// From day 15: each piece waits for a yes.
	{from: 15, to: 21, at: "10:00", sees: "Daily social could go to L3", button: "Allow…", show: true,
		say: "koira has offered, on what it drafted so far, to write by itself. Mari lets the two weeks by hand pass first; now she allows it.", acts: allows()},
	{from: 15, to: 21, at: "10:00", sees: "Shop notes could go to L3", button: "Allow…", acts: allows()},
	{from: 15, to: 21, at: "10:00", sees: "Baking tips could go to L3", button: "Allow…", acts: allows()},
	{from: 15, at: "10:30", say: "From now on koira plans, writes and measures; each piece waits for a yes, which Tomi gives with his coffee."},
	{from: 1, to: storyDays, at: "10:40", days: workdays, each: true, button: "Read them…",
		acts: []act{clicks("tomi", "Read them…"), {who: "tomi", kind: actReads}}},
	{from: 1, to: storyDays, at: "10:45", days: workdays, each: true, button: "Approve", acts: []act{clicks("tomi", "Approve")}},
	{from: 1, to: storyDays, at: "10:50", days: workdays, each: true, button: "Read and approve…", acts: []act{clicks("tomi", "Read and approve…"), sends("tomi")}},

	// From day 22: pieces go out unless somebody stops them, and some wait.
	{from: 22, to: 28, at: "10:00", sees: "Daily social could go out unless stopped (L4)", button: "Allow…", show: true,
		say: "A week of yeses later Mari reads what Daily social proves, and lets its pieces go out unless somebody stops them.", acts: allows()},
	{from: 22, to: 28, at: "10:00", sees: "Shop notes could go out unless stopped (L4)", button: "Allow…", acts: allows()},
	{from: 22, to: 28, at: "10:00", sees: "Baking tips could go out unless stopped (L4)", button: "Allow…", acts: allows()},

	// From day 31: three tasks run by themselves, each by an owner's click in its offer's window.
	{from: 31, to: 40, at: "10:00", sees: "Daily social could run by itself (L5)", button: "Allow…", show: true,
		say: "The first of three grants. The window says how many pieces may go out unattended, and to how many people.", acts: allows()},
	{from: 33, to: 42, at: "10:00", sees: "Shop notes could run by itself (L5)", button: "Allow…", say: "The second grant.", acts: allows()},
	{from: 36, to: 45, at: "10:00", sees: "Baking tips could run by itself (L5)", button: "Allow…", say: "The third grant.", acts: allows()},
	{from: 38, to: 60, at: "09:30", each: true, button: "Seen", acts: []act{clicks("tomi", "Seen")}},

	// Day 50: a bad week.
	{from: 50, at: "08:00", say: "A bad week begins: nobody before the social channel follows a link any more, and readers leave the newsletter in numbers.",
		acts: []act{audience("social", 0, 1), audience("newsletter", 1, 25)}},
	{from: 50, to: 57, at: "07:00", sees: "L5 → L4", show: true, say: "Nobody asked: koira has seen it in the numbers, and has taken its own level down."},
	{from: 50, to: 57, at: "07:00", sees: "Weekly newsletter is paused", show: true, say: "koira has paused the newsletter by itself, and says what it saw."},
	{from: 57, at: "08:00", say: "The bad week is over: the audience is as it was.", acts: []act{audience("social", 1, 1), audience("newsletter", 1, 1)}},
	{from: 58, to: 60, at: "10:00", sees: "Daily social is paused", button: "Resume…",
		say:  "A second breach within two weeks had paused what stands still. Mari has looked at what happened, and resumes it one level lower.",
		acts: []act{clicks("mari", "Resume…"), sends("mari")}},
	{from: 58, to: 60, at: "10:00", each: true, sees: "Needs you: Baking tips is paused", button: "Resume…", acts: []act{clicks("mari", "Resume…"), sends("mari")}},
	{from: 58, to: 60, at: "10:00", each: true, sees: "Needs you: Shop notes is paused", button: "Resume…", acts: []act{clicks("mari", "Resume…"), sends("mari")}},
	{from: 58, to: 60, at: "10:00", sees: "Weekly newsletter is paused", button: "Resume…", acts: []act{clicks("mari", "Resume…"), sends("mari")}},
	{from: 50, to: storyDays, at: "10:30", each: true, sees: "Did not go out", button: "Drop it…", acts: []act{clicks("tomi", "Drop it…"), sends("tomi")}},

	// Day 64: the owner is away for two weeks.
	{from: 64, at: "10:00", say: "Mari goes away for two weeks. What cannot be taken back waits, or Tomi decides; the rest goes on.",
		acts: []act{types("mari", "/koira away until 9 Feb"), sends("mari")}},
	{from: 78, to: 79, at: "07:00", sees: "You were away", show: true, say: "Two weeks later one report tells what happened meanwhile."},
	{from: 79, at: "10:00", say: "Back at work: where each task stands, and what comes next.", acts: []act{types("mari", "/autonomy"), types("mari", "/koira timeline")}},
	{from: 84, at: "10:00", say: "What would earn back the level that Daily social lost? Mari asks; koira will not offer it before the record says so.",
		acts: []act{types("mari", "/autonomy daily-social")}},
	{from: storyDays, at: "18:00", say: "Ninety days. What koira may do by itself it was allowed by an owner's click, and nothing else."},
}
