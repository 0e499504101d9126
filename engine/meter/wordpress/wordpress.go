// Package wordpress counts what readers answer on a WordPress site: approved comments, as engagements. WordPress itself counts no views.
package wordpress

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

// Options is what a Meter is made from.
type Options struct {
	Name     string        // as configured: "blog-comments"
	URL      string        // of the site
	User     string        // "" for a site that tells everybody
	Password engine.Secret // an application password; sent only with a User
	Client   *http.Client  // its transport is used; nil means one of its own
	Timeout  time.Duration // of one request; 0 means 20 s
}

// Meter reads one site. It is safe for concurrent use.
type Meter struct {
	o      Options
	api    *url.URL // ends in /wp-json/wp/v2
	client *http.Client
}

var _ engine.Meter = (*Meter)(nil)

// batch is how many posts WordPress names in one answer; maxAnswer is more than such an answer needs.
const (
	batch     = 100
	maxAnswer = 1 << 20
)

// New checks o without I/O. Code invalid when something is missing, or when a password would travel in the clear.
func New(o Options) (*Meter, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, engine.Errorf(engine.CodeInvalid, "The address of the WordPress site must look like https://shop.example.")
	case o.User != "" && u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, engine.Errorf(engine.CodeInvalid, "The address of the WordPress site must begin with https://, or the password could be read on the way.")
	case o.Name == "":
		return nil, engine.Errorf(engine.CodeInvalid, "A WordPress meter needs a name.")
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	m := &Meter{o: o, api: u.JoinPath("wp-json/wp/v2"), client: &http.Client{Timeout: o.Timeout, CheckRedirect: stayHome}}
	m.client.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: o.Timeout / 2, MaxConnsPerHost: 2, IdleConnTimeout: time.Minute}
	if o.Client != nil && o.Client.Transport != nil {
		m.client.Transport = o.Client.Transport
	}
	return m, nil
}

func (m *Meter) Name() string { return m.o.Name }

// Read counts the approved comments of each ref that is a public post of this site, and leaves out all others: a post that was taken down
// is not zero, it is unknown. The time of a reading is the site's own. Code denied when the site refuses the user, else upstream.
func (m *Meter) Read(ctx context.Context, _ time.Time, refs []engine.Ref) ([]engine.Observation, error) {
	var ids []string
	for _, r := range refs {
		if n, err := strconv.ParseUint(r.ID, 10, 63); err == nil && n > 0 && !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	var obs []engine.Observation
	for some := range slices.Chunk(ids, batch) {
		public, err := m.public(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, id := range public {
			o, err := m.comments(ctx, id)
			if err != nil {
				return nil, err
			}
			obs = append(obs, o)
		}
	}
	return obs, nil
}

// public returns those of ids that a visitor can see.
func (m *Meter) public(ctx context.Context, ids []string) ([]string, error) {
	q := url.Values{"include": {strings.Join(ids, ",")}, "per_page": {strconv.Itoa(batch)}, "_fields": {"id"}}
	var posts []struct {
		ID int64 `json:"id"`
	}
	if _, err := m.get(ctx, "posts", q, &posts); err != nil {
		return nil, err
	}
	var public []string
	for _, p := range posts {
		public = append(public, strconv.FormatInt(p.ID, 10))
	}
	return public, nil
}

// comments reads the total that WordPress puts beside a list of comments; the list itself is kept as short as it can be.
func (m *Meter) comments(ctx context.Context, id string) (engine.Observation, error) {
	var ignored []any
	head, err := m.get(ctx, "comments", url.Values{"post": {id}, "per_page": {"1"}, "_fields": {"id"}}, &ignored)
	if err != nil {
		return engine.Observation{}, err
	}
	n, err := strconv.ParseInt(head.Get("X-WP-Total"), 10, 64)
	if err != nil || n < 0 {
		return engine.Observation{}, unread(errors.New("no X-WP-Total in the answer"))
	}
	at, err := http.ParseTime(head.Get("Date"))
	if err != nil {
		return engine.Observation{}, unread(err)
	}
	return engine.Observation{Ref: id, Metric: engine.Engagements, Value: n, At: at, Source: m.o.Name}, nil
}

// get asks for path and decodes the answer into out.
func (m *Meter) get(ctx context.Context, path string, q url.Values, out any) (http.Header, error) {
	u := m.api.JoinPath(path)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, unread(err)
	}
	if m.o.User != "" {
		req.SetBasicAuth(m.o.User, m.o.Password.Reveal())
	}
	req.Header.Set("Accept", "application/json")
	res, err := m.client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the address is known, and stays out of logs
		}
		return nil, unread(err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, engine.Errorf(engine.CodeDenied, "WordPress refuses koira's user or application password, so no comments were counted.")
	default:
		return nil, unread(fmt.Errorf("HTTP %d", res.StatusCode))
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(out); err != nil {
		return nil, unread(err)
	}
	return res.Header, nil
}

func unread(err error) error {
	return &engine.Error{Code: engine.CodeUpstream, Message: "The comments on WordPress could not be counted.", Err: err}
}

// stayHome follows a redirect only on the host that was asked: elsewhere, somebody else would get the password.
func stayHome(next *http.Request, via []*http.Request) error {
	if len(via) > 3 || next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
