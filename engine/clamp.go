package engine

import "slices"

// Clamp brings o down to what v's clamps ask for, and returns them as what was done; o is as it was where there are none. It is for a piece whose digest is not
// made yet: fewer people and less money never need anybody's yes anew.
func (v Verdict) Clamp(o Output) (Output, []Finding) {
	var clamps []Finding
	for _, f := range v.Findings {
		if f.Outcome != Clamp || f.Limit == nil {
			continue
		}
		f.Evidence, f.Remedy = "It was brought down to fit. Before: "+f.Evidence, ""
		clamps = append(clamps, f)
		if f.Limit.Audience > 0 {
			o.Audience = min(o.Audience, f.Limit.Audience)
		}
		if f.Limit.CostMax > 0 {
			o.CostMax = min(o.CostMax, f.Limit.CostMax)
		}
	}
	return o, clamps
}

// Most is how many people o was brought down to while it was drafted, 0 where it was not.
func (o Output) Most() int {
	most := 0
	for _, f := range o.Findings {
		if f.Outcome == Clamp && f.Limit != nil && f.Limit.Audience > 0 && (most == 0 || f.Limit.Audience < most) {
			most = f.Limit.Audience
		}
	}
	return most
}

// WithClamps keeps, among what a gate says of a piece now, what it was brought down by while it was drafted: each takes the place of the pass of
// its rule.
func WithClamps(found, clamps []Finding) []Finding {
	found = slices.Clone(found)
	for _, c := range clamps {
		if c.Outcome != Clamp {
			continue
		}
		i := slices.IndexFunc(found, func(f Finding) bool { return f.Rule == c.Rule && f.Outcome == Pass })
		if i < 0 {
			found = append(found, c)
			continue
		}
		found[i] = c
	}
	return found
}
