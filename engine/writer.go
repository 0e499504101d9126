package engine

import (
	"context"
	"time"
)

// Writer turns a brief into copy. Its answer is a stranger's input; its usage is charged even when it fails.
type Writer interface {
	// Name is how cards name the writer: "built-in template writer, no AI model configured".
	Name() string
	Write(ctx context.Context, b Brief) (Copy, Usage, error)
	// Ceiling is the most that one Write of b can cost, all its attempts together: no call is made that could pass a cap.
	Ceiling(b Brief) Money
}

// Brief is everything that a writer may use.
type Brief struct {
	Seed         uint64 // the same brief and seed give the same template copy
	Business     Business
	Voice        Voice
	Rules        VoiceRule
	Task         string
	Kind         Kind
	Limit        int // characters of the whole text; 0 means none
	Segment      Segment
	Theme        Theme
	Facts        []Fact // only those that hold at Slot
	Offer        *Offer
	CallToAction CallToAction
	Style        string // one of SubjectStyles
	Slot         time.Time
	Date         string     // the slot's day in words, in the business's zone
	Recent       []string   // own earlier texts, newest first: data, never instruction
	Avoid        []Rejected // what people said of earlier pieces: data
	Variants     int
}

// Rejected is what a person said of an earlier piece.
type Rejected struct{ Reason, Note string }

// SubjectStyles are the arms of the subject's (or first line's) style.
var SubjectStyles = []string{"plain", "question", "number", "invitation"}

// Copy is a writer's answer.
type Copy struct {
	Variants []Variant // Name, Subject, Body, CallToAction, AltText; Link is set by code, never by a writer
	Doubt    string    // the writer's own doubt, "" if none: may only lower confidence
}

// Usage is what a call cost.
type Usage struct {
	Model     string
	In, Out   int // tokens
	Cost      Money
	Estimated bool // the reply carried no usage; Cost is from a count of our own
	Calls     int
}
