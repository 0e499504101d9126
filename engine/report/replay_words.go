package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// triedShown is how many pieces are named beside what a change would have done.
const triedShown = 5

// tried says v in words.
func (v Replay) tried(f Frame) engine.Tried {
	var t engine.Tried
	say := func(format string, args ...any) { t.Lines = append(t.Lines, fmt.Sprintf(format, args...)) }
	switch {
	case v.Of+v.Planned > 0:
		say("Tried on the last %d days: %s.", replayDays, v.counts(f))
	case len(v.Rules)+len(v.Not) == 0:
		say("Not tried: by itself it holds no piece back.")
	case v.NoText == 0 && len(v.Not) == 0:
		say("Nothing to try it on: no piece of the last %d days came to the rules yet.", replayDays)
	}
	if v.NoText > 0 {
		say("%s could not be tried: text not kept.", plural(v.NoText, "older piece", "older pieces"))
	}
	for _, why := range v.Not {
		say("Not tried: %s.", why)
	}
	if v.More > 0 {
		say("Only the newest %d pieces were tried; %s more are older.", replayMost, plural(v.More, "piece", "pieces"))
	}
	if v.Unwritten > 0 && v.Of+v.Planned > 0 {
		say("%s not written yet; the rules meet them when they are.", plural(v.Unwritten, "planned piece is", "planned pieces are"))
	}
	t.Pieces = v.named(f)
	return t
}

// counts is the sentence with the numbers.
func (v Replay) counts(f Frame) string {
	s := "would have stopped none of " + fmt.Sprint(v.Of)
	if v.Of == 0 {
		s = "no piece of that time came to the rules"
	} else if n := len(v.Stopped); n > 0 {
		s = fmt.Sprintf("would have stopped %d of %d", n, v.Of)
		if b := v.Best; b != nil {
			what := "the most visited of them"
			if v.Ever {
				what = "your best " + pieceWord(b.Output.Kind, 1)
			}
			s += fmt.Sprintf(", among them %s (%s, %s%s)", what, day(*b, f), plural(int(b.Visits), "visit", "visits"),
				map[bool]string{true: ", simulated"}[b.Simulated])
		}
	}
	join := func(format string, args ...any) { s += fmt.Sprintf(format, args...) }
	and := ", and "
	if v.Of == 0 {
		and = "; would stop "
	}
	if n := len(v.Stops); n > 0 {
		join("%s%d of the %d now planned", and, n, v.Planned)
	} else if v.Planned > 0 {
		join("%snone of the %d now planned", and, v.Planned)
	}
	if n := len(v.Smaller); n > 0 {
		join("; would have made %d smaller", n)
	}
	if n := len(v.Freed); n > 0 {
		join("; would have let %d through that were stopped", n)
	}
	if n := len(v.Frees); n > 0 {
		join("; would let %d of the %d now planned through", n, v.Planned)
	}
	return s
}

// named are the pieces that people would ask for first: the best one, what is still to go out, then the newest.
func (v Replay) named(f Frame) []engine.TriedPiece {
	var named []engine.TriedPiece
	take := func(all []Tried, words string) {
		for _, t := range all {
			if len(named) < triedShown && !slices.ContainsFunc(named, func(x engine.TriedPiece) bool { return x.Output == t.Output.ID }) {
				named = append(named, engine.TriedPiece{
					Output: t.Output.ID, Title: titleOf(t.Output), Words: strings.Replace(words, "%", t.Rule, 1), Day: day(t, f), URL: t.Output.URL,
				})
			}
		}
	}
	stopped := slices.Clone(v.Stopped)
	slices.SortStableFunc(stopped, func(a, b Tried) int { return cmp.Compare(b.Visits, a.Visits) })
	take(stopped[:min(1, len(stopped))], "would have been stopped by %")
	take(v.Stops, "planned; would be stopped by %")
	take(v.Stopped, "would have been stopped by %")
	take(v.Frees, "planned; would be let through, % stops it now")
	take(v.Freed, "would have been let through, % stops it")
	take(v.Smaller, "would have been smaller by %")
	return named
}

func day(t Tried, f Frame) string { return t.when().In(f.Zone).Format("2 Jan") }

func titleOf(o engine.Output) string {
	if len(o.Variants) == 0 {
		return ""
	}
	return title(o.Variants[0])
}
