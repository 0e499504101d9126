package guard

import (
	"fmt"
	"strings"

	"koira/engine"
)

// doubtful is the score below which a model's opinion is pointed out: it holds the piece to be less like the business than not.
const doubtful = 0.5

// aspects say what a model misses in words, to people.
var aspects = map[engine.Aspect]string{
	engine.AspectTone: "the tone", engine.AspectPerson: "who speaks", engine.AspectPlain: "not plain", engine.AspectConcrete: "not concrete",
}

// doubted points out a model's doubt that the piece sounds like the business, with the words that it quotes. It only ever warns, and only where the
// opinion is of the very version that the gate looks at.
func (l *look) doubted() []engine.Finding {
	j := l.Judgement
	if j == nil || j.Missing != "" || j.Output != l.Output.ID || j.Digest != l.Output.Digest || !(j.Score < doubtful) {
		return nil
	}
	kept, err := j.Checked(l.Output.Variants) // it was checked when it was kept
	if err != nil {
		return nil
	}
	var words []string
	for _, r := range kept.Reasons {
		words = append(words, fmt.Sprintf("%s (%s)", quote(r.Words), aspects[r.About]))
	}
	says := "it names no words."
	if len(words) > 0 {
		says = strings.Join(words, ", ") + "."
	}
	return []engine.Finding{{
		Outcome: engine.Warn, Evidence: "The model doubts that this sounds like you: " + says, Remedy: "See whether it sounds like you.",
	}}
}
