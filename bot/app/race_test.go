//go:build race

package app

// underRace says that tests run under the race detector, which makes each several times slower.
const underRace = true
