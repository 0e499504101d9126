package guard

import "koira/engine"

// textRules are the checks that read what a piece says and nothing else: what they say of it today they could have said when it went out.
var textRules = map[string]bool{
	"topics": true, "alphabets": true, "voice": true, "facts": true, "links": true, "limits": true, "lines": true, "mentions": true, "safety": true,
}

// Reread returns what the rules on texts, as they are in code now, would have blocked of a piece that is out. v holds the rules and the strategy of
// the moment at which it was cleared, that moment as Now, and the yes that it had; see [AsKnown] for what has turned out since. A yes from before it
// was kept what exactly it was of let this piece out by the rule's name, which is no breach of the piece.
func Reread(v engine.View) []engine.Finding {
	v.Stage = engine.StageClaim
	l := newLook(&v)
	defer l.done()
	var found []engine.Finding
	for _, c := range checks {
		if !textRules[c.rule] {
			continue
		}
		for _, f := range c.run(l) {
			f.Rule = c.rule
			if f = waiveBy(&v, f, func(w engine.Waiver) bool { return w.Covers(f) || w.What == "" && w.Rule == f.Rule }); f.Outcome == engine.Block {
				found = append(found, f)
			}
		}
	}
	return found
}

// AsKnown returns the strategy that was in force, with its facts and offers as people have corrected their dates since: what they say now of a fact of
// the same key and words holds for then. A fact that is worded anew says nothing of the past, and one that is gone was simply taken off the list.
func AsKnown(then, now engine.Strategy) engine.Strategy {
	then.Facts = append([]engine.Fact(nil), then.Facts...)
	for i := range then.Facts {
		for _, f := range now.Facts {
			if f.Key == then.Facts[i].Key && f.Text == then.Facts[i].Text {
				then.Facts[i].From, then.Facts[i].Until = f.From, f.Until
			}
		}
	}
	then.Offers = append([]engine.Offer(nil), then.Offers...)
	for i := range then.Offers {
		for _, o := range now.Offers {
			if o.Key == then.Offers[i].Key && o.Text == then.Offers[i].Text {
				then.Offers[i].From, then.Offers[i].Until = o.From, o.Until
			}
		}
	}
	return then
}
