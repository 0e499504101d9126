package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// pulse is how often a live stream looks at the clock.
const pulse = 500 * time.Millisecond

// seats are the viewers whose live streams stand open, and what each of them has on the screen.
type seats struct {
	mu     sync.Mutex // held while Controls are told, so that they hear of changes in order
	last   int
	taken  map[string]glance
	window bool
	until  time.Time
	tell   func(map[string]glance) (window bool, deadline time.Time, to Controls)
}

// glance is what one viewer sees: the messages on the screen, and whether a window is open.
type glance struct {
	channel string
	seen    []string
	window  bool
}

// join takes a new seat.
func (s *seats) join() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	id := strconv.Itoa(s.last)
	if s.taken == nil {
		s.taken = map[string]glance{}
	}
	s.taken[id] = glance{}
	return id
}

// look notes what the viewer of a seat sees; a seat that was left stays empty.
func (s *seats) look(id string, g glance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.taken[id]; taken {
		s.taken[id] = g
	}
	s.weigh()
}

func (s *seats) leave(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.taken, id)
	s.weigh()
}

// attend weighs again after messages changed or time went on.
func (s *seats) attend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weigh()
}

func (s *seats) weigh() {
	window, deadline, to := s.tell(s.taken)
	if to == nil || window == s.window && deadline.Equal(s.until) {
		return
	}
	s.window, s.until = window, deadline
	to.Holding(window, deadline)
}

// holding sums up what all viewers see: whether a window is open anywhere, and the next deadline on a screen.
func (p *pages) holding(taken map[string]glance) (window bool, deadline time.Time, to Controls) {
	if p.w.o.Controls == nil {
		return false, time.Time{}, nil
	}
	now := p.w.o.Stamp()
	for _, g := range taken {
		window = window || g.window
		for _, ts := range g.seen {
			// A deadline that has passed can no longer be met, and must not hide one that can.
			d := p.deadline(g.channel, ts)
			if d.After(now) && (deadline.IsZero() || d.Before(deadline)) {
				deadline = d
			}
		}
	}
	return window, deadline, p.w.o.Controls
}

// deadline reads event_payload.deadline, Unix seconds, of a message's metadata; zero if there is none.
func (p *pages) deadline(channel, ts string) time.Time {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	r := p.w.room(channel)
	if r == nil {
		return time.Time{}
	}
	m := r.find(ts)
	if m == nil {
		return time.Time{}
	}
	var meta struct {
		Payload struct {
			Deadline json.Number `json:"deadline"`
		} `json:"event_payload"`
	}
	if json.Unmarshal(m.Metadata, &meta) != nil {
		return time.Time{}
	}
	seconds, err := strconv.ParseInt(meta.Payload.Deadline.String(), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// live is the stream that tells a viewer's page when to look again: "hello" with the viewer's seat, "tick" at every change, and "clock"
// with the clock's region whenever that reads differently. It lasts until the viewer goes.
func (p *pages) live(w http.ResponseWriter, r *http.Request) {
	seat := p.seats.join()
	defer p.seats.leave(seat)
	l := p.looking(r.URL.Query())
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // a server without deadlines needs none lifted
	ctx, done := context.WithCancel(r.Context())
	defer done()
	beat := pulses(ctx, p.w.o.Wall)
	version, changed := p.w.Changes()
	clock := ""
	send := func(event, payload string) bool {
		_, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, payload)
		return err == nil && out.Flush() == nil
	}
	ok := send("hello", seat) && send("tick", strconv.FormatUint(version, 10))
	for ok {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			version, changed = p.w.Changes()
			p.seats.attend()
			ok = send("tick", strconv.FormatUint(version, 10))
		case <-beat:
			p.seats.attend()
			if now := p.clockEvent(l); now != clock {
				clock = now
				ok = send("clock", now)
			}
		}
	}
}

// clockEvent is the clock's region in one line.
func (p *pages) clockEvent(l look) string {
	pen := p.pen(l)
	p.drawClock(pen, l)
	line, _ := json.Marshal(part{"clock", domID(pen.b.String()), pen.html()}) // texts always marshal
	return string(line)
}

// pulses sends until ctx ends, and never more than its reader takes.
func pulses(ctx context.Context, wall Clock) <-chan struct{} {
	beat := make(chan struct{})
	go func() {
		for wall.Wait(ctx, pulse) == nil {
			select {
			case beat <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return beat
}
