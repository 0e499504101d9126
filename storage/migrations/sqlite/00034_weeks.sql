-- +goose Up

-- The pieces that came together on the one card of a coming week, in the version that it told of.
CREATE TABLE week_pieces (
    output TEXT PRIMARY KEY REFERENCES outputs (id),
    week   TEXT NOT NULL CHECK (week GLOB '[0-9][0-9][0-9][0-9]-W[0-9][0-9]'),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    at     TEXT NOT NULL CHECK (length(at) = 27)
) STRICT, WITHOUT ROWID;
CREATE INDEX week_pieces_week ON week_pieces (week);
