package guard

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"koira/engine"
)

// limits holds what the channel itself sets: how long a text may be, that there is a subject where one is shown, and that a picture is described.
func limits(l *look) []engine.Finding {
	var found []engine.Finding
	near := worst{}
	for i, v := range l.Output.Variants {
		in := l.ofWording(i)
		if l.Traits.Limit > 0 {
			n := characters(shown(v))
			use := float64(n) / float64(l.Traits.Limit)
			says := fmt.Sprintf("It has %d characters%s; %s takes %d", n, in, l.channel(), l.Traits.Limit)
			if n > l.Traits.Limit {
				found = append(found, engine.Finding{
					Outcome: engine.Block, Use: use, Evidence: fmt.Sprintf("%s: %d over.", says, n-l.Traits.Limit), Remedy: fmt.Sprintf("Cut %d characters.", n-l.Traits.Limit),
				})
			} else {
				near.see(use, says+".")
			}
		}
		if l.Traits.Subject && strings.TrimSpace(v.Subject) == "" {
			found = append(found, block(fmt.Sprintf("It has no subject%s, and %s shows one.", in, l.channel()), "Give it a subject.")...)
		}
		if l.pictures(i) && strings.TrimSpace(v.AltText) == "" && undescribed.MatchString(v.Body) {
			found = append(found, block(fmt.Sprintf("It holds a picture%s that nobody describes.", in), "Say in the picture's description what there is to see.")...)
		}
	}
	if len(found) > 0 {
		return found
	}
	if near.use >= engine.NearMiss {
		return []engine.Finding{{Outcome: engine.Warn, Use: near.use, Evidence: near.says, Remedy: "Cut a little, so that there is room for a change."}}
	}
	return near.pass()
}

// pictures reports whether the body of a wording may hold one.
func (l *look) pictures(variant int) bool {
	for i := range l.fields {
		if f := &l.fields[i]; f.variant == variant && f.name == inBody {
			return f.raw.is&isBrace != 0
		}
	}
	return false
}

// undescribed is a picture without words for those who do not see it.
var undescribed = regexp.MustCompile(`!\[\s*\](?:\(|\[)|(?i)<img\b`)

func (l *look) channel() string {
	if l.Traits.Label != "" {
		return l.Traits.Label
	}
	return "the channel"
}

// shown is all that goes out of v, as people read it.
func shown(v engine.Variant) string {
	if v.Shown != "" {
		return v.Shown
	}
	return v.Content()
}

// characters counts as people see them (UAX #29), which channels with a limit do. Letters and signs that nothing is put together from are one each.
func characters(s string) int {
	n := 0
	for i := 0; i < len(s); n++ {
		if b := s[i]; b < utf8.RuneSelf && b != '\r' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !alone(r) {
			return uniseg.GraphemeClusterCount(s)
		}
		i += size
	}
	return n
}

// alone reports the characters that are counted as one each: European letters, and the signs and spaces of writing and money.
func alone(r rune) bool {
	return r >= 0xA0 && r < 0x300 && r != 0xA9 && r != 0xAD && r != 0xAE || r >= 0x370 && r < 0x483 || r >= 0x48A && r < 0x530 || r >= 0x1E00 && r < 0x2000 ||
		r >= 0x2010 && r < 0x2028 || r >= 0x2030 && r < 0x203C || r >= 0x20A0 && r < 0x20C0
}
