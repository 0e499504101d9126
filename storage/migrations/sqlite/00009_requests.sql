-- +goose Up

-- What people ask to be changed. Who asks never signs: a request that waited for a signature is applied by somebody else.
CREATE TABLE requests (
    id         TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    kind       TEXT NOT NULL CHECK (kind IN ('rules', 'level')),
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
    CHECK ((state IN ('asked', 'pending')) = (ended_at IS NULL)),
    CHECK (state <> 'pending' OR pending_at IS NOT NULL),
    CHECK (state <> 'applied' OR pending_at IS NULL OR ended_by <> by_id),
    CHECK (state <> 'applied' OR ended_at < expires)
) STRICT;
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

ALTER TABLE guardrails ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE guardrails ADD COLUMN signed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE guardrails ADD COLUMN alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1));
