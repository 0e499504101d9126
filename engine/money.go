package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in micro-units (millionths) of the business's currency, because one model call costs less than a cent.
type Money int64

// Unit is one whole unit of the currency, Cent its hundredth.
const (
	Unit Money = 1_000_000
	Cent Money = Unit / 100
)

// ParseMoney reads a sum of zero or more as people write it: "400", "399.50", "€ 12,5" or "1 200". At most two decimals.
// Code invalid otherwise.
func ParseMoney(s string) (Money, error) {
	t := strings.TrimLeft(strings.TrimSpace(s), "€$£ ")
	t = strings.ReplaceAll(strings.ReplaceAll(t, " ", ""), "\u00a0", "")
	t = strings.Replace(t, ",", ".", 1)
	whole, frac, dotted := strings.Cut(t, ".")
	bad := Errorf(CodeInvalid, "A sum looks like 400 or 399.50; you wrote %q.", s)
	if whole == "" || !isDigits(whole) || len(whole) > 12 || dotted && (frac == "" || len(frac) > 2 || !isDigits(frac)) {
		return 0, bad
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, bad
	}
	cents, _ := strconv.ParseInt((frac + "00")[:2], 10, 64)
	return Money(n)*Unit + Money(cents)*Cent, nil
}

// Format writes m in the currency with two decimals, rounded half away from zero: "€38.20". Sums that are smaller than half a cent but
// not zero are shown as "under €0.01", so that a cost never looks like none.
func (m Money) Format(currency string) string {
	if m > 0 && m < Cent/2 {
		return "under " + sign(currency) + "0.01"
	}
	neg := ""
	if m < 0 {
		neg, m = "-", -m
	}
	cents := int64(m+Cent/2) / int64(Cent)
	return fmt.Sprintf("%s%s%d.%02d", neg, sign(currency), cents/100, cents%100)
}

// AddMoney returns a+b, or code internal when the sum does not fit: a budget must never wrap around.
func AddMoney(a, b Money) (Money, error) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return 0, Errorf(CodeInternal, "The sum of %d and %d is too large.", a, b)
	}
	return a + b, nil
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

func sign(currency string) string {
	switch currency {
	case "EUR":
		return "€"
	case "USD":
		return "$"
	case "GBP":
		return "£"
	}
	return currency + " "
}
