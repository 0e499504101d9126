package guard

import (
	"fmt"
	"math"

	"koira/engine"
)

// profile is how often each group of three letters stands in a text, hashed into places. The cosine of two profiles tells how alike texts sound
// (character n-grams: Cavnar & Trenkle 1994; Stamatatos 2009 for style).
type profile struct {
	counts [profilePlaces]uint16
	length float64
	groups int
}

const (
	profilePlaces = 1 << 11
	// profileGroups is the least number of groups on each side: below it, every text is far from every other.
	profileGroups = 200
)

func profileOf(texts []string) profile {
	var p profile
	for _, t := range texts {
		p.add(t)
	}
	return p.measured()
}

// add counts the groups of s. Everything that is no letter is one gap.
func (p *profile) add(s string) {
	var a, b uint32
	for i := 0; i < len(s); i++ {
		c := uint32(heard[s[i]])
		if c == ' ' && b == ' ' {
			continue
		}
		h := (a<<16 | b<<8 | c) * 0x9E3779B1
		p.counts[h>>(32-11)]++
		p.groups++
		a, b = b, c
	}
}

// heard is each byte as a profile counts it: small letters, and a space for what is no letter.
var heard = func() (h [256]byte) {
	for b := range h {
		if h[b] = ' '; ascii[b]&(isLetter|isHigh) != 0 {
			h[b] = letters[asWritten][b]
		}
	}
	return h
}()

func (p profile) measured() profile {
	sum := 0.0
	for _, n := range p.counts {
		sum += float64(n) * float64(n)
	}
	p.length = math.Sqrt(sum)
	return p
}

// distance is 1 − the cosine of two profiles; false where one is too short to tell.
func (p *profile) distance(q *profile) (float64, bool) {
	if p.groups < profileGroups || q.groups < profileGroups {
		return 0, false
	}
	dot := 0.0
	for i, n := range p.counts {
		dot += float64(n) * float64(q.counts[i])
	}
	return 1 - dot/(p.length*q.length), true
}

// Distance is how far v's texts sound from the approved ones, from 0 to 1; false where either is too short to tell. It is v's stand-in for a
// taste, and no rule: see engine.VoiceRule for the limit that warns.
func Distance(v engine.View) (float64, bool) {
	l := newLook(&v)
	defer l.done()
	return l.distance()
}

func (l *look) distance() (float64, bool) {
	var p profile
	for i := range l.fields {
		if f := &l.fields[i]; f.name == inSubject || f.name == inBody {
			p.add(f.bare.text)
		}
	}
	p = p.measured()
	return p.distance(&l.sheet.voice)
}

// distant warns of a piece that sounds further from the approved texts than people want. It never blocks: letters are no proof of a voice.
func (l *look) distant() []engine.Finding {
	limit := l.Guardrails.Voice.Distance
	if limit <= 0 {
		return nil
	}
	d, ok := l.distance()
	if !ok || d*100 <= float64(limit) {
		return nil
	}
	return []engine.Finding{{
		Outcome: engine.Warn, Use: d * 100 / float64(limit),
		Evidence: fmt.Sprintf("It sounds %.0f of 100 away from your approved texts; your limit is %d.", d*100, limit),
		Remedy:   "See whether it sounds like you.",
	}}
}
