package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"koira/engine"
	"koira/storage"
)

// VerifyOptions says which log is looked at, and what it is held against.
type VerifyOptions struct {
	DB   string      // the store's file
	Head engine.Head // one that was kept elsewhere: a line's number, the beginning of its hash, or both; zero for none
}

// Verified is what came of a look at a log.
type Verified struct {
	storage.Audit
	Side string      // what the side file says, in words
	Kept engine.Head // the line that VerifyOptions.Head names; zero when none was given, or the log has no such line
}

// shortestHash is how much of a hash must be given for it to mean one line.
const shortestHash = 12

// Verify looks whether the log of a store is what koira wrote: its chain, the tables that it can be held against, the side file, and a head
// that was kept elsewhere. It writes nothing, and a koira may be running on the store. Damage is in the result, not in the error. Whoever may
// read the file may do this: there is no other permission for it.
func Verify(ctx context.Context, o VerifyOptions) (Verified, error) {
	if h := o.Head; h.Seq < 0 || h.Hash != "" && (len(h.Hash) < shortestHash || strings.Trim(h.Hash, "0123456789abcdef") != "") {
		return Verified{}, engine.Errorf(engine.CodeInvalid, "A head is the number of a line, at least %d digits of its hash (0–9, a–f), or both, as they stand under a morning note.", shortestHash)
	}
	const tries = 5
	for n := 1; ; n++ {
		before, unreadable := readHead(o.DB) // first: what it says can only be older than the log then
		seen, err := look(ctx, o.DB, o.Head, before)
		after, _ := readHead(o.DB)
		restless := before != nil && before.Stopped && after != nil && *after != *before // koira started meanwhile
		if n < tries && (restless || engine.CodeOf(err) == engine.CodeConflict) {
			continue
		}
		if err != nil {
			return Verified{}, err
		}
		return judged(o, seen, before, unreadable), nil
	}
}

// look audits the log and looks up the lines of both heads.
func look(ctx context.Context, path string, kept engine.Head, note *headNote) (storage.Seen, error) {
	l, err := storage.OpenLog(ctx, path)
	if err != nil {
		return storage.Seen{}, err
	}
	heads := []engine.Head{kept, {}}
	if note != nil {
		heads[1].Seq = note.Seq
	}
	s, err := l.Audit(ctx, heads...)
	return s, errors.Join(err, l.Close())
}

// judged holds what was seen against both heads.
func judged(o VerifyOptions, s storage.Seen, note *headNote, unreadable error) Verified {
	v := Verified{Audit: s.Audit}
	fault := func(f engine.Fault) { v.Found++; v.Faults = append(v.Faults, f) }
	switch {
	case unreadable != nil:
		fault(engine.Fault{What: message(unreadable)})
		v.Side = "unreadable"
	case note == nil:
		v.Side = fmt.Sprintf("none (%s); a cut end shows only against a head that was posted", headFile(o.DB))
	default:
		v.Side = fmt.Sprintf("agrees: line %d, %s", note.Seq, note.At.UTC().Format("2006-01-02 15:04:05 MST"))
		if what := note.against(s.Install, s.Asked[1], s.Head); what != "" {
			fault(engine.Fault{Seq: note.Seq, What: what, Want: note.Hash, Got: s.Asked[1].Hash})
			v.Side = "does not agree"
		}
	}
	switch kept, line := o.Head, s.Asked[0]; {
	case kept == engine.Head{}:
	case kept.Names(line):
		v.Kept = line
	case kept.Seq > s.Head.Seq:
		fault(engine.Fault{Seq: kept.Seq, What: fmt.Sprintf("The log ends at line %d: it was cut, or the store was restored from a backup.", s.Head.Seq), Want: kept.Hash})
	case kept.Seq > 0:
		fault(engine.Fault{Seq: kept.Seq, What: "The line is not the one whose hash was given: the log was rewritten from there or before, or the store was restored from a backup.", Want: kept.Hash, Got: line.Hash})
	default:
		fault(engine.Fault{What: "No line has the hash that was given: the log was cut or rewritten, or the store was restored from a backup.", Want: kept.Hash})
	}
	return v
}
