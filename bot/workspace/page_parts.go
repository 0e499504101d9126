package workspace

import (
	"cmp"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	homeID    = "home" // stands for the App Home where a channel's id would stand
	shownNow  = 60     // messages that a channel shows at first
	shownMost = 2000
)

// look is what one viewer looks at.
type look struct {
	as      Person
	channel Channel // its ID is homeID for the App Home
	thread  string
	show    int
}

// looking reads a look from a query. What does not exist gives way to the first person and the first channel, so that an old link works.
func (p *pages) looking(q url.Values) look {
	l := look{show: shownNow}
	if n, err := strconv.Atoi(q.Get("show")); err == nil && n > shownNow {
		l.show = min(n, shownMost)
	}
	people := p.w.People()
	if len(people) > 0 {
		l.as = people[max(0, slices.IndexFunc(people, func(x Person) bool { return x.ID == q.Get("as") }))]
	}
	rooms := p.rooms(l.as)
	if i := slices.IndexFunc(rooms, func(c Channel) bool { return c.ID == q.Get("channel") }); i >= 0 {
		l.channel = rooms[i]
	} else if len(rooms) > 0 {
		l.channel = rooms[0]
	}
	if ts := q.Get("thread"); ts != "" && len(p.w.Thread(l.channel.ID, ts)) > 0 {
		l.thread = ts
	}
	return l
}

// rooms are the channels that a person can open: the public ones, their own conversation with the app, and the App Home.
func (p *pages) rooms(who Person) []Channel {
	var public, own []Channel
	for _, c := range p.w.Channels() {
		switch c.User {
		case "":
			public = append(public, c)
		case who.ID:
			own = append(own, c)
		}
	}
	return slices.Concat(public, []Channel{{ID: homeID, Name: "Home"}}, own)
}

// address is the link to what l looks at.
func (l look) address() string {
	q := url.Values{"as": {l.as.ID}, "channel": {l.channel.ID}}
	if l.thread != "" {
		q.Set("thread", l.thread)
	}
	if l.show != shownNow {
		q.Set("show", strconv.Itoa(l.show))
	}
	return "/?" + q.Encode()
}

func (l look) at(channel Channel, thread string) string {
	return look{as: l.as, channel: channel, thread: thread, show: shownNow}.address()
}

// part is one region of the page, drawn anew whenever something changes; the script swaps in those whose digest is another.
type part struct {
	ID     string        `json:"id"`
	Digest string        `json:"digest"`
	HTML   template.HTML `json:"html"`
}

// partDrawers is every region, in the order of the page.
var partDrawers = []struct {
	id   string
	draw func(*pages, *pen, look)
}{
	{"clock", (*pages).drawClock},
	{"rooms", (*pages).drawRooms},
	{"stream", (*pages).drawStream},
	{"thread", (*pages).drawThread},
	{"window", (*pages).drawWindow},
}

func (p *pages) pen(l look) *pen {
	names, channels := map[string]string{p.w.BotUserID(): p.w.BotName(), notifer: "workspace"}, map[string]string{}
	bylines, people := maps.Clone(names), p.w.People()
	for _, x := range people {
		names[x.ID], bylines[x.ID] = x.Name, cmp.Or(x.RealName, x.Name)
	}
	all := p.w.Channels()
	for _, c := range all {
		channels[c.ID] = c.Name
	}
	public := slices.DeleteFunc(all, func(c Channel) bool { return c.User != "" })
	return &pen{as: l.as.ID, now: p.now(), names: names, bylines: bylines, channels: channels, people: people, rooms: public}
}

func (p *pages) now() time.Time { return p.w.o.Stamp().In(p.w.o.Zone) }

func (p *pages) draw(l look) []part {
	var all []part
	for _, d := range partDrawers {
		pen := p.pen(l)
		d.draw(p, pen, l)
		all = append(all, part{d.id, domID(pen.b.String()), pen.html()})
	}
	return all
}

// whole serves the page; everything after the first load comes through parts.
func (p *pages) whole(w http.ResponseWriter, r *http.Request) {
	l := p.looking(r.URL.Query())
	byID := map[string]part{}
	for _, x := range p.draw(l) {
		byID[x.ID] = x
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// Nobody is left to tell when the viewer is gone before the page is written.
	_ = p.shell.Execute(w, map[string]any{
		"App": p.w.BotName(), "Notices": p.w.o.Notices, "People": p.w.People(), "As": l.as.ID, "Channel": l.channel, "Thread": l.thread,
		"Parts": byID, "Commands": p.completions(), "Example": p.example(),
	})
}

// parts answers with the regions whose digests the caller does not have.
func (p *pages) parts(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l, have := p.looking(q), strings.Split(q.Get("have"), ",")
	version, _ := p.w.Changes()
	changed := slices.DeleteFunc(p.draw(l), func(x part) bool { return slices.Contains(have, x.ID+"."+x.Digest) })
	respond(w, http.StatusOK, map[string]any{
		"version": version, "parts": changed, "address": l.address(), "as": l.as.ID, "channel": l.channel.ID, "name": l.channel.Name, "thread": l.thread,
	})
}

// respond writes JSON.
func respond(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
