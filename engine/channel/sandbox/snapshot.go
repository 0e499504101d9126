package sandbox

import (
	"cmp"
	"encoding/json"
	"slices"

	"koira/engine"
)

// snapshot is the world's state as it is saved. Doors, clock and faults are not in it: they come from the program.
type snapshot struct {
	Version int      `json:"version"`
	Seed    uint64   `json:"seed"`
	Copies  []*Copy  `json:"copies"`
	Drafts  []*draft `json:"drafts"`
}

const snapshotVersion = 1

// Snapshot returns the whole state of the world, for Restore.
func (w *World) Snapshot() ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := snapshot{Version: snapshotVersion, Seed: w.seed, Copies: w.copies}
	for _, d := range w.drafts {
		s.Drafts = append(s.Drafts, d)
	}
	slices.SortFunc(s.Drafts, func(a, b *draft) int { return cmp.Compare(a.ID, b.ID) })
	b, err := json.Marshal(s)
	if err != nil {
		return nil, &engine.Error{Code: engine.CodeInternal, Message: "The simulated world could not be written down.", Err: err}
	}
	return b, nil
}

// Restore puts the world into the state that Snapshot gave. Code invalid, and nothing changed, when b is no snapshot of a world with this
// seed, or speaks of a door that this world does not have.
func (w *World) Restore(b []byte) error {
	var s snapshot
	if err := json.Unmarshal(b, &s); err != nil || s.Version != snapshotVersion {
		return &engine.Error{Code: engine.CodeInvalid, Message: "This is not a saved state of the simulated world.", Err: err}
	}
	if s.Seed != w.seed {
		return engine.Errorf(engine.CodeInvalid, "The saved world has the seed %d, this one %d.", s.Seed, w.seed)
	}
	for _, c := range s.Copies {
		if _, ok := w.doors[c.Door]; !ok {
			return engine.Errorf(engine.CodeInvalid, "The saved world has a channel %q that this one does not have.", c.Door)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.empty()
	w.copies = s.Copies
	for _, c := range s.Copies {
		w.index(c)
	}
	for _, d := range s.Drafts {
		w.drafts[d.ID] = d
	}
	return nil
}
