-- +goose Up

-- What a delivery did, written in the transaction that did it: a second try finds it here and answers as the first did. It lives as long as its
-- delivery is remembered.
CREATE TABLE acts (
    delivery TEXT NOT NULL REFERENCES deliveries (dedupe_key) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL CHECK (ordinal > 0),
    name     TEXT NOT NULL CHECK (name <> ''),
    answer   TEXT NOT NULL,
    PRIMARY KEY (delivery, ordinal)
) STRICT, WITHOUT ROWID;

-- Cards on their way to Slack: written before the call, gone once it is known where the card stands. A post whose answer was lost stays, so that
-- the message which bears its id is known for the card that it is.
CREATE TABLE posts (
    id      TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    channel TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    version TEXT NOT NULL,
    at      TEXT NOT NULL CHECK (length(at) = 27)
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_at ON posts (at);
