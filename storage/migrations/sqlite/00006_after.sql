-- +goose Up

-- What becomes of a piece after people saw it: taken down, stopped on its way, edited.

ALTER TABLE sends ADD COLUMN gone_at TEXT CHECK (length(gone_at) = 27);
ALTER TABLE sends ADD COLUMN looked_at TEXT CHECK (length(looked_at) = 27);
ALTER TABLE sends ADD COLUMN halt_asked TEXT CHECK (length(halt_asked) = 27);
CREATE INDEX sends_halt ON sends (halt_asked) WHERE halt_asked IS NOT NULL; -- the answers stand in halts

CREATE TABLE retractions (
    id      TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    output  TEXT NOT NULL REFERENCES outputs (id),
    by_id   TEXT NOT NULL CHECK (by_id <> ''),
    role    INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    surface TEXT NOT NULL,
    level   INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5), -- of its task at that moment
    why     TEXT NOT NULL
) STRICT;
CREATE INDEX retractions_output ON retractions (output, at);

-- What a piece said before its words were last changed, for the card that marks what is different.
CREATE TABLE wordings_before (
    output  TEXT NOT NULL REFERENCES outputs (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    name    TEXT NOT NULL,
    shown   TEXT NOT NULL,
    PRIMARY KEY (output, ordinal)
) STRICT;
