package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"koira/engine"
)

const private fs.FileMode = 0o600

// takeLock locks path.lock for this process. It never waits: code conflict when somebody else holds it.
func takeLock(path string) (*os.File, error) {
	name := path + ".lock"
	if err := checkPrivate(name); err != nil {
		return nil, err
	}
	f, err := create(name)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, &engine.Error{
			Code:    engine.CodeConflict,
			Message: fmt.Sprintf("Another koira is already using %s. Stop that one first; two would publish everything twice.", path),
			Err:     err,
		}
	}
	return f, nil
}

// claimFile makes the file if there is none and refuses one that others may read or write. SQLite gives -wal and -shm the file's own mode.
func claimFile(path string) error {
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := checkPrivate(name); err != nil {
			return err
		}
	}
	f, err := create(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// create opens name, making it for its owner alone whatever the umask says.
func create(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, private)
	if err != nil {
		return nil, refusal(fmt.Sprintf("The file %s cannot be opened or made; its folder must exist and be writable.", name), err)
	}
	if err := f.Chmod(private); err != nil {
		f.Close()
		return nil, refusal(fmt.Sprintf("The file %s cannot be kept from other users.", name), err)
	}
	return f, nil
}

// checkPrivate passes a file that does not exist, or that only its owner, who must be this user, may read and write.
func checkPrivate(name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return refusal(fmt.Sprintf("The file %s cannot be looked at.", name), err)
	}
	if !info.Mode().IsRegular() {
		return engine.Errorf(engine.CodeInvalid, "%s is not a regular file.", name)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return engine.Errorf(engine.CodeDenied, "Other users may read or write %s (mode %04o). Run chmod 600 %s and start again.", name, info.Mode().Perm(), name)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() {
		return engine.Errorf(engine.CodeDenied, "%s belongs to another user (id %d). Start koira as that user, or give the file to this one.", name, s.Uid)
	}
	return nil
}

// refusal is a failure to open, with what a person can do about it.
func refusal(message string, cause error) error {
	return &engine.Error{Code: engine.CodeInvalid, Message: message, Err: cause}
}
