package writer

import (
	"context"
	"maps"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"koira/engine"
)

// Template writes from a grammar, without any model: every number, date, price and claim in its copy is one of the brief's. The same brief
// and seed give the same copy. It costs nothing.
type Template struct{}

var _ engine.Writer = Template{}

func (Template) Name() string { return "built-in template writer, no AI model configured" }

// Ceiling is nothing: no model is asked.
func (Template) Ceiling(engine.Brief) engine.Money { return 0 }

// tries is how many texts are made before one is chosen. More would find a fresher or shorter one now and then.
const tries = 24

// alike is the share of repeated wording from which on a piece says so itself.
const alike = 0.6

// Write makes b.Variants wordings, each as unlike the recent texts and the other wordings as the facts allow. Code invalid when there is
// nothing to say (no fact and no offer that may be said on the day), or no fact is short enough for the channel.
func (Template) Write(ctx context.Context, b engine.Brief) (engine.Copy, engine.Usage, error) {
	var none engine.Usage
	if err := ctx.Err(); err != nil {
		return engine.Copy{}, none, err
	}
	n, err := wanted(b)
	if err != nil {
		return engine.Copy{}, none, err
	}
	most, err := room(b)
	if err != nil {
		return engine.Copy{}, none, err
	}
	m := material(b)
	if len(m.facts) == 0 {
		const message = "There is no fact about %q that may be said then; add one, and it can be written about."
		return engine.Copy{}, none, engine.Errorf(engine.CodeInvalid, message, b.Theme.Text)
	}
	pieces := m.pieces(rand.New(rand.NewPCG(b.Seed, 0x6b6f697261)), most)
	if len(pieces) == 0 {
		return engine.Copy{}, none, engine.Errorf(engine.CodeInvalid, "No fact about %q fits into the %d characters that the channel leaves.", b.Theme.Text, most)
	}
	var c engine.Copy
	said, stale := runsOf(b.Recent), 0.0
	for i := range n {
		p, share, ok := freshest(pieces, said, c.Variants)
		if !ok {
			c.Doubt = "The facts give fewer wordings than were asked for. "
			break
		}
		stale = max(stale, share)
		p.Name, p.CallToAction = letters[i:i+1], b.CallToAction.Text
		c.Variants = append(c.Variants, p)
	}
	if stale > alike {
		c.Doubt += "Much of this was said in a recent piece; more facts would help."
	}
	c.Doubt = strings.TrimSpace(c.Doubt)
	return c, none, nil
}

// freshest picks the first of pieces that repeats least of what was said before, and tells how much. Wordings of one output are compared
// with each other by their whole text only: they are about the same thing. False when all of them are taken.
func freshest(pieces []engine.Variant, said []map[string]bool, taken []engine.Variant) (best engine.Variant, share float64, found bool) {
	share = 2
	for _, p := range pieces {
		if used(p, taken) {
			continue
		}
		if s := repeated(p.Subject+"\n"+p.Body, said); s < share {
			best, share, found = p, s, true
		}
	}
	return best, share, found
}

func used(p engine.Variant, taken []engine.Variant) bool {
	for _, t := range taken {
		if t.Body == p.Body || p.Subject != "" && t.Subject == p.Subject {
			return true
		}
	}
	return false
}

// source is what a brief gives a text to be made of.
type source struct {
	brief engine.Brief
	words map[string]string
	facts []string
	style string
}

func material(b engine.Brief) source {
	s := source{brief: b, style: b.Style, words: map[string]string{"business": oneLine(b.Business.Name)}}
	if leads[s.style] == nil {
		s.style = "plain"
	}
	s.words["we"], s.words["We"], s.words["us"] = "we", "We", "us"
	if b.Voice.Person == "I" {
		s.words["we"], s.words["We"], s.words["us"] = "I", "I", "me"
	}
	for _, f := range sayableFacts(b) {
		if !banned(b.Rules, f.Text) {
			s.facts = append(s.facts, sentence(f.Text))
		}
	}
	if o := sayableOffer(b); o != nil && !banned(b.Rules, o.Text) {
		s.words["offer"] = sentence(o.Text)
	}
	if len(s.facts) == 0 && s.words["offer"] != "" { // an offer alone is what there is to say
		s.facts, s.words["offer"] = []string{s.words["offer"]}, ""
	}
	s.words["theme"], s.words["Theme"] = themeWords(oneLine(b.Theme.Text), s.facts)
	return s
}

func banned(v engine.VoiceRule, text string) bool {
	for _, w := range v.Banned {
		if says(text, w) {
			return true
		}
	}
	return false
}

// pieces makes up to tries texts that fit into most characters, in an order of chance, none twice.
func (s source) pieces(r *rand.Rand, most int) []engine.Variant {
	var made []engine.Variant
	frames := framesFor(s.brief.Kind, len(s.facts))
	add := func(f frame) {
		v, ok := s.piece(r, f)
		if ok && (most == 0 || characters(v.Body) <= most) && !banned(s.brief.Rules, v.Subject+"\n"+v.Body) && !used(engine.Variant{Body: v.Body}, made) {
			made = append(made, v)
		}
	}
	for range tries {
		add(frames[r.IntN(len(frames))])
	}
	for i := 0; len(made) == 0 && i < tries; i++ { // a tight limit: the shortest arrangement, then the bare fact
		add(frame{"{lead}"})
		add(frame{"{fact}"})
	}
	return made
}

// framesFor returns the arrangements of a kind that n facts can fill. A letter or an article says at least three facts where there are three.
func framesFor(k engine.Kind, n int) []frame {
	all, least := socialFrames, 1
	switch k {
	case engine.KindEmail:
		all, least = emailFrames, min(n, 3)
	case engine.KindBlog:
		all, least = blogFrames, min(n, 3)
	}
	var can []frame
	for _, f := range all {
		if need := f.facts(); need >= least && need <= n {
			can = append(can, f)
		}
	}
	return can
}

func (s source) piece(r *rand.Rand, paragraphs frame) (engine.Variant, bool) {
	f := fill{words: maps.Clone(s.words), rand: r, escape: escapeMarkdown}
	for _, i := range r.Perm(len(s.facts)) {
		f.facts = append(f.facts, s.facts[i])
	}
	var v engine.Variant
	if s.brief.Kind == engine.KindEmail || s.brief.Kind == engine.KindBlog {
		v.Subject = s.subject(f)
	} else if strings.Contains(paragraphs[0], "{lead}") {
		f.lead = s.lead(&f)
	}
	body, ok := f.text(paragraphs)
	v.Body = s.withRequired(body, v.Subject)
	return v, ok && v.Body != ""
}

// subject fills a subject from a copy of f, so that the facts it mentions are still said in the body.
func (s source) subject(f fill) string {
	f.escape = func(s string) string { return strings.TrimSuffix(s, ".") }
	short := f
	short.facts = nil
	for _, fact := range f.facts {
		if characters(fact) <= 60 { // what a phone shows of a subject
			short.facts = append(short.facts, fact)
		}
	}
	templates := subjects[s.style]
	if s.style == "number" && f.numbered() < 0 {
		templates = shortSubjects
	}
	line, _ := short.any(templates)
	return line
}

// lead fills the first line; it takes the fact that it says.
func (s source) lead(f *fill) string {
	templates := leads[s.style]
	if s.style == "number" && f.numbered() < 0 {
		templates = shortLeads
	}
	line, _ := f.any(templates)
	return line
}

// withRequired adds the voice's required words that the text lacks, as a last line: they are the business's own.
func (s source) withRequired(body, subject string) string {
	var missing []string
	for _, w := range s.brief.Rules.Required {
		if w = oneLine(w); w != "" && !says(body+"\n"+subject+"\n"+s.brief.CallToAction.Text, w) {
			missing = append(missing, escapeMarkdown(w))
		}
	}
	if body == "" || len(missing) == 0 {
		return body
	}
	return body + "\n\n" + strings.Join(missing, " ")
}

// sentence makes a fact a sentence: a capital where the first word has none, a full stop where nothing ends it.
func sentence(text string) string {
	text = oneLine(text)
	first, rest, _ := strings.Cut(text, " ")
	if first == strings.ToLower(first) {
		text = capital(first)
		if rest != "" {
			text += " " + rest
		}
	}
	if last, _ := utf8.DecodeLastRuneInString(text); !strings.ContainsRune(".!?…", last) {
		text += "."
	}
	return text
}

// themeWords gives the theme as it stands inside a sentence and at the beginning of one. A theme that is a sentence, long, or holds a number
// of its own is a note for people and is not said ("" and ""); of one with a comma, what stands before it is. Inside a sentence a capital stays, unless the
// facts write the word small.
func themeWords(theme string, facts []string) (inside, first string) {
	theme, _, _ = strings.Cut(theme, ",")
	last, _ := utf8.DecodeLastRuneInString(theme)
	words := strings.Fields(theme)
	if len(words) == 0 || len(words) > 7 || strings.ContainsAny(theme, "0123456789:;") || strings.ContainsRune(".!?…", last) || len(addresses(theme)) > 0 {
		return "", ""
	}
	small := strings.ToLower(words[0])
	if words[0] == small {
		return theme, capital(theme)
	}
	for _, f := range facts {
		for _, w := range strings.FieldsFunc(f, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if w == small {
				return small + strings.TrimPrefix(theme, words[0]), theme
			}
		}
	}
	return theme, theme
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
