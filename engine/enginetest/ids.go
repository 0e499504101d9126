package enginetest

import (
	"math/rand/v2"
	"sync"

	"koira/engine"
)

// crockford is the alphabet of ULIDs: digits and upper-case letters without I, L, O and U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// IDs returns a generator of ids that look like ULIDs: 26 characters, each id greater than the one before it, the same ones for the same seed,
// different ones for different seeds. It is safe for concurrent use.
func IDs(seed uint64) engine.NewID {
	var (
		mu  sync.Mutex
		n   uint64
		rng = rand.New(rand.NewPCG(seed, 0x6b6f697261)) // "koira"
	)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		id := make([]byte, 26)
		for i, rest := 9, n; i >= 0; i, rest = i-1, rest/32 { // the first ten sort, as a ULID's time does
			id[i] = crockford[rest%32]
		}
		for i := 10; i < len(id); i++ {
			id[i] = crockford[rng.IntN(32)]
		}
		return string(id)
	}
}
