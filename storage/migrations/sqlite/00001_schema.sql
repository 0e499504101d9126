-- +goose Up

-- Times are 27 characters of UTC text, money is micro-units, documents are JSON text. Ids are text that the program gives.

CREATE TABLE strategies (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    body    TEXT NOT NULL,
    zone    TEXT NOT NULL, -- the business's, beside the document: each reservation asks for it
    by_id   TEXT NOT NULL,
    at      TEXT NOT NULL CHECK (length(at) = 27),
    why     TEXT NOT NULL
) STRICT;

CREATE TABLE guardrails (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    body    TEXT NOT NULL,
    by_id   TEXT NOT NULL,
    at      TEXT NOT NULL CHECK (length(at) = 27),
    why     TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
    value TEXT NOT NULL
) STRICT;

CREATE TABLE control (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    stopped    INTEGER NOT NULL CHECK (stopped IN (0, 1)),
    stopped_by TEXT NOT NULL,
    stopped_at TEXT CHECK (length(stopped_at) = 27),
    why        TEXT NOT NULL
) STRICT;

CREATE TABLE tasks (
    id          TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    name        TEXT NOT NULL,
    channel     TEXT NOT NULL,
    account     TEXT NOT NULL,
    segment     TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    cadence     TEXT NOT NULL,
    frequency   TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    themes      TEXT NOT NULL,
    cost_max    INTEGER NOT NULL CHECK (cost_max >= 0),
    weekly      INTEGER NOT NULL CHECK (weekly >= 0),
    benchmarks  TEXT NOT NULL,
    nature      TEXT NOT NULL,
    level       INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    paused_by   TEXT NOT NULL DEFAULT '',
    paused_at   TEXT CHECK (length(paused_at) = 27),
    paused_why  TEXT NOT NULL DEFAULT '',
    lowered_at  TEXT CHECK (length(lowered_at) = 27)
) STRICT;

CREATE TABLE grants (
    id        TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    task      TEXT NOT NULL REFERENCES tasks (id),
    level     INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    by_id     TEXT NOT NULL CHECK (by_id <> ''),
    role      INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
    at        TEXT NOT NULL CHECK (length(at) = 27),
    surface   TEXT NOT NULL,
    proof     TEXT NOT NULL,
    ended_at  TEXT CHECK (length(ended_at) = 27),
    ended_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX grants_in_force ON grants (task) WHERE ended_at IS NULL;

CREATE TABLE outputs (
    id                TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    task              TEXT NOT NULL REFERENCES tasks (id),
    campaign          TEXT NOT NULL,
    origin            TEXT NOT NULL CHECK (origin IN ('koira', 'asked', 'copy', 'hand')),
    state             TEXT NOT NULL CHECK (state IN ('planned', 'drafted', 'waiting', 'held', 'handed', 'scheduled', 'publishing', 'unconfirmed',
                          'published', 'retracting', 'settled', 'rejected', 'expired', 'cancelled', 'failed', 'retracted')),
    level             INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    channel           TEXT NOT NULL,
    account           TEXT NOT NULL,
    segment           TEXT NOT NULL,
    kind              TEXT NOT NULL,
    slot              TEXT NOT NULL CHECK (length(slot) = 27),
    expires           TEXT CHECK (length(expires) = 27),
    due               TEXT CHECK (length(due) = 27),
    arms              TEXT NOT NULL,
    reason            TEXT NOT NULL,
    cost_max          INTEGER NOT NULL CHECK (cost_max >= 0),
    audience          INTEGER NOT NULL CHECK (audience >= 0),
    digest            TEXT NOT NULL CHECK (length(digest) <= 64),
    strategy_version  INTEGER NOT NULL CHECK (strategy_version >= 0),
    guardrail_version INTEGER NOT NULL CHECK (guardrail_version >= 0),
    confidence        REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    writer            TEXT NOT NULL,
    edited_by         TEXT NOT NULL,
    changed           REAL NOT NULL CHECK (changed BETWEEN 0 AND 1),
    waits_for         TEXT NOT NULL,
    attempts          INTEGER NOT NULL CHECK (attempts >= 0),
    url               TEXT NOT NULL,
    posted_by         TEXT NOT NULL DEFAULT '', -- who published it by hand
    created_at        TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at        TEXT NOT NULL CHECK (length(updated_at) = 27),
    published_at      TEXT CHECK (length(published_at) = 27)
) STRICT;
CREATE UNIQUE INDEX outputs_planned_once ON outputs (task, slot)
    WHERE origin = 'koira' AND state NOT IN ('rejected', 'expired', 'cancelled', 'failed');
CREATE INDEX outputs_due ON outputs (state, due) WHERE due IS NOT NULL;
CREATE INDEX outputs_state ON outputs (state, slot);
CREATE INDEX outputs_task ON outputs (task, slot);
CREATE INDEX outputs_slot ON outputs (slot);
CREATE INDEX outputs_created ON outputs (created_at);
CREATE INDEX outputs_published ON outputs (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE variants (
    output         TEXT NOT NULL REFERENCES outputs (id),
    ordinal        INTEGER NOT NULL CHECK (ordinal >= 0),
    name           TEXT NOT NULL,
    subject        TEXT NOT NULL,
    body           TEXT NOT NULL,
    call_to_action TEXT NOT NULL,
    link           TEXT NOT NULL,
    alt_text       TEXT NOT NULL,
    rendered       BLOB,
    shown          TEXT NOT NULL,
    PRIMARY KEY (output, ordinal),
    UNIQUE (output, name)
) STRICT;

CREATE TABLE findings (
    output   TEXT NOT NULL REFERENCES outputs (id),
    ordinal  INTEGER NOT NULL CHECK (ordinal >= 0),
    rule     TEXT NOT NULL,
    outcome  TEXT NOT NULL CHECK (outcome IN ('pass', 'warn', 'block')),
    evidence TEXT NOT NULL,
    remedy   TEXT NOT NULL,
    held     TEXT NOT NULL,
    later    INTEGER NOT NULL CHECK (later IN (0, 1)),
    PRIMARY KEY (output, ordinal)
) STRICT;

CREATE TABLE sends (
    id           TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    output       TEXT NOT NULL REFERENCES outputs (id),
    variant      TEXT NOT NULL,
    segment      TEXT NOT NULL,
    idem_key     TEXT NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 400),
    fence        INTEGER NOT NULL CHECK (fence >= 0),
    state        TEXT NOT NULL CHECK (state IN ('pending', 'publishing', 'unconfirmed', 'published', 'retracting', 'retracted', 'failed')),
    ref_id       TEXT NOT NULL,
    ref_url      TEXT NOT NULL,
    claimed_at   TEXT NOT NULL CHECK (length(claimed_at) = 27),
    first_at     TEXT NOT NULL CHECK (length(first_at) = 27),
    quiet_until  TEXT CHECK (length(quiet_until) = 27),
    probes       INTEGER NOT NULL CHECK (probes >= 0),
    evidence     TEXT NOT NULL,
    published_at TEXT CHECK (length(published_at) = 27),
    next_read    TEXT CHECK (length(next_read) = 27),
    UNIQUE (output, variant)
) STRICT;
CREATE INDEX sends_reads ON sends (state, next_read) WHERE next_read IS NOT NULL;
CREATE INDEX sends_state ON sends (state, claimed_at);

CREATE TABLE approvals (
    id                TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    output            TEXT NOT NULL REFERENCES outputs (id),
    digest            TEXT NOT NULL,
    by_id             TEXT NOT NULL CHECK (by_id <> ''),
    role              INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
    at                TEXT NOT NULL CHECK (length(at) = 27),
    surface           TEXT NOT NULL,
    guardrail_version INTEGER NOT NULL CHECK (guardrail_version >= 0),
    audience          INTEGER NOT NULL CHECK (audience >= 0),
    whole             INTEGER NOT NULL CHECK (whole IN (0, 1)),
    looked            INTEGER NOT NULL CHECK (looked >= 0), -- microseconds
    own_edit          INTEGER NOT NULL CHECK (own_edit IN (0, 1)),
    over_cap          INTEGER NOT NULL CHECK (over_cap >= 0),
    changed           REAL NOT NULL CHECK (changed BETWEEN 0 AND 1) -- the output's at that moment
) STRICT;
CREATE INDEX approvals_output ON approvals (output, digest, at);
CREATE INDEX approvals_at ON approvals (at);

CREATE TABLE rejections (
    id         TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    output     TEXT NOT NULL REFERENCES outputs (id),
    digest     TEXT NOT NULL,
    by_id      TEXT NOT NULL CHECK (by_id <> ''),
    role       INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
    at         TEXT NOT NULL CHECK (length(at) = 27),
    surface    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    note       TEXT NOT NULL,
    severe     INTEGER NOT NULL CHECK (severe IN (0, 1)),
    from_state TEXT NOT NULL,
    changed    REAL NOT NULL CHECK (changed BETWEEN 0 AND 1)
) STRICT;
CREATE INDEX rejections_at ON rejections (at);

CREATE TABLE exceptions (
    id        TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    kind      TEXT NOT NULL CHECK (kind IN ('output', 'unsure', 'missed', 'task', 'system')),
    output    TEXT REFERENCES outputs (id),
    task      TEXT NOT NULL,
    subject   TEXT NOT NULL CHECK (subject <> ''),
    reason    TEXT NOT NULL,
    evidence  TEXT NOT NULL,
    remedy    TEXT NOT NULL,
    opened_at TEXT NOT NULL CHECK (length(opened_at) = 27),
    due       TEXT CHECK (length(due) = 27),
    closed_at TEXT CHECK (length(closed_at) = 27),
    closed_by TEXT NOT NULL DEFAULT '',
    outcome   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX exceptions_open ON exceptions (kind, subject) WHERE closed_at IS NULL;
CREATE INDEX exceptions_output ON exceptions (output) WHERE closed_at IS NULL;

CREATE TABLE decisions (
    id          TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    task        TEXT NOT NULL,
    at          TEXT NOT NULL CHECK (length(at) = 27),
    what        TEXT NOT NULL,
    was         TEXT NOT NULL,
    became      TEXT NOT NULL,
    signal      TEXT NOT NULL,
    expected    TEXT NOT NULL,
    chance      REAL NOT NULL CHECK (chance BETWEEN 0 AND 1),
    reversible  INTEGER NOT NULL CHECK (reversible IN (0, 1)),
    proposed    INTEGER NOT NULL CHECK (proposed IN (0, 1)),
    applied_at  TEXT CHECK (length(applied_at) = 27),
    applied_by  TEXT NOT NULL DEFAULT '',
    reverted_at TEXT CHECK (length(reverted_at) = 27),
    reverted_by TEXT NOT NULL DEFAULT '',
    scored_at   TEXT CHECK (length(scored_at) = 27),
    held        INTEGER NOT NULL CHECK (held IN (0, 1))
) STRICT;
CREATE INDEX decisions_at ON decisions (at);
CREATE INDEX decisions_task ON decisions (task, at);

CREATE TABLE beliefs (
    task    TEXT NOT NULL REFERENCES tasks (id),
    dim     TEXT NOT NULL,
    arm     TEXT NOT NULL,
    trials  REAL NOT NULL CHECK (trials >= 0),
    hits    REAL NOT NULL CHECK (hits >= 0),
    outputs INTEGER NOT NULL CHECK (outputs >= 0),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (task, dim, arm)
) STRICT;

CREATE TABLE picks (
    task TEXT NOT NULL REFERENCES tasks (id),
    dim  TEXT NOT NULL,
    arm  TEXT NOT NULL,
    at   TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (task, dim)
) STRICT;

-- A row is a change of a cumulative value: at is when it was first counted, seen_at when it was last confirmed.
CREATE TABLE observations (
    send      TEXT NOT NULL REFERENCES sends (id),
    metric    TEXT NOT NULL CHECK (metric <> ''),
    at        TEXT NOT NULL CHECK (length(at) = 27),
    seen_at   TEXT NOT NULL CHECK (length(seen_at) = 27 AND seen_at >= at),
    output    TEXT NOT NULL REFERENCES outputs (id),
    value     INTEGER NOT NULL CHECK (value >= 0),
    source    TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    PRIMARY KEY (send, metric, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX observations_at ON observations (at);

CREATE TABLE ledger (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 200),
    at       TEXT NOT NULL CHECK (length(at) = 27),
    kind     TEXT NOT NULL,
    output   TEXT REFERENCES outputs (id),
    task     TEXT NOT NULL,
    campaign TEXT NOT NULL,
    week     TEXT NOT NULL CHECK (length(week) = 8),
    reserved INTEGER NOT NULL,
    spent    INTEGER NOT NULL CHECK (spent >= 0),
    note     TEXT NOT NULL,
    CHECK (kind = 'reserve' AND reserved > 0 AND spent = 0
        OR kind = 'release' AND reserved < 0 AND spent = 0
        OR kind = 'commit'  AND reserved <= 0
        OR kind = 'charge'  AND reserved = 0)
) STRICT;
CREATE INDEX ledger_week ON ledger (week, task, kind, reserved, spent);
CREATE INDEX ledger_campaign ON ledger (campaign, kind, reserved, spent) WHERE campaign <> '';
CREATE INDEX ledger_output ON ledger (output) WHERE output IS NOT NULL;

CREATE TABLE events (
    seq     INTEGER PRIMARY KEY CHECK (seq > 0),
    at      TEXT NOT NULL CHECK (length(at) = 27),
    actor   TEXT NOT NULL,
    surface TEXT NOT NULL,
    action  TEXT NOT NULL CHECK (action <> ''),
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    prev    TEXT NOT NULL,
    hash    TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- The outbox holds what is unsent, at most one notice of a kind and subject; a notice that was sent leaves it.
CREATE TABLE notices (
    kind       TEXT NOT NULL CHECK (kind <> ''),
    subject    TEXT NOT NULL,
    id         TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 200), -- of the newest notice that was merged into it
    due        TEXT NOT NULL CHECK (length(due) = 27),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    last_error TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_due ON notices (due, id);

CREATE TABLE cards (
    channel   TEXT NOT NULL,
    ts        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    version   TEXT NOT NULL,
    posted_at TEXT NOT NULL CHECK (length(posted_at) = 27),
    PRIMARY KEY (channel, ts)
) STRICT;
CREATE INDEX cards_subject ON cards (kind, subject, posted_at);

CREATE TABLE deliveries (
    dedupe_key TEXT PRIMARY KEY CHECK (length(dedupe_key) BETWEEN 1 AND 500),
    kind       TEXT NOT NULL,
    payload    BLOB,
    at         TEXT NOT NULL CHECK (length(at) = 27),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    done_at    TEXT CHECK (length(done_at) = 27),
    why        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX deliveries_pending ON deliveries (at) WHERE done_at IS NULL;
CREATE INDEX deliveries_done ON deliveries (at) WHERE done_at IS NOT NULL;
