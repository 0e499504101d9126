-- +goose Up

-- What a model thought of how one version of a piece sounds, or why it did not say. The first opinion of a version is the one that counts.
CREATE TABLE judgements (
    output  TEXT NOT NULL REFERENCES outputs (id),
    digest  TEXT NOT NULL CHECK (digest <> ''),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    judge   TEXT NOT NULL CHECK (judge <> ''),
    score   REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
    reasons TEXT NOT NULL,
    missing TEXT NOT NULL,
    CHECK (missing = '' OR score = 0),
    PRIMARY KEY (output, digest)
) STRICT, WITHOUT ROWID;
