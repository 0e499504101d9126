package workspace

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets = 10
	ticketLife = time.Minute
	socketLife = 4 * time.Hour // Slack renews a connection every few hours
	debugLife  = 6 * time.Minute
	stepTime   = 10 * time.Second // between a warning, the request to reconnect, and the cut
	maxQueue   = 64               // frames that wait for a reader; more means that nobody reads
)

// socket is one Socket Mode connection. Its own goroutine writes, so that a slow reader holds up nobody else.
type socket struct {
	conn     *websocket.Conn
	out      chan frame
	gone     chan struct{}
	nextPing time.Time
	leaving  bool // was told to reconnect: gets no more envelopes

	// A socket's end comes in steps: a warning, the request to reconnect, and the cut for one that does not go.
	step   string
	stepAt time.Time
}

// frame is something to write.
type frame struct {
	body []byte // nil means a PING
	last bool   // the connection is closed after it
}

// connectionsOpen hands out an address with a ticket that lets one socket in.
func (w *Workspace) connectionsOpen(args) (result, error) {
	if w.faults.LinkDisabled {
		return nil, refuse("link_disabled")
	}
	ticket := w.envelopeID()
	w.tickets.put(ticket, w.o.Wall.Now().Add(ticketLife))
	q := url.Values{"ticket": {ticket}, "app_id": {appID}}
	return result{"url": "ws" + strings.TrimPrefix(w.base, "http") + "/link/?" + q.Encode()}, nil
}

// local lets in websockets from this computer. Slack's clients name Slack as their origin, so the origin says nothing.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr == pipeAddr{}.String()
	}
	return net.ParseIP(host).IsLoopback()
}

func (w *Workspace) serveLink(rw http.ResponseWriter, r *http.Request) {
	if !w.redeem(r.URL.Query().Get("ticket")) {
		http.Error(rw, "this ticket is unknown, used or too old", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: local}
	conn, err := up.Upgrade(rw, r, nil)
	if err != nil {
		return // the upgrader answered
	}
	conn.SetReadLimit(1 << 20)
	life := socketLife
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = debugLife
	}
	s := &socket{conn: conn, out: make(chan frame, maxQueue), gone: make(chan struct{})}
	go s.write()
	w.welcome(s, life)
	for {
		_, body, err := conn.ReadMessage()
		if err != nil {
			break
		}
		w.acknowledge(body)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cutSocket(s)
}

// redeem uses a ticket up.
func (w *Workspace) redeem(ticket string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	end, ok := w.tickets.get(ticket)
	w.tickets.drop(ticket)
	return ok && w.o.Wall.Now().Before(end) && !w.stopped
}

// write sends what is queued until the socket is cut.
func (s *socket) write() {
	defer s.conn.Close()
	for {
		select {
		case <-s.gone:
			return
		case f := <-s.out:
			var err error
			if f.body == nil {
				err = s.conn.WriteControl(websocket.PingMessage, []byte("Ping from the workspace"), time.Time{})
			} else {
				err = s.conn.WriteMessage(websocket.TextMessage, f.body)
			}
			if err != nil || f.last {
				return
			}
		}
	}
}

// welcome takes a socket in and says hello, or sends it away when there are too many.
func (w *Workspace) welcome(s *socket, life time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || len(w.sockets) >= maxSockets {
		s.leaving = true
		s.out <- frame{disconnect("too_many_websockets"), true}
		return
	}
	now := w.o.Wall.Now()
	w.sockets = append(w.sockets, s)
	w.send(s, result{
		"type": "hello", "num_connections": len(w.sockets), "connection_info": result{"app_id": appID},
		"debug_info": result{
			"host": "applink-workspace", "started": now.UTC().Format("2006-01-02 15:04:05.000"), "build_number": 1,
			"approximate_connection_time": int(life / time.Second),
		},
	})
	s.nextPing, s.step, s.stepAt = now, "warning", now.Add(life-stepTime)
	w.nudge() // something may wait for a socket
}

func disconnect(reason string) json.RawMessage {
	return encode(result{"type": "disconnect", "reason": reason, "debug_info": result{"host": "applink-workspace"}})
}

// send queues a frame. A socket whose reader is far behind is cut, as Slack does.
func (w *Workspace) send(s *socket, body result) bool {
	return w.queue(s, frame{body: encode(body)})
}

func (w *Workspace) queue(s *socket, f frame) bool {
	select {
	case s.out <- f:
		return true
	default:
		w.cutSocket(s)
		return false
	}
}

// cutSocket ends a socket without a word. Doing so twice is fine.
func (w *Workspace) cutSocket(s *socket) {
	select {
	case <-s.gone:
		return
	default:
	}
	close(s.gone)
	s.conn.Close() // the other side may have closed it before
	w.sockets = slices.DeleteFunc(w.sockets, func(o *socket) bool { return o == s })
	w.bump()
}

// tend does what is due for a socket, and returns when something will be again.
func (w *Workspace) tend(s *socket, now time.Time) time.Time {
	if !now.Before(s.stepAt) {
		w.refresh(s, s.step)
	}
	if !now.Before(s.nextPing) {
		s.nextPing = now.Add(w.o.PingEvery)
		if !w.faults.SilentPings {
			w.queue(s, frame{})
		}
	}
	if s.stepAt.Before(s.nextPing) {
		return s.stepAt
	}
	return s.nextPing
}

// refresh takes a step towards a socket's end. After a warning it still gets envelopes, after the request it does not.
func (w *Workspace) refresh(s *socket, step string) {
	if s.leaving && step != "cut" {
		return
	}
	s.stepAt = w.o.Wall.Now().Add(stepTime)
	switch step {
	case "cut":
		w.cutSocket(s)
		return
	case "warning":
		s.step = "refresh_requested"
	default:
		s.step, s.leaving = "cut", true
	}
	w.queue(s, frame{body: disconnect(step)})
}

// RefreshSockets sends every socket a disconnect frame: "warning", "refresh_requested", or "link_disabled", which also switches Socket
// Mode off until [Faults].LinkDisabled is cleared.
func (w *Workspace) RefreshSockets(reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if reason == "link_disabled" {
		w.faults.LinkDisabled = true
	}
	for _, s := range slices.Clone(w.sockets) {
		w.refresh(s, reason)
	}
	w.nudge()
}

// CutSockets ends every connection abruptly, as a broken network does.
func (w *Workspace) CutSockets() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range slices.Clone(w.sockets) {
		w.cutSocket(s)
	}
}

// stop ends the sockets for good.
func (w *Workspace) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	for _, s := range slices.Clone(w.sockets) {
		w.cutSocket(s)
	}
}
