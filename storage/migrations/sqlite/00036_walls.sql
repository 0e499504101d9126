-- +goose Up

-- A level falls, too, where people take away a wall that it needs.
CREATE TABLE lowerings_with_walls (
    decision TEXT PRIMARY KEY REFERENCES decisions (id),
    task     TEXT NOT NULL REFERENCES tasks (id),
    at       TEXT NOT NULL CHECK (length(at) = 27),
    was      INTEGER NOT NULL CHECK (was BETWEEN 0 AND 5),
    became   INTEGER NOT NULL CHECK (became BETWEEN 0 AND was),
    cause    TEXT NOT NULL CHECK (cause IN ('serious', 'taken-down', 'breach', 'anomaly', 'threshold', 'approvals', 'lapse', 'idle', 'walls')),
    pieces   TEXT NOT NULL,
    luck     REAL NOT NULL CHECK (luck BETWEEN 0 AND 1)
) STRICT, WITHOUT ROWID;
INSERT INTO lowerings_with_walls (decision, task, at, was, became, cause, pieces, luck)
SELECT decision, task, at, was, became, cause, pieces, luck
FROM   lowerings;
DROP TABLE lowerings;
ALTER TABLE lowerings_with_walls RENAME TO lowerings;
CREATE INDEX lowerings_task ON lowerings (task, at, decision);
