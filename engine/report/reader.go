// Package report is the read side: what people ask to see, as plain values. It knows neither Slack nor SQL, and it changes nothing.
package report
