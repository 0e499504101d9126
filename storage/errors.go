package storage

import (
	"context"
	"database/sql"
	"errors"

	"github.com/mattn/go-sqlite3"

	"koira/engine"
)

// translate gives a driver's error a code and a sentence; an error that has them, or that is the context's, stays as it is.
func translate(err error) error {
	var known *engine.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &engine.Error{Code: engine.CodeNotFound, Message: "There is no such thing.", Err: err}
	}
	var foreign sqlite3.Error
	if errors.As(err, &foreign) && foreign.Code == sqlite3.ErrConstraint {
		switch foreign.ExtendedCode {
		case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
			return &engine.Error{Code: engine.CodeConflict, Message: "That exists already; nothing was changed.", Err: err}
		case sqlite3.ErrConstraintForeignKey:
			return &engine.Error{Code: engine.CodeInvalid, Message: "That belongs to something that does not exist; nothing was changed.", Err: err}
		case sqlite3.ErrConstraintTrigger:
			return &engine.Error{Code: engine.CodeInternal, Message: "The store does not allow that; nothing was changed.", Err: err}
		}
		return &engine.Error{Code: engine.CodeInvalid, Message: "A value is missing or out of its range; nothing was changed.", Err: err}
	}
	return &engine.Error{Code: engine.CodeInternal, Message: "The store could not do that; nothing was changed.", Err: err}
}

// isUnique reports whether err is a second row where only one may stand.
func isUnique(err error) bool {
	var foreign sqlite3.Error
	return errors.As(err, &foreign) && foreign.ExtendedCode == sqlite3.ErrConstraintUnique
}

// orAbsent gives a row that is not there the sentence "There is no <what> <id>."
func orAbsent(err error, what, id string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return engine.Errorf(engine.CodeNotFound, "There is no %s %q.", what, id)
	}
	return err
}
