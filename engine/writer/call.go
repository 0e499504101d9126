package writer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"koira/engine"
)

// waitMost is the longest Retry-After that is waited for; a longer one is an answer: not now.
const waitMost = 2 * time.Minute

// failure is a call that brought no answer.
type failure struct {
	err   error
	again bool          // another call may bring one
	after time.Duration // but not before this has passed
}

// formatError says that the server refused the response format, not the question.
type formatError struct{ status int }

func (e *formatError) Error() string {
	return fmt.Sprintf("status %d: response format refused", e.status)
}

// call makes calls until one brings a choice: again after 408, 429, 5xx and broken connections, with growing waits that keep to
// Retry-After. Every call's usage is added to u.
func (c *client) call(ctx context.Context, p openai.ChatCompletionNewParams, sent []string, u *engine.Usage) (openai.ChatCompletionChoice, error) {
	waits := backoff.ExponentialBackOff{InitialInterval: time.Second, Multiplier: 2, MaxInterval: 30 * time.Second}
	for n := 1; ; n++ {
		choice, f := c.once(ctx, p, sent, u)
		if f == nil {
			return choice, nil
		}
		if !f.again || n >= c.attempts || f.after > waitMost {
			return choice, f.err
		}
		if err := c.clock.Wait(ctx, max(f.after, c.spread(waits.NextBackOff()))); err != nil {
			return choice, ended(err)
		}
	}
}

// spread returns half to one and a half of d, so that several waiters do not come back together.
func (c *client) spread(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return d/2 + time.Duration(c.rand.Int64N(int64(d)))
}

// once makes one call.
func (c *client) once(ctx context.Context, p openai.ChatCompletionNewParams, sent []string, u *engine.Usage) (openai.ChatCompletionChoice, *failure) {
	var none openai.ChatCompletionChoice
	if err := ctx.Err(); err != nil {
		return none, &failure{err: ended(err)}
	}
	timed, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var raw *http.Response // kept apart from the error: the library tells no status when an error's body is not its own JSON
	reply, err := c.chat.New(timed, p, option.WithResponseInto(&raw))
	u.Calls++
	if raw != nil && raw.StatusCode >= 400 {
		return none, c.refusal(raw, err)
	}
	if err != nil {
		if !unsent(err) { // the model may have worked, so the prompt at least is charged
			c.charge(u, estimate(sent...), 0, true)
		}
		if ctx.Err() != nil {
			return none, &failure{err: ended(ctx.Err())}
		}
		const message = "The model could not be reached, or did not answer in time"
		return none, &failure{again: true, err: &engine.Error{Code: engine.CodeUpstream, Message: message, Err: c.mask(err)}}
	}
	in, out := int(reply.Usage.PromptTokens), int(reply.Usage.CompletionTokens)
	var answer []string
	for _, x := range reply.Choices {
		answer = append(answer, x.Message.Content, x.Message.Refusal)
	}
	if in > 0 {
		c.charge(u, in, out, false)
	} else {
		c.charge(u, estimate(sent...), estimate(answer...), true)
	}
	if len(reply.Choices) == 0 {
		return none, &failure{again: true, err: engine.Errorf(engine.CodeUpstream, "The model's server sent an empty reply")}
	}
	return reply.Choices[0], nil
}

func (c *client) charge(u *engine.Usage, in, out int, estimated bool) {
	in, out = min(max(in, 0), tokenMost), min(max(out, 0), tokenMost)
	u.In, u.Out, u.Cost, u.Estimated = u.In+in, u.Out+out, u.Cost+c.prices.Cost(in, out), u.Estimated || estimated
}

// refusal makes a failure of a reply with an error's status. Such a reply is not charged.
func (c *client) refusal(raw *http.Response, err error) *failure {
	body, _ := io.ReadAll(io.LimitReader(raw.Body, 4096)) // what cannot be read says nothing
	said := strings.ToLower(string(body))
	cause := c.mask(told(raw.StatusCode, err))
	fail := func(code engine.Code, message string) *failure {
		return &failure{err: &engine.Error{Code: code, Message: message, Err: cause}}
	}
	switch s := raw.StatusCode; {
	case (s == 400 || s == 404 || s == 422 || s == 501) && speaksOfFormat(said):
		const message = "The model's server takes none of the known forms of answer"
		return &failure{err: &engine.Error{Code: engine.CodeInvalid, Message: message, Err: &formatError{s}}}
	case s == 401 || s == 403:
		return fail(engine.CodeDenied, "The model's server refuses the key")
	case s == 429 && strings.Contains(said, "insufficient_quota"):
		return fail(engine.CodeDenied, "The account at the model's server has no credit left")
	case s == 404:
		return fail(engine.CodeInvalid, "The model's server does not know the model, or its address is wrong")
	case s == 408 || s == 429 || s >= 500:
		f := fail(engine.CodeUpstream, "The model's server is busy or failing")
		f.again, f.after = true, c.retryAfter(raw.Header)
		var e *engine.Error
		if errors.As(f.err, &e) {
			e.RetryAfter = f.after
		}
		return f
	}
	return fail(engine.CodeInvalid, "The model's server does not take the request")
}

// told is the cause of a refusal for the log: its status, and the short names that the server gives. The library's own error is left behind,
// since it holds the whole request with its key, and so is the server's sentence, which may quote the prompt.
func told(status int, err error) error {
	var e *openai.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("status %d", status)
	}
	return fmt.Errorf("status %d, type %q, code %q, parameter %q", status, quote(e.Type, 60), quote(e.Code, 60), quote(e.Param, 60))
}

func speaksOfFormat(said string) bool {
	for _, word := range []string{"response_format", "json_schema", "json_object", "json schema", "structured output", "grammar"} {
		if strings.Contains(said, word) {
			return true
		}
	}
	return false
}

// retryAfter reads the header in both its forms (RFC 9110, 10.2.3): seconds, or a date.
func (c *client) retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(t.Sub(c.clock.Now()), 0)
	}
	return 0
}

// unsent reports whether no byte of a request can have left: there was no connection.
func unsent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

func ended(err error) error {
	return &engine.Error{Code: engine.CodeUpstream, Message: "The model was not waited for any longer", Err: err}
}
