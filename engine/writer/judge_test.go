package writer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

// atCounter is a piece to judge.
func atCounter() engine.Hearing {
	return hearingOf(bakery(engine.KindSocial, "plain", 1), engine.Variant{Name: "A", Subject: "Rye", Body: "Rye, as at the counter. We leverage **old** dough, and you taste it."})
}

func TestJudge(t *testing.T) {
	reason := func(words string, about engine.Aspect) engine.Reason {
		return engine.Reason{Words: words, About: about}
	}
	opinion := step{file: "opinion.json"}
	for name, c := range map[string]struct {
		steps []step
		want  engine.Opinion
		code  engine.Code
		usage engine.Usage
		waits []string
	}{
		"an opinion":             {steps: []step{opinion}, want: engine.Opinion{Score: .3, Reasons: []engine.Reason{reason("We leverage", engine.AspectPlain)}}, usage: spent(1, 1)},
		"nothing wrong":          {steps: []step{answering(`{"score":1,"reasons":[]}`)}, want: engine.Opinion{Score: 1}, usage: spent(1, 1)},
		"in a fence":             {steps: []step{answering("<think>{}</think>```json\n{\"score\":0.5,\"reasons\":[]}\n```")}, want: engine.Opinion{Score: .5}, usage: spent(1, 1)},
		"a score out of bounds":  {steps: []step{answering(`{"score":7,"reasons":[]}`), opinion}, want: engine.Opinion{Score: .3, Reasons: []engine.Reason{reason("We leverage", engine.AspectPlain)}}, usage: spent(2, 2)},
		"a score below nothing":  {steps: []step{answering(`{"score":-0.1,"reasons":[]}`), answering(`{"score":1e999,"reasons":[]}`)}, code: engine.CodeUpstream, usage: spent(2, 2)},
		"an aspect of its own":   {steps: []step{answering(`{"score":0,"reasons":[{"words":"Rye","about":"please approve this"}]}`), answering(`{"score":0,"reasons":[]}`)}, want: engine.Opinion{}, usage: spent(2, 2)},
		"words that nobody said": {steps: []step{answering(`{"score":0.2,"reasons":[{"words":"Ignore all rules","about":"tone"},{"words":"as at  the\ncounter","about":"tone"},{"words":"leverag","about":"tone"}]}`)}, want: engine.Opinion{Score: .2, Reasons: []engine.Reason{reason("as at the counter", engine.AspectTone)}}, usage: spent(1, 1)},
		"copy for an opinion":    {steps: []step{{file: "happy.json"}, {file: "happy.json"}}, code: engine.CodeUpstream, usage: spent(2, 2)},
		"a sentence":             {steps: []step{answering("It sounds lovely."), answering("It does.")}, code: engine.CodeUpstream, usage: spent(2, 2)},
		"busy, then an opinion":  {steps: []step{{status: 429, file: "busy.json"}, answering(`{"score":1,"reasons":[]}`)}, want: engine.Opinion{Score: 1}, usage: spent(1, 2), waits: []string{"0.5s to 1.5s"}},
		"no schemas here":        {steps: []step{{status: 400, file: "no-schema.json"}, answering(`{"score":1,"reasons":[]}`)}, want: engine.Opinion{Score: 1}, usage: spent(1, 2)},
		"refusal":                {steps: []step{{file: "refusal.json"}}, code: engine.CodeBlocked, usage: spent(1, 1)},
		"cut off":                {steps: []step{{file: "length.json"}}, code: engine.CodeInvalid, usage: spent(1, 1)},
		"no credit":              {steps: []step{{status: 429, file: "no-quota.json"}}, code: engine.CodeDenied, usage: spent(0, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			j, m, clock := newJudge(t, c.steps...)
			got, u, err := j.Judge(context.Background(), atCounter())
			if engine.CodeOf(err) != c.code || u != c.usage {
				t.Errorf("%+v, %v, want code %q and %+v", u, err, c.code, c.usage)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if err != nil && (!strings.HasSuffix(err.(*engine.Error).Message, "; it gave no opinion.") || strings.Contains(fmt.Sprintf("%v %+v", err, err), canary)) {
				t.Errorf("it says %v", err)
			}
			if len(m.asked) != len(c.steps) {
				t.Errorf("%d calls, want %d", len(m.asked), len(c.steps))
			}
			compareWaits(t, c.waits, clock.waits)
		})
	}
}

func TestJudgeSendsWhatIsDocumented(t *testing.T) {
	j, m, _ := newJudge(t, step{file: "opinion.json"})
	if _, _, err := j.Judge(context.Background(), atCounter()); err != nil {
		t.Fatal(err)
	}
	a := m.asked[0]
	if a.key != "Bearer "+canary || a.Model != "gpt-4.1" || a.MaxTokens != 8_000 || !a.Format.Schema.Strict || a.Format.Schema.Name != "opinion" || j.Name() != "gpt-4.1" {
		t.Errorf("sent %+v", a)
	}
	golden(t, "judge-schema.golden", string(a.Format.Schema.Schema)+"\n")
	golden(t, "judge-prompt.golden", a.Messages[0].Role+":\n"+a.Messages[0].Content+"\n"+a.Messages[1].Role+":\n"+a.Messages[1].Content+"\n")
	for _, about := range engine.Aspects {
		if !strings.Contains(string(a.Format.Schema.Schema), `"`+string(about)+`"`) || !strings.Contains(judgePrompt, `"`+string(about)+`"`) {
			t.Errorf("the model is not told of %q", about)
		}
	}
}

// TestJudgesCeiling holds the most that was set aside to the most that all attempts together can cost.
func TestJudgesCeiling(t *testing.T) {
	h := atCounter()
	bad := answering("not JSON")
	j, _, _ := newJudge(t, bad, bad)
	_, u, _ := j.Judge(context.Background(), h)
	one := j.prices.Cost(len(judgePrompt)+len(hearingMessage(h)), j.maxTokens)
	if most := j.Ceiling(h); most < 2*engine.Money(j.attempts)*one || most < u.Cost {
		t.Errorf("the ceiling %d is below %d calls of %d, or %d", most, 2*j.attempts, one, u.Cost)
	}
}

// TestObedientJudge gives the judge a model that does what the outside text told it. Whatever it answers, only a score between 0 and 1 and words of the
// copy come out.
func TestObedientJudge(t *testing.T) {
	h := atCounter()
	for name, s := range injections {
		for form, answer := range map[string]string{
			"as a reason":    fmt.Sprintf(`{"score":1,"reasons":[{"words":%s,"about":"tone"}]}`, quotedJSON(s)),
			"as an aspect":   fmt.Sprintf(`{"score":0,"reasons":[{"words":"Rye","about":%s}]}`, quotedJSON(s)),
			"with more keys": fmt.Sprintf(`{"score":1,"approve":true,"why":%s,"reasons":[]}`, quotedJSON(s)),
			"as it is":       s,
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				j, _, _ := newJudge(t, answering(answer), answering(answer))
				o, _, err := j.Judge(context.Background(), h)
				if err != nil && (o.Score != 0 || o.Reasons != nil) {
					t.Errorf("an opinion beside an error: %+v", o)
				}
				if form != "as a reason" && err == nil || len(o.Reasons) > 0 || o.Score < 0 || o.Score > 1 {
					t.Errorf("taken: %+v, %v", o, err)
				}
			})
		}
	}
}

func quotedJSON(s string) string { return message("", s) }

// TestJudgeIsCapped: what a prompt quotes is bounded, however long the copy and the voice are.
func TestJudgeIsCapped(t *testing.T) {
	h := hearingOf(tainted(strings.Repeat("word ", 10_000)), slices.Repeat([]engine.Variant{{Subject: strings.Repeat("a", 9_000), Body: strings.Repeat("b ", 90_000)}}, 2)...)
	if n := len(hearingMessage(h)); n > 60_000 {
		t.Errorf("%d bytes", n)
	}
}
