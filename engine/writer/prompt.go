package writer

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"strings"

	"koira/engine"
)

// The system prompts never change: nothing from outside is ever put into them. A change of them is a change of the writer.
var (
	//go:embed prompts/write.txt
	writePrompt string
	//go:embed prompts/judge.txt
	judgePrompt string
	//go:embed prompts/brief.txt
	briefPreface string
	//go:embed prompts/texts.txt
	textsPreface string
	//go:embed prompts/repair.txt
	repairPreface string
)

// Identity is w's model and a short sum of the prompts that make its copy: with either changed it is another writer.
func (w OpenAI) Identity() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{writePrompt, briefPreface, textsPreface, repairPreface}, "\x00")))
	return w.Name() + ", prompt " + hex.EncodeToString(sum[:6])
}

// Caps, in characters and pieces, on what one prompt may quote: they bound its cost, and what a flood of outside text could drown.
const (
	quoteLine    = 300
	quoteText    = 600
	quoteFacts   = 40
	quoteRecent  = 8
	quoteAvoid   = 10
	quoteSamples = 5
	quoteWords   = 60
)

type voiceQuote struct {
	Tone     string   `json:"tone"`
	Person   string   `json:"person"`
	Examples []string `json:"examples"`
	Required []string `json:"required"`
	Banned   []string `json:"banned"`
}

type rejectionQuote struct {
	Reason string `json:"reason"`
	Note   string `json:"note"`
}

type briefQuote struct {
	Kind         engine.Kind      `json:"kind"`
	Style        string           `json:"style"`
	Variants     int              `json:"variants_wanted"`
	BodyMost     int              `json:"body_characters_at_most"`
	Date         string           `json:"goes_out_on"`
	Business     string           `json:"business"`
	About        string           `json:"about"`
	Audience     string           `json:"audience"`
	Voice        voiceQuote       `json:"voice"`
	Theme        string           `json:"theme"`
	Facts        []string         `json:"facts"`
	Offer        string           `json:"offer"`
	CallToAction string           `json:"call_to_action"`
	Recent       []string         `json:"recent"`
	Rejections   []rejectionQuote `json:"rejections"`
}

// briefMessage is the user's message of a Write: a constant line, then everything that comes from outside as one JSON object.
func briefMessage(b engine.Brief, variants, most int) string {
	q := briefQuote{
		Kind: b.Kind, Style: quote(b.Style, quoteLine), Variants: variants, BodyMost: most, Date: quote(b.Date, quoteLine),
		Business: quote(b.Business.Name, quoteLine), About: quote(b.Business.About, quoteText), Audience: quote(b.Segment.Name, quoteLine),
		Voice: quoteVoice(b.Voice, b.Rules), Theme: quote(b.Theme.Text, quoteText), CallToAction: quote(b.CallToAction.Text, quoteLine),
		Recent: quotes(b.Recent, quoteRecent, quoteText), Rejections: []rejectionQuote{},
	}
	var facts []string
	for _, f := range sayableFacts(b) {
		facts = append(facts, f.Text)
	}
	q.Facts = quotes(facts, quoteFacts, quoteText)
	if o := sayableOffer(b); o != nil {
		q.Offer = quote(o.Text, quoteText)
	}
	for _, a := range b.Avoid[:min(len(b.Avoid), quoteAvoid)] {
		q.Rejections = append(q.Rejections, rejectionQuote{quote(a.Reason, quoteLine), quote(a.Note, quoteLine)})
	}
	return message(briefPreface, q)
}

// hearingMessage is the user's message of a Judge.
func hearingMessage(h engine.Hearing) string {
	type text struct {
		Subject string `json:"subject"`
		Body    string `json:"body"`
	}
	q := struct {
		Kind  engine.Kind `json:"kind"`
		Voice voiceQuote  `json:"voice"`
		Texts []text      `json:"texts"`
	}{h.Kind, quoteVoice(h.Voice, h.Rules), []text{}}
	for _, x := range h.Variants {
		q.Texts = append(q.Texts, text{quote(x.Subject, quoteLine), quote(x.Body, 10*quoteText)})
	}
	return message(textsPreface, q)
}

// repairMessage asks for a mended answer. What is wrong may quote the answer, so it is quoted in its turn.
func repairMessage(wrong string) string { return message(repairPreface, quote(wrong, quoteText)) }

// message puts a value behind a preface as JSON. encoding/json writes <, > and & as \u003c, \u003e and \u0026, so that no role tag or
// special token of a model can be spelled in it, and no line break leaves its string.
func message(preface string, v any) string {
	j, err := json.Marshal(v)
	if err != nil { // strings and numbers always marshal
		panic(err)
	}
	return preface + string(j)
}

func quoteVoice(v engine.Voice, r engine.VoiceRule) voiceQuote {
	return voiceQuote{
		Tone: quote(v.Tone, quoteText), Person: quote(v.Person, quoteLine), Examples: quotes(v.Examples, quoteSamples, quoteText),
		Required: quotes(r.Required, quoteWords, quoteLine), Banned: quotes(r.Banned, quoteWords, quoteLine),
	}
}

// quotes quotes the first n of texts; never nil, which JSON would write as null.
func quotes(texts []string, n, most int) []string {
	q := []string{}
	for _, t := range texts[:min(len(texts), n)] {
		q = append(q, quote(t, most))
	}
	return q
}

// quote is clean text of at most most characters; a cut is marked.
func quote(s string, most int) string {
	r := []rune(strings.TrimSpace(clean(s)))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}
