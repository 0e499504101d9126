package enginetest

import (
	"flag"
	"strconv"
	"testing"
)

// Sampled reports whether the i-th of many like cases runs: each, but one in so many under the race detector. The gate runs all of them without it.
func Sampled(i, one int) bool { return !UnderRace || i%one == 0 }

// Checks has rapid.Check play n random cases until t ends; a tenth of them under the race detector, where a test that asks what they came to must
// not ask. It needs a test binary that holds rapid, and no other test of it that runs meanwhile.
func Checks(t *testing.T, n int) {
	t.Helper()
	if UnderRace {
		n = max(1, n/10)
	}
	checks := flag.Lookup("rapid.checks")
	if checks == nil {
		t.Fatal("this test does not use rapid")
	}
	was := checks.Value.String()
	t.Cleanup(func() { checks.Value.Set(was) })
	if err := checks.Value.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
}
