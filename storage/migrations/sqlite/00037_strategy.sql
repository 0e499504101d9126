-- +goose Up

-- Why a person changed the strategy, in their words; what changed stands in "why", as it does for the file's versions.
ALTER TABLE strategies ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- What people ask to be changed may be the strategy too. An owner applies that alone, so it never waits for a signature.
CREATE TABLE requests_new (
    id         TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    kind       TEXT NOT NULL CHECK (kind IN ('rules', 'level', 'strategy')),
    subject    TEXT NOT NULL CHECK (subject <> ''),
    edits      TEXT NOT NULL,
    was        INTEGER NOT NULL CHECK (was >= 0),
    becomes    INTEGER NOT NULL CHECK (becomes >= 0),
    lines      TEXT NOT NULL,
    why        TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('asked', 'pending', 'applied', 'cancelled', 'expired')),
    by_id      TEXT NOT NULL CHECK (by_id <> ''),
    surface    TEXT NOT NULL,
    at         TEXT NOT NULL CHECK (length(at) = 27),
    expires    TEXT NOT NULL CHECK (length(expires) = 27 AND expires > at),
    pending_at TEXT CHECK (length(pending_at) = 27),
    ended_at   TEXT CHECK (length(ended_at) = 27),
    ended_by   TEXT NOT NULL DEFAULT '',
    ended_why  TEXT NOT NULL DEFAULT '',
    tried      TEXT NOT NULL DEFAULT '[]',
    CHECK ((state IN ('asked', 'pending')) = (ended_at IS NULL)),
    CHECK (state <> 'pending' OR pending_at IS NOT NULL),
    CHECK (kind <> 'strategy' OR pending_at IS NULL),
    CHECK (state <> 'applied' OR pending_at IS NULL OR ended_by <> by_id),
    CHECK (state <> 'applied' OR ended_at < expires)
) STRICT;
INSERT INTO requests_new (id, kind, subject, edits, was, becomes, lines, why, state, by_id, surface, at, expires, pending_at, ended_at, ended_by, ended_why, tried)
SELECT id, kind, subject, edits, was, becomes, lines, why, state, by_id, surface, at, expires, pending_at, ended_at, ended_by, ended_why, tried
FROM   requests;
DROP TABLE requests;
ALTER TABLE requests_new RENAME TO requests;
CREATE UNIQUE INDEX requests_pending ON requests (kind, subject) WHERE state = 'pending';
CREATE INDEX requests_open ON requests (expires) WHERE state IN ('asked', 'pending');

-- +goose StatementBegin
CREATE TRIGGER requests_end BEFORE UPDATE ON requests
WHEN OLD.state NOT IN ('asked', 'pending')
BEGIN
    SELECT RAISE(ABORT, 'a request that has ended stays as it is');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER requests_identity BEFORE UPDATE ON requests
WHEN NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject OR NEW.edits <> OLD.edits OR NEW.was <> OLD.was OR NEW.becomes <> OLD.becomes
    OR NEW.by_id <> OLD.by_id OR NEW.state = 'asked' AND OLD.state <> 'asked' OR OLD.pending_at IS NOT NULL AND NEW.pending_at IS NOT OLD.pending_at
BEGIN
    SELECT RAISE(ABORT, 'what was asked for, and by whom, does not change');
END;
-- +goose StatementEnd
