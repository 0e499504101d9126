package engine

import "time"

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
