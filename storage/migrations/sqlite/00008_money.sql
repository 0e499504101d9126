-- +goose Up

ALTER TABLE outputs ADD COLUMN sketch TEXT NOT NULL DEFAULT '';
ALTER TABLE outputs ADD COLUMN title TEXT NOT NULL DEFAULT ''; -- its first words, so that a whole newsletter need not be read to name it
UPDATE outputs
SET    title = COALESCE((SELECT substr(CASE WHEN v.subject <> '' THEN v.subject ELSE v.body END, 1, 80)
                         FROM variants v WHERE v.output = outputs.id AND v.ordinal = 0), '');

-- When a piece went out, or is cleared to; NULL for the others. The gate compares each piece with those around it.
ALTER TABLE outputs ADD COLUMN out_at TEXT GENERATED ALWAYS AS (
    CASE WHEN state IN ('scheduled', 'publishing', 'unconfirmed', 'published', 'retracting', 'settled') THEN COALESCE(published_at, slot) END) VIRTUAL;
CREATE INDEX outputs_out ON outputs (out_at) WHERE out_at IS NOT NULL;

ALTER TABLE approvals ADD COLUMN waived TEXT NOT NULL DEFAULT '[]';
ALTER TABLE approvals ADD COLUMN over_task INTEGER NOT NULL DEFAULT 0 CHECK (over_task >= 0); -- over_cap is the week's
ALTER TABLE approvals ADD COLUMN over_campaign INTEGER NOT NULL DEFAULT 0 CHECK (over_campaign >= 0);
ALTER TABLE approvals ADD COLUMN over_output INTEGER NOT NULL DEFAULT 0 CHECK (over_output >= 0);

-- What of reserved and spent an owner allowed on top of the week's cap, the task's and the campaign's.
ALTER TABLE ledger ADD COLUMN top_week INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN top_task INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN top_campaign INTEGER NOT NULL DEFAULT 0;
DROP INDEX ledger_week;
CREATE INDEX ledger_week ON ledger (week, task, kind, reserved, spent, top_week, top_task);
DROP INDEX ledger_campaign;
CREATE INDEX ledger_campaign ON ledger (campaign, kind, reserved, spent, top_campaign) WHERE campaign <> '';
-- What is set aside for calls to the model belongs to no piece.
CREATE INDEX ledger_calls ON ledger (week, task, reserved) WHERE output IS NULL;

CREATE TABLE standings (
    task    TEXT NOT NULL REFERENCES tasks (id),
    metric  TEXT NOT NULL CHECK (metric <> ''),
    verdict TEXT NOT NULL CHECK (verdict <> ''),
    value   REAL NOT NULL,
    low     REAL NOT NULL,
    high    REAL NOT NULL,
    pieces  INTEGER NOT NULL CHECK (pieces >= 0),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (task, metric)
) STRICT, WITHOUT ROWID;

-- Which caps people have been told of, once for each window, cap and limit.
CREATE TABLE alerts (
    period  TEXT NOT NULL CHECK (period <> ''), -- an ISO week, or "life" of a campaign
    cap     TEXT NOT NULL CHECK (cap <> ''),
    percent INTEGER NOT NULL CHECK (percent IN (80, 100)),
    amount  INTEGER NOT NULL CHECK (amount >= 0), -- the limit
    used    INTEGER NOT NULL,
    at      TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (period, cap, percent, amount)
) STRICT, WITHOUT ROWID;
