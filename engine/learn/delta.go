package learn

// Driver is one source of a weekly total in two weeks: a number of units (pieces) and what they brought together. Index 0 is the earlier
// week, 1 the later one. Units are never negative.
type Driver struct {
	Key   string
	Units [2]float64
	Total [2]float64
}

// Part is what one driver added to the change of the total.
type Part struct {
	Key    string
	Volume float64 // there were more units in all, this driver taking its usual share of them
	Mix    float64 // this driver's share of all units grew
	Rate   float64 // each of this driver's units brought more
}

// Pieces is what the change of the driver's own number of units added. It is zero when that number did not change.
func (p Part) Pieces() float64 { return p.Volume + p.Mix }

// Sum is everything that the driver added: the change of its total.
func (p Part) Sum() float64 { return p.Volume + p.Mix + p.Rate }

// Decompose splits the change of a weekly total exactly over its drivers, in their order, and within each over volume, mix and rate: all
// parts together sum to the change, up to floating point.
//
// A total is Σ units × rate and units are N × share, N being all units. Each product is split symmetrically, so that the answer does not
// depend on which factor is changed first: Δ(units × rate) = Δunits × mean rate + Δrate × mean units, then
// Δunits = ΔN × mean share + Δshare × mean N. This is the Kitagawa–Oaxaca–Blinder decomposition (Kitagawa 1955), which for two factors is
// the Shapley value; nesting (units, rate) over (N, share) makes it the Owen value (Owen 1977).
//
// A driver without units in one week has no rate there and is given the other week's, so that its coming or going counts as units; one
// whose total came without units has no rate at all, and its change is put down to Rate.
func Decompose(drivers []Driver) []Part {
	var n [2]float64
	for _, d := range drivers {
		if countable(d) {
			n[0] += d.Units[0]
			n[1] += d.Units[1]
		}
	}
	parts := make([]Part, len(drivers))
	for i, d := range drivers {
		parts[i] = split(d, n)
	}
	return parts
}

func split(d Driver, n [2]float64) Part {
	p := Part{Key: d.Key}
	if !countable(d) {
		p.Rate = d.Total[1] - d.Total[0]
		return p
	}
	rate := pair(d.Total, d.Units)
	share := pair(d.Units, n)
	perUnit := mean(rate)
	p.Volume = (n[1] - n[0]) * mean(share) * perUnit
	p.Mix = (share[1] - share[0]) * mean(n) * perUnit
	p.Rate = (rate[1] - rate[0]) * mean(d.Units)
	return p
}

// countable reports whether d's totals came from units in both weeks.
func countable(d Driver) bool {
	for w := range d.Units {
		if d.Units[w] <= 0 && d.Total[w] != 0 {
			return false
		}
	}
	return true
}

// pair divides a by b in each week; where b is zero the other week's quotient stands, and 0 where both are.
func pair(a, b [2]float64) [2]float64 {
	var q [2]float64
	for w := range q {
		if b[w] > 0 {
			q[w] = a[w] / b[w]
		}
	}
	for w := range q {
		if b[w] <= 0 {
			q[w] = q[1-w]
		}
	}
	return q
}

func mean(a [2]float64) float64 { return (a[0] + a[1]) / 2 }
