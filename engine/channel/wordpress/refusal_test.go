package wordpress

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
)

// answered makes a door whose next write gets this answer.
func answered(t *testing.T, status int, header http.Header, body string) (*Channel, engine.Intent) {
	_, s := newFake(t)
	wire := &enginetest.Wire{}
	c, err := New(Options{Name: "blog", URL: s.URL, User: fakeUser, Password: fakePassword, Client: &http.Client{Transport: wire}})
	if err != nil {
		t.Fatal(err)
	}
	i := prepared(t, c, "KEY1")
	if header == nil {
		header = http.Header{}
	}
	wire.Answer(&http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))})
	return c, i
}

// prepared returns an intent whose draft exists.
func prepared(t *testing.T, c *Channel, key string) engine.Intent {
	t.Helper()
	i, err := enginetest.IntentOf(c, piece(), key)
	if err != nil {
		t.Fatal(err)
	}
	if i.Ref, err = c.Prepare(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	return i
}

func piece() engine.Output {
	return engine.Output{ID: "o1", Channel: "blog", Variants: []engine.Variant{{
		Name: "A", Subject: "Rye", Body: "Rye bread.", CallToAction: "Reserve", Link: "https://leipa.example/reserve?utm_campaign=o1",
	}}}
}

func TestAnswersToAWrite(t *testing.T) {
	cases := map[string]struct {
		status int
		body   string
		want   engine.Code
	}{
		"bad password":                          {401, `{"code":"incorrect_password"}`, engine.CodeDenied},
		"may not publish":                       {403, `{"code":"rest_cannot_publish"}`, engine.CodeDenied},
		"bad parameter":                         {400, `{"code":"rest_invalid_param"}`, engine.CodeInvalid},
		"bad parameter that is a forbidden one": {400, `{"data":{"details":{"status":{"data":{"status":401}}}}}`, engine.CodeDenied},
		"no such post":                          {404, `{"code":"rest_post_invalid_id"}`, engine.CodeInvalid},
		"too large":                             {413, ``, engine.CodeInvalid},
		"cannot be processed":                   {422, ``, engine.CodeInvalid},
		"too many":                              {429, ``, engine.CodeNotSent},
		"conflict":                              {409, ``, engine.CodeUpstream},
		"timeout":                               {408, ``, engine.CodeUpstream},
		"server error":                          {500, `<html>critical error</html>`, engine.CodeUpstream},
		"bad gateway":                           {502, ``, engine.CodeUpstream},
		"redirected":                            {301, ``, engine.CodeUpstream},
		"taken, but not JSON":                   {200, `<html>`, engine.CodeUpstream},
		"taken, but cut":                        {200, `{"id":41,"status":"publish`, engine.CodeUpstream},
		"taken, but kept as pending":            {200, `{"id":41,"status":"pending"}`, engine.CodeUpstream},
		"taken, but another text":               {200, `{"id":41,"status":"publish","title":{"raw":"Buy"},"content":{"raw":"now"}}`, engine.CodeUpstream},
		"taken, and endless":                    {200, `{"id":41,"status":"publish","x":"` + strings.Repeat("x", maxAnswer) + `"}`, engine.CodeUpstream},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			door, i := answered(t, c.status, nil, c.body)
			_, err := door.Publish(t.Context(), i, i.Ref)
			if got := engine.CodeOf(err); got != c.want {
				t.Errorf("code %q, want %q (%v)", got, c.want, err)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	cases := map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":  {http.Header{"Retry-After": {"90"}}, 90 * time.Second},
		"a date":   {http.Header{"Retry-After": {"Mon, 24 Nov 2025 07:12:00 GMT"}, "Date": {"Mon, 24 Nov 2025 07:10:00 GMT"}}, 2 * time.Minute},
		"past":     {http.Header{"Retry-After": {"Mon, 24 Nov 2025 07:00:00 GMT"}, "Date": {"Mon, 24 Nov 2025 07:10:00 GMT"}}, 0},
		"not told": {http.Header{}, 0},
		"nonsense": {http.Header{"Retry-After": {"soon"}}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			door, i := answered(t, http.StatusTooManyRequests, c.header, "")
			_, err := door.Publish(t.Context(), i, i.Ref)
			var e *engine.Error
			if !errors.As(err, &e) || e.RetryAfter != c.want {
				t.Errorf("%v, want %v to wait", err, c.want)
			}
		})
	}
}

func TestFailuresOfTheLine(t *testing.T) {
	cases := map[string]struct {
		err  error
		want engine.Code
	}{
		"refused":              {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, engine.CodeNotSent},
		"no such host":         {&net.DNSError{Err: "no such host", IsNotFound: true}, engine.CodeNotSent},
		"untrusted":            {&tls.CertificateVerificationError{Err: errors.New("expired")}, engine.CodeNotSent},
		"not TLS":              {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, engine.CodeNotSent},
		"reset while writing":  {&net.OpError{Op: "write", Err: syscall.ECONNRESET}, engine.CodeUpstream},
		"reset while reading":  {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, engine.CodeUpstream},
		"closed":               {io.ErrUnexpectedEOF, engine.CodeUpstream},
		"timed out":            {context.DeadlineExceeded, engine.CodeUpstream},
		"something else again": {errors.New("something else"), engine.CodeUpstream},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := failure(&url.Error{Op: "Post", URL: "https://shop.example/?token=canary", Err: c.err})
			if got := engine.CodeOf(err); got != c.want {
				t.Errorf("code %q, want %q", got, c.want)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the address is in the error: %v", err)
			}
		})
	}
}

func TestProbeNeverClaimsAbsenceOnAFailure(t *testing.T) {
	for _, status := range []int{301, 400, 404, 410, 429, 500, 503} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
			defer s.Close()
			c, err := New(Options{Name: "blog", URL: s.URL, User: "u", Password: "p"})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Probe(t.Context(), engine.Intent{Key: "KEY1"}, engine.Ref{})
			if got := engine.CodeOf(err); got != engine.CodeUpstream {
				t.Errorf("code %q, want upstream", got)
			}
			_, err = c.Publish(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(`{"title":"a","content":"b"}`)}, engine.Ref{ID: "1"})
			if got := engine.CodeOf(err); got != engine.CodeNotSent {
				t.Errorf("a look before the write that fails: code %q, want not_sent", got)
			}
		})
	}
}

func TestThePasswordStaysHome(t *testing.T) {
	asked := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer elsewhere.Close()
	s := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer s.Close()
	c, err := New(Options{Name: "blog", URL: s.URL, User: "u", Password: "canary-password"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Probe(t.Context(), engine.Intent{Key: "KEY1"}, engine.Ref{})
	if err == nil || asked {
		t.Errorf("a redirect to another host was followed (%v)", err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "options", c.o, "err", err)
	for what, s := range map[string]string{"error": fmt.Sprint(err), "options": fmt.Sprintf("%+v %#v", c.o, c.o), "log": log.String()} {
		if strings.Contains(s, "canary") {
			t.Errorf("the password is in the %s: %s", what, s)
		}
	}
}

func TestNew(t *testing.T) {
	cases := map[string]struct {
		url string
		ok  bool
	}{
		"https":                       {"https://shop.example", true},
		"https in a folder":           {"https://shop.example/blog/", true},
		"http to loopback":            {"http://127.0.0.1:8080", true},
		"http to loopback, version 6": {"http://[::1]:8080", true},
		"http to localhost":           {"http://localhost", true},
		"http to a network":           {"http://192.168.1.5", false},
		"http to a name":              {"http://shop.example", false},
		"http to a name that looks":   {"http://localhost.shop.example", false},
		"no scheme":                   {"shop.example", false},
		"another scheme":              {"ftp://shop.example", false},
		"nothing":                     {"", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Name: "blog", URL: c.url, User: "u", Password: "p"})
			if (err == nil) != c.ok {
				t.Errorf("%v, want ok %v", err, c.ok)
			}
		})
	}
	if _, err := New(Options{Name: "blog", URL: "https://shop.example", User: "u"}); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a missing password: %v", err)
	}
	c, err := New(Options{Name: "blog", URL: "https://me:canary@shop.example/blog?key=canary#canary", User: "u", Password: "p"})
	if err != nil || c.api.String() != "https://shop.example/blog/wp-json/wp/v2/posts" {
		t.Errorf("the address is %v (%v)", c.api, err)
	}
}

func TestAnEndlessAnswerIsCut(t *testing.T) {
	_, s := newFake(t)
	wire := &enginetest.Wire{}
	c, err := New(Options{Name: "blog", URL: s.URL, User: fakeUser, Password: fakePassword, Client: &http.Client{Transport: wire}})
	if err != nil {
		t.Fatal(err)
	}
	i := prepared(t, c, "KEY1")
	r, err := c.Publish(t.Context(), i, i.Ref)
	if err != nil {
		t.Fatal(err)
	}
	wire.Answer(&http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"status":"trash","x":"` + strings.Repeat("x", maxAnswer) + `"}`))})
	if got, err := c.Retract(t.Context(), r); engine.CodeOf(err) != engine.CodeUpstream {
		t.Errorf("%+v, %v; want an unknown outcome", got, err)
	}
}
