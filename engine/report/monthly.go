package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// Monthly is how well koira knew its reviewers in one month that has ended, and how near it came to the business's voice.
type Monthly struct {
	Frame
	Month    string    // "2025-11"
	From, To time.Time // first day 00:00 in Zone to that of the next month

	Calibration Calibration // of the pieces drafted in the month that people have judged by now
	Few         bool        // too few of them to say much
	Asked       int         // pieces of the month that it doubted, so that they asked a person
	Lines       []TaskLine  // by task, in the tasks' order

	Voice     []VoiceRow // oldest week first, then by channel
	Limit     int        // of 100: what sounds further away is warned of; 0 for none
	Furthest  []FarPiece // at most three, the furthest first
	Unheard   int        // pieces that were too short to tell
	NoSamples bool       // people have approved no texts to compare with
}

// Calibration is how far estimates came true.
type Calibration = trust.Calibration

// TaskLine is the line below which a task's pieces ask a person.
type TaskLine struct {
	Name   string
	Line   int  // of 100
	Judged int  // pieces of the last year that it rests on
	Early  bool // fewer than Needed: the line is the one that every task begins with
	Needed int
	Bad    int // of 100: so many may go out although a reviewer would have changed or refused them
}

// VoiceRow is how far one channel's pieces of one week sounded from the approved texts.
type VoiceRow struct {
	Week, Channel string
	Distance      int // of 100, mean
	N             int
}

// FarPiece is a piece that sounded far away.
type FarPiece struct {
	Row
	Distance int    // of 100
	Quote    string // its first words, a writer's
}

const (
	// fewJudged is below how many judged pieces a calibration says little.
	fewJudged = 30
	furthest  = 3
	quoted    = 160
)

// LastMonth names the newest month that has ended at t in zone.
func LastMonth(t time.Time, zone *time.Location) string {
	y, m, _ := t.In(zone).Date()
	return time.Date(y, m-1, 1, 12, 0, 0, 0, zone).Format("2006-01")
}

// Monthly reads the report of the month "2025-11"; "" means the newest that has ended. A month that still runs is read as far as it is. Code
// invalid for what is no month.
func (r *Reader) Monthly(ctx context.Context, month string) (Monthly, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Monthly{}, err
	}
	if month == "" {
		month = LastMonth(s.now, s.Zone)
	}
	v := Monthly{Frame: s.Frame, Month: month, Limit: s.rules.Voice.Distance, NoSamples: len(s.strategy.Voice.Examples) == 0}
	if v.From, err = time.ParseInLocation("2006-01", month, s.Zone); err != nil {
		return v, engine.Errorf(engine.CodeInvalid, "A month looks like 2025-11; you wrote %q.", month)
	}
	v.To = time.Date(v.From.Year(), v.From.Month()+1, 1, 0, 0, 0, 0, s.Zone)
	year, err := r.store.Estimates(ctx, v.To.AddDate(-1, 0, 0), v.To)
	if err != nil {
		return v, fmt.Errorf("reading the estimates: %w", err)
	}
	reviews, err := r.store.Reviews(ctx, "", v.To.AddDate(-1, 0, 0))
	if err != nil {
		return v, fmt.Errorf("reading the reviews: %w", err)
	}
	fresh := slices.DeleteFunc(slices.Clone(year), func(e engine.Estimate) bool { return e.At.Before(v.From) })
	for _, e := range fresh {
		if e.Confidence < e.Line {
			v.Asked++
		}
	}
	v.Calibration = trust.Calibrate(engine.JudgedOf(fresh, reviews))
	v.Few = v.Calibration.N < fewJudged
	v.Lines = lines(s.tasks, s.rules.Trust, engine.JudgedOf(year, reviews))
	err = r.voices(ctx, s, &v, fresh)
	return v, err
}

func lines(tasks []engine.Task, rule engine.TrustRule, judged []engine.Judged) []TaskLine {
	var v []TaskLine
	for _, t := range tasks {
		own, bad := trust.Anyway(judged, t.ID), 100*(1-rule.Bar(t))
		v = append(v, TaskLine{
			Name: t.Name, Line: int(math.Ceil(100 * trust.Line(own, bad))), Judged: len(own), Early: len(own) < trust.LineNeeds(bad), Needed: trust.LineNeeds(bad), Bad: int(math.Round(bad)),
		})
	}
	return v
}

// voices fills in how the month sounded.
func (r *Reader) voices(ctx context.Context, s scene, v *Monthly, fresh []engine.Estimate) error {
	at := map[[2]string]int{}
	sums := map[[2]string]float64{}
	var heard []engine.Estimate
	for _, e := range fresh {
		if !e.Heard {
			v.Unheard++
			continue
		}
		heard = append(heard, e)
		key := [2]string{engine.Week(e.At, s.Zone), r.label(s.task(e.Task).Channel)}
		at[key]++
		sums[key] += e.Signs.Voice
	}
	for key, n := range at {
		v.Voice = append(v.Voice, VoiceRow{Week: key[0], Channel: key[1], N: n, Distance: int(math.Round(100 * sums[key] / float64(n)))})
	}
	slices.SortFunc(v.Voice, func(a, b VoiceRow) int { return cmp.Or(cmp.Compare(a.Week, b.Week), cmp.Compare(a.Channel, b.Channel)) })
	slices.SortStableFunc(heard, func(a, b engine.Estimate) int { return cmp.Compare(b.Signs.Voice, a.Signs.Voice) })
	for _, e := range heard[:min(furthest, len(heard))] {
		o, err := r.store.Output(ctx, e.Output)
		if err != nil {
			return fmt.Errorf("reading the piece of an estimate: %w", err)
		}
		p := FarPiece{Distance: int(math.Round(100 * e.Signs.Voice))}
		if p.Row, err = r.row(ctx, s, o); err != nil {
			return err
		}
		if len(o.Variants) > 0 {
			p.Quote = start(cmp.Or(o.Variants[0].Body, o.Variants[0].Subject), quoted)
		}
		v.Furthest = append(v.Furthest, p)
	}
	return nil
}

// start is the beginning of a text, at most n characters of it.
func start(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
