-- +goose Up

-- What koira offers an owner: the next level of one task. It changes no level.
CREATE TABLE offers (
    id       TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    task     TEXT NOT NULL REFERENCES tasks (id),
    was      INTEGER NOT NULL CHECK (was BETWEEN 0 AND 5),
    becomes  INTEGER NOT NULL CHECK (becomes BETWEEN 0 AND 5 AND becomes > was),
    state    TEXT NOT NULL CHECK (state IN ('open', 'snoozed', 'withdrawn', 'closed')),
    at       TEXT NOT NULL CHECK (length(at) = 27),
    proof    TEXT NOT NULL,
    until    TEXT CHECK (length(until) = 27),
    by_id    TEXT NOT NULL,
    moved_at TEXT NOT NULL CHECK (length(moved_at) = 27),
    why      TEXT NOT NULL,
    CHECK ((state = 'snoozed') <= (until IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX offers_live ON offers (task) WHERE state <> 'closed';

-- +goose StatementBegin
CREATE TRIGGER offers_end BEFORE UPDATE ON offers
WHEN OLD.state = 'closed' OR OLD.state = 'snoozed' AND NEW.state <> 'closed'
BEGIN
    SELECT RAISE(ABORT, 'an offer does not move like that');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER offers_identity BEFORE UPDATE ON offers
WHEN NEW.task <> OLD.task OR NEW.was <> OLD.was OR NEW.becomes <> OLD.becomes OR NEW.at <> OLD.at
BEGIN
    SELECT RAISE(ABORT, 'what was offered does not change');
END;
-- +goose StatementEnd

-- What people are asked to look through after a grant.
CREATE TABLE looks (
    id       TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    task     TEXT NOT NULL REFERENCES tasks (id),
    grant_id TEXT NOT NULL REFERENCES grants (id),
    since    TEXT NOT NULL CHECK (length(since) = 27),
    at       TEXT NOT NULL CHECK (length(at) = 27),
    seen_at  TEXT CHECK (length(seen_at) = 27),
    seen_by  TEXT NOT NULL DEFAULT '',
    CHECK ((seen_at IS NULL) = (seen_by = ''))
) STRICT;
