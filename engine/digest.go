package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"time"
)

// Digest is the lower-case hex SHA-256 of what a person approves. Two outputs with the same digest say the same to the same people at
// the same time for at most the same money.
type Digest string

// Short returns the first 8 characters, for people to compare.
func (d Digest) Short() string {
	if len(d) < 8 {
		return string(d)
	}
	return string(d[:8])
}

// digestTag changes when the layout below changes, so that an old approval can never match a new layout by accident.
const digestTag = "koira-digest-1"

// DigestOf hashes, each length-prefixed: a version tag, the rendered bytes of every variant, channel, account, segment, slot and cost
// ceiling of o. Guardrail version and audience are not in it; they are stamped on the Approval and checked again.
func DigestOf(o Output) Digest {
	h := sha256.New()
	write(h, []byte(digestTag))
	binary.Write(h, binary.BigEndian, uint64(len(o.Variants)))
	for _, v := range o.Variants {
		write(h, []byte(v.Name))
		write(h, v.Rendered)
	}
	write(h, []byte(o.Channel))
	write(h, []byte(o.Account))
	write(h, []byte(o.Segment))
	write(h, []byte(o.Slot.UTC().Format(time.RFC3339)))
	binary.Write(h, binary.BigEndian, int64(o.CostMax))
	return Digest(hex.EncodeToString(h.Sum(nil)))
}

func write(h hash.Hash, b []byte) {
	binary.Write(h, binary.BigEndian, uint64(len(b)))
	h.Write(b)
}
