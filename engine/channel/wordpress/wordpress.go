// Package wordpress publishes blog posts to a WordPress site through its REST API, in two steps: a draft, which nobody sees, and then its
// publication, which may be repeated without harm.
package wordpress

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"koira/engine"
)

// Options is what a Channel is made from.
type Options struct {
	Name     string        // as configured: "blog"
	Label    string        // as people read it; "" means "WordPress"
	URL      string        // of the site: "https://shop.example" or "https://shop.example/blog"
	User     string        // whose posts they are; the role Author is enough
	Password engine.Secret // an application password of that user
	Account  string        // "" or the only account for which this door publishes
	Client   *http.Client  // its transport is used; nil means one of its own
	Timeout  time.Duration // of one request; 0 means 20 s
	Flight   time.Duration // the longest that the site may work on a request; 0 means unknown
	Lag      time.Duration // until a post that is there is also found, where something caches answers
}

// Channel is one WordPress site. It is safe for concurrent use.
type Channel struct {
	o      Options
	api    *url.URL // ends in /wp-json/wp/v2/posts
	client *http.Client
}

var _ engine.Channel = (*Channel)(nil)

// New checks o without I/O. Code invalid when something is missing, or when the password would travel in the clear: plain http is for
// loopback only.
func New(o Options) (*Channel, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, engine.Errorf(engine.CodeInvalid, "The address of the WordPress site must look like https://shop.example.")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, engine.Errorf(engine.CodeInvalid, "The address of the WordPress site must begin with https://, or the password could be read on the way.")
	case o.Name == "" || o.User == "" || o.Password == "":
		return nil, engine.Errorf(engine.CodeInvalid, "A WordPress channel needs a name, a user and an application password.")
	}
	if o.Label == "" {
		o.Label = "WordPress"
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	u.User, u.RawQuery, u.Fragment = nil, "", "" // what should not be there cannot leak into an error
	c := &Channel{o: o, api: u.JoinPath("wp-json/wp/v2/posts"), client: &http.Client{Timeout: o.Timeout, CheckRedirect: stayHome}}
	if o.Client != nil && o.Client.Transport != nil {
		c.client.Transport = o.Client.Transport
	} else {
		c.client.Transport = transport(o.Timeout)
	}
	return c, nil
}

// Traits: a repeat of Publish changes nothing because it speaks of one draft by its id, so the site counts as refusing second copies.
func (c *Channel) Traits() engine.Traits {
	return engine.Traits{
		Name: c.o.Name, Label: c.o.Label, Kind: engine.KindBlog, Prepare: true, Dedupe: true, Probe: true, Retract: true, Subject: true,
		Flight: c.o.Flight, Lag: c.o.Lag,
	}
}

// transport is a dedicated one, so that a slow site cannot use up the connections of others.
func transport(timeout time.Duration) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: timeout / 2}).DialContext, TLSHandshakeTimeout: timeout / 2,
		ForceAttemptHTTP2: true, MaxConnsPerHost: 4, IdleConnTimeout: time.Minute,
	}
}

// stayHome follows a redirect only for a request that changes nothing and only on the host that was asked: elsewhere, somebody else would
// get the password.
func stayHome(next *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || len(via) > 3 || next.URL.Host != first.URL.Host || next.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
