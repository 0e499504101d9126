package workspace

import (
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// PipeURL is the base URL of a server on a [PipeListener]. Its host is never looked up.
const PipeURL = "http://workspace.pipe"

// PipeListener is a network of one computer: a [net.Listener] whose connections are in memory, so that a server and its clients run
// within a testing/synctest bubble.
type PipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// NewPipeListener returns a listener that accepts what its Dial opens.
func NewPipeListener() *PipeListener {
	return &PipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

// Accept waits for the next connection; after Close it returns net.ErrClosed.
func (l *PipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close makes Accept and Dial fail; open connections stay. Closing twice is fine.
func (l *PipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr returns the address "pipe".
func (l *PipeListener) Addr() net.Addr { return pipeAddr{} }

// Dial connects to the server, whatever the network and the address.
func (l *PipeListener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Client returns an HTTP client on this network. Close its idle connections before a bubble ends.
func (l *PipeListener) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: l.Dial}}
}

// Dialer returns a websocket dialer on this network, for socketmode.OptionDialer.
func (l *PipeListener) Dialer() *websocket.Dialer {
	return &websocket.Dialer{NetDialContext: l.Dial}
}

// pipeAddr is the address of both ends, the same text that net.Pipe's own connections give.
type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
