-- +goose Up

-- What a level that a task did not hold would have done with a draft, as it was when it was routed: the test on paper.
CREATE TABLE shadows (
    output TEXT NOT NULL REFERENCES outputs (id),
    level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    task   TEXT NOT NULL REFERENCES tasks (id),
    digest TEXT NOT NULL CHECK (length(digest) BETWEEN 1 AND 64),
    held   INTEGER NOT NULL CHECK (held BETWEEN 0 AND 5 AND held < level),
    sends  INTEGER NOT NULL CHECK (sends IN (0, 1)),
    rule   TEXT NOT NULL,
    why    TEXT NOT NULL,
    at     TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (output, level),
    CHECK (sends = 0 OR rule = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX shadows_task ON shadows (task, at);

-- What the change would have done to what is in the log, as its asker was shown it.
ALTER TABLE requests ADD COLUMN tried TEXT NOT NULL DEFAULT '[]';
