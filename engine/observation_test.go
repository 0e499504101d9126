package engine

import "testing"

func TestEveryMetricHasWords(t *testing.T) {
	for _, m := range Metrics {
		if metricWords[m][0] == "" || metricWords[m][1] == "" {
			t.Errorf("metric %s has no words", m)
		}
	}
}

func TestAmount(t *testing.T) {
	for want, got := range map[string]string{
		"2": Clicks.Amount(2.04, "EUR"), "4.2": Clicks.Amount(4.24, "EUR"), "15": Clicks.Amount(14.6, "EUR"), "€2.50": Spend.Amount(2_500_000, "EUR"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
