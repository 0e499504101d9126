package guard

import (
	"fmt"
	"time"

	"koira/engine"
)

// strategy holds that people still want what a piece is for: that its readers are a segment of the strategy, and its theme one of its themes. People's
// own texts have no theme. An offer that is over as the piece goes out, or on the same day, is pointed out: whoever reads it later comes too late.
func strategy(v engine.View) []engine.Finding {
	var found []engine.Finding
	if k := v.Output.Segment; k != "" && !v.Strategy.HasSegment(k) {
		found = append(found, engine.Finding{
			Outcome: engine.Block, Evidence: fmt.Sprintf("It speaks to %q, who are no segment of your strategy any more.", k),
			Remedy: "Reject it, or take those readers into the strategy again.",
		})
	}
	if k := v.Output.Arms.Theme; k != "" && !v.Strategy.HasTheme(k) {
		found = append(found, engine.Finding{
			Outcome: engine.Block, Evidence: fmt.Sprintf("Its theme %q is not in your strategy any more.", k),
			Remedy: "Reject it, or take the theme into the strategy again.", Waivable: true, What: k,
		})
	}
	return append(found, ends(v)...)
}

// ends says that the offer which v's piece carries is no offer any more, or hardly still one, once it is out.
func ends(v engine.View) []engine.Finding {
	key := v.Output.Campaign
	if key == "" {
		return nil
	}
	warn := func(evidence, remedy string) []engine.Finding {
		return []engine.Finding{{Outcome: engine.Warn, Evidence: evidence, Remedy: remedy}}
	}
	offer, ok := v.Strategy.Offer(key)
	if !ok {
		return warn(fmt.Sprintf("The offer %q that it was written for is not in your strategy any more.", key), "If it still speaks of that offer, take it out of the text.")
	}
	zone, at := v.Strategy.Business.Location(), goesOut(v)
	last := offer.Until.Add(-time.Second).In(zone)
	switch {
	case offer.Until.IsZero():
		return nil
	case !at.Before(offer.Until):
		return warn(fmt.Sprintf("Its offer %s is over since %s.", quote(offer.Text), last.Format("2 Jan")), "Give it an earlier time, or take the offer out of it.")
	case dayNumber(at, zone) == dayNumber(last, zone):
		return warn(fmt.Sprintf("It goes out on the last day of its offer %s: whoever reads it later comes too late.", quote(offer.Text)), "Give it an earlier time, or say in it that today is the last day.")
	}
	return nil
}
