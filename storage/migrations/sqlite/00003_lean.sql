-- +goose Up

-- What a gate said of an output is one document: it is written and read whole, and nothing is ever looked for in it.
CREATE TABLE verdicts (
    output   TEXT PRIMARY KEY REFERENCES outputs (id),
    findings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO verdicts (output, findings)
SELECT output, json_group_array(json_object('rule', rule, 'outcome', outcome, 'evidence', evidence, 'remedy', remedy, 'held', held,
                                            'later', json(CASE later WHEN 1 THEN 'true' ELSE 'false' END)))
FROM   (SELECT * FROM findings ORDER BY output, ordinal)
GROUP BY output;
DROP TABLE findings;

-- The newest reading of each metric of each send. observations holds every change of it; its seen_at is not kept up any more.
CREATE TABLE readings (
    send      TEXT NOT NULL REFERENCES sends (id),
    metric    TEXT NOT NULL CHECK (metric <> ''),
    at        TEXT NOT NULL CHECK (length(at) = 27),      -- when the value was first counted
    seen_at   TEXT NOT NULL CHECK (length(seen_at) = 27), -- when it was last confirmed
    value     INTEGER NOT NULL CHECK (value >= 0),
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    PRIMARY KEY (send, metric)
) STRICT, WITHOUT ROWID;
INSERT INTO readings (send, metric, at, seen_at, value, simulated)
SELECT send, metric, at, seen_at, value, simulated
FROM   observations o
WHERE  NOT EXISTS (SELECT 1 FROM observations n WHERE n.send = o.send AND n.metric = o.metric AND n.at > o.at);

-- Indices in the whole order that queries ask for: without the last part of it each of them sorts what it found.
DROP INDEX outputs_task;
CREATE INDEX outputs_task ON outputs (task, slot, id);
DROP INDEX outputs_slot;
CREATE INDEX outputs_slot ON outputs (slot, id);
DROP INDEX sends_reads;
CREATE INDEX sends_reads ON sends (state, next_read, id) WHERE next_read IS NOT NULL;
DROP INDEX approvals_output;
CREATE INDEX approvals_output ON approvals (output, digest, at, id);
DROP INDEX rejections_at;
CREATE INDEX rejections_at ON rejections (at, id);
DROP INDEX decisions_at;
CREATE INDEX decisions_at ON decisions (at, id);
DROP INDEX decisions_task;
CREATE INDEX decisions_task ON decisions (task, at, id);
DROP INDEX exceptions_output;
CREATE INDEX exceptions_output ON exceptions (output, opened_at, id) WHERE closed_at IS NULL;
CREATE INDEX ledger_purse ON ledger (output, week, kind, reserved, spent) WHERE output IS NOT NULL;
