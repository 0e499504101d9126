-- +goose Up

-- The audit: weekly work that people do by hand, or that a task took over, with what it takes, or took, of their time.
CREATE TABLE works (
    id          TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    minutes     INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 10080), -- a week; 0 where nobody said
    times       INTEGER NOT NULL CHECK (times BETWEEN 0 AND 200),     -- a week; 0 where nobody said
    sensitivity TEXT NOT NULL CHECK (sensitivity IN ('low', 'normal', 'high')),
    nature      TEXT NOT NULL,
    guessed     INTEGER NOT NULL CHECK (guessed IN (0, 1)),           -- nature was read off the name
    task        TEXT NOT NULL,                                        -- that does it now; '' while people do
    by_id       TEXT NOT NULL CHECK (by_id <> ''),
    at          TEXT NOT NULL CHECK (length(at) = 27)
) STRICT, WITHOUT ROWID;
