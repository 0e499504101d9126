package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// Workspace is a whole emulated Slack workspace with one app in it. All its methods may be called at the same time.
type Workspace struct {
	o      Options
	app    app
	bot    string // user id of the app's bot
	botTok string
	appTok string

	mu       sync.Mutex // guards all below; nobody waits for anything while holding it
	dice     *rand.Rand
	base     string // scheme and host of this server, without a slash at the end
	lastTS   int64  // microseconds of the newest stamp handed out
	rooms    []*room
	modals   map[string][]*window // by user; the last one is on top
	homes    map[string]*window   // by user
	files    *recent[*upload]
	uploads  *recent[string] // upload token to file id
	picked   *recent[inputs]
	triggers *recent[*trigger]
	replies  *recent[*replyURL]
	tickets  *recent[time.Time] // Socket Mode ticket to its end
	sockets  []*socket
	outbox   []*envelope
	later    []deferred
	faults   Faults
	wake     func() // interrupts Run's waiting
	stopped  bool
	version  uint64
	changed  chan struct{}
}

// Channel is a place where messages stand: a public channel, or a person's direct messages with the bot.
type Channel struct {
	ID   string
	Name string // without '#'; of direct messages the person's name
	User string // the person whose direct messages with the bot these are; "" means a public channel
}

const (
	appID   = "A0APP00001"
	botID   = "B0APP00001"
	notifer = "USLACKBOT" // the poster of notices that the workspace itself writes
)

// New returns a workspace with empty channels. It refuses a manifest that is not JSON, and people or channels without distinct names.
func New(o Options) (*Workspace, error) {
	if o.Wall == nil {
		return nil, errors.New("workspace: no wall clock")
	}
	if o.Stamp == nil {
		o.Stamp = o.Wall.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.TeamID == "" {
		o.TeamID = "T0KOIRA01"
	}
	if o.PingEvery <= 0 {
		o.PingEvery = 5 * time.Second
	}
	a, err := readManifest(o.Manifest)
	if err != nil {
		return nil, fmt.Errorf("workspace: %w", err)
	}
	w := &Workspace{
		o: o, app: a, bot: "U0APPBOT01",
		dice:     rand.New(rand.NewPCG(o.Seed, 0x6b6f697261)),
		base:     "http://workspace.invalid",
		modals:   map[string][]*window{},
		homes:    map[string]*window{},
		files:    newRecent[*upload](500),
		uploads:  newRecent[string](100),
		picked:   newRecent[inputs](500),
		triggers: newRecent[*trigger](1000),
		replies:  newRecent[*replyURL](1000),
		tickets:  newRecent[time.Time](100),
		changed:  make(chan struct{}),
	}
	w.botTok = "xoxb-" + w.letters(24)
	w.appTok = "xapp-1-" + appID + "-" + w.letters(24)
	return w, w.furnish()
}

// furnish makes the channels, and one conversation of each person with the bot.
func (w *Workspace) furnish() error {
	seen := map[string]bool{w.bot: true}
	for i, name := range w.o.Channels {
		if name == "" || seen[name] || strings.HasPrefix(name, "#") {
			return fmt.Errorf("workspace: channel name %q is empty, doubled or starts with #", name)
		}
		seen[name] = true
		w.rooms = append(w.rooms, newRoom(Channel{ID: fmt.Sprintf("C0%08d", i+1), Name: name}))
	}
	for _, p := range w.o.People {
		if p.ID == "" || p.Name == "" || seen[p.ID] {
			return fmt.Errorf("workspace: person %q needs a name and an id of its own", p.ID)
		}
		seen[p.ID] = true
		id := "D0" + strings.TrimPrefix(strings.TrimPrefix(p.ID, "U"), "0")
		w.rooms = append(w.rooms, newRoom(Channel{ID: id, Name: p.Name, User: p.ID}))
	}
	return nil
}

// SetBaseURL sets the scheme and host ("http://127.0.0.1:8080") under which [Workspace.API] is served. It goes into every URL that the
// workspace hands out, so it must be set before the first client connects.
func (w *Workspace) SetBaseURL(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.base = strings.TrimSuffix(base, "/")
}

// BotToken returns the token for Web API calls.
func (w *Workspace) BotToken() string { return w.botTok }

// AppToken returns the token for apps.connections.open.
func (w *Workspace) AppToken() string { return w.appTok }

// BotUserID returns the id of the user that the bot posts as.
func (w *Workspace) BotUserID() string { return w.bot }

// BotName returns the bot's display name from the manifest.
func (w *Workspace) BotName() string { return w.app.botName }

// People returns everyone who can use the workspace, in the order of Options.People.
func (w *Workspace) People() []Person { return slices.Clone(w.o.People) }

// Changes returns a number that grows with every visible change, and a channel that is closed at the next one.
func (w *Workspace) Changes() (version uint64, changed <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version, w.changed
}

// Quiet reports whether every envelope was acknowledged or given up, and nothing that the workspace does later is outstanding.
func (w *Workspace) Quiet() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.outbox) == 0 && len(w.later) == 0
}

// bump tells everyone who waits on Changes.
func (w *Workspace) bump() {
	w.version++
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *Workspace) person(id string) (Person, bool) {
	i := slices.IndexFunc(w.o.People, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return w.o.People[i], true
}

// teamOf returns the team of a person, which for a guest of a shared channel is another one than the workspace's.
func (w *Workspace) teamOf(p Person) string {
	if p.Team != "" {
		return p.Team
	}
	return w.o.TeamID
}

// encode is json.Marshal without HTML escapes, so that blocks leave as they came.
func encode(v any) json.RawMessage {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("workspace: encoding %T: %v", v, err)) // only maps, texts and checked raw JSON get here
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}
