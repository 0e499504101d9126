-- +goose Up

-- How each channel has fared: attempts in a row that came to nothing, and since when nothing new is begun there.
CREATE TABLE breakers (
    channel     TEXT PRIMARY KEY CHECK (length(channel) BETWEEN 1 AND 200),
    failed      INTEGER NOT NULL CHECK (failed >= 0),
    unconfirmed INTEGER NOT NULL CHECK (unconfirmed >= 0),
    paused_at   TEXT CHECK (length(paused_at) = 27),
    paused_why  TEXT NOT NULL DEFAULT ''
) STRICT;

-- The newest count of the people whom a segment reaches through a channel that can count them.
CREATE TABLE audiences (
    channel TEXT NOT NULL,
    segment TEXT NOT NULL,
    people  INTEGER NOT NULL CHECK (people >= 0),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (channel, segment)
) STRICT, WITHOUT ROWID;

-- Each start of the program. One without an end ended in a crash, or is running.
CREATE TABLE starts (
    epoch    INTEGER PRIMARY KEY CHECK (epoch > 0),
    at       TEXT NOT NULL CHECK (length(at) = 27),
    ended_at TEXT CHECK (length(ended_at) = 27)
) STRICT;

-- What is held keeps why it waits from now on. Of what was held before, nobody knows whether a person was to say yes: so it waits.
UPDATE outputs SET waits_for = 'it was stopped by a rule' WHERE state = 'held' AND waits_for = '';

-- How far a delivery got that a stop of everything halted, or found finished.
CREATE TABLE halts (
    send   TEXT PRIMARY KEY REFERENCES sends (id),
    at     TEXT NOT NULL CHECK (length(at) = 27),
    sent   INTEGER NOT NULL CHECK (sent >= 0),
    total  INTEGER NOT NULL CHECK (total >= 0),
    halted INTEGER NOT NULL CHECK (halted IN (0, 1))
) STRICT, WITHOUT ROWID;
