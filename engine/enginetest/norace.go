//go:build !race

package enginetest

// UnderRace says that tests run under the race detector, which makes each several times slower.
const UnderRace = false
