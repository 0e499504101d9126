package writer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

// copyAnswer is what the model answers to a brief.
type copyAnswer struct {
	Variants []variantAnswer `json:"variants"`
	Doubt    string          `json:"doubt" jsonschema_description:"what the writer is unsure about, in one sentence; else empty"`
}

type variantAnswer struct {
	Subject string `json:"subject" jsonschema_description:"subject line or title; empty for social"`
	Body    string `json:"body" jsonschema_description:"the text, without any link"`
	AltText string `json:"alt_text" jsonschema_description:"a description of a picture; else empty"`
}

// opinionAnswer is what the model answers to texts that it judges.
type opinionAnswer struct {
	Score   float64        `json:"score" jsonschema_description:"0 does not sound like the business at all, 1 could have been written by it"`
	Reasons []reasonAnswer `json:"reasons"`
}

// The aspects are engine.Aspects; a test holds them to it.
type reasonAnswer struct {
	Words string `json:"words" jsonschema_description:"a few words out of the texts, exactly as they stand there"`
	About string `json:"about" jsonschema:"enum=tone,enum=person,enum=plainness,enum=concreteness"`
}

// shape is one form of answer: its schema as it is sent, and the same ready to hold answers to.
type shape struct {
	name   string
	schema json.RawMessage
	check  *validator.Schema
}

var (
	copyShape    = shapeOf("copy", &copyAnswer{})
	opinionShape = shapeOf("opinion", &opinionAnswer{})
)

// shapeOf derives the shape of v. It holds to the subset that strict servers take: every key required, no other allowed, no $schema, no
// references. It panics for a type without a schema, which the package's start would show.
func shapeOf(name string, v any) shape {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true}
	s := r.Reflect(v)
	s.Version = ""
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	c := validator.NewCompiler()
	at := "koira://answer/" + name // a bare name would become a path of this machine, and stand in every message
	if err := c.AddResource(at, doc); err != nil {
		panic(err)
	}
	return shape{name, raw, c.MustCompile(at)}
}

// read puts the JSON object in a model's answer into v, once it has the shape s. Text around the object (a fence, thoughts) is passed over.
func (s shape) read(answer string, v any) error {
	object, err := objectIn(answer)
	if err != nil {
		return err
	}
	doc, err := validator.UnmarshalJSON(strings.NewReader(object))
	if err != nil {
		return fmt.Errorf("the answer is not JSON: %w", err)
	}
	if err := s.check.Validate(doc); err != nil {
		return fmt.Errorf("the answer has not the shape asked for: %w", err)
	}
	return json.Unmarshal([]byte(object), v)
}

// objectIn cuts an answer down to its outermost braces.
func objectIn(answer string) (string, error) {
	if _, after, ok := strings.Cut(answer, "</think>"); ok { // some servers leave a reasoning model's thoughts in front
		answer = after
	}
	from, to := strings.Index(answer, "{"), strings.LastIndex(answer, "}")
	if from < 0 || to < from {
		return "", errors.New("the answer holds no JSON object")
	}
	return answer[from : to+1], nil
}
