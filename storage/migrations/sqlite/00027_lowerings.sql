-- +goose Up

-- What each lowering rests on, beside its decision; was and became are equal where the task was paused instead.
CREATE TABLE lowerings (
    decision TEXT PRIMARY KEY REFERENCES decisions (id),
    task     TEXT NOT NULL REFERENCES tasks (id),
    at       TEXT NOT NULL CHECK (length(at) = 27),
    was      INTEGER NOT NULL CHECK (was BETWEEN 0 AND 5),
    became   INTEGER NOT NULL CHECK (became BETWEEN 0 AND was),
    cause    TEXT NOT NULL CHECK (cause IN ('serious', 'taken-down', 'breach', 'anomaly', 'threshold', 'approvals', 'lapse', 'idle')),
    pieces   TEXT NOT NULL,
    luck     REAL NOT NULL CHECK (luck BETWEEN 0 AND 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX lowerings_task ON lowerings (task, at, decision);

-- What each task's level was allowed for: who writes, in which voice, through which door, to whom. A task without a row is not known to have changed.
CREATE TABLE footings (
    task TEXT PRIMARY KEY REFERENCES tasks (id),
    body TEXT NOT NULL,
    at   TEXT NOT NULL CHECK (length(at) = 27)
) STRICT, WITHOUT ROWID;

-- When what the task stands on last changed where nothing was to be lowered: its record counts from then.
ALTER TABLE tasks ADD COLUMN renewed_at TEXT CHECK (length(renewed_at) = 27);
