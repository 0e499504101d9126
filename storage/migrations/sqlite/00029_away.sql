-- +goose Up

-- Owners' words that they are away. What one says is changed while it runs, and stays as it was once it has ended.
CREATE TABLE absences (
    id        TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    owner     TEXT NOT NULL CHECK (owner <> ''),
    begun     TEXT NOT NULL CHECK (length(begun) = 27),
    until     TEXT NOT NULL CHECK (length(until) = 27 AND until > begun),
    delegate  TEXT NOT NULL CHECK (delegate <> owner),
    max_level INTEGER NOT NULL CHECK (max_level BETWEEN 3 AND 5),
    capped    INTEGER NOT NULL CHECK (capped IN (0, 1)),
    budget    INTEGER NOT NULL CHECK (budget >= 0 AND (capped = 1 OR budget = 0)),
    seq       INTEGER NOT NULL CHECK (seq >= 0),
    entry     INTEGER NOT NULL CHECK (entry >= 0),
    ended_at  TEXT CHECK (length(ended_at) = 27 AND ended_at >= begun),
    ended_by  TEXT NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (ended_by = ''))
) STRICT;
CREATE UNIQUE INDEX absences_running ON absences (owner) WHERE ended_at IS NULL;

-- +goose StatementBegin
CREATE TRIGGER absences_end BEFORE UPDATE ON absences
WHEN OLD.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an absence that has ended stays as it is');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER absences_identity BEFORE UPDATE ON absences
WHEN NEW.id <> OLD.id OR NEW.owner <> OLD.owner OR NEW.begun <> OLD.begun OR NEW.seq <> OLD.seq OR NEW.entry <> OLD.entry
BEGIN
    SELECT RAISE(ABORT, 'whose absence it is, and since when, does not change');
END;
-- +goose StatementEnd
