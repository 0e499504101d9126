package wordpress

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"koira/engine"
)

// Retract moves the post to WordPress's bin, from where people can bring it back, or deletes it where there is no bin. A post that koira
// did not make is left alone; the Note says so.
func (c *Channel) Retract(ctx context.Context, r engine.Receipt) (engine.Removal, error) {
	p, err := c.get(ctx, r.ID)
	switch {
	case gone(err):
		return engine.Removal{Gone: true, Already: true}, nil
	case err != nil:
		return engine.Removal{}, reading(err)
	case p.key() == "":
		return engine.Removal{Note: "This post was not made by koira; please take it down in WordPress."}, nil
	case !p.public() && p.Status != "future":
		return engine.Removal{Gone: true, Already: true}, nil
	}
	err = c.remove(ctx, r.ID, "false")
	var no *refused
	if errors.As(err, &no) && no.status == http.StatusNotImplemented {
		err = c.remove(ctx, r.ID, "true")
	}
	switch {
	case gone(err), errors.As(err, &no) && no.status == http.StatusGone:
		return engine.Removal{Gone: true, Already: true}, nil
	case err != nil:
		return engine.Removal{}, err
	}
	return engine.Removal{Gone: true}, nil
}

// remove trashes, or with force deletes, and believes only an answer that says so.
func (c *Channel) remove(ctx context.Context, id, force string) error {
	var done struct {
		Status  string `json:"status"`
		Deleted bool   `json:"deleted"`
	}
	if err := c.call(ctx, http.MethodDelete, id, url.Values{"force": {force}}, nil, &done); err != nil {
		return err
	}
	if done.Status != "trash" && !done.Deleted {
		return engine.Errorf(engine.CodeUpstream, "WordPress does not say that the post is gone.")
	}
	return nil
}

// before codes the failure of a look that came before a write: nothing was written, so it may be tried again. Refused credentials stay denied.
func before(err error) error {
	return recode(err, engine.CodeNotSent, "WordPress could not be asked first, so nothing was sent.")
}

// reading codes the failure of a look that no write follows: it proves nothing about the post.
func reading(err error) error {
	return recode(err, engine.CodeUpstream, "WordPress could not be asked.")
}

// recode leaves two sorts as they are: refused credentials, and what koira itself found wrong without asking.
func recode(err error, code engine.Code, message string) error {
	var (
		e  *engine.Error
		no *refused
	)
	if !errors.As(err, &e) || e.Code == engine.CodeDenied || e.Code == engine.CodeInvalid && !errors.As(err, &no) {
		return err
	}
	return &engine.Error{Code: code, Message: message, RetryAfter: e.RetryAfter, Err: err}
}
