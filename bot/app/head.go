package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"koira/engine"
)

// headNote is what stands in the side file: how far a store's log had come. It is a little older than the log while koira runs, and after a
// crash; it is never newer, unless the store was put back to an older state or its log was cut.
type headNote struct {
	Install string    `json:"install"` // the store's own id
	Seq     int64     `json:"seq"`
	Hash    string    `json:"hash"`
	At      time.Time `json:"at"`
	Stopped bool      `json:"stopped"` // koira stopped in order after this line: until it starts again there is no next one
}

func (n headNote) head() engine.Head { return engine.Head{Seq: n.Seq, Hash: n.Hash} }

func headFile(store string) string { return filepath.Clean(store) + ".head" }

// readHead returns nil when there is no side file. Code invalid for one that koira did not write.
func readHead(store string) (*headNote, error) {
	name := headFile(store)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var n headNote
	if err == nil {
		err = json.Unmarshal(b, &n)
	}
	if err == nil && (n.Install == "" || n.Seq < 0 || (n.Hash == "") != (n.Seq == 0)) {
		err = errors.New("it does not name a line of a log")
	}
	if err != nil {
		return nil, &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("The side file %s cannot be read.", filepath.Base(name)), Err: err}
	}
	return &n, nil
}

// writeHead replaces the side file, so that whoever reads it, also after a power cut, finds the old one or the new one whole. Only its owner
// may read it.
func writeHead(store string, n headNote) (err error) {
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	name := headFile(store)
	f, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("noting the log's head: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("noting the log's head: %w", err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("noting the log's head: %w", err)
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return fmt.Errorf("noting the log's head: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
