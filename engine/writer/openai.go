package writer

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"koira/engine"
)

// Options is what an OpenAI writer is made with.
type Options struct {
	BaseURL     string // of the API: "https://api.openai.com/v1", "http://127.0.0.1:11434/v1"
	Model       string
	Key         engine.Secret // "" where the server asks for none
	Prices      Prices
	Timeout     time.Duration // of one call; 0 means two minutes
	MaxAttempts int           // calls for one answer when the server is busy or out of reach; 0 means 4
	MaxTokens   int           // of one answer, a reasoning model's thoughts included; 0 means 8,000
	Clock       engine.Clock  // the wall's
	Rand        *rand.Rand    // spreads the waits; not used by anybody else
	HTTPClient  *http.Client  // nil means one of its own
}

// client asks one model behind the Chat Completions API of OpenAI, Ollama, vLLM, llama.cpp and others. One question takes at most two answers of the
// model (the second mends the first), each in at most MaxAttempts calls, and two calls more, once, while it learns which response format the server
// takes. It is safe for concurrent use and may be used again after any error.
type client struct {
	model     string
	prices    Prices
	timeout   time.Duration
	attempts  int
	maxTokens int
	clock     engine.Clock
	chat      openai.ChatCompletionService
	mask      func(error) error // takes the key out of an error's text

	mu     sync.Mutex
	rand   *rand.Rand
	format format
}

// OpenAI writes with a model behind an API like OpenAI's.
type OpenAI struct{ *client }

var _ engine.Writer = OpenAI{}

// replyMost is how many bytes of a reply are read.
const replyMost = 1 << 20

// NewOpenAI checks o and makes no call. Code invalid.
func NewOpenAI(o Options) (OpenAI, error) {
	c, err := newClient(o)
	return OpenAI{c}, err
}

func newClient(o Options) (*client, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	hc := &http.Client{}
	if o.HTTPClient != nil {
		*hc = *o.HTTPClient
	}
	next := hc.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	hc.Transport = capped{next}
	// The service alone is made, not openai.NewClient: that one reads keys and addresses from the environment.
	with := []option.RequestOption{option.WithBaseURL(o.BaseURL), option.WithHTTPClient(hc), option.WithMaxRetries(0)}
	if o.Key != "" {
		with = append(with, option.WithAPIKey(o.Key.Reveal()))
	}
	c := &client{
		model: o.Model, prices: o.Prices, timeout: o.Timeout, attempts: o.MaxAttempts, maxTokens: o.MaxTokens, clock: o.Clock, rand: o.Rand,
		chat: openai.NewChatCompletionService(with...), mask: masker(o.Key),
	}
	if c.timeout == 0 {
		c.timeout = 2 * time.Minute
	}
	if c.attempts == 0 {
		c.attempts = 4
	}
	if c.maxTokens == 0 {
		c.maxTokens = 8_000
	}
	return c, nil
}

func (o Options) check() error {
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return engine.Errorf(engine.CodeInvalid, "The model's address must begin with https:// or http://.")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return engine.Errorf(engine.CodeInvalid, "The model's address must not hold a user name, a password or a query; its key is set apart from it.")
	case u.Scheme == "http" && o.Key != "" && !loopback(u.Hostname()):
		return engine.Errorf(engine.CodeInvalid, "The model's key would travel in the open: use https://, or leave the key out.")
	case strings.TrimSpace(o.Model) == "":
		return engine.Errorf(engine.CodeInvalid, "The model needs a name.")
	case o.Prices.InPerMillion < 0 || o.Prices.InPerMillion > priceMost || o.Prices.OutPerMillion < 0 || o.Prices.OutPerMillion > priceMost:
		return engine.Errorf(engine.CodeInvalid, "A model's price for a million tokens lies between 0 and 10,000.")
	case o.Timeout < 0 || o.MaxAttempts < 0 || o.MaxTokens < 0:
		return engine.Errorf(engine.CodeInvalid, "The model's timeout, attempts and tokens cannot be negative.")
	case o.Clock == nil || o.Rand == nil:
		return engine.Errorf(engine.CodeInternal, "The model's writer needs a clock and a source of randomness.")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Name is the model's name.
func (c *client) Name() string { return oneLine(c.model) }

// ceiling is the most that one question of so many characters can cost: the longest answer and the prompt, with room for a repair, in every call that
// may be made. These are two answers, each in as many calls as are tried, and two more while the server's way of answering is found. A prompt is
// counted at one token a character, which no language exceeds by much.
func (c *client) ceiling(prompt int) engine.Money {
	return engine.Money(2*c.attempts+2) * c.prices.Cost(prompt+4*c.maxTokens, c.maxTokens)
}

// Write asks the model for b's variants. Usage is what was spent, also beside an error. Codes: blocked when the model declines, invalid when
// the brief or the request cannot be met or the answer was cut off, denied when the server refuses the key, upstream when the server fails or
// two answers in a row cannot be used.
func (w OpenAI) Write(ctx context.Context, b engine.Brief) (engine.Copy, engine.Usage, error) {
	var c engine.Copy
	u := engine.Usage{Model: w.model}
	variants, err := wanted(b)
	if err != nil {
		return c, u, err
	}
	most, err := room(b)
	if err != nil {
		return c, u, err
	}
	q := question{system: writePrompt, user: briefMessage(b, variants, most), shape: copyShape, undone: "nothing was written"}
	q.accept = func(answer string) (err error) {
		var a copyAnswer
		if err = copyShape.read(answer, &a); err == nil {
			c, err = copyFrom(a, b, variants, most)
		}
		return err
	}
	err = w.ask(ctx, q, &u)
	return c, u, err
}

// Ceiling is the most that one Write of b can cost.
func (w OpenAI) Ceiling(b engine.Brief) engine.Money {
	return w.ceiling(len(writePrompt) + len(briefMessage(b, max(b.Variants, 1), b.Limit)))
}

// capped reads at most replyMost bytes of any reply.
type capped struct{ next http.RoundTripper }

func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(r)
	if err == nil {
		res.Body = http.MaxBytesReader(nil, res.Body, replyMost)
	}
	return res, err
}
