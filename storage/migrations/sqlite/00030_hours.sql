-- +goose Up

-- When each person wants to read drafts; who is not here takes them as they come.
CREATE TABLE hours (
    person TEXT PRIMARY KEY CHECK (length(person) BETWEEN 1 AND 200),
    spans  TEXT NOT NULL,
    at     TEXT NOT NULL CHECK (length(at) = 27)
) STRICT, WITHOUT ROWID;
