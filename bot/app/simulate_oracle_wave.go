package app

import (
	"fmt"
	"time"

	"koira/engine"
)

// wave holds what leaves in parts: an e-mail that nobody said yes to goes to a tenth of its readers first, and to the others at the earliest two hours
// after that landed, unless a person sends the rest. Together they are no more than all.
func (o *oracle) wave(i engine.Intent, out engine.Output, tr engine.Traits, said bool) string {
	if out.Kind != engine.KindEmail || !tr.Part {
		return ""
	}
	if i.Skip == 0 {
		if most := (out.Audience + 9) / 10; !said && out.Audience >= 20 && i.Audience > most {
			return fmt.Sprintf("to %d readers at once; a first wave of %d has %d", i.Audience, out.Audience, most)
		}
		if !said && out.Audience >= 20 {
			o.s.count("first wave")
		}
		return ""
	}
	var first time.Time
	for _, c := range o.s.world.Copies() {
		if c.Output == i.Output && c.Skip == 0 {
			first = o.tries[i.Output+" "+i.Variant].at // one whose answer was lost may have landed a while after that
			if c.Audience > i.Skip {
				return fmt.Sprintf("to those behind %d; the first wave had %d", i.Skip, c.Audience)
			}
		}
	}
	switch {
	case first.IsZero():
		return "to the rest; nobody had the first wave"
	case i.Skip+i.Audience > out.Audience:
		return fmt.Sprintf("to %d behind %d; it is for %d", i.Audience, i.Skip, out.Audience)
	case !said && o.s.clock.Now().Before(first.Add(2*time.Hour-time.Minute)):
		return fmt.Sprintf("to the rest %s after the first wave", o.s.clock.Now().Sub(first))
	}
	o.s.count("rest of a wave")
	return ""
}
