package engine

import (
	"slices"
	"time"
)

// Shadow is what a level that a task does not hold would have done with one of its drafts: a test on paper. It is taken when the draft is routed,
// from what the gate saw at that moment, so that nobody has to guess it later.
type Shadow struct {
	Output string
	Task   string
	Digest Digest // of the draft: koira's own words, before anybody changed them
	Held   Level  // the level that the task held
	Level  Level  // the level that was tried
	Sends  bool   // it would have gone out without anybody's yes
	Rule   string // that would have stopped it; "" where none would
	Why    string // evidence of the stop, why it would have waited, or what it would have been brought down to
	At     time.Time
}

// shadowed are the levels that let a piece out without a yes, and so the ones worth a test on paper.
var shadowed = []Level{L4, L5}

// Shadows is the test on paper of v's draft at each of these levels that is above the one that its task holds and that the task may ever hold. There
// is none of what people wrote. It is pure.
func Shadows(gate Gate, v View) []Shadow {
	var all []Shadow
	lasting := Exposure{Traits: v.Traits, Line: v.Guardrails.Blast, Metered: true, Measured: BaselinePieces} // what is not there yet may come
	for _, l := range shadowed {
		if top, _ := Cap(v.Task, lasting); l <= v.Task.Level || l > top {
			continue
		}
		if s, ok := ShadowAt(gate, v, l); ok {
			all = append(all, s)
		}
	}
	return all
}

// ShadowAt is the test on paper of v's draft at one level; false where its words are not koira's. A piece that people asked for is taken as one
// that koira began: at a level that goes out by itself nobody would have had to ask. What waits is told by [Ships], as it is for the loop; the level is
// taken in full swing, with the grant, the record and the time to look that it asks for.
func ShadowAt(gate Gate, v View, level Level) (Shadow, bool) {
	o := &v.Output
	s := Shadow{Output: o.ID, Task: o.Task, Digest: o.Digest, Held: v.Task.Level, Level: level, At: v.Now}
	if o.Origin != OriginKoira && o.Origin != OriginAsked || o.EditedBy != "" || o.Digest == "" {
		return s, false
	}
	own := *o
	if own.WaitsFor = ""; Ships(v.Task.Level, own, v.Traits, "", v.Guardrails.Review).Why == o.WaitsFor {
		o.WaitsFor = "" // it waits by its own level alone, and at another by that one's rule
	}
	v.Task.Level, v.Grant, v.Approval, v.Stage = level, &Grant{Task: o.Task, Level: level, By: "a test on paper", Role: RoleOwner}, nil, StageApproval
	o.Origin, o.State, v.Measured = OriginKoira, StateDrafted, BaselinePieces // a baseline that is not there yet may come
	blocks := gate(v).Blocks()
	if i := slices.IndexFunc(blocks, func(f Finding) bool { return f.Limit == nil }); i >= 0 {
		s.Rule, s.Why = blocks[i].Rule, blocks[i].Evidence
		return s, true
	}
	if p := Ships(level, *o, v.Traits, "", v.Guardrails.Review); p.Way != WayWindow && p.Way != WayAlone {
		s.Why = p.Why
		return s, true
	}
	s.Sends = true
	if len(blocks) > 0 { // while drafting it would have been brought down to what is allowed
		s.Why = blocks[0].Evidence
	}
	return s, true
}
