package sandbox

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"koira/engine"
)

// weekdays are the effects of the day in logits, from a published logistic fit to 100,000 real e-mails. Index: time.Weekday.
var weekdays = [7]float64{-0.35, 0.06, 0.09, 0.24, 0.25, -0.49, -0.22}

// hours are the effects of the hour in logits. The same fit gives 9 to 12 (+.20 to +.31) and 2 to 6 (negative); the others lead from one to
// the other.
var hours = [24]float64{
	-0.08, -0.12, -0.20, -0.28, -0.30, -0.26, -0.15, -0.02, 0.10, 0.22, 0.31, 0.28, 0.20, 0.12, 0.10, 0.08, 0.07, 0.06, 0.05, 0.05, 0.05, 0.02, -0.02, -0.05,
}

// Sizes of the hidden effects in logits: standard deviations over seeds.
const (
	styleSize  = 0.22
	themeSize  = 0.30
	askSize    = 0.25
	noiseSize  = 0.15
	driftSize  = 0.15 // amplitude of a slow wave
	driftDays  = 80.0 // its length
	withoutAsk = -0.40
)

// habits are how the people behind one kind of channel behave: shares of those before them, and how soon.
type habits struct {
	see, open, click, engage, lead, leave float64
	attention                             float64       // how much of day, hour, drift and fatigue acts on what people do; the rest acts on whether they see it
	median                                time.Duration // until half of what will come has come
	spread                                float64       // of the logarithm of that time
	rested                                float64       // pieces in mind that tire nobody
	tiring                                float64       // logits for each piece more
}

var habitsOf = map[engine.Kind]habits{
	engine.KindSocial: {see: 0.30, click: 0.035, engage: 0.030, lead: 0.06, attention: 0.6, median: 3 * time.Hour, spread: 1.2, rested: 1.6, tiring: 0.12},
	engine.KindEmail:  {see: 1, open: 0.28, click: 0.030, lead: 0.08, leave: 0.002, attention: 1, median: 150 * time.Minute, spread: 1.3, rested: 0.3, tiring: 0.35},
	engine.KindBlog:   {see: 0.25, click: 0.050, engage: 0.006, lead: 0.05, attention: 0.5, median: 30 * time.Hour, spread: 1.3, rested: 1.2, tiring: 0.15},
}

// memory is how fast a piece is forgotten.
const memory = 48 * time.Hour

// response is what a piece will have brought in the end, and how fast.
type response struct {
	Totals map[engine.Metric]int64 `json:"totals"`
	Speed  float64                 `json:"speed"` // factor on the median
	Round  float64                 `json:"round"` // where between two whole numbers the next person counts, 0..1
}

// respond lets the audience make up its mind about c: a pure function of the seed, c and what landed at the door before it.
func (w *World) respond(d door, c *Copy) response {
	h := habitsOf[d.Kind]
	if m, ok := w.moods[d.Name]; ok {
		h.click, h.leave = h.click*m.Click, h.leave*m.Leave
	}
	fatigue := h.tiring * max(0, w.load(d.Name, c)-h.rested)
	mood := w.timing(d.Name, c.Landed) - fatigue
	appeal := w.appeal(c.Bytes)
	rng := w.rand("response", c.ID)
	noise := noiseSize * rng.NormFloat64()
	see := c.Audience
	if h.see < 1 {
		see = draw(rng, c.Audience, shift(h.see, (1-h.attention)*mood))
	}
	r := response{Totals: map[engine.Metric]int64{engine.Impressions: int64(see)}, Speed: math.Exp(0.25 * rng.NormFloat64()), Round: rng.Float64()}
	clicks := draw(rng, see, shift(h.click, h.attention*mood+appeal+noise))
	r.Totals[engine.Clicks] = int64(clicks)
	r.Totals[engine.Leads] = int64(draw(rng, clicks, h.lead))
	if h.open > 0 {
		opens := draw(rng, see, shift(h.open, mood+w.style(c.Bytes)+noise))
		r.Totals[engine.Opens] = int64(max(opens, clicks))
	}
	if h.engage > 0 {
		r.Totals[engine.Engagements] = int64(draw(rng, see, shift(h.engage, h.attention*mood+0.5*appeal+noise)))
	}
	if h.leave > 0 {
		r.Totals[engine.Unsubscribed] = int64(draw(rng, see, shift(h.leave, 3*fatigue)))
	}
	if c.Cost > 0 {
		r.Totals[engine.Spend] = int64(c.Cost)
	}
	return r
}

// Expect returns the share of those who see text at a door who would click, were it published at that time to a rested audience: the hidden
// truth, for measuring how well a loop learns. It is 0 for an unknown door.
func (w *World) Expect(name string, text []byte, at time.Time) float64 {
	d, ok := w.doors[name]
	if !ok {
		return 0
	}
	h := habitsOf[d.Kind]
	return shift(h.click, h.attention*w.timing(name, at)+w.appeal(text))
}

// timing is the effect of day, hour and drift.
func (w *World) timing(door string, at time.Time) float64 {
	local := at.In(w.zone)
	days := float64(at.Unix()) / 86400
	phase := 2 * math.Pi * w.rand("drift", door).Float64()
	return weekdays[local.Weekday()] + hours[local.Hour()] + driftSize*math.Sin(2*math.Pi*days/driftDays+phase)
}

// load is how many pieces of the same door people still have in mind when c lands.
func (w *World) load(door string, c *Copy) float64 {
	var n float64
	for _, o := range slices.Backward(w.copies) {
		age := c.Landed.Sub(o.Landed)
		if age > 7*memory {
			break // copies stand in the order of sending; what is older weighs less than a thousandth
		}
		if o != c && o.Door == door && age >= 0 && (o.Gone.IsZero() || o.Gone.After(c.Landed)) {
			n += math.Exp(-float64(age) / float64(memory))
		}
	}
	return n
}

var (
	links    = regexp.MustCompile(`https?://\S+`)
	invites  = regexp.MustCompile(`(?i)\binvit|\bcome (and|along|by|see)\b|\bjoin us\b|\bfor you\b`)
	notWords = func(r rune) bool { return !unicode.IsLetter(r) }
)

// appeal is the effect of the words: style of the first line, theme, and where the link leads.
func (w *World) appeal(text []byte) float64 {
	return w.style(text) + w.theme(text) + w.ask(text)
}

// styles are what the audience notices in a first line.
var styles = []struct {
	name string
	hit  func(line string) bool
}{
	{"question", func(l string) bool { return strings.Contains(l, "?") }},
	{"number", func(l string) bool { return strings.ContainsAny(l, "0123456789") }},
	{"invitation", invites.MatchString},
}

// style reads the subject, title or first line.
func (w *World) style(text []byte) float64 {
	first, _, _ := strings.Cut(string(text), "\n")
	var s float64
	for _, st := range styles {
		if st.hit(first) {
			s += styleSize * w.rand("style", st.name).NormFloat64()
		}
	}
	return s
}

// theme sums a liking for each longer word; texts on one theme share most of theirs.
func (w *World) theme(text []byte) float64 {
	seen := map[string]bool{}
	var s float64
	for _, word := range strings.FieldsFunc(strings.ToLower(links.ReplaceAllString(string(text), " ")), notWords) {
		if len(word) >= 4 && !seen[word] {
			seen[word] = true
			s += w.rand("word", word).NormFloat64()
		}
	}
	if len(seen) == 0 {
		return 0
	}
	return themeSize * s / math.Sqrt(float64(len(seen)))
}

// ask reads the path of the first link: the call to action.
func (w *World) ask(text []byte) float64 {
	u, err := url.Parse(string(links.Find(text)))
	if err != nil || u.Host == "" {
		return withoutAsk
	}
	return askSize * w.rand("ask", u.Host+u.Path).NormFloat64()
}

// hash mixes the seed with parts, which it keeps apart.
func (w *World) hash(parts ...string) uint64 {
	h := fnv.New64a()
	for i := range 8 {
		h.Write([]byte{byte(w.seed >> (8 * i))})
	}
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0xff})
	}
	return h.Sum64()
}

// rand is a generator of its own for each thing in the world, so that one thing never moves another.
func (w *World) rand(parts ...string) *rand.Rand {
	return rand.New(rand.NewPCG(w.seed, w.hash(parts...)))
}

// shift moves the probability p by x logits.
func shift(p, x float64) float64 { return 1 / (1 + (1-p)/p*math.Exp(-x)) }

// draw returns how many of n people do what each does with probability p: a binomial draw by the gaps between those who do.
func draw(rng *rand.Rand, n int, p float64) int {
	if n <= 0 || p <= 0 {
		return 0
	}
	if p >= 1 {
		return n
	}
	if p > 0.5 {
		return n - draw(rng, n, 1-p)
	}
	k, at, step := 0, 0.0, math.Log1p(-p)
	for {
		at += math.Floor(math.Log(1-rng.Float64())/step) + 1
		if at > float64(n) {
			return k
		}
		k++
	}
}
