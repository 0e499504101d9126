package wordpress

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"koira/engine"
)

// maxAnswer is more than any post of koira's needs. A longer answer is cut, and then cannot be read.
const maxAnswer = 1 << 20

// call sends one request and decodes a 2xx answer into out. path is below the posts' address, "" for the address itself. Errors are coded
// as for a request that changes something: what is not known to be certain is upstream.
func (c *Channel) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	if err := ctx.Err(); err != nil {
		return &engine.Error{Code: engine.CodeNotSent, Message: "WordPress was not asked: the time was up before.", Err: err}
	}
	u := *c.api
	if path != "" {
		u = *c.api.JoinPath(path)
	}
	u.RawQuery = query.Encode()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return &engine.Error{Code: engine.CodeInternal, Message: "The post could not be written down.", Err: err}
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return &engine.Error{Code: engine.CodeInternal, Message: "The request to WordPress could not be made.", Err: err}
	}
	req.SetBasicAuth(c.o.User, c.o.Password.Reveal())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Cache-Control", "no-cache")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.client.Do(req)
	if err != nil {
		return failure(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode/100 != 2 {
		return refusal(res, b)
	}
	if err == nil {
		err = json.Unmarshal(b, out)
	}
	if err != nil {
		return &engine.Error{Code: engine.CodeUpstream, Message: "WordPress gave an answer that could not be read.", Err: err}
	}
	return nil
}

// failure codes an error of the transport. Only what happens before the first byte of a request is certain: a dial that failed, a name that
// does not resolve, a certificate that is not trusted.
func failure(err error) error {
	var (
		wrapped *url.Error
		op      *net.OpError
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		unknown x509.UnknownAuthorityError
	)
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the address is known, and stays out of logs
	}
	if errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns) || errors.As(err, &cert) || errors.As(err, &record) || errors.As(err, &unknown) {
		return &engine.Error{Code: engine.CodeNotSent, Message: "WordPress could not be reached.", Err: err}
	}
	return &engine.Error{Code: engine.CodeUpstream, Message: "The line to WordPress broke before an answer came.", Err: err}
}

// answer is how WordPress words an error. Details hold the reason behind rest_invalid_param.
type answer struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Details map[string]struct {
			Data struct {
				Status int `json:"status"`
			} `json:"data"`
		} `json:"details"`
	} `json:"data"`
}

// goneCode is WordPress's own word for a post that does not exist; any other 404 comes from something in between.
const goneCode = "rest_post_invalid_id"

// refused is an answer other than 2xx, kept as the cause of the coded error.
type refused struct {
	status int
	answer answer
}

func (r *refused) Error() string {
	return fmt.Sprintf("HTTP %d %s: %.200s", r.status, r.answer.Code, r.answer.Message)
}

// refusal codes an answer other than 2xx by an allow-list; a status that is not in it leaves the outcome unknown.
func refusal(res *http.Response, body []byte) error {
	r := &refused{status: res.StatusCode}
	if json.Unmarshal(body, &r.answer) != nil {
		r.answer = answer{} // not WordPress speaking: a proxy's page
	}
	status := r.status
	for _, d := range r.answer.Data.Details {
		if d.Data.Status == http.StatusUnauthorized || d.Data.Status == http.StatusForbidden {
			status = d.Data.Status // a stranger who asks for drafts is told of a bad parameter
		}
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &engine.Error{Code: engine.CodeDenied, Message: "WordPress refuses koira's user or application password.", Err: r}
	case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return &engine.Error{Code: engine.CodeInvalid, Message: "WordPress does not take this post.", Err: r}
	case http.StatusTooManyRequests:
		return &engine.Error{Code: engine.CodeNotSent, Message: "WordPress asks to wait.", RetryAfter: retryAfter(res), Err: r}
	}
	return &engine.Error{Code: engine.CodeUpstream, Message: fmt.Sprintf("WordPress answered with the error %d.", r.status), Err: r}
}

// retryAfter reads the header in seconds, or as a date against the answer's own; 0 when it says nothing usable.
func retryAfter(res *http.Response) time.Duration {
	h := res.Header.Get("Retry-After")
	if n, err := strconv.Atoi(h); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	until, err := http.ParseTime(h)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return max(0, until.Sub(now))
}

// gone reports whether err is WordPress saying that there is no such post.
func gone(err error) bool {
	var r *refused
	return errors.As(err, &r) && (r.status == http.StatusNotFound || r.status == http.StatusGone) && r.answer.Code == goneCode
}
