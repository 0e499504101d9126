package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"koira/engine"
	"koira/storage"
)

// watch keeps the log's head in the side file, and finds out whether the log is what koira wrote: at a start from the side file's line to the
// end, and once a day all of it, a step in each tick. It is not safe for concurrent use.
type watch struct {
	k       *Core
	path    string
	zone    *time.Location
	clock   engine.Clock
	wall    engine.Clock
	log     *slog.Logger
	install string
	noted   headNote // what stands in the side file
	damaged bool     // the side file is evidence, and stays, until an owner resumes
	walk    *storage.Walk
	day     string // that the walk is for, or the last one was
}

// stepLines is how much of the log one tick reads at most: about a tenth of a second's work.
const stepLines = 20_000

// checkedSetting is the setting that holds the last day on which all of the log was read.
const checkedSetting = "log.checked"

// begin looks at the log before anything is done, and stops everything where it is not what koira left. A store without an id of its own is
// new, or was made before there was a side file: it gets one, and all of its log is read.
func (w *watch) begin(ctx context.Context) error {
	var err error
	if w.day, err = w.k.DB.Setting(ctx, checkedSetting); err != nil {
		return err
	}
	if w.install, err = w.k.DB.Setting(ctx, storage.InstallSetting); err != nil {
		return err
	}
	note, unreadable := readHead(w.path)
	fresh := w.install == ""
	if fresh {
		w.install = markOf(w.path, w.wall.Now().Format(time.RFC3339Nano))[:32] // no NewID: a seed repeats those
		if err := w.k.DB.SetSetting(ctx, storage.InstallSetting, w.install); err != nil {
			return err
		}
	}
	d, err := w.compare(ctx, note, unreadable, fresh)
	if err != nil {
		return err
	}
	if d != nil {
		stopped, err := w.k.halt(ctx, w.log, *d, w.clock.Now())
		if err != nil {
			return err
		}
		w.damaged = stopped && d.setting == sideSetting
	}
	return w.note(ctx, false)
}

// compare holds the log to the side file, and the rest of it to its chain.
func (w *watch) compare(ctx context.Context, note *headNote, unreadable error, fresh bool) (*damage, error) {
	seq, hash, err := w.k.DB.Head(ctx)
	if err != nil {
		return nil, err
	}
	tip, from := engine.Head{Seq: seq, Hash: hash}, engine.Head{}
	switch {
	case unreadable != nil:
		return sideDamage(message(unreadable), "unreadable"), nil
	case note == nil && !fresh:
		return sideDamage(fmt.Sprintf("There is no side file %s, and this store has had one: the store was copied or restored, or the file was removed.", filepath.Base(headFile(w.path))), "missing"), nil
	case note != nil:
		there, err := w.k.DB.EventLine(ctx, note.Seq)
		if err != nil {
			return nil, err
		}
		if what := note.against(w.install, there, tip); what != "" {
			return sideDamage(what, note.Install, fmt.Sprint(note.Seq), note.Hash), nil
		}
		from = note.head()
	}
	_, faults, err := w.k.DB.CheckEvents(ctx, from)
	if err != nil || len(faults) == 0 {
		return nil, err
	}
	return logDamage(faults, len(faults)), nil
}

// against says what is wrong with a log that ends in tip and has there in n's place, "" for what is as it should be.
func (n headNote) against(install string, there, tip engine.Head) string {
	at := n.At.UTC().Format("2006-01-02 15:04:05 MST")
	switch {
	case n.Install != install:
		return "The side file belongs to another store than the one that lies beside it."
	case n.Seq > tip.Seq:
		return fmt.Sprintf("The log ends at line %d; at %s it had come to line %d: the store was restored from a backup, or its log was cut.", tip.Seq, at, n.Seq)
	case n.Seq > 0 && !n.head().Names(there):
		return fmt.Sprintf("Line %d of the log is not the one that koira wrote before %s: the store was restored from a backup, or its log was rewritten.", n.Seq, at)
	case n.Stopped && tip.Seq > n.Seq:
		return fmt.Sprintf("koira stopped at %s after line %d of the log; since then %s came to it that koira did not write.", at, n.Seq, plural(int(tip.Seq-n.Seq), "line", "lines"))
	}
	return ""
}

// after is called when a tick is over: it takes today's look at the log a step further, and notes the head when there is a new one.
func (w *watch) after(ctx context.Context) error {
	if w.damaged {
		c, err := w.k.DB.Control(ctx)
		if err != nil {
			return err
		}
		w.damaged = c.Stopped
	}
	return errors.Join(w.look(ctx), w.note(ctx, false))
}

// look reads the next lines of today's look at the whole log; with the last ones it holds the tables against it.
func (w *watch) look(ctx context.Context) error {
	today := w.clock.Now().In(w.zone).Format(time.DateOnly)
	if w.walk == nil {
		if today == w.day {
			return nil
		}
		w.walk, w.day = storage.NewWalk(), today
	}
	done, err := w.k.DB.Step(ctx, w.walk, stepLines)
	if err != nil || !done {
		return err
	}
	a := w.walk.Audit
	w.walk = nil
	if err := w.k.DB.SetSetting(ctx, checkedSetting, w.day); err != nil {
		return err
	}
	if a.Found == 0 {
		w.log.InfoContext(ctx, "all of the log was read: it is whole", "lines", a.Lines)
		return nil
	}
	_, err = w.k.halt(ctx, w.log, *logDamage(a.Faults, a.Found), w.clock.Now())
	return err
}

// note writes the side file when the log has a new head. stopped says that nothing is written after it.
func (w *watch) note(ctx context.Context, stopped bool) error {
	if w.damaged {
		return nil
	}
	seq, hash, err := w.k.DB.Head(ctx)
	if err != nil {
		return err
	}
	n := headNote{Install: w.install, Seq: seq, Hash: hash, At: w.wall.Now().UTC(), Stopped: stopped}
	if old := w.noted; n.head() == old.head() && n.Stopped == old.Stopped && n.Install == old.Install {
		return nil
	}
	if err := writeHead(w.path, n); err != nil {
		return err
	}
	w.noted = n
	return w.k.forget(ctx, sideSetting)
}

// sideSetting and chainSetting are the settings that remember which damage people know of.
const (
	sideSetting  = "log.damage.side"
	chainSetting = "log.damage.chain"
)

// damage is something that koira did not leave like this.
type damage struct {
	setting string // sideSetting or chainSetting
	mark    string // tells one damage from another
	what    string
	remedy  string
}

func (d damage) trouble() engine.Trouble {
	if d.setting == sideSetting {
		return engine.TroubleSideFile
	}
	return engine.TroubleChain
}

const verifyHint = "`koira verify` on the machine says what is wrong where, and the hashes that were posted under the morning notes tell up to where the log is still the same."

func sideDamage(what string, marks ...string) *damage {
	return &damage{
		setting: sideSetting, mark: markOf(marks...), what: what,
		remedy: "What went out meanwhile may not be known here and could go out again: compare the channels with `/koira log` before an owner resumes. " + verifyHint,
	}
}

func logDamage(faults []engine.Fault, found int) *damage {
	marks := make([]string, 0, len(faults))
	for _, f := range faults {
		marks = append(marks, fmt.Sprint(f.Seq), f.What, f.Want, f.Got)
	}
	what := faults[0].What
	if faults[0].Seq > 0 {
		what = fmt.Sprintf("line %d: %s", faults[0].Seq, what)
	}
	if found > 1 {
		what += fmt.Sprintf(" (and %d more)", found-1)
	}
	return &damage{
		setting: chainSetting, mark: markOf(marks...), what: "The log is not what koira wrote: " + what + ".",
		remedy: "Somebody changed the store's file, or a disk did. " + verifyHint + " An owner resumes once it is known what happened.",
	}
}

func markOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// halt stops everything because of d, and asks people, once: an owner who resumes has seen it, and the same damage does not stop it again. It
// reports whether everything is stopped now. It is the one place where koira stops itself.
func (k *Core) halt(ctx context.Context, log *slog.Logger, d damage, now time.Time) (stopped bool, err error) {
	known, err := k.DB.Setting(ctx, d.setting)
	if err != nil {
		return true, err
	}
	c, err := k.DB.Control(ctx)
	if err != nil {
		return true, err
	}
	if known == d.mark {
		log.WarnContext(ctx, "the log is damaged, as is known", "what", d.what, "stopped", c.Stopped)
		return c.Stopped, nil
	}
	log.ErrorContext(ctx, "the log is damaged: everything is stopped until an owner resumes", "what", d.what, "do", d.remedy)
	why := engine.Control{Stopped: true, StoppedBy: engine.Koira.ID, StoppedAt: now, Why: d.what}
	if err := k.DB.SetControl(ctx, why, engine.Koira, now); err != nil && engine.CodeOf(err) != engine.CodeConflict { // stopped already
		return true, fmt.Errorf("stopping everything: %w", err)
	}
	if err := k.knew(ctx, d, now); err != nil {
		return true, fmt.Errorf("asking people about the log: %w", err)
	}
	if err := k.DB.OpenException(ctx, engine.Exception{
		Kind: engine.ExceptionSystem, Subject: engine.TheLog, Trouble: d.trouble(), Reason: "The log is not as I left it", Evidence: d.what, Remedy: d.remedy, OpenedAt: now,
	}); err != nil {
		return true, fmt.Errorf("asking people about the log: %w", err)
	}
	return true, k.DB.SetSetting(ctx, d.setting, d.mark) // last: after a crash between, it is told again
}

// knew closes what asks about an earlier damage of d's kind: the new one rings.
func (k *Core) knew(ctx context.Context, d damage, now time.Time) error {
	open, err := k.DB.OpenExceptions(ctx)
	for _, e := range open {
		if e.Kind != engine.ExceptionSystem || e.Subject != engine.TheLog || e.Trouble != d.trouble() || e.Evidence == d.what {
			continue
		}
		if cerr := k.DB.CloseException(ctx, e.ID, engine.Koira, now, "something else is wrong now"); engine.CodeOf(cerr) != engine.CodeConflict { // or somebody just has
			err = errors.Join(err, cerr)
		}
	}
	return err
}

// forget ends what people know of a damage that is over: should it come again, it is told again.
func (k *Core) forget(ctx context.Context, setting string) error {
	known, err := k.DB.Setting(ctx, setting)
	if err != nil || known == "" {
		return err
	}
	return k.DB.SetSetting(ctx, setting, "")
}
