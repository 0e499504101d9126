-- +goose Up

-- What people say of a piece that goes out unless stopped: it counts as a review and lets nothing out.
CREATE TABLE remarks (
    seq     INTEGER PRIMARY KEY,
    output  TEXT NOT NULL REFERENCES outputs (id),
    digest  TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('approved', 'stopped')),
    by_id   TEXT NOT NULL CHECK (by_id <> ''),
    role    INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    surface TEXT NOT NULL,
    whole   INTEGER NOT NULL CHECK (whole IN (0, 1)),
    looked  INTEGER NOT NULL CHECK (looked >= 0), -- microseconds
    changed REAL NOT NULL CHECK (changed BETWEEN 0 AND 1)
) STRICT;
CREATE INDEX remarks_output ON remarks (output, digest, seq);
CREATE UNIQUE INDEX remarks_once ON remarks (output, digest, by_id) WHERE verdict = 'approved';
CREATE INDEX remarks_at ON remarks (at);

-- The moment of posted_at by the business's clock.
ALTER TABLE cards ADD COLUMN shown_at TEXT CHECK (length(shown_at) = 27);
