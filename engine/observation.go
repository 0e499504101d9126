package engine

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Metric names one number that a channel or a meter reports.
type Metric string

const (
	Impressions  Metric = "impressions"
	Opens        Metric = "opens" // machine-made in large part; never decided on alone
	Clicks       Metric = "clicks"
	Engagements  Metric = "engagements" // likes, replies, reposts
	Leads        Metric = "leads"
	Revenue      Metric = "revenue" // in Money
	Subscribed   Metric = "subscribed"
	Unsubscribed Metric = "unsubscribed"
	Complaints   Metric = "complaints"
	Spend        Metric = "spend" // in Money
)

// Metrics lists every metric in the order in which reports show them.
var Metrics = []Metric{Clicks, Leads, Revenue, Engagements, Impressions, Opens, Subscribed, Unsubscribed, Complaints, Spend}

// metricWords names each metric for one and for many.
var metricWords = map[Metric][2]string{
	Impressions:  {"view", "views"},
	Opens:        {"open (many are machines')", "opens (many are machines')"},
	Clicks:       {"link visit", "link visits"},
	Engagements:  {"reaction", "reactions"},
	Leads:        {"lead", "leads"},
	Revenue:      {"revenue", "revenue"},
	Subscribed:   {"new reader", "new readers"},
	Unsubscribed: {"reader lost", "readers lost"},
	Complaints:   {"complaint", "complaints"},
	Spend:        {"spent", "spent"},
}

// Words names m for n of it: "link visits".
func (m Metric) Words(n int64) string {
	w, ok := metricWords[m]
	switch {
	case !ok:
		return string(m)
	case n == 1:
		return w[0]
	}
	return w[1]
}

// Money reports whether m's values are Money.
func (m Metric) Money() bool { return m == Revenue || m == Spend }

// Less reports whether less of m is better.
func (m Metric) Less() bool { return m == Unsubscribed || m == Complaints || m == Spend }

// Amount writes a mean of m: at most one decimal under 10, none above, and money as money.
func (m Metric) Amount(v float64, currency string) string {
	switch {
	case m.Money():
		return Money(math.Round(v)).Format(currency)
	case math.Abs(v) < 9.95:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return fmt.Sprintf("%.0f", v)
}

// Track is what one piece that is out brought of one metric over time, summed over its sends.
type Track struct {
	Output    string
	Published time.Time
	Points    []Point   // each change of the value, oldest first
	Seen      time.Time // up to when the newest value is known to hold
}

// Point is a value from a time on.
type Point struct {
	At    time.Time
	Value int64
}

// By is the value at t, 0 before the first reading.
func (k Track) By(t time.Time) int64 {
	v := int64(0)
	for _, p := range k.Points {
		if p.At.After(t) {
			break
		}
		v = p.Value
	}
	return v
}

// Observation is a reading of one metric of one send at one time. Value is cumulative since publishing, so that reading twice, late or out
// of order changes nothing: the newest At wins.
type Observation struct {
	Ref                   string // the id at the channel, as the meter knows it
	Send, Output, Variant string // filled in by the loop, from Ref
	Metric                Metric
	Value                 int64
	At                    time.Time // when the channel counted
	Source                string    // the meter's name
	Simulated             bool      // said on every card that shows it
}
