package writer

import (
	"context"
	"errors"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/shared"

	"koira/engine"
)

// question is one thing to ask the model.
type question struct {
	system, user string
	shape        shape
	undone       string                    // what a failure ends with: "nothing was written"
	accept       func(answer string) error // nil takes the answer; the error says what to mend
}

// format is how the model is held to JSON, strictest first. Servers differ in which they take; the prompt asks for JSON in any case.
type format int

const (
	formatSchema format = iota // json_schema, strict
	formatObject               // json_object
	formatPrompt               // the prompt alone
)

// ask gets an answer to q that q accepts. An answer that cannot be used is repaired once, by a second question that quotes what is wrong.
// What was spent is added to u, whatever comes of it.
func (c *client) ask(ctx context.Context, q question, u *engine.Usage) error {
	err := c.askTwice(ctx, q, u)
	var e *engine.Error
	if errors.As(err, &e) {
		said := *e
		said.Message += "; " + q.undone + "."
		return &said
	}
	return err
}

func (c *client) askTwice(ctx context.Context, q question, u *engine.Usage) error {
	messages := []openai.ChatCompletionMessageParamUnion{openai.SystemMessage(q.system), openai.UserMessage(q.user)}
	length := []string{q.system, q.user}
	answer, err := c.answer(ctx, q.shape, messages, length, u)
	if err != nil {
		return err
	}
	wrong := q.accept(answer)
	if wrong == nil {
		return nil
	}
	repair := repairMessage(wrong.Error())
	messages = append(messages, openai.AssistantMessage(answer), openai.UserMessage(repair))
	answer, err = c.answer(ctx, q.shape, messages, append(length, answer, repair), u)
	if err != nil {
		return err
	}
	if wrong := q.accept(answer); wrong != nil {
		const message = "The model answered twice with something that cannot be used"
		return &engine.Error{Code: engine.CodeUpstream, Message: message, Err: c.mask(wrong)}
	}
	return nil
}

// answer gets the model's next message, in the strictest format that the server takes, and remembers that one for the next time.
func (c *client) answer(ctx context.Context, s shape, messages []openai.ChatCompletionMessageParamUnion, length []string, u *engine.Usage) (string, error) {
	c.mu.Lock()
	f := c.format
	c.mu.Unlock()
	for {
		params := openai.ChatCompletionNewParams{Model: c.model, Messages: messages, MaxCompletionTokens: openai.Int(int64(c.maxTokens))}
		sent := length
		switch f {
		case formatSchema:
			params.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
				JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: s.name, Strict: openai.Bool(true), Schema: s.schema},
			}
			sent = append(sent[:len(sent):len(sent)], string(s.schema))
		case formatObject:
			params.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
		}
		choice, err := c.call(ctx, params, sent, u)
		var refused *formatError
		if errors.As(err, &refused) && f < formatPrompt {
			f++
			continue
		}
		if err != nil {
			return "", err
		}
		c.mu.Lock()
		c.format = f
		c.mu.Unlock()
		return text(choice)
	}
}

// text takes a whole answer out of a choice.
func text(c openai.ChatCompletionChoice) (string, error) {
	switch {
	case c.Message.Refusal != "":
		why := errors.New(quote(oneLine(c.Message.Refusal), quoteLine))
		return "", &engine.Error{Code: engine.CodeBlocked, Message: "The model declined to answer", Err: why}
	case c.FinishReason == "content_filter":
		return "", engine.Errorf(engine.CodeBlocked, "The model's own filter stopped its answer")
	case c.FinishReason == "length":
		return "", engine.Errorf(engine.CodeInvalid, "The model's answer was cut off before its end, so it needs more tokens")
	}
	return c.Message.Content, nil
}

// masker returns a function that hides key in an error's text. Such an error loses its causes, which could tell the key again.
func masker(key engine.Secret) func(error) error {
	return func(err error) error {
		if err == nil || key == "" || !strings.Contains(err.Error(), key.Reveal()) {
			return err
		}
		return errors.New(strings.ReplaceAll(err.Error(), key.Reveal(), key.String()))
	}
}
