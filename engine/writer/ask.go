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
func (w *OpenAI) ask(ctx context.Context, q question, u *engine.Usage) error {
	messages := []openai.ChatCompletionMessageParamUnion{openai.SystemMessage(q.system), openai.UserMessage(q.user)}
	length := []string{q.system, q.user}
	answer, err := w.answer(ctx, q.shape, messages, length, u)
	if err != nil {
		return err
	}
	wrong := q.accept(answer)
	if wrong == nil {
		return nil
	}
	repair := repairMessage(wrong.Error())
	messages = append(messages, openai.AssistantMessage(answer), openai.UserMessage(repair))
	answer, err = w.answer(ctx, q.shape, messages, append(length, answer, repair), u)
	if err != nil {
		return err
	}
	if wrong := q.accept(answer); wrong != nil {
		const message = "The model answered twice with something that cannot be used; nothing was written."
		return &engine.Error{Code: engine.CodeUpstream, Message: message, Err: w.mask(wrong)}
	}
	return nil
}

// answer gets the model's next message, in the strictest format that the server takes, and remembers that one for the next time.
func (w *OpenAI) answer(ctx context.Context, s shape, messages []openai.ChatCompletionMessageParamUnion, length []string, u *engine.Usage) (string, error) {
	w.mu.Lock()
	f := w.format
	w.mu.Unlock()
	for {
		params := openai.ChatCompletionNewParams{Model: w.model, Messages: messages, MaxCompletionTokens: openai.Int(int64(w.maxTokens))}
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
		choice, err := w.call(ctx, params, sent, u)
		var refused *formatError
		if errors.As(err, &refused) && f < formatPrompt {
			f++
			continue
		}
		if err != nil {
			return "", err
		}
		w.mu.Lock()
		w.format = f
		w.mu.Unlock()
		return text(choice)
	}
}

// text takes a whole answer out of a choice.
func text(c openai.ChatCompletionChoice) (string, error) {
	switch {
	case c.Message.Refusal != "":
		why := errors.New(quote(oneLine(c.Message.Refusal), quoteLine))
		return "", &engine.Error{Code: engine.CodeBlocked, Message: "The model declined to write this; nothing was written.", Err: why}
	case c.FinishReason == "content_filter":
		return "", engine.Errorf(engine.CodeBlocked, "The model's own filter stopped its answer; nothing was written.")
	case c.FinishReason == "length":
		return "", engine.Errorf(engine.CodeInvalid, "The model's answer was cut off before its end; nothing was written. Allow it more tokens.")
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
